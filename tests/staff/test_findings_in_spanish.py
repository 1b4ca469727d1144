"""What is wrong with a text is said in the language of whoever writes it; the command's stays."""

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from reminders.models import VersionStatus
from reminders.rules.findings import told
from reminders.rules.lint_restrictions import DAY_OF, WRONG_DAY
from reminders.rules.lint_steps import EMPTY, NO_WAY_OUT
from reminders.rules.lint_texts import BLOCKED
from reminders.staff.findings_said import told_said
from tests.factories import PathwayVersionFactory, StepFactory
from tests.staff.spoken_pages import texts_of


@pytest.fixture
def draft(own_clinic):
    """A draft with one step, which has no source and an empty text."""
    draft = PathwayVersionFactory(
        pathway__clinic=own_clinic, status=VersionStatus.DRAFT, live_from=None
    )
    StepFactory(version=draft, key="d1_walk").texts.update(sms="")
    return draft


def in_spanish(browser):
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "es"
    return browser


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (told(EMPTY, field="subject"), "Está vacío: asunto."),
        (told(NO_WAY_OUT, either="STOP or ALTO"), "STOP o ALTO."),
        (
            told(BLOCKED, word="cura", why="never promise a date (A16)"),
            "«cura» no se puede decir: no prometa nunca una fecha (A16)",
        ),
        (
            told(
                WRONG_DAY,
                words="día 9",
                days=(
                    told(DAY_OF, activity="Driving", day="42"),
                    told(DAY_OF, activity="Zz juggling", day="7"),
                ),
            ),
            "Dice «día 9». En esta clínica: Conducir, día 42; Zz juggling, día 7.",
        ),
    ],
)
def test_a_finding_is_said_with_its_facts(found, said):
    english = str(found)

    with override("es"):
        assert said in told_said(found)
        assert str(found) == english
    with override("en"):
        assert told_said(found) == english


def test_the_editor_says_what_is_wrong_in_spanish(browser, draft):
    address = reverse("admin:reminders_content_step", args=[draft.pk, "d1_walk"])

    words = " ".join(texts_of(in_spanish(browser).get(address)))

    assert "Nombre al menos una fuente." in words
    assert "Está vacío: SMS." in words
    assert "Name at least one source" not in words


def test_a_version_that_cannot_be_handed_in_says_why_in_spanish(browser, draft):
    address = reverse("admin:reminders_pathwayversion_do", args=[draft.pk, "submit"])

    words = " ".join(texts_of(in_spanish(browser).post(address, follow=True)))

    assert "Nombre al menos una fuente." in words
    assert "findings" not in words
    assert "Name at least" not in words
