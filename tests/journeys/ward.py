"""What people do in the panel and on the phones page, in their own words."""

import re
import time
from datetime import datetime, timedelta

from playwright.sync_api import expect

MORNING_SECONDS = 150
HERE_SECONDS = 60
SECONDS_A_CODE = 30
LOOK_AGAIN_MS = 250
ON_ITS_WAY = re.compile("Waiting to be sent|Being sent now|no receipt yet")
_typed = {}  # by demo and user name


def log_in(page, demo, *, username="nurse"):
    page.goto(demo)
    page.get_by_label("User name").fill(username)
    page.get_by_label("Password").fill("demo-aftercare")
    page.get_by_role("button", name="Log in").click()
    give_code(page, demo, username=username)
    expect(page.get_by_role("heading", name="Whom to call first")).to_be_visible()


def give_code(page, demo, *, username):
    """Type the six digits of the demo's authenticator; digits that were used wait for the next.

    Used digits are not tried again: they count as wrong, and five of those have to wait.
    """
    give_up = time.monotonic() + 3 * SECONDS_A_CODE
    while (code := code_of(page, demo, username=username)) == _typed.get((demo, username)):
        assert time.monotonic() < give_up, "the authenticator shows the same digits all the time"
        page.wait_for_timeout(500)
    _typed[demo, username] = code
    page.get_by_label("Six digits").fill(code)
    page.get_by_role("button", name="Log in", exact=True).click()


def press_as_oneself(page, button, *, seen):
    """Press a button until this is seen; give the password where the panel asks who sits here.

    It asks once five minutes have passed since the log-in, as they may or may not have by now.
    """
    question = page.get_by_role("heading", name="Is it still you?")
    button.click()
    expect(question.or_(seen).first).to_be_visible()
    if question.is_visible():
        page.get_by_label("Or your password").fill("demo-aftercare")
        page.get_by_role("button", name="Go on").click()
        button.click()
    expect(seen).to_be_visible()


def code_of(page, demo, *, username):
    """The digits that the authenticator page shows for this log-in."""
    shown = page.request.get(f"{demo}/demo/authenticator/").text()
    return re.search(rf'data-code-of="{username}">(\d{{6}})<', shown)[1]


def open_screen(page, name):
    """Open a screen from the menu, which a telephone folds away."""
    menu = page.get_by_role("button", name="Menu", exact=True)
    if menu.is_visible():
        menu.click()
    page.get_by_role("navigation", name="Main menu").get_by_role("link", name=name).click()
    expect(page.get_by_role("heading", level=1, name=re.compile(name))).to_be_visible()


def open_patient(page, name):
    """Find a patient in the list and open the timeline."""
    open_screen(page, "Patients")
    given, _, family = name.partition(" ")
    page.get_by_role("link", name=f"{family}, {given}").click()
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()


def open_draft(page, title):
    """Open the draft of a pathway to write in; begin one from its newest version where none is."""
    open_screen(page, "Pathways")
    page.get_by_role("link", name=title).first.click()
    write = page.get_by_role("link", name="Write and check")
    workbench = write.or_(page.get_by_role("link", name="Workbench"))
    is_draft = write.is_visible()
    workbench.click()
    if not is_draft:
        page.get_by_role("button", name="Begin a draft from this version").click()
    expect(page.get_by_role("link", name="Add a message", exact=True)).to_be_visible()


def about(page):
    """What stands beside a timeline about its patient."""
    return page.get_by_role("complementary", name="About the patient")


def timeline(page):
    return page.get_by_role("region", name="Messages, replies and alerts")


def reload_until(page, wanted):
    """Look again until it is there: the workers need a moment for what has just come in."""
    give_up = time.monotonic() + HERE_SECONDS
    while not wanted.first.is_visible() and time.monotonic() < give_up:
        page.wait_for_timeout(LOOK_AGAIN_MS)  # leaves the workers the processor
        page.reload()
    expect(wanted.first).to_be_visible()


def settled_timeline(page):
    """The words of the timeline once no message of it waits for the provider or for a receipt."""
    give_up = time.monotonic() + HERE_SECONDS
    while found := ON_ITS_WAY.findall(said := timeline(page).inner_text()):
        assert time.monotonic() < give_up, f"still on its way: {found}"
        page.wait_for_timeout(LOOK_AGAIN_MS)
        page.reload()
    return said


def choose_phone(page, name):
    page.get_by_role("navigation", name="People").get_by_role("link", name=name).click()
    expect(page.get_by_role("heading", name=name, level=2)).to_be_visible()


def next_morning(page):
    """Press the button and wait until the demo's clock has got there."""
    walk_on(page, "Next morning", at_least=timedelta(hours=1))


def walk_on(page, button, *, at_least):
    """Press a button of the clock; wait until it stands that much later and walks no more.

    That it walks may be over before a page can show it; the hour it stands at afterwards stays.
    """
    before = clock_of(page)
    page.get_by_role("button", name=button).click()
    give_up = time.monotonic() + MORNING_SECONDS
    while clock_of(page) < before + at_least or page.get_by_text("walking to").is_visible():
        assert time.monotonic() < give_up, f"the clock did not get there: {button}"
        page.wait_for_timeout(LOOK_AGAIN_MS)


def clock_of(page):
    """The moment at which the demo's clock stands, as the page of phones shows it."""
    return datetime.fromisoformat(page.locator("#clock time").get_attribute("datetime"))


def texts_from_clinic(page):
    """The texts on the phone that is open, the newest last."""
    return page.locator("#texts .is-theirs")


def texts_from_patient(page):
    return page.locator("#texts .is-ours")


def mails(page):
    """The mails in the mailbox that is open, the newest first."""
    return page.locator("#mails [data-key]")


def answer(page, code):
    """Tap one of the ready answers, and see it on the phone."""
    before = texts_from_patient(page).count()
    page.locator("#quick").get_by_role("button", name=re.compile(f"^{code}\\b")).click()
    expect(texts_from_patient(page)).to_have_count(before + 1)


def write(page, words):
    """Type a text on the phone that is open, send it, and see it there."""
    page.get_by_label("Reply as").fill(words)
    page.get_by_role("button", name="Send the text").click()
    expect(texts_from_patient(page).filter(has_text=words)).to_be_visible()


def walk_until_asked(page, name):
    """Let mornings pass until this patient's phone offers answers to an open question."""
    choose_phone(page, name)
    asked = page.locator("#quick").get_by_role("button", name=re.compile("^2 "))
    for _ in range(3):
        if asked.is_visible():
            break
        next_morning(page)
    expect(asked).to_be_visible()


def upload(page, *, name, lines):
    """Choose a file of these lines on the import screen, and look at what would happen."""
    open_screen(page, "Import")
    content = "\n".join(lines).encode()
    file = {"name": name, "mimeType": "text/csv", "buffer": content}
    page.get_by_label("File", exact=True).set_input_files(files=[file])
    page.get_by_role("button", name="Look at the file").click()
    expect(page.get_by_role("table")).to_be_visible()


def link_in(page):
    """The newest link to the patient's own page on the phone that is open."""
    return re.findall(r"http://\S+/p/[\w-]+", page.locator("#texts").inner_text())[-1]


def open_own_page(page, link, *, born):
    """Follow a link and type the birth date, as `15 3 1948`."""
    page.goto(link)
    for name, number in zip(("Day", "Month", "Year"), born.split(), strict=True):
        page.get_by_label(name, exact=True).fill(number)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("link", name="I have a warning sign")).to_be_visible()
