"""What a patient wrote means, row by row of list R; urgency may only go up."""

from reminders.rules.triage import Heard, understand


def test_stop_alone_is_an_opt_out():
    assert understand("STOP", open_codes=[]).heard is Heard.OPT_OUT
