"""A flood of texts: plain ones are read together, and each comes to what it comes to alone."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reminders.flow.replies import READ_AT_ONCE, read_replies
from reminders.models import Alert, Delivery, Meaning, Purpose, Reply, ReplyStatus, Tier
from tests.factories import (
    NOON,
    CarerFactory,
    ClinicFactory,
    DeliveryFactory,
    PatientFactory,
    ReplyFactory,
)

SECOND = timedelta(seconds=1)
SCALE = [{"code": "1", "meaning": "all well", "action": "none"}]
UNREADABLE = [{"meaning": "a question whose answers have no code"}]

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinic():
    return ClinicFactory()


def writes(clinic, *texts, questions=(), **also):
    """A patient writes these, a second apart; returns the replies, which nobody has read."""
    patient = PatientFactory(clinic=clinic, **also)
    for replies in questions:
        DeliveryFactory(
            reminder__surgery__patient=patient,
            reminder__step__replies=replies,
            queued_at=NOON - SECOND,
            status="delivered",
        )
    return [
        ReplyFactory(by=patient, text=text, received_at=NOON + place * SECOND)
        for place, text in enumerate(texts)
    ]


def read(*, limit=100):
    with CaptureQueriesContext(connection) as queries:
        read_replies(now=NOON + 10 * SECOND, limit=limit)
    return len(queries)


def verdict(reply):
    reply.refresh_from_db()
    return reply.meaning, reply.status


def answered():
    return set(Delivery.objects.filter(purpose=Purpose.ANSWER).values_list("reply", flat=True))


class TestTheCost:
    @staticmethod
    def flood(clinic, people):
        for number in range(people):
            writes(clinic, "Hello", "thanks", questions=[SCALE] * (number % 2))
        carer = CarerFactory(patient__clinic=clinic)
        ReplyFactory(by=carer.patient, sender=carer.mobile, text="When may she drive?")
        ReplyFactory(by=None, clinic=clinic, sender="+447700900899", text="Hello")

    def test_does_not_grow_with_how_many_are_read_together(self, clinic):
        self.flood(clinic, 2)
        for_few = read()
        self.flood(clinic, 12)

        assert read() == for_few
        assert for_few <= 17
        assert not Reply.objects.filter(status=ReplyStatus.RECEIVED).exists()

    def test_of_one_that_is_read_alone_stays_what_it_is(self, clinic):
        writes(clinic, "HELP", "thanks")
        without = read()
        writes(clinic, "1", questions=[SCALE])

        # as counted; it was 20 and a look at what is plain before one could be read alone
        assert read() - without <= 17


class TestEach:
    @pytest.mark.parametrize(
        ("text", "questions", "meant", "status"),
        [
            ("Hello", 0, Meaning.UNCLEAR, ReplyStatus.FOR_A_PERSON),
            ("1", 0, Meaning.UNCLEAR, ReplyStatus.FOR_A_PERSON),
            ("1", 1, Meaning.ANSWER, ReplyStatus.UNDERSTOOD),
            ("1", 2, Meaning.UNCLEAR, ReplyStatus.FOR_A_PERSON),
            ("thanks", 1, Meaning.THANKS, ReplyStatus.UNDERSTOOD),
            ("HELP", 0, Meaning.HELP, ReplyStatus.UNDERSTOOD),
            ("STOP", 0, Meaning.OPT_OUT, ReplyStatus.UNDERSTOOD),
            ("who is this", 0, Meaning.UNCLEAR, ReplyStatus.FOR_A_PERSON),
            ("cant breathe", 1, Meaning.URGENT, ReplyStatus.FOR_A_PERSON),
        ],
    )
    def test_is_taken_among_plain_ones_for_what_it_is(self, clinic, text, questions, meant, status):
        [before] = writes(clinic, "Hello")
        [reply] = writes(clinic, text, questions=[SCALE] * questions)
        [after] = writes(clinic, "thanks")

        read()

        assert verdict(reply) == (meant, status)
        assert verdict(before) == (Meaning.UNCLEAR, ReplyStatus.FOR_A_PERSON)
        assert verdict(after) == (Meaning.THANKS, ReplyStatus.UNDERSTOOD)
        assert before.pk in answered()

    def test_is_bound_to_whoever_wrote_it(self, clinic):
        carer = CarerFactory(patient__clinic=clinic)
        [of_patient] = writes(clinic, "Hello")
        of_carer = ReplyFactory(by=carer.patient, sender=carer.mobile, text="Hello")
        [shared, _] = [
            writes(clinic, text, mobile="+447700900555")[0] for text in ("Hello", "thanks")
        ]
        elsewhere = ReplyFactory(sender=carer.mobile, text="Hello")
        sender = of_patient.sender

        read()

        found = {r.pk: (r.patient, r.carer) for r in Reply.objects.select_related()}
        assert found[of_patient.pk][0].mobile == sender
        assert found[of_carer.pk] == (None, carer)
        assert found[shared.pk] == found[elsewhere.pk] == (None, None)

    def test_telephone_is_answered_once_however_many_texts_it_sent(self, clinic):
        first, *_ = writes(clinic, "Hello", "Hello?", "Hello again")

        read()

        assert answered() == {first.pk}

    def test_waits_for_what_the_same_person_wrote_before(self, clinic):
        first, second = writes(clinic, "who is this", "Hello?")

        read()

        assert answered() == {first.pk}
        assert verdict(second) == (Meaning.UNCLEAR, ReplyStatus.FOR_A_PERSON)

    def test_comes_after_words_of_danger(self, clinic):
        writes(clinic, "Hello")
        danger = PatientFactory(clinic=clinic)
        ReplyFactory(by=danger, text="cant breathe", looks_urgent=True, received_at=NOON + SECOND)

        with CaptureQueriesContext(connection) as queries:
            read_replies(now=NOON + SECOND, limit=10)

        written = [query["sql"] for query in queries if query["sql"].startswith("INSERT")]
        assert written[0].startswith('INSERT INTO "reminders_alert"')
        assert len(answered()) == 2

    def test_is_read_when_there_are_more_than_are_read_together(self, clinic):
        for _ in range(3):
            writes(clinic, "thanks", "STOP", "thanks")

        assert read_replies(now=NOON, limit=7) == 7
        assert read_replies(now=NOON, limit=READ_AT_ONCE) == 2


def test_one_that_cannot_be_read_goes_to_a_person_and_its_neighbours_are_read(clinic):
    [before] = writes(clinic, "Hello")
    [broken] = writes(clinic, "Hello", questions=[UNREADABLE])
    [after] = writes(clinic, "thanks")

    read()

    assert verdict(broken) == (Meaning.UNCLEAR, ReplyStatus.FOR_A_PERSON)
    assert Alert.objects.get().tier == Tier.EMERGENCY
    assert Alert.objects.get().reply == broken
    assert verdict(before) == (Meaning.UNCLEAR, ReplyStatus.FOR_A_PERSON)
    assert verdict(after) == (Meaning.THANKS, ReplyStatus.UNDERSTOOD)
    assert answered() == {before.pk}
