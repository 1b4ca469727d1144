"""The numbers as a page and a paper show them: cards, charts with their tables, definitions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from clinic.models import Clinic
from reminders.models import Pathway
from reminders.rules.shares import FEWEST, Share
from reminders.rules.sms_price import Price
from reminders.staff.numbers import reading
from reminders.staff.numbers.behind import list_of
from reminders.staff.numbers.charts import Chart, charts_of, number, took
from reminders.staff.numbers.period import Period
from reminders.staff.shipped_words import shipped_said


@dataclass(frozen=True, slots=True)
class Card:
    """One number: what it is called, what it is, what it is a part of, and what it means."""

    name: str
    value: str
    beside: str
    meaning: str
    link: str = ""
    count: int = 0


@dataclass(frozen=True, slots=True)
class PathwayRow:
    name: str
    sums: Mapping[str, int]
    delivered: str
    answered: str
    followed: str
    link: str


@dataclass(frozen=True, slots=True)
class MessageRow:
    intent: str
    share: Share
    said: str
    link: str


@dataclass(frozen=True, slots=True)
class Numbers:
    """All that one page or paper shows of a period."""

    period: Period
    cards: tuple[Card, ...]
    charts: tuple[Chart, ...] = field(default=())
    pathways: tuple[PathwayRow, ...] = field(default=())
    messages: tuple[MessageRow, ...] = field(default=())


def numbers_of(clinic: Clinic, period: Period) -> Numbers:
    """Read everything; a handful of queries on counted rows, whatever the clinic has sent."""
    rows = reading.counted(clinic, period)
    sums = reading.totals(rows)
    return Numbers(
        period=period,
        cards=tuple(_cards(clinic, period, sums)),
        charts=tuple(charts_of(clinic, period, rows)),
        pathways=tuple(_pathways(clinic, period, rows)),
        messages=tuple(
            MessageRow(
                shipped_said(one.intent),
                one.share,
                said(one.share),
                list_of("followed", period, step_key=one.step_key, pathway=one.pathway),
            )
            for one in reading.followed(clinic, rows)
        ),
    )


def delivered_of(sums: Mapping[str, int]) -> Share:
    return Share(sums["delivered"], sums["delivered"] + sums["undelivered"])


def answered_of(sums: Mapping[str, int]) -> Share:
    return Share(sums["answered"], sums["asked"])


def followed_of(sums: Mapping[str, int]) -> Share:
    return Share(sums["followed"], sums["settled"])


def said(share: Share) -> str:
    """Say a share, as in "92 %"; with few, only how many of how many."""
    if share.percent is None:
        return _("{part} of {whole}").format(part=number(share.part), whole=number(share.whole))
    return _("{percent} %").format(percent=share.percent)


def _of(share: Share) -> str:
    if share.percent is None:
        return _("fewer than {number}, so no percentage").format(number=FEWEST)
    return _("{part} of {whole}").format(part=number(share.part), whole=number(share.whole))


def _with_open(words: str, still_open: int) -> str:
    if not still_open:
        return words
    return f"{words}; " + _("{number} still open").format(number=number(still_open))


def price_of(clinic: Clinic) -> Price | None:
    if clinic.sms_part_price is None:
        return None
    return Price(clinic.sms_part_price, clinic.sms_currency)


def _cards(clinic: Clinic, period: Period, sums: Mapping[str, int]) -> list[Card]:
    return [
        _sent(period, sums),
        _delivered(period, sums),
        _answered(period, sums),
        _silent(period, sums),
        _followed(period, sums),
        _stopped(clinic, period),
        _acted(clinic, period),
        _cost(clinic, period, sums),
    ]


def _sent(period: Period, sums: Mapping[str, int]) -> Card:
    return Card(
        _("Sent"),
        number(sums["sent"]),
        _("{number} not sent").format(number=number(sums["failed"])),
        _(
            "Messages of a plan that a provider took, to patients and carers. Answers to"
            " replies and notices to staff are not among them."
        ),
        list_of("sent", period),
        sums["sent"],
    )


def _delivered(period: Period, sums: Mapping[str, int]) -> Card:
    share = delivered_of(sums)
    return Card(
        _("Delivered"),
        said(share),
        _of(share),
        _(
            "Texts that the network says reached the phone, of those of which it said either."
            " Mail servers send no receipts, so mails are not counted."
        ),
        list_of("delivered", period),
        sums["delivered"],
    )


def _answered(period: Period, sums: Mapping[str, int]) -> Card:
    share = answered_of(sums)
    return Card(
        _("Answered"),
        said(share),
        _with_open(_of(share), sums["still_open"]),
        _(
            "Questions answered by text or on the page, of those asked three days ago or more:"
            " until then a question is open. One that went by text and by mail counts once."
        ),
        list_of("answered", period),
        sums["answered"],
    )


def _silent(period: Period, sums: Mapping[str, int]) -> Card:
    share = Share(sums["silent"], sums["asked"])
    return Card(
        _("No answer"),
        said(share),
        _of(share),
        _(
            "Questions without an answer after three days or more, of those asked three days"
            " ago or more."
        ),
        list_of("silent", period),
        sums["silent"],
    )


def _followed(period: Period, sums: Mapping[str, int]) -> Card:
    share = followed_of(sums)
    return Card(
        _("Followed by a call"),
        said(share),
        _of(share),
        _(
            "Messages after which the patient called, wrote something that a person had to"
            " read, or reported a sign, within 48 hours. Only messages that are two days old."
        ),
        list_of("followed", period),
        sums["followed"],
    )


def _stopped(clinic: Clinic, period: Period) -> Card:
    count = reading.opted_out(clinic, period).count()
    return Card(
        _("Opted out"),
        number(count),
        _("patients"),
        _("Patients who said no more to texts or mails in these days, whichever way they said it."),
        list_of("opted_out", period),
        count,
    )


def _acted(clinic: Clinic, period: Period) -> Card:
    acted = reading.acted(clinic, period)
    waits = acted.opened - acted.acted
    beside = _("nine of ten within {time}").format(time=took(acted.ninety))
    if acted.median is None:
        beside = _("{number} acted on; too few for a time").format(number=acted.acted)
    if waits:
        beside += "; " + _("{number} still wait").format(number=number(waits))
    return Card(
        _("Time to staff action"),
        took(acted.median),
        beside,
        _(
            "From an alert to the first person who took or closed it: half of them were faster. By"
            " the clock, nights included. Alerts that still wait are not in the time. All pathways."
        ),
        list_of("opened", period),
        acted.opened,
    )


def _cost(clinic: Clinic, period: Period, sums: Mapping[str, int]) -> Card:
    price = price_of(clinic)
    parts = _("{parts} parts in {texts} texts").format(
        parts=number(sums["parts"]), texts=number(sums["texts"])
    )
    no_price = _("No price is entered for the clinic.")
    return Card(
        _("Cost of texts"),
        (price.of(sums["parts"]) or "0") if price else "–",
        parts if price else f"{parts}. {no_price}",
        _("Parts of all texts that the provider took, answers and notices too, times your price."),
        list_of("texts", period),
        sums["texts"],
    )


def _pathways(clinic: Clinic, period: Period, rows: Any) -> list[PathwayRow]:
    sums = {key: row for key, row in reading.by(rows, "pathway").items() if key}
    titles = dict(Pathway.objects.filter(clinic=clinic, pk__in=sums).values_list("pk", "title"))
    return [
        PathwayRow(
            shipped_said(titles.get(key, "")),
            row,
            said(delivered_of(row)),
            said(answered_of(row)),
            said(followed_of(row)),
            list_of("sent", period, pathway=key),
        )
        for key, row in sorted(sums.items(), key=lambda both: -both[1]["sent"])
        if row["sent"]
    ]
