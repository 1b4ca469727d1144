"""Time zones: a place on the map, never an offset or an abbreviation."""

from __future__ import annotations

from functools import lru_cache
from zoneinfo import available_timezones

from clinic.verdicts.verdict import Rejected, Verdict, shown

_AREAS = frozenset(
    [
        "Africa",
        "America",
        "Antarctica",
        "Arctic",
        "Asia",
        "Atlantic",
        "Australia",
        "Europe",
        "Indian",
        "Pacific",
    ]
)
_OLD_NAMES = {
    "us/alaska": "America/Anchorage",
    "us/arizona": "America/Phoenix",
    "us/central": "America/Chicago",
    "us/eastern": "America/New_York",
    "us/hawaii": "Pacific/Honolulu",
    "us/mountain": "America/Denver",
    "us/pacific": "America/Los_Angeles",
}
_HINT = "Write a place such as Europe/London or America/New_York."
_LONGEST_ZONE = 64


def zone(text: str) -> Verdict[str]:
    """Return the IANA name of a zone that follows a place's own clock changes.

    Raises Rejected for offsets (GMT+1), abbreviations (EST), unknown names and nothing at all:
    a reminder at 09:00 needs the rules of a place. "UTC" is taken with a warning.
    """
    wanted = text.strip()
    if not wanted:
        raise Rejected("empty", "The time zone is missing.", _HINT)
    if wanted.upper() == "UTC":
        return Verdict("UTC", warnings=("UTC has no summer time. Is there no place nearer?",))
    found = _places().get(wanted[:_LONGEST_ZONE].lower())
    if found is None:
        raise Rejected("unknown_zone", f'"{shown(wanted)}" is not the time zone of a place.', _HINT)
    return Verdict(found, fixes=(f"Written as {found}.",) if found != text else ())


@lru_cache(maxsize=1)
def _places() -> dict[str, str]:
    named = {name.lower(): name for name in available_timezones() if name.split("/")[0] in _AREAS}
    return named | _OLD_NAMES
