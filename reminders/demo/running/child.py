"""One process of the demo: started, watched, started again, stopped."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from clinic.embedded import dies_with_parent

POLL_SECONDS = 0.05
STOP_SECONDS = 10.0
YOUNG_SECONDS = 30.0
LONGEST_PAUSE_SECONDS = 30.0
LONGEST_LINE = 240


class DidNotStart(Exception):
    """A process of the demo ended or stayed silent at start; the message holds its last words."""


@dataclass(slots=True)
class Child:
    """A process with a log of its own. `is_ready` looks from outside whether it does its work.

    It leads a session of its own: Ctrl-C in the terminal reaches the demo, which stops its
    children in order, and whatever a dead child leaves behind is ended with its group.
    """

    name: str
    command: list[str]
    environment: dict[str, str]
    log: Path
    is_ready: Callable[[Child], bool] = lambda child: True
    killed_parent_signal: signal.Signals = signal.SIGTERM
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    young_deaths: int = 0
    start_again_at: float = 0.0

    def start(self, *, now: float) -> None:
        """Start it; what an earlier one left behind is ended first. `now` is monotonic."""
        self._end_group()
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                self.command,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=dies_with_parent(self.killed_parent_signal),
            )
        self.started_at = now

    def wait_until_ready(self, *, seconds: float) -> None:
        """Return when it does its work; raise DidNotStart if it ended or takes too long."""
        give_up = time.monotonic() + seconds
        while not self.is_ready(self):
            if self.exit_code is not None or time.monotonic() > give_up:
                raise DidNotStart(f"The {self.name} did not start. It said:\n{self.last_words()}")
            time.sleep(POLL_SECONDS)

    @property
    def exit_code(self) -> int | None:
        return self.process.poll() if self.process else None

    def last_words(self, *, lines: int = 12) -> str:
        """Return the end of its log; of a long line the end too, where the error is."""
        said = self.log.read_text(errors="replace") if self.log.exists() else ""
        return "\n".join(f"    {_shortened(line)}" for line in said.splitlines()[-lines:])

    def said(self, words: str) -> bool:
        return words in self.log.read_text(errors="replace")

    def watch(self, *, now: float, say: Callable[[str], None]) -> None:
        """Start it again if it has died, after a pause that doubles while it keeps dying young.

        Says so once for each death. `now` is monotonic; call it as often as you like.
        """
        if self.process and self.exit_code is not None:
            self._bury(now=now, say=say)
        if self.process is None and now >= self.start_again_at:
            self.start(now=now)

    def _bury(self, *, now: float, say: Callable[[str], None]) -> None:
        young = now - self.started_at < YOUNG_SECONDS
        self.young_deaths = self.young_deaths + 1 if young else 0
        pause = min(2.0**self.young_deaths, LONGEST_PAUSE_SECONDS) if young else 0.0
        when = f"in {pause:.0f} s" if pause else "now"
        say(f"The {self.name} ended ({self._reason()}) and is started again {when}.")
        say(f"{self.last_words(lines=4)}\n    Its log: {self.log}")
        self._end_group()
        self.process, self.start_again_at = None, now + pause

    def _reason(self) -> str:
        code = self.exit_code or 0
        return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"

    def ask_to_stop(self) -> None:
        if self.process and self.exit_code is None:
            self.process.terminate()

    def stop(self) -> None:
        """End it in order, or by force after STOP_SECONDS; nothing of its group is left."""
        self.ask_to_stop()
        if self.process:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(STOP_SECONDS)
        self._end_group()

    def _end_group(self) -> None:
        if self.process:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def _shortened(line: str) -> str:
    half = LONGEST_LINE // 2
    return line if len(line) <= LONGEST_LINE else f"{line[:half]} … {line[-half:]}"
