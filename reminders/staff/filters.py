"""Filters beside the lists. Each asks an index, never a scan of what is stored."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic import clock
from clinic.models import Patient, Surgery, SurgeryStatus
from reminders.models import Alert, AlertKind, AlertStatus, Delivery
from reminders.staff.backlog import TROUBLES, trouble
from reminders.staff.panel import WAITING_REPLIES
from reminders.staff.screen import staff_of
from reminders.staff.words import language_name


class OperatedWithin(admin.SimpleListFilter):
    """Patients by the days since their operation."""

    title = gettext_lazy("operation")
    parameter_name = "operated"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("coming", _("Still to come")),
            ("7", _("In the last 7 days")),
            ("14", _("In the last 14 days")),
            ("42", _("In the last 6 weeks")),
            ("92", _("In the last 3 months")),
            ("366", _("In the last 12 months")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Patient]) -> QuerySet[Patient]:
        if self.value() not in dict(self.lookup_choices):
            return queryset
        today = timezone.localdate(clock.now())
        surgeries = Surgery.objects.filter(patient=OuterRef("pk")).exclude(
            status=SurgeryStatus.CANCELLED
        )
        if self.value() == "coming":
            return queryset.filter(Exists(surgeries.filter(surgery_date__gt=today)))
        first = today - timedelta(days=int(self.value() or 0))
        return queryset.filter(Exists(surgeries.filter(surgery_date__range=(first, today))))


class Speaks(admin.SimpleListFilter):
    """Patients by language, among those that messages exist in."""

    title = gettext_lazy("language")
    parameter_name = "language"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        codes = [code.partition("-")[0] for code, _name in settings.LANGUAGES]
        return [*((code, language_name(code)) for code in codes), ("other", _("Another"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Patient]) -> QuerySet[Patient]:
        codes = [code for code, _name in self.lookup_choices]
        if self.value() == "other":
            return queryset.exclude(language__in=codes)
        return queryset.filter(language=self.value()) if self.value() in codes else queryset


class Reachable(admin.SimpleListFilter):
    """Patients whose telephone or mail address has stopped working, or who have none."""

    title = gettext_lazy("contact")
    parameter_name = "contact"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("failed", _("No longer works")), ("none", _("No mobile and no email"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Patient]) -> QuerySet[Patient]:
        if self.value() == "failed":
            return queryset.filter(
                Q(mobile_failed_at__isnull=False) | Q(email_failed_at__isnull=False)
            )
        if self.value() == "none":
            return queryset.filter(mobile="", email="")
        return queryset


class IsSilent(admin.SimpleListFilter):
    """Patients who are called because nothing is heard of them."""

    title = gettext_lazy("silence")
    parameter_name = "silent"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("now", _("To be called now")), ("later", _("To be tried again later"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Patient]) -> QuerySet[Patient]:
        now = clock.now()
        alerts = Alert.objects.filter(patient=OuterRef("pk"), kind=AlertKind.SILENT)
        alerts = alerts.exclude(status=AlertStatus.CLOSED)
        if self.value() == "now":
            moment = Q(try_again_at=None) | Q(try_again_at__lte=now)
            return queryset.filter(Exists(alerts.filter(moment)))
        if self.value() == "later":
            return queryset.filter(Exists(alerts.filter(try_again_at__gt=now)))
        return queryset


class ToConfirm(admin.SimpleListFilter):
    """Operations whose day has come and of which nobody has said that they took place."""

    title = gettext_lazy("confirmation")
    parameter_name = "confirm"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("due", _("To confirm"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Surgery]) -> QuerySet[Surgery]:
        if self.value() != "due":
            return queryset
        clinic = staff_of(request).clinic
        today = timezone.localdate(clock.now(), clinic.tz if clinic else None)
        return queryset.filter(status=SurgeryStatus.PLANNED, surgery_date__lte=today)


class Trouble(admin.SimpleListFilter):
    """Messages that did not arrive, or wait too long: as Today counts them."""

    title = gettext_lazy("trouble")
    parameter_name = "trouble"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(name, str(words)) for name, words in TROUBLES.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> QuerySet[Delivery]:
        return queryset.filter(trouble(self.value() or "", now=clock.now()))


class Waits(admin.SimpleListFilter):
    """What waits for a person; the list opens with it, and `all` shows the rest too."""

    title = gettext_lazy("state")
    parameter_name = "show"
    states_waiting: tuple[str, ...] = ()

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("all", _("All")), ("done", _("Dealt with"))]

    def choices(self, changelist: Any) -> Any:
        yield {
            "selected": self.value() is None,
            "query_string": changelist.get_query_string(remove=[self.parameter_name]),
            "display": _("Waiting"),
        }
        for value, words in self.lookup_choices:
            yield {
                "selected": self.value() == value,
                "query_string": changelist.get_query_string({self.parameter_name: value}),
                "display": words,
            }

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "all":
            return queryset
        if self.value() == "done":
            return queryset.exclude(status__in=self.states_waiting)
        return queryset.filter(status__in=self.states_waiting)


class OpenAlerts(Waits):
    """With the lists that Today shows in part, each whole."""

    states_waiting = (AlertStatus.OPEN, AlertStatus.ACKNOWLEDGED)

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        own = [("call", _("To call about")), ("content", _("About content"))]
        return [*own, *super().lookups(request, model_admin)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        waiting = queryset.exclude(status=AlertStatus.CLOSED)
        if self.value() == "call":
            return waiting.exclude(kind__in=(AlertKind.SILENT, AlertKind.CONTENT))
        if self.value() == "content":
            return waiting.filter(kind=AlertKind.CONTENT)
        return super().queryset(request, queryset)


class WaitingReplies(Waits):
    states_waiting = WAITING_REPLIES
