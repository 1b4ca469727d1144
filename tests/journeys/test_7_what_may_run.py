"""The panel does all it does under a policy that lets no page carry a script or a style of its own.

That no page complains, at the end of each journey, is in `browsers.watched`.
"""

import pytest
from playwright.sync_api import expect

from tests.journeys.ward import open_draft, open_screen


def shade(page):
    return page.locator("html").get_attribute("class") or ""


def test_a_script_that_got_into_a_page_does_not_run(browser, demo, nurse):
    context = browser.new_context(storage_state=nurse)  # not watched: it has to complain
    page = context.new_page()
    page.goto(demo)
    page.evaluate("""() => {
        document.body.insertAdjacentHTML("beforeend", '<img src=x onerror="window.ran = 1">');
        const script = document.createElement("script");
        script.textContent = "window.ran = 2";
        document.body.append(script);
        const button = document.createElement("button");
        button.setAttribute("onclick", "window.ran = 3");
        button.click();
    }""")
    page.wait_for_load_state("networkidle")

    assert page.evaluate("window.ran") is None
    context.close()


@pytest.mark.parametrize(("name", "says"), [("Dark", "dark"), ("Light", "light")])
def test_the_switch_for_dark_and_light_works_and_is_remembered(desk, name, says):
    desk.locator(".ac-user-button").click()
    desk.get_by_text(name, exact=True).click()
    assert shade(desk) == says

    desk.reload()
    expect(desk.locator("html")).to_have_class(says)


def test_the_menu_folds_and_stays_folded(desk):
    desk.get_by_role("button", name="Fold or unfold the menu").click()
    desk.reload()

    expect(desk.locator(".ac-side")).to_have_class("ac-side is-folded")


def test_filters_open_and_close_and_a_slash_goes_to_the_search(desk):
    open_screen(desk, "Patients")
    desk.get_by_text("Filters").first.click()
    expect(desk.get_by_text("By status")).to_be_visible()
    desk.keyboard.press("Escape")
    expect(desk.get_by_text("By status")).to_be_hidden()

    desk.keyboard.press("/")
    expect(desk.locator("#searchbar")).to_be_focused()


def test_an_operations_days_are_picked_and_its_patient_is_found(desk, demo):
    desk.goto(f"{demo}/staff/clinic/surgery/add/")
    desk.locator(".field-surgery_date .datetimeshortcuts a").last.click()
    desk.locator(".calendarbox:visible td a").first.click()
    expect(desk.locator("#id_surgery_date")).not_to_have_value("")

    desk.locator(".select2-selection").first.click()
    desk.locator(".select2-search__field").fill("Ibanez")
    desk.get_by_role("option", name="Rosa Ibanez").click()
    expect(desk.locator(".select2-selection").first).to_contain_text("Rosa Ibanez")


def test_a_row_is_added_to_a_form_and_goes_again(desk_of):
    desk = desk_of("surgeon")
    desk.get_by_role("link", name="Clinic", exact=True).click()
    add = desk.locator(".add-row a, a.add-row, .add-row").first
    expect(add).to_be_visible()
    row = desk.locator(".form-group:not(.empty-form)")
    before = row.count()
    add.click()

    expect(row).to_have_count(before + 1)


def test_a_mail_is_shown_in_its_own_style(desk):
    open_draft(desk, "Lumbar hemilaminectomy")
    desk.get_by_role("link", name="Start short walks").last.click()
    card = desk.frame_locator('iframe[data-part="light"]').first.locator(".card").first

    expect(card).to_have_css("border-radius", "8px")
