"""The timeline of one patient: the conversation as one thread, with the exact words."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from clinic import clock
from clinic.models import Carer, CarerConsent, Channel, Hold, Patient, SurgeryStatus
from reminders.flow.reach import Recipient, address_of, consents_of, obstacle, wants
from reminders.models import (
    AlertKind,
    AlertStatus,
    Attempt,
    CheckInBy,
    Delivery,
    DeliveryReason,
    Purpose,
    Reminder,
    Reply,
)
from reminders.patient_page.paper import paper_name
from reminders.staff.alerts import may_act
from reminders.staff.call_forms import CallForm
from reminders.staff.call_log import MAY_ADD
from reminders.staff.holds import hold_said
from reminders.staff.outcomes import OutcomeForm
from reminders.staff.page_links import may_change_links, page_said
from reminders.staff.screen import staff_of, visible_row
from reminders.staff.send_now import may_send
from reminders.staff.spoken import spoken
from reminders.staff.surgery_steps import open_steps
from reminders.staff.thread import Rows, operation_at, thread
from reminders.staff.tries import tries_of
from reminders.staff.words import Said, day_of_recovery

# Older replies and alerts than these are found in their own lists.
SHOWN_AT_MOST = 200
# What reaches the patient beside the plan.
NOT_REMINDED = (Purpose.ANSWER, Purpose.PAGE_LINK)
# Of what is to come, this many days stand open above today's line.
DAYS_SHOWN = 4


def timeline_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what the patient has been sent, has written and will be sent."""
    patient = visible_row(request, Patient.objects.select_related("clinic"), pk)
    if not request.user.has_perm("clinic.view_patient"):
        raise PermissionDenied
    now = clock.now()
    return render(request, "staff/timeline/timeline.html", _context(request, patient, now=now))


def _context(request: HttpRequest, patient: Patient, *, now: datetime) -> dict[str, Any]:
    rows = read_rows(patient)
    told = thread(rows, now=now)
    today = timezone.localdate(now, patient.tz)
    operation = operation_at(rows.surgeries, today)
    still_open = [a for a in rows.alerts if a.status != AlertStatus.CLOSED]
    return {
        **admin.site.each_context(request),
        "heading": str(patient),
        "patient": patient,
        "operation": operation,
        "recovery": day_of_recovery(operation.surgery_date, on=today) if operation else "",
        "steps": open_steps(operation, by=staff_of(request), now=now) if operation else [],
        "hold": hold_said(operation, now=now) if operation else None,
        "today": today,
        "now": now,
        "thread": told,
        "further": told.coming[:-DAYS_SHOWN],
        "next_days": told.coming[-DAYS_SHOWN:],
        "spoken": spoken(patient, thread=told),
        "ways": [_way(patient, channel, rows) for channel in Channel],
        "carers": [_carer(carer, rows) for carer in rows.carers],
        "open_alerts": still_open,
        "silent_alert": next((a for a in still_open if a.kind == AlertKind.SILENT), None),
        "outcome_form": OutcomeForm(),
        "may_act": may_act(request),
        "page": page_said(patient, now=now),
        "paper_name": paper_name(get_language() or "en"),
        "tries": tries_of([patient], now=now).get(patient.pk),
        "call_form": CallForm(clinic=patient.clinic),
        "may_call": staff_of(request).has_perm(MAY_ADD),
        "may_send": may_send(request),
        "may_change_links": may_change_links(request),
    }


def _carer(carer: Carer, rows: Rows) -> dict[str, Any]:
    """A carer, and each way to them; one who is told no more has none."""
    told = carer.ended_at is None
    return {"carer": carer, "ways": [_way(carer, c, rows) for c in Channel] if told else []}


def _way(person: Recipient, channel: Channel, rows: Rows) -> dict[str, Any]:
    """One channel of a person: its address, and whether it may and can be used."""
    reason = obstacle(person, channel, rows.in_force, clinic=rows.patient.clinic)
    if reason:
        said = Said(str(DeliveryReason(reason).label), "warn")
    elif not wants(person, channel):
        said = Said(_("Allowed, not wanted"), "quiet")
    else:
        said = Said(_("In use"), "good")
    return {"label": channel.label, "address": address_of(person, channel), "said": said,
            "is_phone": channel == Channel.SMS}  # fmt: skip


def read_rows(patient: Patient) -> Rows:
    """Read all that the thread of this patient is made from, in a fixed number of queries."""
    attempts = Attempt.objects.order_by("number").prefetch_related("receipts")
    deliveries = Delivery.objects.defer("html").order_by("queued_at", "pk")
    with_attempts = Prefetch("attempts", attempts)
    surgeries = patient.surgeries.exclude(status=SurgeryStatus.CANCELLED)
    carers = list(patient.carers.order_by("pk"))
    return Rows(
        patient=patient,
        surgeries=list(surgeries.select_related("patient__clinic").order_by("-surgery_date")),
        reminders=list(
            Reminder.objects.filter(surgery__patient=patient)
            .select_related("step__version", "surgery__patient__clinic", "carer", "sent_by")
            .prefetch_related(
                "step__texts", Prefetch("deliveries", deliveries.prefetch_related(with_attempts))
            )
        ),
        answers=list(
            deliveries.filter(patient=patient, purpose__in=NOT_REMINDED)
            .select_related("carer")
            .prefetch_related(with_attempts)[:SHOWN_AT_MOST]
        ),
        replies=[
            *patient.replies.all()[:SHOWN_AT_MOST],
            *Reply.objects.filter(carer__in=carers).select_related("carer")[:SHOWN_AT_MOST],
        ],
        alerts=list(
            patient.alerts.select_related("acknowledged_by", "reply").order_by("-opened_at")[
                :SHOWN_AT_MOST
            ]
        ),
        consents=list(patient.consents.all()),
        check_ins=list(
            patient.check_ins.filter(submitted_at__isnull=False).exclude(by=CheckInBy.SMS)[
                :SHOWN_AT_MOST
            ]
        ),
        calls=list(
            patient.phone_calls.select_related("by", "corrected_by", "alert")[:SHOWN_AT_MOST]
        ),
        in_force=consents_of([patient.pk], carer_ids=[carer.pk for carer in carers]),
        holds=list(
            Hold.objects.filter(surgery__patient=patient).select_related("began_by", "ended_by")
        ),
        carers=carers,
        carer_consents=list(CarerConsent.objects.filter(carer__in=carers).select_related("carer")),
    )
