"""Every word of the workbench that is the panel's own waits for the language of who looks."""

import html
import re

import pytest
from django.urls import reverse
from django.utils import translation

from reminders.flow.draft_steps import drop_step
from reminders.flow.drafts import start_draft
from reminders.flow.version_content import settings_for
from reminders.pathways.check_in import shipped_check_in
from reminders.rules.wording import PLACEHOLDERS
from tests.factories import NOON
from tests.flow.versions import PILLS, WALK, a_live_version

KEY = "d1_walk"
# What pathways, sources and records say; icons by their names; two standards.
CONTENT = {
    "Walk", "Walk a little", "Take your tablets", "Test", "d1_pills,", "d1_walk,", "GOOD",
    "GOOD, a, 2020", "Asha", "Harbourside", "Harbourside Care", "GSM-7", "sms", "email",
    "{clinic}: go for a short walk today.", "Harbourside Care: go for a short walk today.",
    "{clinic}: your care message", "Harbourside Care: your care message",
    "Go for a short walk today. Call {phone} if you have a question.",
    "Open to read your message.", "Test, version 2", "d1_pills",
    "esc", "search", "progress_activity",
}  # fmt: skip
HIDDEN = r"<(script|style|textarea|pre|code|kbd)\b.*?</\1>|<span class=\"material-symbols.*?</span>"
READ_OUT = r'\b(?:aria-label|title|data-open|data-close|data-typed|data-failed|data-stale)="(.*?)"'


@pytest.fixture
def marked(monkeypatch):
    """A language in which every translated text stands in marks of its own."""
    translation.gettext("")
    words = translation._trans
    monkeypatch.setattr(words, "gettext", lambda text: f"«{text}»" if text else text)
    monkeypatch.setattr(words, "ngettext", lambda one, many, n: f"«{one if n == 1 else many}»")
    monkeypatch.setattr(words, "pgettext", lambda _, text: f"«{text}»")
    monkeypatch.setattr(words, "npgettext", lambda _, a, b, n: f"«{a if n == 1 else b}»")


def own_words(page):
    """The texts of the page, and what is read out of it, that no translation has gone through."""
    shown = page.content.decode().partition('<div id="content"')[2].partition(">")[2]
    shown = re.sub(r' srcdoc="[^"]*"', "", shown)
    shown = re.sub(HIDDEN, "|", shown, flags=re.DOTALL)
    texts = html.unescape("|".join([re.sub(r"<[^>]*>", "|", shown), *re.findall(READ_OUT, shown)]))
    while (fewer := re.sub(r"«[^«»]*»", "", texts)) != texts:
        texts = fewer
    return {
        text.strip(" \n·:")
        for text in texts.split("|")
        if re.search(r"[A-Za-z]{3}", text) and not re.search(r"2026, 12:00", text)
    }


@pytest.fixture
def pages(own_clinic, nurse):
    live = a_live_version(own_clinic, WALK, PILLS)
    draft = start_draft(live.pk, by=nurse, now=NOON)
    drop_step(draft.steps.get(key="d1_pills").pk, by=nurse, now=NOON)
    return {
        "content": [draft.pk], "made_up": [draft.pk], "difference": [draft.pk, live.pk],
        "add": [draft.pk], "step": [draft.pk, KEY], "drop": [draft.pk, KEY],
        "pull": [draft.pk, KEY],
    }  # fmt: skip


@pytest.mark.parametrize(
    "name", ["content", "made_up", "difference", "add", "step", "drop", "pull"]
)
def test_a_page_of_the_workbench(name, browser, own_clinic, pages, marked):
    page = browser.get(reverse(f"admin:reminders_content_{name}", args=pages[name]))

    assert page.status_code == 200
    of_content = {rule.activity for rule in settings_for(own_clinic).restrictions.values()}
    of_content |= {one.wording.label["en"] for one in shipped_check_in().questions.values()}
    assert own_words(page) - CONTENT - of_content - {f"{{{p}}}" for p in PLACEHOLDERS} == set()
