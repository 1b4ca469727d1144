"""Addresses of the patient's door."""

from django.urls import path

from reminders.patient_page.clinic_page import clinic_page

urlpatterns = [path("c/<str:key>/", clinic_page, name="clinic-page")]
