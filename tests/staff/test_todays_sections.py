"""Each section of Today counts exactly the rows behind its link, of this clinic and no other."""

from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse

from clinic.models import PatientStatus, Role, SurgeryStatus
from reminders.models import AlertKind, AlertStatus, DeliveryStatus, Reached, VersionStatus
from tests.factories import (
    NOON,
    AlertFactory,
    DeliveryFactory,
    PathwayVersionFactory,
    PatientFactory,
    PhoneCallFactory,
    PulledStepFactory,
    ReplyFactory,
    SignatureFactory,
    StaffFactory,
    StepFactory,
    SurgeryFactory,
)
from tests.staff.pages import words_of

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def today(browser):
    return lambda: browser.get(reverse("admin:index")).context


@pytest.fixture
def patients(own_clinic):
    return lambda **more: PatientFactory(clinic=own_clinic, **more)


@pytest.fixture
def behind(browser):
    """Follow a link as it stands on the page, and count the rows of its list."""

    def count_rows(screen, query):
        page = browser.get(reverse("admin:index")).content.decode()
        link = f"{reverse(f'admin:{screen}_changelist')}?{query}"
        assert link in unescape(page), f"Today has no link to {link}"
        return len(browser.get(link).context["cl"].result_list)

    return count_rows


def closed(**words):
    by = StaffFactory(clinic=words["patient"].clinic)
    return AlertFactory(status=AlertStatus.CLOSED, closed_by=by, outcome="Nothing to do", **words)


class TestWhomToCallFirst:
    def test_counts_open_alerts_but_for_silence_and_content(self, today, patients, behind):
        for _ in range(12):
            AlertFactory(patient=patients(), kind=AlertKind.NOT_REACHED)
        closed(patient=patients())
        AlertFactory(patient=patients(), kind=AlertKind.SILENT)
        AlertFactory(patient=None, clinic=patients().clinic, kind=AlertKind.CONTENT)
        AlertFactory()

        assert today()["calls"].total == 12
        assert today()["calls"].more == 2
        assert behind("reminders_alert", "show=call") == 12
        assert behind("reminders_alert", "show=call&tier__exact=same_day") == 12
        assert behind("reminders_alert", "kind__exact=not_reached") == 12


class TestSilence:
    def silent(self, patient, **more):
        return AlertFactory(patient=patient, kind=AlertKind.SILENT, **more)

    def test_counts_patients_and_neither_the_closed_nor_those_put_off(
        self, today, patients, behind
    ):
        twice = patients()
        self.silent(twice)
        self.silent(twice)
        self.silent(patients(), try_again_at=NOON)
        self.silent(patients(), try_again_at=NOON + timedelta(seconds=1))
        closed(patient=patients(), kind=AlertKind.SILENT)
        self.silent(PatientFactory())

        silent = today()["silent"]

        assert (silent.total, silent.later_total) == (2, 1)
        assert behind("clinic_patient", "silent=now") == 2

    def test_names_who_is_tried_later_and_when(self, browser, patients):
        self.silent(patients(given_name="Rosa"), try_again_at=NOON + 2 * HOUR)

        words = words_of(browser.get(reverse("admin:index")))

        assert "1 to be tried again later" in words
        assert "14:00" in words

    def test_comes_back_by_itself_when_the_moment_has_come(self, today, patients, time_machine):
        soon = NOON + timedelta(minutes=10)  # within the session
        self.silent(patients(), try_again_at=soon)
        assert today()["silent"].total == 0

        time_machine.move_to(soon)

        assert today()["silent"].total == 1

    def test_puts_three_tries_without_a_contact_first_and_says_so(self, browser, patients):
        self.silent(patients(given_name="Early"), opened_at=NOON - 3 * DAY)
        loud = self.silent(patients(given_name="Loud")).patient
        for hours in (3, 2, 1):
            PhoneCallFactory(
                patient=loud, reached=Reached.NOBODY, occurred_at=NOON - hours * HOUR, noted_at=NOON
            )

        words = words_of(browser.get(reverse("admin:index")))

        assert "3 tries without a contact." in words
        assert words.index("Loud") < words.index("Early")


