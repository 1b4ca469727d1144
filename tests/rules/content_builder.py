"""Small pathways for tests that name only what they are about."""

from dataclasses import replace

from reminders.rules.content import (
    Anchor,
    Category,
    Evidence,
    ForbiddenWord,
    Grade,
    LanguagePack,
    PathwayContent,
    Region,
    SourceContent,
    StepContent,
    StepTexts,
)
from reminders.rules.lint import LintSettings, Severity, lint

SOURCES = [
    SourceContent(key, title=key, publisher="a", date="2020", where="a", grade=grade)
    for key, grade in (("GOOD", Grade.A), ("WEAK", Grade.C), ("GK", Grade.NONE))
]
GOOD_TEXTS = StepTexts(
    sms="{clinic}: go for a short walk today.",
    subject="{clinic}: your care message",
    heading="Walk a little",
    email="Go for a short walk today. Call {phone} if you have a question.",
)
WELCOME_TEXTS = replace(
    GOOD_TEXTS,
    sms="{clinic}: we will text you. Emergency: {emergency}. Text STOP to end.",
    email="We will text you. In an emergency call {emergency}. Text STOP to end.",
)
SETTINGS = LintSettings(
    blocklist={"en": (ForbiddenWord("pancreas", why="wrong organ"),)},
    private_words={"en": (ForbiddenWord("spine", why="private", topic="body"),)},
)


def a_step(key="d1_walk", **changes):
    step = StepContent(
        key=key,
        category=Category.PHYSIO,
        intent="Walk",
        day_from=1,
        day_to=3,
        at="10:00",
        evidence=Evidence.REFERENCE,
        sources=("GOOD",),
        texts={"en": GOOD_TEXTS},
    )
    return replace(step, **changes)


def a_step_saying(**texts):
    return a_step(texts={"en": replace(GOOD_TEXTS, **texts)})


def a_welcome(**changes):
    welcome = a_step(
        key="welcome", anchor=Anchor.ENROLMENT, at="at_once", day_from=0, day_to=0,
        texts={"en": WELCOME_TEXTS},
    )  # fmt: skip
    return replace(welcome, **changes)


def a_pack(language="en", **changes):
    pack = LanguagePack(
        language, title="A", version="1", licence="CC BY 4.0", review_status="needs review"
    )
    return replace(pack, **changes)


ENGLISH = (a_pack(),)


def a_pathway(*steps, packs=ENGLISH):
    return PathwayContent(
        key="test", title="Test", version="1", licence="CC BY 4.0", review_status="needs review",
        regions=(Region.LUMBAR,), procedures=(), steps=steps, packs=packs,
    )  # fmt: skip


def found(*steps, settings=SETTINGS, packs=ENGLISH):
    findings = lint(a_pathway(*steps, packs=packs), sources=SOURCES, settings=settings)
    return {(f.step, f.field, f.rule) for f in findings if f.severity is Severity.BLOCKS}


def rules(*steps, **options):
    return {rule for _, _, rule in found(a_welcome(), *steps, **options)}


def notes(*steps, **options):
    findings = lint(a_pathway(a_welcome(), *steps), sources=SOURCES, settings=SETTINGS)
    return {f.rule for f in findings if f.severity is Severity.NOTE}
