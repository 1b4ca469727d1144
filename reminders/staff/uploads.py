"""Files between their preview and their import: private, named by chance, gone after a day."""

import re
import secrets
import time
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from clinic.models import Staff

KEPT_SECONDS = 24 * 60 * 60
_TOKEN = re.compile(r"[0-9a-f]{32}")


def keep(chunks: Iterable[bytes], *, by: Staff, name: str) -> str:
    """Write a file that only this person can come back to; return its token.

    Files older than a day are removed on the way.
    """
    folder = _folder()
    _forget_old(folder)
    token = secrets.token_hex(16)
    path = folder / f"{by.pk}-{token}{_ending(name)}"
    path.touch(mode=0o600)
    with path.open("wb") as file:
        file.writelines(chunks)
    return token


def find(token: str, *, by: Staff) -> Path | None:
    """Return this person's file, or None when it is gone or somebody else's."""
    if not _TOKEN.fullmatch(token):
        return None
    return next(iter(sorted(_folder().glob(f"{by.pk}-{token}.*"))), None)


def forget(path: Path) -> None:
    """Remove the file. Twice is once."""
    path.unlink(missing_ok=True)


def _folder() -> Path:
    folder = Path(settings.BASE_DIR) / ".data" / "uploads"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _ending(name: str) -> str:
    return ".xlsx" if name.lower().endswith(".xlsx") else ".csv"


def _forget_old(folder: Path) -> None:
    # the machine's clock: this is about a file, not about a patient
    limit = time.time() - KEPT_SECONDS
    for path in folder.iterdir():
        if path.is_file() and path.stat().st_mtime < limit:
            forget(path)
