"""What every screen of the panel has in common: one clinic's rows, nothing deleted, a history."""

import json
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from django.contrib import admin
from django.contrib.admin.helpers import InlineAdminFormSet
from django.core.exceptions import PermissionDenied
from django.db.models import ForeignKey, Model, QuerySet
from django.forms import ModelChoiceField, ModelForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from unfold import admin as unfold

from clinic.access import visible_to
from clinic.access_history import refuse
from clinic.models import Staff
from reminders.staff import history
from reminders.staff.words import Words

Row = TypeVar("Row", bound=Model)
Parent = TypeVar("Parent", bound=Model)

if TYPE_CHECKING:
    Admin = admin.ModelAdmin
    Inline = admin.TabularInline
    RecordForm = ModelForm

else:

    class Admin(unfold.ModelAdmin, Generic[Row]):
        pass

    class Inline(unfold.TabularInline, Generic[Row, Parent]):
        def formfield_for_dbfield(self, db_field, request, **kwargs):
            """Name each field for a screen reader; for eyes the head of the table does."""
            field = super().formfield_for_dbfield(db_field, request, **kwargs)
            if field is not None:
                field.widget.attrs.setdefault("aria-label", str(capfirst(db_field.verbose_name)))
            return field

    class RecordForm(ModelForm, Generic[Row]):
        pass


def staff_of(request: HttpRequest) -> Staff:
    """Return who is signed in; the panel's pages are reached by nobody else."""
    if not isinstance(request.user, Staff):
        raise PermissionDenied
    return request.user


def visible_row(request: HttpRequest, rows: QuerySet[Row], pk: int) -> Row:
    """Return the row, or 404 when it is not there or belongs to another clinic."""
    row = visible_to(staff_of(request), rows).filter(pk=pk).first()
    if row is None:
        refuse(request, rows.model, pk)
        raise Http404
    return row


class Rows(InlineAdminFormSet):
    """Rows under a form, with a button in plain words: "Add another closure"."""

    def inline_formset_data(self) -> str:
        data = json.loads(super().inline_formset_data())
        name = str(self.opts.verbose_name)
        data["options"]["addText"] = _("Add another {thing}").format(thing=name)
        return json.dumps(data)


class Screen(Admin[Row]):
    """An admin class on the rows of the staff member's own clinic.

    Lists, forms, actions, autocompletes and choices all start from `get_queryset`, so a row of
    another clinic is a 404 on every way to it. Nothing in the panel can be deleted.
    """

    list_per_page = 50
    show_full_result_count = False
    list_filter_sheet: ClassVar[bool] = True
    actions = None
    empty_value_display = "–"
    view_on_site = False
    show_add_link = False  # our own heads carry the button, with words on it
    compressed_fields = False
    has_history: ClassVar[bool] = False
    # What the page calls its rows, where the model's own name is not the nurse's.
    called: ClassVar[Words] = ""
    add_button: ClassVar[Words] = ""
    # What a list without any rows says: how it is, and what will stand here or what to do.
    empty_title: ClassVar[Words] = ""
    empty_words: ClassVar[Words] = ""
    # The address of the list's export, where it has one.
    export_page: ClassVar[str] = ""
    # The address on which many of the list's operations are changed together.
    bulk_page: ClassVar[str] = ""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Row]:
        return visible_to(staff_of(request), super().get_queryset(request))

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Row | None:
        row = super().get_object(request, object_id, from_field)
        if row is None:
            refuse(request, self.model, object_id)
        return row

    def formfield_for_foreignkey(
        self, db_field: "ForeignKey[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> "ModelChoiceField[Any] | None":
        kwargs.setdefault(
            "queryset",
            visible_to(staff_of(request), db_field.remote_field.model._default_manager.all()),
        )
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Who changed what, newest first. A row of another clinic has no history here either."""
        row = self.get_object(request, object_id)
        if row is None or not self.has_history:
            raise Http404
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        return render(
            request,
            "staff/history.html",
            {
                **self.admin_site.each_context(request),
                "title": _("Changes: {record}").format(record=row),
                "heading": _("Changes: {record}").format(record=row),
                "crumb": self._called(),
                "opts": self.opts,
                "original": row,
                "changes": self.changes_of(row),
                **(extra_context or {}),
            },
        )

    def changes_of(self, row: Row) -> list[history.Change]:
        """What was changed, newest first."""
        return history.changes(row)

    def get_inline_formsets(
        self, request: HttpRequest, formsets: Any, inline_instances: Any, obj: Any = None
    ) -> Any:
        found = super().get_inline_formsets(request, formsets, inline_instances, obj)
        for one in found:
            one.__class__ = Rows  # Django builds them itself; only one word differs
        return found

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        may_ask = staff_of(request).clinic_id and request.user.has_perm("reminders.add_bulkrequest")
        may_export = staff_of(request).clinic_id and request.user.has_perm("reminders.add_export")
        shown = {
            "heading": self._called(),
            "add_button": self.add_button,
            "bulk_page": self.bulk_page if may_ask else "",
            "export_page": self.export_page if may_export else "",
            **(extra_context or {}),
        }
        return super().changelist_view(request, shown)

    def _called(self) -> str:
        return str(self.called or str(self.opts.verbose_name_plural).capitalize())

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> Any:
        context["show_history"] = self.has_history
        context["show_save_and_add_another"] = False
        context["crumb"] = self._called()
        return super().render_change_form(request, context, *args, **kwargs)


class ReadOnlyScreen(Screen[Row]):
    """A window on rows that the flow writes: nothing is typed here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
