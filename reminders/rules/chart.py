"""Some lines of numbers over days → where everything stands in a small drawing.

The drawing is SVG that the server writes: no script. All places are texts, ready to be written
down, because a language that writes 12,5 must not move a point. Lines differ by their dashes and
marks and not by colour alone; a table beside the drawing says the same (WCAG 1.1.1, 1.4.1).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 340.0, 190.0
LEFT, RIGHT, TOP, BOTTOM = 34.0, 326.0, 12.0, 150.0
FEWEST_DAYS = 7
MOST_MARKS = 5
# One for each line, in their order; more lines than these begin again.
DASHES = ("", "7 4", "2 3", "9 3 2 3")
SHAPES = ("circle", "square", "diamond", "triangle")
SIZE = 4.0
DAY_STEPS = (1, 2, 5, 7, 14, 28, 60, 90)
TOPS = (10, 30, 60, 120, 240, 480, 600)


@dataclass(frozen=True, slots=True)
class Series:
    """One line: its name, and a number for some days after the operation."""

    name: str
    points: tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A number as it is drawn: a circle at (x, y), or a shape whose corners are `corners`."""

    x: str
    y: str
    corners: str
    words: str


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    place: int
    dash: str
    path: str
    marks: tuple[Mark, ...]
    sample: Mark  # for the legend


@dataclass(frozen=True, slots=True)
class Tick:
    at: str
    words: str


@dataclass(frozen=True, slots=True)
class Chart:
    title: str
    below: str  # what the days are counted from
    lines: tuple[Line, ...]
    days: tuple[Tick, ...]
    numbers: tuple[Tick, ...]


def chart(title: str, series: Iterable[Series], *, below: str, top: float | None = None) -> Chart:
    """Return the drawing of these lines from 0 to `top`, or to the next round number above all.

    Two numbers of one day are both drawn. Without any number there are axes and no lines.
    """
    drawn = [one for one in series if one.points]
    days = [day for one in drawn for day, _ in one.points] or [0]
    first, last = min(days), max(*days, min(days) + FEWEST_DAYS)
    highest = top or _round_above(max((n for one in drawn for _, n in one.points), default=0.0))
    plot = _Plot(first, last, highest)
    return Chart(
        title=title,
        below=below,
        lines=tuple(_line(one, place=place, plot=plot) for place, one in enumerate(drawn)),
        days=tuple(Tick(_at(plot.x(day)), str(day)) for day in _marked_days(first, last)),
        numbers=tuple(Tick(_at(plot.y(n)), f"{n:g}") for n in (0, highest / 2, highest)),
    )


@dataclass(frozen=True, slots=True)
class _Plot:
    first: int
    last: int
    highest: float

    def x(self, day: float) -> float:
        return LEFT + (RIGHT - LEFT) * (day - self.first) / (self.last - self.first)

    def y(self, number: float) -> float:
        return BOTTOM - (BOTTOM - TOP) * min(number, self.highest) / self.highest


def _line(series: Series, *, place: int, plot: _Plot) -> Line:
    points = sorted(series.points, key=lambda point: point[0])
    places = [(plot.x(day), plot.y(number)) for day, number in points]
    shape = SHAPES[place % len(SHAPES)]
    return Line(
        name=series.name,
        place=place % len(SHAPES),
        dash=DASHES[place % len(DASHES)],
        path=" ".join(f"{_at(x)},{_at(y)}" for x, y in places),
        marks=tuple(
            _mark(x, y, shape=shape, words=f"{number:g}")
            for (x, y), (_, number) in zip(places, points, strict=True)
        ),
        sample=_mark(SIZE * 4, SIZE * 2, shape=shape, words=""),
    )


def _mark(x: float, y: float, *, shape: str, words: str) -> Mark:
    s = SIZE
    corners: dict[str, Sequence[tuple[float, float]]] = {
        "circle": (),
        "square": ((-s, -s), (s, -s), (s, s), (-s, s)),
        "diamond": ((0, -1.4 * s), (1.4 * s, 0), (0, 1.4 * s), (-1.4 * s, 0)),
        "triangle": ((0, -1.2 * s), (1.2 * s, s), (-1.2 * s, s)),
    }
    path = " ".join(f"{_at(x + dx)},{_at(y + dy)}" for dx, dy in corners[shape])
    return Mark(_at(x), _at(y), path, words)


def _marked_days(first: int, last: int) -> list[int]:
    """At most MOST_MARKS days, evenly apart; the day of the operation is one where it is shown."""
    step = next((s for s in DAY_STEPS if (last - first) // s < MOST_MARKS), DAY_STEPS[-1])
    while (last - first) // step >= MOST_MARKS:
        step *= 2
    return list(range(-(-first // step) * step, last + 1, step))


def _round_above(number: float) -> float:
    return float(next((top for top in TOPS if top >= number), number))


def _at(place: float) -> str:
    return f"{place:.1f}"
