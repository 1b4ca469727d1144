"""Shifts as they are typed: a person, two hours on the clinic's wall, and for how many days."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.models import Clinic, Staff
from reminders.rules.rota import Span
from reminders.rules.timing import ONE_DAY, wall_clock_moment

MOST_DAYS = 31
FURTHEST = timedelta(days=366)
_INPUT = {"class": "ac-input"}


def _person(people: QuerySet[Staff]) -> "forms.ModelChoiceField[Staff]":
    return forms.ModelChoiceField(
        people,
        label=gettext_lazy("Who"),
        widget=forms.Select(attrs=_INPUT),
        empty_label=gettext_lazy("Choose …"),
    )


def _time(label: Any) -> forms.TimeField:
    return forms.TimeField(
        label=label, widget=forms.TimeInput(attrs={**_INPUT, "type": "time"}, format="%H:%M")
    )


class ShiftForm(forms.Form):
    """One shift, or the same hours on some days in a row. An end before its start is next day's."""

    staff = _person(Staff.objects.none())
    day = forms.DateField(
        label=gettext_lazy("First day"),
        widget=forms.DateInput(attrs={**_INPUT, "type": "date"}, format="%Y-%m-%d"),
    )
    starts = _time(gettext_lazy("From"))
    ends = _time(gettext_lazy("Until"))
    days = forms.IntegerField(
        label=gettext_lazy("For how many days"),
        min_value=1,
        max_value=MOST_DAYS,
        initial=1,
        widget=forms.NumberInput(attrs={**_INPUT, "min": 1, "max": MOST_DAYS}),
    )

    def __init__(self, *args: Any, clinic: Clinic, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.clinic, self.now = clinic, now
        self.fields["staff"] = _person(Staff.objects.filter(clinic=clinic, is_active=True))

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        today = self.now.astimezone(self.clinic.tz).date()
        if not today - ONE_DAY <= day <= today + FURTHEST:
            raise ValidationError(_("Choose a day from today to a year ahead."))
        return day

    @property
    def spans(self) -> list[Span]:
        """Return the shifts' moments; the form must be valid."""
        typed, tz = self.cleaned_data, self.clinic.tz
        over_midnight = ONE_DAY if typed["ends"] <= typed["starts"] else timedelta()
        days = [typed["day"] + place * ONE_DAY for place in range(typed["days"])]
        return [
            (
                wall_clock_moment(day, typed["starts"], tz=tz),
                wall_clock_moment(day + over_midnight, typed["ends"], tz=tz),
            )
            for day in days
        ]
