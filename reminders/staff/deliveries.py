"""Messages that have gone out, or tried to: the exact text, and how each ended."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.paginator import InfinitePaginator

from reminders.models import Attempt, Delivery
from reminders.staff.exports.page import export_urls
from reminders.staff.filters import Trouble
from reminders.staff.live import live_urls
from reminders.staff.message_parts import attempts_said
from reminders.staff.numbers.behind import BehindANumber
from reminders.staff.numbers.page import numbers_urls
from reminders.staff.patients_found import patients_found
from reminders.staff.screen import ReadOnlyScreen, staff_of
from reminders.staff.shipped_words import shipped_said
from reminders.staff.words import delivery_said


@admin.register(Delivery)
class DeliveryScreen(ReadOnlyScreen[Delivery]):
    """The clinic's messages, newest first. There may be millions, so pages are not counted."""

    empty_title = gettext_lazy("Nothing has gone out yet.")
    empty_words = gettext_lazy(
        "Messages stand here once they are due. A clinic sends nothing before it is live."
    )
    called = gettext_lazy("Messages")
    list_display = ("sent_at", "who", "message", "channel", "state")
    list_display_links = None
    list_filter = (
        BehindANumber,
        Trouble,
        "status",
        "channel",
        "failure_reason",
        "purpose",
        "queued_at",
    )
    search_fields = ("patient__given_name", "patient__family_name", "patient__record_number")
    search_help_text = gettext_lazy("Patient's name or record number")
    ordering = ("-queued_at", "-pk")
    export_page = "admin:reminders_delivery_export"
    paginator = InfinitePaginator
    list_select_related = ("patient__clinic", "carer", "reminder__step", "clinic")
    change_form_template = "staff/deliveries/delivery.html"

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [*live_urls(wrap), *numbers_urls(wrap), *export_urls(self), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Delivery]:
        rows = super().get_queryset(request).select_related(*self.list_select_related)
        return rows.defer("html", "text")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Delivery], search_term: str
    ) -> tuple[QuerySet[Delivery], bool]:
        """Find the patients first, then what they got.

        Told who it is about, the database reads a page of messages. In one question it put together
        every message of everybody with a common name, to show the newest fifty.
        """
        found = patients_found(staff_of(request), search_term) if search_term.strip() else None
        if found is None:
            return super().get_search_results(request, queryset, search_term)
        return queryset.filter(patient__in=found), False

    @admin.display(description=gettext_lazy("When"), ordering="queued_at")
    def sent_at(self, delivery: Delivery) -> str:
        tz = delivery.patient.tz if delivery.patient else delivery.clinic.tz
        return format_html(
            '<a class="ac-name ac-number ac-nowrap" href="{}">{}</a>',
            reverse("admin:reminders_delivery_change", args=[delivery.pk]),
            date_format(delivery.queued_at.astimezone(tz), "j M Y, H:i"),
        )

    @admin.display(description=gettext_lazy("Patient"), ordering="patient__family_name")
    def who(self, delivery: Delivery) -> str:
        if delivery.patient is None:
            return format_html(
                '<span class="ac-quiet">{}</span>', delivery.address or _("not known")
            )
        to_carer = _("to the carer {carer}") if delivery.carer else ""
        return format_html(
            '<span class="ac-two"><a class="ac-link" href="{}">{}</a><small>{}</small></span>',
            reverse("admin:clinic_patient_timeline", args=[delivery.patient_id]),
            delivery.patient,
            to_carer.format(carer=delivery.carer),
        )

    @admin.display(description=gettext_lazy("Message"))
    def message(self, delivery: Delivery) -> str:
        if delivery.reminder:
            return shipped_said(delivery.reminder.step.intent)
        return str(delivery.get_purpose_display())

    @admin.display(description=gettext_lazy("State"), ordering="status")
    def state(self, delivery: Delivery) -> str:
        said = delivery_said(delivery)
        return format_html(
            '<span class="ac-two"><span><span class="ac-pill ac-pill-{}">{}</span></span>'
            "<small>{}</small></span>",
            said.tone,
            said.text,
            said.reason,
        )

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> Any:
        delivery = context["original"]
        attempts = Attempt.objects.filter(delivery=delivery).prefetch_related("receipts")
        tz = delivery.patient.tz if delivery.patient else delivery.clinic.tz
        context["heading"] = self.message(delivery)
        context["said"] = delivery_said(delivery)
        context["attempts"] = attempts_said(attempts.order_by("number"), tz=tz)
        context["tz"] = tz
        return super().render_change_form(request, context, *args, **kwargs)
