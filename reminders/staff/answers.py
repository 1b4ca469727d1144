"""Answers to check-ins, one by one: the list behind the numbers, and what an export holds."""

from collections.abc import Mapping
from datetime import timedelta

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from unfold.paginator import InfinitePaginator

from reminders.flow.sms_check_ins import BY_CODE
from reminders.models import CheckInAnswer
from reminders.pathways.check_in import shipped_check_in
from reminders.pathways.symptom_check import shipped_symptom_check
from reminders.rules.check_in import in_language
from reminders.staff.exports.page import export_urls
from reminders.staff.meanings import meaning_said
from reminders.staff.screen import ReadOnlyScreen
from reminders.staff.words import Words, day_of_recovery

# What a question about a sign may be answered with, in the reader's words.
SAID: Mapping[str, Words] = {
    "yes": gettext_lazy("yes"),
    "no": gettext_lazy("no"),
    "unsure": gettext_lazy("not sure"),
}


@admin.register(CheckInAnswer)
class AnswerScreen(ReadOnlyScreen[CheckInAnswer]):
    """What patients of the clinic answered, newest first. Nobody writes here."""

    empty_title = gettext_lazy("No answer yet.")
    empty_words = gettext_lazy("What patients answer to check-ins stands here.")
    called = gettext_lazy("Check-in answers")
    list_display = ("came", "who", "asked", "answered", "day")
    list_display_links = None
    list_filter = ("check_in__tier", "check_in__by", "at")
    search_fields = (
        "check_in__patient__given_name",
        "check_in__patient__family_name",
        "check_in__patient__record_number",
    )
    search_help_text = gettext_lazy("Patient's name or record number")
    ordering = ("-at", "-pk")
    export_page = "admin:reminders_checkinanswer_export"
    paginator = InfinitePaginator
    list_select_related = ("check_in__patient__clinic", "check_in__surgery")

    def get_urls(self) -> list[URLPattern]:
        return [*export_urls(self), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[CheckInAnswer]:
        return super().get_queryset(request).select_related(*self.list_select_related)

    @admin.display(description=gettext_lazy("When"), ordering="at")
    def came(self, answer: CheckInAnswer) -> str:
        moment = answer.at.astimezone(answer.check_in.patient.tz)
        return format_html(
            '<span class="ac-number ac-nowrap">{}</span>', date_format(moment, "j M Y, H:i")
        )

    @admin.display(description=gettext_lazy("Patient"))
    def who(self, answer: CheckInAnswer) -> str:
        patient = answer.check_in.patient
        return format_html(
            '<a class="ac-link ac-nowrap" href="{}">{}</a>',
            reverse("admin:clinic_patient_check_ins", args=[patient.pk]),
            patient,
        )

    @admin.display(description=gettext_lazy("Question"), ordering="question")
    def asked(self, answer: CheckInAnswer) -> str:
        if answer.question == BY_CODE:
            return _("The number that answers a text")
        question = shipped_check_in().questions.get(answer.question)
        sign = shipped_symptom_check().questions.get(answer.question)
        language = get_language() or "en"
        if question is not None:
            region = answer.check_in.surgery.region
            return in_language(question.worded(region).label, language)
        return in_language(sign.text, language) if sign else answer.question

    @admin.display(description=gettext_lazy("Answer"))
    def answered(self, answer: CheckInAnswer) -> str:
        if answer.question == BY_CODE and answer.choice:
            return meaning_said(answer.choice)
        question = shipped_check_in().questions.get(answer.question)
        chosen = question.choices.get(answer.choice) if question else None
        words = in_language(chosen, get_language() or "en") if chosen else SAID.get(answer.choice)
        return format_html('<span dir="auto">{}</span>', words or answer.raw or "–")

    @admin.display(description=gettext_lazy("Recovery"), ordering="check_in__day")
    def day(self, answer: CheckInAnswer) -> str:
        operated_on = answer.check_in.surgery.surgery_date
        return day_of_recovery(operated_on, on=operated_on + timedelta(days=answer.check_in.day))
