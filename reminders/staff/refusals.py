"""What the flow answers where something cannot be done, as it writes it.

It says it in English, for whoever called it. The panel says it again in the reader's language.
"""

from django.utils.translation import gettext_noop

from reminders.rules.restrictions import OUTSIDE, OUTSIDE_NO_DAYS

REFUSALS = (
    gettext_noop("Only a draft can be handed in. This one is {state}."),
    gettext_noop("Only a version in review can be signed. This one is {state}."),
    gettext_noop("Only a version in review can be sent back. This one is {state}."),
    gettext_noop("Only an approved version can go live. This one is {state}."),
    gettext_noop("The author of a version cannot sign it. Ask a colleague."),
    gettext_noop("Only a surgeon, nurse or physiotherapist can sign content."),
    gettext_noop("Your registration number is missing. Ask the manager to enter it."),
    gettext_noop("Your role cannot send content back."),
    gettext_noop("Say what its writers should put right."),
    gettext_noop("The reason is too long. Keep it under {number} characters."),
    gettext_noop("Your role cannot put content live."),
    gettext_noop("Still missing: {signatures}."),
    gettext_noop("This content belongs to another clinic."),
    gettext_noop("The content has changed since it was handed in. Begin a new draft from it."),
    gettext_noop("{number} findings must be put right first. {findings}"),
    gettext_noop("Only a draft is edited; this one is {state}. Begin a draft from it."),
    gettext_noop("Your role cannot edit content."),
    gettext_noop("A colleague has dropped this step meanwhile."),
    gettext_noop("Say what is wrong with the message."),
    gettext_noop("There is no such message at this clinic."),
    gettext_noop("Nobody has pulled this message."),
    gettext_noop("Only a clinician restores a message."),
    gettext_noop("A call that is to come cannot be written down."),
    gettext_noop("Whoever called us was the patient, or a carer."),
    gettext_noop("Say what came of it: choose a code, or write a note."),
    gettext_noop("That is about another patient."),
)

# Why a limit of one patient, a day of the calendar, an alert or a reply stays as it is.
DECISIONS = (
    gettext_noop("Say why, so that the next person knows."),
    gettext_noop("It is as the calendar says already."),
    gettext_noop("This patient belongs to another clinic."),
    gettext_noop("Only a surgeon, nurse or physiotherapist can change a limit."),
    gettext_noop("There is no such activity in the signed calendar of this operation."),
    gettext_noop("This is advice: it holds nothing back."),
    gettext_noop("Name the first free day, 0 to {number} after the operation."),
    gettext_noop("This pathway has no such activity."),
    OUTSIDE,
    OUTSIDE_NO_DAYS,
    gettext_noop("Say what came of it, as in: called, wound check tomorrow."),
    gettext_noop("Say what you did, as in: called, will come on Friday."),
    gettext_noop("This was closed by {person}: {outcome}"),
)

# What is wrong with the settings of a step that somebody writes.
SETTINGS = (
    gettext_noop("Choose a kind of message."),
    gettext_noop("Choose a date to count from."),
    gettext_noop("Choose a way to treat days off."),
    gettext_noop("Choose a privacy class."),
    gettext_noop("Choose a kind of evidence."),
    gettext_noop("Say in a few words what the step is for."),
    gettext_noop("Say it in {number} characters or fewer."),
    gettext_noop("Say what staff should do."),
    gettext_noop("Write a whole number from {low} to {high}."),
    gettext_noop("Write a whole number from {low} to {high}, or nothing."),
    gettext_noop("The days must run forward: the last day is before the first."),
    gettext_noop("Write the days in order, each once, as in 3, 7, 14."),
    gettext_noop(
        "It begins on its first day: let the list begin with {first}, or make {day} the first day."
    ),
    gettext_noop("Day {day} lies after its last day, {last}. Make the last day later."),
    gettext_noop("Write the time as HH:MM, from 00:00 to 23:59."),
    gettext_noop(
        "A check-in asks about its own day: write after how many hours it is too late,"
        " 1 to {number}."
    ),
    gettext_noop("A condition names no fact. Tick one, or leave it out."),
    gettext_noop("A step for staff is a line on their list and nothing else."),
    gettext_noop("Choose text, mail, or both."),
    gettext_noop("A message for patients goes by text or mail."),
    gettext_noop("A message for patients cannot be for staff only."),
    gettext_noop("A private message goes by mail only: untick the text."),
    gettext_noop("Two answers have the same code; give each its own."),
    gettext_noop("Give each answer a short code that patients type, as in 1."),
    gettext_noop('"{code}" means something else when a patient texts it; use a number.'),
    gettext_noop("Say in a word or two what {code} means, in plain letters."),
    gettext_noop("Choose what {code} starts."),
    gettext_noop("Name at least one source that it rests on."),
)

# Which signatures a version still needs.
SIGNATURES = (
    gettext_noop("the signature of a surgeon or nurse"),
    gettext_noop("the signature of a physiotherapist"),
    gettext_noop("{number} more of {needed} signatures"),
)
