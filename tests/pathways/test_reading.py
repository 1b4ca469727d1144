import hashlib
import json
from dataclasses import asdict, replace

import pytest

from reminders.pathways.reading import ContentError, read_pathways, read_sources
from tests.pathways.content_files import CHECK_IN, SOURCES, STEP, TASK, refusal, write, write_words


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "sources.yaml").write_text(SOURCES)
    return tmp_path


class TestGoodFiles:
    def test_a_step_is_read_with_its_words(self, folder):
        write(folder, STEP)
        write_words(folder, {"walk": {"sms": "Walk.", "email": "Walk a bit."}})

        (pathway,) = read_pathways(folder)

        assert pathway.languages == ("en",)
        assert pathway.step("walk").texts["en"].sms == "Walk."
        assert pathway.step("walk").procedures == ("laminectomy",)

    def test_a_step_for_any_operation_names_none(self, folder):
        write(folder, {**STEP, "procedures": "any"})

        assert read_pathways(folder)[0].step("walk").procedures == ()

    def test_times_and_words_need_no_quotes(self, folder):
        write(folder, STEP)
        path = folder / "first.yaml"
        path.write_text(path.read_text().replace("'10:00'", "10:00").replace("Walk", "no"))

        step = read_pathways(folder)[0].step("walk")

        assert (step.at, step.intent) == ("10:00", "no")

    def test_requires_is_a_list_of_lists(self, folder):
        write(folder, {**STEP, "requires": [["a", "b"], ["c"]]})

        assert read_pathways(folder)[0].step("walk").requires == (("a", "b"), ("c",))

    def test_a_second_language_is_a_second_file(self, folder):
        write(folder, STEP)
        write_words(folder, {"walk": {"sms": "Walk."}})
        write_words(folder, {"walk": {"sms": "امش قليلا."}}, language="ar", complete=False)

        (pathway,) = read_pathways(folder)

        assert pathway.languages == ("ar", "en")
        assert [pack.complete for pack in pathway.packs] == [False, True]
        assert pathway.step("walk").texts["ar"].sms == "امش قليلا."


BAD_STEPS = [
    ({**STEP, "colour": "red"}, "unknown field colour"),
    ({**STEP, "category": "fun"}, '"category" is \'fun\''),
    ({**STEP, "at": "25:00"}, "HH:MM"),
    ({**STEP, "at": "9:00"}, "HH:MM"),
    ({**STEP, "at": "noon"}, "HH:MM"),
    ({**STEP, "day_to": 0}, "swap"),
    ({**STEP, "day_from": "1"}, "whole number"),
    ({**STEP, "day_from": True}, "whole number"),
    ({**STEP, "day_from": 10_000}, "whole number"),
    ({**STEP, "sources": []}, "at least one"),
    ({**STEP, "sources": ["NOWHERE"]}, "not in sources.yaml"),
    ({**STEP, "sources": "SRC"}, "must be a list"),
    ({**STEP, "anchor": "birthday"}, "surgery_date"),
    ({**STEP, "channels": []}, "channels"),
    ({**STEP, "channels": ["fax"]}, "sms, email, task"),
    ({**STEP, "channels": ["sms", "task"]}, "channels"),
    ({**STEP, "audience": "staff"}, "channel task"),
    ({**STEP, "privacy": "staff"}, "privacy staff"),
    ({**STEP, "privacy": "P3"}, "P1, P2"),
    ({**STEP, "repeat": [1, 9]}, '"day_to" later'),
    ({**STEP, "repeat": [2, 3]}, "start with"),
    ({**STEP, "repeat": [1, 1]}, "each day once"),
    ({**STEP, "requires": ["a"]}, "must be a list"),
    ({**STEP, "requires": [[]]}, "empty list"),
    ({**STEP, "excludes": ["Big Fact"]}, "a-z"),
    ({**STEP, "key": "Walk!"}, "a-z"),
    ({**STEP, "intent": ""}, "must be text"),
    ({**STEP, "replaces": ["other"]}, "needs"),
    ({**STEP, "replies": [{"code": "1", "meaning": "ok", "action": "dance"}]}, "action"),
    ({**STEP, "replies": [{"code": "1", "meaning": "ok", "action": "none"}] * 2}, "same code"),
    ({**CHECK_IN, "late_hours": 48}, "at most 24"),
    ({key: CHECK_IN[key] for key in CHECK_IN if key != "late_hours"}, "late_hours"),
    ({key: TASK[key] for key in TASK if key != "staff_action"}, "staff_action"),
    *[
        ({key: STEP[key] for key in STEP if key != missing}, f'"{missing}"')
        for missing in STEP
    ],
]  # fmt: skip


