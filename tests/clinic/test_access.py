"""Roles are code, and nobody sees another clinic's rows."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission

from clinic.access import PATH_TO_CLINIC, ROLE_PERMISSIONS, RoleBackend, visible_to
from clinic.models import AccessEvent, Clinic, Role
from reminders.flow.bulk import ask
from reminders.flow.figures import count_clinic
from reminders.models import BulkAction, DutyChange, SendingTest, SignInNotice, Source
from tests.factories import (
    NOON,
    AlertFactory,
    AttemptFactory,
    CarerConsentFactory,
    CheckInAnswerFactory,
    ClosureFactory,
    ConsentFactory,
    EmergencyAccessFactory,
    ExportFactory,
    HoldFactory,
    PatientFactory,
    PhoneCallFactory,
    PlanAgreementFactory,
    PulledStepFactory,
    ReplyFactory,
    RestrictionChangeFactory,
    SourceFactory,
    StaffFactory,
    StepFactory,
    VersionEventFactory,
)
from tests.ladders import RungFactory, ShiftFactory, raised

pytestmark = pytest.mark.django_db


class TestRoles:
    def test_every_role_has_its_permissions(self):
        assert set(ROLE_PERMISSIONS) == set(Role)

    def test_every_permission_exists(self):
        names = Permission.objects.values_list("content_type__app_label", "codename")
        existing = {f"{app}.{codename}" for app, codename in names}

        assert set().union(*ROLE_PERMISSIONS.values()) <= existing

    def test_nobody_may_delete_and_an_auditor_only_looks(self):
        everything = set().union(*ROLE_PERMISSIONS.values())

        assert not [name for name in everything if ".delete_" in name]
        looks = {name for name in ROLE_PERMISSIONS[Role.AUDITOR] if ".view_" in name}
        assert ROLE_PERMISSIONS[Role.AUDITOR] - looks == {"reminders.add_export"}  # no record

    @pytest.mark.parametrize("role", Role)
    def test_content_is_signed_by_clinicians_only(self, role):
        may_sign = StaffFactory(role=role).has_perm("reminders.sign_pathwayversion")

        assert may_sign is (role in (Role.SURGEON, Role.NURSE, Role.PHYSIOTHERAPIST))

    def test_a_change_of_role_counts_at_once(self):  # X16
        staff = StaffFactory(role=Role.NURSE)
        assert staff.has_perm("clinic.change_patient")

        staff.role = Role.AUDITOR

        assert not staff.has_perm("clinic.change_patient")

    def test_somebody_who_left_may_nothing(self):
        assert RoleBackend().get_all_permissions(StaffFactory(is_active=False)) == set()

    def test_what_is_stored_elsewhere_grants_nothing(self):
        staff = StaffFactory(role=Role.AUDITOR)
        permission = Permission.objects.get(codename="change_patient")
        group = Group.objects.create(name="all")
        group.permissions.add(permission)
        staff.user_permissions.add(permission)
        staff.groups.add(group)

        assert not staff.has_perm("clinic.change_patient")


@pytest.fixture
def two_clinics():
    """Rows of every model, once for each of two clinics; returns their clinics."""
    clinics = []
    for _ in range(2):
        attempt = AttemptFactory()
        clinic, patient = attempt.delivery.clinic, attempt.delivery.patient
        ClosureFactory(clinic=clinic)
        staff = StaffFactory(clinic=clinic)
        version = attempt.delivery.reminder.step.version
        VersionEventFactory(version=version)
        PulledStepFactory(clinic=clinic, pulled_by=staff)
        AlertFactory(patient=patient)
        PhoneCallFactory(patient=patient, by=staff)
        CarerConsentFactory(carer__patient=patient)
        RestrictionChangeFactory(surgery=attempt.delivery.reminder.surgery, by=staff)
        HoldFactory(surgery=attempt.delivery.reminder.surgery)
        PlanAgreementFactory(surgery=attempt.delivery.reminder.surgery, by=staff)
        RungFactory(ladder__clinic=clinic)
        raised(clinic)
        ShiftFactory(clinic=clinic, staff=staff)
        DutyChange.objects.create(clinic=clinic, kind="ladder", by=staff, at=NOON)
        ReplyFactory(by=patient)
        CheckInAnswerFactory(check_in__patient=patient)
        ExportFactory(clinic=clinic, by=staff)
        SignInNotice.objects.create(staff=staff, what="password", at=NOON)
        EmergencyAccessFactory(patient=patient, by=staff)
        SendingTest.objects.create(
            clinic=clinic, channel="sms", delivery=attempt.delivery, asked_by=staff, asked_at=NOON
        )
        count_clinic(clinic, now=NOON)
        surgery = attempt.delivery.reminder.surgery
        ask([surgery], action=BulkAction.HOLD, days=0, reason="Away", by=staff, now=NOON)
        AccessEvent.objects.create(at=NOON, clinic=clinic, by=staff, kind="view", page="timeline")
        clinics.append(clinic)
    return clinics


class TestVisibleTo:
    @pytest.mark.parametrize("label", sorted(PATH_TO_CLINIC))
    def test_only_rows_of_the_persons_own_clinic(self, two_clinics, label):
        own, other = (StaffFactory(clinic=clinic) for clinic in two_clinics)
        rows = apps.get_model(label).objects.all()

        seen, seen_by_other = visible_to(own, rows), visible_to(other, rows)

        assert seen.exists()
        assert not set(seen) & set(seen_by_other)
        assert len(seen) + len(seen_by_other) == len(rows)

    def test_an_operator_sees_all(self, two_clinics):
        operator = StaffFactory(clinic=None, is_superuser=True)

        assert list(visible_to(operator, Clinic.objects.all())) == list(Clinic.objects.all())

    def test_a_model_nobody_thought_of_shows_nothing(self):
        SourceFactory()

        assert not visible_to(StaffFactory(), Source.objects.all()).exists()

    def test_consents_and_steps_are_reached_from_their_clinic_too(self):
        consent = ConsentFactory(patient=PatientFactory(consented=()))
        step = StepFactory()

        staff = StaffFactory(clinic=consent.patient.clinic)
        assert list(visible_to(staff, type(consent).objects.all())) == [consent]
        assert not visible_to(staff, type(step).objects.all()).exists()
