from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from django.db import OperationalError, connection
from sample_tables import ANN, rows_of

from clinic.intake import importing
from clinic.intake.importing import apply, preview
from clinic.intake.outcomes import Action
from clinic.models import (
    Channel,
    Clinic,
    Consent,
    ConsentSource,
    Patient,
    PatientStatus,
    Staff,
    Surgery,
    SurgeryStatus,
)


@pytest.fixture
def bring_in(clinic, importer, now):
    """Import rows and return what became of each."""

    def bring(*rows, at=now, to=clinic):
        return list(apply(rows_of(*rows), clinic=to, now=at, by=importer))

    return bring


def actions(outcomes):
    return [outcome.action for outcome in outcomes]


def person_numbered(number, **values):
    return (
        ANN | {"record_number": f"R{number:05}", "mobile": "", "given_name": f"A{number}"} | values
    )


class TestFirstImport:
    def test_keeps_the_patient_and_the_surgery_as_written(self, bring_in, now):
        (outcome,) = bring_in(ANN | {"side": "Left", "levels": "L4-L5", "smoker": "yes"})

        patient, surgery = Patient.objects.get(), Surgery.objects.get()
        assert outcome.action is Action.CREATE
        assert (patient.record_number, patient.mobile) == ("00123", "+447700900123")
        assert (patient.birth_date, patient.created_at) == (date(1980, 5, 17), now)
        assert (surgery.surgery_date, surgery.status) == (date(2026, 3, 10), SurgeryStatus.PLANNED)
        assert (surgery.side, surgery.levels, surgery.smoker) == ("left", "L4/5", True)
        assert surgery.enrolled_at == now

    def test_is_kept_in_the_history_with_who_did_it(self, bring_in, importer):
        bring_in(ANN)

        assert Patient.history.get().history_user == importer
        assert Surgery.history.get().history_change_reason == "import"

    def test_keeps_the_good_rows_and_says_what_is_wrong_with_the_bad(self, bring_in):
        bad = ANN | {"record_number": "7", "mobile": "+441174960860", "zone": "GMT+1"}

        outcomes = bring_in(ANN, bad)

        assert actions(outcomes) == [Action.CREATE, Action.REJECT]
        assert {problem.field for problem in outcomes[1].problems} == {"mobile", "zone"}
        assert all(p.value and p.what and p.hint for p in outcomes[1].problems)
        assert Patient.objects.get().record_number == "00123"

    def test_names_the_line_in_the_file(self, bring_in):
        outcomes = bring_in(ANN, ANN | {"record_number": ""})

        assert [outcome.line for outcome in outcomes] == [2, 3]

    def test_of_a_table_without_contact_columns_warns(self, bring_in):
        (outcome,) = bring_in(ANN | {"mobile": "", "email": ""})

        assert "neither" in outcome.warnings[0]

    def test_looks_at_the_dates_together(self, bring_in):
        outcomes = bring_in(
            ANN | {"record_number": "1", "discharge_date": "2026-03-09"},
            ANN | {"record_number": "2", "surgery_date": "1979-03-09"},
            ANN | {"record_number": "3", "status": "confirmed"},
        )

        fields = [[problem.field for problem in outcome.problems] for outcome in outcomes]
        assert fields == [["discharge_date"], ["surgery_date"], ["status"]]

    def test_keeps_the_facts_of_a_neck_and_refuses_them_of_a_back(self, bring_in):
        neck = {"from the front": "yes", "collar": "Hard collar"}

        outcomes = bring_in(
            ANN | {"region": "neck"} | neck, ANN | {"record_number": "2", "region": "lumbar"} | neck
        )

        surgery = Surgery.objects.get()
        assert (surgery.approach_anterior, surgery.collar) == (True, "hard")
        refused = {problem.field for problem in outcomes[1].problems}
        assert refused == {"approach_anterior", "collar"}

    def test_of_swapped_columns_gives_every_row_one_hint(self, bring_in):
        outcomes = bring_in(*[ANN | {"mobile": "ann@example.com", "email": "07700 900123"}] * 3)

        assert actions(outcomes) == [Action.REJECT] * 3
        assert all("swapped" in outcome.problems[0].what for outcome in outcomes)
        assert all(len(outcome.problems) == 1 for outcome in outcomes)


