"""seed_fates.yaml → what became of each statement of the two texts the content started from."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from reminders.pathways.fields import Fields
from reminders.pathways.plain_yaml import read_mapping
from reminders.pathways.reading import CONTENT_DIR

FILE = "seed_fates.yaml"

_HEAD = """# The seed statements and their fate

The content started from two texts of 39 (A) and 36 (B) statements about this surgery. Neither is
a source. Each statement was checked against references; this table says what became of it. A test
walks it: every message, field, task, rule and blocked word named here exists.

Of {all} statements {never} may never reach a patient as written. The linter stops these and others,
{blocked} in all, by their words, in every text, before anybody can sign it.

| | Statement | Verdict | What became of it |
|---|---|---|---|
"""


@dataclass(frozen=True, slots=True)
class KeptRule:
    """What the software does, in which file of the project, by a word that stands there."""

    says: str
    kept_in: str
    by: str


@dataclass(frozen=True, slots=True)
class SeedFate:
    key: str
    statement: str
    verdict: str
    never_send: bool
    messages: tuple[str, ...]
    fields: tuple[str, ...]
    staff_steps: tuple[str, ...]
    symptom_check: tuple[str, ...]
    rule: KeptRule | None
    blocked: tuple[str, ...]
    as_written: str


def read_seed_fates(directory: Path = CONTENT_DIR) -> list[SeedFate]:
    """Return the fates in the order of the file. Raises ContentError."""
    return [_fate(str(key), raw=raw) for key, raw in read_mapping(directory / FILE).items()]


def as_markdown(fates: Iterable[SeedFate]) -> str:
    """Return the document that docs/content keeps: the head and one line for each statement."""
    rows = list(fates)
    head = _HEAD.format(
        all=len(rows),
        never=sum(1 for fate in rows if fate.never_send),
        blocked=sum(1 for fate in rows if fate.blocked),
    )
    return head + "".join(
        f"| {fate.key} | {fate.statement} | {fate.verdict} | {_told(fate)} |\n" for fate in rows
    )


def _fate(key: str, *, raw: object) -> SeedFate:
    fields = Fields(raw, file=FILE, place=f"statement {key}")
    fate = SeedFate(
        key=key,
        statement=fields.text("statement"),
        verdict=fields.text("verdict"),
        never_send=fields.flag("never_send", default=False),
        messages=fields.names("messages"),
        fields=fields.names("fields"),
        staff_steps=fields.names("staff_steps"),
        symptom_check=fields.texts("symptom_check"),
        rule=_rule(fields),
        blocked=fields.texts("blocked"),
        as_written=fields.text("as_written", default=""),
    )
    fields.refuse_the_rest()
    if bool(fate.blocked) != bool(fate.as_written):
        raise fields.wrong('"blocked" and "as_written" belong together.')
    if fate.never_send and not fate.blocked:
        raise fields.wrong('what may never be sent needs "blocked".')
    if not _told(fate):
        raise fields.wrong("has no fate; say what became of it.")
    return fate


def _rule(fields: Fields) -> KeptRule | None:
    if not fields.has("rule"):
        return None
    rule = Fields(fields.raw("rule"), file=FILE, place=f"{fields.place}, rule")
    kept = KeptRule(says=rule.text("says"), kept_in=rule.text("kept_in"), by=rule.text("by"))
    rule.refuse_the_rest()
    return kept


def _told(fate: SeedFate) -> str:
    parts = ["**Never sent.**"] if fate.never_send else []
    for label, names in (
        ("Messages", fate.messages),
        ("Recorded as", fate.fields),
        ("Staff tasks", fate.staff_steps),
        ("Symptom check", fate.symptom_check),
    ):
        if names:
            parts.append(f"{label}: {', '.join(f'`{name}`' for name in names)}.")
    if fate.rule:
        parts.append(f"Rule: {fate.rule.says} (`{fate.rule.kept_in}`).")
    if fate.blocked:
        parts.append(f"Blocked: {', '.join(f'`{word}`' for word in fate.blocked)}.")
    return " ".join(parts)
