"""Content that is not signed as it stands leaves by no side door either (promise P5).

Beside texts to patients: mails, carers, a question asked again, the other way when one is in
doubt, answers to replies, tests from the panel, its buttons, and the patient's own page.
"""

import pytest
import time_machine
from django.urls import reverse

from clinic.models import Channel, Role
from reminders.channels import channel
from reminders.channels.memory import MemoryChannel
from reminders.flow.deliver import deliver_batch
from reminders.flow.dispatch import claim_due
from reminders.flow.failure import send_over_other_channel
from reminders.flow.plan import plan_stale
from reminders.flow.replies import read_replies
from reminders.models import (
    Attempt,
    Category,
    Delivery,
    DeliveryStatus,
    PathwayVersion,
    PulledStep,
    Purpose,
    Reminder,
    StepText,
    VersionStatus,
)
from tests.factories import (
    NOON,
    CarerFactory,
    DeliveryFactory,
    PulledStepFactory,
    ReminderFactory,
    ReplyFactory,
    StaffFactory,
    StepFactory,
    SurgeryFactory,
)
from tests.patient_page.at_the_page import PAGES, open_page, patient_with_page

pytestmark = pytest.mark.django_db

MAILS = MemoryChannel("email")
UNSIGNED = "Run a marathon today."
ANSWERS = [{"code": "1", "meaning": "well", "action": "none"}]


def changed_words():
    """Words that nobody signed, in a version that still calls itself live."""
    StepText.objects.update(sms=UNSIGNED, subject=UNSIGNED, heading=UNSIGNED, email=UNSIGNED)


def a_draft_with_them():
    changed_words()
    PathwayVersion.objects.update(status=VersionStatus.DRAFT, live_from=None)


def an_approved_version_with_them():
    changed_words()
    PathwayVersion.objects.update(status=VersionStatus.APPROVED, live_from=None)


SPOILT = (changed_words, a_draft_with_them, an_approved_version_with_them)


@pytest.fixture(params=SPOILT)
def spoil(request):
    return request.param


@pytest.fixture(autouse=True)
def nothing_sent_yet(released):
    for door in (channel("sms"), MAILS):
        door.forget()


def send_everything():
    for door in (channel("sms"), MAILS):
        deliver_batch(door, now=lambda: NOON, limit=50)


def sent():
    return [message for door in (channel("sms"), MAILS) for message in door.sent]


def a_mail():
    return DeliveryFactory(channel=Channel.EMAIL)


def _to_a_carer(way):
    carer = CarerFactory()
    return DeliveryFactory(
        reminder__surgery__patient=carer.patient, reminder__carer=carer, carer=carer, channel=way
    )


def a_carers_text():
    return _to_a_carer(Channel.SMS)


def a_carers_mail():
    return _to_a_carer(Channel.EMAIL)


def a_question_asked_again():
    return DeliveryFactory(
        purpose=Purpose.AGAIN,
        reminder__step__category=Category.CHECK_IN,
        reminder__step__replies=ANSWERS,
    )


def the_other_way_in_doubt():
    delivery = DeliveryFactory(
        status=DeliveryStatus.UNKNOWN,
        reminder__is_high_priority=True,
        reminder__step__channels=["sms", "email"],
    )
    assert send_over_other_channel(delivery, now=NOON)
    return delivery


WAYS = (a_mail, a_carers_text, a_carers_mail, a_question_asked_again, the_other_way_in_doubt)


@pytest.mark.parametrize("way", WAYS)
def test_signed_content_goes_this_way(way):
    way()

    send_everything()

    assert len(sent()) == 1


@pytest.mark.parametrize("way", WAYS)
def test_unsigned_content_does_not(way, spoil):
    way()
    spoil()

    send_everything()

    assert sent() == []
    assert not Attempt.objects.exists()


