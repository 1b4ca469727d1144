"""What staff type when something happens to an operation."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic import clock
from clinic.models import Surgery
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
    class Meta(StepForm.Meta):
        fields = ("hold_reason",)
        labels: ClassVar = {"hold_reason": gettext_lazy("Why the messages wait")}
        help_texts: ClassVar = {
            "hold_reason": gettext_lazy("As in: back in hospital, or abroad until May.")
        }
        widgets: ClassVar = {"hold_reason": forms.TextInput(attrs={"class": "ac-input"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["hold_reason"].required = True
