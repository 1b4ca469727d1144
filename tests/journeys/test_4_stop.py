"""STOP from a phone: one confirmation, then no more texts; mails go on, and START undoes it."""

from playwright.sync_api import expect

from tests.journeys.ward import (
    answer,
    choose_phone,
    mails,
    next_morning,
    open_patient,
    texts_from_clinic,
)


def test_stop_is_confirmed_once_and_mails_go_on_alone(desk, phones):
    choose_phone(phones, "Mei Tanaka")
    had = texts_from_clinic(phones).count()
    answer(phones, "STOP")
    expect(texts_from_clinic(phones)).to_have_count(had + 1)
    expect(texts_from_clinic(phones).last).to_contain_text("START")

    open_patient(desk, "Mei Tanaka")
    about_her = desk.get_by_role("complementary", name="About the patient")
    expect(about_her.get_by_text("In use")).to_have_count(1)  # the mails
    expect(about_her).to_contain_text("The patient stopped our texts")

    letters = mails(phones).count()
    _let_mornings_pass_until_a_mail_comes(phones, letters)
    assert mails(phones).count() > letters
    assert texts_from_clinic(phones).count() == had + 1


def _let_mornings_pass_until_a_mail_comes(phones, letters):
    for _ in range(3):
        next_morning(phones)
        if mails(phones).count() > letters:
            return


def test_start_undoes_it(desk, phones):
    choose_phone(phones, "Mei Tanaka")
    had = texts_from_clinic(phones).count()
    answer(phones, "START")

    expect(texts_from_clinic(phones)).to_have_count(had + 1)
    open_patient(desk, "Mei Tanaka")
    about_her = desk.get_by_role("complementary", name="About the patient")
    expect(about_her.get_by_text("In use")).to_have_count(2)
