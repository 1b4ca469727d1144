"""One month on paper: A4, the figures and charts of the page, and nobody's name."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from clinic.models import Clinic
from reminders.patient_page.letters import FAMILY, LetteredPages
from reminders.rules import week_bars as drawing
from reminders.staff.numbers.charts import Chart
from reminders.staff.numbers.shown import Card, Numbers

INK, QUIET, LINE = (26, 36, 44), (92, 104, 114), (205, 212, 218)
# The parts of a bar, so that they differ in grey too: dark, light, white with an outline.
FILLS = ((16, 104, 122), (168, 208, 216), (255, 255, 255))
MARGIN, WIDTH = 16.0, 178.0  # of an A4 page, in mm
CHART_MM, CHART_HIGH_MM = 86.0, 30.0


class _Paper(LetteredPages):
    """A page with the clinic's name at its foot."""

    def __init__(self, foot: str) -> None:
        super().__init__()
        self.set_text_shaping(use_shaping_engine=True)  # joins and orders Arabic in any line
        self._foot = foot
        self.set_margins(MARGIN, MARGIN)
        self.set_auto_page_break(auto=True, margin=18)

    def footer(self) -> None:
        self.set_y(-13)
        self.say(self._foot, size=7.5, colour=QUIET)

    def say(
        self,
        text: str,
        *,
        size: float,
        colour: tuple[int, int, int] = INK,
        style: str = "",
        wide: float = 0,
        high: float | None = None,
    ) -> None:
        self.set_font(FAMILY, style="B" if style == "B" else "", size=size)
        self.set_text_color(*colour)
        line = high or size * 0.46
        self.multi_cell(wide, line, text, align="L", new_x="LMARGIN", new_y="NEXT")


def month_paper(clinic: Clinic, numbers: Numbers, *, now: datetime) -> bytes:
    """Return the paper as a PDF file, in the language that is spoken just now."""
    month = date_format(numbers.period.first, "F Y")
    made = date_format(timezone.localtime(now, clinic.tz), "j F Y, H:i")
    paper = _Paper(_("{clinic}. Aftercare, made on {moment}.").format(
        clinic=clinic.name, moment=made))  # fmt: skip
    paper.set_title(f"{clinic.name}, {month}")
    paper.set_creation_date(now)
    try:
        _write(paper, clinic, numbers, month=month)
        return bytes(paper.output())
    finally:
        paper.let_go()


def _write(paper: _Paper, clinic: Clinic, numbers: Numbers, *, month: str) -> None:
    paper.add_page()
    paper.say(clinic.name, size=10, colour=QUIET)
    paper.say(month.capitalize(), size=20, style="B")
    if (numbers.period.last - numbers.period.first).days < 27:
        until = date_format(numbers.period.last, "j F Y")
        paper.say(_("Up to {day}.").format(day=until), size=10, colour=QUIET)
    paper.ln(3)
    _cards(paper, numbers.cards)
    _charts(paper, numbers.charts)
    _tables(paper, numbers)
    _meanings(paper, numbers.cards)


def _cards(paper: _Paper, cards: Iterable[Card]) -> None:
    """Four in a row: name, number, and what it is a part of."""
    listed, wide = list(cards), WIDTH / 4
    for start in range(0, len(listed), 4):
        top = paper.get_y()
        lowest = top
        for place, card in enumerate(listed[start : start + 4]):
            paper.set_left_margin(MARGIN + wide * place)
            paper.set_xy(MARGIN + wide * place, top)
            paper.say(card.name, size=8.5, colour=QUIET, wide=wide - 3)
            paper.say(card.value, size=15, style="B", wide=wide - 3)
            paper.say(card.beside, size=7.5, colour=QUIET, wide=wide - 3)
            lowest = max(lowest, paper.get_y())
        paper.set_left_margin(MARGIN)
        paper.set_xy(MARGIN, lowest + 4)


def _charts(paper: _Paper, charts: Iterable[Chart]) -> None:
    """Two in a row, each with its names under it."""
    listed = list(charts)
    for start in range(0, len(listed), 2):
        top = paper.get_y()
        for place, chart in enumerate(listed[start : start + 2]):
            _chart(paper, chart, left=MARGIN + place * (WIDTH - CHART_MM), top=top)
        paper.set_xy(MARGIN, top + CHART_HIGH_MM + 10)


