"""The clinic: its numbers, hours and closures, and the stop button."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy, ngettext

from clinic import clock
from clinic.models import Clinic, Closure, SymptomCheckMode
from reminders.staff.new_clinic import ClinicForm, NewClinicForm, load_shipped
from reminders.staff.screen import Inline, Screen, staff_of
from reminders.staff.sending_switch import NUMBERS, may_resume, may_stop, sending_view
from reminders.staff.set_up.urls import set_up_urls
from reminders.tasks import ring

# Shown wherever the mode is chosen (clinical content research, 5a, RG-2).
DEVICE_NOTICE = gettext_lazy(
    "Questions that are sorted into tiers for one patient are likely a medical device in the EU,"
    " the UK and the US, and whoever switches that on may become its manufacturer. Ask a"
    " regulatory adviser first. The rules are a draft that your clinicians have to check, and the"
    " person named here answers for their use. Passed on, answers reach staff unsorted, and each"
    " patient is told the same."
)


MANAGER = (
    gettext_lazy("Its first manager"),
    {
        "fields": (
            ("manager_first_name", "manager_last_name"),
            ("manager_username", "manager_email"),
            "manager_password",
        ),
        "description": gettext_lazy(
            "Goes on with the set-up, adds the colleagues, and puts the clinic live."
        ),
    },
)


class ClosureInline(Inline[Closure, Clinic]):
    """Days on which the clinic is closed beside the country's holidays."""

    model = Closure
    extra = 0

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm("clinic.view_clinic"))

    def _may_change(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("clinic.change_clinic"))

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may_change(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may_change(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may_change(request)


@admin.register(Clinic)
class ClinicScreen(Screen[Clinic]):
    """One's own clinic; for an operator, all of them, and the form for a new one."""

    empty_title = gettext_lazy("There is no clinic yet.")
    empty_words = gettext_lazy("Add the first one, with its manager.")
    add_button = gettext_lazy("Add a clinic")
    list_display = ("name", "country", "zone", "phone", "urgent_phone", "emergency_phone")
    inlines = (ClosureInline,)
    form = ClinicForm
    has_history = True
    change_form_outer_before_template = "staff/clinics/_head.html"
    fieldsets = (
        (gettext_lazy("The clinic"), {"fields": (("name", "sender_name"), ("key", "language"))}),
        (
            gettext_lazy("Numbers that patients may call"),
            {
                "fields": (("phone", "booking_phone"), ("urgent_phone", "emergency_phone")),
                "description": gettext_lazy(
                    "Nothing is sent while the first or one of the last two is empty."
                ),
            },
        ),
        (
            gettext_lazy("Where messages come from"),
            {"fields": (("sms_sender", "email_sender"), ("sends_by", "staff_email"))},
        ),
        (
            gettext_lazy("Place and hours"),
            {
                "fields": (
                    ("country", "subdivision", "zone"),
                    ("opens_at", "closes_at", "workdays"),
                    ("quiet_from", "quiet_until", "texts_a_day"),
                    "allowed_countries",
                )
            },
        ),
        (gettext_lazy("Limits in the texts"), {"fields": (("lift_limit", "sit_limit", "fever"),)}),
        (gettext_lazy("What a text costs"), {"fields": (("sms_part_price", "sms_currency"),)}),
        (
            gettext_lazy("Symptom check"),
            {
                "fields": (("symptom_check_mode", "symptom_check_responsible"),),
                "description": DEVICE_NOTICE,
            },
        ),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return staff_of(request).is_superuser

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/sending/", wrap(sending_view), name="clinic_clinic_sending"),
            *set_up_urls(wrap),
            *super().get_urls(),
        ]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Go straight to the clinic of somebody who has one."""
        own = staff_of(request).clinic_id
        if own is not None and self.has_view_permission(request):
            return HttpResponseRedirect(reverse("admin:clinic_clinic_change", args=[own]))
        return super().changelist_view(request, extra_context)

    # --- The form ------------------------------------------------------------------
    def get_readonly_fields(
        self, request: HttpRequest, obj: Clinic | None = None
    ) -> tuple[str, ...]:
        return ("key",) if obj else ()  # it stands in addresses that patients have

    def get_form(
        self, request: HttpRequest, obj: Clinic | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """A new clinic is asked for its first manager as well, who goes on from there."""
        if obj is None:
            kwargs["form"] = NewClinicForm
        return super().get_form(request, obj, change, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Clinic | None = None) -> Any:
        return self.fieldsets if obj else (*self.fieldsets[:1], MANAGER, *self.fieldsets[1:])

    def get_inlines(self, request: HttpRequest, obj: Clinic | None) -> Any:
        return self.inlines if obj else ()

    def response_add(
        self, request: HttpRequest, obj: Clinic, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Load the pathways and make the manager's account in the same transaction; lead on."""
        drafts = len(load_shipped(obj, by=staff_of(request), now=clock.now()))
        told = ngettext(
            "{clinic} is there, with {number} pathway as a draft. Its own clinicians sign it.",
            "{clinic} is there, with {number} pathways as drafts. Its own clinicians sign them.",
            drafts,
        )
        messages.success(request, told.format(clinic=obj, number=drafts))
        return HttpResponseRedirect(reverse("admin:clinic_clinic_set_up", args=[obj.pk]))

    def save_model(self, request: HttpRequest, obj: Clinic, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not change:
            form.make_manager(obj)

    def response_change(self, request: HttpRequest, obj: Clinic) -> HttpResponse:
        ring("reminders.plan")
        return super().response_change(request, obj)

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> Any:
        clinic = context.get("original")
        if clinic is not None:
            context["is_own"] = clinic.pk == staff_of(request).clinic_id
            is_sorting = clinic.symptom_check_mode == SymptomCheckMode.TRIAGE
            context["device_notice"] = DEVICE_NOTICE if is_sorting else ""
            context["may_stop"], context["may_resume"] = may_stop(request), may_resume(request)
            context["missing"] = [NUMBERS[name] for name in clinic.missing_numbers]
        return super().render_change_form(request, context, *args, **kwargs)
