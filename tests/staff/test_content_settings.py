"""How a step is set is changed with boxes and words, checked at each field, and nothing is lost."""

import pytest
from django.urls import reverse

from clinic.models import Role
from reminders.models import PathwayVersion, Reminder, Step, VersionEvent, VersionStatus
from reminders.rules.content import Audience, Channel, Privacy
from tests.factories import ClinicFactory, ReminderFactory, StaffFactory
from tests.flow.versions import PILLS, WALK, a_draft
from tests.rules.content_builder import a_step
from tests.staff.pages import fields_of, words_of

KEY = "d1_walk"
TASK = a_step(
    key="d1_task", audience=Audience.STAFF, channels=(Channel.TASK,), privacy=Privacy.STAFF,
    staff_action="Call the laboratory.", texts={}, intent="Call the laboratory",
)  # fmt: skip
NEW = {
    "intent": "Drink enough", "category": "lifestyle", "day_from": "2", "day_to": "5",
    "sources": "GOOD", "do": "add",
}  # fmt: skip


@pytest.fixture
def draft(own_clinic):
    return a_draft(own_clinic, WALK, PILLS, TASK)


def address(name, version, *more):
    return reverse(f"admin:reminders_content_{name}", args=[version.pk, *more])


def post(browser, page, **typed):
    """Fill the page in as it stands, but for what is typed, and send it."""
    return browser.post(page, {**fields_of(browser.get(page)), **typed}, follow=True)


def save(browser, draft, *, key=KEY, **typed):
    return words_of(post(browser, address("step", draft, key), do="save", **typed))


class TestChanging:
    def test_says_in_words_when_for_whom_and_how(self, browser, own_clinic):
        step = a_step(
            key=KEY, requires=(("durotomy", "fusion"), ("smoker",)), excludes=("day_case",),
            must_have=("phone",), restrictions=("walk",),
        )  # fmt: skip

        words = words_of(browser.get(address("step", a_draft(own_clinic, step), KEY)))

        assert "Day 1 after the operation at 10:00, no later than day 3." in words
        assert "Only if: dural tear or fusion; and smokes. Not if: went home the same day." in words
        assert "Physiotherapy, by text and mail, fit for a locked phone." in words
        assert "Must keep {phone}. Speaks of: walking." in words
        assert "It asks for no answer." in words

    def test_boxes_become_conditions(self, browser, draft):
        save(
            browser, draft, requires_0=["durotomy", "fusion"], excludes=["day_case"],
            channels="email", privacy="P2", is_high_priority="on",
        )  # fmt: skip

        step = draft.steps.get(key=KEY)
        assert step.requires == [["durotomy", "fusion"]]
        assert step.excludes == ["day_case"]
        assert (step.channels, step.privacy, step.is_high_priority) == (["email"], "P2", True)

    def test_one_condition_more_is_offered_each_time(self, browser, draft):
        save(browser, draft, requires_0="durotomy")

        save(browser, draft, requires_1="smoker")

        assert draft.steps.get(key=KEY).requires == [["durotomy"], ["smoker"]]
        assert 'name="requires_2"' in words_of(browser.get(address("step", draft, KEY)))

    def test_an_answer_is_written_in_words(self, browser, draft):
        save(
            browser, draft, answer_0_code="1", answer_0_meaning="No new problem",
            answer_0_action="none", answer_1_code="2", answer_1_meaning="Worse",
            answer_1_action="staff_same_day",
        )  # fmt: skip

        assert draft.steps.get(key=KEY).replies == [
            {"code": "1", "meaning": "no_new_problem", "action": "none"},
            {"code": "2", "meaning": "worse", "action": "staff_same_day"},
        ]

    def test_an_answer_that_is_emptied_is_gone(self, browser, draft):
        answer = {"answer_0_code": "1", "answer_0_meaning": "Well", "answer_0_action": "none"}
        save(browser, draft, **answer)

        save(browser, draft, answer_0_code="", answer_0_meaning="")

        assert draft.steps.get(key=KEY).replies == []

    def test_a_step_that_goes_out_at_its_event_needs_no_hour(self, browser, draft):
        save(browser, draft, at_kind="at_discharge", at="", anchor="discharge_date")

        step = draft.steps.get(key=KEY)
        assert (step.at, step.anchor) == ("at_discharge", "discharge_date")

    def test_a_repeat_is_a_list_of_days(self, browser, draft):
        save(browser, draft, repeat_days="2, 3 4", every_working_days="2")

        step = draft.steps.get(key=KEY)
        assert (step.repeat_days, step.every_working_days) == ([2, 3, 4], 2)

    def test_the_history_says_it_in_words(self, browser, draft):
        save(browser, draft, excludes="day_case", sources=["GOOD", "WEAK"])

        words = words_of(browser.get(address("content", draft)))

        assert "Not if" in words
        assert "<ins>went home the same day</ins>" in words
        assert "<del>GOOD</del> <ins>GOOD, WEAK</ins>" in words

    def test_a_task_for_staff_has_its_own_fields(self, browser, draft):
        save(browser, draft, key="d1_task", staff_action="Call twice.")

        page = words_of(browser.get(address("step", draft, "d1_task")))
        assert draft.steps.get(key="d1_task").staff_action == "Call twice."
        assert 'name="channels"' not in page
        assert "Test message" not in page


