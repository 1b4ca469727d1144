"""A discharge paper → a PDF of A4 or Letter pages, in the patient's language, right to left too.

The same paper at the same moment gives the same bytes. It carries no code to scan: a link opens
the patient's page, and paper is left lying about.
"""

from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime

from reminders.patient_page.page_words import PAGE_WORDS
from reminders.patient_page.paper_content import Paper
from reminders.patient_page.recovery import Picture
from reminders.patient_page.sheet import Sheet

# Where paper is Letter; everywhere else it is A4 (Unicode CLDR, paperSize).
LETTER = frozenset(
    {"BZ", "CA", "CL", "CO", "CR", "GT", "MX", "NI", "PA", "PH", "PR", "SV", "US", "VE"}
)
RED, AMBER, GREY = (176, 26, 26), (146, 84, 0), (88, 96, 105)


@dataclass(frozen=True, slots=True)
class Written:
    """A file, and each paragraph that stands in it, in order."""

    content: bytes
    said: tuple[str, ...]


def written(paper: Paper, *, now: datetime) -> Written:
    """Return the paper as a file. Laid out twice, because each page says how many there are."""
    with ExitStack() as fonts:
        draft = _laid_out(paper, now=now, pages=1)
        fonts.callback(draft.let_go)
        sheet = _laid_out(paper, now=now, pages=draft.page_no())
        fonts.callback(sheet.let_go)
        return Written(bytes(sheet.output()), tuple(sheet.said))


def _laid_out(paper: Paper, *, now: datetime, pages: int) -> Sheet:
    words = PAGE_WORDS[paper.language]
    sheet = Sheet(
        language=paper.language,
        is_letter=paper.clinic.country in LETTER,
        foot=f"{paper.clinic.name} · {paper.name} · {paper.made}",
        page_of=words["page_of"],
        pages=pages,
    )
    sheet.set_creation_date(now)
    sheet.set_title(words["paper_title"])
    sheet.add_page()
    _head(sheet, paper)
    _numbers(sheet, paper)
    _signs(sheet, paper)
    if not paper.picture.is_empty:
        sheet.heading(words["paper_limits"])
        _limits(sheet, paper.picture)
        sheet.small(words["limits_note"])
    _exercises(sheet, paper)
    _dates(sheet, paper)
    _end(sheet, paper)
    return sheet


def _head(sheet: Sheet, paper: Paper) -> None:
    words = PAGE_WORDS[paper.language]
    sheet.small(paper.clinic.name)
    sheet.title_line(words["paper_title"])
    facts = (
        ("paper_for", paper.name),
        ("paper_born", paper.born),
        ("paper_operated", paper.operated),
        ("paper_home", paper.went_home),
    )
    for name, value in facts:
        if value:
            sheet.fact(words[name], value)


def _numbers(sheet: Sheet, paper: Paper) -> None:
    words = PAGE_WORDS[paper.language]
    sheet.heading(words["paper_numbers"])
    lines = (
        ("emergency", words["emergency"], words["emergency_when"]),
        ("urgent", words["same_day"], words["same_day_when"]),
        ("questions", words["questions"], paper.hours),
    )
    for name, label, when in lines:
        number = paper.numbers.get(name)
        if number is not None:
            colour = RED if name == "emergency" else None
            sheet.number(label, number.shown, colour=colour)
            sheet.line(when, indent=True)


def _signs(sheet: Sheet, paper: Paper) -> None:
    words = PAGE_WORDS[paper.language]
    sheet.heading(words["signs_title"])
    if not paper.groups:
        sheet.line(words["signs_missing"])
    for group in paper.groups:
        colour = {0: RED, 1: AMBER}.get(group.rank, GREY)
        with sheet.barred(colour):
            if group.heading:
                sheet.strong(group.heading, language=group.language, colour=colour)
            for _plain, shown in group.signs:
                sheet.item(shown, language=group.language)


def _limits(sheet: Sheet, picture: Picture) -> None:
    for day in picture.days:
        for bar in day.bars:
            sheet.limit(bar.title, day.when, bar.rule, language=bar.language)
    for one in (*picture.until_told, *picture.allowed):
        sheet.limit(one.title, one.when, one.rule, language=one.language)


def _exercises(sheet: Sheet, paper: Paper) -> None:
    if paper.exercises:
        sheet.heading(PAGE_WORDS[paper.language]["paper_exercises"])
    for one in paper.exercises:
        sheet.strong(one.heading, language=one.language)
        sheet.small(one.when)
        for paragraph in one.paragraphs:
            sheet.line(paragraph, language=one.language)


def _dates(sheet: Sheet, paper: Paper) -> None:
    words = PAGE_WORDS[paper.language]
    sheet.heading(words["paper_dates"])
    if paper.appointment:
        sheet.fact(words["appointment"], paper.appointment)
    else:
        sheet.line(words["no_dates"])
    if paper.pause_note:
        sheet.strong(paper.pause_note)
    if paper.coming:
        sheet.heading(words["coming"])
    for one in paper.coming:
        sheet.coming(one.when, one.heading, language=one.language)


def _end(sheet: Sheet, paper: Paper) -> None:
    sheet.ln(3)
    sheet.small(paper.made)
    if paper.signed:
        sheet.small(paper.signed)
    if paper.clinic.is_demo:
        sheet.small(PAGE_WORDS[paper.language]["demo"])
