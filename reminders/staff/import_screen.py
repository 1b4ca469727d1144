"""Import: choose a file, look at what would happen to each row, then keep the good rows."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from clinic import clock
from clinic.intake.columns import REQUIRED
from clinic.intake.importing import apply, preview
from clinic.intake.outcomes import Action, RowOutcome
from clinic.intake.report import Tally
from clinic.intake.spreadsheet import Spreadsheet, open_spreadsheet
from clinic.intake.tables import MOST_BYTES, FileRefused
from clinic.models import Clinic, Staff
from clinic.verdicts.dates import DayOrder
from reminders.staff import uploads
from reminders.staff.screen import staff_of
from reminders.tasks import ring

BAD_ROWS_SHOWN = 200
GOOD_ROWS_SHOWN = 50
BAD = (Action.REJECT, Action.CONFLICT)
SAID = {
    Action.CREATE: (gettext_lazy("New patient"), "good"),
    Action.UPDATE: (gettext_lazy("Changes"), "wait"),
    Action.UNCHANGED: (gettext_lazy("Known already"), "quiet"),
    Action.SKIP: (gettext_lazy("Skipped"), "quiet"),
    Action.CONFLICT: (gettext_lazy("Needs a decision"), "warn"),
    Action.REJECT: (gettext_lazy("Not taken"), "bad"),
}


def _said(action: Action) -> tuple[str, str]:
    words, tone = SAID[action]
    return str(words), tone


def counted(action: Action, count: int) -> str:
    """Return the words behind a number of rows: "new patient" behind 1, "new patients" behind 2."""
    words = {
        Action.CREATE: ngettext("new patient", "new patients", count),
        Action.UPDATE: ngettext("with changes", "with changes", count),
        Action.UNCHANGED: ngettext("known already", "known already", count),
        Action.SKIP: ngettext("skipped", "skipped", count),
        Action.CONFLICT: ngettext("needs a decision", "need a decision", count),
        Action.REJECT: ngettext("not taken", "not taken", count),
    }
    return words[action]


class UploadForm(forms.Form):
    """A file, and how it writes its days where the file itself does not tell."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "CSV or Excel workbook (.xlsx), at most 10 MB, with a row of column titles."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,.xlsx", "class": "ac-input"}),
    )
    day_order = forms.ChoiceField(
        label=gettext_lazy("A day such as 05/01/2026 is written"),
        required=False,
        choices=[
            ("", gettext_lazy("so that it can be told from the file")),
            (DayOrder.DAY_FIRST, gettext_lazy("day first: 5 January")),
            (DayOrder.MONTH_FIRST, gettext_lazy("month first: 1 May")),
        ],
        widget=forms.Select(attrs={"class": "ac-input"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is over 10 MB. Split it in parts."))
        return file


@dataclass(slots=True)
class Table:
    """What would happen, or has happened: the counts, and the rows worth showing."""

    tally: Tally = field(default_factory=Tally)
    counts: dict[str, int] = field(default_factory=dict)
    bad: list[RowOutcome] = field(default_factory=list)
    good: list[RowOutcome] = field(default_factory=list)

    def add(self, outcome: RowOutcome) -> None:
        self.tally.add(outcome)
        self.counts[outcome.action] = self.counts.get(outcome.action, 0) + 1
        if outcome.action in BAD:
            if len(self.bad) < BAD_ROWS_SHOWN:
                self.bad.append(outcome)
        elif len(self.good) < GOOD_ROWS_SHOWN and outcome.action != Action.UNCHANGED:
            self.good.append(outcome)

    @property
    def said(self) -> list[tuple[str, str, int]]:
        """What happened to how many rows: the words behind the number, their tone, the number."""
        return [
            (counted(action, count), SAID[action][1], count)
            for action in Action
            if (count := self.counts.get(action, 0))
        ]

    @property
    def taken(self) -> int:
        return self.counts.get(Action.CREATE, 0) + self.counts.get(Action.UPDATE, 0)

    @property
    def shown_rows(self) -> list[tuple[str, str, RowOutcome]]:
        return [(*_said(outcome.action), outcome) for outcome in (*self.bad, *self.good)]


def import_view(request: HttpRequest) -> HttpResponse:
    """GET shows the form, or the preview of a kept file; POST takes a file in, or its good rows."""
    staff = staff_of(request)
    clinic = staff.clinic
    if clinic is None or not staff.has_perm("clinic.add_patient"):
        raise PermissionDenied
    token = request.POST.get("kept", "") or request.GET.get("kept", "")
    path = uploads.find(token, by=staff) if token else None
    if token and path is None:
        messages.warning(request, _("That file is not kept any more. Please choose it again."))
        return HttpResponseRedirect(reverse("admin:clinic_patient_import"))
    if path is None:
        return _take_in(request, staff)
    try:
        return _show_or_apply(request, path, token=token, clinic=clinic, staff=staff)
    except FileRefused as refused:
        uploads.forget(path)
        return _page(request, form=UploadForm(), refused=refused)


def _take_in(request: HttpRequest, staff: Staff) -> HttpResponse:
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, form=form)
    file = form.cleaned_data["file"]
    token = uploads.keep(file.chunks(), by=staff, name=file.name)
    query = urlencode({"kept": token, "order": form.cleaned_data["day_order"]})
    return HttpResponseRedirect(f"{reverse('admin:clinic_patient_import')}?{query}")


def _show_or_apply(
    request: HttpRequest, path: Path, *, token: str, clinic: Clinic, staff: Staff
) -> HttpResponse:
    order = _order(request)
    with path.open("rb") as file:
        sheet = _sheet(file, path=path, order=order)
        if request.method == "POST":
            table = _table(
                apply(sheet.rows(), clinic=clinic, now=clock.now(), by=staff, day_order=order)
            )
        else:
            rows = preview(sheet.rows(), clinic=clinic, now=clock.now(), day_order=order)
            table = _table(rows)
    context = {"table": table, "sheet": sheet, "kept": token, "order": order or ""}
    if request.method == "POST":
        uploads.forget(path)
        ring("reminders.plan")
        messages.success(request, _("Imported: {counts}.").format(counts=_sum(table)))
        return _page(request, is_done=True, **context)
    return _page(request, **context)


def _order(request: HttpRequest) -> DayOrder | None:
    told = request.POST.get("order", "") or request.GET.get("order", "")
    return DayOrder(told) if told in list(DayOrder) else None


def _sheet(file: BinaryIO, *, path: Path, order: DayOrder | None) -> Spreadsheet:
    return open_spreadsheet(file, name=path.name, day_order=order)


def _table(outcomes: Iterator[RowOutcome]) -> Table:
    table = Table()
    for outcome in outcomes:
        table.add(outcome)
    return table


def _sum(table: Table) -> str:
    return ", ".join(f"{count} {words}" for words, _tone, count in table.said)


def _page(request: HttpRequest, **shown: Any) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "heading": _("Import patients"),
        "bad_rows_shown": BAD_ROWS_SHOWN,
        "required": REQUIRED,
        **shown,
    }
    return render(request, "staff/import/import.html", context)
