"""Whoever chose Spanish reads Spanish: on every page, in forms, errors, dates and numbers."""

import re
from datetime import date, timedelta

import pytest
from django.apps import apps
from django.conf import settings
from django.core import mail
from django.db import models
from django.test import Client
from django.urls import reverse

from clinic.models import Clinic, Patient, Role
from reminders.flow.watch import tell_when_stuck
from reminders.models import PathwayVersion, VersionStatus
from tests.catalogs.reading import ROOMS, catalog_of, messages_of
from tests.factories import (
    NOON,
    AlertFactory,
    CarerFactory,
    ConsentFactory,
    DeliveryFactory,
    EmergencyAccessFactory,
    PathwayVersionFactory,
    PatientFactory,
    ReminderFactory,
    ReplyFactory,
    SourceFactory,
    StaffFactory,
    StepFactory,
    StepTextFactory,
    SurgeryFactory,
)
from tests.staff.pages import fields_of
from tests.staff.spoken_pages import texts_of, walk

START = "/staff/"
# Words of a pathway that ships, unlike those that a clinic wrote itself.
PATHWAY, LIVE_STEP, DRAFT_STEP = "Lumbar laminectomy, no fusion", "Build walking", "Flare-up plan"
TASK = "Task, within 2 working days."


def in_spanish(browser):
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "es"
    return browser


@pytest.fixture
def ward(own_clinic, settings):
    """A clinic with one of each thing that a page can show."""
    settings.BREAK_GLASS = True
    live = PathwayVersionFactory(pathway__clinic=own_clinic, pathway__title=PATHWAY)
    step = StepFactory(version=live, intent=LIVE_STEP, staff_action=TASK)
    step.sources.add(SourceFactory(title="Zz handbook"))
    draft = PathwayVersionFactory(
        pathway=live.pathway, number=2, status=VersionStatus.DRAFT, live_from=None
    )
    StepTextFactory(step=StepFactory(version=draft, intent=DRAFT_STEP), language="es")
    patient = PatientFactory(clinic=own_clinic, language="es")
    surgery = SurgeryFactory(patient=patient, planned_revision=1)
    ConsentFactory(patient=patient)
    CarerFactory(patient=patient)
    ReminderFactory(surgery=surgery, step=step, due_at=NOON + timedelta(days=2))
    DeliveryFactory(reminder__surgery=surgery, text="Zz hello", status="delivered")
    AlertFactory(patient=patient)
    EmergencyAccessFactory(patient=patient)
    ReplyFactory(by=patient, text="Zz ouch")
    SurgeryFactory(patient__clinic=own_clinic, surgery_date=date(2026, 3, 2), status="planned")
    return own_clinic


def kept_words():
    """Return all that the records of this test hold: a clinic's own words stay as they are."""
    fields = (models.CharField, models.TextField, models.JSONField)
    kept = []
    for model in apps.get_models():
        names = [field.attname for field in model._meta.fields if isinstance(field, fields)]
        kept += [str(value) for row in model.objects.values_list(*names) for value in row if names]
    return " ".join(" ".join(kept).split())


def english():
    """Return patterns of the English that each catalog says in other words."""
    for room in ROOMS:
        for message in messages_of(catalog_of(room)):
            text = message.id[-1] if isinstance(message.id, tuple) else message.id
            said = message.string[-1] if isinstance(message.id, tuple) else message.string
            parts = re.split(r"%\(\w+\)[sd]|\{\w*\}|%[sd]", text)
            if said != text and len("".join(parts).strip()) > 2:
                yield ".+".join(re.escape(" ".join(part.split())) for part in parts if part)


def test_no_page_has_marked_words_left_in_english(ward, signed_in):
    surgeon = in_spanish(signed_in(StaffFactory(clinic=ward, role=Role.SURGEON)))
    marked, kept = re.compile("|".join(english())), kept_words()
    shipped = re.compile("|".join(map(re.escape, (PATHWAY, LIVE_STEP, DRAFT_STEP, TASK))))

    left = {
        (text, address)
        for address, texts in walk(surgeon, START)
        for text in texts
        if (marked.fullmatch(text) and text not in kept) or shipped.search(text)
    }

    assert left == set()


