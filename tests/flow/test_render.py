"""The words of one message, filled with what the record says."""

from datetime import date, time

import pytest

from clinic.models import Channel, Patient, Surgery
from reminders.flow.render import render
from reminders.models import Anchor, Step, StepText
from tests.factories import ClinicFactory


@pytest.mark.parametrize(
    ("language", "told"), [("en", "Be here at 7:30am."), ("es", "Be here at 07:30.")]
)
@pytest.mark.parametrize("channel", Channel)
def test_a_sentence_that_ends_in_an_hour_ends_in_one_full_stop(channel, language, told):
    words = "Be here at {time}."
    text = StepText(language=language, sms=words, subject="Hello", heading="Hello", email=words)
    arrival = Surgery(surgery_date=date(2026, 3, 2), arrival_time=time(7, 30))

    message = render(
        Step(key="day_before", anchor=Anchor.SURGERY),
        patient=Patient(language=language),
        clinic=ClinicFactory.build(),
        surgery=arrival,
        channel=channel,
        text=text,
    )

    assert told in message.text
    assert ".." not in message.text