def _chart(paper: _Paper, chart: Chart, *, left: float, top: float) -> None:
    paper.set_xy(left, top)
    paper.set_font(FAMILY, style="B", size=9)
    paper.set_text_color(*INK)
    paper.cell(CHART_MM, 5, chart.title)
    x_scale, y_scale = CHART_MM / drawing.WIDTH, CHART_HIGH_MM / drawing.HEIGHT
    base = top + 6
    paper.set_font(FAMILY, size=6.5)
    paper.set_text_color(*QUIET)
    paper.set_draw_color(*LINE)
    for tick in chart.bars.ticks:
        y = base + float(tick.y) * y_scale
        paper.line(left + drawing.LEFT * x_scale, y, left + drawing.RIGHT * x_scale, y)
        paper.set_xy(left, y - 1.5)
        paper.cell(drawing.LEFT * x_scale - 1, 3, tick.words, align="R")
    for bar in chart.bars.bars:
        for part in bar.parts:
            paper.set_fill_color(*FILLS[part.place % len(FILLS)])
            paper.set_draw_color(*FILLS[0])
            paper.rect(
                left + float(bar.x) * x_scale,
                base + float(part.y) * y_scale,
                float(bar.width) * x_scale,
                float(part.height) * y_scale,
                style="DF",
            )
        if bar.label:
            paper.set_xy(left + float(bar.middle) * x_scale - 8, base + 25)
            paper.cell(16, 3, date_format(bar.label, "j M"), align="C")
    _key(paper, chart, left=left + drawing.LEFT * x_scale, top=base + CHART_HIGH_MM - 1)


def _key(paper: _Paper, chart: Chart, *, left: float, top: float) -> None:
    for place, name in enumerate(chart.names):
        paper.set_fill_color(*FILLS[place % len(FILLS)])
        paper.set_draw_color(*FILLS[0])
        paper.rect(left, top + 0.6, 2.2, 2.2, style="DF")
        paper.set_xy(left + 3, top)
        wide = paper.get_string_width(name) + 4
        paper.cell(wide, 3.4, name)
        left += wide + 4


def _tables(paper: _Paper, numbers: Numbers) -> None:
    if numbers.pathways:
        heads = (_("Pathway"), _("Sent"), _("Delivered"), _("Answered"), _("Followed by a call"))
        rows = [
            (row.name, str(row.sums["sent"]), row.delivered, row.answered, row.followed)
            for row in numbers.pathways
        ]
        _table(paper, _("By pathway"), heads, rows)
    if numbers.messages:
        heads = (_("Message"), _("Followed"), _("Of"), _("Share"), "")
        listed = [
            (row.intent, str(row.share.part), str(row.share.whole),
             row.said if row.share.percent is not None else "", "")
            for row in numbers.messages
        ]  # fmt: skip
        _table(paper, _("After which messages patients turn to the clinic"), heads, listed)


def _table(
    paper: _Paper, title: str, heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]
) -> None:
    paper.say(title, size=10, style="B", high=6)
    widths = (WIDTH - 3 * 24.0 - 34.0, 24.0, 24.0, 24.0, 34.0)
    for place, row in enumerate((heads, *rows)):
        paper.set_font(FAMILY, style="B" if place == 0 else "", size=8)
        paper.set_text_color(*(QUIET if place == 0 else INK))
        paper.set_draw_color(*LINE)
        for wide, text in zip(widths, row, strict=True):
            paper.cell(wide, 5, _fitted(paper, text, wide=wide), border="B" if text or wide else 0)
        paper.ln()
    paper.ln(4)


def _fitted(paper: _Paper, text: str, *, wide: float) -> str:
    """Return the text, cut where it would run into the next column."""
    while paper.get_string_width(text) > wide - 2:
        text = text.removesuffix("…")[:-1] + "…"
    return text


def _meanings(paper: _Paper, cards: Iterable[Card]) -> None:
    paper.say(_("What the numbers mean"), size=10, style="B", high=6)
    for card in cards:
        paper.say(f"{card.name}: {card.meaning}", size=6.8, colour=QUIET)
        paper.ln(0.5)
