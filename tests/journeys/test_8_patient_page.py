"""A patient's own page on a telephone, from the text that brings the link to the paper to print."""

import contextlib
import re

import pytest
from playwright.sync_api import expect

from tests.journeys.browsers import watched
from tests.journeys.page_of_a_patient import (
    BORN,
    PAGES,
    name_date,
    open_own_page,
    said_by_axe,
    send_link,
)
from tests.journeys.ward import open_patient, settled_timeline, timeline

ROSA, HENRY, GWEN = BORN
MAILS_READ = 6
TELEPHONE = {"width": 375, "height": 740}
# 320 px is also what 400 % of a desk is, and 640 px is its 200 %.
LOOKS = {
    "320 px": (320, "en"),
    "320 px in Arabic": (320, "ar"),
    "375 px": (375, "en"),
    "200 percent in Spanish": (640, "es"),
    "desk": (1280, "en"),
    "desk in Arabic": (1280, "ar"),
}


@pytest.fixture(scope="module")
def link(demo, browser, kept_by):
    """The link to Rosa's page, as the nurse has just sent it."""
    with (
        watched(
            browser,
            demo=demo,
            viewport={"width": 1280, "height": 900},
            storage_state=kept_by("nurse"),
        ) as desk,
        watched(browser, demo=demo, viewport={"width": 1280, "height": 900}) as phones,
    ):
        desk.goto(demo)
        phones.goto(f"{demo}/demo/phones/")
        return send_link(desk, phones, ROSA)


@pytest.fixture
def telephone(demo, browser):
    """A telephone without JavaScript."""
    with watched(browser, demo=demo, viewport=TELEPHONE, java_script_enabled=False) as page:
        yield page


@contextlib.contextmanager
def looked_at(browser, *, demo, width):
    """A page that axe may be put into; answers that say no are errors in its console."""
    context = browser.new_context(
        viewport={"width": width, "height": 800}, locale="en-GB", bypass_csp=True
    )
    try:
        yield context.new_page()
    finally:
        context.close()


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


class TestTheWayIn:
    def test_is_a_birth_date_and_it_works_without_javascript(self, telephone, link):
        telephone.goto(link)
        expect(telephone.get_by_role("heading", level=1)).to_have_text("When were you born?")
        expect(telephone.get_by_text("Rosa")).to_have_count(0)

        name_date(telephone, 1, 1, 1990)
        expect(telephone.get_by_role("alert")).to_contain_text("You can try 4 more times")
        name_date(telephone, *BORN[ROSA])

        expect(telephone.get_by_role("heading", level=1)).to_contain_text("You are on day")
        assert link.rpartition("/")[2] not in telephone.url

    def test_opens_nothing_of_anybody_else(self, telephone, link):
        telephone.goto(link)
        name_date(telephone, *BORN[HENRY])

        expect(telephone.get_by_role("alert")).to_be_visible()

    def test_is_closed_again_with_one_button(self, telephone, link):
        open_own_page(telephone, link, ROSA)
        telephone.get_by_role("button", name="Close my page").click()
        expect(telephone.get_by_role("heading", level=1)).to_have_text("Your page is closed now")


class TestWhatStandsThere:
    def test_the_warning_sign_comes_first_and_the_number_dials(self, telephone, link):
        open_own_page(telephone, link, ROSA)

        first = telephone.locator("a[href^='tel:']").first
        expect(first).to_have_attribute("href", "tel:999")
        expect(telephone.get_by_role("main").get_by_role("link").first).to_have_text(
            "I have a warning sign"
        )

    def test_what_is_allowed_and_what_is_not_yet_with_its_day(self, telephone, link):
        open_own_page(telephone, link, ROSA)

        allowed = telephone.get_by_role("region", name="What you may do now")
        held = telephone.get_by_role("region", name="Not yet")
        expect(allowed).to_contain_text("Stairs")
        expect(held).to_contain_text("Driving")
        expect(held).to_contain_text(re.compile(r"From \w+day \d+ \w+"))
        telephone.get_by_text("Later", exact=True).click()
        expect(held.get_by_text("Running", exact=True)).to_be_visible()

    def test_the_messages_that_came_and_those_that_will(self, telephone, link):
        open_own_page(telephone, link, ROSA)
        telephone.get_by_role("navigation", name="Your pages").get_by_role(
            "link", name="Messages"
        ).click()

        expect(telephone.get_by_role("region", name="Sent to you")).to_contain_text("Harbourside")
        expect(telephone.get_by_role("region", name="Coming messages")).to_be_visible()


class TestAWarningSign:
    def test_is_told_and_the_nurse_has_it_on_the_timeline(self, telephone, link, desk):
        open_own_page(telephone, link, ROSA)
        telephone.get_by_role("link", name="I have a warning sign").click()
        telephone.get_by_label("You feel numb between your legs.").check()
        telephone.get_by_label("Or say it in your own words").fill("Since this evening")
        telephone.get_by_role("button", name="Tell the clinic").click()

        expect(telephone.get_by_role("heading", level=1)).to_have_text(
            "Your clinic has your report"
        )
        expect(telephone.get_by_role("main")).to_contain_text("Since this evening")
        expect(telephone.get_by_role("main").locator("a[href='tel:999']")).to_be_visible()
        open_patient(desk, ROSA)
        expect(timeline(desk)).to_contain_text("A warning sign, reported on the patient's page")
        expect(timeline(desk)).to_contain_text("numb between your legs")


