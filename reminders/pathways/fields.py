"""A mapping read from YAML → typed values, each complaint naming file, place and what to do."""

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Any, TypeVar

Word = TypeVar("Word", bound=StrEnum)
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_REQUIRED: Any = object()


class ContentError(Exception):
    """A content file says something that cannot be used; names file, place and what to do."""

    def __init__(self, file: str, *, place: str, problem: str) -> None:
        super().__init__(f"{file}, {place}: {problem}")
        self.file, self.place, self.problem = file, place, problem


class Fields:
    """The fields of one place in one file. Read each once, then call `refuse_the_rest`."""

    def __init__(self, data: object, *, file: str, place: str) -> None:
        self.file, self.place = file, place
        if not isinstance(data, dict):
            raise self.wrong("must be `name: value` lines.")
        self._left: dict[str, Any] = {str(name): value for name, value in data.items()}

    def wrong(self, problem: str) -> ContentError:
        return ContentError(self.file, place=self.place, problem=problem)

    def refuse_the_rest(self) -> None:
        """Raise ContentError if a field was not asked for: a misspelt name is never ignored."""
        if self._left:
            names = ", ".join(sorted(self._left))
            raise self.wrong(f"unknown field {names}; correct the name or take it out.")

    def has(self, name: str) -> bool:
        return name in self._left

    def raw(self, name: str, *, default: Any = _REQUIRED) -> Any:
        value = self._left.pop(name, default)
        if value is _REQUIRED:
            raise self.wrong(f'"{name}" is missing; add it.')
        return value

    def text(self, name: str, *, default: str = _REQUIRED) -> str:
        if not self.has(name) and default is not _REQUIRED:
            return default
        value = self.raw(name)
        if not isinstance(value, str) or not value.strip():
            raise self.wrong(f'"{name}" must be text; write it in quotes.')
        return value.strip()

    def name(self, name: str, *, default: str = _REQUIRED) -> str:
        """A key: small letters, digits and underscores, as in d3_checkin."""
        value = self.text(name, default=default)
        if value != default and not _NAME.fullmatch(value):
            raise self.wrong(f'"{name}" is "{value}": use a-z, 0-9 and _ only.')
        return value

    def number(self, name: str, *, low: int, high: int) -> int:
        value = self.raw(name)
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise self.wrong(f'"{name}" is {value!r}: write a whole number, {low} to {high}.')
        return value

    def optional_number(self, name: str, *, low: int, high: int) -> int | None:
        return self.number(name, low=low, high=high) if self.has(name) else None

    def flag(self, name: str, *, default: bool) -> bool:
        value = self.raw(name, default=default)
        if not isinstance(value, bool):
            raise self.wrong(f'"{name}" is {value!r}: write true or false.')
        return value

    def choice(self, name: str, *, among: type[Word], default: Word | None = None) -> Word:
        value = self.raw(name, default=default if default is not None else _REQUIRED)
        return self._one_of(value, name=name, among=among)

    def choices(
        self, name: str, *, among: type[Word], default: Iterable[Word] = ()
    ) -> tuple[Word, ...]:
        values = self.raw(name, default=list(default))
        return tuple(
            self._one_of(value, name=name, among=among) for value in self._list(values, name=name)
        )

    def names(self, name: str) -> tuple[str, ...]:
        """A list of keys, in order; empty when the field is absent. No key twice."""
        values = self._list(self.raw(name, default=[]), name=name)
        for value in values:
            if not isinstance(value, str) or not _NAME.fullmatch(value):
                raise self.wrong(f'"{name}" holds {value!r}: use a-z, 0-9 and _ only.')
        return self._each_once(values, name=name)

    def texts(self, name: str) -> tuple[str, ...]:
        values = self._list(self.raw(name, default=[]), name=name)
        if not all(isinstance(value, str) and value for value in values):
            raise self.wrong(f'"{name}" must be a list of words.')
        return self._each_once(values, name=name)

    def numbers(self, name: str) -> tuple[int, ...]:
        values = self._list(self.raw(name, default=[]), name=name)
        if not all(isinstance(value, int) and not isinstance(value, bool) for value in values):
            raise self.wrong(f'"{name}" must be a list of whole numbers.')
        if values != sorted(set(values)):
            raise self.wrong(f'"{name}" must go up, each day once.')
        return tuple(values)

    def groups(self, name: str) -> tuple[tuple[str, ...], ...]:
        """A list of lists of facts: each list must hold, any fact of a list is enough."""
        values = self._list(self.raw(name, default=[]), name=name)
        inner = [Fields({name: value}, file=self.file, place=self.place) for value in values]
        groups = tuple(fields.names(name) for fields in inner)
        if not all(groups):
            raise self.wrong(f'"{name}" holds an empty list; take it out.')
        return groups

    def _list(self, value: Any, *, name: str) -> list[Any]:
        if not isinstance(value, list):
            raise self.wrong(f'"{name}" must be a list, as in [one, two].')
        return value

    def _each_once(self, values: list[str], *, name: str) -> tuple[str, ...]:
        if len(set(values)) != len(values):
            raise self.wrong(f'"{name}" names something twice; keep one.')
        return tuple(values)

    def _one_of(self, value: Any, *, name: str, among: type[Word]) -> Word:
        try:
            return among(value)
        except ValueError:
            known = ", ".join(word.value for word in among)
            raise self.wrong(f'"{name}" is {value!r}: write one of {known}.') from None
