"""Who runs the servers, and in which folder.

PostgreSQL refuses to run as root, so as root we step down to a user that exists already. That
user has to own its data and to walk to it; folders that we did not make are never touched, so
where the way is barred (a clone in /root) the data lives in /var/tmp behind a link.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pwd
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

_OPEN_TO_ALL = "/var/tmp"  # noqa: S108 - only ever a fresh mkdtemp inside it
_PREFIX = "aftercare-servers-"


class NoServer(Exception):
    """A server cannot be had or does not start; the message tells a person what to do."""


def servant() -> pwd.struct_passwd | None:
    """Return whom the servers run as when we are root, else None."""
    if os.geteuid() != 0:
        return None
    users = {user.pw_name: user for user in pwd.getpwall() if user.pw_uid != 0}
    for name in ("nobody", "daemon", *users):
        if name in users:
            return users[name]
    raise NoServer("PostgreSQL does not run as root, and this machine has no other user.")


def can_enter(path: Path, user: pwd.struct_passwd | None) -> bool:
    """Say whether `user` may walk into `path` through every folder above it."""
    place = path.resolve()
    return user is None or all(_may_pass(step, user) for step in (place, *place.parents))


def _may_pass(path: Path, user: pwd.struct_passwd) -> bool:
    status = path.stat()
    if status.st_uid == user.pw_uid:
        return bool(status.st_mode & 0o100)
    return bool(status.st_mode & (0o010 if status.st_gid == user.pw_gid else 0o001))


def give(path: Path, user: pwd.struct_passwd | None) -> None:
    """Hand a tree that we made to the servant."""
    if user is None:
        return
    os.chown(path, user.pw_uid, user.pw_gid, follow_symlinks=False)
    if path.is_dir() and not path.is_symlink():
        for below in path.iterdir():
            give(below, user)


@contextlib.contextmanager
def home_for_servers(folder: Path | None) -> Iterator[Path]:
    """Yield a folder that the servers own, and keep every other Aftercare out of it.

    `folder` is kept; None stands for a temporary one, removed at the end (those that a killed
    process left behind are removed on the way). Raises NoServer while the folder is in use.
    """
    if folder is None:
        _remove_abandoned()
    place = folder or Path(tempfile.mkdtemp(prefix=_PREFIX))
    place.mkdir(parents=True, exist_ok=True)
    if folder is None:
        place.chmod(0o711)  # made here; the servant has to walk through it
    with (place / "lock").open("a") as lock:
        if not _lock(lock):
            raise NoServer(f"Another Aftercare is using {place}. Stop it first.")
        try:
            yield _servers_folder(place)
        finally:
            if folder is None:
                remove_home(place)


def remove_home(place: Path) -> None:
    """Delete a home, and the servers' folder if it had to live elsewhere."""
    servers = place / "servers"
    if servers.is_symlink():
        shutil.rmtree(servers.resolve(), ignore_errors=True)
    if place.exists():
        shutil.rmtree(place)


def is_in_use(place: Path) -> bool:
    """Say whether an Aftercare that is running holds this home."""
    with contextlib.suppress(FileNotFoundError), (place / "lock").open("r+") as lock:
        return not _lock(lock)
    return False


def _remove_abandoned() -> None:
    for place in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError), (place / "lock").open("r+") as lock:
            if _lock(lock):
                remove_home(place)


def _lock(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _servers_folder(place: Path) -> Path:
    user, folder = servant(), place / "servers"
    if not folder.exists():
        folder.unlink(missing_ok=True)  # a link whose target has gone
        if can_enter(place, user):
            folder.mkdir(mode=0o700)
        else:
            folder.symlink_to(tempfile.mkdtemp(prefix=_PREFIX, dir=_OPEN_TO_ALL))
    if user is None and folder.stat().st_uid != os.geteuid():
        raise NoServer(f"{folder} was made by another user. Start as that user, or delete it.")
    give(folder.resolve(), user)
    return folder.resolve()