class TestChoices:
    def test_texts_stop_mails_stay_and_the_stop_can_be_taken_back(self, telephone, desk, phones):
        link = send_link(desk, phones, HENRY)
        open_own_page(telephone, link, HENRY)
        telephone.get_by_role("link", name="Your choices").click()
        telephone.get_by_role("button", name="Stop texts").click()
        expect(telephone.get_by_role("alert")).to_contain_text("We send you no more texts.")
        expect(telephone.get_by_text("Emails are on.")).to_be_visible()

        open_patient(desk, HENRY)
        about = desk.get_by_role("complementary", name="About the patient")
        expect(about).to_contain_text("The patient stopped our texts")

        telephone.get_by_role("button", name="Start texts again").click()
        expect(telephone.get_by_role("alert")).to_contain_text("You get our texts again.")

    def test_arabic_turns_the_page_around(self, telephone, link):
        open_own_page(telephone, link, ROSA, language="ar")

        expect(telephone.locator("html")).to_have_attribute("dir", "rtl")
        expect(telephone.get_by_role("heading", level=1)).to_contain_text("أنت في اليوم")


class TestTheKeyboard:
    def test_alone_reports_a_warning_sign(self, demo, browser, link):
        with watched(browser, demo=demo, viewport=TELEPHONE) as page:
            open_own_page(page, link, ROSA)
            page.keyboard.press("Tab")
            expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
            page.keyboard.press("Enter")
            page.keyboard.press("Tab")
            expect(page.get_by_role("link", name="I have a warning sign")).to_be_focused()
            page.keyboard.press("Enter")
            expect(page.get_by_role("heading", level=1)).to_have_text("Warning signs")

            _tab_to(page, page.get_by_label("You feel numb between your legs."))
            page.keyboard.press("Space")
            expect(page.get_by_label("You feel numb between your legs.")).to_be_checked()
            _tab_to(page, page.get_by_role("button", name="Tell the clinic"))
            page.keyboard.press("Enter")

            expect(page.get_by_role("heading", level=1)).to_have_text("Your clinic has your report")


def _tab_to(page, wanted):
    for _ in range(40):
        if wanted.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError("the keyboard does not get there")


@pytest.mark.parametrize(("width", "language"), LOOKS.values(), ids=LOOKS)
def test_axe_finds_nothing_and_every_page_fits(demo, browser, link, width, language):
    with looked_at(browser, demo=demo, width=width) as page:
        page.goto(f"{link}?lang={language}")
        found = {"birth date": said_by_axe(page)}
        with page.expect_navigation():
            page.locator("main form button").click()
        found["birth date missing"] = said_by_axe(page)
        name_date(page, *BORN[ROSA])
        for name, path in PAGES.items():
            page.goto(f"{demo}{path}?lang={language}")
            found[name] = said_by_axe(page)
            assert fits(page), f"{name} is wider than the window"
        page.goto(f"{demo}/my/choices/?lang={language}&said=stopped_sms")
        found["choice made"] = said_by_axe(page)
        with page.expect_navigation():
            page.locator("form:has([name=words]) button").click()
        found["request empty"] = said_by_axe(page)

    assert {name: said for name, said in found.items() if said} == {}


def test_axe_finds_nothing_where_the_page_says_no(demo, browser):
    with looked_at(browser, demo=demo, width=375) as page:
        found = {}
        for name, path in {"dead": f"/p/{'A' * 22}", "closed": "/my/", "stop": "/u/x/"}.items():
            page.goto(f"{demo}{path}")
            found[name] = said_by_axe(page)

    assert {name: said for name, said in found.items() if said} == {}


def hrefs(links):
    return links.evaluate_all("all => all.map(one => one.href)")


def links_of_mails(phones):
    """Every link of the newest mails in the mailbox that is open."""
    found = []
    for address in hrefs(phones.locator("#mails a.mail"))[:MAILS_READ]:
        phones.goto(address)
        found += hrefs(phones.frame_locator("iframe.letter-body").locator("a"))
        found += hrefs(phones.locator("#letter .plain a"))
    return found


def test_a_mail_scanner_opens_and_posts_every_link_and_nothing_comes_of_it(
    demo, browser, desk, phones
):
    link = send_link(desk, phones, GWEN)
    open_patient(desk, GWEN)
    before = settled_timeline(desk)
    texts = hrefs(phones.locator("#texts a"))
    ours = sorted({one for one in [*texts, *links_of_mails(phones)] if re.search("/[pu]/", one)})

    assert link in ours
    assert any("/u/" in one for one in ours), "no mail has a link to stop it"
    context = browser.new_context()
    for one in ours:
        context.request.get(one)
        context.request.post(one, form={"day": "", "month": "", "year": ""})
        context.request.post(one)
    context.close()

    desk.reload()
    assert settled_timeline(desk) == before
    with watched(browser, demo=demo, viewport=TELEPHONE) as telephone:
        open_own_page(telephone, link, GWEN)


def test_a_page_is_light(demo, browser, link):
    with watched(browser, demo=demo, viewport=TELEPHONE) as page:
        sizes = []
        page.on("response", lambda answer: sizes.append(answer.request.sizes()["responseBodySize"]))
        open_own_page(page, link, ROSA)
        page.wait_for_load_state("networkidle")

    assert sum(sizes) < 150_000
