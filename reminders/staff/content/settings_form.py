"""What somebody typed about a step → how it is to be set; nothing that was typed is lost."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from reminders.flow.step_settings import USUAL, Known
from reminders.models import Audience, Privacy
from reminders.rules.content import Channel, Region, RestrictionContent
from reminders.rules.wording import PLACEHOLDERS
from reminders.staff.content.settings_fields import (
    CLOCK,
    Choices,
    SettingsFields,
    answer_fields,
    boxes,
    sources_offered,
    tie,
)
from reminders.staff.content.step_words import (
    AT_DISCHARGE,
    AT_ONCE,
    CHANNELS,
    fact_said,
    question_said,
)
from reminders.staff.kept_words import kept_said
from reminders.staff.shipped_words import shipped_said

FEWEST_ANSWERS, MOST_ANSWERS = 3, 6
LISTS = (
    "regions", "procedures", "excludes", "channels", "questions", "must_have", "restrictions",
    "permits",
)  # fmt: skip


class SettingsForm(SettingsFields):
    """`settings` and `named_sources` are what was typed, as the flow wants it."""

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        stands: Mapping[str, Any],
        sources: Sequence[str],
        known: Known,
        rules: Mapping[str, RestrictionContent],
    ) -> None:
        """`stands`: how the step is set now, as a row has it; a new one as in USUAL."""
        self.stands = dict(stands)
        self.stood_on = list(sources)
        super().__init__(data, initial=_initial(stands, sources))
        self.is_for_staff = stands["audience"] == Audience.STAFF
        self._add_groups()
        self._add_answers()
        self._offer(known, rules)
        for name, field in self.fields.items():
            tie(name, field)

    def _add_groups(self) -> None:
        """One more than there are, so that a condition can be added."""
        self.group_names = [f"requires_{n}" for n in range(len(self.stands["requires"]) + 1)]
        for number, name in enumerate(self.group_names):
            said = _("And one of these as well") if number else _("Only if one of these is so")
            self.fields[name] = boxes(said)

    def _add_answers(self) -> None:
        there = len(self.stands["replies"])
        rows = max(FEWEST_ANSWERS, min(MOST_ANSWERS, there + 1), there)
        self.answer_numbers = range(rows)
        for number in self.answer_numbers:
            self.fields.update(answer_fields(number))

    def _offer(self, known: Known, rules: Mapping[str, RestrictionContent]) -> None:
        facts = sorted(((f, _capital(fact_said(f))) for f in known.facts), key=lambda c: c[1])
        activities = sorted(
            ((k, shipped_said(rules[k].activity)) for k in known.rules), key=lambda c: c[1]
        )
        offered: dict[str, Choices] = {
            "regions": [
                (r.value, _capital(fact_said(r.value))) for r in Region if r.value in known.regions
            ],
            "procedures": [(p, _capital(fact_said(p))) for p in sorted(known.procedures)],
            "excludes": facts,
            **dict.fromkeys(self.group_names, facts),
            "channels": [
                (c.value, _capital(str(CHANNELS[c]))) for c in (Channel.SMS, Channel.EMAIL)
            ],
            "questions": [(key, _capital(question_said(key))) for key in sorted(known.questions)],
            "must_have": [(name, f"{{{name}}}") for name in sorted(PLACEHOLDERS)],
            "restrictions": activities,
            "permits": activities,
            "sources": sources_offered(self.stood_on),
        }
        for name, choices in offered.items():
            field = self.fields[name]
            gone = [
                (one, _("{name}, which is gone").format(name=one))
                for one in self.initial.get(name, ())
                if one not in dict(choices)
            ]
            if isinstance(field, forms.MultipleChoiceField):
                field.choices = [*choices, *gone]

    def clean_repeat_days(self) -> list[int]:
        typed = re.split(r"[,;\s]+", str(self.cleaned_data["repeat_days"]).strip())
        try:
            return [int(day) for day in typed if day]
        except ValueError:
            raise ValidationError(_("Write whole numbers with commas, as in 3, 7, 14.")) from None

    def clean_staff_action(self) -> str:
        return _even(self.cleaned_data["staff_action"])

    def clean_range_note(self) -> str:
        return _even(self.cleaned_data["range_note"])

    @property
    def settings(self) -> dict[str, Any]:
        """Return what was typed, in the types of a Step row; what cannot be read, as it stands."""
        said = self.cleaned_data
        typed = {name: said[name] for name in USUAL if name in said}
        typed |= {
            name: _in_old_order(self.stands[name], now=said[name]) for name in LISTS if name in said
        }
        typed["requires"] = list(self._groups())
        typed["replies"] = list(self._replies())
        if said.get("at_kind"):
            typed["at"] = said.get("at", "")[:5] if said["at_kind"] == CLOCK else said["at_kind"]
        if self.is_for_staff:
            typed |= {"channels": [Channel.TASK.value], "privacy": Privacy.STAFF.value}
        return {**self.stands, **typed}

    @property
    def named_sources(self) -> tuple[str, ...]:
        named = self.cleaned_data.get("sources", self.stood_on)
        return tuple(_in_old_order(self.stood_on, now=named))

    @property
    def groups(self) -> list[forms.BoundField]:
        """The conditions that must all hold; the last of them is still empty."""
        return [self[name] for name in self.group_names]

    def _groups(self) -> Iterator[list[str]]:
        for number, name in enumerate(self.group_names):
            if ticked := self.cleaned_data.get(name):
                before = self.stands["requires"][number:number + 1]  # fmt: skip
                yield _in_old_order(before[0] if before else (), now=ticked)

    def _replies(self) -> Iterator[dict[str, str]]:
        for number in self.answer_numbers:
            code, meaning, action = (
                str(self.cleaned_data.get(f"answer_{number}_{part}") or "").strip()
                for part in ("code", "meaning", "action")
            )
            if code or meaning:
                plain = re.sub(r"[^a-z0-9]+", "_", meaning.lower()).strip("_")
                yield {"code": code, "meaning": plain, "action": action}

    def show(self, problems: Mapping[str, str]) -> None:
        """Put what the flow says at the fields where it was typed."""
        at = {"requires": self.group_names[0], "replies": "answer_0_code"}
        for field, problem in problems.items():
            name = at.get(field, field)
            self.add_error(name if name in self.fields else None, kept_said(problem))


def _initial(stands: Mapping[str, Any], sources: Collection[str]) -> dict[str, Any]:
    at = stands["at"]
    initial = dict(stands) | {
        "at_kind": at if at in (AT_ONCE, AT_DISCHARGE) else CLOCK,
        "at": "" if at in (AT_ONCE, AT_DISCHARGE) else at,
        "repeat_days": ", ".join(str(day) for day in stands["repeat_days"]),
        "sources": list(sources),
    }
    initial |= {f"requires_{n}": group for n, group in enumerate(stands["requires"])}
    for number, reply in enumerate(stands["replies"]):
        initial |= {
            f"answer_{number}_code": reply["code"],
            f"answer_{number}_meaning": reply["meaning"].replace("_", " "),
            f"answer_{number}_action": reply["action"],
        }
    return initial


def _in_old_order(before: Sequence[str], *, now: Collection[str]) -> list[str]:
    """What stood stays in its order, so that ticking nothing changes nothing."""
    return [one for one in before if one in now] + [one for one in now if one not in before]


def _even(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
