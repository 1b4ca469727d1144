"""A message that a person wants to send now → why it may not go, in the words staff read.

Pure. Source: docs/adr/0016-holds-and-shifts.md, reliability.md H31 and H32, clinical.md SR-16.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from reminders.rules.marking import gettext_noop


@dataclass(frozen=True, slots=True)
class ByHand:
    """What is known when a person is about to send. Each True forbids it, but for `is_safety`."""

    is_safety: bool  # warning signs, or of high priority: the day's limit does not count
    deceased: bool = False
    care_ended: bool = False
    patient_on_hold: bool = False
    operation_cancelled: bool = False
    on_hold: bool = False
    not_confirmed: bool = False
    sending_stopped: bool = False
    not_live: bool = False
    numbers_missing: bool = False
    not_signed: bool = False
    pulled: bool = False
    review_overdue: bool = False
    permits_too_soon: bool = False
    had_lately: bool = False


WHY_NOT = (
    ("deceased", gettext_noop("The patient has died.")),
    ("care_ended", gettext_noop("Care has ended.")),
    ("patient_on_hold", gettext_noop("The patient is on hold.")),
    ("operation_cancelled", gettext_noop("The operation was called off.")),
    ("on_hold", gettext_noop("The plan is on hold, and this message waits with it.")),
    (
        "not_confirmed",
        gettext_noop("It speaks of the time after the operation, which nobody has confirmed."),
    ),
    ("sending_stopped", gettext_noop("The clinic has stopped sending.")),
    ("not_live", gettext_noop("The clinic has not gone live yet.")),
    ("numbers_missing", gettext_noop("The clinic's numbers are not complete.")),
    ("not_signed", gettext_noop("The content is not signed as it stands.")),
    ("pulled", gettext_noop("Somebody pulled this message.")),
    ("review_overdue", gettext_noop("The review date of this tip has passed.")),
    (
        "permits_too_soon",
        gettext_noop("It says that something may start which this patient may not do yet."),
    ),
    (
        "had_lately",
        gettext_noop("The patient had this message in the last 24 hours, or it is on its way."),
    ),
)
TEXTS_OF_THE_DAY = gettext_noop("The patient has had the day's texts. Send it by email, or call.")


def why_not(known: ByHand) -> Iterator[str]:
    """Yield each reason for which the message may not go at all, the gravest first."""
    for name, words in WHY_NOT:
        if getattr(known, name):
            yield words


def texts_are_used_up(known: ByHand, *, texts_today: int, texts_a_day: int) -> bool:
    """True when another text would be more than the clinic sends on a day; safety may exceed it."""
    return texts_today >= texts_a_day and not known.is_safety


def has_words(query: str, told: Iterable[str]) -> bool:
    """True when each word of a search stands in what is told, in any case of letters."""
    said = " ".join(told).casefold()
    return all(word in said for word in query.casefold().split())
