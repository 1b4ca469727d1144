"""An hour of the day → the words for it in a text to a patient."""

from datetime import time

NOON, MIDNIGHT = time(12), time(0)


def told_hour(hour: time, *, language: str) -> str:
    """Return the hour as it is read in this language, without any full stop in it.

    English says "7:30am", "5pm", "noon" and "midnight" ("12pm" is read both ways); every other
    language "07:30". "a.m." would end in a full stop of its own, so that a sentence that ends in
    the hour ended in two. Seconds are left out.
    """
    if language != "en":
        return f"{hour:%H:%M}"
    hour = hour.replace(second=0, microsecond=0)
    if hour in (NOON, MIDNIGHT):
        return "noon" if hour == NOON else "midnight"
    minutes = f":{hour:%M}" if hour.minute else ""
    return f"{hour.hour % 12 or 12}{minutes}{'am' if hour.hour < 12 else 'pm'}"
