"""What the stand-in accepted: an append-only log on disk and an index over it in memory."""

import json
import os
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

TO_PATIENT = "to_patient"
FROM_PATIENT = "from_patient"
LOG_NAME = "stand_in.jsonl"
PREVIEW_LETTERS = 80


@dataclass(slots=True)
class Entry:
    """One message in the index. A mail's text and HTML stay on disk until somebody looks."""

    id: str
    kind: str
    direction: str
    address: str
    ours: str
    reference: str
    text: str
    at: datetime
    status_url: str
    status: str
    error_code: str
    segments: int
    offset: int
    length: int


class Ledger:
    """The log and its index. Any thread may call anything; a written line survives kill -9."""

    def __init__(self, folder: Path, *, now: Callable[[], datetime]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._now = now
        self._lock = threading.RLock()
        self._file = os.open(folder / LOG_NAME, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        self._end = 0
        self._forget()
        self._read_again(folder / LOG_NAME)

    def close(self) -> None:
        """Close the log; the ledger is of no use afterwards."""
        os.close(self._file)

    def add(self, message: dict[str, Any]) -> Entry:
        """Write one message and index it. It is on its way to the disk when this returns."""
        with self._lock:
            record = {"record": "message", "at": self._now().astimezone(UTC).isoformat(), **message}
            return self._index(record, *self._write(record))

    def set_status(self, entry: Entry, *, status: str, error_code: str = "") -> None:
        """Note the news about a message."""
        with self._lock:
            entry.status, entry.error_code = status, error_code
            news = {"record": "status", "id": entry.id, "status": status, "error_code": error_code}
            self._write(news)

    def reset(self) -> None:
        """Forget everything; the log keeps it, behind a line that says so."""
        with self._lock:
            self._write({"record": "reset"})
            self._forget()

    def get(self, message_id: str) -> Entry | None:
        """Return one message by the id that the stand-in gave it."""
        return self._by_id.get(message_id)

    def messages(self, *, address: str = "", limit: int = 0) -> list[Entry]:
        """Return messages to and from one address, or all, oldest first; the last `limit`."""
        with self._lock:
            found = self._by_address.get(address, []) if address else self._all
            return found[-limit:] if limit else list(found)

    def threads(self) -> list[list[Entry]]:
        """Return the messages of each address, the address with the latest news first."""
        with self._lock:
            threads = [list(thread) for thread in self._by_address.values()]
        return sorted(threads, key=lambda thread: thread[-1].at, reverse=True)

    def counts(self) -> dict[str, int]:
        """Return how many were accepted of each kind, and how many more than once."""
        with self._lock:
            kinds = dict(self._accepted)
            doubles = sum(self._doubles(refs) for refs in self._references.values())
        return {**kinds, "by_reference_doubles": doubles}

    def references(self) -> dict[str, dict[str, int]]:
        """Return how often each reference was accepted, by kind."""
        with self._lock:
            return {kind: dict(refs) for kind, refs in self._references.items()}

    def shown(self, entry: Entry) -> dict[str, Any]:
        """Return a message in full, as the control pages show it."""
        record = json.loads(os.pread(self._file, entry.length, entry.offset))
        record.pop("record")
        return {**record, "status": entry.status, "error_code": entry.error_code}

    @staticmethod
    def _doubles(references: Counter[str]) -> int:
        return sum(times - 1 for reference, times in references.items() if reference)

    def _forget(self) -> None:
        self._all: list[Entry] = []
        self._by_id: dict[str, Entry] = {}
        self._by_address: dict[str, list[Entry]] = {}
        self._references: dict[str, Counter[str]] = {"sms": Counter(), "email": Counter()}
        self._accepted = {"sms": 0, "email": 0}

    def _write(self, record: dict[str, Any]) -> tuple[int, int]:
        line = json.dumps(record, separators=(",", ":")).encode() + b"\n"
        offset, self._end = self._end, self._end + len(line)
        os.write(self._file, line)
        return offset, len(line)

    def _index(self, record: dict[str, Any], offset: int, length: int) -> Entry:
        mail = record["kind"] == "email"
        entry = Entry(
            id=record["id"],
            kind=record["kind"],
            direction=record["direction"],
            address=record["address"],
            ours=record["from"] if record["direction"] == TO_PATIENT else record["to"],
            reference=record.get("reference", ""),
            text=record.get("subject", "") if mail else record["text"],
            at=datetime.fromisoformat(record["at"]),
            status_url=record.get("status_url", ""),
            status=record.get("status", ""),
            error_code="",
            segments=record.get("segments", 0),
            offset=offset,
            length=length,
        )
        self._all.append(entry)
        self._by_id[entry.id] = entry
        self._by_address.setdefault(entry.address, []).append(entry)
        if entry.direction == TO_PATIENT:
            self._accepted[entry.kind] += 1
            # a mail that holds several messages names the reference of each
            self._references[entry.kind].update(entry.reference.split(", "))
        return entry

    def _read_again(self, path: Path) -> None:
        with path.open("rb") as log:
            for line in log:
                self._take_in(line)
                self._end += len(line)
        if self._end and os.pread(self._file, 1, self._end - 1) != b"\n":
            self._end += os.write(self._file, b"\n")

    def _take_in(self, line: bytes) -> None:
        try:
            record = json.loads(line)
        except ValueError:
            return  # the line that a kill cut short; nobody was told that it was accepted
        if record["record"] == "message":
            self._index(record, self._end, len(line))
        elif record["record"] == "reset":
            self._forget()
        elif (entry := self._by_id.get(record["id"])) is not None:
            entry.status, entry.error_code = record["status"], record["error_code"]


def thread_line(thread: Iterable[Entry]) -> dict[str, object]:
    """Return the one line that stands for all messages of one address."""
    messages = list(thread)
    last = messages[-1]
    return {
        "address": last.address,
        "kind": last.kind,
        "count": len(messages),
        "last_at": last.at.isoformat(),
        "last_text": last.text[:PREVIEW_LETTERS],
    }