class TestPreview:
    def test_writes_nothing_and_promises_what_happens(self, clinic, bring_in, now):
        rows = [ANN, ANN | {"record_number": "7", "email": "nobody"}, ANN, ANN | {"driver": "?"}]
        promised = list(preview(rows_of(*rows), clinic=clinic, now=now))

        assert not Patient.objects.exists()
        assert bring_in(*rows) == promised

    def test_of_a_known_patient_names_the_fields_that_change(self, clinic, bring_in, now):
        bring_in(ANN)

        rows = rows_of(ANN | {"email": "ann@example.net", "smoker": "yes"})
        (outcome,) = preview(rows, clinic=clinic, now=now)

        assert (outcome.action, outcome.changes) == (Action.UPDATE, ("email", "smoker"))
        assert Patient.objects.get().email == "ann@example.com"


class TestSecondImport:
    def test_of_the_same_file_changes_nothing(self, bring_in, now):
        everything = ANN | {
            "consent_sms": "yes",
            "status": "planned",
            "discharge_date": "2026-03-11",
        }
        bring_in(everything)

        outcomes = bring_in(everything, at=now + timedelta(days=1))

        assert actions(outcomes) == [Action.UNCHANGED]
        assert (Patient.history.count(), Surgery.history.count()) == (1, 1)
        assert Consent.objects.count() == 1
        assert Surgery.objects.get().revision == 1

    def test_changes_only_what_differs(self, bring_in):
        bring_in(ANN | {"smoker": "yes"})

        (outcome,) = bring_in(ANN | {"smoker": "", "email": "ann@example.net"})

        assert outcome.changes == ("email",)
        assert Patient.objects.get().email == "ann@example.net"
        assert Surgery.objects.get().smoker is True

    def test_moves_an_operation_that_has_not_taken_place(self, bring_in):
        bring_in(ANN)

        (outcome,) = bring_in(ANN | {"surgery_date": "2026-03-17"})

        surgery = Surgery.objects.get()
        assert outcome.changes == ("surgery_date",)
        assert "moves from 2026-03-10" in outcome.warnings[0]
        assert (surgery.surgery_date, surgery.revision) == (date(2026, 3, 17), 2)

    def test_forgets_that_the_old_address_failed(self, bring_in, now):
        bring_in(ANN)
        Patient.objects.update(mobile_failed_at=now)

        bring_in(ANN | {"mobile": "+447700900124"})

        assert Patient.objects.get().mobile_failed_at is None

    def test_takes_a_later_operation_as_another_one(self, bring_in):
        done = ANN | {"surgery_date": "2025-03-01", "status": "confirmed"}
        bring_in(done)

        (outcome,) = bring_in(ANN)

        assert outcome.changes == ("surgery",)
        assert Surgery.objects.count() == 2


class TestConflict:
    def assert_nothing_was_taken(self, outcome, *, field):
        assert outcome.action is Action.CONFLICT
        assert outcome.problems[0].field == field
        assert Patient.history.count() == Surgery.history.count() == 1

    def test_of_birth_dates_never_merges_two_people(self, bring_in):
        bring_in(ANN)

        (outcome,) = bring_in(ANN | {"birth_date": "1980-05-18", "email": "other@example.com"})

        self.assert_nothing_was_taken(outcome, field="birth_date")

    def test_of_names_without_a_birth_date_never_merges_two_people(self, bring_in):
        bring_in(ANN | {"birth_date": ""})

        (outcome,) = bring_in(ANN | {"family_name": "Moss"})

        self.assert_nothing_was_taken(outcome, field="family_name")

    def test_of_a_date_near_an_operation_that_took_place(self, bring_in):
        bring_in(ANN | {"surgery_date": "2026-03-01", "status": "confirmed"})

        (outcome,) = bring_in(ANN | {"surgery_date": "2026-03-02"})

        self.assert_nothing_was_taken(outcome, field="surgery_date")

    def test_of_an_old_table_never_revives_a_cancelled_operation(self, bring_in):
        bring_in(ANN | {"status": "cancelled"})

        (outcome,) = bring_in(ANN | {"status": "planned"})

        self.assert_nothing_was_taken(outcome, field="status")

    def test_of_a_moved_surgery_with_the_known_discharge(self, bring_in):
        bring_in(ANN | {"discharge_date": "2026-03-11"})

        (outcome,) = bring_in(ANN | {"surgery_date": "2026-03-17"})

        self.assert_nothing_was_taken(outcome, field="surgery_date")

    def test_an_old_table_never_takes_back_a_confirmation(self, bring_in):
        done = ANN | {"surgery_date": "2026-03-01"}
        bring_in(done | {"status": "confirmed"})

        (outcome,) = bring_in(done | {"status": "planned"})

        assert outcome.action is Action.UNCHANGED
        assert Surgery.objects.get().status == SurgeryStatus.CONFIRMED

    def test_a_patient_who_has_died_is_left_alone(self, bring_in):
        bring_in(ANN)
        Patient.objects.update(status=PatientStatus.DECEASED)

        (outcome,) = bring_in(ANN | {"email": "new@example.com"})

        assert outcome.action is Action.SKIP
        assert Patient.objects.get().email == "ann@example.com"


