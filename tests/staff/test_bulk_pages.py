"""Many operations in the panel: chosen from a list, shown, agreed to by a second person."""

from datetime import date

import pytest
from django.conf import settings
from django.urls import reverse

from clinic.models import Role, Surgery, SurgeryStatus
from reminders.models import BulkRequest, BulkStatus
from reminders.staff.sign_in import session
from reminders.tasks import bulk
from tests.factories import (
    NOON,
    PathwayVersionFactory,
    StaffFactory,
    StepFactory,
    SurgeryFactory,
)
from tests.staff.pages import fields_of, words_of

FRIDAY = date(2026, 3, 6)
LIST = "admin:clinic_surgery_bulk"


@pytest.fixture
def pathway(own_clinic):
    version = PathwayVersionFactory(pathway__clinic=own_clinic, signed=True)
    StepFactory(version=version, day_from=2, intent="Walk a little")


@pytest.fixture
def operations(own_clinic, pathway):
    return SurgeryFactory.create_batch(
        12, patient__clinic=own_clinic, status=SurgeryStatus.PLANNED, surgery_date=FRIDAY
    )


@pytest.fixture
def manager(own_clinic, signed_in):
    return signed_in(StaffFactory(clinic=own_clinic, role=Role.MANAGER, first_name="Maria"))


@pytest.fixture
def surgeon(own_clinic, signed_in):
    return signed_in(StaffFactory(clinic=own_clinic, role=Role.SURGEON, first_name="Ines"))


def ask(browser, surgeries, **typed):
    rows = [surgery.pk for surgery in surgeries]
    typed = {"action": "move", "days": 3, "reason": "Closed on Friday", "row": rows, **typed}
    return browser.post(reverse(LIST), typed, follow=True)


def press(browser, do, page=None):
    address = reverse("admin:reminders_bulk", args=[BulkRequest.objects.get().pk])
    shown = page or browser.get(address)
    seen = fields_of(shown).get("seen", "")
    came_from = f"http://testserver{address}"
    return browser.post(address, {"do": do, "seen": seen}, follow=True, HTTP_REFERER=came_from)


def prove(browser, *, at):
    kept = browser.session
    kept[session.KEY] = {**kept[session.KEY], "proved": at}
    kept.save()


def days():
    return set(Surgery.objects.values_list("surgery_date", flat=True))


class TestChoosing:
    def test_shows_the_operations_of_the_filtered_list(self, manager, own_clinic, operations):
        SurgeryFactory(patient__clinic=own_clinic, patient__family_name="Otherday")
        SurgeryFactory(patient__family_name="Elsewhere")

        words = words_of(manager.get(reverse(LIST), {"surgery_date": "2026-03-06"}))

        assert words.count('name="row"') == 12
        assert "Otherday" not in words
        assert "Elsewhere" not in words

    def test_from_the_patients_takes_the_last_operation_of_each(self, manager, own_clinic):
        old = SurgeryFactory(patient__clinic=own_clinic, surgery_date=date(2025, 3, 1))
        new = SurgeryFactory(patient=old.patient, surgery_date=FRIDAY, status="planned")

        words = words_of(manager.get(reverse("admin:clinic_patient_bulk")))

        assert f'value="{new.pk}"' in words
        assert f'name="row" value="{old.pk}"' not in words

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ({"reason": " "}, "This field is required"),
            ({"days": ""}, "Say by how many days."),
            ({"row": []}, "Tick at least one operation."),
        ],
    )
    def test_says_what_is_missing(self, manager, operations, typed, said):
        assert said in words_of(ask(manager, operations, **typed))
        assert not BulkRequest.objects.exists()

    def test_takes_no_operation_of_another_clinic(self, manager):
        ask(manager, [SurgeryFactory(status="planned")])

        assert not BulkRequest.objects.exists()

    @pytest.mark.parametrize("role", Role)
    def test_is_for_those_who_may_change_operations(self, own_clinic, signed_in, role):
        browser = signed_in(StaffFactory(clinic=own_clinic, role=role))

        may = role != Role.AUDITOR
        assert (browser.get(reverse(LIST)).status_code == 200) is may
        listed = words_of(browser.get(reverse("admin:clinic_surgery_changelist")))
        assert (reverse(LIST) in listed) is may


