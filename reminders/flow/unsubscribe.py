"""The link at the foot of a mail → no more mails to whoever it was sent to, and nothing else."""

from datetime import datetime

from django.db import transaction

from clinic.models import Carer, Channel, ConsentSource, Patient
from reminders.flow.alerts import raise_alerts
from reminders.flow.consent import opted_out, write_consent
from reminders.flow.reach import Recipient, consents_for
from reminders.models import DeliveryReason, LinkPurpose, PatientLink

WORDING = "Stop emails: one click in a mail"


@transaction.atomic
def stop_mails(token: str, *, now: datetime) -> bool:
    """Stop email for the person whose link this is; tell whether something changed.

    Twice is once, and an unknown token changes nothing. Staff hear of it as of a STOP. What matters
    goes by text from then on, where that is allowed; texts themselves are not touched.
    """
    links = PatientLink.objects.usable(token, purpose=LinkPurpose.UNSUBSCRIBE, now=now)
    link = links.select_related("patient", "carer").first()
    if link is None:
        return False
    person = _held(link.carer or link.patient)
    if consents_for([person]).refusal(person, Channel.EMAIL) == DeliveryReason.OPTED_OUT:
        return False
    yes = person.consents.filter(channel=Channel.EMAIL, given=True).order_by("-at", "-pk").first()
    write_consent(
        person,
        channel=Channel.EMAIL,
        given=False,
        at=now,
        source=ConsentSource.LINK,
        wording=WORDING,
    )
    by = f"link-{yes.pk if yes else 0}"  # staff hear once of each yes that is taken back
    raise_alerts([opted_out(person, channel=Channel.EMAIL, by=by, now=now)])
    return True


def _held(person: Recipient) -> Recipient:
    """Hold the person's row: two clicks at once are one, and no mail is claimed meanwhile."""
    if isinstance(person, Carer):
        return Carer.objects.select_for_update(no_key=True).get(pk=person.pk)
    return Patient.objects.select_for_update(no_key=True).get(pk=person.pk)
