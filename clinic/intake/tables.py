"""What every kind of table gives: cells of text with their line, or a reason to refuse the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

MOST_BYTES = 10 * 1024 * 1024
MOST_ROWS = 50_000
MOST_COLUMNS = 100


class FileRefused(Exception):
    """The file cannot be read as a table of patients: `what` is wrong, `hint` says what to do.

    Nothing was kept from it. `lines` are the lines that show it, where there are any.
    """

    def __init__(
        self, code: str, what: str, hint: str = "", *, lines: tuple[int, ...] = ()
    ) -> None:
        super().__init__(f"{what} {hint}".strip())
        self.code = code
        self.what = what
        self.hint = hint
        self.lines = lines


@dataclass(frozen=True, slots=True)
class Cells:
    """One record of a table. `line` is where it starts: a quoted cell may go over several lines.

    `unreadable` holds, by place, why a cell has no text of its own (a formula, an error).
    """

    line: int
    texts: tuple[str, ...]
    unreadable: Mapping[int, tuple[str, str]] = field(default_factory=dict)

    @property
    def is_blank(self) -> bool:
        return not self.unreadable and not any(text.strip() for text in self.texts)


def without_empty_end(texts: list[str]) -> tuple[str, ...]:
    """Drop the empty cells after the last full one: spreadsheets add them by the thousand."""
    end = len(texts)
    while end and not texts[end - 1].strip():
        end -= 1
    return tuple(texts[:end])
