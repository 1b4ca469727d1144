"""A mail scanner opens and posts every link of what we send, and not one row changes. (H33)"""

import html
import re

import pytest
from django.conf import settings
from django.test import Client

from clinic.models import Channel
from reminders.channels.memory import MemoryChannel
from reminders.flow.deliver import deliver_queued
from reminders.flow.patient_links import send_new_link
from tests.factories import NOON, DeliveryFactory, StepTextFactory
from tests.patient_page.at_the_page import BORN, every_row, patient_with_page

pytestmark = pytest.mark.django_db

WORDS = "{clinic}: your page is {link} Questions? Call {phone}."
# What a scanner may put into a form, beside leaving it empty.
FILLINGS = ({}, {"day": "", "month": "", "year": ""}, {"day": "x", "month": "x", "year": "x"})


@pytest.fixture
def messages(released):
    """A reminder by text and by mail, and a new link, as they went out."""
    patient = patient_with_page()
    for channel in Channel:
        delivery = DeliveryFactory(
            reminder__surgery__patient=patient, reminder__step__texts=(), channel=channel
        )
        StepTextFactory(step=delivery.reminder.step, sms=WORDS, email=WORDS)
    send_new_link(patient, now=NOON)
    doors = [MemoryChannel(channel) for channel in Channel.values]
    for door in doors:
        deliver_queued(door, now=lambda: NOON, stop_at=float("inf"))
    return [message for door in doors for message in door.sent]


def links_in(message):
    """Every address of ours in a message: in its words, its mark-up and its headers."""
    everything = [message.body, message.html, *message.headers.values()]
    found = re.findall(r"https?://[^\s\"'<>]+", html.unescape(" ".join(everything)))
    ours = [url.rstrip(".,;)") for url in found if url.startswith(settings.PUBLIC_URL)]
    return sorted({url.removeprefix(settings.PUBLIC_URL) for url in ours})


def scan(path):
    """Open a link and post to it, with and without the cookies and the proof of its form."""
    for scanner in (Client(), Client(enforce_csrf_checks=True)):
        page = scanner.get(path, follow=True)
        scanner.head(path)
        scanner.options(path)
        proof = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.content.decode())
        hidden = {"csrfmiddlewaretoken": proof[1]} if proof else {}
        for filling in FILLINGS:
            scanner.post(path, {**hidden, **filling})


def test_every_message_has_links_to_scan(messages):
    found = [links_in(message) for message in messages]

    assert len(messages) == 3
    assert all(any(link.startswith("/p/") for link in links) for links in found)
    assert any(link.startswith("/u/") for links in found for link in links)


def test_scanning_all_of_them_changes_no_row(messages):
    before = every_row()

    for message in messages:
        for link in links_in(message):
            scan(link)

    assert every_row() == before


def test_afterwards_the_patient_opens_the_page_as_if_nothing_had_been(messages):
    for message in messages:
        for link in links_in(message):
            scan(link)

    [page] = [link for link in links_in(messages[0]) if link.startswith("/p/")]
    typed = {"day": str(BORN.day), "month": str(BORN.month), "year": str(BORN.year)}
    assert Client().post(page, typed).status_code == 302
