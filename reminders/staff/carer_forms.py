"""What staff type about a carer: who they are, what they allow, and why they are told no more."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.models import Carer, Channel
from reminders.staff.patient_form import language_field
from reminders.staff.screen import RecordForm

LONGEST_WORDING = 200


def _input(kind: str = "text") -> forms.TextInput:
    return forms.TextInput(attrs={"type": kind, "class": "ac-input", "autocomplete": "off"})


def _choice() -> forms.Select:
    return forms.Select(attrs={"class": "ac-input"})


class CarerForm(RecordForm[Carer]):
    """How a carer is called and reached. The patient is the one whose page it is."""

    class Meta:
        model = Carer
        fields: ClassVar[tuple[str, ...]] = (
            "name",
            "relation",
            "mobile",
            "email",
            "language",
            "channels",
        )
        labels: ClassVar = {
            "name": gettext_lazy("Name"),
            "relation": gettext_lazy("Relation to the patient"),
            "mobile": gettext_lazy("Mobile"),
            "email": gettext_lazy("Email"),
            "channels": gettext_lazy("Wants to be told by"),
        }
        help_texts: ClassVar = {"mobile": "", "relation": gettext_lazy("As in partner.")}
        widgets: ClassVar = {
            "name": _input(),
            "relation": _input(),
            "mobile": _input("tel"),
            "email": _input("email"),
            "channels": _choice(),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"] = language_field(
            self.instance.language, self.instance.patient, widget=_choice()
        )


class NewCarerForm(CarerForm):
    """A new carer, with the yes of the patient and the yes of the carer. Without both, no carer."""

    allowed_wording = forms.CharField(
        label=gettext_lazy("The patient was asked, and said yes"),
        max_length=LONGEST_WORDING,
        widget=_input(),
    )
    said_yes_to = forms.MultipleChoiceField(
        label=gettext_lazy("The carer says yes to"),
        choices=Channel.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Ask the carer first: nothing is sent without.")},
    )
    wording = forms.CharField(
        label=gettext_lazy("The carer was asked in these words"),
        max_length=LONGEST_WORDING,
        widget=_input(),
        initial=gettext_lazy("May we send you a few messages on how to help?"),
    )

    class Meta(CarerForm.Meta):
        fields: ClassVar[tuple[str, ...]] = (*CarerForm.Meta.fields, "allowed_wording")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # a row that is new has no words of its own, which would stand before a field's first words
        self.initial["allowed_wording"] = _("May we tell this person how they can help you?")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        address = {Channel.SMS: cleaned.get("mobile"), Channel.EMAIL: cleaned.get("email")}
        missing = [c for c in cleaned.get("said_yes_to", []) if not address[Channel(c)]]
        if missing:
            raise ValidationError({"said_yes_to": _("There is no address for one of these.")})
        return cleaned


class CarerWordForm(forms.Form):
    """One word of a carer about one channel, as they said it to whoever writes it down."""

    channel = forms.ChoiceField(
        label=gettext_lazy("About"), choices=Channel.choices, widget=_choice()
    )
    given = forms.TypedChoiceField(
        label=gettext_lazy("Says"),
        choices=[("yes", gettext_lazy("Yes, please")), ("no", gettext_lazy("No more"))],
        coerce=lambda word: word == "yes",
        widget=_choice(),
    )
    wording = forms.CharField(
        label=gettext_lazy("Asked or said in these words"),
        max_length=LONGEST_WORDING,
        widget=_input(),
    )


class EndForm(forms.Form):
    """Why a carer is told no more."""

    why = forms.CharField(
        label=gettext_lazy("Why they are told no more"),
        max_length=120,
        widget=_input(),
        help_text=gettext_lazy("As in: the patient asked for it."),
    )
