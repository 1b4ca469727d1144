"""Consent and addresses → the channels by which a patient, or a carer, may be reached right now."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from clinic.models import (
    Carer,
    CarerConsent,
    Channel,
    ChannelChoice,
    Clinic,
    Consent,
    Patient,
)
from reminders.models import DeliveryReason

# Who can be told. A carer's row reads like a patient's wherever a message is made from it.
Recipient = Patient | Carer


@dataclass(frozen=True, slots=True)
class Consents:
    """The latest word of some patients, and of some carers, on each channel."""

    latest: Mapping[tuple[int, str], bool]
    of_carers: Mapping[tuple[int, str], bool] = field(default_factory=dict)

    def refusal(self, recipient: Recipient, channel: str) -> str:
        """Return why this person may not be reached by this channel, or an empty text.

        What the patient said is nothing to their carer, nor the other way round.
        """
        words = self.of_carers if isinstance(recipient, Carer) else self.latest
        given = words.get((recipient.pk, channel))
        if given is None:
            return DeliveryReason.NO_CONSENT
        return "" if given else DeliveryReason.OPTED_OUT


def consents_of(patient_ids: Iterable[int], *, carer_ids: Iterable[int] = ()) -> Consents:
    """Read the latest consent of each person and channel; one query for each kind of person."""
    rows = Consent.objects.in_force(patient_ids).values_list("patient_id", "channel", "given")
    latest = {(patient, channel): given for patient, channel, given in rows}
    carers = list(carer_ids)
    return Consents(latest, _of_carers(carers) if carers else {})


def consents_for(recipients: Iterable[Recipient]) -> Consents:
    """Read the latest consent of these people."""
    people = list(recipients)
    carers = [one.pk for one in people if isinstance(one, Carer)]
    return consents_of([p.pk for p in people if isinstance(p, Patient)], carer_ids=carers)


def _of_carers(carer_ids: list[int]) -> dict[tuple[int, str], bool]:
    rows = CarerConsent.objects.in_force(carer_ids).values_list("carer_id", "channel", "given")
    return {(carer, channel): given for carer, channel, given in rows}


def address_of(recipient: Recipient, channel: str) -> str:
    """Return where this person is reached by this channel; empty where there is no address."""
    return recipient.mobile if channel == Channel.SMS else recipient.email


def wants(recipient: Recipient, channel: str) -> bool:
    """True when the person chose this channel."""
    return recipient.channels in (ChannelChoice.BOTH, channel)


def obstacle(recipient: Recipient, channel: str, consents: Consents, *, clinic: Clinic) -> str:
    """Return why the person's clinic cannot reach them by this channel, or an empty text."""
    if not clinic.sends(channel):
        return DeliveryReason.NOT_OUR_CHANNEL
    if refusal := consents.refusal(recipient, channel):
        return refusal
    if not address_of(recipient, channel):
        return DeliveryReason.NO_ADDRESS
    is_sms = channel == Channel.SMS
    failed = recipient.mobile_failed_at if is_sms else recipient.email_failed_at
    return DeliveryReason.BAD_ADDRESS if failed else ""
