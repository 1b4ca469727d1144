"""A progress bar for a terminal; silent everywhere else."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import TextIO, TypeVar

Item = TypeVar("Item")

_WIDTH = 30
_SECONDS_BETWEEN = 0.1


def with_progress(items: Iterable[Item], *, total: int, stream: TextIO) -> Iterator[Item]:
    """Give `items` on, drawing how many of `total` have passed on `stream` if it is a terminal."""
    if not stream.isatty():
        yield from items
        return
    drawn_at = 0.0
    for count, item in enumerate(items, start=1):
        if time.monotonic() - drawn_at > _SECONDS_BETWEEN:
            stream.write("\r" + bar(count, total=total))
            stream.flush()
            drawn_at = time.monotonic()
        yield item
    stream.write("\r" + bar(total, total=total) + "\n")


def bar(count: int, *, total: int) -> str:
    """Return one line such as [#####.....] 500 of 1,000 rows."""
    part = min(count / total, 1) if total else 1
    full = round(part * _WIDTH)
    return f"[{'#' * full}{'.' * (_WIDTH - full)}] {min(count, total):,} of {total:,} rows"
