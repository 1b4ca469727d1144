"""What the records refuse, in their forms and in the database, and the words they answer."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from clinic.models import Channel, Clinic, Closure, Consent, ConsentSource, Patient, Role
from clinic.models.consent import record_consent
from clinic.models.staff import CLINICIANS
from tests.factories import (
    NOON,
    ClinicFactory,
    ClosureFactory,
    ConsentFactory,
    PatientFactory,
    StaffFactory,
    SurgeryFactory,
)

pytestmark = pytest.mark.django_db


def refuses(make, **values):
    with transaction.atomic(), pytest.raises(IntegrityError):
        make(**values)
    return True


def fields_refused(row):
    with pytest.raises(ValidationError) as refused:
        row.clean()
    return set(refused.value.message_dict)


class TestClinic:
    @pytest.mark.parametrize("number", ["phone", "urgent_phone", "emergency_phone"])
    @pytest.mark.parametrize("empty", ["", "  "])
    def test_names_the_numbers_it_lacks(self, number, empty):
        assert ClinicFactory(**{number: empty}).missing_numbers == [number]

    def test_lacks_nothing_without_a_number_for_bookings(self):
        assert ClinicFactory(booking_phone="").missing_numbers == []

    @pytest.mark.parametrize(
        "why",
        [
            {"live_since": None},
            {"sending_stopped_at": NOON},
            {"phone": ""},
            {"urgent_phone": ""},
            {"emergency_phone": ""},
        ],
    )
    def test_is_silent_when_stopped_or_without_its_numbers(self, why):
        ClinicFactory()
        silent = ClinicFactory(**why)

        assert list(Clinic.objects.silent()) == [silent]

    @pytest.mark.parametrize("typed", ["+447700900900", " +44 7700 900-900"])
    def test_refuses_the_number_that_another_clinic_sends_from(self, typed):
        ClinicFactory(sms_sender="+447700900900")

        with pytest.raises(ValidationError, match=r"Another clinic sends its texts from this"):
            ClinicFactory.build(sms_sender=typed).full_clean()

    @pytest.mark.parametrize("sender", ["", "Harbourside"])
    def test_may_share_a_sender_that_takes_no_answers(self, sender):
        ClinicFactory(sms_sender=sender)
        ClinicFactory.build(sms_sender=sender).full_clean()

        assert ClinicFactory(sms_sender=sender).pk

    def test_cannot_be_given_the_number_of_another_clinic_by_any_door(self):
        ClinicFactory(sms_sender="60123")

        with pytest.raises(IntegrityError, match="clinic_has_its_own_number"):
            ClinicFactory(sms_sender="60123")

    @pytest.mark.parametrize(
        ("typed", "kept"),
        [
            ("+44 (7700) 900-900", "+447700900900"),
            (" 60123 ", "60123"),
            (" St Mary's ", "St Mary's"),
            ("MG0123", "MG0123"),
        ],
    )
    def test_keeps_its_number_as_the_provider_writes_it(self, typed, kept):
        clinic = ClinicFactory.build(sms_sender=typed)

        clinic.clean()

        assert clinic.sms_sender == kept

    @pytest.mark.parametrize(
        ("field", "value"),
        [("zone", "Foo/Bar"), ("zone", "EST"), ("workdays", "mon,someday"), ("workdays", " , "),
         ("country", "UK"), ("country", "England"), ("language", "klingon")],
    )  # fmt: skip
    def test_refuses_a_place_and_days_that_are_none(self, field, value):
        assert fields_refused(ClinicFactory.build(**{field: value})) == {field}

    def test_takes_a_country_and_a_language_however_they_are_written(self):
        clinic = ClinicFactory.build(country=" gb", language="English")

        clinic.clean()

        assert (clinic.country, clinic.language) == ("GB", "en")

    @pytest.mark.parametrize(
        ("quiet_from", "quiet_until"),
        [
            (time(8), time(8)),  # D37
            (time(8), time(20)),
            (time(11), time(8)),
        ],
    )
    def test_refuses_quiet_hours_that_leave_no_time_to_send(self, quiet_from, quiet_until):
        clinic = ClinicFactory.build(quiet_from=quiet_from, quiet_until=quiet_until)

        assert fields_refused(clinic) <= {"quiet_from", "quiet_until"}

    def test_takes_patients_mobiles_of_its_own_country_unless_it_says_otherwise(self):
        assert ClinicFactory.build(country="GB").mobile_countries == ("GB",)
        listed = ClinicFactory.build(allowed_countries="gb, IE,")
        assert listed.mobile_countries == ("GB", "IE")


class TestClosure:
    def test_covers_its_first_and_its_last_day(self):
        closure = Closure(first_day=date(2026, 3, 9), last_day=date(2026, 3, 10))

        covered = [day for day in range(8, 12) if closure.covers(date(2026, 3, day))]
        assert covered == [9, 10]

    def test_cannot_end_before_it_begins(self):
        last_day = date(2026, 3, 8)
        assert refuses(ClosureFactory, first_day=date(2026, 3, 9), last_day=last_day)


class TestStaff:
    def test_belong_to_a_clinic_unless_they_run_the_installation(self):
        assert StaffFactory(clinic=None, is_superuser=True).pk
        assert refuses(StaffFactory, clinic=None)

    @pytest.mark.parametrize("role", Role)
    def test_clinicians_are_those_who_may_review_content(self, role):
        assert StaffFactory.build(role=role).is_clinician is (role in CLINICIANS)


class TestPatient:
    def test_is_one_for_each_record_number_of_a_clinic(self):
        patient = PatientFactory()

        assert PatientFactory(record_number=patient.record_number).pk
        same = {"record_number": patient.record_number, "clinic": patient.clinic}
        assert refuses(PatientFactory, **same)

    def test_keeps_no_mobile_that_is_not_in_international_form(self):
        assert PatientFactory(mobile="").pk
        assert refuses(PatientFactory, mobile="07700900123")

    def test_is_put_into_its_kept_form(self):
        patient = PatientFactory.build(
            clinic=ClinicFactory(), mobile="07700 900123", given_name="  Ann  Lee "
        )

        patient.clean()

        assert (patient.mobile, patient.given_name) == ("+447700900123", "Ann Lee")

    def test_is_told_of_all_that_is_wrong_at_once(self):
        patient = PatientFactory.build(
            clinic=ClinicFactory(), mobile="999", email="ana@", family_name=" ", zone="Foo/Bar"
        )

        assert fields_refused(patient) == {"mobile", "email", "family_name", "zone"}

    def test_lives_in_the_clinics_zone_unless_the_record_says_otherwise(self):
        assert PatientFactory.build(zone="").tz.key == "Europe/London"
        assert PatientFactory.build(zone="Asia/Tokyo").tz.key == "Asia/Tokyo"

    def test_with_an_operation_cannot_be_deleted(self):
        surgery = SurgeryFactory()

        with pytest.raises(ProtectedError):
            surgery.patient.delete()


class TestSurgery:
    TOMORROW = date(2026, 3, 4)

    @pytest.fixture(autouse=True)
    def at_noon(self, time_machine):
        time_machine.move_to(NOON, tick=False)

    @pytest.mark.parametrize("day", [date(1899, 12, 31), date(2200, 1, 1)])
    def test_has_a_possible_date_whatever_door_it_comes_through(self, day):
        assert refuses(SurgeryFactory, surgery_date=day)

    @pytest.mark.parametrize(
        ("field", "values"),
        [
            ("surgery_date", {"surgery_date": date(2029, 3, 3)}),  # D02
            ("discharge_date", {"discharge_date": date(2026, 3, 1)}),
            ("hold_reason", {"on_hold": True, "hold_reason": " "}),
            ("status", {"status": "confirmed", "surgery_date": TOMORROW}),
            ("collar", {"region": "lumbar", "collar": "soft"}),
            ("approach_anterior", {"region": "lumbar", "approach_anterior": True}),
        ],
    )
    def test_refuses_what_cannot_be(self, field, values):
        surgery = SurgeryFactory(patient=PatientFactory())
        for name, value in values.items():
            setattr(surgery, name, value)

        if field == "surgery_date":
            with pytest.raises(ValidationError):
                surgery.clean()
        else:
            assert fields_refused(surgery) == {field}

    @pytest.mark.parametrize(
        "values",
        [
            {"surgery_date": TOMORROW, "status": "planned"},  # D01
            {"discharge_date": date(2026, 3, 2)},
            {"surgery_date": date(2026, 3, 3)},
            {"on_hold": True, "hold_reason": "Away for a month"},
            {"region": "cervical", "collar": "hard", "approach_anterior": True},
            {"region": "mixed", "collar": "soft"},
        ],
    )
    def test_takes_what_can_be(self, values):
        surgery = SurgeryFactory(**values)

        surgery.clean()

    def test_is_stale_until_it_is_planned_at_its_revision(self):
        stale = SurgeryFactory()
        SurgeryFactory(planned_revision=1)

        assert list(type(stale).objects.stale()) == [stale]


class TestConsent:
    def test_the_latest_word_of_each_channel_is_in_force(self):
        patient = PatientFactory(consented=())
        ConsentFactory(patient=patient, given=True, at=NOON)
        stop = ConsentFactory(patient=patient, given=False, at=NOON + timedelta(seconds=1))
        mail = ConsentFactory(patient=patient, channel=Channel.EMAIL, at=NOON)

        assert set(Consent.objects.in_force([patient.pk])) == {stop, mail}

    def test_of_two_words_at_one_moment_the_one_written_down_last_holds(self):
        patient = PatientFactory(consented=())
        ConsentFactory(patient=patient, given=True, at=NOON)
        last = ConsentFactory(patient=patient, given=False, at=NOON)

        assert Consent.objects.in_force([patient.pk]).get() == last

    def test_a_stop_that_arrives_late_does_not_undo_a_later_start(self):  # R14
        patient = PatientFactory(consented=())
        start = ConsentFactory(patient=patient, given=True, at=NOON + timedelta(seconds=2))
        ConsentFactory(patient=patient, given=False, at=NOON)

        assert Consent.objects.in_force([patient.pk]).get() == start

    def test_of_other_patients_are_left_out(self):
        ConsentFactory()

        assert not Consent.objects.in_force([PatientFactory(consented=()).pk]).exists()

    def test_written_down_by_staff_names_them(self):
        assert refuses(ConsentFactory, source=ConsentSource.STAFF)
        assert ConsentFactory(source=ConsentSource.STAFF, recorded_by=StaffFactory()).pk

    def test_keeps_the_beginning_of_a_long_answer(self):
        consent = record_consent(
            PatientFactory(),
            channel=Channel.SMS,
            given=False,
            at=datetime(2026, 3, 3, tzinfo=UTC),
            source=ConsentSource.REPLY,
            wording="stop " * 100,
        )

        assert len(consent.wording) == 200


def test_a_change_of_a_patient_is_kept_with_what_was_there_before():
    patient = PatientFactory(given_name="Ana")
    patient.given_name = "Anna"
    patient.save()

    names = Patient.history.filter(id=patient.pk).values_list("given_name", flat=True)
    assert list(names) == ["Anna", "Ana"]