class TestConsent:
    def test_is_written_down_with_who_when_and_which_column(self, bring_in, importer, now):
        bring_in(ANN | {"consent_sms": "Y", "consent_email": ""})

        word = Consent.objects.get()
        assert (word.channel, word.given, word.at) == (Channel.SMS, True, now)
        assert (word.source, word.recorded_by) == (ConsentSource.IMPORT, importer)
        assert word.wording == "imported: consent_sms"

    @pytest.mark.parametrize("text", ["", "no", "0"])
    def test_that_was_not_given_is_not_there(self, bring_in, text):
        bring_in(ANN | {"consent_sms": text})

        assert not Consent.objects.exists()

    def test_in_a_word_that_is_neither_yes_nor_no_refuses_the_row(self, bring_in):
        (outcome,) = bring_in(ANN | {"consent_sms": "probably"})

        assert outcome.problems[0].field == "consent_sms"

    def test_in_one_column_for_both_counts_for_both(self, bring_in):
        bring_in(ANN | {"consent": "x"})

        assert set(Consent.objects.values_list("channel", flat=True)) == {"sms", "email"}

    @pytest.mark.parametrize("source", sorted(set(ConsentSource) - {ConsentSource.IMPORT}))
    def test_is_never_given_again_after_a_stop(self, bring_in, importer, now, source):
        bring_in(ANN | {"consent_sms": "yes"})
        Consent.objects.create(
            patient=Patient.objects.get(),
            channel=Channel.SMS,
            given=False,
            at=now + timedelta(hours=1),
            source=source,
            recorded_by=importer,
            wording="STOP",
        )

        (outcome,) = bring_in(ANN | {"consent_sms": "yes"}, at=now + timedelta(days=1))

        assert outcome.action is Action.UNCHANGED
        assert "said stop" in outcome.warnings[0]
        assert Consent.objects.filter(given=True).count() == 1

    def test_a_plain_no_takes_back_what_was_given_and_a_blank_does_not(self, bring_in, now):
        bring_in(ANN | {"consent_sms": "yes", "consent_email": "yes"})

        bring_in(ANN | {"consent_sms": "no", "consent_email": ""}, at=now + timedelta(days=1))

        latest = Consent.objects.in_force([Patient.objects.get().pk])
        assert {word.channel: word.given for word in latest} == {"sms": False, "email": True}


class TestMixUps:
    def test_the_same_row_twice_is_kept_once_and_said(self, bring_in):
        outcomes = bring_in(ANN, ANN)

        assert actions(outcomes) == [Action.CREATE, Action.SKIP]
        assert "Line 2" in outcomes[1].warnings[0]

    def test_one_record_number_with_two_stories_is_a_conflict(self, bring_in):
        outcomes = bring_in(ANN, ANN | {"family_name": "Moss"})

        assert actions(outcomes) == [Action.CREATE, Action.CONFLICT]
        assert Patient.objects.get().family_name == "Lee"

    @pytest.mark.parametrize("together", [True, False])
    def test_record_numbers_that_differ_in_zeros_are_two_and_warned_of(self, bring_in, together):
        other = person_numbered(1, record_number="123", birth_date="1971-01-05")
        outcomes = bring_in(ANN, other) if together else bring_in(ANN) + bring_in(other)

        assert actions(outcomes) == [Action.CREATE, Action.CREATE]
        assert "Only the zeros differ" in " ".join(outcomes[1].warnings)

    @pytest.mark.parametrize("together", [True, False])
    def test_a_shared_mobile_is_kept_and_warned_of(self, bring_in, together):
        other = person_numbered(2, mobile="+447700900123", birth_date="1971-01-05")
        outcomes = bring_in(ANN, other) if together else bring_in(ANN) + bring_in(other)

        assert actions(outcomes) == [Action.CREATE, Action.CREATE]
        assert "mobile" in " ".join(outcomes[1].warnings)

    @pytest.mark.parametrize("together", [True, False])
    def test_the_same_person_under_two_numbers_is_warned_of(self, bring_in, together):
        other = ANN | {"record_number": "R2", "mobile": "", "given_name": "ANN"}
        outcomes = bring_in(ANN, other) if together else bring_in(ANN) + bring_in(other)

        assert actions(outcomes) == [Action.CREATE, Action.CREATE]
        assert "same name and date of birth" in " ".join(outcomes[1].warnings)

    def test_a_record_number_of_another_clinic_is_unknown_here(self, bring_in, clinic):
        bring_in(ANN)
        other = Clinic.objects.create(
            key="hill", name="Hill", country="GB", zone="Europe/London", phone="01632 960001"
        )

        (outcome,) = bring_in(ANN | {"birth_date": "1990-01-02"}, to=other)

        assert outcome.action is Action.CREATE
        assert not outcome.warnings


