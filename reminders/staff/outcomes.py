"""What came of a call: a code that can be counted, and a note in the person's own words."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from reminders.models import CONTACT, Reached
from reminders.staff.kept_words import kept_said

LONGEST = 200
SPOKE = "Spoke to the patient"
# Kept in English, so that they can be counted; shown in the language of whoever looks.
OUTCOMES = (
    gettext_noop("Spoke to the patient: no concern"),
    gettext_noop("Spoke to the patient: advice from the clinic's own list"),
    gettext_noop("Will be seen at the clinic"),
    gettext_noop("Sent to urgent or emergency care"),
    gettext_noop("Passed on to the surgeon"),
    gettext_noop("Rebooked an appointment"),
    gettext_noop("Corrected the record"),
    gettext_noop("No contact after several tries: see note"),
    gettext_noop("Nothing to do"),
)


class OutcomeForm(forms.Form):
    """A code, a note, or both; together they are the outcome."""

    code = forms.ChoiceField(
        label=gettext_lazy("What came of it"),
        required=False,
        choices=[
            ("", gettext_lazy("Choose …")),
            *((words, gettext_lazy(words)) for words in OUTCOMES),
        ],
        widget=forms.Select(attrs={"class": "ac-input"}),
    )
    by_phone = forms.ChoiceField(
        label=gettext_lazy("By telephone with"),
        required=False,
        choices=[
            ("", gettext_lazy("nobody: it was no call")),
            *((who, Reached(who).label) for who in CONTACT),
        ],
        widget=forms.Select(attrs={"class": "ac-input"}),
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=LONGEST - max(len(words) for words in OUTCOMES) - 2,
        widget=forms.TextInput(attrs={"class": "ac-input", "autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("code") and not str(cleaned.get("note", "")).strip():
            raise forms.ValidationError(_("Choose what came of it, or write a note."))
        return cleaned

    @property
    def outcome(self) -> str:
        """Return the outcome as it is kept, at most `LONGEST` characters."""
        parts = (self.cleaned_data["code"], self.cleaned_data["note"].strip())
        return ". ".join(part for part in parts if part)

    @property
    def reached(self) -> str:
        """Return who was spoken to by telephone; empty when it was settled without a call.

        Some codes say it themselves: "Spoke to the patient".
        """
        spoke = str(self.cleaned_data["code"]).startswith(SPOKE)
        return self.cleaned_data["by_phone"] or (Reached.PATIENT if spoke else "")

    @property
    def problem(self) -> str:
        """Return what is wrong with what was typed, as one sentence."""
        said = " ".join(str(error) for error in self.non_field_errors())
        return said or _("The note is too long.")


def outcome_said(outcome: str) -> str:
    """Return an outcome as it was kept, its code in the reader's language, the note as written."""
    code = next((code for code in OUTCOMES if f"{outcome}. ".startswith(f"{code}. ")), "")
    return _(code) + outcome[len(code) :] if code else kept_said(outcome)


def back_to(request: HttpRequest, *, otherwise: str) -> str:
    """Return the panel page that the person came from, or `otherwise` for any other address."""
    page = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        page, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return page if is_ours and page.startswith(reverse("admin:index")) else otherwise
