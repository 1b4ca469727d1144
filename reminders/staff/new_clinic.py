"""A clinic that an operator has just made → its first manager, and the pathways as drafts."""

from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import (
    UnfoldAdminEmailInputWidget,
    UnfoldAdminPasswordWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from clinic.models import Clinic, Role, Staff
from reminders.flow.load import load_pathway, load_sources
from reminders.models import PathwayVersion
from reminders.pathways.reading import read_pathways, read_sources
from reminders.staff.screen import RecordForm
from reminders.staff.words import language_name


class ClinicForm(RecordForm[Clinic]):
    """A clinic's page. Its language is one that messages and the panel can be in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "language" in self.fields:
            offered = {code.partition("-")[0] for code, _name in settings.LANGUAGES}
            codes = sorted(offered | {self.instance.language})
            self.fields["language"] = forms.ChoiceField(
                label=self.fields["language"].label,
                initial=self.fields["language"].initial,
                choices=[(code, language_name(code)) for code in codes if code],
                widget=UnfoldAdminSelectWidget,
            )


class NewClinicForm(ClinicForm):
    """A clinic that is not there yet, with the account of whoever goes on setting it up."""

    manager_first_name = forms.CharField(
        label=gettext_lazy("First name"), max_length=150, widget=UnfoldAdminTextInputWidget
    )
    manager_last_name = forms.CharField(
        label=gettext_lazy("Last name"), max_length=150, widget=UnfoldAdminTextInputWidget
    )
    manager_username = forms.CharField(
        label=gettext_lazy("Username"),
        max_length=150,
        validators=[Staff.username_validator],
        widget=UnfoldAdminTextInputWidget,
        help_text=gettext_lazy("They log in with it."),
    )
    manager_email = forms.EmailField(
        label=gettext_lazy("Email"), widget=UnfoldAdminEmailInputWidget
    )
    manager_password = forms.CharField(
        label=gettext_lazy("First password"),
        strip=False,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("12 characters or more. Tell it to them yourself, not by mail."),
    )

    def clean_manager_username(self) -> str:
        name = str(self.cleaned_data["manager_username"])
        if Staff.objects.filter(username__iexact=name).exists():
            raise forms.ValidationError(_("Somebody has this username already. Choose another."))
        return name

    def clean_manager_password(self) -> str:
        password = str(self.cleaned_data["manager_password"])
        validate_password(password, Staff(username=self.data.get("manager_username", "")))
        return password

    def make_manager(self, clinic: Clinic) -> Staff:
        """Make the account, in the transaction that saves the clinic."""
        given = self.cleaned_data
        return Staff.objects.create_user(
            given["manager_username"],
            email=given["manager_email"],
            password=given["manager_password"],
            first_name=given["manager_first_name"],
            last_name=given["manager_last_name"],
            clinic=clinic,
            role=Role.MANAGER,
            is_staff=True,
        )


def load_shipped(clinic: Clinic, *, by: Staff, now: datetime) -> list[PathwayVersion]:
    """Load every shipped pathway as a draft; return those that the clinic had not yet.

    Nothing of them is sent before the clinic's own clinicians have signed (P5). The operator is
    their author, so that any of them may sign.
    """
    load_sources(read_sources())
    drafts = (
        load_pathway(content, clinic=clinic, author=by, now=now) for content in read_pathways()
    )
    return [draft for draft in drafts if draft is not None]
