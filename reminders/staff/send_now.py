"""Send one signed message of a patient's pathway now: find it, see it as they will, say yes.

Nothing is typed but the search. What was seen is what goes out: the page carries the preview's
digest, and words that have changed since are shown again.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from clinic import clock
from clinic.models import Channel, Patient, Surgery, SurgeryStatus
from reminders.flow.render import CannotRender
from reminders.flow.render import render as rendered
from reminders.flow.send_now import (
    MAY_SEND,
    CannotSendNow,
    Sendable,
    look_at,
    send_now,
    steps_to_send,
)
from reminders.models import Category, DeliveryReason, Step
from reminders.rules.by_hand import has_words
from reminders.rules.language import direction
from reminders.staff.difference import AGREED
from reminders.staff.kept_words import kept_said
from reminders.staff.screen import staff_of, visible_row
from reminders.staff.shipped_words import shipped_said
from reminders.staff.thread import operation_at
from reminders.staff.words import CATEGORY_ICONS
from reminders.tasks import ring


@dataclass(frozen=True, slots=True)
class Found:
    """One message in the list that is chosen from."""

    key: str
    title: str
    category: str
    icon: str
    day: int


@dataclass(frozen=True, slots=True)
class Preview:
    """The message on one channel as the patient will get it, or why they will not."""

    channel: str
    label: str
    icon: str
    subject: str = ""
    text: str = ""
    language: str = ""
    segments: int = 0
    why_not: str = ""

    @property
    def direction(self) -> str:
        return direction(self.language)


def send_now_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the messages that may be chosen, or one as it will go out; send it on a yes."""
    patient = visible_row(request, Patient.objects.select_related("clinic"), pk)
    if not staff_of(request).has_perm(MAY_SEND):
        raise PermissionDenied
    now = clock.now()
    surgery = _operation(patient, now=now)
    steps = {step.key: step for step in steps_to_send(surgery)} if surgery else {}
    asked = request.POST.get("step") or request.GET.get("step", "")
    step = steps.get(asked)
    if surgery is None or step is None:
        return _list(request, patient, list(steps.values()))
    if request.method == "POST":
        return _send(request, surgery, step, now=now)
    return _page(request, surgery, step, now=now)


def may_send(request: HttpRequest) -> bool:
    """True for clinicians: they answer for what they choose."""
    return staff_of(request).has_perm(MAY_SEND)


def _operation(patient: Patient, *, now: datetime) -> Surgery | None:
    """The operation that the patient's day is counted from, as on their timeline."""
    rows = patient.surgeries.exclude(status=SurgeryStatus.CANCELLED)
    surgeries = list(rows.select_related("patient__clinic").order_by("-surgery_date"))
    return operation_at(surgeries, timezone.localdate(now, patient.tz))


def _list(request: HttpRequest, patient: Patient, steps: list[Step]) -> HttpResponse:
    query = request.GET.get("q", "").strip()
    return render(
        request,
        "staff/send_now/list.html",
        {
            **_frame(request, patient),
            "query": query,
            "has_any": bool(steps),
            "found": [_found(step) for step in steps if has_words(query, _told(step))],
        },
    )


def _found(step: Step) -> Found:
    category = str(dict(Category.choices).get(step.category, step.category))
    icon = CATEGORY_ICONS.get(step.category, "sms")
    return Found(step.key, shipped_said(step.intent), category, icon, step.day_from)


def _told(step: Step) -> Iterator[str]:
    """What a search looks in: the aim, the category, and the words in every language."""
    yield step.intent
    yield shipped_said(step.intent)
    yield str(dict(Category.choices).get(step.category, step.category))
    for text in step.texts.all():
        yield from (text.sms, text.subject, text.heading, text.email)


