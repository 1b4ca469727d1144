"""The demo's phones and mailboxes, against a real stand-in."""

import itertools
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.urls import include, path, reverse

from clinic.models import DemoClock
from clinic.urls import urlpatterns as everywhere
from reminders.channels.email import EmailChannel
from reminders.demo.stand_in.account import Account
from reminders.demo.stand_in.stand_in import StandIn
from reminders.models import Meaning
from tests.channels.providers import SID, TOKEN, mail, text
from tests.factories import (
    NOON,
    ClinicFactory,
    DeliveryFactory,
    PatientFactory,
    ReplyFactory,
    StepFactory,
    SurgeryFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]
urlpatterns = [*everywhere, path("demo/", include("reminders.demo.pages"))]

ANA = "+447700900123"
ANAS_MAIL = "ana@example.com"
CLINIC = "+447700900999"
PHONES = "/demo/phones/"
ANAS_PHONE = f"/demo/phones/{ANA}/"


@pytest.fixture(autouse=True)
def demo(settings, stand_in, tmp_path):
    settings.STATIC_ROOT = tmp_path  # a folder that is not there is warned about, which fails
    settings.DEMO = True
    settings.STAND_IN_URL = stand_in.url
    with time_machine.travel(NOON):
        yield settings


@pytest.fixture
def stand_in(tmp_path, webhook):
    """A stand-in for which each message comes a minute after the one before, the first at NOON."""
    minutes = itertools.count()
    account = Account(sid=SID, token=TOKEN, public_url=webhook.url)

    def now():
        return NOON + timedelta(minutes=next(minutes))

    with StandIn(tmp_path / "stand-in", account=account, now=now) as stand_in:
        yield stand_in


@pytest.fixture
def ana():
    """A patient who was operated on ten days ago."""
    clinic = ClinicFactory(sms_sender=CLINIC)
    ana = PatientFactory(clinic=clinic, family_name="Moreno", mobile=ANA, email=ANAS_MAIL)
    SurgeryFactory(patient=ana, surgery_date=NOON.date() - timedelta(days=10))
    return ana


@pytest.fixture
def post(stand_in, settings):
    """Put a mail into the stand-in's mailbox."""
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", stand_in.smtp_port
    channel = EmailChannel("django.core.mail.backends.smtp.EmailBackend")
    yield channel.send
    channel.hang_up()


def asked(patient, *, queued_at=NOON, **step):
    """A question that went to the patient by text."""
    replies = [
        {"code": "1", "meaning": "no_new_problem", "action": "none"},
        {"code": "2", "meaning": "worry", "action": "staff_same_day"},
    ]
    return DeliveryFactory(
        reminder__surgery__patient=patient,
        reminder__status="dispatched",
        reminder__step=StepFactory(replies=replies, version__pathway__clinic=patient.clinic),
        status="delivered",
        queued_at=queued_at,
    )


class TestTheList:
    def test_names_everybody_with_messages_the_latest_first(self, client, ana, sms):
        sms.send(text(to=ANA))
        sms.send(text(to="+447700900124"))

        people = client.get(PHONES).context["people"]

        assert [(p.name, p.day, p.is_known) for p in people] == [
            ("+447700900124", "", False),
            ("Ana Moreno", "day 10", True),
        ]

    def test_counts_a_persons_texts_and_mails_in_one_line(self, client, ana, sms, post):
        sms.send(text(to=ANA))
        sms.send(text(to=ANA))
        post(mail(to=ANAS_MAIL))

        [person] = client.get(PHONES).context["people"]

        assert (person.key, person.texts, person.mails) == (ANA, 2, 1)
        assert person.last_text == "Your exercises today"

    @pytest.mark.parametrize(
        ("surgery_date", "day"),
        [
            (date(2026, 3, 2), "day 1"),
            (date(2026, 3, 3), "operation today"),
            (date(2026, 3, 4), "operation in 1 day"),
            (date(2026, 3, 6), "operation in 3 days"),
        ],
    )
    def test_says_where_in_the_recovery_they_are(self, client, sms, surgery_date, day):
        SurgeryFactory(patient__mobile=ANA, surgery_date=surgery_date)
        sms.send(text(to=ANA))

        [person] = client.get(PHONES).context["people"]

        assert person.day == day

    def test_invites_to_press_the_button_while_nothing_has_come(self, client):
        assert "No message has come yet." in client.get(PHONES).content.decode()

    def test_needs_no_more_queries_for_more_people(
        self, client, sms, django_assert_max_num_queries
    ):
        for number in range(6):
            SurgeryFactory(patient__mobile=f"+44770090010{number}")
            sms.send(text(to=f"+44770090010{number}"))
            sms.send(text(to=f"+44770090020{number}"))

        with django_assert_max_num_queries(16):
            assert len(client.get(PHONES).context["people"]) == 12


