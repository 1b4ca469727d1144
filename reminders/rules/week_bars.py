"""Some numbers for each week → bars in a small drawing, one upon the other.

The drawing is SVG that the server writes: no script. Places are texts, ready to be written down,
because a language that writes 12,5 must not move a bar. Parts of a bar differ by fill and outline
and not by colour alone; a table beside the drawing says the same (WCAG 1.1.1, 1.4.1).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

WIDTH, HEIGHT = 640.0, 200.0
LEFT, RIGHT, TOP, BOTTOM = 44.0, 632.0, 14.0, 164.0
GAP = 0.28  # of a week's width, between two bars
MOST_LABELS = 9
WIDEST_BAR = 46.0


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a bar. `place` says which of the names it belongs to."""

    y: str
    height: str
    place: int


@dataclass(frozen=True, slots=True)
class Bar:
    x: str
    width: str
    middle: str
    parts: tuple[Part, ...]
    label: date | None  # the week that begins then; None where there is no room to say so


@dataclass(frozen=True, slots=True)
class Tick:
    y: str
    words: str


@dataclass(frozen=True, slots=True)
class Bars:
    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]

    @property
    def is_empty(self) -> bool:
        return not any(bar.parts for bar in self.bars)


def week_bars(weeks: Sequence[date], numbers: Sequence[Sequence[float]]) -> Bars:
    """Return the bars of these weeks. `numbers` has for each week one number for each name.

    The parts of a bar stand upon each other in the order of the names. All numbers are 0 or more.
    """
    top = round_above(max((sum(parts) for parts in numbers), default=0))
    wide = (RIGHT - LEFT) / max(len(weeks), 1)
    every = -(-len(weeks) // MOST_LABELS) or 1
    bars = tuple(
        _bar(
            parts,
            left=LEFT + wide * place,
            wide=wide,
            top=top,
            label=week if place % every == 0 else None,
        )
        for place, (week, parts) in enumerate(zip(weeks, numbers, strict=True))
    )
    ticks = tuple(Tick(_at(_y(n, top)), f"{n:g}") for n in (0, top / 2, top))
    return Bars(bars=bars, ticks=ticks)


def _bar(
    parts: Sequence[float], *, left: float, wide: float, top: float, label: date | None
) -> Bar:
    width = min(wide * (1 - GAP), WIDEST_BAR)
    middle = left + wide / 2
    drawn, below = [], 0.0
    for place, number in enumerate(parts):
        if number > 0:
            y = _y(below + number, top)
            drawn.append(Part(_at(y), _at(_y(below, top) - y), place))
        below += number
    return Bar(_at(middle - width / 2), _at(width), _at(middle), tuple(drawn), label)


def _y(number: float, top: float) -> float:
    return BOTTOM - (BOTTOM - TOP) * number / top


def round_above(number: float) -> float:
    """Return 1, 2, 4, 5 or 10 times a power of ten: the first that is not below the number."""
    power = 1.0
    while power * 10 < number:
        power *= 10
    return next(power * step for step in (1, 2, 4, 5, 10) if power * step >= number)


def _at(place: float) -> str:
    return f"{place:.1f}"
