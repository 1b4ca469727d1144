"""A step of an alert → whom it reaches, and notices to them, queued like any other delivery.

A notice names no patient and nothing of what they wrote: it says since when an alert waits, and
where. One for each alert that may mean danger; alerts for the day share a notice.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from clinic.models import Channel, Clinic, Staff
from clinic.verdicts import Rejected, phones
from reminders.flow.rungs import stop_climbs
from reminders.flow.staffed import staffed_hours
from reminders.models import (
    Alert,
    AlertStatus,
    AlertStep,
    AlertStepStatus,
    Delivery,
    DeliveryStatus,
    DutyShift,
    How,
    Purpose,
    Whom,
)
from reminders.models.ladder import RungWords
from reminders.rules.gsm7 import sms_size
from reminders.rules.ladder import Reached, next_at_once
from reminders.rules.language import EVERYWHERE, language_of
from reminders.rules.service_texts import TEXTS, ServiceText, service_text

# After this long the ladder has gone on, and a repeat says the same again.
NOTICE_IS_OF_USE = timedelta(minutes=20)
# Alerts for the day that come within this time are one notice to the same person.
TOGETHER_WITHIN = timedelta(minutes=15)
# Doubtful counts as failed here: telling one person more is safer than telling nobody.
DID_NOT_REACH = (
    DeliveryStatus.UNDELIVERED,
    DeliveryStatus.REFUSED,
    DeliveryStatus.EXPIRED,
    DeliveryStatus.UNKNOWN,
)


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody, and where they are reached by the channel of a rung."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Recipients:
    """Whom a rung reaches at a moment; `problem` says why nobody, or who is missing."""

    found: tuple[Recipient, ...]
    problem: str = ""

    @property
    def reached(self) -> Reached:
        return Reached(tuple(recipient.name for recipient in self.found), self.problem)


def recipients(rung: RungWords, clinic: Clinic, *, at: datetime) -> Recipients:
    """Return whom this rung reaches at this moment, each with a number or address that works."""
    if rung.whom == Whom.ADDRESS:
        name = rung.label or rung.address
        wanted = [(name, rung.address)]
    else:
        people = _people(rung, clinic, at=at)
        if not people:
            return Recipients((), _nobody(rung))
        wanted = [(str(person), _address_of(person, rung.how)) for person in people]
    found, problems = [], []
    for name, written in wanted:
        address, problem = _usable(written, how=rung.how, clinic=clinic)
        if problem:
            problems.append(f"{name}: {problem}")
        else:
            found.append(Recipient(name, address))
    return Recipients(tuple(found), ". ".join(problems))


def _people(rung: RungWords, clinic: Clinic, *, at: datetime) -> list[Staff]:
    colleagues = Staff.objects.filter(clinic=clinic, is_active=True)
    if rung.whom == Whom.PERSON:
        return list(colleagues.filter(pk=rung.staff_id or 0))
    if rung.whom == Whom.ROLE:
        return list(colleagues.filter(role=rung.role))
    on_duty = DutyShift.objects.at(at).filter(clinic=clinic)
    return list(colleagues.filter(pk__in=on_duty.values("staff")))


def _nobody(rung: RungWords) -> str:
    if rung.whom == Whom.ON_DUTY:
        return "Nobody is on duty"
    if rung.whom == Whom.ROLE:
        return f"Nobody works here as {rung.get_role_display().lower()}"
    return f"{rung.staff or 'The person'} works here no more"


def _address_of(person: Staff, how: str) -> str:
    return person.email if how == How.EMAIL else person.phone


def _usable(written: str, *, how: str, clinic: Clinic) -> tuple[str, str]:
    """Return the address as it is used, or what is wrong with it."""
    written = written.strip()
    if not written:
        return "", "no email address" if how == How.EMAIL else "no telephone number"
    if how != How.SMS:
        return written, ""
    if not clinic.sms_sender:
        return "", "the clinic has no number that texts come from"
    try:
        number = phones.mobile(
            written,
            country=clinic.country,
            allowed_countries=clinic.mobile_countries,
            test_numbers=settings.DEMO or settings.ENVIRONMENT == "test" or clinic.is_demo,
        )
    except Rejected as rejected:
        return "", str(rejected)
    return number.value, ""


def write_notices(step: AlertStep, alert: Alert, to: Iterable[Recipient], *, now: datetime) -> None:
    """Queue a notice to each of them; for an alert of the day, those told just now need none."""
    wanted = list(to)
    if not step.is_urgent:
        recent = _told_lately(step, alert.clinic, {r.address for r in wanted}, now=now)
        wanted = [recipient for recipient in wanted if recipient.address not in recent]
        step.told_with = next(iter(recent.values()), None)
    Delivery.objects.bulk_create(
        _notice(step, alert, recipient.address, now=now) for recipient in wanted
    )


def _told_lately(
    step: AlertStep, clinic: Clinic, addresses: set[str], *, now: datetime
) -> dict[str, AlertStep]:
    """Return the steps whose notice each address has had a moment ago, by address."""
    notices = Delivery.objects.filter(
        purpose=Purpose.NOTICE,
        clinic=clinic,
        channel=step.how,
        address__in=addresses,
        queued_at__gt=now - TOGETHER_WITHIN,
        alert_step__is_urgent=False,
    ).exclude(status__in=(*DID_NOT_REACH, DeliveryStatus.SKIPPED))
    return {
        notice.address: notice.alert_step
        for notice in notices.select_related("alert_step")
        if notice.alert_step is not None
    }


def _notice(step: AlertStep, alert: Alert, address: str, *, now: datetime) -> Delivery:
    language, text = notice_text(alert, is_urgent=step.is_urgent, now=now)
    is_sms = step.how == How.SMS
    return Delivery(
        alert_step=step,
        purpose=Purpose.NOTICE,
        clinic=alert.clinic,
        channel=Channel(step.how),
        is_high_priority=True,
        queued_at=now,
        status_since=now,
        next_try_at=now,
        not_after=now + NOTICE_IS_OF_USE,
        address=address,
        language=language,
        subject="" if is_sms else text.partition(". ")[0],
        text=text,
        segments=sms_size(text).parts if is_sms else 0,
    )


def notice_text(alert: Alert, *, is_urgent: bool, now: datetime) -> tuple[str, str]:
    """Return the language of the clinic and the words of a notice: a moment and a link."""
    clinic = alert.clinic
    language = language_of(TEXTS, patient=clinic.language, clinic=clinic.language) or EVERYWHERE
    opened, today = (moment.astimezone(clinic.tz) for moment in (alert.opened_at, now))
    same_day = opened.date() == today.date()
    page = f"{settings.PUBLIC_URL}/staff/reminders/alert/"
    values = {
        "clinic": clinic.sender_name,
        "time": f"{opened:%H:%M}" if same_day else f"{opened:%Y-%m-%d %H:%M}",
        "link": f"{page}{alert.pk}/change/" if is_urgent else page,
    }
    which = ServiceText.NOTICE_URGENT if is_urgent else ServiceText.NOTICE_TODAY
    return language, service_text(which, language=language, values=values)


@transaction.atomic
def notices_failed(delivery_ids: Iterable[int], *, now: datetime) -> None:
    """See to steps whose notices all failed: say so, and let the next step be due at once.

    Twice is once: a step fails once. Repeats are not brought forward, so a number that is dead
    for good does not ring in a circle.
    """
    told = AlertStep.objects.filter(status=AlertStepStatus.TOLD)
    own = told.filter(notices__in=list(delivery_ids)).distinct().prefetch_related("notices")
    failed = [step for step in own if _reached_nobody(step)]
    failed += told.filter(told_with__in=failed)
    alerts = Alert.objects.select_for_update(of=("self",)).select_related("clinic").order_by("pk")
    by_id = {alert.pk: alert for alert in alerts.filter(pk__in={s.alert_id for s in failed})}
    for step in failed:
        cause = step.told_with or step
        _fail(step, _why(cause), now=now)
        _bring_forward(by_id[step.alert_id], now=now)


def _reached_nobody(step: AlertStep) -> bool:
    return all(notice.status in DID_NOT_REACH for notice in step.notices.all())


def _why(step: AlertStep) -> str:
    notice = step.notices.first()
    return (notice.get_failure_reason_display() if notice else "") or "Not delivered"


def _fail(step: AlertStep, reason: str, *, now: datetime) -> None:
    """Write down that a step reached nobody, and why."""
    step.status, step.status_since, step.note = AlertStepStatus.FAILED, now, reason[:300]
    step.save(update_fields=["status", "status_since", "note"])


def _bring_forward(alert: Alert, *, now: datetime) -> None:
    """Make the next step of an open alert due now, in place of one that reached nobody."""
    if alert.status != AlertStatus.OPEN:
        stop_climbs([alert.pk], now=now)
        return
    waiting = alert.steps.filter(status=AlertStepStatus.WAITING, repeat=0, round=alert.round)
    staffed = staffed_hours(alert.clinic)
    instead = next_at_once((step.rule for step in waiting), now=now, staffed=staffed)
    if instead is not None:
        waiting.filter(position=instead.position, due_at__gt=now).update(due_at=now)