class TestAPhone:
    def test_shows_each_text_with_its_hour_and_that_it_arrived(self, client, ana, sms, webhook):
        sms.send(text(webhook, to=ANA, body="Take a short walk."))
        webhook.wait_for(3)

        page = client.get(ANAS_PHONE)

        [(day, [bubble])] = page.context["chosen"].days
        assert (day, bubble.at, bubble.news) == ("Tuesday 3 March", "12:00", "delivered")
        assert "Take a short walk." in page.content.decode()

    def test_shows_a_text_that_could_not_be_delivered_with_its_code(
        self, client, ana, sms, webhook, control
    ):
        control("POST", "mode", mode="undelivered")
        sms.send(text(webhook, to=ANA))
        webhook.wait_for(3)

        assert "Not delivered (30005)" in client.get(ANAS_PHONE).content.decode()

    def test_is_also_found_by_the_mail_address_of_its_owner(self, client, ana, sms):
        sms.send(text(to=ANA))

        assert client.get(f"/demo/phones/{ANAS_MAIL}/").context["chosen"].number == ANA

    @pytest.mark.parametrize("key", ["+447700900777", "nobody@example.com", "%00", "x"])
    def test_of_nobody_is_not_there(self, client, key):
        assert client.get(f"/demo/phones/{key}/").status_code == 404


class TestAMailbox:
    def test_opens_the_newest_mail_and_lists_the_others(self, client, ana, post):
        post(mail(to=ANAS_MAIL, subject="First"))
        post(mail(to=ANAS_MAIL, subject="Second"))

        mails = client.get(ANAS_PHONE).context["chosen"].mails

        assert [(m.message.subject, m.is_open) for m in mails] == [
            ("Second", True),
            ("First", False),
        ]
        assert mails[0].sender == "Hill Clinic"

    def test_opens_the_mail_that_was_chosen(self, client, ana, post):
        post(mail(to=ANAS_MAIL, subject="First"))
        post(mail(to=ANAS_MAIL, subject="Second"))
        [_, closed] = client.get(ANAS_PHONE).context["chosen"].mails

        page = client.get(ANAS_PHONE, {"mail": closed.message.id})

        assert page.context["chosen"].open_mail.message == closed.message

    def test_shows_the_letter_in_a_frame_in_which_no_script_runs(self, client, ana, post):
        post(mail(to=ANAS_MAIL, html='"><script>alert(1)</script>'))

        page = client.get(ANAS_PHONE)
        words = page.content.decode()

        assert 'sandbox="allow-same-origin"' in words
        assert 'srcdoc="&quot;&gt;&lt;script&gt;alert(1)' in words
        assert "<script>" not in words
        assert "script-src 'self';" in page["Content-Security-Policy"] + ";"
        assert "unsafe-inline" not in page["Content-Security-Policy"]


class TestAReply:
    def test_goes_from_the_patients_number_to_the_clinics_by_the_signed_webhook(
        self, client, ana, webhook
    ):
        answer = client.post(f"{ANAS_PHONE}reply/", {"body": " May I drive? ", "back": ANAS_PHONE})

        [call] = webhook.wait_for(1)
        assert call["signed"]
        said = call["params"]
        assert (said["From"], said["To"], said["Body"]) == (ANA, CLINIC, "May I drive?")
        assert answer["Location"] == ANAS_PHONE

    def test_goes_to_the_number_that_wrote_last(self, client, ana, sms, webhook):
        sms.send(text(to=ANA, sender="+447700900998"))

        client.post(f"{ANAS_PHONE}reply/", {"body": "1"})

        assert webhook.wait_for(1)[0]["params"]["To"] == "+447700900998"

    def test_is_not_sent_when_it_is_empty(self, client, ana, webhook):
        page = client.post(f"{ANAS_PHONE}reply/", {"body": "  ", "back": ANAS_PHONE}, follow=True)

        assert "Nothing was sent" in page.content.decode()
        assert webhook.calls == []

    def test_has_no_way_to_a_sender_that_is_a_name(self, client, ana, sms, webhook):
        sms.send(text(to=ANA, sender="HillClinic"))

        page = client.post(f"{ANAS_PHONE}reply/", {"body": "1", "back": ANAS_PHONE}, follow=True)

        assert "no number that takes texts" in page.content.decode()
        assert webhook.calls == []

    def test_says_so_when_the_product_refused_it(self, client, ana, webhook):
        webhook.status = 403

        page = client.post(f"{ANAS_PHONE}reply/", {"body": "1", "back": ANAS_PHONE}, follow=True)

        assert "The text was not taken" in page.content.decode()
        assert "answered 403" in page.content.decode()

    def test_never_leads_away_from_the_demo(self, client, ana):
        answer = client.post(
            f"{ANAS_PHONE}reply/", {"body": "1", "back": "https://elsewhere.example/"}
        )

        assert answer["Location"] == PHONES

    def test_is_only_sent_by_posting(self, client, ana, webhook):
        assert client.get(f"{ANAS_PHONE}reply/").status_code == 405
        assert webhook.calls == []


