"""How a mail is made: the same words twice, numbers to tap, and nothing on a lock screen."""

import re
from html.parser import HTMLParser

import pytest
from django.template.loader import render_to_string

from reminders.flow.mails import Piece, Section, mail_of, pieces
from reminders.rules.service_texts import TEXTS
from tests.factories import ClinicFactory

CLINIC = ClinicFactory.build(key="harbour", booking_phone="020 7946 0109")
WALKING = Section("First walks", ("Walk a little.", "Questions? Call 020 7946 0100."))
WOUND = Section("Your wound", ("Keep it dry.",))
ENOUGH = 4.5  # WCAG 2.2, 1.4.3


def mail(*sections, language="en", clinic=CLINIC, url="http://testserver/u/abc/"):
    return mail_of(
        sections or [WALKING],
        subject="A message from Harbourside Care",
        clinic=clinic,
        language=language,
        unsubscribe_url=url,
    )


class Reader(HTMLParser):
    """What a person sees of a mail, the links that they can tap, and what would be fetched."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.words, self.links, self.fetched, self.opened = "", [], [], []
        self._hidden = 0
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.opened.append((tag, attributes))
        self._hidden += tag in ("style", "title") or attributes.get("class") == "preview"
        if tag == "a":
            self.links.append(attributes["href"])
        self.fetched += [attributes[name] for name in ("src", "background") if name in attributes]

    def handle_endtag(self, tag):
        self._hidden -= bool(self._hidden) and tag in ("style", "title", "div")

    def handle_data(self, data):
        if not self._hidden:
            self.words += data


def words_of(text):
    return set(re.findall(r"[^\W_]+", text))


@pytest.mark.parametrize("language", ["en", "es", "ar"])
@pytest.mark.parametrize("sections", [(WALKING,), (WALKING, WOUND)])
def test_the_html_and_the_plain_text_have_the_same_words(language, sections):
    made = mail(*sections, language=language)

    preview = TEXTS[language]["foot_preview"]
    link = "http://testserver/u/abc/"
    plain = made.text.replace(link, "").replace(preview, "")
    assert words_of(Reader(made.html).words) == words_of(plain)


def test_every_number_can_be_tapped_and_the_emergency_comes_first():
    links = Reader(mail().html).links

    assert [link for link in links if link.startswith("tel:")][-3:] == [
        "tel:999",
        "tel:+442079460101",
        "tel:+442079460100",
    ]
    assert links[0] == "tel:+442079460100"  # in the sentence that names it


def test_nothing_is_fetched_and_no_picture_carries_meaning():
    reader = Reader(mail().html)

    assert reader.fetched == []
    assert not [tag for tag, _ in reader.opened if tag in ("img", "link", "script", "iframe")]
    assert "url(" not in mail().html


@pytest.mark.parametrize(("language", "runs"), [("en", "ltr"), ("es", "ltr"), ("ar", "rtl")])
def test_language_and_direction_stand_where_a_mail_reader_keeps_them(language, runs):
    opened = Reader(mail(language=language).html).opened

    html = next(attributes for tag, attributes in opened if tag == "html")
    page = next(attributes for _, attributes in opened if attributes.get("class") == "page")
    assert (html["lang"], html["dir"]) == (page["lang"], page["dir"]) == (language, runs)


def test_the_line_under_the_subject_shows_our_preview_and_nothing_of_the_message():
    html = mail(Section("If the pain comes back", ("Call us.",))).html

    body = html[html.index("<body") :]
    seen = re.sub(r"<[^>]+>", "", body).replace("\n", "")[:200]
    assert seen.startswith("Open to read your message.")
    assert "pain" not in seen


def test_the_plain_text_opens_with_the_preview_and_the_numbers():
    text = mail(Section("If the pain comes back", ("Call us.",))).text

    assert text.index("Emergency: 999") < 100 < text.index("pain")


def test_a_mail_without_a_link_of_its_own_says_how_to_stop_all_the_same():
    made = mail(url="")

    assert "To stop these mails, call 020 7946 0100" in made.text
    assert "/u/" not in made.text + made.html


def test_a_name_with_markup_stays_a_name():
    clinic = ClinicFactory.build(name="<b>Harbour</b> & Sons")

    assert "&lt;b&gt;Harbour&lt;/b&gt; &amp; Sons" in mail(clinic=clinic).html
    assert "<b>Harbour</b> & Sons" in mail(clinic=clinic).text


class TestLinks:
    LINKS = {"999": "tel:999", "020 7946 0100": "tel:+442079460100"}

    def test_a_number_inside_a_longer_one_is_left_alone(self):
        assert pieces("Code 19990 or 999.", links=self.LINKS) == (
            Piece("Code 19990 or "),
            Piece("999", "tel:999"),
            Piece("."),
        )

    def test_our_own_address_can_be_tapped_and_no_other(self, settings):
        settings.PUBLIC_URL = "https://care.example.org"

        own, other = "https://care.example.org/c/x/", "https://care.example.org.evil.example/"

        assert [p.link for p in pieces(f"See {own}.", links={})] == ["", own, ""]
        assert [p.link for p in pieces(f"See {other}.", links={})] == [""]

    @pytest.mark.parametrize("text", ["", "999", "Call 999, then 020 7946 0100!", "https://x"])
    def test_no_word_is_added_or_lost(self, text):
        assert "".join(piece.text for piece in pieces(text, links=self.LINKS)) == text


# --- Contrast --------------------------------------------------------------------------------
GROUND = {
    "clinic": "card", "title": "card", "section": "card", "words": "card", "link": "card",
    "small": "card", "stop": "card", "call": "call", "first": "first",
}  # fmt: skip


def styles(css):
    """The colours of each class: {class: {property: colour}}."""
    found = {}
    for selectors, body in re.findall(r"([^{}]+)\{([^{}]*)\}", css):
        for name in re.findall(r"\.([\w-]+)", selectors):
            colours = dict(re.findall(r"([a-z-]+): (#[0-9a-f]{6})", body))
            found.setdefault(name, {}).update(colours)
    return found


def contrast(one, other):
    def luminance(colour):
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", sorted(GROUND))
def test_text_stands_out_from_its_ground_on_a_light_and_on_a_dark_screen(scheme, name):
    source = render_to_string("messages/email.html", {"sections": [], "numbers": []})
    light, dark = re.search(r"<style>(.*)@media[^{]*\{(.*)\}\s*</style>", source, re.S).groups()
    shown = styles(light)
    if scheme == "dark":
        for other, colours in styles(dark).items():
            shown.setdefault(other, {}).update(colours)

    text = shown[name].get("color") or shown["call"]["color"]
    ground = shown[GROUND[name]]["background-color"]

    assert contrast(text, ground) >= ENOUGH
