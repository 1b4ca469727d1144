"""Consents on the patient's form: added to, never changed."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from clinic.models import Channel, Consent, ConsentSource, Patient, Staff
from reminders.flow.consent import close_stop, say_started_again
from reminders.staff.screen import Inline, RecordForm


class ConsentForm(RecordForm[Consent]):
    """One word of the patient, as they said it to the person who writes it down."""

    given = forms.TypedChoiceField(
        label=gettext_lazy("Says"),
        choices=[("yes", gettext_lazy("Yes, please")), ("no", gettext_lazy("No more"))],
        coerce=lambda word: word == "yes",
        widget=UnfoldAdminSelectWidget,
    )
    wording = forms.CharField(
        label=gettext_lazy("Asked or said in these words"),
        max_length=200,
        widget=UnfoldAdminTextInputWidget,
        initial=gettext_lazy("Asked by staff: may we send you reminders after your operation?"),
    )

    class Meta:
        model = Consent
        fields = ("channel", "given", "wording")


class ConsentInline(Inline[Consent, Patient]):
    """Everything the patient has allowed or withdrawn, latest first."""

    model = Consent
    form = ConsentForm
    fields = ("channel", "given", "wording", "told")
    readonly_fields = ("told",)
    extra = 0
    hide_title = True
    verbose_name = gettext_lazy("consent")
    verbose_name_plural = gettext_lazy("What the patient allows")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("recorded_by")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=gettext_lazy("When, and by whom"))
    def told(self, consent: Consent) -> str:
        if consent.pk is None:
            return _("now, by you")
        by = _("by {person}").format(person=consent.recorded_by) if consent.recorded_by else ""
        moment = date_format(timezone.localtime(consent.at), "j M Y, H:i")
        return f"{moment} · {consent.get_source_display()} {by}".rstrip()

    @staticmethod
    def sign(formset: Any, *, by: Staff, now: datetime) -> None:
        """Put the name and the moment under each consent that was typed."""
        for form in formset.forms:
            if isinstance(form.instance, Consent) and form.instance.pk is None:
                form.instance.source = ConsentSource.STAFF
                form.instance.recorded_by = by
                form.instance.at = now

    @staticmethod
    def settle(formset: Any, *, by: Staff, now: datetime) -> None:
        """See to the alert about a stop once the patient's new yes is written down.

        Whoever may close alerts has closed it by that; for anybody else it says what has happened.
        """
        may_close = by.has_perm("reminders.change_alert")
        for consent in formset.new_objects:
            if not isinstance(consent, Consent) or not consent.given:
                continue
            channel = Channel(consent.channel)
            if may_close:
                close_stop(consent.patient, channel=channel, by=by, now=now)
            else:
                say_started_again(consent.patient, channel=channel, at=now)
