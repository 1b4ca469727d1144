"""The page before an export: which rows, with names or without, and why; then the file itself.

Who may is in `clinic.access`: managers and clinical leads with names, nurses and auditors without,
reception and physiotherapists not at all.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib.admin import ModelAdmin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.text import capfirst, slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic import clock
from clinic.models import Clinic, Staff
from reminders.models import Export, ExportFormat
from reminders.staff.exports.columns import columns_of, table
from reminders.staff.exports.files import MOST_ROWS_OF_A_WORKBOOK, TYPES, file_parts
from reminders.staff.screen import staff_of
from reminders.staff.sign_in.again import ask_again, recently_signed_in
from reminders.staff.sign_in.kept_form import typed_before
from reminders.staff.whole_list import whole_list
from reminders.tasks import ring

MAY_EXPORT, MAY_TAKE_NAMES = "reminders.add_export", "reminders.export_names"
# Files that one clinic may draw at the same time: each keeps one thread of the web server.
AT_ONCE = 2
GIVEN_UP_AFTER = timedelta(minutes=15)


class ExportForm(forms.Form):
    """What goes into the file."""

    format = forms.ChoiceField(
        label=gettext_lazy("File"),
        choices=ExportFormat.choices,
        widget=forms.Select(attrs={"class": "ac-input"}),
    )
    with_names = forms.BooleanField(
        label=gettext_lazy("With names, numbers, addresses, birth dates and texts"), required=False
    )
    reason = forms.CharField(
        label=gettext_lazy("What the file is for"),
        help_text=gettext_lazy("Needed with names. It is kept, and others of the clinic are told."),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"class": "ac-input"}),
    )

    def __init__(self, *args: Any, staff: Staff, row_count: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._row_count = row_count
        if not staff.has_perm(MAY_TAKE_NAMES):
            del self.fields["with_names"]

    def clean_format(self) -> str:
        chosen = str(self.cleaned_data["format"])
        if chosen == ExportFormat.XLSX and self._row_count > MOST_ROWS_OF_A_WORKBOOK:
            raise ValidationError(_("A workbook cannot hold so many rows. Choose CSV."))
        return chosen

    def clean_reason(self) -> str:
        reason = " ".join(self.cleaned_data["reason"].split())
        if self.cleaned_data.get("with_names") and not reason:
            raise ValidationError(_("Say what the file with names is for."))
        return reason


def export_urls(screen: "ModelAdmin[Any]") -> list[URLPattern]:
    """Return the address of the export of this screen's list."""

    def view(request: HttpRequest) -> HttpResponseBase:
        return _export(request, screen)

    wrapped = screen.admin_site.admin_view(view)
    name = f"{screen.opts.app_label}_{screen.opts.model_name}_export"
    return [path("export/", wrapped, name=name)]


def _export(request: HttpRequest, screen: "ModelAdmin[Any]") -> HttpResponseBase:
    """GET shows what would be in the file; POST, once it is agreed to, is the file."""
    staff = staff_of(request)
    may_view = screen.has_view_permission(request)
    if staff.clinic is None or not may_view or not staff.has_perm(MAY_EXPORT):
        raise PermissionDenied
    if not recently_signed_in(request):  # a page left open is not a person
        return ask_again(request)
    try:
        shown = whole_list(request, screen)
    except IncorrectLookupParameters:
        return HttpResponseRedirect(request.path)
    row_count = shown.queryset.order_by().count()
    typed = typed_before(request)
    form = ExportForm(request.POST or None, initial=typed, staff=staff, row_count=row_count)
    if request.method != "POST" or not form.is_valid():
        return _page(request, screen, shown=shown, form=form, row_count=row_count)
    if _running(staff.clinic) >= AT_ONCE:
        form.add_error(None, _("Other files are being drawn. Try again in a minute."))
        return _page(request, screen, shown=shown, form=form, row_count=row_count)
    export = Export.objects.create(
        clinic=staff.clinic,
        by=staff,
        at=clock.now(),
        rows_of=screen.opts.label_lower,
        query=request.GET.urlencode(),
        format=form.cleaned_data["format"],
        with_names=form.cleaned_data.get("with_names", False),
        reason=form.cleaned_data["reason"],
        row_count=row_count,
    )
    ring("reminders.watch")
    return _file(export, shown)


def _running(clinic: Clinic) -> int:
    since = clock.now() - GIVEN_UP_AFTER
    return Export.objects.filter(clinic=clinic, finished_at=None, at__gt=since).count()


def _file(export: Export, shown: ChangeList) -> StreamingHttpResponse:
    day = timezone.localdate(export.at, export.clinic.tz)
    name = f"{slugify(str(shown.opts.verbose_name_plural))}-{day:%Y-%m-%d}.{export.format}"
    return StreamingHttpResponse(
        _parts(export, shown),
        content_type=TYPES[export.format],
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        },
    )


def _parts(export: Export, shown: ChangeList) -> Iterator[bytes]:
    """Give the file, and write down how many rows have left once it ends or is broken off."""
    columns = columns_of(export.rows_of, with_names=export.with_names)
    written = -1  # the titles are no row

    def counted() -> Iterator[list[str]]:
        nonlocal written
        for row in table(shown.queryset, columns, tz=export.clinic.tz):
            written += 1
            yield row

    try:
        yield from file_parts(counted(), kind=export.format)
    finally:
        Export.objects.filter(pk=export.pk).update(
            finished_at=clock.now(), rows_written=max(written, 0)
        )


def _page(
    request: HttpRequest,
    screen: "ModelAdmin[Any]",
    *,
    shown: ChangeList,
    form: ExportForm,
    row_count: int,
) -> HttpResponse:
    context: dict[str, Any] = {
        **screen.admin_site.each_context(request),
        "heading": _("Export"),
        "rows_called": getattr(screen, "called", "") or shown.opts.verbose_name_plural,
        "opts": shown.opts,
        "crumb": capfirst(getattr(screen, "called", "") or shown.opts.verbose_name_plural),
        "form": form,
        "row_count": row_count,
        "is_narrowed": bool(shown.has_active_filters or shown.query),
        "without": columns_of(shown.opts.label_lower, with_names=False),
        "query": request.GET.urlencode(),
    }
    return render(request, "staff/exports/export.html", context)
