"""Alerts, replies and messages: taken, closed and dealt with under a name and with an outcome."""

import pytest
from django.urls import reverse

from clinic.models import Role
from reminders.models import AlertStatus, Delivery, DeliveryStatus, ReplyStatus
from reminders.staff.outcomes import LONGEST, OUTCOMES, OutcomeForm
from tests.factories import (
    AlertFactory,
    DeliveryFactory,
    PatientFactory,
    ReplyFactory,
    StaffFactory,
)
from tests.staff.pages import words_of


@pytest.fixture
def alert(own_clinic):
    return AlertFactory(patient__clinic=own_clinic)


@pytest.fixture
def reply(own_clinic):
    patient = PatientFactory(clinic=own_clinic)
    return ReplyFactory(by=patient, patient=patient, status=ReplyStatus.FOR_A_PERSON)


@pytest.fixture
def reception(own_clinic, signed_in):
    return signed_in(StaffFactory(clinic=own_clinic, role=Role.RECEPTION))


def take(browser, alert):
    return browser.post(reverse("admin:reminders_alert_take", args=[alert.pk]), follow=True)


def close(browser, alert, **typed):
    page = reverse("admin:reminders_alert_close", args=[alert.pk])
    return browser.post(page, typed, follow=True)


def deal_with(browser, reply, **typed):
    page = reverse("admin:reminders_reply_deal_with", args=[reply.pk])
    return browser.post(page, typed, follow=True)


class TestAlerts:
    def test_one_tap_puts_it_into_ones_hands(self, browser, alert, nurse):
        take(browser, alert)

        alert.refresh_from_db()
        assert (alert.status, alert.acknowledged_by) == (AlertStatus.ACKNOWLEDGED, nurse)

    def test_is_closed_with_code_and_note(self, browser, alert, nurse):
        close(browser, alert, code=OUTCOMES[2], note="Friday at nine")

        alert.refresh_from_db()
        assert (alert.status, alert.closed_by) == (AlertStatus.CLOSED, nurse)
        assert alert.outcome == f"{OUTCOMES[2]}. Friday at nine"

    def test_its_reply_is_dealt_with_by_the_same_call(self, browser, reply, nurse):
        alert = AlertFactory(patient=reply.patient, reply=reply)

        close(browser, alert, note="Called, all well")

        reply.refresh_from_db()
        assert (reply.status, reply.dealt_with_by) == (ReplyStatus.ANSWERED, nurse)
        assert reply.outcome == "Called, all well"

    def test_closes_what_was_ticked_about_the_same_patient_and_nothing_else(
        self, browser, alert, own_clinic
    ):
        ticked, unticked = AlertFactory.create_batch(2, patient=alert.patient)
        of_another = AlertFactory(patient__clinic=own_clinic)

        close(browser, alert, note="Called", also=[ticked.pk, of_another.pk, "x"])

        for one, status in ((ticked, "closed"), (unticked, "open"), (of_another, "open")):
            one.refresh_from_db()
            assert one.status == status

    def test_stays_open_without_an_outcome_and_says_why(self, browser, alert):
        answer = close(browser, alert, code="", note="  ")

        alert.refresh_from_db()
        assert alert.status == AlertStatus.OPEN
        assert "Choose what came of it, or write a note." in words_of(answer)

    def test_a_second_person_hears_that_it_is_closed(self, browser, alert):
        close(browser, alert, note="Called")

        assert "This was closed by Asha" in words_of(close(browser, alert, note="Called again"))

    def test_reception_may_look_but_not_close(self, reception, alert):
        page = reverse("admin:reminders_alert_change", args=[alert.pk])

        assert reception.get(page).status_code == 200
        assert close(reception, alert, note="Called").status_code == 403

    def test_a_link_alone_changes_nothing(self, browser, alert):
        for name in ("take", "close"):
            page = reverse(f"admin:reminders_alert_{name}", args=[alert.pk])
            assert browser.get(page).status_code == 405

    def test_the_list_opens_with_those_that_are_open(self, browser, alert, nurse, own_clinic):
        closed = AlertFactory(
            patient__clinic=own_clinic, status=AlertStatus.CLOSED, closed_by=nurse, outcome="Done"
        )
        page = reverse("admin:reminders_alert_changelist")

        assert set(browser.get(page).context["cl"].result_list) == {alert}
        shown = browser.get(page, {"show": "all"}).context["cl"].result_list
        assert set(shown) == {alert, closed}

    def test_afterwards_one_is_back_where_one_was(self, browser, alert):
        page = reverse("admin:reminders_alert_take", args=[alert.pk])
        today = reverse("admin:index")

        assert browser.post(page, {"next": today}).url == today

    @pytest.mark.parametrize(
        "elsewhere", ["https://example.com/staff/", "//example.com", "/hooks/"]
    )
    def test_but_never_outside_the_panel(self, elsewhere, browser, alert):
        page = reverse("admin:reminders_alert_take", args=[alert.pk])

        answer = browser.post(page, {"next": elsewhere})

        assert answer.url == reverse("admin:reminders_alert_change", args=[alert.pk])


