"""What staff type when something happens to an operation."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from clinic import clock
from clinic.models import AfterHold, HoldKind, Surgery
from reminders.flow.pauses import NewHold, lasted_days, open_hold_of
from reminders.staff.screen import RecordForm


def _date_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date", "class": "ac-input"}, format="%Y-%m-%d")


def _time_input() -> forms.TimeInput:
    return forms.TimeInput(attrs={"type": "time", "class": "ac-input"}, format="%H:%M")


class StepForm(RecordForm[Surgery]):
    """Some fields of an operation. What the model says of other fields is shown above them all."""

    class Meta:
        model = Surgery
        fields: ClassVar[tuple[str, ...]] = ()

    def new_hold(self) -> NewHold:
        """What a form that puts messages on hold says; no other form does."""
        raise NotImplementedError

    def after(self) -> AfterHold:
        """What a form that lets messages go on says; no other form does."""
        raise NotImplementedError

    def add_error(self, field: str | None, error: Any) -> None:
        if not hasattr(error, "error_dict"):
            super().add_error(field, error)
            return
        for name, problems in error.error_dict.items():
            super().add_error(name if name in self.fields else None, problems)


class ConfirmForm(StepForm):
    class Meta(StepForm.Meta):
        fields = ("surgery_date", "discharge_date", "durotomy", "histology_sent", "day_case")
        labels: ClassVar = {
            "surgery_date": gettext_lazy("Took place on"),
            "discharge_date": gettext_lazy("Goes home on"),
        }
        help_texts: ClassVar = {"discharge_date": gettext_lazy("May stay empty until it is known.")}
        widgets: ClassVar = {"surgery_date": _date_input(), "discharge_date": _date_input()}

    def clean_surgery_date(self) -> Any:
        day = self.cleaned_data["surgery_date"]
        if day > timezone.localdate(clock.now(), self.instance.patient.tz):
            raise ValidationError(_("This day has not come yet. Move the operation instead."))
        return day


class MoveForm(StepForm):
    class Meta(StepForm.Meta):
        fields = ("surgery_date", "arrival_time", "discharge_date")
        labels: ClassVar = {
            "surgery_date": gettext_lazy("New date of the operation"),
            "arrival_time": gettext_lazy("To be at the clinic at"),
            "discharge_date": gettext_lazy("Goes home on"),
        }
        widgets: ClassVar = {
            "surgery_date": _date_input(),
            "arrival_time": _time_input(),
            "discharge_date": _date_input(),
        }


class HoldForm(StepForm):
    kind = forms.ChoiceField(
        label=gettext_lazy("Why the messages wait"),
        choices=[("", gettext_lazy("Choose")), *HoldKind.choices],
        help_text=gettext_lazy(
            "Warning signs go on, except in hospital and while it is not clear who reads them."
        ),
        widget=forms.Select(attrs={"class": "ac-input"}),
    )
    until = forms.DateField(
        label=gettext_lazy("Until"),
        required=False,
        help_text=gettext_lazy("May stay empty. A hold without a day is loud after 14 days."),
        widget=_date_input(),
    )
    ends_itself = forms.BooleanField(
        label=gettext_lazy("It ends by itself on that day. Otherwise Today asks you."),
        required=False,
        widget=forms.CheckboxInput,
    )
    then = forms.ChoiceField(
        label=gettext_lazy("Afterwards they"),
        choices=AfterHold,
        initial=AfterHold.GO_ON,
        widget=forms.RadioSelect,
    )

    class Meta(StepForm.Meta):
        fields = ("hold_reason",)
        labels: ClassVar = {"hold_reason": gettext_lazy("In your words")}
        help_texts: ClassVar = {
            "hold_reason": gettext_lazy("As in: back in hospital, or abroad until May.")
        }
        widgets: ClassVar = {"hold_reason": forms.TextInput(attrs={"class": "ac-input"})}

    field_order = ("kind", "hold_reason", "until", "ends_itself", "then")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["hold_reason"].required = True

    def clean_until(self) -> Any:
        day = self.cleaned_data["until"]
        if day is not None and day <= timezone.localdate(clock.now(), self.instance.patient.tz):
            raise ValidationError(_("Choose a day that is still to come."))
        return day

    def clean(self) -> Any:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("ends_itself") and not cleaned.get("until") and "until" not in self.errors:
            self.add_error("until", _("Say on which day it ends."))
        return cleaned

    def new_hold(self) -> NewHold:
        typed = self.cleaned_data
        return NewHold(
            kind=HoldKind(typed["kind"]),
            reason=typed["hold_reason"],
            until=typed["until"],
            ends_itself=typed["ends_itself"],
            after=AfterHold(typed["then"]),
        )


class ResumeForm(StepForm):
    """How a plan goes on. A hold whose beginning nobody recorded cannot move it."""

    then = forms.ChoiceField(
        label=gettext_lazy("The messages"),
        choices=AfterHold,
        initial=AfterHold.GO_ON,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hold, field = open_hold_of(self.instance), self.fields["then"]
        if hold is None:
            field.choices = [(AfterHold.GO_ON, AfterHold.GO_ON.label)]  # type: ignore[attr-defined]
            return
        field.initial = hold.after
        days = lasted_days(hold, on=self.instance, now=clock.now())
        told = ngettext(
            "On hold since {day}, for {days} day of the recovery.",
            "On hold since {day}, for {days} days of the recovery.",
            days,
        )
        field.help_text = told.format(
            day=date_format(timezone.localtime(hold.began_at, self.instance.patient.tz), "j F Y"),
            days=days,
        )

    def after(self) -> AfterHold:
        if self.is_bound:
            return AfterHold(self.cleaned_data["then"])
        return AfterHold(self.fields["then"].initial or AfterHold.GO_ON)
