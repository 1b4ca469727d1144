"""Addresses of the patient's door. Only the first step of a secret link carries its token."""

from django.urls import path, re_path

from reminders.patient_page.birth_date import birth_date_page
from reminders.patient_page.check_in_page import check_in, check_in_done
from reminders.patient_page.choices import choices
from reminders.patient_page.clinic_page import clinic_page
from reminders.patient_page.home import home
from reminders.patient_page.leaving import leave_page
from reminders.patient_page.messages import messages
from reminders.patient_page.my_calendar import my_calendar, my_calendar_file
from reminders.patient_page.own_calendar import calendar_page
from reminders.patient_page.paper import paper, paper_file
from reminders.patient_page.stop_mails import stop_mails_page
from reminders.patient_page.warning_sign import received, warning_sign

urlpatterns = [
    path("c/<str:key>/", clinic_page, name="clinic-page"),
    # with and without the slash: texts have no room for it, and a redirect would repeat the token
    re_path(r"^p/(?P<token>[^/]+)/?$", birth_date_page, name="patient-link"),
    path("calendar/<str:token>/care.ics", calendar_page, name="calendar"),
    path("u/<str:token>/", stop_mails_page, name="stop-mails"),
    path("my/", home, name="my-home"),
    path("my/warning-sign/", warning_sign, name="my-warning-sign"),
    path("my/warning-sign/<uuid:pk>/", received, name="my-report"),
    path("my/check-in/", check_in, name="my-check-in"),
    path("my/check-in/<uuid:key>/", check_in_done, name="my-check-in-done"),
    path("my/messages/", messages, name="my-messages"),
    path("my/choices/", choices, name="my-choices"),
    path("my/paper/", paper, name="my-paper"),
    path("my/paper/care.pdf", paper_file, name="my-paper-pdf"),
    path("my/calendar/", my_calendar, name="my-calendar"),
    path("my/calendar/care.ics", my_calendar_file, name="my-calendar-file"),
    path("my/leave/", leave_page, name="my-leave"),
]
