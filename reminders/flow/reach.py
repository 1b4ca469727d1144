"""A patient's consent and addresses → the channels by which they may be reached right now."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from clinic.models import Channel, ChannelChoice, Consent, Patient
from reminders.models import DeliveryReason


@dataclass(frozen=True, slots=True)
class Consents:
    """The latest word of some patients on each channel."""

    latest: Mapping[tuple[int, str], bool]

    def refusal(self, patient: Patient, channel: str) -> str:
        """Return why this patient may not be reached by this channel, or an empty text."""
        given = self.latest.get((patient.pk, channel))
        if given is None:
            return DeliveryReason.NO_CONSENT
        return "" if given else DeliveryReason.OPTED_OUT


def consents_of(patient_ids: Iterable[int]) -> Consents:
    """Read the latest consent of each patient and channel, in one query."""
    rows = Consent.objects.in_force(patient_ids).values_list("patient_id", "channel", "given")
    return Consents({(patient, channel): given for patient, channel, given in rows})


def address_of(patient: Patient, channel: str) -> str:
    """Return where this patient is reached by this channel; empty where there is no address."""
    return patient.mobile if channel == Channel.SMS else patient.email


def wants(patient: Patient, channel: str) -> bool:
    """True when the patient chose this channel."""
    return patient.channels in (ChannelChoice.BOTH, channel)


def obstacle(patient: Patient, channel: str, consents: Consents) -> str:
    """Return why the patient cannot be reached by this channel, or an empty text."""
    if refusal := consents.refusal(patient, channel):
        return refusal
    if not address_of(patient, channel):
        return DeliveryReason.NO_ADDRESS
    failed = patient.mobile_failed_at if channel == Channel.SMS else patient.email_failed_at
    return DeliveryReason.BAD_ADDRESS if failed else ""