class TestReadyAnswers:
    def codes(self, client):
        return [(q.code, q.meaning) for q in client.get(ANAS_PHONE).context["chosen"].quick_replies]

    def test_are_those_of_the_open_question(self, client, ana):
        asked(ana)

        assert self.codes(client) == [("1", "No new problem"), ("2", "Something worries them")]

    def test_are_sent_by_their_code(self, client, ana, webhook):
        asked(ana)

        client.post(f"{ANAS_PHONE}reply/", {"quick": "2", "body": ""})

        assert webhook.wait_for(1)[0]["params"]["Body"] == "2"

    def test_go_once_the_question_is_answered(self, client, ana):
        ReplyFactory(by=ana, answer_to=asked(ana), meaning=Meaning.ANSWER, status="understood")

        assert self.codes(client) == []

    def test_go_when_the_question_is_too_old(self, client, ana):
        asked(ana, queued_at=NOON - timedelta(days=3, seconds=1))

        assert self.codes(client) == []


class TestNextMorning:
    def test_asks_the_workers_to_walk_and_shows_where_to(self, client, ana):
        page = client.post("/demo/next-morning/", {"back": PHONES}, follow=True)

        assert DemoClock.objects.get().walking_to == datetime(2026, 3, 4, 10, 15, tzinfo=UTC)
        assert "It is Tuesday 12:00, walking to Wednesday 10:15" in page.content.decode()

    def test_pressed_twice_is_one_morning(self, client, ana):
        client.post("/demo/next-morning/")
        client.post("/demo/next-morning/")

        assert DemoClock.objects.get().walking_to == datetime(2026, 3, 4, 10, 15, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("way", "day", "hour", "minute"),
        [("night", 3, 22, 40), ("minutes", 3, 12, 10), ("nonsense", 4, 10, 15)],
    )
    def test_can_be_less_far_away(self, client, ana, way, day, hour, minute):
        client.post("/demo/next-morning/", {"to": way})

        until = datetime(2026, 3, day, hour, minute, tzinfo=UTC)
        beyond = DemoClock.objects.get().walking_to - until
        assert timedelta(0) <= beyond < timedelta(minutes=1), "the clock of the demo goes on"

    def test_says_what_to_do_while_there_is_no_clinic(self, client):
        page = client.post("/demo/next-morning/", follow=True)

        assert "There is no clinic yet." in page.content.decode()

    def test_is_not_pressed_by_following_a_link(self, client, ana):
        assert client.get("/demo/next-morning/").status_code == 405
        assert not DemoClock.objects.exists()


class TestTheProvidersMood:
    def test_is_set_for_so_many_messages(self, client, control):
        client.post("/demo/mood/", {"mode": "unavailable", "times": "3"})

        assert control("GET", "mode")["now"]["sms"] == {"mode": "unavailable", "left": 3}

    def test_is_shown_until_it_is_over(self, client, control, sms):
        control("POST", "mode", mode="unavailable", times=1)
        before = client.get(PHONES).context["mood"]
        sms.send(text())

        assert not before.is_well
        assert client.get(PHONES).context["mood"].is_well

    def test_stays_as_it_was_when_nobody_knows_the_new_one(self, client):
        page = client.post("/demo/mood/", {"mode": "sulking"}, follow=True)

        assert "mood is as it was" in page.content.decode()
        assert page.context["mood"].is_well


class TestWithoutAStandIn:
    @pytest.fixture(autouse=True)
    def away(self, demo):
        demo.STAND_IN_URL = "http://127.0.0.1:9"  # nobody listens there

    def test_the_page_says_who_does_not_answer(self, client):
        page = client.get(PHONES)

        assert page.status_code == 503
        assert "does not answer at http://127.0.0.1:9" in page.content.decode()

    @pytest.mark.parametrize("address", [f"{ANAS_PHONE}reply/", "/demo/mood/"])
    def test_nothing_that_is_pressed_breaks(self, client, ana, address):
        answer = client.post(address, {"body": "1", "mode": "ok"})

        assert answer["Location"] == PHONES


class TestOutsideTheDemo:
    @pytest.mark.parametrize("address", [PHONES, ANAS_PHONE])
    def test_there_is_no_page_even_if_somebody_wires_it_in(self, client, ana, demo, address):
        demo.DEMO = False

        assert client.get(address).status_code == 404

    @pytest.mark.parametrize("name", ["next-morning", "mood"])
    def test_no_button_works_even_if_somebody_wires_it_in(self, client, ana, demo, name):
        demo.DEMO = False

        assert client.post(reverse(f"demo:{name}"), {"mode": "hang"}).status_code == 404
        assert not DemoClock.objects.exists()

    @pytest.mark.urls("clinic.urls")
    def test_the_pages_are_not_wired_in(self, client):
        assert client.get(PHONES).status_code == 404