class TestMistakes:
    @pytest.mark.parametrize(
        ("typed", "field", "said"),
        [
            ({"day_to": "0"}, "day_to", "forward"),
            ({"repeat_days": "3, x"}, "repeat_days", "whole numbers with commas"),
            ({"repeat_days": "3, 4"}, "repeat_days", "begin with 2"),
            ({"late_hours": "999"}, "late_hours", "1 to 336"),
            ({"channels": []}, "channels", "text, mail, or both"),
            ({"excludes": ["moonlight"]}, "excludes", "not in the list"),
            ({"requires_0": ["smoker"], "excludes": ["smoker"]}, "excludes", "nobody would get"),
            ({"privacy": "P2"}, "privacy", "mail only"),
            ({"answer_0_code": "stop"}, "answer_0_code", "means something else"),
            ({"intent": ""}, "intent", "few words"),
        ],
    )
    def test_are_said_at_their_field_and_at_the_top(self, browser, draft, typed, field, said):
        page = save(browser, draft, **typed)

        assert "Not saved yet" in page
        mistake = page.split(f'id="id_{field}_error"')[1].split("</span>")[0]
        assert said in mistake
        assert f'href="#id_{field}"' in page
        assert not VersionEvent.objects.filter(kind="edited").exists()

    def test_open_the_section_that_they_are_in(self, browser, draft):
        page = save(browser, draft, late_hours="999")

        assert 'data-section="when" open' in page
        assert 'data-section="whom">' in page

    def test_lose_nothing_that_was_typed(self, browser, draft):
        answer = post(
            browser, address("step", draft, KEY), do="save", at="25:00", intent="Walk far",
            excludes=["day_case"], requires_0=["smoker"], answer_0_meaning="Half an answer",
            **{"en-sms": "{clinic}: mine."},
        )  # fmt: skip

        kept = fields_of(answer)
        assert (kept["at"], kept["intent"], kept["excludes"]) == ("25:00", "Walk far", "day_case")
        assert (kept["requires_0"], kept["answer_0_meaning"]) == ("smoker", "Half an answer")
        assert kept["en-sms"] == "{clinic}: mine."

    def test_each_field_is_tied_to_its_label_and_its_mistake(self, browser, draft):
        page = save(browser, draft, day_to="0")

        assert '<label for="id_day_to">Last day</label>' in page
        assert 'aria-describedby="id_day_to_helptext id_day_to_error"' in page
        assert 'aria-invalid="true"' in page


class TestWhileTicking:
    def ask(self, browser, draft, **typed):
        page = address("step", draft, KEY)
        data = {**fields_of(browser.get(page)), **typed}
        return browser.post(address("settings", draft), data).json()

    def test_answers_the_lines_in_words_and_the_mistakes(self, browser, draft):
        looked = self.ask(browser, draft, excludes=["fusion"], day_to="0")

        assert looked["said"]["whom"] == "Not if: fusion."
        assert "forward" in looked["mistakes"]["id_day_to"]

    def test_writes_nothing(self, browser, draft):
        self.ask(browser, draft, excludes=["fusion"])

        assert draft.steps.get(key=KEY).excludes == []

    def test_of_another_clinic_is_not_found(self, browser):
        theirs = a_draft(ClinicFactory())

        assert browser.post(address("settings", theirs), {}).status_code == 404


