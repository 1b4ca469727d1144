import pytest

from reminders.rules.wording import (
    PLACEHOLDERS,
    WORST_CASE,
    EmptyPlaceholder,
    NothingToSay,
    UnknownPlaceholder,
    fill,
    placeholders,
)

# bad_inputs, section T: what an engine would have run or a format string would have filled.
LITERAL = [
    "{}",
    "{0}",
    "{clinic.secret.SECRET_KEY}",
    "{clinic:>99999999}",
    "{clinic!r}",
    "{clinic[0]}",
    "{{ p.secret.SECRET_KEY }}",
    "{{clinic}}",
    "{{clinic}",
    "{clinic}}",
    "{{ name",
    "{% include '/etc/passwd' %}",
    "{% load log %}",
    "{% debug %}",
    "<%= name %>",
    "%(clinic)s %s %d",
    "$clinic",
    "{clinic",
    "clinic}",
    "{ clinic }",
    "{clin ic}",
    "50 % off {",
]


@pytest.mark.parametrize("text", LITERAL)
def test_what_is_not_one_of_our_placeholders_stays_as_it_is(text):
    assert fill(text, values=WORST_CASE) == text


def test_every_placeholder_of_the_list_is_filled():
    text = " | ".join(f"{{{name}}}" for name in WORST_CASE)

    assert fill(text, values=WORST_CASE) == " | ".join(WORST_CASE.values())


def test_the_list_of_placeholders_is_closed():
    names = "clinic phone urgent emergency link booking lift_limit sit_limit fever date time"

    assert {*names.split(), "first_name"} == PLACEHOLDERS


@pytest.mark.parametrize("name", ["unknown", "Clinic", "clinic2", "__class__", "p_secret"])
def test_an_unknown_placeholder_is_named(name):
    with pytest.raises(UnknownPlaceholder) as refused:
        fill(f"Hello {{{name}}}", values={name: "a value"})

    assert refused.value.name == name


@pytest.mark.parametrize("values", [{}, {"phone": ""}, {"phone": " \n\t "}])
def test_a_placeholder_without_a_value_is_refused(values):
    with pytest.raises(EmptyPlaceholder, match="phone"):
        fill("Call {phone}", values=values)


@pytest.mark.parametrize("text", ["", "  ", "\n"])
def test_a_blank_text_is_refused(text):
    with pytest.raises(NothingToSay):
        fill(text, values=WORST_CASE)


@pytest.mark.parametrize(
    "name",
    ["{phone}", "{first_name}", "{0}", "{{clinic}}", "{% debug %}", r"\1 \g<0>", "O'Brien", "عمر"],
)
def test_a_value_is_never_read_as_a_text(name):
    assert fill("Hi {first_name}.", values={"first_name": name}) == f"Hi {name}."


def test_a_value_cannot_start_a_new_line():
    subject = fill("{clinic}: a note", values={"clinic": "Hill\r\nBcc: all@example.com"})

    assert subject == "Hill Bcc: all@example.com: a note"


def test_the_same_placeholder_may_come_twice():
    assert fill("{phone} or {phone}", values={"phone": "1"}) == "1 or 1"
    assert placeholders("{phone} or {phone} {odd}") == ["phone", "phone", "odd"]


def test_an_error_never_carries_a_value():
    with pytest.raises(EmptyPlaceholder) as refused:
        fill("{first_name} {phone}", values={"first_name": "Rosalind"})

    assert "Rosalind" not in str(refused.value)


@pytest.mark.parametrize("text", ["{" * 1_000_000, "{a" * 500_000, "}{" * 500_000])
def test_a_monstrous_text_is_read_once_from_end_to_end(text):
    assert fill(text, values=WORST_CASE) == text


class TestRightToLeft:
    MARK, OPENING = "\u200e", "\u200f"
    ISOLATE, END = "\u2066", "\u2069"
    VALUES = {
        "phone": "+44 7700 900 123",
        "emergency": "999",
        "link": "https://a.example/b",
        "clinic": "Harbourside Care",
        "first_name": "عمر",
    }

    def test_figures_in_groups_are_marked_so_that_they_keep_their_order(self):
        filled = fill("اتصل على {phone}.", values=self.VALUES)

        assert filled == f"اتصل على {self.MARK}+44 7700 900 123."

    @pytest.mark.parametrize("name", ["emergency", "link"])
    def test_what_keeps_its_order_by_itself_is_left_alone(self, name):
        assert fill(f"اتصل {{{name}}}", values=self.VALUES) == f"اتصل {self.VALUES[name]}"

    @pytest.mark.parametrize("isolate", [False, True])
    def test_a_text_from_left_to_right_gets_no_marks(self, isolate):
        filled = fill("Llame al {phone}, señora.", values=self.VALUES, isolate=isolate)

        assert filled == "Llame al +44 7700 900 123, señora."

    def test_a_text_that_begins_with_the_clinics_latin_name_still_runs_from_the_right(self):
        filled = fill("{clinic}: اتصل على {emergency}", values=self.VALUES)

        assert filled == f"{self.OPENING}Harbourside Care: اتصل على 999"

    def test_a_text_that_begins_with_its_own_letters_needs_no_opening(self):
        assert not fill("مرحبا {clinic}", values=self.VALUES).startswith(self.OPENING)

    def test_in_a_mail_each_value_is_kept_apart_from_the_text_around_it(self):
        filled = fill("{clinic}: اتصل على {phone}.", values=self.VALUES, isolate=True)

        assert filled == (
            f"{self.ISOLATE}Harbourside Care{self.END}: "
            f"اتصل على {self.ISOLATE}+44 7700 900 123{self.END}."
        )

    def test_nothing_is_put_behind_a_link_or_it_would_lead_elsewhere(self):
        filled = fill("افتح {link} اليوم", values=self.VALUES, isolate=True)

        assert filled == "افتح https://a.example/b اليوم"

    def test_a_name_that_runs_from_the_right_itself_is_left_alone(self):
        assert fill("{first_name}، اتصل", values=self.VALUES, isolate=True) == "عمر، اتصل"