class TestReplies:
    def test_is_dealt_with_under_a_name(self, browser, reply, nurse):
        deal_with(browser, reply, code=OUTCOMES[0])

        reply.refresh_from_db()
        assert (reply.status, reply.dealt_with_by) == (ReplyStatus.ANSWERED, nurse)
        assert reply.outcome == OUTCOMES[0]

    def test_waits_on_without_an_outcome(self, browser, reply):
        deal_with(browser, reply)

        reply.refresh_from_db()
        assert reply.status == ReplyStatus.FOR_A_PERSON

    def test_a_second_person_hears_who_was_faster(self, browser, reply, own_clinic, signed_in):
        deal_with(browser, reply, note="Called")
        colleague = signed_in(StaffFactory(clinic=own_clinic, role=Role.NURSE))

        assert "Asha had dealt with it already" in words_of(deal_with(colleague, reply, note="x"))

    def test_reception_may_read_but_not_deal_with_it(self, reception, reply):
        assert deal_with(reception, reply, note="x").status_code == 403

    def test_a_number_of_two_patients_names_both(self, browser, own_clinic):
        two = PatientFactory.create_batch(2, clinic=own_clinic, mobile="+447700900555")
        PatientFactory(mobile="+447700900555", family_name="Elsewhere")
        reply = ReplyFactory(by=two[0], status=ReplyStatus.FOR_A_PERSON)

        words = words_of(browser.get(reverse("admin:reminders_reply_change", args=[reply.pk])))

        assert "We cannot say for certain who wrote this." in words
        assert all(patient.family_name in words for patient in two)
        assert "Elsewhere" not in words


class TestMessages:
    @pytest.mark.parametrize("status", DeliveryStatus.values)
    def test_every_state_is_said_in_words(self, status, browser, own_clinic):
        delivery = DeliveryFactory(
            reminder__surgery__patient__clinic=own_clinic, status=status, text="Walk a little"
        )

        words = words_of(
            browser.get(reverse("admin:reminders_delivery_change", args=[delivery.pk]))
        )

        assert "Walk a little" in words
        assert f">{status}<" not in words

    def test_nothing_that_was_sent_can_be_changed(self, browser, own_clinic):
        delivery = DeliveryFactory(reminder__surgery__patient__clinic=own_clinic, text="Old")
        page = reverse("admin:reminders_delivery_change", args=[delivery.pk])

        assert browser.post(page, {"text": "New", "status": "delivered"}).status_code == 403
        assert Delivery.objects.get().text == "Old"


@pytest.mark.parametrize("code", OUTCOMES)
def test_the_longest_note_fits_beside_every_code(code):
    field = OutcomeForm.base_fields["note"]
    form = OutcomeForm({"code": code, "note": "x" * field.max_length})

    assert form.is_valid()
    assert len(form.outcome) <= LONGEST
