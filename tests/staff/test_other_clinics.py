"""Nobody sees or touches a row of another clinic, whichever way they try."""

import pytest
from django.urls import reverse

from clinic.models import Patient, Role, SurgeryStatus
from reminders.models import AlertStatus, ReplyStatus, VersionStatus
from tests.factories import (
    AlertFactory,
    ClinicFactory,
    DeliveryFactory,
    PathwayVersionFactory,
    PatientFactory,
    ReplyFactory,
    StaffFactory,
    SurgeryFactory,
)

LISTS = (
    "clinic_patient",
    "clinic_surgery",
    "reminders_alert",
    "reminders_reply",
    "reminders_delivery",
    "reminders_pathwayversion",
    "clinic_staff",
)
STRANGER = "Elsewhere"
SEARCHED = STRANGER.lower()  # what a page repeats of the search is not what it found


@pytest.fixture
def elsewhere():
    """One row of each kind, all of another clinic, all with STRANGER in what a page would show."""
    clinic = ClinicFactory(name=STRANGER)
    patient = PatientFactory(clinic=clinic, family_name=STRANGER)
    surgery = SurgeryFactory(patient=patient, status=SurgeryStatus.PLANNED)
    return {
        "clinic_clinic": clinic,
        "clinic_patient": patient,
        "clinic_surgery": surgery,
        "clinic_staff": StaffFactory(clinic=clinic, last_name=STRANGER),
        "reminders_alert": AlertFactory(patient=patient, summary=STRANGER),
        "reminders_reply": ReplyFactory(by=patient, patient=patient, text=STRANGER),
        "reminders_delivery": DeliveryFactory(
            reminder__surgery=surgery, reminder__surgery__patient=patient
        ),
        "reminders_pathwayversion": PathwayVersionFactory(
            pathway__clinic=clinic, pathway__title=STRANGER
        ),
    }


@pytest.fixture
def lead(own_clinic, signed_in):
    return signed_in(StaffFactory(clinic=own_clinic, role=Role.SURGEON))


@pytest.mark.parametrize("screen", LISTS)
def test_a_list_and_its_search_show_no_row_of_another_clinic(screen, lead, elsewhere):
    for query in ({}, {"q": SEARCHED}, {"show": "all"}):
        page = lead.get(reverse(f"admin:{screen}_changelist"), query, follow=True)

        assert page.status_code == 200
        assert STRANGER not in page.content.decode()


@pytest.mark.parametrize("screen", [*LISTS, "clinic_clinic"])
@pytest.mark.parametrize("page", ["change", "history", "delete"])
def test_no_page_of_a_row_of_another_clinic_opens(screen, page, lead, elsewhere):
    answer = lead.get(reverse(f"admin:{screen}_{page}", args=[elsewhere[screen].pk]))

    assert answer.status_code in (302, 403, 404)
    assert STRANGER not in answer.content.decode()


def test_a_timeline_of_another_clinic_does_not_open(lead, elsewhere):
    page = reverse("admin:clinic_patient_timeline", args=[elsewhere["clinic_patient"].pk])

    assert lead.get(page).status_code == 404


def test_the_patients_of_another_clinic_cannot_be_chosen_for_an_operation(lead, elsewhere):
    stranger = elsewhere["clinic_patient"]
    found = lead.get(
        reverse("admin:autocomplete"),
        {"app_label": "clinic", "model_name": "surgery", "field_name": "patient", "term": STRANGER},
    )
    saved = lead.post(
        reverse("admin:clinic_surgery_add"),
        {"patient": stranger.pk, "surgery_date": "2026-03-02", "procedure": "hemilaminectomy",
         "region": "lumbar", "wound_closure": "dissolving"},
    )  # fmt: skip

    assert found.json()["results"] == []
    assert saved.status_code == 200  # the form again, with the reason
    assert stranger.surgeries.count() == 1


@pytest.mark.parametrize(
    ("address", "screen"),
    [
        ("reminders_alert_take", "reminders_alert"),
        ("reminders_alert_close", "reminders_alert"),
        ("reminders_reply_deal_with", "reminders_reply"),
        ("clinic_clinic_sending", "clinic_clinic"),
        ("clinic_clinic_go_live", "clinic_clinic"),
    ],
)
def test_nothing_of_another_clinic_can_be_acted_on(address, screen, lead, elsewhere):
    answer = lead.post(
        reverse(f"admin:{address}", args=[elsewhere[screen].pk]), {"note": "done", "do": "stop"}
    )

    assert answer.status_code == 404
    for row in elsewhere.values():
        row.refresh_from_db()
    assert elsewhere["reminders_alert"].status == AlertStatus.OPEN
    assert elsewhere["reminders_reply"].status == ReplyStatus.RECEIVED
    assert elsewhere["clinic_clinic"].sending_stopped_at is None


@pytest.mark.parametrize("step", ["confirm", "move", "hold", "cancel"])
def test_no_operation_of_another_clinic_can_be_changed(step, lead, elsewhere):
    surgery = elsewhere["clinic_surgery"]
    answer = lead.post(reverse("admin:clinic_surgery_step", args=[surgery.pk, step]), {})

    surgery.refresh_from_db()
    assert answer.status_code == 404
    assert surgery.status == SurgeryStatus.PLANNED


@pytest.mark.parametrize("step", ["submit", "sign", "go-live", "retire"])
def test_no_content_of_another_clinic_can_be_signed_or_withdrawn(step, lead, elsewhere):
    version = elsewhere["reminders_pathwayversion"]
    answer = lead.post(reverse("admin:reminders_pathwayversion_do", args=[version.pk, step]))

    version.refresh_from_db()
    assert answer.status_code == 404
    assert version.status == VersionStatus.LIVE


def test_today_counts_and_names_nobody_of_another_clinic(lead, elsewhere):
    Patient.objects.update(mobile_failed_at=elsewhere["reminders_alert"].opened_at)

    page = lead.get(reverse("admin:index"))

    assert STRANGER not in page.content.decode()
    for part in ("calls", "replies", "operations", "contacts"):
        assert page.context[part].total == 0


def test_nobody_gets_in_without_signing_in(client, db, elsewhere):
    for screen in LISTS:
        answer = client.get(reverse(f"admin:{screen}_changelist"))
        assert answer.status_code == 302
        assert answer.url.startswith(reverse("admin:login"))
