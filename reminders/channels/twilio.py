"""Texts → the SMS provider that speaks Twilio's protocol.

What the provider can do: it has no key against repeats; it echoes our reference only in the
address of its receipts; it lists messages by recipient; it stops trying after ValidityPeriod;
its receipts are signed.
"""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from reminders.channels.base import HIDDEN, LookUp, Outcome, Outgoing, SendResult, Sighting
from reminders.channels.twilio_answers import listed_messages, read_answer
from reminders.channels.wire import (
    READ_SECONDS,
    AnswerLost,
    NothingWritten,
    Wire,
)

E164 = re.compile(r"\+[1-9][0-9]{6,14}")
LONGEST_VALIDITY_SECONDS = 36_000
PAGE_SIZE = 200
MOST_PAGES = 5
# What a trial account puts before each text, letters only.
TRIAL_PREFIX = "sentfromyourtwiliotrialaccount"
# The most that a hidden token has of them: 22 characters, of which some are no letters.
HIDDEN_LETTERS = "[a-z0-9]{0,22}"
# The provider's clock may stand a little behind ours.
CLOCK_DIFFERENCE = timedelta(minutes=2)


class TwilioSms:
    """A channel: one form POST per attempt, over connections kept per thread."""

    name = "sms"
    provider = "twilio"

    def __init__(
        self, api_url: str, *, account_sid: str, auth_token: str, read_seconds: float = READ_SECONDS
    ) -> None:
        self._wire = Wire(api_url, auth=(account_sid, auth_token), read_seconds=read_seconds)
        self.post_timeout_seconds = self._wire.longest_request_seconds
        self._path = f"/2010-04-01/Accounts/{account_sid}/Messages.json"

    def send(self, message: Outgoing) -> SendResult:
        """Offer the text once. Never raises; a doubt is UNKNOWN, never NOT_SENT."""
        if not E164.fullmatch(message.to):
            return SendResult(Outcome.REFUSED, code="address", bad_address=True)
        try:
            answer = self._wire.post(self._path, form=form_of(message))
        except NothingWritten as failure:
            return SendResult(Outcome.NOT_SENT, code="connection", detail=str(failure))
        except AnswerLost as failure:
            code = "timeout" if "Timeout" in str(failure) else "connection_lost"
            return SendResult(Outcome.UNKNOWN, code=code, detail=str(failure))
        return read_answer(answer)

    def find(self, message: Outgoing, *, since: datetime) -> LookUp:
        """Look for the text among those the provider took for this number since `since`.

        Asks by number alone: the provider's date filter knows only messages that have left its
        queue. Equal texts to one number cannot be told apart here: all are named, and the caller
        takes one that no other attempt has. CANNOT_TELL when anything is missing.
        """
        seen: list[dict[str, object]] = []
        hidden = False
        for page in range(MOST_PAGES):
            listed = self._page(message.to, page=page)
            if listed is None:
                return LookUp(Sighting.CANNOT_TELL)
            messages, more = listed
            recent = _recent_and_ours(messages, message=message, since=since - CLOCK_DIFFERENCE)
            seen += [m for m in recent if _same_text(str(m.get("body") or ""), message.body)]
            hidden = hidden or any(not m.get("body") for m in recent)
            if not more:
                nothing = Sighting.CANNOT_TELL if hidden else Sighting.ABSENT
                return _sighting(seen, otherwise=nothing)
        return _sighting(seen, otherwise=Sighting.CANNOT_TELL)

    def _page(self, number: str, *, page: int) -> tuple[list[dict[str, object]], bool] | None:
        query = {"To": number, "PageSize": str(PAGE_SIZE), "Page": str(page)}
        try:
            answer = self._wire.get(self._path, query=query)
        except (NothingWritten, AnswerLost):
            return None
        return listed_messages(answer.body) if answer.status == 200 else None


def form_of(message: Outgoing) -> dict[str, str]:
    """Return the form of one send; a sender that begins with MG is a messaging service."""
    sender = "MessagingServiceSid" if message.sender.startswith("MG") else "From"
    form = {"To": message.to, sender: message.sender, "Body": message.body}
    if message.status_url:
        form["StatusCallback"] = message.status_url
    if message.valid_seconds is not None:
        seconds = min(max(1, message.valid_seconds), LONGEST_VALIDITY_SECONDS)
        form["ValidityPeriod"] = str(seconds)
    return form


def _sighting(seen: list[dict[str, object]], *, otherwise: Sighting) -> LookUp:
    """Return FOUND with every text that looks like ours, or what to say when there is none."""
    if not seen:
        return LookUp(otherwise)
    sid, *others = (str(item.get("sid") or "") for item in seen)
    return LookUp(Sighting.FOUND, sid, str(seen[0].get("status") or ""), tuple(others))


def _recent_and_ours(
    listed: list[dict[str, object]], *, message: Outgoing, since: datetime
) -> list[dict[str, object]]:
    return [item for item in listed if _is_recent_and_ours(item, message=message, since=since)]


def _is_recent_and_ours(item: dict[str, object], *, message: Outgoing, since: datetime) -> bool:
    url = str(item.get("status_callback") or "")
    if url and message.status_url and url != message.status_url:
        return False
    if item.get("to") != message.to:
        return False
    try:
        created = parsedate_to_datetime(str(item.get("date_created") or ""))
    except ValueError:
        return True
    return (created if created.tzinfo else created.replace(tzinfo=UTC)) >= since


def _same_text(listed: str, ours: str) -> bool:
    """Compare letters and digits: the provider may trim, straighten quotes, or add its prefix.

    What is hidden in ours may be any letters and digits in theirs.
    """
    if listed == ours:
        return True
    letters = _letters(listed).removeprefix(TRIAL_PREFIX)
    pattern = HIDDEN_LETTERS.join(re.escape(_letters(part)) for part in ours.split(HIDDEN))
    return bool(letters) and re.fullmatch(pattern, letters) is not None


def _letters(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())
