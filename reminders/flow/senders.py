"""A reply → whose telephone it came from: patients, carers, both, or nobody whom we know."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from clinic.models import Carer, Channel, ConsentSource, Patient
from reminders.flow.alerts import new_alert, raise_alerts
from reminders.flow.consent import opted_out, patient_of, say_started_again, write_consent
from reminders.flow.holds import hold_all
from reminders.flow.reach import Recipient, consents_for
from reminders.models import Alert, AlertKind, Reply, Tier

Where = tuple[int | None, str]  # a clinic, and a telephone number that wrote to it


@dataclass(frozen=True, slots=True)
class Senders:
    """Everybody who has the number that a reply came from."""

    patients: tuple[Patient, ...]
    carers: tuple[Carer, ...]

    @property
    def everybody(self) -> tuple[Recipient, ...]:
        return (*self.patients, *self.carers)

    @property
    def may_answer(self) -> bool:
        """True where a word can only be the patient's; a carer's is none, and nobody guesses."""
        return not self.carers

    def sign(self, reply: Reply) -> None:
        """Write down who wrote it, where exactly one person can have: the patient, or a carer."""
        if len(self.patients) == 1:
            reply.patient = self.patients[0]
        elif not self.patients and len(self.carers) == 1:
            reply.carer = self.carers[0]


def senders_of(reply: Reply) -> Senders:
    """Return whoever has the sender's number at the clinic that was written to; or nobody."""
    return senders_of_each([reply])[reply.pk]


def senders_of_each(replies: Collection[Reply]) -> dict[int, Senders]:
    """Return whoever wrote each of these, by the reply's id. Two queries for all of them.

    Of carers those who are told; those who no longer are count only where there are no others.
    """
    written = [reply for reply in replies if reply.clinic and reply.sender.startswith("+")]
    patients, carers = _people_of(written)
    found = {reply.pk: Senders((), ()) for reply in replies}
    for reply in written:
        where = (reply.clinic_id, reply.sender)
        told = tuple(carer for carer in carers[where] if carer.ended_at is None)
        found[reply.pk] = Senders(tuple(patients[where]), told or tuple(carers[where]))
    return found


def _people_of(
    replies: Collection[Reply],
) -> tuple[defaultdict[Where, list[Patient]], defaultdict[Where, list[Carer]]]:
    """Read who has these numbers at these clinics. All share the clinic that the reply has."""
    clinics = {reply.clinic_id: reply.clinic for reply in replies if reply.clinic}
    numbers = {reply.sender for reply in replies}
    patients: defaultdict[Where, list[Patient]] = defaultdict(list)
    carers: defaultdict[Where, list[Carer]] = defaultdict(list)
    if not clinics:
        return patients, carers
    for patient in Patient.objects.filter(clinic__in=clinics, mobile__in=numbers).order_by("pk"):
        patient.clinic = clinics[patient.clinic_id]
        patients[patient.clinic_id, patient.mobile].append(patient)
    told = Carer.objects.filter(patient__clinic__in=clinics, mobile__in=numbers)
    for carer in told.select_related("patient").order_by("pk"):
        carer.patient.clinic = clinics[carer.patient.clinic_id]
        carers[carer.patient.clinic_id, carer.mobile].append(carer)
    return patients, carers


def opt_out(reply: Reply, senders: Senders, *, now: datetime) -> None:
    """Obey for everybody of that number: the word is about the telephone.

    Staff hear of it once for each, however often it is said.
    """
    consents = consents_for(senders.everybody)
    heard_first = [p for p in senders.everybody if not consents.refusal(p, reply.channel)]
    for person in senders.everybody:
        _say(reply, person, given=False)
    channel = Channel(reply.channel)
    raise_alerts(
        opted_out(person, channel=channel, by=f"{reply.pk}", reply=reply, now=now)
        for person in heard_first
    )


def opt_in(reply: Reply, senders: Senders) -> bool:
    """Undo a stop and nothing else; return False where nobody had ever said yes.

    Written even while texts are allowed: an earlier STOP may be read only later.
    """
    once_consented = [
        person
        for person in senders.everybody
        if person.consents.filter(channel=reply.channel, given=True).exists()
    ]
    for person in once_consented:
        _say(reply, person, given=True)
    consents = consents_for(once_consented)
    for person in once_consented:
        if not consents.refusal(person, reply.channel):  # no later STOP was read before it
            say_started_again(person, channel=Channel(reply.channel), at=reply.received_at)
    return bool(once_consented)


def _say(reply: Reply, person: Recipient, *, given: bool) -> None:
    write_consent(
        person,
        channel=Channel(reply.channel),
        given=given,
        at=reply.received_at,
        source=ConsentSource.REPLY,
        wording=reply.text,
    )


def be_silent(reply: Reply, senders: Senders, *, is_death: bool, now: datetime) -> None:
    """Wrong person, or somebody has died: silence to that telephone until a person looked.

    A carer who is a stranger silences nobody but themselves; one who tells of a death silences the
    patient as well. (bad_inputs R46, R47)
    """
    for carer in senders.carers:
        _say(reply, carer, given=False)
    dead = [carer.patient for carer in senders.carers] if is_death else []
    hold_all(reply, {p.pk: p for p in (*senders.patients, *dead)}.values(), now=now)
    if not is_death:
        raise_alerts(_stranger(reply, carer, now=now) for carer in senders.carers)


def _stranger(reply: Reply, carer: Carer, *, now: datetime) -> Alert:
    return new_alert(
        carer.patient.clinic,
        kind=AlertKind.REPLY,
        tier=Tier.SAME_DAY,
        cause=f"hold:{reply.pk}:carer-{carer.pk}",
        summary=f"A reply says that {carer.name} is the wrong person",
        to_do="Read the reply. This carer is told no more; ask the patient for the right number.",
        patient=carer.patient,
        reply=reply,
        now=now,
    )


def urgent(reply: Reply, senders: Senders, *, now: datetime) -> list[Alert]:
    """The alert for a text that may mean danger; of a carer's it names the carer.

    Where no clinic has the number there is nobody to tell.
    """
    if reply.clinic is None:
        return []
    of_carer = ", ".join(str(carer) for carer in senders.carers)
    whom = "the patient"
    if of_carer:
        whom = f"the carer, {of_carer}," if not senders.patients else f"{of_carer} or the patient"
    about = {patient_of(person).pk: patient_of(person) for person in senders.everybody}
    return [
        new_alert(
            reply.clinic,
            kind=AlertKind.REPLY,
            tier=Tier.EMERGENCY,
            cause=f"reply:{reply.pk}",
            summary=f"A reply that may be urgent{f', from {of_carer}' if of_carer else ''}",
            to_do=f"Read the reply and call {whom} now.",
            patient=next(iter(about.values())) if len(about) == 1 else None,
            reply=reply,
            now=now,
        )
    ]
