"""Words that are kept in English → the same words in the language of whoever reads them.

Workers write alerts while nobody looks, and outcomes are counted over years. What they write is
one of a few sentences; here each gets its translation when somebody reads it. What a clinic wrote
itself (the title of its own step, a note) stays as it was written.
"""

import re
from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, pgettext

from clinic.models import Role
from reminders.rules.by_hand import TEXTS_OF_THE_DAY, WHY_NOT
from reminders.rules.facts import FACT_NAMES
from reminders.staff.meanings import is_meaning, meaning_said
from reminders.staff.refusals import DECISIONS, REFUSALS, SETTINGS, SIGNATURES
from reminders.staff.shipped_words import shipped_said

# Written by the flow. What stands in braces is the clinic's or a person's own.
SENTENCES = (
    gettext_noop("A reply that may be urgent"),
    gettext_noop("Read the reply and call the patient now."),
    gettext_noop("A reply says: wrong person, or the patient has died"),
    gettext_noop("Read the reply. Messages wait until you resume them or end care."),
    gettext_noop("The patient stopped our texts"),
    gettext_noop("The patient stopped our mails"),
    gettext_noop("The patient stopped our emails"),
    gettext_noop("The patient stopped our texts, and started them again"),
    gettext_noop("The patient stopped our emails, and started them again"),
    gettext_noop("The carer, {person}, stopped our texts"),
    gettext_noop("The carer, {person}, stopped our emails"),
    gettext_noop("The carer, {person}, stopped our texts, and started them again"),
    gettext_noop("The carer, {person}, stopped our emails, and started them again"),
    gettext_noop("They go out again since {moment}. Close this when you have seen it."),
    gettext_noop("Check that they have the warning signs list and our numbers."),
    gettext_noop("Care has ended, so there is no page to open."),
    gettext_noop("There is no birth date on record, and the page asks for it."),
    gettext_noop("There is no channel that the patient allows and that works."),
    gettext_noop("A warning sign, reported on the patient's page"),
    gettext_noop("Call the patient now.\n{told}"),
    gettext_noop("Five wrong birth dates: the link to the patient's page is locked"),
    gettext_noop(
        "Ask the patient whether they tried. Check their birth date, mobile and email on record,"
        " then send a new link from their timeline."
    ),
    gettext_noop("The patient asks to change how they are reached"),
    gettext_noop(
        "Call the patient by the number on record, check that they asked, and change the record."
        " They wrote: {words}"
    ),
    gettext_noop(
        "Check that they have the warning signs list and our numbers."
        " The patient's own messages go on."
    ),
    gettext_noop("A reply that may be urgent, from {person}"),
    gettext_noop("Read the reply and call the carer, {person}, now."),
    gettext_noop("Read the reply and call {person} or the patient now."),
    gettext_noop("A reply says that {person} is the wrong person"),
    gettext_noop(
        "Read the reply. This carer is told no more; ask the patient for the right number."
    ),
    gettext_noop("Call the carer, {person}, and tell them what the message says."),
    gettext_noop("Call the patient."),
    gettext_noop("Check-in: a sign that needs help now"),
    gettext_noop("Check-in: call the patient today"),
    gettext_noop("Check-in: call the patient in the next two working days"),
    gettext_noop("A check-in to read"),
    gettext_noop("Read the answers and call where needed. Nobody has sorted them."),
    gettext_noop("No answer: {message}"),
    gettext_noop("No answer, asked twice: {message}"),
    gettext_noop("Call the patient once."),
    gettext_noop(
        "No receipt says that a message arrived. Call the patient today and check the number."
    ),
    gettext_noop("Done: it is on record."),
    gettext_noop(
        "Begin a draft from it, look at each message and its sources, and have it signed."
    ),
    gettext_noop("Not reached: {message}"),
    gettext_noop("Call the patient and tell them what the message says."),
    gettext_noop("The mobile number does not work"),
    gettext_noop("The email address does not work"),
    gettext_noop("The mobile number of {person} does not work"),
    gettext_noop("The email address of {person} does not work"),
    gettext_noop("Ask the patient for their mobile number and correct the record."),
    gettext_noop("Ask the patient for their email address and correct the record."),
    gettext_noop("Ask the carer for their mobile number and correct the record."),
    gettext_noop("Ask the carer for their email address and correct the record."),
    gettext_noop("Pulled by {person}: {message}"),
    gettext_noop("Look at it within one working day. Reason: {reason}"),
    gettext_noop("Nobody is on duty"),
    gettext_noop("{person}: no telephone number"),
    gettext_noop("{person}: no email address"),
    gettext_noop("Whoever is on duty"),
    gettext_noop("All: {role}"),
    gettext_noop("The clinic's address for staff"),
    gettext_noop("The clinic's number for same-day help"),
    gettext_noop("{pathway} was changed after it was signed. Nothing of it goes."),
    gettext_noop("{pathway}: safety content was due for review {day}"),
    gettext_noop("{pathway}: safety content is due for review by {day}"),
    gettext_noop("{pathway}: other content was due for review {day}"),
    gettext_noop("{pathway}: other content is due for review by {day}"),
    gettext_noop("{task} Rules: {rules}."),
    gettext_noop("Nobody works here as {role}"),
    gettext_noop("{person} works here no more"),
    gettext_noop("From version {number}."),
    gettext_noop("Followed by version {number}."),
    gettext_noop("Added {key}: {message}"),
    gettext_noop("Dropped {key}: {message}"),
)

