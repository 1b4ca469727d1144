import pytest

from reminders.pathways.reading import read_pathways
from tests.pathways.content_files import SOURCES, STEP, refusal, write, write_words


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "sources.yaml").write_text(SOURCES)
    return tmp_path


class TestBasedOn:
    OTHER = {**STEP, "key": "sit", "day_from": 5, "day_to": 9}
    LAST = {**STEP, "key": "lift", "day_from": 9, "day_to": 9}

    def derived(self, folder, *steps, **head):
        write(folder, STEP, self.OTHER, self.LAST)
        write_words(folder, {"walk": {"sms": "Walk."}, "sit": {"sms": "Sit."}})
        write(folder, *steps, name="second", based_on="first", **head)

    def second(self, folder):
        return next(p for p in read_pathways(folder) if p.key == "second")

    def test_what_is_shared_is_written_once(self, folder):
        self.derived(folder, procedures=["microdiscectomy"])

        pathway = self.second(folder)

        assert [step.key for step in pathway.steps] == ["walk", "sit", "lift"]
        assert pathway.step("walk").texts["en"].sms == "Walk."
        assert pathway.step("walk").procedures == ("microdiscectomy",)

    def test_a_step_is_dropped_with_its_words(self, folder):
        self.derived(folder, drop=["sit"])

        assert [step.key for step in self.second(folder).steps] == ["walk", "lift"]

    def test_a_field_of_a_shared_step_is_changed(self, folder):
        self.derived(folder, change={"sit": {"day_to": 21}})

        assert self.second(folder).step("sit").day_to == 21
        assert read_pathways(folder)[0].step("sit").day_to == 9

    def test_a_step_whose_day_is_changed_moves_to_its_new_place(self, folder):
        self.derived(folder, change={"walk": {"day_from": 8, "day_to": 8}})

        assert [step.key for step in self.second(folder).steps] == ["sit", "walk", "lift"]

    def test_a_changed_day_that_is_no_number_is_refused(self, folder):
        self.derived(folder, change={"walk": {"day_from": "soon"}})

        assert "whole number" in refusal(folder)

    def test_a_step_takes_the_place_of_those_it_replaces(self, folder):
        new = {**STEP, "key": "rest", "day_from": 5, "day_to": 6, "replaces": ["sit", "lift"]}
        self.derived(folder, new)

        assert [step.key for step in self.second(folder).steps] == ["walk", "rest"]

    def test_a_further_step_stands_by_its_day(self, folder):
        self.derived(folder, {**STEP, "key": "bath", "day_from": 7, "day_to": 8})

        assert [s.key for s in self.second(folder).steps] == ["walk", "sit", "bath", "lift"]

    def test_own_words_win_over_the_shared_ones(self, folder):
        self.derived(folder)
        write_words(folder, {"walk": {"sms": "Walk slowly."}}, name="second")

        pathway = self.second(folder)

        assert pathway.step("walk").texts["en"].sms == "Walk slowly."
        assert pathway.step("sit").texts["en"].sms == "Sit."

    @pytest.mark.parametrize(
        "head", [{"drop": ["gone"]}, {"change": {"gone": {"day_to": 2}}}]
    )  # fmt: skip
    def test_a_key_that_the_shared_pathway_lacks_is_refused(self, folder, head):
        self.derived(folder, **head)

        assert "no step of the shared pathway" in refusal(folder)

    def test_a_shared_key_is_not_added_a_second_time(self, folder):
        self.derived(folder, STEP)

        assert "replaces" in refusal(folder)

    def test_a_key_cannot_be_changed(self, folder):
        self.derived(folder, change={"sit": {"key": "stand"}})

        assert "cannot change a key" in refusal(folder)

    def test_a_step_of_another_region_must_go(self, folder):
        write(folder, {**STEP, "regions": ["lumbar"]})
        write(folder, name="second", based_on="first", regions=["cervical"])

        assert "another region" in refusal(folder)

    def test_a_circle_is_refused(self, folder):
        write(folder, name="first", based_on="second")
        write(folder, name="second", based_on="first")

        assert "another pathway" in refusal(folder)
