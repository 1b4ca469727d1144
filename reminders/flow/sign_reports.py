"""A warning sign reported on the patient's page → the report and its alert, together. Promise P6.

Nothing here sorts reports: whatever was ticked, a person looks at once, and the patient is told the
same fixed words (clinical.md 5a, RG-2). An empty report is one too: somebody wanted help.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from reminders.flow.alerts import new_alert, raise_alerts
from reminders.models import Alert, AlertKind, PatientVisit, SignReport, Tier

MOST_SIGNS = 60
LONGEST_SIGN = 400
LONGEST_WORDS = 2_000


def report_signs(
    visit: PatientVisit,
    *,
    report_id: UUID,
    signs: Sequence[str],
    words: str,
    language: str,
    now: datetime,
) -> SignReport:
    """Keep the report and raise its alert in one transaction; return it once both are there.

    Sent twice under one id it is one report and one alert, and the first stays as it was. An id
    that is another patient's gets another. Too long is cut, never refused.
    """
    patient = visit.link.patient
    if SignReport.objects.filter(pk=report_id).exclude(patient=patient).exists():
        report_id = uuid4()
    with transaction.atomic():
        report, is_new = SignReport.objects.get_or_create(
            pk=report_id,
            defaults={
                "patient": patient,
                "link": visit.link,
                "signs": [sign.strip()[:LONGEST_SIGN] for sign in signs[:MOST_SIGNS]],
                "words": words.strip()[:LONGEST_WORDS],
                "language": language,
                "reported_at": now,
            },
        )
        if is_new:
            raise_alerts([_alert(report, now=now)])
    return report


def _alert(report: SignReport, *, now: datetime) -> Alert:
    return new_alert(
        report.patient.clinic,
        kind=AlertKind.WARNING_SIGN,
        tier=Tier.EMERGENCY,
        cause=f"sign-report:{report.pk}",
        summary="A warning sign, reported on the patient's page",
        to_do="\n".join(["Call the patient now.", *_told(report)]),
        patient=report.patient,
        now=now,
    )


def _told(report: SignReport) -> list[str]:
    """The report in lines, for whoever calls."""
    lines = [f"Ticked: {sign}" for sign in report.signs]
    if report.words:
        lines.append(f"In their own words: {report.words}")
    return lines or ["They did not say which sign."]
