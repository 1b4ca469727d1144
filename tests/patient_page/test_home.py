"""/my/: where the patient is, what they may do and not yet, what today says, and what comes."""

from datetime import UTC, date, datetime, timedelta

import pytest

from clinic.models import Patient, PatientStatus, SurgeryStatus
from reminders.models import PathwayVersion, ReminderStatus
from reminders.pathways.restrictions import read_restrictions
from reminders.patient_page.page_words import PAGE_WORDS
from tests.factories import (
    NOON,
    OPERATED_ON,
    PathwayVersionFactory,
    ReminderFactory,
    StepFactory,
    StepTextFactory,
    SurgeryFactory,
)
from tests.patient_page.at_the_page import (
    open_page,
    patient_with_page,
    signed_with,
    words_of,
)

pytestmark = pytest.mark.django_db

EN = PAGE_WORDS["en"]


@pytest.fixture
def patient():
    return patient_with_page()


@pytest.fixture
def operation(patient):
    """An operation of the day before NOON, with a live pathway and its signed calendar."""
    head = signed_with("walk", "drive", "lift", "smoke")
    PathwayVersionFactory(pathway__clinic=patient.clinic, head=head)
    return SurgeryFactory(patient=patient)


@pytest.fixture
def home(client, patient):
    open_page(client, patient)

    def page(**query):
        return client.get("/my/", query)

    return page


def planned(surgery, *, heading, body="Walk a little.", **fields):
    step = StepFactory(version=PathwayVersion.objects.first(), texts=())
    StepTextFactory(step=step, heading=heading, email=body)
    return ReminderFactory(surgery=surgery, step=step, **fields)


class TestTheDay:
    @pytest.mark.parametrize(
        ("operated_on", "told"),
        [
            (OPERATED_ON - timedelta(days=11), "You are on day 12"),
            (OPERATED_ON, "You are on day 1"),
            (OPERATED_ON + timedelta(days=1), EN["day_zero"]),
            (OPERATED_ON + timedelta(days=2), EN["before_one"]),
            (OPERATED_ON + timedelta(days=5), "Your operation is in 4 days"),
        ],
    )
    def test_is_counted_from_the_operation(self, home, operation, operated_on, told):
        operation.surgery_date = operated_on
        operation.save()

        assert told in words_of(home())

    def test_is_the_patients_own(self, home, patient, operation, clock):
        Patient.objects.filter(pk=patient.pk).update(zone="Pacific/Auckland")
        clock.move_to(datetime(2026, 3, 3, 11, 30, tzinfo=UTC))  # half past midnight over there

        open_again = home()

        assert "You are on day 2" in words_of(open_again)

    def test_is_not_counted_before_somebody_says_that_it_took_place(self, home, operation):
        operation.status = SurgeryStatus.PLANNED
        operation.save()

        words = words_of(home())

        assert EN["not_confirmed_text"] in words
        assert EN["not_yet"] not in words

    @pytest.mark.parametrize("on_hold", ["patient", "operation"])
    def test_gives_way_to_the_clinic_while_messages_wait(self, home, patient, operation, on_hold):
        planned(operation, heading="Walking", due_at=NOON)
        if on_hold == "patient":
            patient.status = PatientStatus.ON_HOLD
            patient.hold_reason = "On the ward"
            patient.save()
        else:
            operation.on_hold = True
            operation.hold_reason = "On the ward"
            operation.save()

        words = words_of(home())

        assert EN["waiting_text"] in words
        assert "Walking" not in words
        assert "On the ward" not in words

    def test_is_missing_without_an_operation(self, home):
        assert EN["no_operation_text"] in words_of(home())


class TestTheRecoveryPicture:
    def test_has_a_bar_and_the_day_for_each_thing_that_must_wait(self, home, operation):
        page = home().content.decode()

        rules = read_restrictions()
        day = OPERATED_ON + timedelta(days=rules["drive"].day_to)
        told = words_of(home())
        assert f"From {day:%A} {day.day} {day:%B}" in told
        assert told.index(EN["not_yet"]) < told.index("Driving")
        assert page.count('<svg class="bar-drawn"') == 2  # driving and lifting

    def test_lifts_on_its_day_and_not_before(self, home, operation, clock):
        days = read_restrictions()["drive"].day_to
        for age, is_allowed in ((days - 1, False), (days, True)):
            operation.surgery_date = NOON.date() - timedelta(days=age)
            operation.save()
            told = words_of(home())
            assert (told.index("Driving") < told.index(EN["not_yet"])) is is_allowed

    def test_calls_nothing_allowed_that_is_to_be_given_up_for_good(self, home, operation):
        told = words_of(home())

        assert told.index(EN["still"]) < told.index("Smoking")
        assert "Until " in told[told.index("Smoking") :]

    def test_shows_only_what_was_signed(self, home, operation):
        assert "Flying" not in words_of(home())

    def test_is_in_the_patients_language_with_its_own_dates(self, home, patient, operation):
        patient.language = "es"
        patient.save()

        words = words_of(home())

        assert "Conducir" in words
        assert "Desde el" in words
        assert "What you may do now" not in words

    def test_is_not_shown_before_the_operation(self, home, operation):
        operation.surgery_date = date(2026, 3, 9)
        operation.status = SurgeryStatus.PLANNED
        operation.save()

        assert "Driving" not in words_of(home())


class TestTodaysAdvice:
    def test_is_what_todays_messages_say(self, home, operation):
        planned(
            operation,
            heading="Walking",
            body="Walk a little.\n\nCall {phone}.",
            due_at=NOON,
            status=ReminderStatus.DISPATCHED,
        )

        words = words_of(home())

        assert "Walking Walk a little. Call 020 7946 0100." in words

    def test_is_the_last_one_where_today_has_none(self, home, operation):
        planned(operation, heading="Older", due_at=NOON - timedelta(days=3))
        planned(operation, heading="Newer", due_at=NOON - timedelta(days=2))

        words = words_of(home())

        assert EN["no_advice"] in words
        assert "Newer" in words
        assert "Older" not in words

    def test_is_not_what_the_plan_took_back(self, home, operation):
        planned(operation, heading="Gone", due_at=NOON, status=ReminderStatus.CANCELLED)

        assert "Gone" not in words_of(home())

    def test_has_no_other_link_than_to_this_page(self, home, operation):
        planned(operation, heading="Check", body="Open {link} and answer.", due_at=NOON)

        assert "/my/ and answer" in words_of(home())


class TestWhatComes:
    def test_is_told_by_day_and_heading_the_nearest_first(self, home, operation):
        planned(operation, heading="Second", due_at=NOON + timedelta(days=2))
        planned(operation, heading="First", due_at=NOON + timedelta(days=1))

        words = words_of(home())

        assert words.index("Wednesday 4 March First") < words.index("Thursday 5 March Second")

    def test_says_the_next_appointment(self, home, operation):
        operation.appointment_at = NOON + timedelta(days=6, hours=2, minutes=30)
        operation.save()

        assert "Monday 9 March, 2:30pm" in words_of(home())

    def test_says_no_appointment_that_has_passed(self, home, operation):
        operation.appointment_at = NOON - timedelta(days=1)
        operation.save()

        assert EN["no_dates"] in words_of(home())


@pytest.mark.parametrize("language", ["en", "es", "ar"])
def test_the_page_is_whole_in_each_language(home, patient, operation, language):
    patient.language = language
    patient.save()

    page = home()

    html = page.content.decode()
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in html
    assert PAGE_WORDS[language]["have_sign"] in words_of(page)
    assert page["Content-Language"] == language