@pytest.mark.parametrize("text", ["1", "STOP", "HELP", "I have a question"])
def test_an_answer_to_a_reply_has_the_services_own_words_only(text, spoil):
    question = DeliveryFactory(
        status=DeliveryStatus.DELIVERED, queued_at=NOON, reminder__step__replies=ANSWERS
    )
    spoil()
    ReplyFactory(by=question.patient, text=text, received_at=NOON)

    read_replies(now=NOON, limit=10)
    send_everything()

    assert not [message for message in sent() if UNSIGNED in message.body + message.html]


class TestATestFromThePanel:
    """Drafts are tried out on one's own telephone; nobody else gets them, whoever asks."""

    @pytest.fixture
    def step(self):
        return StepFactory()

    def press(self, client, step, *, phone, settings, tmp_path):
        settings.STATIC_ROOT = tmp_path
        clinic = step.version.pathway.clinic
        client.force_login(StaffFactory(clinic=clinic, role=Role.NURSE, phone=phone))
        page = reverse("admin:reminders_content_try", args=[step.version_id, step.key])
        client.post(page, {"language": "en", "channel": "sms"})

    def test_reaches_ones_own_telephone_and_says_what_it_is(
        self, client, step, settings, tmp_path, spoil
    ):
        spoil()

        self.press(client, step, phone="+447700900555", settings=settings, tmp_path=tmp_path)

        [message] = sent()
        assert (message.to, message.body[:5]) == ("+447700900555", "TEST.")
        assert not Delivery.objects.exists()

    @pytest.mark.parametrize("whose", ["patient", "carer"])
    def test_reaches_no_telephone_of_a_patient_or_carer(
        self, whose, client, step, settings, tmp_path
    ):
        patient = SurgeryFactory(patient__clinic=step.version.pathway.clinic).patient
        person = patient if whose == "patient" else CarerFactory(patient=patient)

        self.press(client, step, phone=person.mobile, settings=settings, tmp_path=tmp_path)

        assert sent() == []


def test_restoring_a_pulled_message_sends_none_of_it(client, settings, tmp_path, spoil):
    settings.STATIC_ROOT = tmp_path
    reminder = ReminderFactory()
    clinic, step = reminder.surgery.patient.clinic, reminder.step
    PulledStepFactory(clinic=clinic, step_key=step.key)
    spoil()
    client.force_login(StaffFactory(clinic=clinic, role=Role.NURSE))

    client.post(
        reverse("admin:reminders_content_pull", args=[step.version_id, step.key]),
        {"do": "restore"},
    )
    plan_stale(now=NOON, limit=10)
    claim_due(now=NOON, limit=10)
    send_everything()

    assert not PulledStep.objects.filter(restored_at=None).exists()
    assert sent() == []


@pytest.mark.parametrize("do", ["go-live", "sign", "submit", "retire", "send-back"])
def test_no_button_of_the_panel_sends_it(do, client, settings, tmp_path, spoil):
    settings.STATIC_ROOT = tmp_path
    reminder = ReminderFactory()
    version = reminder.step.version
    spoil()
    client.force_login(StaffFactory(clinic=version.pathway.clinic, role=Role.SURGEON))

    client.post(reverse("admin:reminders_pathwayversion_do", args=[version.pk, do]))
    plan_stale(now=NOON, limit=10)
    claim_due(now=NOON, limit=10)
    send_everything()

    assert sent() == []


@pytest.mark.parametrize("address", [*PAGES, "/c/{key}/"])
def test_no_page_of_the_patient_shows_it(address, client, settings, tmp_path, spoil):
    settings.STATIC_ROOT = tmp_path
    patient = patient_with_page()
    step = StepFactory(
        key="d1_warning_signs", category=Category.WARNING_SIGNS,
        version__pathway__clinic=patient.clinic,
    )  # fmt: skip
    ReminderFactory(surgery=SurgeryFactory(patient=patient), step=step, due_at=NOON)
    spoil()
    with time_machine.travel(NOON, tick=False):
        open_page(client, patient)

        page = client.get(address.format(key=patient.clinic.key))

    assert page.status_code == 200
    assert UNSIGNED not in page.content.decode()
    assert Reminder.objects.exists()
