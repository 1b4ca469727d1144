"""The two answers a value can get: a `Verdict` (this is stored) or `Rejected` (nothing is)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from django.core.exceptions import ValidationError

Value = TypeVar("Value")

_SHOWN_CHARACTERS = 40


@dataclass(frozen=True, slots=True)
class Verdict(Generic[Value]):
    """The value as it is to be stored.

    `fixes` says in whole sentences what was changed on the way; `warnings` what a person should
    look at before saving. Both are shown, neither stops anything.
    """

    value: Value
    fixes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


class Rejected(ValidationError):
    """The value cannot be stored: `what` is wrong and `hint` says what to do about it.

    A ValidationError, so models and forms show it beside the field. Never carries the whole value.
    """

    def __init__(self, code: str, what: str, hint: str = "") -> None:
        super().__init__(f"{what} {hint}".strip(), code=code)
        self.what = what
        self.hint = hint


def shown(text: str) -> str:
    """Return `text` fit for one line of a message: short, and with nothing invisible in it."""
    visible = "".join(
        c if c.isprintable() else f"\\u{ord(c):04x}" for c in text[:_SHOWN_CHARACTERS]
    )
    return visible + "…" if len(text) > _SHOWN_CHARACTERS else visible