def test_the_log_in_page_speaks_spanish_before_anybody_is_known(db):
    words = " ".join(texts_of(in_spanish(Client()).get(reverse("admin:login"))))

    assert "Usuario" in words
    assert "Contraseña" in words


def test_the_browser_is_asked_where_nobody_has_chosen(db):
    page = Client().get(reverse("admin:login"), headers={"Accept-Language": "es-MX,es;q=0.9"})

    assert '<html lang="es"' in page.content.decode()


def test_the_choice_is_made_in_the_head_of_the_page_and_kept(browser):
    page = browser.get(START).content.decode()
    assert 'name="language" value="es"' in page

    browser.post(reverse("panel-language"), {"language": "es"})

    assert "A quién llamar primero" in texts_of(browser.get(START))


def test_refusals_are_said_in_spanish(browser):
    add = reverse("admin:clinic_patient_add")
    typed = fields_of(in_spanish(browser).get(add))

    words = " ".join(texts_of(browser.post(add, {**typed, "mobile": "12"})))

    assert "Este campo es obligatorio" in words
    assert "This field" not in words


def test_days_are_named_in_spanish(browser, ward):
    patient = Patient.objects.filter(clinic=ward).first()

    page = browser.get(reverse("admin:clinic_patient_timeline", args=[patient.pk]))
    spanish = in_spanish(browser).get(page.request["PATH_INFO"])

    assert re.search(r"\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d", page.content.decode())
    assert not re.search(r"\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d", spanish.content.decode())


def test_a_drawing_stays_in_place_where_numbers_are_written_with_a_comma(browser, ward):
    drawn = in_spanish(browser).get(START).content.decode().partition('<svg class="ac-hours"')[2]

    assert re.findall(r'<text x="[^"]*"', drawn)
    assert not re.findall(r'<(?:text|rect|line) [^>]*="-?\d+,\d', drawn)


def test_a_mail_to_staff_speaks_the_language_of_the_clinic(ward):
    Clinic.objects.filter(pk=ward.pk).update(language="es")
    ReminderFactory(surgery__patient__clinic=ward, due_at=NOON - timedelta(hours=3), not_after=NOON)

    assert tell_when_stuck(now=NOON)

    assert mail.outbox[0].subject == "Aftercare: los mensajes no están saliendo"
    assert "179" in mail.outbox[0].body or "180" in mail.outbox[0].body


def test_why_a_version_cannot_be_signed_is_said_in_spanish(ward, signed_in):
    draft = PathwayVersion.objects.get(status=VersionStatus.DRAFT)
    surgeon = in_spanish(signed_in(StaffFactory(clinic=ward, role=Role.SURGEON)))
    sign = reverse("admin:reminders_pathwayversion_do", args=[draft.pk, "sign"])

    words = " ".join(texts_of(surgeon.post(sign, follow=True)))

    assert "Solo se puede firmar una versión en revisión" in words
    assert "Aún falta: la firma de" in words


def test_a_version_asks_for_a_reader_of_each_language_before_it_is_signed(ward, browser):
    draft = PathwayVersion.objects.get(status=VersionStatus.DRAFT)
    page = browser.get(reverse("admin:reminders_pathwayversion_change", args=[draft.pk]))

    assert "Also in Spanish: a clinician who speaks the language" in " ".join(texts_of(page))


def test_the_page_of_a_version_is_headed_by_its_title_in_spanish(ward, browser):
    draft = PathwayVersion.objects.get(status=VersionStatus.DRAFT)
    address = reverse("admin:reminders_pathwayversion_change", args=[draft.pk])

    texts = texts_of(in_spanish(browser).get(address))

    assert "Laminectomía lumbar, sin fusión, versión 2" in texts
    assert PATHWAY not in " ".join(texts)