def _send(request: HttpRequest, surgery: Surgery, step: Step, *, now: datetime) -> HttpResponse:
    channel = request.POST.get("channel", "")
    previews = previews_of(surgery, look_at(surgery, step, now=now))
    shown = next((one for one in previews if one.channel == channel), None)
    if shown is None or request.POST.get(AGREED) != digest_of(previews, step):
        return _page(request, surgery, step, now=now, look_again=True)
    if shown.why_not:
        return _page(request, surgery, step, now=now, problem=shown.why_not)
    try:
        send_now(
            surgery.pk,
            step_key=step.key,
            channel=channel,
            keep_planned="keep_planned" in request.POST,
            by=staff_of(request),
            now=now,
        )
    except CannotSendNow as reason:
        return _page(request, surgery, step, now=now, problem=_why_said(str(reason)))
    ring("reminders.deliver", channel_name=channel)
    told = _("It is on its way by {channel}: {message}.")
    messages.success(
        request, told.format(channel=shown.label.lower(), message=shipped_said(step.intent))
    )
    return HttpResponseRedirect(_back(surgery.patient))


def _page(
    request: HttpRequest,
    surgery: Surgery,
    step: Step,
    *,
    now: datetime,
    problem: str = "",
    look_again: bool = False,
) -> HttpResponse:
    seen = look_at(surgery, step, now=now)
    previews, patient = previews_of(surgery, seen), surgery.patient
    return render(
        request,
        "staff/send_now/send.html",
        {
            **_frame(request, patient),
            "step": step,
            "version": step.version,
            "category": dict(Category.choices).get(step.category, step.category),
            "reasons": [kept_said(reason) for reason in seen.reasons],
            "previews": previews,
            "chosen": _chosen(previews, patient),
            "planned": seen.planned,
            "planned_at": _moment(seen.planned.due_at, patient) if seen.planned else "",
            "waits_until": _moment(seen.goes_at, patient) if seen.goes_at > now else "",
            "texts_today": seen.texts_today,
            "texts_a_day": patient.clinic.texts_a_day,
            "agreed_name": AGREED,
            "agreed": digest_of(previews, step),
            "problem": problem,
            "look_again": look_again,
        },
    )


def previews_of(surgery: Surgery, seen: Sendable) -> list[Preview]:
    """Return the message on each of its channels, rendered from the record as it stands."""
    return [
        _preview(surgery, seen, channel, why_not=_why_said(why))
        for channel, why in seen.channels.items()
    ]


def _preview(surgery: Surgery, seen: Sendable, channel: str, *, why_not: str) -> Preview:
    patient = surgery.patient
    label, icon = str(Channel(channel).label), "sms" if channel == Channel.SMS else "mail"
    try:
        words = rendered(
            seen.step, patient=patient, clinic=patient.clinic, surgery=surgery, channel=channel
        )
    except CannotRender as missing:
        return Preview(channel, label, icon, why_not=str(missing))
    return Preview(
        channel=channel,
        label=label,
        icon=icon,
        subject=words.subject,
        text=words.text,
        language=words.language,
        segments=words.segments,
        why_not=why_not,
    )


def digest_of(previews: list[Preview], step: Step) -> str:
    """Name what was seen: other words have another digest."""
    told = repr([step.pk, [(one.channel, one.subject, one.text) for one in previews]])
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def _chosen(previews: list[Preview], patient: Patient) -> str:
    """The channel that stands ticked: the first that may be used and that the patient wants."""
    usable = [one.channel for one in previews if not one.why_not]
    wanted = [channel for channel in usable if patient.channels in ("both", channel)]
    return next(iter([*wanted, *usable]), "")


def _why_said(reason: str) -> str:
    """A reason in the reader's language, be it a word of the record or a sentence."""
    if reason in DeliveryReason.values and reason:
        return str(DeliveryReason(reason).label)
    return kept_said(reason)


def _moment(at: datetime, patient: Patient) -> str:
    return date_format(timezone.localtime(at, patient.tz), "l j F, H:i")


def _frame(request: HttpRequest, patient: Patient) -> dict[str, Any]:
    heading = _("Send a message now to {patient}").format(patient=patient)
    return {
        **admin.site.each_context(request),
        "heading": heading,
        "title": heading,
        "patient": patient,
        "back": _back(patient),
    }


def _back(patient: Patient) -> str:
    return reverse("admin:clinic_patient_timeline", args=[patient.pk])
