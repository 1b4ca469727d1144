"""A clinic writes its ladder; nothing is kept that could leave an urgent alert with nobody."""

import pytest
from django.urls import reverse

from clinic.models import Role
from reminders.models import DutyChange, How, Ladder, Rung, Tier, Whom
from tests.factories import NOON, ClinicFactory, StaffFactory
from tests.ladders import LadderFactory, RungFactory, ShiftFactory, raised
from tests.staff.pages import fields_of, words_of


@pytest.fixture
def surgeon(own_clinic):
    return StaffFactory(
        clinic=own_clinic, role=Role.SURGEON, first_name="Imogen", last_name="Vale",
        phone="07700 900802",
    )  # fmt: skip


@pytest.fixture
def lead(surgeon, signed_in):
    return signed_in(surgeon)


@pytest.fixture
def address(own_clinic):
    return reverse("admin:reminders_ladder", args=[own_clinic.pk])


def row(place, **typed):
    usual = {"after_minutes": 0, "who": "on_duty", "how": "sms", "hours": "always",
             "tiers": ["emergency"], "label": "", "address": ""}  # fmt: skip
    return {f"form-{place}-{name}": value for name, value in (usual | typed).items()}


def switchboard(place=1, **typed):
    number = {"after_minutes": 20, "who": "address", "how": "phone",
              "label": "Switchboard", "address": "020 7946 0109"}  # fmt: skip
    return row(place, **(number | typed))


def typed(*rows, **also):
    times = {"repeat_minutes": 10, "raise_again_minutes": 60}
    management = {"form-TOTAL_FORMS": len(rows), "form-INITIAL_FORMS": 0}
    return {k: v for each in rows for k, v in each.items()} | management | times | also


class TestSaving:
    def test_puts_the_steps_in_their_order(self, lead, address, surgeon, own_clinic):
        person = row(2, after_minutes=10, who=f"person:{surgeon.pk}")

        answer = lead.post(address, typed(row(0), switchboard(), person), follow=True)

        assert "Saved." in words_of(answer)
        rungs = Rung.objects.filter(ladder__clinic=own_clinic)
        assert [(r.position, r.after_minutes, r.whom, r.how) for r in rungs] == [
            (0, 0, Whom.ON_DUTY, How.SMS), (1, 10, Whom.PERSON, How.SMS),
            (2, 20, Whom.ADDRESS, How.PHONE),
        ]  # fmt: skip
        ladder = Ladder.objects.get()
        assert (ladder.changed_by, ladder.changed_at) == (surgeon, NOON)

    def test_what_is_shown_can_be_saved_as_it_stands(self, lead, address, own_clinic):
        own_clinic.urgent_phone, own_clinic.staff_email = "020 7946 0102", "desk@example.org"
        own_clinic.save()
        page = lead.get(address)
        fields = fields_of(page)
        for place in range(4):
            fields[f"form-{place}-tiers"] = [[Tier.EMERGENCY], [Tier.SAME_DAY]][place // 2]

        lead.post(address, fields)

        assert "has not written a ladder yet" in words_of(page)
        assert Rung.objects.count() == 4

    def test_keeps_who_changed_it_and_what_stood_there(self, lead, address, surgeon):
        lead.post(address, typed(row(0), switchboard()))
        lead.post(address, typed(row(0), switchboard(after_minutes=15)))
        lead.post(address, typed(row(0), switchboard(after_minutes=15)))

        page = words_of(lead.get(address))

        newest, first = DutyChange.objects.all()  # what was saved as it stood left no row
        assert (newest.by, newest.at) == (surgeon, NOON)
        assert (newest.before, len(first.before)) == (first.after, 1)
        assert "<del>20 min: Switchboard (020 7946 0109), by telephone, at any hour" in page
        assert "<li>15 min: Switchboard (020 7946 0109), by telephone, at any hour" in page

    def test_a_step_can_be_taken_away(self, lead, address):
        lead.post(address, typed(row(0), switchboard(), row(2, after_minutes=5)))
        lead.post(address, typed(row(0), switchboard(), row(2, after_minutes=5, remove="on")))

        assert Rung.objects.count() == 2

    def test_a_row_without_a_person_counts_for_nothing(self, lead, address):
        lead.post(address, typed(row(0), switchboard(), row(2, who="", after_minutes="")))

        assert Rung.objects.count() == 2

    def test_an_alert_that_climbs_keeps_the_steps_it_began_with(self, lead, address, own_clinic):
        alert = raised(own_clinic)
        before = list(alert.steps.values_list("pk", "address"))

        lead.post(address, typed(row(0), switchboard()))

        assert list(alert.steps.values_list("pk", "address")) == before


class TestWhatIsNotKept:
    def refused(self, browser, address, *rows, **also):
        page = browser.post(address, typed(*rows, **also))
        assert not Rung.objects.exists()
        return words_of(page)

    def test_a_ladder_that_does_not_end_in_a_number(self, lead, address):
        page = self.refused(lead, address, row(0), row(1, after_minutes=10))

        assert "The last step for emergencies must be a telephone number" in page

    def test_a_ladder_that_is_silent_at_night(self, lead, address):
        page = self.refused(lead, address, row(0, hours="staffed"), switchboard())

        assert "While the clinic is closed nobody gets a text or a mail" in page

    def test_a_ladder_without_a_step_for_emergencies(self, lead, address):
        page = self.refused(lead, address, row(0, tiers=["routine"]))

        assert "No step is for emergencies." in page

    def test_a_first_step_after_sixteen_minutes(self, lead, address):
        page = self.refused(lead, address, row(0, after_minutes=16), switchboard())

        assert "It must come within 15 minutes." in page

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"who": "address", "address": ""}, "Write the number or the address."),
            ({"who": "address", "address": "ward"}, "contains letters"),
            ({"who": "address", "how": "email", "address": "ward"}, "@"),
            ({"who": "address", "how": "phone", "address": "x"}, "This is no telephone number."),
            ({"after_minutes": ""}, "Write a number of minutes; 0 is at once."),
            ({"after_minutes": "-1"}, "greater than or equal to 0"),
            ({"tiers": []}, "Choose at least one kind of alert."),
            ({"who": "person:999999"}, "Select a valid choice."),
        ],
    )
    def test_a_step_that_reaches_nobody_with_the_reason_beside_it(self, lead, address, wrong, said):
        page = self.refused(lead, address, row(0, **wrong), switchboard())

        assert said in page
        assert "Nothing is saved yet." in page

    def test_a_person_without_a_number(self, lead, address, own_clinic):
        person = StaffFactory(clinic=own_clinic, first_name="Jo", last_name="Finch", phone="")

        page = self.refused(lead, address, row(0, who=f"person:{person.pk}"), switchboard())

        assert "Jo Finch has no telephone number." in page

    def test_a_person_of_another_clinic(self, lead, address):
        stranger = StaffFactory(phone="07700 900809", last_name="Elsewhere")

        page = self.refused(lead, address, row(0, who=f"person:{stranger.pk}"), switchboard())

        assert "Elsewhere" not in page

    def test_times_that_would_ring_without_a_pause(self, lead, address):
        self.refused(lead, address, row(0), switchboard(), repeat_minutes=0)


