"""Operations: the facts that a plan depends on, and the few things that happen to them."""

from datetime import datetime
from typing import Any, ClassVar

from django.contrib import admin
from django.db import transaction
from django.db.models import DateTimeField, ForeignKey, QuerySet, Value
from django.forms import ModelChoiceField
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic import clock
from clinic.access import visible_to
from clinic.models import Role, Staff, Surgery, SurgeryStatus
from reminders.flow.agreements import keep_agreement
from reminders.flow.alerts import close_settled
from reminders.flow.plan import plan_surgery
from reminders.staff import pills
from reminders.staff.agreed import with_agreements
from reminders.staff.bulk.choose import choose_urls
from reminders.staff.bulk.page import bulk_urls
from reminders.staff.difference import Differences, ask, counts_said, is_agreed, planned
from reminders.staff.exports.page import export_urls
from reminders.staff.filters import ToConfirm
from reminders.staff.history import Change
from reminders.staff.recovery_picture import recovery_view
from reminders.staff.screen import RecordForm, Screen, staff_of
from reminders.staff.surgery_steps import STEPS, open_steps, step_view
from reminders.staff.words import day_of_recovery
from reminders.tasks import ring

STATUS_TONES = {
    SurgeryStatus.PLANNED: "wait",
    SurgeryStatus.CONFIRMED: "good",
    SurgeryStatus.CANCELLED: "quiet",
}


class SurgeryForm(RecordForm[Surgery]):
    """The facts of an operation. Its verdicts need a patient and a date, so they wait for both."""

    class Meta:
        model = Surgery
        fields: ClassVar = "__all__"

    def _post_clean(self) -> None:
        has_patient = self.instance.patient_id is not None or self.cleaned_data.get("patient")
        if has_patient and self.cleaned_data.get("surgery_date"):
            super()._post_clean()  # type: ignore[misc]


