"""/u/<token>/: mails stop with one click, and by nothing less."""

from datetime import timedelta

import pytest
from django.apps import apps

from clinic.models import CarerConsent, Channel, Consent, ConsentSource
from reminders.flow.reach import consents_for
from reminders.models import (
    Alert,
    AlertKind,
    Delivery,
    DeliveryReason,
    DeliveryStatus,
    LinkPurpose,
)
from reminders.models.patient_link import new_link
from tests.factories import ENROLLED_AT, NOON, CarerFactory, ConsentFactory, PatientFactory

pytestmark = pytest.mark.django_db

ONE_CLICK = {"List-Unsubscribe": "One-Click"}
YEARS = timedelta(days=365 * 20)  # whatever the clock of the machine says


@pytest.fixture(autouse=True)
def _collected_files(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path


@pytest.fixture
def ana():
    return PatientFactory()


def address(patient, **changes):
    usual = {"purpose": LinkPurpose.UNSUBSCRIBE, "now": NOON, "lasts": YEARS}
    link, token = new_link(patient, **{**usual, **changes})
    link.save()
    return f"/u/{token}/"


def everything():
    """Every row of every table of ours, as it stands."""
    ours = [m for m in apps.get_models() if m._meta.app_label in ("clinic", "reminders")]
    return {m._meta.label: sorted(map(str, m.objects.values_list())) for m in ours}


def refusal(person, channel):
    return consents_for([person]).refusal(person, channel)


class TestOneClick:
    def test_stops_email_for_that_patient_and_nothing_else(self, client, ana):
        other = PatientFactory(clinic=ana.clinic, email=ana.email)

        answer = client.post(address(ana), ONE_CLICK)

        assert answer.status_code == 200
        assert refusal(ana, Channel.EMAIL) == DeliveryReason.OPTED_OUT
        assert refusal(ana, Channel.SMS) == ""
        assert refusal(other, Channel.EMAIL) == ""
        consent = Consent.objects.get(given=False)
        assert (consent.source, consent.patient) == (ConsentSource.LINK, ana)

    def test_staff_hear_of_it_as_of_a_stop(self, client, ana):
        client.post(address(ana), ONE_CLICK)

        alert = Alert.objects.get()
        assert (alert.kind, alert.patient) == (AlertKind.OPTED_OUT, ana)
        assert alert.summary == "The patient stopped our emails"

    def test_twice_is_once_also_by_the_link_of_another_mail(self, client, ana):
        first, second = address(ana), address(ana)

        for url in (first, first, second):
            assert client.post(url, ONE_CLICK).status_code == 200

        assert Consent.objects.filter(given=False).count() == 1
        assert Alert.objects.count() == 1

    def test_counts_again_once_the_patient_has_said_yes_again(self, client, ana):
        url = address(ana)
        client.post(url, ONE_CLICK)
        Consent.objects.filter(given=False).update(at=ENROLLED_AT - timedelta(days=1))
        ConsentFactory(patient=ana, channel=Channel.EMAIL)

        client.post(url, ONE_CLICK)

        assert refusal(ana, Channel.EMAIL) == DeliveryReason.OPTED_OUT
        assert Alert.objects.count() == 2

    def test_needs_no_cookie_and_sets_none(self, ana):
        from django.test import Client

        strict = Client(enforce_csrf_checks=True)

        answer = strict.post(address(ana), ONE_CLICK)

        assert refusal(ana, Channel.EMAIL) == DeliveryReason.OPTED_OUT
        assert not answer.cookies

    def test_a_carers_link_stops_the_carers_mails_alone(self, client, ana):
        carer = CarerFactory(patient=ana)

        client.post(address(ana, carer=carer), ONE_CLICK)

        assert refusal(carer, Channel.EMAIL) == DeliveryReason.OPTED_OUT
        assert refusal(carer, Channel.SMS) == ""
        assert refusal(ana, Channel.EMAIL) == ""
        assert CarerConsent.objects.get(given=False).source == ConsentSource.LINK
        assert Alert.objects.get().summary == f"The carer, {carer}, stopped our emails"


class TestNothingLess:
    @pytest.mark.parametrize("method", ["get", "head", "options", "put", "delete"])
    def test_a_scanner_that_follows_the_link_changes_no_row(self, client, ana, method):
        url = address(ana)
        before = everything()

        getattr(client, method)(url)

        assert everything() == before

    @pytest.mark.parametrize("body", [{}, {"List-Unsubscribe": ""}, {"list-unsubscribe": "yes"}])
    def test_a_scanner_that_posts_to_every_link_changes_no_row(self, client, ana, body):
        url = address(ana)
        before = everything()

        client.post(url, body)

        assert everything() == before

    @pytest.mark.parametrize("purpose", [LinkPurpose.PAGE, LinkPurpose.CALENDAR])
    def test_a_link_for_something_else_stops_nothing(self, client, ana, purpose):
        url = address(ana, purpose=purpose)
        before = everything()

        client.post(url, ONE_CLICK)

        assert everything() == before

    @pytest.mark.parametrize("change", ["revoked", "expired", "unknown"])
    def test_an_answer_tells_nobody_whether_a_link_is_known(self, client, ana, change):
        good = client.post(address(ana), ONE_CLICK)
        url = address(ana, lasts=timedelta(days=1) if change == "expired" else YEARS)
        if change == "revoked":
            ana.links.update(revoked_at=NOON)
        if change == "unknown":
            url = "/u/AAAAAAAAAAAAAAAAAAAAAA/"
        before = everything()

        bad = client.post(url, ONE_CLICK)

        assert (bad.status_code, bad.content) == (good.status_code, good.content)
        assert everything() == before
        assert client.get(url).content == client.get(address(ana)).content

    def test_the_page_names_nobody_and_is_kept_nowhere(self, client, ana):
        page = client.get(address(ana))

        assert ana.email.encode() not in page.content
        assert ana.given_name.encode() not in page.content
        assert page["Cache-Control"] == "no-store, private"
        assert page["Referrer-Policy"] == "strict-origin"  # the host alone, never the token

    @pytest.mark.parametrize(("asked", "title"), [("es", "No recibir más correos"), ("xx", "Stop")])
    def test_speaks_the_language_of_the_browser(self, client, ana, asked, title):
        page = client.get(address(ana), headers={"Accept-Language": f"{asked},en;q=0.5"})

        assert title in page.content.decode()


class TestAfterwards:
    def test_a_mail_that_waited_goes_by_text_where_it_matters(self, client, ana):
        from reminders.channels.memory import MemoryChannel
        from reminders.flow.deliver import deliver_batch
        from reminders.models import ReminderStatus
        from tests.factories import DeliveryFactory, ReminderFactory, SurgeryFactory

        reminder = ReminderFactory(
            surgery=SurgeryFactory(patient=ana, planned_revision=1),
            step__is_high_priority=True,
            status=ReminderStatus.DISPATCHED,
            not_after=NOON + timedelta(days=1),
        )
        mail = DeliveryFactory(reminder=reminder, channel=Channel.EMAIL)
        client.post(address(ana), ONE_CLICK)

        deliver_batch(MemoryChannel("email"), now=lambda: NOON, limit=8)

        mail.refresh_from_db()
        text = Delivery.objects.get(channel=Channel.SMS)
        assert (mail.status, mail.failure_reason) == (DeliveryStatus.SKIPPED, "opted_out")
        assert (text.reminder, text.status) == (reminder, DeliveryStatus.QUEUED)
