"""Check-ins on a form: what is asked, what is kept, and what it leads to in each mode."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import Error, IntegrityError, connection, transaction

from clinic.models import SurgeryStatus, SymptomCheckMode
from reminders.flow.check_ins import (
    AnotherPatientsForm,
    NotAccepted,
    begin,
    form_for,
    open_checks,
    submit,
)
from reminders.models import (
    Alert,
    AlertKind,
    CheckIn,
    CheckInAnswer,
    CheckInBy,
    ReminderStatus,
    Tier,
)
from reminders.pathways.check_in import shipped_check_in
from reminders.pathways.symptom_check import shipped_symptom_check
from reminders.rules.check_in import Mode
from reminders.rules.check_in_answers import fill_in
from tests.factories import (
    NOON,
    ClosureFactory,
    PatientFactory,
    ReminderFactory,
    StaffFactory,
    SurgeryFactory,
)

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ASKED = ["symptom_check", "pain_limb", "pain_spine", "wound"]

pytestmark = pytest.mark.django_db


def asked_on_day_7(mode=SymptomCheckMode.TRIAGE):
    """A patient whose check-in of day 7 went out two hours ago."""
    patient = PatientFactory()
    clinic = patient.clinic
    clinic.symptom_check_mode = mode
    clinic.symptom_check_responsible = StaffFactory(clinic=clinic)
    clinic.save()
    surgery = SurgeryFactory(patient=patient, surgery_date=NOON.date() - 7 * DAY)
    reminder = a_check_in_of(surgery)
    return patient, reminder


def a_check_in_of(surgery, *, at=NOON - 2 * HOUR):
    return ReminderFactory(
        surgery=surgery,
        step__questions=ASKED,
        step__category="check_in",
        status=ReminderStatus.DISPATCHED,
        due_at=at,
    )


def answers(form, **changed):
    """No to every sign and little pain, but for what is changed."""
    signs = {sign.key: "no" for sign in form.sheet.signs if not sign.kind.is_number}
    return signs | {"pain_limb": "2", "pain_spine": "1"} | changed


def hand_in(patient, *, key=None, now=NOON, by=CheckInBy.PAGE, recorded_by=None, **changed):
    form = form_for(patient, now=now)
    filled = fill_in(
        form.sheet, given=answers(form, **changed), content=shipped_check_in(),
        check=shipped_symptom_check(),
    )  # fmt: skip
    return submit(
        form, filled, key=key or uuid4(), by=by, language="en", now=now, recorded_by=recorded_by
    )


class TestWhatIsAsked:
    def test_is_what_the_open_check_in_asks(self):
        patient, reminder = asked_on_day_7()

        form = form_for(patient, now=NOON)

        assert (form.reminder, form.sheet.day) == (reminder, 7)
        assert [score.key for score in form.sheet.scores] == ["pain_limb", "pain_spine", "wound"]

    def test_is_what_any_day_asks_when_no_check_in_is_open(self):
        patient, _ = asked_on_day_7()

        form = form_for(patient, now=NOON + 4 * DAY)

        assert form.reminder is None
        assert [score.key for score in form.sheet.scores] == ["pain_limb", "pain_spine"]

    def test_is_the_newest_of_two_check_ins(self):
        patient, reminder = asked_on_day_7()
        newer = a_check_in_of(reminder.surgery, at=NOON - HOUR)

        assert form_for(patient, now=NOON).reminder == newer

    @pytest.mark.parametrize("status", sorted(set(ReminderStatus) - {ReminderStatus.DISPATCHED}))
    def test_is_nothing_that_never_went_out(self, status):
        patient, reminder = asked_on_day_7()
        reminder.status, reminder.reason = status, "too_late"
        reminder.save()

        assert form_for(patient, now=NOON).reminder is None

    def test_is_not_asked_again_on_a_form(self):
        patient, _ = asked_on_day_7()
        hand_in(patient)

        assert form_for(patient, now=NOON + HOUR).reminder is None

    def test_is_nothing_for_somebody_without_an_operation(self):
        assert form_for(PatientFactory(), now=NOON) is None

    def test_is_about_the_last_operation_that_has_come(self):
        patient, reminder = asked_on_day_7()
        SurgeryFactory(patient=patient, surgery_date=date(2026, 9, 1), status=SurgeryStatus.PLANNED)
        SurgeryFactory(patient=patient, surgery_date=NOON.date(), status=SurgeryStatus.CANCELLED)

        assert form_for(patient, now=NOON).surgery == reminder.surgery

    def test_counts_days_on_the_patients_wall(self):
        patient, _ = asked_on_day_7()
        patient.zone = "Pacific/Auckland"  # tomorrow already
        patient.save()

        assert form_for(patient, now=NOON).sheet.day == 8

    @pytest.mark.parametrize("mode", list(SymptomCheckMode))
    def test_is_about_signs_only_where_the_clinic_asks_for_them(self, mode):
        patient, _ = asked_on_day_7(mode)

        assert bool(form_for(patient, now=NOON).sheet.signs) is (mode != SymptomCheckMode.OFF)

    def test_is_not_about_signs_while_there_is_no_number_to_call(self):
        patient, _ = asked_on_day_7()
        patient.clinic.emergency_phone = ""
        patient.clinic.save()

        assert form_for(patient, now=NOON).sheet.mode is Mode.OFF

    def test_changes_nothing(self):
        patient, _ = asked_on_day_7()

        form_for(patient, now=NOON)

        assert not CheckIn.objects.exists()


class TestWhatIsKept:
    def test_is_each_answer_with_the_version_of_its_question(self):
        patient, reminder = asked_on_day_7()

        check_in = hand_in(patient, wound="dry_closed")

        assert (check_in.reminder, check_in.day, check_in.by) == (reminder, 7, CheckInBy.PAGE)
        kept = {answer.question: answer for answer in check_in.answers.all()}
        assert (kept["pain_limb"].raw, kept["pain_limb"].number) == ("2", 2)
        assert kept["wound"].choice == "dry_closed"
        assert kept["Q01"].version == shipped_symptom_check().version
        assert kept["pain_limb"].version == shipped_check_in().version

    def test_is_once_however_often_the_form_is_sent(self):
        patient, _ = asked_on_day_7()
        key = uuid4()

        first = hand_in(patient, key=key, Q01="yes")
        again = hand_in(patient, key=key, Q01="no", now=NOON + MINUTE)

        assert again.pk == first.pk
        assert CheckIn.objects.get().tier == "EMERGENCY"
        assert Alert.objects.count() == 1

    def test_is_nothing_of_a_form_that_is_wrong(self):
        patient, _ = asked_on_day_7()

        with pytest.raises(NotAccepted):
            hand_in(patient, pain_limb="a lot")

        assert not CheckInAnswer.objects.exists()

    def test_is_under_no_form_of_somebody_else(self):
        patient, _ = asked_on_day_7()
        other, _ = asked_on_day_7()
        key = uuid4()
        hand_in(patient, key=key)

        with pytest.raises(AnotherPatientsForm):
            hand_in(other, key=key)

    def test_names_who_took_it_down(self):
        patient, _ = asked_on_day_7()
        nurse = StaffFactory(clinic=patient.clinic)

        assert hand_in(patient, by=CheckInBy.STAFF, recorded_by=nurse).recorded_by == nurse
        with pytest.raises(IntegrityError), transaction.atomic():
            hand_in(patient, by=CheckInBy.STAFF)

    @pytest.mark.parametrize("row", ["check-in", "answer"])
    def test_cannot_be_changed_through_any_door(self, row):
        patient, _ = asked_on_day_7()
        check_in = hand_in(patient)
        rows = CheckIn.objects.all() if row == "check-in" else check_in.answers.all()

        with pytest.raises(Error, match="never changed"), transaction.atomic():
            rows.update(**({"tier": "NONE"} if row == "check-in" else {"raw": "10"}))


class TestTheModes:
    def test_off_keeps_the_scores_and_tells_nobody(self):
        patient, _ = asked_on_day_7(SymptomCheckMode.OFF)

        check_in = hand_in(patient, pain_limb="10")

        assert not Alert.objects.exists()
        assert (check_in.mode, check_in.tier) == ("off", "")
        assert "does not mean all is well" in check_in.told

    @pytest.mark.parametrize("changed", [{}, {"Q01": "yes"}, {"Q19": "unsure"}])
    def test_relay_hands_on_every_check_in_alike(self, changed):
        patient, _ = asked_on_day_7(SymptomCheckMode.RELAY)

        check_in = hand_in(patient, **changed)

        alert = Alert.objects.get()
        assert (alert.tier, alert.summary) == (Tier.SAME_DAY, "A check-in to read")
        assert (check_in.alert, check_in.tier) == (alert, "")
        assert "Nobody has sorted them" in check_in.told

    def test_relay_hands_on_no_check_in_without_signs(self):
        patient, reminder = asked_on_day_7(SymptomCheckMode.RELAY)
        reminder.step.questions = ["pain_limb"]
        reminder.step.save()

        hand_in(patient)

        assert not Alert.objects.exists()

    @pytest.mark.parametrize(
        ("changed", "tier", "minutes"),
        [
            ({"Q01": "unsure"}, Tier.EMERGENCY, 15),
            ({"Q12": "yes"}, Tier.SAME_DAY, 60),
            ({"pain_spine": "8"}, Tier.SAME_DAY, 240),
            ({"Q19": "yes"}, Tier.ROUTINE, 1440),
        ],
    )
    def test_triage_raises_an_alert_of_the_tier_within_its_time(self, changed, tier, minutes):
        patient, reminder = asked_on_day_7()

        check_in = hand_in(patient, **changed)

        alert = Alert.objects.get()
        assert (alert.kind, alert.tier, alert.reminder) == (AlertKind.CHECK_IN, tier, reminder)
        assert alert.act_before == NOON + minutes * MINUTE
        assert (check_in.alert, check_in.sla_minutes) == (alert, minutes)

    def test_triage_says_which_rules_held(self):
        patient, _ = asked_on_day_7()

        check_in = hand_in(patient, Q01="yes", Q03="yes")

        assert check_in.rules == ["R01", "R03"]
        assert "R01 (bladder), R03 (saddle)" in Alert.objects.get().to_do

    def test_triage_calls_nobody_where_no_rule_holds(self):
        patient, _ = asked_on_day_7()

        check_in = hand_in(patient)

        assert check_in.tier == "NONE"
        assert not Alert.objects.exists()

    def test_an_emergency_is_taken_with_the_rest_left_open(self):
        patient, _ = asked_on_day_7()

        hand_in(patient, Q02="yes", Q09="", pain_limb="very")

        assert Alert.objects.get().tier == Tier.EMERGENCY


class TestOutOfHours:
    @pytest.mark.parametrize("mode", list(SymptomCheckMode))
    @pytest.mark.parametrize(
        ("now", "is_closed"),
        [(NOON, False), (NOON + 8 * HOUR, True), (NOON - 3 * DAY, True), (NOON - 4 * HOUR, True)],
    )
    def test_the_patient_is_told_that_nobody_is_there(self, mode, now, is_closed):
        patient, _ = asked_on_day_7(mode)

        assert ("We are closed now" in hand_in(patient, now=now).told) is is_closed

    def test_a_closure_counts(self):
        patient, _ = asked_on_day_7()
        ClosureFactory(clinic=patient.clinic, first_day=NOON.date())

        assert "We are closed now" in hand_in(patient).told


class TestBeingAtIt:
    def test_a_form_that_was_begun_is_open_for_half_an_hour(self):
        patient, _ = asked_on_day_7()
        form = form_for(patient, now=NOON)
        begin(form, key=uuid4(), by=CheckInBy.PAGE, now=NOON)

        assert open_checks([patient.pk], now=NOON + 29 * MINUTE) == {patient.pk: NOON + 30 * MINUTE}
        assert open_checks([patient.pk], now=NOON + 30 * MINUTE) == {}

    def test_each_try_opens_it_anew(self):
        patient, _ = asked_on_day_7()
        key, form = uuid4(), form_for(patient, now=NOON)
        for later in (0, 20):
            begin(form, key=key, by=CheckInBy.PAGE, now=NOON + later * MINUTE)

        assert open_checks([patient.pk], now=NOON + 40 * MINUTE)
        assert CheckIn.objects.get().started_at == NOON

    def test_ends_when_it_is_handed_in(self):
        patient, _ = asked_on_day_7()
        hand_in(patient)

        assert open_checks([patient.pk], now=NOON) == {}

    def test_a_nurse_on_the_telephone_holds_nothing_up(self):
        patient, _ = asked_on_day_7()
        nurse = StaffFactory(clinic=patient.clinic)
        begin(
            form_for(patient, now=NOON), key=uuid4(), by=CheckInBy.STAFF, now=NOON,
            recorded_by=nurse,
        )  # fmt: skip

        assert open_checks([patient.pk], now=NOON) == {}


@pytest.fixture
def no_alert_can_be_written(transactional_db):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE reminders_alert ADD CONSTRAINT full_up CHECK (false)")
        yield
        cursor.execute("ALTER TABLE reminders_alert DROP CONSTRAINT full_up")


def test_answers_are_not_kept_without_their_alert(no_alert_can_be_written):
    patient, _ = asked_on_day_7()

    with pytest.raises(IntegrityError):
        hand_in(patient, Q01="yes")

    assert not CheckIn.objects.exists()
    assert not CheckInAnswer.objects.exists()
