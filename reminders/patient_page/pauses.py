"""What the page says of a hold: while it lasts, and after one that has moved what comes."""

from django.utils import timezone

from clinic.models import Hold
from reminders.models import Reminder, ReminderStatus
from reminders.patient_page.page_words import PAGE_WORDS, told_date
from reminders.patient_page.where_they_are import Stage, Whereabouts
from reminders.rules.pauses import ALL_WAITS


def pause_note(where: Whereabouts, *, language: str) -> str:
    """Return what the patient should know about a hold of their plan, or an empty text.

    While it lasts: that warning signs still come, where they do. Afterwards, as long as something
    that it moved is to come: from when to when, by how much, and that limits did not move.
    """
    surgery, words = where.surgery, PAGE_WORDS[language]
    if surgery is None:
        return ""
    if where.stage is Stage.WAITING:
        passes = surgery.on_hold and surgery.hold_kind not in ALL_WAITS
        return words["waiting_but_signs"] if passes else ""
    hold = Hold.objects.filter(surgery=surgery, shifted_days__gt=0).first()
    if hold is None or hold.ended_at is None or not where.is_recovering:
        return ""
    to_come = Reminder.objects.filter(
        surgery=surgery, status=ReminderStatus.PLANNED, shifted_days__gt=0
    )
    if not to_come.exists():
        return ""
    since, until = (
        told_date(timezone.localdate(moment, surgery.patient.tz), language=language, short=True)
        for moment in (hold.began_at, hold.ended_at)
    )
    note = words["moved_by_one"] if hold.shifted_days == 1 else words["moved_by_n"]
    return note.format(since=since, until=until, days=hold.shifted_days)
