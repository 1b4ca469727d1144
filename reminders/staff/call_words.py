"""A call in the words that a nurse uses."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reminders.models import Direction, PhoneCall, Reached
from reminders.staff.kept_words import kept_said
from reminders.staff.outcomes import outcome_said
from reminders.staff.words import Words

_CALL_SAID: dict[tuple[str, str], Words] = {
    (Direction.OUT, Reached.PATIENT): gettext_lazy("called and spoke to the patient"),
    (Direction.OUT, Reached.CARER): gettext_lazy("called and spoke to a carer"),
    (Direction.OUT, Reached.VOICEMAIL): gettext_lazy("called and reached the voicemail"),
    (Direction.OUT, Reached.NOBODY): gettext_lazy("called and nobody answered"),
    (Direction.OUT, Reached.WRONG_NUMBER): gettext_lazy("called: it is the wrong number"),
    (Direction.IN, Reached.PATIENT): gettext_lazy("took a call from the patient"),
    (Direction.IN, Reached.CARER): gettext_lazy("took a call from a carer"),
}
ICONS: dict[str, str] = {
    Reached.PATIENT: "call",
    Reached.CARER: "call",
    Reached.VOICEMAIL: "voicemail",
    Reached.NOBODY: "phone_missed",
    Reached.WRONG_NUMBER: "phone_disabled",
}


def call_said(call: PhoneCall) -> str:
    """Say who called and whom they reached, as in "Tomas Reed called and nobody answered"."""
    return f"{call.by} {_CALL_SAID[call.direction, call.reached]}"


def call_icon(call: PhoneCall) -> str:
    return ICONS[call.reached]


def came_of_it(call: PhoneCall) -> str:
    """Say what came of the call: its code in the reader's language, the note as it was written."""
    parts = (outcome_said(call.outcome) if call.outcome else "", call.note)
    return ". ".join(part for part in parts if part)


def state_of(call: PhoneCall) -> str:
    """Say what became of the entry itself; empty while it stands as it was written."""
    if not call.took_place:
        return _("taken back: there was no such call")
    if hasattr(call, "corrected_by"):
        taken_back = not call.corrected_by.took_place
        return _("taken back") if taken_back else _("corrected by a further entry")
    return _("corrects an earlier entry") if call.corrects_id else ""


def stands(call: PhoneCall) -> bool:
    """True for a call as it is known today."""
    return call.took_place and not hasattr(call, "corrected_by")


def about_said(call: PhoneCall) -> str:
    """Say what the call was about, with the alert's own words where there is one."""
    return kept_said(call.alert.summary) if call.alert else str(call.get_about_display())
