"""What a person types about a call, and the two taps that say that nobody answered."""

from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic.models import Clinic
from reminders.flow.calls import CallNote
from reminders.flow.staffed import staffed_hours
from reminders.models import CONTACT, Direction, PhoneCall, Reached
from reminders.rules.next_try import TryAgain, next_try
from reminders.staff.outcomes import OUTCOMES

LONGEST_NOTE = 300
# Of a log of calls these would say nothing: the form asks whom they reached.
CODES = tuple(words for words in OUTCOMES if not words.startswith("No contact"))


class CallForm(forms.Form):
    """One call. `quick` is one button: whom it did not reach, and when to try again."""

    direction = forms.ChoiceField(label=_("Who called"), choices=Direction, initial=Direction.OUT)
    reached = forms.ChoiceField(label=_("Whom did you reach"), choices=Reached)
    code = forms.ChoiceField(
        label=_("What came of it"),
        required=False,
        choices=[("", _("Choose …")), *((words, _(words)) for words in CODES)],
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=LONGEST_NOTE)
    again = forms.ChoiceField(
        label=_("Try again"),
        required=False,
        choices=[
            ("", _("No")),
            (TryAgain.SOON, _("In two hours")),
            (TryAgain.NEXT_DAY, _("Next working day, 10:00")),
        ],
    )
    at = forms.DateTimeField(label=_("When"), required=False)

    def __init__(self, data: QueryDict | None = None, *, clinic: Clinic, **kwargs: Any) -> None:
        self.clinic = clinic
        super().__init__(_untapped(data) if data is not None else None, **kwargs)

    def clean_at(self) -> datetime | None:
        """Read the time of day as the clinic's wall shows it, whoever reads this page."""
        at: datetime | None = self.cleaned_data["at"]
        return timezone.make_aware(timezone.make_naive(at), self.clinic.tz) if at else None

    def note_at(self, now: datetime) -> CallNote:
        """Return what was typed; without a time the call was just now."""
        typed = self.cleaned_data
        again = typed["again"]
        return CallNote(
            reached=typed["reached"],
            occurred_at=typed["at"] or now,
            direction=typed["direction"],
            outcome=typed["code"] if typed["reached"] in CONTACT else "",
            note=typed["note"],
            next_try_at=_again(again, clinic=self.clinic, now=now) if again else None,
        )

    @property
    def problem(self) -> str:
        """Return the first thing that is wrong with what was typed, naming its field."""
        name, errors = next(iter(self.errors.items()))
        field = self.fields.get(name)
        return f"{field.label}: {errors[0]}" if field is not None else str(errors[0])


def _untapped(data: QueryDict) -> QueryDict:
    """Return what was posted, with the words of a tap such as `nobody:soon` in their fields."""
    reached, _colon, again = data.get("quick", "").partition(":")
    if not reached:
        return data
    words = data.copy()
    words["reached"], words["again"], words["direction"] = reached, again, Direction.OUT
    return words


def _again(choice: str, *, clinic: Clinic, now: datetime) -> datetime:
    return next_try(TryAgain(choice), now=now, staffed=staffed_hours(clinic))


def typed_before(call: PhoneCall) -> dict[str, Any]:
    """Return what stands in the form when a call is corrected."""
    return {
        "direction": call.direction,
        "reached": call.reached,
        "code": call.outcome,
        "note": call.note,
        "at": timezone.localtime(call.occurred_at, call.patient.tz),
    }
