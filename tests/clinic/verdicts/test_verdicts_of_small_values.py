from datetime import time, timedelta

import pytest

from clinic.verdicts import Rejected, facts, hours, languages, record_numbers, zones


class TestZone:
    @pytest.mark.parametrize(
        "typed", ["GMT+1", "EST", "Foo/Bar", "", "  ", "Etc/GMT+1", "x" * 9999]
    )
    def test_refuses_what_is_not_a_place(self, typed):
        with pytest.raises(Rejected):
            zones.zone(typed)

    @pytest.mark.parametrize("typed", ["Asia/Kathmandu", "Pacific/Chatham", "Australia/Lord_Howe"])
    def test_keeps_a_place_as_it_is(self, typed):
        assert zones.zone(typed) == zones.Verdict(typed)

    @pytest.mark.parametrize(
        ("typed", "kept"), [("europe/london", "Europe/London"), ("US/Eastern", "America/New_York")]
    )
    def test_puts_the_spelling_right(self, typed, kept):
        answer = zones.zone(typed)

        assert answer.value == kept
        assert answer.fixes


class TestRecordNumber:
    @pytest.mark.parametrize("typed", ["00123", "123", "A/12-3", "MRN 7"])
    def test_keeps_the_text_exactly(self, typed):
        assert record_numbers.record_number(typed) == record_numbers.Verdict(typed)

    @pytest.mark.parametrize(
        "typed", ["1.23E+11", "1,23e11", "123.0", "", " ", "a\nb", "a\0", "9" * 41]
    )
    def test_refuses_what_a_spreadsheet_has_changed_and_what_is_nothing(self, typed):
        with pytest.raises(Rejected):
            record_numbers.record_number(typed)

    def test_warns_of_full_width_signs(self):
        answer = record_numbers.record_number("＃12")

        assert answer.value == "＃12"
        assert answer.warnings

    @pytest.mark.parametrize("typed", [" 00123 ", "'00123", "00123\u200b"])
    def test_takes_off_what_stands_around_it(self, typed):
        answer = record_numbers.record_number(typed)

        assert answer.value == "00123"
        assert answer.fixes


class TestYesOrNo:
    @pytest.mark.parametrize("typed", ["Y", "yes", "1", "TRUE", "x", "ja", " Yes "])
    def test_yes(self, typed):
        assert facts.yes_or_no(typed).value is True

    @pytest.mark.parametrize("typed", ["N", "no", "0", "FALSE", "nein"])
    def test_no(self, typed):
        assert facts.yes_or_no(typed).value is False

    def test_an_empty_cell_is_neither(self):
        assert facts.yes_or_no("  ").value is None

    @pytest.mark.parametrize("typed", ["maybe", "2", "yes?", "asked", "y" * 1000])
    def test_other_words_are_not_guessed(self, typed):
        with pytest.raises(Rejected):
            facts.yes_or_no(typed)


class TestLevels:
    @pytest.mark.parametrize(
        ("typed", "kept"),
        [
            ("L4/5", "L4/5"),
            ("L5-S1; l4-l5", "L4/5, L5/S1"),
            ("L4/L5 and L5/S1", "L4/5, L5/S1"),
            ("C5/6", "C5/6"),
            ("C7/T1", "C7/T1"),
        ],
    )
    def test_are_written_one_way(self, typed, kept):
        assert facts.levels(typed).value == kept

    @pytest.mark.parametrize(
        "typed", ["L4", "L3/5", "L9/10", "X4/5", "L4/5 left", "S1/L5", "L4/5," * 60]
    )
    def test_that_do_not_exist_are_refused(self, typed):
        with pytest.raises(Rejected):
            facts.levels(typed)


class TestOfTheNeck:
    @pytest.mark.parametrize("region", ["cervical", "thoracic", "mixed", ""])
    def test_a_region_that_may_hold_some_of_it_passes(self, region):
        facts.of_the_neck(region)

    def test_the_lower_back_does_not(self):
        with pytest.raises(Rejected, match="neck"):
            facts.of_the_neck("lumbar")


class TestOneOf:
    def test_ignores_case_and_joining_signs(self):
        assert (
            facts.one_of("Disc Herniation", choices=["disc_herniation"]).value == "disc_herniation"
        )

    def test_knows_other_spellings(self):
        assert (
            facts.one_of("Neck", choices=["cervical"], also={"neck": "cervical"}).value
            == "cervical"
        )

    def test_lists_the_choices_in_the_hint(self):
        with pytest.raises(Rejected, match="left, right"):
            facts.one_of("middle", choices=["left", "right"])


class TestLanguage:
    @pytest.mark.parametrize(
        ("typed", "kept"), [("en", "en"), ("en-GB", "en"), ("English", "en"), ("العربية", "ar")]
    )
    def test_becomes_a_code(self, typed, kept):
        assert languages.language(typed).value == kept

    def test_without_messages_is_taken_with_a_warning(self):
        assert languages.language("pl", offered=["en", "es"]).warnings

    @pytest.mark.parametrize("typed", ["", "klingon", "xx", "1"])
    def test_that_does_not_exist_is_refused(self, typed):
        with pytest.raises(Rejected):
            languages.language(typed)


class TestHours:
    @pytest.mark.parametrize("typed", ["25:00", "24:00", "23:59:60", "9", "", "9am", "12:60"])
    def test_that_no_clock_shows_are_refused(self, typed):
        with pytest.raises(Rejected):
            hours.wall_time(typed)

    def test_are_read_from_the_wall(self):
        assert hours.wall_time("9:05").value == time(9, 5)

    def test_quiet_hours_that_start_when_they_end_are_refused(self):
        with pytest.raises(Rejected):
            hours.window(time(20), time(20))

    def test_a_sending_window_shorter_than_the_look_at_the_plan_is_refused(self):
        with pytest.raises(Rejected):
            hours.sending_window(time(9), time(9, 5), shortest=timedelta(minutes=15))

    def test_a_window_over_midnight_has_its_real_length(self):
        answer = hours.sending_window(time(23, 50), time(0, 10), shortest=timedelta(minutes=15))

        assert answer.value == (time(23, 50), time(0, 10))
