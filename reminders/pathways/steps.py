"""One step as it stands in a file → a StepContent, every field checked."""

import re
from collections.abc import Collection, Mapping

from reminders.pathways.composing import RawStep
from reminders.pathways.fields import Fields
from reminders.rules.content import (
    Action,
    Anchor,
    Audience,
    Category,
    Channel,
    Evidence,
    Priority,
    Privacy,
    Region,
    ReplyContent,
    Shift,
    StepContent,
    StepTexts,
)

EARLIEST_DAY, LATEST_DAY = -60, 730
MOST_LATE_HOURS = 24 * 14
MOST_WORKING_DAYS = 30
# A question about today is not asked tomorrow: reliability rule for check-ins.
CHECK_IN_LATE_HOURS = 24
ANY_PROCEDURE = "any"
AT = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]|at_once|at_discharge")
_BY_TEXT_AND_MAIL = (Channel.SMS, Channel.EMAIL)


def step_content(
    raw: RawStep,
    *,
    file: str,
    procedures: tuple[str, ...],
    sources: Collection[str],
    texts: Mapping[str, StepTexts],
) -> StepContent:
    """Return the step; raise ContentError, naming field and remedy, if anything is not right.

    `procedures`: those of the pathway, for a step that names none. `sources`: the known keys.
    """
    fields = Fields(raw, file=file, place=f"step {raw['key']}")
    step = StepContent(
        key=fields.name("key"),
        category=fields.choice("category", among=Category),
        intent=fields.text("intent"),
        day_from=fields.number("day_from", low=EARLIEST_DAY, high=LATEST_DAY),
        day_to=fields.number("day_to", low=EARLIEST_DAY, high=LATEST_DAY),
        at=fields.text("at"),
        evidence=fields.choice("evidence", among=Evidence),
        sources=fields.texts("sources"),
        audience=fields.choice("audience", among=Audience, default=Audience.PATIENT),
        anchor=fields.choice("anchor", among=Anchor, default=Anchor.SURGERY),
        repeat_days=fields.numbers("repeat"),
        every_working_days=fields.optional_number(
            "every_working_days", low=1, high=MOST_WORKING_DAYS
        ),
        shift=fields.choice("shift", among=Shift, default=Shift.NONE),
        late_hours=fields.optional_number("late_hours", low=1, high=MOST_LATE_HOURS),
        regions=fields.choices("regions", among=Region),
        procedures=_procedures(fields, of_pathway=procedures),
        requires=fields.groups("requires"),
        excludes=fields.names("excludes"),
        channels=fields.choices("channels", among=Channel, default=_BY_TEXT_AND_MAIL),
        privacy=fields.choice("privacy", among=Privacy, default=Privacy.LOCK_SCREEN),
        priority=fields.choice("priority", among=Priority, default=Priority.NORMAL),
        must_have=fields.names("must_have"),
        replies=_replies(fields),
        questions=fields.names("questions"),
        staff_action=fields.text("staff_action", default=""),
        restrictions=fields.names("restrictions"),
        permits=fields.names("permits"),
        range_note=fields.text("range_note", default=""),
        texts=texts,
    )
    _check(step, fields=fields, sources=sources)
    return step


def _check(step: StepContent, *, fields: Fields, sources: Collection[str]) -> None:
    fields.refuse_the_rest()
    _check_time(step, fields=fields)
    _check_audience(step, fields=fields)
    _check_sources(step, fields=fields, known=sources)


def _procedures(fields: Fields, *, of_pathway: tuple[str, ...]) -> tuple[str, ...]:
    if not fields.has("procedures"):
        return of_pathway
    value = fields.raw("procedures")
    if value == ANY_PROCEDURE:
        return ()
    return Fields({"procedures": value}, file=fields.file, place=fields.place).names("procedures")


def _replies(fields: Fields) -> tuple[ReplyContent, ...]:
    replies = []
    for raw in fields.raw("replies", default=[]):
        reply = Fields(raw, file=fields.file, place=f"{fields.place}, replies")
        replies.append(
            ReplyContent(
                code=reply.text("code"),
                meaning=reply.name("meaning"),
                action=reply.choice("action", among=Action),
            )
        )
        reply.refuse_the_rest()
    if len({reply.code for reply in replies}) != len(replies):
        raise fields.wrong("two replies have the same code; give each its own.")
    return tuple(replies)


def _check_time(step: StepContent, *, fields: Fields) -> None:
    if not AT.fullmatch(step.at):
        raise fields.wrong(f'"at" is "{step.at}": write HH:MM, at_once or at_discharge.')
    if step.day_to < step.day_from:
        raise fields.wrong('"day_to" lies before "day_from"; swap them.')
    if step.repeat_days and step.repeat_days[0] != step.day_from:
        raise fields.wrong('"repeat" must start with "day_from".')
    if step.repeat_days and step.repeat_days[-1] > step.day_to:
        raise fields.wrong('"repeat" goes on after "day_to"; make "day_to" later.')
    if step.category is Category.CHECK_IN and (step.late_hours or 999) > CHECK_IN_LATE_HOURS:
        raise fields.wrong(f'a check-in needs "late_hours", at most {CHECK_IN_LATE_HOURS}.')


def _check_audience(step: StepContent, *, fields: Fields) -> None:
    is_task = step.channels == (Channel.TASK,)
    is_staff = step.audience is Audience.STAFF
    if not step.channels or (Channel.TASK in step.channels and not is_task):
        raise fields.wrong('"channels" must be sms and email, one of them, or task alone.')
    if is_task != is_staff or is_staff != (step.privacy is Privacy.STAFF):
        raise fields.wrong("a step for staff has audience staff, channel task and privacy staff.")
    if step.audience is Audience.CARER and not _fits_carers(step):
        raise fields.wrong("a step for carers has privacy P1, and asks nothing back (SR-22).")
    if is_staff and not step.staff_action:
        raise fields.wrong('"staff_action" is missing: say what staff should do.')
    if is_staff and step.texts:
        raise fields.wrong("a step for staff has no texts; take them out of the language files.")


def _fits_carers(step: StepContent) -> bool:
    """SR-22: for any lock screen, and no questions: an answer would be the patient's to give."""
    is_detailed = any(words.sms_detailed for words in step.texts.values())
    asks = step.replies or step.questions
    return step.privacy is Privacy.LOCK_SCREEN and not asks and not is_detailed


def _check_sources(step: StepContent, *, fields: Fields, known: Collection[str]) -> None:
    if not step.sources:
        raise fields.wrong('"sources" is empty: name at least one key of sources.yaml.')
    for key in step.sources:
        if key not in known:
            raise fields.wrong(f'source "{key}" is not in sources.yaml; add it there.')