# Single words: why a day is off, and roles as they stand beside a signature.
WORDS = (
    gettext_noop("the clinic is closed"),
    gettext_noop("Withdrawn."),
    gettext_noop("Reception"),
    gettext_noop("Physiotherapist"),
    gettext_noop("Nurse"),
    gettext_noop("Surgeon or clinical lead"),
    gettext_noop("Manager"),
    gettext_noop("Auditor"),
)

# Why a message may not be sent by hand.
BY_HAND = (
    *(words for _name, words in WHY_NOT),
    TEXTS_OF_THE_DAY,
    gettext_noop("Only a clinician of this clinic can send a message."),
    gettext_noop("This message is not in the patient's signed pathway."),
    gettext_noop("It has just gone out as planned."),
)

# What pathways are for, as their files call it.
PLACES_AND_PROCEDURES = (
    gettext_noop("cervical"),
    gettext_noop("thoracic"),
    gettext_noop("lumbar"),
    gettext_noop("mixed"),
    gettext_noop("hemilaminectomy"),
    gettext_noop("hemilaminotomy"),
    gettext_noop("laminotomy"),
    gettext_noop("laminectomy"),
    gettext_noop("microdiscectomy"),
    gettext_noop("foraminotomy"),
)


def kept_said(text: str) -> str:
    """Return what the flow has kept, in the language of whoever reads it."""
    for sentence, pattern in _PATTERNS:
        if found := pattern.fullmatch(text):
            parts = {name: _part_said(name, part) for name, part in found.groupdict().items()}
            return _(sentence).format(**parts)
    return _with_meaning(text)


def _part_said(name: str, part: str) -> str:
    if name != "role":
        return shipped_said(part)
    said = _(part[:1].upper() + part[1:])
    return said if part[:1].isupper() else said.lower()


def _with_meaning(text: str) -> str:
    """As in "Week 2 symptom check: worry"; else a title or a task by itself."""
    step, gap, meaning = text.rpartition(": ")
    if gap and is_meaning(meaning):
        return f"{shipped_said(step)}: {meaning_said(meaning)}"
    return shipped_said(text)


def because_said(because: str) -> str:
    """Return the facts beside a message, as in "dural tear, day case", in the reader's language."""
    return ", ".join(_(fact) for fact in because.split(", ")) if because else ""


def either_said(names: Iterable[str]) -> str:
    """Return facts, regions or procedures with an "or" between them, in the reader's language."""
    words = (_(FACT_NAMES.get(name, name.replace("_", " "))) for name in names)
    return pgettext("between two choices", " or ").join(words)


def role_said(role: str) -> str:
    """Return the role under which somebody signed, as in "surgeon or clinical lead"."""
    return str(dict(Role.choices).get(role, role)).lower()


def _pattern(sentence: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", sentence)
    parts[0::2] = [re.escape(part) for part in parts[0::2]]
    parts[1::2] = [f"(?P<{name}>.+)" for name in parts[1::2]]
    return re.compile("".join(parts), re.DOTALL)


_PATTERNS = tuple(
    (sentence, _pattern(sentence))
    for sentence in (*SENTENCES, *WORDS, *REFUSALS, *DECISIONS, *SETTINGS, *SIGNATURES, *BY_HAND)
)
