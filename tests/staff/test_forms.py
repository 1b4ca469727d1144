"""What the panel's forms show and take."""

from datetime import UTC, datetime, time

import pytest
from django.urls import reverse
from django.utils import formats, translation

from clinic.models import Role
from tests.factories import StaffFactory, SurgeryFactory
from tests.staff.pages import fields_of


@pytest.fixture
def surgery(own_clinic):
    return SurgeryFactory(
        patient__clinic=own_clinic,
        arrival_time=time(7, 30),
        appointment_at=datetime(2026, 4, 7, 13, 45, tzinfo=UTC),
    )


class TestHours:
    """Nobody tells a patient, or types, the seconds of an appointment."""

    @pytest.fixture
    def shown(self, browser, surgery):
        return fields_of(browser.get(reverse("admin:clinic_surgery_change", args=[surgery.pk])))

    def test_of_an_operation_are_hours_and_minutes(self, shown):
        assert (shown["arrival_time"], shown["appointment_at_1"]) == ("07:30", "14:45")

    def test_of_an_appointment_are_read_by_the_clinics_clock(self, browser, surgery, shown):
        page = reverse("admin:clinic_surgery_change", args=[surgery.pk])

        browser.post(page, {**shown, "appointment_at_1": "14:00"})

        surgery.refresh_from_db()
        assert surgery.appointment_at == datetime(2026, 4, 7, 13, tzinfo=UTC)

    def test_of_a_clinic_are_hours_and_minutes(self, own_clinic, signed_in):
        manager = signed_in(StaffFactory(clinic=own_clinic, role=Role.MANAGER))

        shown = fields_of(manager.get(reverse("admin:clinic_clinic_change", args=[own_clinic.pk])))

        assert [shown[name] for name in ("opens_at", "quiet_from")] == ["08:30", "20:00"]

    @pytest.mark.parametrize("language", ["en-gb", "es"])
    def test_are_so_too_where_a_button_fills_them_in(self, language):
        with translation.override(language):
            assert formats.get_format("TIME_INPUT_FORMATS")[0] == "%H:%M"

    @pytest.mark.parametrize("typed", ["08:15", "08:15:00"])
    def test_may_be_typed_either_way(self, browser, surgery, shown, typed):
        page = reverse("admin:clinic_surgery_change", args=[surgery.pk])

        browser.post(page, {**shown, "arrival_time": typed})

        surgery.refresh_from_db()
        assert surgery.arrival_time == time(8, 15)
