"""Alerts: whom to call first, in whose hands it is, and what came of it."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import DateTimeField, QuerySet, Value
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic import clock
from clinic.access import visible_to
from reminders.flow.alerts import AlertIsClosed, OutcomeMissing, acknowledge, close
from reminders.flow.replies import deal_with
from reminders.models import Alert, AlertStatus, Tier
from reminders.staff.call_log import record_settled
from reminders.staff.climbing import climb_shown
from reminders.staff.duty.urls import duty_urls
from reminders.staff.exports.page import export_urls
from reminders.staff.filters import OpenAlerts
from reminders.staff.kept_words import kept_said
from reminders.staff.later_texts import later_texts
from reminders.staff.numbers.behind import BehindANumber
from reminders.staff.outcomes import OutcomeForm, back_to, outcome_said
from reminders.staff.screen import ReadOnlyScreen, staff_of, visible_row
from reminders.staff.words import age

TIER_TONES = {Tier.EMERGENCY: "bad", Tier.SAME_DAY: "warn", Tier.ROUTINE: "wait"}
STATUS_TONES = {
    AlertStatus.OPEN: "bad",
    AlertStatus.ACKNOWLEDGED: "wait",
    AlertStatus.CLOSED: "quiet",
}


@admin.register(Alert)
class AlertScreen(ReadOnlyScreen[Alert]):
    """The clinic's alerts, the most pressing first. The flow raises them; people close them."""

    empty_title = gettext_lazy("No alert yet.")
    empty_words = gettext_lazy(
        "What patients report, and messages that reached nobody, stand here until somebody"
        " closes them."
    )
    list_display = ("what", "who", "urgency", "waits", "hands")
    list_display_links = None
    list_filter = (BehindANumber, OpenAlerts, "tier", "kind")
    search_fields = ("patient__given_name", "patient__family_name", "patient__record_number")
    search_help_text = gettext_lazy("Patient's name or record number")
    ordering = ("act_before", "pk")
    export_page = "admin:reminders_alert_export"
    list_select_related = ("patient__clinic", "acknowledged_by", "closed_by", "reply", "clinic")
    change_form_template = "staff/alerts/alert.html"

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/take/", wrap(take_view), name="reminders_alert_take"),
            path("<int:pk>/close/", wrap(close_view), name="reminders_alert_close"),
            *duty_urls(wrap),
            *export_urls(self),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Alert]:
        rows = super().get_queryset(request).select_related(*self.list_select_related)
        return rows.annotate(now=Value(clock.now(), DateTimeField()))

    @admin.display(description=gettext_lazy("Alert"))
    def what(self, alert: Alert) -> str:
        return format_html(
            '<span class="ac-two"><a class="ac-name" href="{}">{}</a><small>{}</small></span>',
            reverse("admin:reminders_alert_change", args=[alert.pk]),
            kept_said(alert.summary),
            alert.get_kind_display(),
        )

    @admin.display(description=gettext_lazy("Patient"), ordering="patient__family_name")
    def who(self, alert: Alert) -> str:
        if alert.patient is None:
            return format_html('<span class="ac-quiet">{}</span>', _("not known"))
        return format_html(
            '<a class="ac-link" href="{}">{}</a>',
            reverse("admin:clinic_patient_timeline", args=[alert.patient_id]),
            alert.patient,
        )

    @admin.display(description=gettext_lazy("Urgency"), ordering="tier")
    def urgency(self, alert: Alert) -> str:
        return format_html(
            '<span class="ac-pill ac-pill-{}">{}</span>',
            TIER_TONES[Tier(alert.tier)],
            alert.get_tier_display(),
        )

    @admin.display(description=gettext_lazy("Waits for"), ordering="act_before")
    def waits(self, alert: Any) -> str:
        if alert.status == AlertStatus.CLOSED:
            return ""
        late = alert.act_before < alert.now and alert.status == AlertStatus.OPEN
        return format_html(
            '<span class="ac-number {}">{}{}</span>',
            "ac-late" if late else "",
            age(alert.opened_at, now=alert.now),
            _(", overdue") if late else "",
        )

    @admin.display(description=gettext_lazy("In whose hands"), ordering="status")
    def hands(self, alert: Alert) -> str:
        by = {
            AlertStatus.ACKNOWLEDGED: alert.acknowledged_by,
            AlertStatus.CLOSED: alert.closed_by,
        }.get(AlertStatus(alert.status))
        return format_html(
            '<span class="ac-two"><span><span class="ac-pill ac-pill-{}">{}</span></span>'
            "<small>{}</small></span>",
            STATUS_TONES[AlertStatus(alert.status)],
            alert.get_status_display(),
            by or "",
        )

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> Any:
        alert = context["original"]
        context["heading"] = kept_said(alert.summary)
        context["tier_tone"] = TIER_TONES[Tier(alert.tier)]
        context["outcome_form"] = OutcomeForm()
        context["may_act"] = may_act(request)
        context["waited"] = age(alert.opened_at, now=alert.now)
        context["climb"] = climb_shown(alert, now=alert.now)
        context["later"] = later_texts(alert)
        context["tz"] = alert.clinic.tz
        return super().render_change_form(request, context, *args, **kwargs)