class TestAdding:
    def test_goes_on_to_its_words(self, browser, nurse, draft):
        answer = post(browser, address("add", draft), **NEW)

        step = draft.steps.get(key="own_drink_enough")
        assert answer.redirect_chain[-1][0] == address("step", draft, step.key)
        assert "Now write its words." in words_of(answer)
        assert "There are no words in this language." in words_of(answer)
        assert VersionEvent.objects.get(kind="edited").by == nurse

    def test_of_a_task_asks_what_staff_do(self, browser, draft):
        page = address("add", draft) + "?audience=staff"

        said = words_of(post(browser, page, **NEW))
        assert "Say what staff should do." in said

        post(browser, page, **NEW, staff_action="Call the laboratory.")
        step = draft.steps.get(intent="Drink enough")
        assert (step.audience, step.channels, step.privacy) == ("staff", ["task"], "staff")

    def test_says_all_that_is_missing_and_keeps_what_was_typed(self, browser, draft):
        answer = post(browser, address("add", draft), do="add", intent="Drink enough")

        words = words_of(answer)
        assert "Choose a kind of message." in words
        assert "Name at least one source" in words
        assert fields_of(answer)["intent"] == "Drink enough"
        assert draft.steps.count() == 4


class TestDropping:
    def test_says_first_what_patients_would_no_longer_get(self, browser, draft, own_clinic):
        ReminderFactory(step_key="d1_pills", surgery__patient__clinic=own_clinic)
        page = address("drop", draft, "d1_pills")

        words = words_of(browser.get(page))

        assert "This is a safety message." in words
        assert "{clinic}: go for a short walk today." in words
        assert "1 patient has it ahead in the plan today." in words
        assert "stays taken and may never mean anything else" in words
        assert draft.steps.filter(key="d1_pills").exists()

    def test_takes_it_out_and_leaves_the_plan_alone(self, browser, draft, own_clinic):
        ReminderFactory(step_key=KEY, surgery__patient__clinic=own_clinic)

        words = words_of(browser.post(address("drop", draft, KEY), {"do": "drop"}, follow=True))

        assert "Dropped from the draft: Walk" in words
        assert "Dropped d1_walk: Walk" in words
        assert not draft.steps.filter(key=KEY).exists()
        assert Reminder.objects.filter(step_key=KEY).exists()


class TestWhoMay:
    PAGES = (("add", ()), ("drop", (KEY,)))

    @pytest.mark.parametrize("role", Role)
    @pytest.mark.parametrize(("name", "more"), PAGES)
    def test_add_and_drop(self, name, more, role, own_clinic, signed_in, draft):
        somebody = signed_in(StaffFactory(clinic=own_clinic, role=role))
        before = Step.objects.count()

        answers = [
            somebody.get(address(name, draft, *more)).status_code,
            somebody.post(address(name, draft, *more), {**NEW, "do": "look"}).status_code,
        ]

        may = role in (Role.SURGEON, Role.NURSE, Role.PHYSIOTHERAPIST, Role.MANAGER)
        assert (403 in answers) is not may
        assert (Step.objects.count() < before) is (may and name == "drop")

    @pytest.mark.parametrize("status", sorted(set(VersionStatus) - {VersionStatus.DRAFT}))
    @pytest.mark.parametrize(("name", "more"), PAGES)
    def test_nobody_in_what_is_no_draft(self, name, more, status, browser, draft):
        PathwayVersion.objects.update(status=status)

        assert browser.post(address(name, draft, *more), NEW).status_code == 403
        assert draft.steps.count() == 4

    @pytest.mark.parametrize(("name", "more"), PAGES)
    def test_nobody_of_another_clinic(self, name, more, browser):
        theirs = a_draft(ClinicFactory(), WALK)

        assert browser.get(address(name, theirs, *more)).status_code == 404
        assert browser.post(address(name, theirs, *more), NEW).status_code == 404
        assert theirs.steps.count() == 2

    def test_nobody_signs_a_version_that_they_added_a_step_to(self, browser, draft, own_clinic):
        task = {"audience": "staff", "staff_action": "Call."}
        post(browser, address("add", draft) + "?audience=staff", **NEW, **task)
        do = "admin:reminders_pathwayversion_do"
        surgeon = StaffFactory(clinic=own_clinic, role=Role.SURGEON)
        PathwayVersion.objects.update(author=surgeon)
        browser.post(reverse(do, args=[draft.pk, "submit"]))

        words = words_of(browser.post(reverse(do, args=[draft.pk, "sign"]), follow=True))

        assert "cannot sign it" in words