class TestTheStories:
    def test_say_who_would_be_told_now_and_after_closing(self, lead, address, own_clinic):
        ladder = LadderFactory(clinic=own_clinic)
        RungFactory(ladder=ladder, position=0, whom=Whom.ON_DUTY, how=How.SMS, address="", label="")
        RungFactory(ladder=ladder, position=1, after_minutes=20, how=How.PHONE, label="Switchboard")
        ShiftFactory(
            clinic=own_clinic, staff__first_name="Tomas", staff__last_name="Reed",
            ends_at=NOON.replace(hour=17),
        )  # fmt: skip

        page = words_of(lead.get(address))

        assert "An urgent alert right now" in page
        assert "Tomas Reed" in page
        assert "After the clinic closes, 17:30" in page
        assert "Nobody is on duty" in page

    def test_name_somebody_who_has_left(self, lead, address, own_clinic):
        ladder = LadderFactory(clinic=own_clinic)
        gone = StaffFactory(clinic=own_clinic, is_active=False, first_name="Lee", last_name="Gone")
        RungFactory(ladder=ladder, position=0, whom=Whom.PERSON, staff=gone, how=How.SMS)

        page = words_of(lead.get(address))

        assert "Lee Gone works here no more" in page
        assert f'value="person:{gone.pk}" selected' in page


class TestWho:
    @pytest.mark.parametrize("role", Role)
    def test_sees_it_and_who_may_change_it(self, role, own_clinic, address, signed_in):
        browser = signed_in(StaffFactory(clinic=own_clinic, role=role))

        page = browser.get(address)
        answer = browser.post(address, typed(row(0), switchboard()))

        may = role in (Role.SURGEON, Role.MANAGER)
        assert page.status_code == 200
        assert ("Save the ladder" in words_of(page)) is may
        assert (answer.status_code == 302) is may
        assert Rung.objects.exists() is may

    def test_of_another_clinic_sees_nothing_of_it(self, lead):
        other = ClinicFactory()
        address = reverse("admin:reminders_ladder", args=[other.pk])

        assert lead.get(address).status_code == 404
        assert lead.post(address, typed(row(0), switchboard())).status_code == 404
        assert not Ladder.objects.exists()

    def test_is_led_to_their_own(self, lead, address):
        assert lead.get(reverse("admin:reminders_own_ladder")).url == address