def may_act(request: HttpRequest) -> bool:
    return staff_of(request).has_perm("reminders.change_alert")


def take_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the alert, and others about the same patient, into the hands of whoever asks."""
    alert = _alert(request, pk)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        for one in (alert, *_also(request, alert)):
            acknowledge(one.pk, by=staff_of(request), now=clock.now())
    except AlertIsClosed as closed:
        messages.warning(request, kept_said(str(closed)))
    else:
        messages.success(request, _("It is in your hands now. Close it with what came of it."))
    return HttpResponseRedirect(back_to(request, otherwise=_page_of(alert)))


def close_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Close the alert with an outcome; without one it stays open and the page says why."""
    alert = _alert(request, pk)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    form = OutcomeForm(request.POST)
    if not form.is_valid():
        messages.error(request, form.problem)
        return HttpResponseRedirect(_page_of(alert))
    try:
        with transaction.atomic():
            for one in (alert, *_also(request, alert)):
                _close(request, one, outcome=form.outcome)
            record_settled(request, alert.patient, form, alert=alert)
    except (AlertIsClosed, OutcomeMissing) as reason:
        messages.warning(request, kept_said(str(reason)))
    else:
        messages.success(request, _("Closed: {outcome}").format(outcome=outcome_said(form.outcome)))
    return HttpResponseRedirect(back_to(request, otherwise=_page_of(alert)))


def _close(request: HttpRequest, alert: Alert, *, outcome: str) -> None:
    """Close one alert; the reply that raised it has been dealt with by the same call."""
    by, now = staff_of(request), clock.now()
    close(alert.pk, by=by, outcome=outcome, now=now)
    if alert.reply_id is not None and by.has_perm("reminders.change_reply"):
        deal_with(alert.reply_id, by=by, outcome=outcome, now=now)


def _also(request: HttpRequest, alert: Alert) -> list[Alert]:
    """Return the other open alerts about the same patient that the person has ticked."""
    ticked = [int(pk) for pk in request.POST.getlist("also") if pk.isdecimal()]
    if alert.patient_id is None or not ticked:
        return []
    others = Alert.objects.filter(pk__in=ticked, patient=alert.patient_id).exclude(pk=alert.pk)
    return list(visible_to(staff_of(request), others.exclude(status=AlertStatus.CLOSED)))


def _alert(request: HttpRequest, pk: int) -> Alert:
    alert = visible_row(request, Alert.objects.all(), pk)
    if not may_act(request):
        raise PermissionDenied
    return alert


def _page_of(alert: Alert) -> str:
    return reverse("admin:reminders_alert_change", args=[alert.pk])
