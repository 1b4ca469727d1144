"""A made-up patient laid on a real calendar: what they would get, when, and what moved it."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic import clock
from clinic.models import Clinic, Closure
from clinic.verdicts import Rejected, zones
from reminders.flow.record import why_closed
from reminders.flow.version_history import note
from reminders.models import PathwayVersion, ReminderReason, VersionEventKind
from reminders.rules.content import PathwayContent, StepContent
from reminders.rules.facts import FACT_NAMES, Record
from reminders.rules.language import language_of
from reminders.rules.moves import Explained, Move, Moved, explained
from reminders.staff.content.look import price_at
from reminders.staff.content.made_up_record import record_of, today_at, usual
from reminders.staff.content.months import Entry, months_of
from reminders.staff.content.page import page, version_of
from reminders.staff.content.recovery_cost import cost_of_plan, texted_steps
from reminders.staff.content.shown import content_shown
from reminders.staff.kept_words import because_said, kept_said
from reminders.staff.screen import staff_of
from reminders.staff.shipped_words import shipped_said, version_said
from reminders.staff.words import CATEGORY_ICONS, language_name

# Said by the clinic and by the calendar, so nobody ticks them.
NOT_ASKED = ("operation_confirmed",)


class MadeUpForm(forms.Form):
    """Who the patient is; every answer is in the address, so that a page can be shown again."""

    surgery_date = forms.DateField(
        label=gettext_lazy("Day of the operation"), widget=forms.DateInput(attrs={"type": "date"})
    )
    discharge_date = forms.DateField(
        label=gettext_lazy("Went home on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    appointment_date = forms.DateField(
        label=gettext_lazy("Appointment on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    zone = forms.CharField(
        label=gettext_lazy("Time zone"), help_text=gettext_lazy("As in Europe/London")
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"))
    region = forms.ChoiceField(label=gettext_lazy("Region"))
    procedure = forms.ChoiceField(label=gettext_lazy("Procedure"), required=False)
    facts = forms.MultipleChoiceField(
        label=gettext_lazy("What is so"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Mapping[str, object] | None, *, content: PathwayContent) -> None:
        super().__init__(data)
        facts = [(k, _(v)) for k, v in FACT_NAMES.items()
                 if k not in NOT_ASKED and not k.startswith("country_")]  # fmt: skip
        for name, choices in (
            ("language", [(code, language_name(code)) for code in content.languages]),
            ("region", [(region.value, _(region.value)) for region in content.regions]),
            ("procedure", [(p, _(p.replace("_", " "))) for p in content.procedures]),
            ("facts", facts),
        ):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = choices

    def clean_zone(self) -> str:
        try:
            return zones.zone(self.cleaned_data["zone"]).value
        except Rejected as reason:
            raise forms.ValidationError(reason.messages[0]) from reason


def made_up_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the form, and the months in which this patient would get anything.

    Nothing is written by looking. Whoever says that it is right is kept with the version.
    """
    version = version_of(request, pk)
    if request.method == "POST":
        return _seen(request, version)
    content, clinic = content_shown(version), version.pathway.clinic
    data = request.GET.copy()
    for name, value in usual(content, clinic, today=today_at(clinic)).items():
        data.setdefault(name, str(value or ""))
    form = MadeUpForm(data, content=content)
    context: dict[str, object] = {
        "may_say_so": staff_of(request).has_perm("reminders.change_pathwayversion"),
        "form": form,
        "day_names": list(WEEKDAYS_ABBR.values()),
    }
    if form.is_valid():
        context |= _calendar(form.cleaned_data, content, version)
    return page(
        request,
        "made_up",
        version,
        heading=_("Made-up patient: {version}").format(version=version_said(version)),
        **context,
    )


def _seen(request: HttpRequest, version: PathwayVersion) -> HttpResponse:
    """Keep that somebody looked at a made-up patient's calendar and found it right."""
    staff = staff_of(request)
    if not staff.has_perm("reminders.change_pathwayversion"):
        raise PermissionDenied
    note(version, kind=VersionEventKind.TRIED, by=staff, now=clock.now())
    messages.success(request, _("Kept: you have seen it and it is right."))
    return HttpResponseRedirect(request.get_full_path())


def _calendar(
    asked: Mapping[str, Any], content: PathwayContent, version: PathwayVersion
) -> dict[str, object]:
    clinic = version.pathway.clinic
    closures = list(Closure.objects.filter(clinic=clinic))
    record = record_of(asked, clinic, closures=closures)
    plan = explained(record, content.steps)
    language = str(asked["language"])
    entries: dict[date, list[Entry]] = defaultdict(list)
    for one in plan:
        local = one.occurrence.due_at.astimezone(record.tz)
        entries[local.date()].append(
            _entry(one, local, record, language=language, clinic=clinic, closures=closures)
        )
    languages = [
        _spoken(one.occurrence.step, language=language, clinic=clinic)
        for one in plan
        if one.occurrence.step.for_patients
    ]
    return {
        "months": months_of(entries, record, clinic, closures),
        "said": len(languages),
        "own": languages.count(language),
        "language": language_name(language),
        "others": ", ".join(language_name(code) for code in sorted({*languages} - {language})),
        "tasks": sum(1 for one in plan if not one.occurrence.step.for_patients),
        "moved": sum(1 for one in plan if one.moves),
        "cost": cost_of_plan(
            (one.occurrence for one in plan),
            version,
            language=asked["language"],
            texts=texted_steps(version),
        ),
        "has_price": price_at(clinic) is not None,
    }


def _entry(
    one: Explained,
    local: datetime,
    record: Record,
    *,
    language: str,
    clinic: Clinic,
    closures: list[Closure],
) -> Entry:
    occurrence = one.occurrence
    step = occurrence.step
    reason = occurrence.skip or occurrence.hold
    spoken = _spoken(step, language=language, clinic=clinic)
    return Entry(
        key=step.key,
        intent=shipped_said(step.intent),
        icon=CATEGORY_ICONS.get(step.category, "sms"),
        at=f"{local:%H:%M}",
        spoken=language_name(spoken) if spoken != language else "",
        is_staff=not step.for_patients,
        state=str(ReminderReason(reason).label) if reason else "",
        because=because_said(occurrence.because),
        moves=tuple(
            _why(move, local=local, record=record, clinic=clinic, closures=closures)
            for move in one.moves
        ),
    )


def _spoken(step: StepContent, *, language: str, clinic: Clinic) -> str:
    """The language that a message goes out in; a task for staff is in nobody's but theirs."""
    if not step.for_patients:
        return language
    return language_of(step.texts, patient=language, clinic=clinic.language) or language


def _why(
    moved: Moved, *, local: datetime, record: Record, clinic: Clinic, closures: list[Closure]
) -> str:
    before = moved.from_due.astimezone(record.tz)
    day = date_format(before, "D j M")
    match moved.by:
        case Move.SLID:
            most = record.texts_a_day
            words = _("Slid from {day}: that day had its {most} texts already.")
            return words.format(day=day, most=most)
        case Move.DAY_OFF:
            why = kept_said(why_closed(clinic, closures, day=before.date())) or _("a day off")
            return _("Shifted from {day}: {reason}.").format(day=day, reason=why)
        case Move.QUIET:
            return _("Moved from {time}: no messages in the quiet hours.").format(
                time=f"{before:%H:%M}"
            )
        case Move.ENROLLED:
            return _("Its window began on {day}, before the enrolment.").format(day=day)
        case Move.CLOCKS:
            return _("The clocks go forward, so it comes at {time}.").format(time=f"{local:%H:%M}")