class TestTwelve:
    def test_are_shown_and_wait_for_a_second_person(self, manager, operations):
        words = words_of(ask(manager, operations))

        assert "12 new" in words
        assert "A second person has to agree" in words
        assert "Do it" not in words
        assert press(manager, "agree").status_code == 403
        assert days() == {FRIDAY}

    def test_stand_on_today_for_whoever_may_agree(
        self, manager, surgeon, nurse, signed_in, operations
    ):
        ask(manager, operations)

        said = "asks for your yes: Move by days, 12 patients"
        assert said in words_of(surgeon.get(reverse("admin:index")))
        assert said not in words_of(manager.get(reverse("admin:index")))
        assert said not in words_of(signed_in(nurse).get(reverse("admin:index")))

    def test_are_done_once_the_surgeon_agrees_to_what_she_sees(self, manager, surgeon, operations):
        ask(manager, operations)

        press(surgeon, "agree")
        assert days() == {FRIDAY}
        assert bulk() == 12

        assert days() == {date(2026, 3, 9)}
        address = reverse("admin:reminders_bulk", args=[BulkRequest.objects.get().pk])
        assert "12 of 12 done" in words_of(manager.get(address))

    def test_are_shown_again_when_one_has_changed_meanwhile(self, manager, surgeon, operations):
        ask(manager, operations)
        seen = surgeon.get(reverse("admin:reminders_bulk", args=[BulkRequest.objects.get().pk]))
        Surgery.objects.filter(pk=operations[0].pk).update(durotomy=True)

        answer = press(surgeon, "agree", page=seen)

        assert "This is not what you saw" in words_of(answer)
        assert "1 operation is left out" in words_of(answer)
        assert BulkRequest.objects.get().status == BulkStatus.ASKED

    def test_are_refused_by_the_second_and_taken_back_by_the_first(
        self, manager, surgeon, operations
    ):
        ask(manager, operations)

        assert "Nothing was changed." in words_of(press(surgeon, "refuse"))
        assert bulk() == 0

    def test_are_agreed_to_by_nobody_without_the_right(self, manager, nurse, signed_in, operations):
        ask(manager, operations)

        assert press(signed_in(nurse), "agree").status_code == 403

    def test_are_refused_by_nobody_without_the_right(self, manager, nurse, signed_in, operations):
        ask(manager, operations)

        assert press(signed_in(nurse), "refuse").status_code == 403
        assert BulkRequest.objects.get().status == BulkStatus.ASKED

    def test_are_not_seen_by_another_clinic(self, manager, signed_in, operations):
        ask(manager, operations)
        stranger = signed_in(StaffFactory(role=Role.SURGEON))

        assert press(stranger, "agree").status_code == 404

    def test_are_agreed_to_only_by_who_has_shown_who_they_are(self, manager, surgeon, operations):
        ask(manager, operations)
        prove(surgeon, at=0)

        press(surgeon, "agree")

        assert BulkRequest.objects.get().status == BulkStatus.ASKED

    @pytest.mark.parametrize(
        ("do", "said"), [("agree", "Your yes waits"), ("refuse", "Your no waits")]
    )
    def test_find_what_was_pressed_after_the_question_who_sits_there(
        self, manager, surgeon, operations, do, said
    ):
        ask(manager, operations)
        prove(surgeon, at=0)
        press(surgeon, do)
        prove(surgeon, at=NOON.timestamp())

        address = reverse("admin:reminders_bulk", args=[BulkRequest.objects.get().pk])
        assert said in words_of(surgeon.get(address))
        assert said not in words_of(surgeon.get(address))
        assert BulkRequest.objects.get().status == BulkStatus.ASKED

    def test_say_after_that_question_that_one_has_changed_meanwhile(
        self, manager, surgeon, operations
    ):
        ask(manager, operations)
        prove(surgeon, at=0)
        press(surgeon, "agree")
        prove(surgeon, at=NOON.timestamp())
        Surgery.objects.filter(pk=operations[0].pk).update(durotomy=True)

        words = words_of(
            surgeon.get(reverse("admin:reminders_bulk", args=[BulkRequest.objects.get().pk]))
        )

        assert "This is not what you saw" in words
        assert "Your yes waits" not in words


def test_ten_are_done_by_the_one_who_asks(manager, operations):
    words = words_of(ask(manager, operations[:10]))
    assert "Do it" in words

    press(manager, "agree")

    assert bulk() == 10


def test_each_operation_is_told_in_the_language_of_whoever_reads_it(manager, operations):
    manager.cookies[settings.LANGUAGE_COOKIE_NAME] = "es"
    assert words_of(ask(manager, operations[:2])).count("1 nuevo<") == 2

    press(manager, "agree")
    bulk()

    address = reverse("admin:reminders_bulk", args=[BulkRequest.objects.get().pk])
    assert words_of(manager.get(address)).count("1 nuevo<") == 2
