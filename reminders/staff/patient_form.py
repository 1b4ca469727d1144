"""What staff type about a patient."""

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminSelectWidget

from clinic import clock
from clinic.models import Clinic, Patient, PatientStatus
from reminders.staff.screen import RecordForm
from reminders.staff.words import language_name


class PatientForm(RecordForm[Patient]):
    """The record of a patient. The clinic is the staff member's own and is not asked for."""

    own_clinic: ClassVar[Clinic | None] = None

    class Meta:
        model = Patient
        exclude = ("clinic",)
        labels: ClassVar = {
            "birth_date": gettext_lazy("Date of birth"),
            "zone": gettext_lazy("Time zone"),
            "channels": gettext_lazy("Wants to be told by"),
            "status": gettext_lazy("Messages"),
            "hold_reason": gettext_lazy("Why they wait"),
            "detailed_sms": gettext_lazy("Texts may be plain"),
            "intimacy_advice": gettext_lazy("Advice on sex"),
        }
        error_messages: ClassVar = {
            NON_FIELD_ERRORS: {
                "unique_together": gettext_lazy(
                    "There is already a patient with this record number."
                    " Search for it in the list of patients."
                )
            }
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.clinic_id is None and self.own_clinic is not None:
            self.instance.clinic = self.own_clinic
        if "language" in self.fields:
            self.fields["language"] = language_field(self.instance.language, self.instance)

    def _get_validation_exclusions(self) -> set[str]:
        # The clinic is not typed, yet the record number is unique within it.
        exclusions: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return exclusions - {"clinic"}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        on_hold = cleaned.get("status") == PatientStatus.ON_HOLD
        if on_hold and not str(cleaned.get("hold_reason", "")).strip():
            raise ValidationError({"hold_reason": _("Say why, so that the next person knows.")})
        if "status" in self.changed_data:
            self.instance.held_since = clock.now() if on_hold else None
        return cleaned


def language_field(
    language: str, patient: Patient, *, widget: forms.Select | None = None
) -> forms.ChoiceField:
    """The languages that messages exist in, and the one on record if it is another."""
    codes = [code.partition("-")[0] for code, _name in settings.LANGUAGES]
    if language and language not in codes:
        codes.append(language)
    clinic_language = patient.clinic.language if patient.clinic_id else codes[0]
    return forms.ChoiceField(
        label=gettext_lazy("Language"),
        choices=[(code, language_name(code)) for code in codes],
        initial=language or clinic_language,
        widget=widget or UnfoldAdminSelectWidget,
    )
