"""Patients: found by name, record number or mobile; never deleted."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import DateTimeField, Q, QuerySet, Value
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic import clock
from clinic.models import Patient, PatientStatus, Surgery, SurgeryStatus
from reminders.flow.agreements import keep_agreement
from reminders.staff import pills
from reminders.staff.break_glass.reviews import emergencies_of
from reminders.staff.break_glass.urls import emergency_urls
from reminders.staff.bulk.choose import choose_urls
from reminders.staff.call_log import call_urls
from reminders.staff.carers import carer_urls
from reminders.staff.check_ins import check_ins_view, enter_view
from reminders.staff.consents import ConsentInline
from reminders.staff.difference import ask, is_agreed, planned
from reminders.staff.discharge_paper import discharge_paper_file, discharge_paper_view
from reminders.staff.exports.page import export_urls
from reminders.staff.filters import IsSilent, OperatedWithin, Reachable, Speaks
from reminders.staff.import_screen import import_view
from reminders.staff.looks import MAY_SEE, last_looks, looks_view
from reminders.staff.numbers.behind import BehindANumber
from reminders.staff.page_links import page_link_view
from reminders.staff.patient_form import PatientForm
from reminders.staff.recovery import current_operation, recovery_of, with_operations
from reminders.staff.screen import Screen, staff_of
from reminders.staff.send_now import send_now_view
from reminders.staff.timeline import timeline_view
from reminders.staff.words import language_name
from reminders.tasks import ring

STATUS_TONES = {
    PatientStatus.ACTIVE: "good",
    PatientStatus.ON_HOLD: "warn",
    PatientStatus.DECEASED: "quiet",
    PatientStatus.ENDED: "quiet",
}
FEWEST_DIGITS_OF_A_NUMBER = 5


@admin.register(Patient)
class PatientScreen(Screen[Patient]):
    """The patients of the clinic, with the day of recovery that each is at."""

    empty_title = gettext_lazy("There is no patient yet.")
    empty_words = gettext_lazy("Add one, or bring a list in under Import.")
    add_button = gettext_lazy("Add a patient")
    form = PatientForm
    list_display = ("name", "recovery", "operation", "contact", "speaks", "state")
    list_display_links = None
    list_filter = (BehindANumber, "status", Speaks, OperatedWithin, Reachable, IsSilent)
    search_fields = ("given_name", "family_name", "record_number", "mobile")
    search_help_text = gettext_lazy("Name, record number or mobile")
    ordering = ("family_name", "given_name", "pk")
    export_page = "admin:clinic_patient_export"
    bulk_page = "admin:clinic_patient_bulk"
    inlines = (ConsentInline,)
    has_history = True
    change_form_outer_before_template = "staff/patients/_head.html"
    fieldsets = (
        (
            gettext_lazy("Who"),
            {
                "fields": (
                    ("record_number", "birth_date"),
                    ("given_name", "family_name"),
                    ("language", "zone"),
                )
            },
        ),
        (
            gettext_lazy("How to reach them"),
            {"fields": (("mobile", "email"), "channels", ("detailed_sms", "intimacy_advice"))},
        ),
        (gettext_lazy("Messages"), {"fields": (("status", "hold_reason"),)}),
    )

    # --- Who may ---------------------------------------------------------------
    def has_add_permission(self, request: HttpRequest) -> bool:
        # an operator belongs to no clinic, so there would be none to add a patient to
        return staff_of(request).clinic_id is not None and super().has_add_permission(request)

    # --- Addresses ---------------------------------------------------------------
    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("import/", wrap(import_view), name="clinic_patient_import"),
            path("looks/", wrap(looks_view), name="clinic_patient_looks"),
            path("<int:pk>/timeline/", wrap(timeline_view), name="clinic_patient_timeline"),
            path("<int:pk>/paper/", wrap(discharge_paper_view), name="clinic_patient_paper"),
            path(
                "<int:pk>/paper/care.pdf",
                wrap(discharge_paper_file),
                name="clinic_patient_paper_pdf",
            ),
            path("<int:pk>/page/<slug:do>/", wrap(page_link_view), name="clinic_patient_page_link"),
            path("<int:pk>/send/", wrap(send_now_view), name="clinic_patient_send"),
            path("<int:pk>/check-ins/", wrap(check_ins_view), name="clinic_patient_check_ins"),
            path("<int:pk>/check-ins/new/", wrap(enter_view), name="clinic_patient_enter_check_in"),
            *emergency_urls(wrap),
            *carer_urls(wrap),
            *call_urls(wrap),
            *export_urls(self),
            *choose_urls(self),
            *super().get_urls(),
        ]

    # --- The list ------------------------------------------------------------------
    def get_queryset(self, request: HttpRequest) -> QuerySet[Patient]:
        return (
            super()
            .get_queryset(request)
            .select_related("clinic")
            .annotate(now=Value(clock.now(), DateTimeField()))  # read once, not for each row
            .prefetch_related(with_operations("surgeries"))
        )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Patient], search_term: str
    ) -> tuple[QuerySet[Patient], bool]:
        """Find a number however it is written: 07700 900123 and +44 7700 900123 are the same."""
        digits = "".join(c for c in search_term if c.isdigit())
        is_number = not any(c.isalpha() for c in search_term)
        if is_number and len(digits) >= FEWEST_DIGITS_OF_A_NUMBER:
            found = Q(mobile__contains=digits.lstrip("0")) | Q(record_number__icontains=search_term)
            return queryset.filter(found), False
        return super().get_search_results(request, queryset, search_term)

    @admin.display(description=gettext_lazy("Patient"), ordering="family_name")
    def name(self, patient: Patient) -> str:
        return format_html(
            '<span class="ac-two"><a class="ac-name" href="{}">{}, {}</a>'
            '<small>{} · <a href="{}">{}</a></small></span>',
            reverse("admin:clinic_patient_timeline", args=[patient.pk]),
            patient.family_name,
            patient.given_name,
            patient.record_number,
            reverse("admin:clinic_patient_change", args=[patient.pk]),
            _("record"),
        )

    @admin.display(description=gettext_lazy("Recovery"))
    def recovery(self, patient: Any) -> str:
        return recovery_of(patient, now=patient.now).capitalize()

    @admin.display(description=gettext_lazy("Operation"))
    def operation(self, patient: Patient) -> str:
        operation = current_operation(patient)
        if operation is None:
            return format_html('<span class="ac-quiet">{}</span>', _("none recorded"))
        return format_html(
            '<span class="ac-two">{}<small>{}</small></span>',
            operation.get_procedure_display(),
            date_format(operation.surgery_date, "j M Y"),
        )

    @admin.display(description=gettext_lazy("Contact"), ordering="mobile")
    def contact(self, patient: Patient) -> str:
        failed = patient.mobile_failed_at or patient.email_failed_at
        warning = format_html(' <span class="ac-pill ac-pill-bad">{}</span>', _("does not work"))
        return format_html(
            '<span class="ac-two"><span class="ac-number">{}{}</span><small>{}</small></span>',
            patient.mobile or _("no mobile"),
            warning if failed else "",
            patient.email,
        )

    @admin.display(description=gettext_lazy("Language"), ordering="language")
    def speaks(self, patient: Patient) -> str:
        return language_name(patient.language)

    @admin.display(description=gettext_lazy("Messages"), ordering="status")
    def state(self, patient: Patient) -> str:
        """Whether messages go out. A hold of the operation stops them as the patient's own does."""
        operation = current_operation(patient)
        if patient.status == PatientStatus.ON_HOLD:
            return pills.on_hold(patient.hold_reason)
        if patient.status == PatientStatus.ACTIVE and operation and operation.on_hold:
            return pills.on_hold(operation.hold_reason)
        return format_html(
            '<span class="ac-pill ac-pill-{}">{}</span>',
            STATUS_TONES[PatientStatus(patient.status)],
            patient.get_status_display(),
        )

    # --- Its history ----------------------------------------------------------------
    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Who changed what, and for whom it is for: who has looked."""
        patient, staff = self.get_object(request, object_id), staff_of(request)
        looks = {
            "shows_looks": staff.has_perm(MAY_SEE),
            "looks": last_looks(patient, to=staff) if patient else [],
            "emergencies": emergencies_of(patient, to=staff) if patient else [],
        }
        return super().history_view(request, object_id, {**looks, **(extra_context or {})})

    # --- The form ----------------------------------------------------------------
    def get_form(
        self, request: HttpRequest, obj: Patient | None = None, change: bool = False, **kwargs: Any
    ) -> "type[forms.ModelForm[Patient]]":
        form = super().get_form(request, obj, change=change, **kwargs)
        return type("OwnPatientForm", (form,), {"own_clinic": staff_of(request).clinic})

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        ConsentInline.sign(formset, by=staff_of(request), now=clock.now())
        super().save_formset(request, form, formset, change)
        ConsentInline.settle(formset, by=staff_of(request), now=clock.now())

    def response_add(
        self, request: HttpRequest, obj: Patient, post_url_continue: str | None = None
    ) -> HttpResponse:
        self._tell_notes(request, obj)
        return super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Patient) -> HttpResponse:
        """Show first what the change does to the plan; the transaction of the form is undone."""
        surgeries = Surgery.objects.filter(patient=obj).exclude(status=SurgeryStatus.CANCELLED)
        ids = list(surgeries.order_by("pk").values_list("pk", flat=True))
        differences = planned(ids, now=clock.now())
        if differences.is_empty or is_agreed(request, differences):
            ring("reminders.plan")
            self._tell_notes(request, obj)
            if not differences.is_empty:
                for pk, one in zip(ids, differences.each, strict=True):
                    by = staff_of(request)
                    keep_agreement(pk, one, what="patient", by=by, now=clock.now())
                told = _("The plan has changed: {changes}.").format(changes=differences.summary())
                self.message_user(request, told)
            return super().response_change(request, obj)
        context = {
            **self.admin_site.each_context(request),
            "heading": _("Before this is saved"),
            "who": str(obj),
            "question": _("This changes what the patient is sent"),
            "yes": _("Save, and change the plan"),
            "back": request.path,
        }
        page = ask(request, differences, context=context, tz=obj.tz)
        transaction.set_rollback(True)
        return page

    def _tell_notes(self, request: HttpRequest, patient: Patient) -> None:
        for field, verdict in getattr(patient, "notes", {}).items():
            label = str(getattr(Patient._meta.get_field(field), "verbose_name", field)).capitalize()
            for words in verdict.fixes:
                self.message_user(request, f"{label}: {words}", level=messages.INFO)
            for words in verdict.warnings:
                self.message_user(request, f"{label}: {words}", level=messages.WARNING)

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> Any:
        patient = context.get("original")
        if patient is not None:
            context["operations"] = patient.surgeries.order_by("-surgery_date")
            context["carers"] = patient.carers.order_by("pk")
            context["add_operation"] = (
                f"{reverse('admin:clinic_surgery_add')}?{urlencode({'patient': patient.pk})}"
            )
        return super().render_change_form(request, context, *args, **kwargs)
