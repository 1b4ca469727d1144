"""A second urgent text joins the alert that waits; whoever opens it sees that there were more."""

from datetime import timedelta

from django.urls import reverse

from reminders.flow.replies import read_replies
from reminders.models import Alert
from tests.factories import NOON, PatientFactory, ReplyFactory
from tests.staff.pages import words_of

SECOND = timedelta(seconds=1)


def written(patient, *texts):
    for place, text in enumerate(texts):
        ReplyFactory(by=patient, text=text, received_at=NOON - (60 - place) * SECOND)
    read_replies(now=NOON, limit=100)


def page_of(browser):
    alert = Alert.objects.get()
    return words_of(browser.get(reverse("admin:reminders_alert_change", args=[alert.pk])))


class TestTheAlert:
    def test_of_one_text_says_nothing_of_more(self, browser, own_clinic):
        written(PatientFactory(clinic=own_clinic), "I cannot pass water")

        assert "written" not in page_of(browser)

    def test_says_that_they_have_written_again_and_what(self, browser, own_clinic):
        written(PatientFactory(clinic=own_clinic), "I cannot pass water", "please hurry")

        page = page_of(browser)

        assert "They have written again since." in page
        assert "please hurry" in page

    def test_counts_a_storm_and_shows_the_last_of_it(self, browser, own_clinic):
        written(
            PatientFactory(clinic=own_clinic),
            *(f"I cannot pass water {place}" for place in range(40)),
        )

        page = page_of(browser)

        assert "They have written 39 more texts since. The last of them:" in page
        assert "water 39" in page
        assert "water 36" not in page

    def test_leaves_out_other_telephones_and_what_came_before(self, browser, own_clinic):
        patient = PatientFactory(clinic=own_clinic)
        written(patient, "hello, me first", "I cannot pass water")
        written(PatientFactory(clinic=own_clinic), "I saw the nurse yesterday")

        assert "written" not in page_of(browser)