class TestBadFiles:
    @pytest.mark.parametrize(("step", "says"), BAD_STEPS)
    def test_a_bad_step_is_refused_with_file_and_remedy(self, folder, step, says):
        write(folder, step)

        message = refusal(folder)

        assert message.startswith("first.yaml, ")
        assert says in message

    def test_the_refusal_names_the_step(self, folder):
        write(folder, STEP, {**STEP, "key": "second", "at": "never"})

        assert "step second" in refusal(folder)

    def test_one_bad_file_keeps_the_good_ones_out_too(self, folder):
        write(folder, STEP)
        write(folder, {**STEP, "at": "never"}, name="zweite")

        assert "zweite.yaml" in refusal(folder)

    def test_two_steps_of_one_key(self, folder):
        write(folder, STEP, STEP)

        assert "twice" in refusal(folder)

    @pytest.mark.parametrize(
        ("head", "says"),
        [
            ({"colour": "red"}, "unknown field"),
            ({"regions": ["moon"]}, "lumbar, cervical"),
            ({"drop": ["walk"]}, "based_on"),
            ({"change": {"walk": {"day_to": 5}}}, "based_on"),
            ({"based_on": "nothing"}, "another pathway"),
            ({"based_on": "first"}, "another pathway"),
            ({"title": ""}, "must be text"),
        ],
    )
    def test_a_bad_head(self, folder, head, says):
        write(folder, STEP, **head)

        assert says in refusal(folder)

    def test_a_name_unlike_the_files(self, folder):
        write(folder, STEP)
        (folder / "first.yaml").rename(folder / "other.yaml")

        assert 'must be "other"' in refusal(folder)

    @pytest.mark.parametrize(
        ("texts", "says"),
        [
            ({"stranger": {"sms": "Hi."}}, "step stranger"),
            ({"walk": {"sms": "Hi.", "fax": "Hi."}}, "unknown field fax"),
            ({"walk": {"sms": 3}}, "must be text"),
            ({"walk": "Hi."}, "lines"),
            (["walk"], "lines"),
        ],
    )
    def test_bad_words(self, folder, texts, says):
        write(folder, STEP)
        write_words(folder, texts)

        message = refusal(folder)

        assert message.startswith("first.en.yaml, ")
        assert says in message

    def test_words_for_a_staff_task(self, folder):
        write(folder, TASK)
        write_words(folder, {"walk": {"sms": "Hi."}})

        assert "no texts" in refusal(folder)

    def test_a_language_file_without_its_pathway(self, folder):
        write(folder, STEP)
        write_words(folder, {}, name="gone")

        assert "gone.en.yaml" in refusal(folder)

    @pytest.mark.parametrize(
        ("raw", "says"),
        [
            (b"pathway: first\npathway: first\n", "line 2"),
            (b"a: [1\n", "line"),
            (b"- just\n- a list\n", "name: value"),
            (b"", "name: value"),
            (b"a: \xff\n", "UTF-8"),
            (b"a: !!python/object/apply:os.getcwd []\n", "could not determine a constructor"),
            (b"#" * 1_000_001, "too long"),
        ],
    )
    def test_a_file_that_is_no_list_of_fields(self, folder, raw, says):
        (folder / "first.yaml").write_bytes(raw)

        message = refusal(folder)

        assert message.startswith("first.yaml, ")
        assert says in message

    def test_missing_sources(self, tmp_path):
        with pytest.raises(ContentError, match="is missing"):
            read_sources(tmp_path)

    def test_a_source_with_an_unknown_grade(self, tmp_path):
        (tmp_path / "sources.yaml").write_text(SOURCES.replace("grade: A", "grade: Z"))

        with pytest.raises(ContentError, match="source SRC"):
            read_sources(tmp_path)


# Of the content, and said after the first versions were signed: nothing where they say nothing.
LATER = ("restriction_days", "calendar")


class TestDigest:
    def test_the_same_files_have_the_same_digest(self, folder):
        write(folder, STEP)

        assert read_pathways(folder)[0].digest == read_pathways(folder)[0].digest

    def test_it_is_the_sha256_of_everything_in_one_order(self, folder):
        write(folder, STEP)
        (pathway,) = read_pathways(folder)

        said = {name: value for name, value in asdict(pathway).items() if name not in LATER}
        canonical = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))

        assert pathway.digest == hashlib.sha256(canonical.encode()).hexdigest()

    def test_the_clinics_own_days_change_it(self, folder):
        write(folder, STEP)
        (pathway,) = read_pathways(folder)

        digests = {
            replace(pathway, restriction_days=days).digest
            for days in ({}, {"drive": 14}, {"drive": 15}, {"swim": 14})
        }

        assert len(digests) == 4

    @pytest.mark.parametrize(
        "change", [{"day_to": 4}, {"at": "10:01"}, {"intent": "Run"}, {"priority": "high"}]
    )
    def test_any_change_of_a_step_changes_it(self, folder, change):
        write(folder, STEP)
        before = read_pathways(folder)[0].digest

        write(folder, {**STEP, **change})

        assert read_pathways(folder)[0].digest != before

    def test_one_word_of_a_text_changes_it(self, folder):
        write(folder, STEP)
        write_words(folder, {"walk": {"sms": "Do not drive."}})
        before = read_pathways(folder)[0].digest

        write_words(folder, {"walk": {"sms": "Do drive."}})

        assert read_pathways(folder)[0].digest != before

    def test_comments_and_layout_do_not(self, folder):
        write(folder, STEP)
        before = read_pathways(folder)[0].digest
        path = folder / "first.yaml"

        path.write_text("# a note\n" + path.read_text().replace("steps:", "\nsteps:"))

        assert read_pathways(folder)[0].digest == before
