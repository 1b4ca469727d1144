"""What may be sent → the letters that go out. Mails that wait for one person share one letter.

Several routine mails of one person whose moment has come go out as one, with a section for each:
what keeps people safe first, then the longest waiting. Nothing is held back or sent early for it,
a message of high priority always goes alone, and each delivery keeps an attempt and an end of its
own, so that the books know no difference.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings

from reminders.flow.mails import MailWords, Rendered, mail_of, subject_of_several
from reminders.flow.message_links import MessageLink
from reminders.models import SAFETY_CRITICAL, Delivery, LinkPurpose, PatientLink
from reminders.models.patient_link import new_link

# A mail is kept for years, and whoever finds it again must be able to stop the next one.
UNSUBSCRIBE_LASTS = timedelta(days=730)
NO_LINK = MessageLink("")


@dataclass(frozen=True, slots=True)
class Ready:
    """What one delivery says, and the secret address that its words may carry."""

    delivery: Delivery
    words: Rendered | MailWords
    link: MessageLink = NO_LINK


@dataclass(frozen=True, slots=True)
class Letter:
    """One message as it leaves, for one delivery or several; its `links` are not saved yet."""

    deliveries: tuple[Delivery, ...]
    words: Rendered
    headers: Mapping[str, str] = field(default_factory=dict)
    links: tuple[PatientLink, ...] = ()


def letters_of(ready: Iterable[Ready], *, now: datetime) -> list[Letter]:
    """Return the letters; write into each delivery what it says, less the secrets of its links."""
    return [_letter(group, now=now) for group in together(ready)]


def together(ready: Iterable[Ready]) -> list[list[Ready]]:
    """Return what goes into each letter, in the order in which the first of each came."""
    groups: dict[object, list[Ready]] = {}
    for one in ready:
        groups.setdefault(_whose(one), []).append(one)
    return [sorted(group, key=_safety_first) for group in groups.values()]


def _whose(one: Ready) -> object:
    """Equal for mails that may share a letter: one reader, one language, all of them routine."""
    delivery, words = one.delivery, one.words
    alone = delivery.is_high_priority or delivery.may_be_repeat
    if alone or not isinstance(words, MailWords):
        return delivery.pk
    return (delivery.patient_id, delivery.carer_id, delivery.address, words.language)


def _safety_first(one: Ready) -> tuple[bool, datetime, int]:
    delivery, reminder = one.delivery, one.delivery.reminder
    if reminder is None:
        return (False, delivery.queued_at, delivery.pk)
    return (reminder.category not in SAFETY_CRITICAL, reminder.due_at, reminder.pk)


def _letter(group: Sequence[Ready], *, now: datetime) -> Letter:
    words, headers, links = group[0].words, {}, [one.link for one in group]
    if isinstance(words, MailWords):
        stop = _stop_link(group[0].delivery, now=now)
        words, headers = _mail(group, stop=stop), _headers(stop.address)
        links.append(stop)
    links = [link for link in links if link.is_in(words.subject, words.text, words.html)]
    for one in group:
        _keep(words, links, one.delivery)
    rows = tuple(link.row for link in links if link.row is not None)
    return Letter(tuple(one.delivery for one in group), words, headers, rows)


def _mail(group: Sequence[Ready], *, stop: MessageLink) -> Rendered:
    said = [one.words for one in group if isinstance(one.words, MailWords)]
    clinic, language = group[0].delivery.clinic, said[0].language
    several = subject_of_several(clinic, language=language)
    return mail_of(
        [words.section for words in said],
        subject=said[0].subject if len(said) == 1 else several,
        clinic=clinic,
        language=language,
        unsubscribe_url=f"{stop.address}?lang={language}",
    )


def _stop_link(delivery: Delivery, *, now: datetime) -> MessageLink:
    """The link of one mail, by which whoever it is for stops all of their mails."""
    row, token = new_link(
        delivery.the_patient,
        carer=delivery.carer,
        purpose=LinkPurpose.UNSUBSCRIBE,
        now=now,
        lasts=UNSUBSCRIBE_LASTS,
    )
    return MessageLink(f"{settings.PUBLIC_URL}/u/{token}/", token, row)


def _headers(url: str) -> dict[str, str]:
    """One tap in the mail reader stops the mails (RFC 8058, section 3.1)."""
    return {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def _keep(words: Rendered, links: Iterable[MessageLink], delivery: Delivery) -> None:
    delivery.language, delivery.segments = words.language, words.segments
    delivery.subject, delivery.text, delivery.html = words.subject, words.text, words.html
    for link in links:
        delivery.subject = link.hidden_in(delivery.subject)
        delivery.text, delivery.html = link.hidden_in(delivery.text), link.hidden_in(delivery.html)
