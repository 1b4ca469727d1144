"""What the demo's nurse has written down about her calls can be told from the rows."""

import pytest

from reminders.demo.calls import OUT, RANG, log_calls
from reminders.models import AlertKind, Direction, PhoneCall
from tests.factories import NOON, AlertFactory, ClinicFactory, PatientFactory, StaffFactory


@pytest.mark.django_db
def test_the_calls_of_the_cast_are_written_down_and_one_silent_patient_waits_for_the_next_try():
    clinic = ClinicFactory()
    numbers = [RANG[0], *(one[0] for one in OUT)]
    patients = {n: PatientFactory(clinic=clinic, record_number=n) for n in numbers}
    silent = AlertFactory(patient=patients["D-0002"], kind=AlertKind.SILENT)

    log_calls(clinic, by=StaffFactory(clinic=clinic), now=NOON)

    calls = PhoneCall.objects.standing()
    assert calls.count() == 1 + len(OUT)
    assert calls.get(direction=Direction.IN).patient == patients["D-0006"]
    silent.refresh_from_db()
    assert silent.try_again_at > NOON
