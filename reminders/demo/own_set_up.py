"""The demo clinic's own set-up: what people did before it went live, done as the panel does it."""

from datetime import datetime

from clinic.models import Channel, Clinic, Staff
from reminders.flow.sending_tests import (
    addresses_for,
    ask_for_test,
    code_of,
    confirm_test,
    latest_test,
)
from reminders.flow.version_history import note
from reminders.models import PathwayVersion, VersionEventKind, VersionStatus


def try_everything(clinic: Clinic, *, by: Staff, now: datetime) -> None:
    """Ask for a test of both channels, and look at a made-up patient of each live pathway."""
    for channel in Channel:
        to = next(iter(addresses_for(clinic, channel)))
        ask_for_test(clinic.pk, channel=channel, to=to, by=by, now=now)
    for version in PathwayVersion.objects.filter(pathway__clinic=clinic, status=VersionStatus.LIVE):
        note(version, kind=VersionEventKind.TRIED, by=by, now=now)


def type_the_codes(clinic: Clinic) -> None:
    """Type the code of each test that went out, as whoever asked for it. Twice is once."""
    for channel in Channel:
        test = latest_test(clinic, channel)
        if test is not None and not test.has_arrived and test.delivery.attempts_made:
            code = code_of(test)
            confirm_test(clinic.pk, channel=channel, code=code, by=test.asked_by, now=test.asked_at)
