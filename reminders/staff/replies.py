"""Replies: what patients wrote, until a person has dealt with it."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import DateTimeField, QuerySet, Value
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from clinic import clock
from clinic.access import visible_to
from clinic.models import Patient
from reminders.flow.replies import OutcomeMissing, deal_with
from reminders.models import Meaning, Reply, ReplyStatus
from reminders.staff.call_log import record_settled
from reminders.staff.exports.page import export_urls
from reminders.staff.filters import WaitingReplies
from reminders.staff.kept_words import kept_said
from reminders.staff.meanings import read_as
from reminders.staff.outcomes import OutcomeForm, back_to, outcome_said
from reminders.staff.panel import WAITING_REPLIES
from reminders.staff.screen import ReadOnlyScreen, staff_of, visible_row
from reminders.staff.words import age

STATUS_TONES = {
    ReplyStatus.RECEIVED: "wait",
    ReplyStatus.UNDERSTOOD: "good",
    ReplyStatus.FOR_A_PERSON: "warn",
    ReplyStatus.ANSWERED: "quiet",
}
SHOWN_IN_THE_LIST = 110


@admin.register(Reply)
class ReplyScreen(ReadOnlyScreen[Reply]):
    """The clinic's inbox. It opens with what waits; what a patient wrote is never changed."""

    empty_title = gettext_lazy("Nobody has written yet.")
    empty_words = gettext_lazy("What patients write by text stands here within seconds.")
    list_display = ("words", "who", "meaning_said", "came", "state")
    list_display_links = None
    list_filter = (WaitingReplies, "meaning", "received_at")
    search_fields = ("patient__given_name", "patient__family_name", "sender", "text")
    search_help_text = gettext_lazy("Name, number or words")
    ordering = ("-received_at", "-pk")
    export_page = "admin:reminders_reply_export"
    list_select_related = (
        "patient__clinic",
        "carer__patient",
        "dealt_with_by",
        "answer_to__reminder__step",
    )
    change_form_template = "staff/replies/reply.html"

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/deal-with/", wrap(deal_with_view), name="reminders_reply_deal_with"),
            *export_urls(self),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Reply]:
        rows = super().get_queryset(request).select_related(*self.list_select_related)
        return rows.annotate(now=Value(clock.now(), DateTimeField()))

    @admin.display(description=gettext_lazy("What they wrote"))
    def words(self, reply: Reply) -> str:
        return format_html(
            '<a class="ac-said" dir="auto" href="{}">{}</a>{}',
            reverse("admin:reminders_reply_change", args=[reply.pk]),
            Truncator(reply.text).chars(SHOWN_IN_THE_LIST) or _("(no words)"),
            _pictures(reply.media_count),
        )

    @admin.display(description=gettext_lazy("From"), ordering="patient__family_name")
    def who(self, reply: Reply) -> str:
        if reply.carer is not None:
            return format_html(
                '<span class="ac-two"><a class="ac-link" href="{}">{}</a><small>{}</small></span>',
                reverse("admin:clinic_patient_timeline", args=[reply.carer.patient_id]),
                reply.carer.patient,
                _("written by the carer {carer}").format(carer=reply.carer),
            )
        if reply.patient is None:
            return format_html(
                '<span class="ac-two"><span class="ac-number">{}</span><small>{}</small></span>',
                reply.sender,
                _("matches nobody, or several"),
            )
        return format_html(
            '<a class="ac-link" href="{}">{}</a>',
            reverse("admin:clinic_patient_timeline", args=[reply.patient_id]),
            reply.patient,
        )

    @admin.display(description=gettext_lazy("Read as"), ordering="meaning")
    def meaning_said(self, reply: Reply) -> str:
        tone = "bad" if reply.meaning == Meaning.URGENT else "quiet"
        return format_html('<span class="ac-pill ac-pill-{}">{}</span>', tone, read_as(reply))

    @admin.display(description=gettext_lazy("Came"), ordering="received_at")
    def came(self, reply: Any) -> str:
        return _("{time} ago").format(time=age(reply.received_at, now=reply.now))

    @admin.display(description=gettext_lazy("State"), ordering="status")
    def state(self, reply: Reply) -> str:
        return format_html(
            '<span class="ac-two"><span><span class="ac-pill ac-pill-{}">{}</span></span>'
            "<small>{}</small></span>",
            STATUS_TONES[ReplyStatus(reply.status)],
            reply.get_status_display(),
            reply.dealt_with_by or "",
        )

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> Any:
        reply = context["original"]
        sender = reply.patient or reply.carer or reply.sender
        context["heading"] = _("Reply from {sender}").format(sender=sender)
        context["outcome_form"] = OutcomeForm()
        context["may_act"] = may_act(request)
        context["is_waiting"] = reply.status in WAITING_REPLIES
        context["waited"] = age(reply.received_at, now=reply.now)
        if reply.patient is None and reply.carer is None:
            context["candidates"] = candidates(request, reply)
        return super().render_change_form(request, context, *args, **kwargs)


def _pictures(count: int) -> str:
    if not count:
        return ""
    return " + " + ngettext("{number} picture", "{number} pictures", count).format(number=count)


def candidates(request: HttpRequest, reply: Reply) -> list[Patient]:
    """Return the patients of this clinic who have the sender's number, at most ten."""
    patients = Patient.objects.filter(mobile=reply.sender).order_by("family_name")
    return list(visible_to(staff_of(request), patients)[:10])


def may_act(request: HttpRequest) -> bool:
    return staff_of(request).has_perm("reminders.change_reply")


def deal_with_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down what came of the reply, under the name of whoever dealt with it."""
    reply = visible_row(request, Reply.objects.all(), pk)
    if not may_act(request):
        raise PermissionDenied
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    page = reverse("admin:reminders_reply_change", args=[reply.pk])
    form = OutcomeForm(request.POST)
    if not form.is_valid():
        messages.error(request, form.problem)
        return HttpResponseRedirect(page)
    try:
        dealt = _deal_with(request, reply, form)
    except OutcomeMissing as missing:
        messages.warning(request, kept_said(str(missing)))
        return HttpResponseRedirect(page)
    if dealt.dealt_with_by_id == staff_of(request).pk:
        messages.success(
            request, _("Dealt with: {outcome}").format(outcome=outcome_said(dealt.outcome))
        )
    else:
        already = _("{person} had dealt with it already: {outcome}").format(
            person=dealt.dealt_with_by, outcome=outcome_said(dealt.outcome)
        )
        messages.info(request, already)
    return HttpResponseRedirect(back_to(request, otherwise=page))


def _deal_with(request: HttpRequest, reply: Reply, form: OutcomeForm) -> Reply:
    """Deal with the reply; whoever was the first to do so has made the call."""
    by = staff_of(request)
    waited = reply.status in WAITING_REPLIES
    with transaction.atomic():
        dealt = deal_with(reply.pk, by=by, outcome=form.outcome, now=clock.now())
        if waited and dealt.dealt_with_by_id == by.pk:
            patient = reply.patient or (reply.carer.patient if reply.carer else None)
            record_settled(request, patient, form, reply=reply)
    return dealt