@admin.register(Surgery)
class SurgeryScreen(Screen[Surgery]):
    """The clinic's operations. What happens to one is a step with its own page: `surgery_steps`."""

    empty_title = gettext_lazy("There is no operation yet.")
    empty_words = gettext_lazy("Open a patient and add the operation: its day begins the plan.")
    called = gettext_lazy("Operations")
    add_button = gettext_lazy("Add an operation")
    form = SurgeryForm
    list_display = ("operation", "who", "recovery", "side_and_levels", "state", "next_step")
    list_display_links = None
    list_filter = (ToConfirm, "status", "on_hold", "procedure", "region", "surgery_date")
    search_fields = ("patient__given_name", "patient__family_name", "patient__record_number")
    search_help_text = gettext_lazy("Patient's name or record number")
    ordering = ("-surgery_date", "pk")
    export_page = "admin:clinic_surgery_export"
    bulk_page = "admin:clinic_surgery_bulk"
    autocomplete_fields = ("patient",)
    has_history = True
    change_form_outer_before_template = "staff/surgeries/_head.html"
    fieldsets = (
        (
            gettext_lazy("When"),
            {
                "fields": (
                    "patient",
                    ("surgery_date", "arrival_time", "discharge_date"),
                    ("appointment_at", "review_booked"),
                )
            },
        ),
        (
            gettext_lazy("What was done"),
            {
                "fields": (
                    ("procedure", "region"),
                    ("levels", "side"),
                    ("approach", "anaesthetic"),
                    "approach_anterior",
                    ("indication", "symptom_months"),
                    ("named_surgeon", "destination"),
                    ("with_discectomy", "fusion", "emergency_surgery", "day_case"),
                )
            },
        ),
        (
            gettext_lazy("Wound and complications"),
            {"fields": (("wound_closure", "collar"), ("durotomy", "drain", "brace"))},
        ),
        (
            gettext_lazy("Specimen"),
            {
                "fields": (
                    ("histology_sent", "patient_told_of_specimen"),
                    ("histology_result_date", "histology_reviewed"),
                    "histology_unexpected",
                )
            },
        ),
        (
            gettext_lazy("About the patient"),
            {
                "fields": (
                    ("smoker", "opioids", "driver", "not_driving_yet"),
                    ("desk_work", "manual_work", "weight_goal_agreed"),
                )
            },
        ),
    )

    class Media:
        js = ("staff/labels.js",)

    # --- Addresses -----------------------------------------------------------------
    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/step/<slug:step>/", wrap(step_view), name="clinic_surgery_step"),
            path("<int:pk>/recovery/", wrap(recovery_view), name="clinic_surgery_recovery"),
            *export_urls(self),
            *choose_urls(self),
            *bulk_urls(wrap),
            *super().get_urls(),
        ]

    def changes_of(self, row: Surgery) -> list[Change]:
        return with_agreements(super().changes_of(row), row)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Times are the clinic's: whoever looks back looks at what staff did."""
        staff = staff_of(request)
        zone = staff.clinic.tz if staff.clinic else None
        return super().history_view(request, object_id, {"tz": zone, **(extra_context or {})})

    # --- The list ------------------------------------------------------------------
    def get_queryset(self, request: HttpRequest) -> QuerySet[Surgery]:
        return (
            super()
            .get_queryset(request)
            .select_related("patient__clinic")
            .annotate(now=Value(clock.now(), DateTimeField()))  # read once, not for each row
        )

    @admin.display(description=gettext_lazy("Operation"), ordering="surgery_date")
    def operation(self, surgery: Surgery) -> str:
        return format_html(
            '<span class="ac-two"><a class="ac-name" href="{}">{}</a><small>{}</small></span>',
            reverse("admin:clinic_surgery_change", args=[surgery.pk]),
            date_format(surgery.surgery_date, "D j M Y"),
            surgery.get_procedure_display(),
        )

    @admin.display(description=gettext_lazy("Patient"), ordering="patient__family_name")
    def who(self, surgery: Surgery) -> str:
        return format_html(
            '<span class="ac-two"><a href="{}">{}, {}</a><small>{}</small></span>',
            reverse("admin:clinic_patient_timeline", args=[surgery.patient_id]),
            surgery.patient.family_name,
            surgery.patient.given_name,
            surgery.patient.record_number,
        )

    @admin.display(description=gettext_lazy("Recovery"))
    def recovery(self, surgery: Any) -> str:
        today = timezone.localdate(surgery.now, surgery.patient.tz)
        return day_of_recovery(surgery.surgery_date, on=today).capitalize()

    @admin.display(description=gettext_lazy("Where"))
    def side_and_levels(self, surgery: Surgery) -> str:
        parts = (surgery.get_region_display(), surgery.levels, surgery.get_side_display())
        return ", ".join(part for part in parts if part)

    @admin.display(description=gettext_lazy("State"), ordering="status")
    def state(self, surgery: Surgery) -> str:
        if surgery.on_hold:
            return pills.on_hold(surgery.hold_reason)
        return format_html(
            '<span class="ac-pill ac-pill-{}">{}</span>',
            STATUS_TONES[SurgeryStatus(surgery.status)],
            surgery.get_status_display(),
        )

    @admin.display(description=gettext_lazy("Next"))
    def next_step(self, surgery: Any) -> str:
        today = timezone.localdate(surgery.now, surgery.patient.tz)
        if surgery.status != SurgeryStatus.PLANNED or surgery.surgery_date > today:
            return ""
        return format_html(
            '<a class="ac-button ac-button-small" href="{}">{}</a>',
            reverse("admin:clinic_surgery_step", args=[surgery.pk, "confirm"]),
            STEPS["confirm"].button,
        )

    # --- The form ------------------------------------------------------------------
    def get_readonly_fields(
        self, request: HttpRequest, obj: Surgery | None = None
    ) -> tuple[str, ...]:
        return ("patient",) if obj else ()

    def formfield_for_foreignkey(
        self, db_field: "ForeignKey[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> "ModelChoiceField[Any] | None":
        if db_field.name == "named_surgeon":
            surgeons = Staff.objects.filter(role=Role.SURGEON, is_active=True)
            kwargs["queryset"] = visible_to(staff_of(request), surgeons)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def response_add(
        self, request: HttpRequest, obj: Surgery, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Plan at once, and say what was planned."""
        difference = plan_surgery(obj.pk, now=clock.now())
        ring("reminders.plan")
        told = _("The plan for {patient}: {changes}.")
        told = told.format(patient=obj.patient, changes=counts_said(difference.counts()))
        self.message_user(request, told)
        return super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Surgery) -> HttpResponse:
        """Show first what the change does to the plan; the transaction of the form is undone."""
        differences = planned([obj.pk], now=clock.now())
        if differences.is_empty or is_agreed(request, differences):
            close_settled([obj.pk], by=staff_of(request), now=clock.now())
            ring("reminders.plan")
            if not differences.is_empty:
                by, now = staff_of(request), clock.now()
                keep_agreement(obj.pk, differences.joined(), what="edit", by=by, now=now)
                told = _("The plan has changed: {changes}.").format(changes=differences.summary())
                self.message_user(request, told)
            return super().response_change(request, obj)
        page = self._question(request, obj, differences)
        transaction.set_rollback(True)
        return page

    def _question(
        self, request: HttpRequest, surgery: Surgery, differences: Differences
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "heading": _("Before this is saved"),
            "who": f"{surgery.patient}, {surgery}",
            "question": _("This changes what the patient is sent"),
            "yes": _("Save, and change the plan"),
            "back": request.path,
        }
        return ask(request, differences, context=context, tz=surgery.patient.tz)

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> Any:
        surgery = context.get("original")
        if surgery is not None:
            now: datetime = surgery.now
            context["heading"] = str(surgery.patient)
            context["recovery"] = self.recovery(surgery)
            context["steps"] = open_steps(surgery, by=staff_of(request), now=now)
        return super().render_change_form(request, context, *args, **kwargs)