class TestTheSide:
    def test_operations_to_confirm(self, today, patients, behind):
        for days in range(-10, 3):
            SurgeryFactory(
                patient=patients(), status=SurgeryStatus.PLANNED,
                surgery_date=(NOON + days * DAY).date(),
            )  # fmt: skip
        SurgeryFactory(patient=patients(), status=SurgeryStatus.CONFIRMED)

        assert today()["operations"].total == 11
        assert behind("clinic_surgery", "confirm=due") == 11

    def test_contacts_of_those_in_care(self, today, patients, behind):
        for number in range(9):
            patients(mobile_failed_at=NOON, email_failed_at=NOON if number else None)
        patients(mobile_failed_at=NOON, status=PatientStatus.ENDED)
        patients()

        assert today()["contacts"].total == 9
        assert behind("clinic_patient", "contact=failed&status__exact=active") == 9

    def test_replies(self, today, patients, browser):
        for _ in range(9):
            person = patients()
            ReplyFactory(by=person, patient=person)
        person = patients()
        ReplyFactory(by=person, patient=person, status="understood")

        assert today()["replies"].total == 9
        listed = browser.get(reverse("admin:reminders_reply_changelist")).context["cl"]
        assert len(listed.result_list) == 9

    @pytest.mark.parametrize(
        ("name", "statuses"),
        [
            ("waiting", {DeliveryStatus.QUEUED, DeliveryStatus.SENDING}),
            (
                "lost",
                {DeliveryStatus.UNDELIVERED, DeliveryStatus.REFUSED, DeliveryStatus.EXPIRED},
            ),
            ("unknown", {DeliveryStatus.UNKNOWN}),
        ],
    )
    def test_messages_in_trouble(self, today, own_clinic, behind, name, statuses):
        def message(status, hours, minutes=60):
            at = NOON - timedelta(hours=hours)
            DeliveryFactory(
                reminder__surgery__patient__clinic=own_clinic, status=status, queued_at=at,
                next_try_at=NOON - timedelta(minutes=minutes),
            )  # fmt: skip

        for status in DeliveryStatus:
            message(status, hours=24)
            message(status, hours=25)
        message(DeliveryStatus.QUEUED, hours=1, minutes=4)  # still within its time

        rows = {row.url.partition("=")[2]: row.number for row in today()["backlog"]}

        assert rows[name] == len(statuses)
        assert behind("reminders_delivery", f"trouble={name}") == len(statuses)


class TestContent:
    def version(self, clinic, **more):
        return PathwayVersionFactory(pathway__clinic=clinic, **more)

    @pytest.mark.parametrize(
        ("days", "tone"), [(61, None), (60, "wait"), (31, "wait"), (30, "warn"), (0, "warn"),
                           (-1, "bad")],
    )  # fmt: skip
    def test_a_review_is_named_sixty_days_ahead_and_gets_louder(
        self, today, own_clinic, days, tone
    ):
        self.version(own_clinic, other_review_by=(NOON + days * DAY).date())

        assert [item.tone for item in today()["content"].items] == [tone] * bool(tone)

    @pytest.mark.parametrize("status", sorted(set(VersionStatus) - {VersionStatus.LIVE}))
    def test_only_what_is_live_expires(self, today, own_clinic, nurse, status):
        self.version(own_clinic, status=status, other_review_by=NOON.date(), author=nurse)

        assert not [item for item in today()["content"].items if "looked at" in item.text]

    def test_who_may_sign_is_asked_to_until_they_have(self, today, own_clinic, nurse):
        version = self.version(own_clinic, status=VersionStatus.IN_REVIEW)
        assert [item.action for item in today()["content"].items] == ["Read and sign"]

        SignatureFactory(version=version, signer=nurse, digest=version.digest)

        assert today()["content"].items == ()

    def test_who_may_not_sign_is_not_asked_to(self, own_clinic, signed_in):
        self.version(own_clinic, status=VersionStatus.IN_REVIEW)
        reception = signed_in(StaffFactory(clinic=own_clinic, role=Role.RECEPTION))

        assert reception.get(reverse("admin:index")).context["content"].items == ()

    def test_a_pulled_message_stands_there_until_it_is_restored(self, today, own_clinic, nurse):
        step = StepFactory(version=self.version(own_clinic), intent="Walk every day")
        PulledStepFactory(clinic=own_clinic, step_key=step.key)
        PulledStepFactory(clinic=own_clinic, restored_at=NOON, restored_by=nurse)
        PulledStepFactory()

        (item,) = today()["content"].items

        assert item.title == "Walk every day"
        assert item.url == reverse("admin:reminders_content_pull", args=[step.version_id, step.key])

    def test_counts_its_own_alerts(self, today, own_clinic, behind):
        AlertFactory.create_batch(2, patient=None, clinic=own_clinic, kind=AlertKind.CONTENT)
        AlertFactory(kind=AlertKind.CONTENT)

        assert today()["content"].alerts == 2
        assert behind("reminders_alert", "show=content") == 2
