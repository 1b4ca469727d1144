"""A page of paper that knows what a patient's paper is made of: headings, numbers, lists, limits.

Each line is in its own language and direction. `said` keeps what was written, in order.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from fpdf import FPDF

from reminders.patient_page.letters import FAMILY, LetteredPages
from reminders.rules.language import direction
from reminders.rules.telephones import END_OF_DIRECTION, LEFT_TO_RIGHT, NO_BREAK_SPACE

MARGIN_MM, FOOT_MM, INDENT_MM = 17.0, 16.0, 5.0
BODY_PT, SMALL_PT, HEADING_PT, TITLE_PT = 10.5, 9.0, 13.0, 20.0
LINE_HEIGHT = 1.45
MM_A_POINT = 25.4 / 72
INK, GREY, BLUE = (25, 31, 38), (88, 96, 105), (0, 70, 140)
Colour = tuple[int, int, int]
# Beside Arabic a number keeps its order between these, which every reader of PDFs draws as nothing.
LEFT_MARK = "\u200e"


class Sheet(LetteredPages):
    """A PDF of A4 or Letter pages in one language, with a foot on each."""

    def __init__(
        self, *, language: str, is_letter: bool, foot: str, page_of: str, pages: int
    ) -> None:
        super().__init__(is_letter=is_letter)
        self.language, self.foot, self.page_of, self.pages_in_all = language, foot, page_of, pages
        self.said: list[str] = []
        self.set_lang(language)
        self.set_margin(MARGIN_MM)
        self.set_auto_page_break(auto=True, margin=FOOT_MM + 4)

    def footer(self) -> None:
        """The clinic, the patient, the day and the page, below each page."""
        self.set_y(-FOOT_MM)
        page = self.page_of.format(page=self.page_no(), pages=self.pages_in_all)
        self._write(f"{self.foot} · {page}", size=8, colour=GREY, keep=False)

    def title_line(self, text: str) -> None:
        self._write(text, size=TITLE_PT, bold=True)
        self.ln(2)

    def heading(self, text: str) -> None:
        """A heading, on the next page where nothing would follow it on this one."""
        self.ln(4)
        if self.will_page_break(26):
            self.add_page()
        self._write(text, size=HEADING_PT, bold=True, colour=BLUE)
        y = self.get_y() + 0.8
        self.set_draw_color(*BLUE)
        self.line_of(y)
        self.ln(2.4)

    def line_of(self, y: float) -> None:
        FPDF.line(self, self.l_margin, y, self.w - self.r_margin, y)

    def fact(self, label: str, value: str) -> None:
        self._write(f"{label}: {value}")

    def number(self, label: str, number: str, *, colour: Colour | None = None) -> None:
        whole = f"{LEFT_TO_RIGHT}{number.replace(' ', NO_BREAK_SPACE)}{END_OF_DIRECTION}"
        self.ln(0.6)
        self._write(f"{label}: {whole}", bold=True, size=12, colour=colour or INK)

    def line(  # type: ignore[override]
        self, text: str, *, language: str = "", indent: bool = False
    ) -> None:
        self._write(text, language=language, indent=INDENT_MM if indent else 0)

    def strong(self, text: str, *, language: str = "", colour: Colour = INK) -> None:
        if self.will_page_break(14):
            self.add_page()
        self._write(text, language=language, bold=True, colour=colour)

    def small(self, text: str) -> None:
        self._write(text, size=SMALL_PT, colour=GREY)

    def item(self, text: str, *, language: str = "") -> None:
        self._write(f"• {text}", language=language, indent=2)

    def limit(self, title: str, when: str, rule: str, *, language: str) -> None:
        """One activity, its day in the language of the paper, and its rule in its own."""
        if self.will_page_break(14):
            self.add_page()
        self._write(f"{title}: {when}" if when else title, bold=True)
        if rule:
            self._write(rule, language=language, indent=INDENT_MM)
        self.ln(0.8)

    def coming(self, when: str, heading: str, *, language: str) -> None:
        self._write(f"• {when}: {heading}", indent=2)

    @contextmanager
    def barred(self, colour: Colour) -> Iterator[None]:
        """Draw a bar of this colour beside what is written inside, page by page."""
        first_page, top = self.page_no(), self.get_y()
        self._indent(INDENT_MM)
        yield
        self._indent(-INDENT_MM)
        if self.page_no() == first_page:
            self.set_fill_color(*colour)
            left = self.l_margin if not self._is_rtl(self.language) else self.w - self.r_margin - 1
            self.rect(left, top, 1.1, self.get_y() - top, style="F")
        self.ln(1.6)

    def _indent(self, by: float) -> None:
        if self._is_rtl(self.language):
            self.set_right_margin(self.r_margin + by)
        else:
            self.set_left_margin(self.l_margin + by)
        self.set_x(self.l_margin)

    def _is_rtl(self, language: str) -> bool:
        return direction(language) == "rtl"

    def _write(
        self,
        text: str,
        *,
        language: str = "",
        size: float = BODY_PT,
        bold: bool = False,
        colour: Colour = INK,
        indent: float = 0,
        keep: bool = True,
    ) -> None:
        """Write one paragraph in its language's direction, as wide as the page."""
        if keep:
            self.said.append(text)
        rtl = self._is_rtl(language or self.language)
        self.set_font(FAMILY, "B" if bold else "", size)
        self.set_text_color(*colour)
        self.set_text_shaping(use_shaping_engine=True, direction="rtl" if rtl else "ltr")
        width = self.epw - indent
        self.set_x(self.l_margin + (0 if rtl else indent))
        self.multi_cell(
            width,
            size * MM_A_POINT * LINE_HEIGHT,
            in_reading_order(text),
            align="R" if rtl else "L",
            new_x="LMARGIN",
            new_y="NEXT",
        )


def in_reading_order(text: str) -> str:
    """Return the text with marks that the writer knows in place of isolates."""
    return text.replace(LEFT_TO_RIGHT, LEFT_MARK).replace(END_OF_DIRECTION, LEFT_MARK)