class TestBatches:
    @pytest.fixture
    def queries_for(self, clinic, now, importer, django_assert_max_num_queries):
        def count(rows, *, most):
            with django_assert_max_num_queries(most) as seen:
                outcomes = list(apply(rows, clinic=clinic, now=now, by=importer))
            return len(seen), actions(outcomes)

        return count

    def test_cost_the_same_queries_whatever_their_size(self, queries_for):
        few = [person_numbered(n, consent_sms="yes") for n in range(3)]
        many = [person_numbered(n, consent_sms="yes") for n in range(100, 300)]

        assert queries_for(rows_of(*few), most=20)[0] == queries_for(rows_of(*many), most=20)[0]

    def test_of_changes_cost_the_same_queries_whatever_their_size(self, queries_for, bring_in):
        people = [person_numbered(n) for n in range(200)]
        bring_in(*people)
        changed = [person | {"smoker": "yes", "email": "new@example.com"} for person in people]

        first, _ = queries_for(rows_of(*changed[:3]), most=20)
        rest, seen = queries_for(rows_of(*changed[3:]), most=20)

        assert first == rest
        assert seen == [Action.UPDATE] * 197

    def test_are_each_kept_before_the_next_begins(self, monkeypatch, clinic, now, importer):
        monkeypatch.setattr(importing, "ROWS_PER_BATCH", 2)
        rows = rows_of(*[person_numbered(n) for n in range(5)])

        outcomes = apply(rows, clinic=clinic, now=now, by=importer)
        next(outcomes)

        assert Patient.objects.count() == 2

    def test_in_a_file_of_bad_rows_only_write_nothing(self, bring_in):
        outcomes = bring_in(*[ANN | {"birth_date": "yesterday"}] * 3)

        assert actions(outcomes) == [Action.REJECT] * 3
        assert not Patient.objects.exists()


class TestTwoAtOnce:
    @pytest.fixture
    def held_by_another_import(self):
        """Hold a clinic's row as an import that is running elsewhere does."""

        @contextmanager
        def hold(clinic):
            elsewhere = connection.copy()
            elsewhere.set_autocommit(False)
            try:
                with elsewhere.cursor() as cursor:
                    cursor.execute(
                        "SELECT id FROM clinic_clinic WHERE id = %s FOR NO KEY UPDATE", [clinic.pk]
                    )
                    yield
            finally:
                elsewhere.rollback()
                elsewhere.close()

        return hold

    @pytest.mark.django_db(transaction=True)
    def test_take_turns(self, clinic, now, held_by_another_import):
        with held_by_another_import(clinic), connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '100ms'")
            with pytest.raises(OperationalError):
                list(apply(rows_of(ANN), clinic=clinic, now=now, by=None))
            cursor.execute("SET lock_timeout = 0")

        assert not Patient.objects.exists()
        outcomes = list(apply(rows_of(ANN), clinic=clinic, now=now, by=None))
        assert actions(outcomes) == [Action.CREATE]


def test_nobody_is_needed_to_import(clinic, now):
    outcomes = list(apply(rows_of(ANN | {"consent": "yes"}), clinic=clinic, now=now, by=None))

    assert actions(outcomes) == [Action.CREATE]
    assert Consent.objects.filter(recorded_by=None).count() == 2
    assert not Staff.objects.exists()
