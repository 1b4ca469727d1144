"""The fields that a step is set by, each with its name, its hint and the place of its mistake."""

from collections.abc import Collection, Iterable, Sequence

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from reminders.flow.step_settings import LONGEST_INTENT, LONGEST_NOTE
from reminders.models import Anchor, Category, Privacy, Source
from reminders.staff.content.step_words import ACTIONS, AT_DISCHARGE, AT_ONCE, EVIDENCE, SHIFTS
from reminders.staff.words import Words

CLOCK = "clock"  # the step has a time of day, and no event that it goes out at
WHOLE = _("Write a whole number, as in -7 or 12.")
LONGEST_CODE, LONGEST_MEANING = 20, 120
Choice = tuple[str, str | Promise]  # a label may wait for the language of whoever looks
Choices = Sequence[Choice]


def boxes(label: Words, *, hint: Words = "") -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        help_text=hint,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("%(value)s is not in the list; untick it.")},
    )


def one_of(label: Words, choices: Iterable[Choice]) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=list(choices),
        required=False,
        error_messages={"invalid_choice": _("Choose one of the list.")},
    )


def number(label: Words, *, hint: Words = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        help_text=hint,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid": WHOLE},
    )


def note(label: Words, *, hint: Words = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(
        label=label, help_text=hint, required=False, max_length=LONGEST_NOTE, widget=widget
    )


class SettingsFields(forms.Form):
    """Everything about a step but its words."""

    intent = forms.CharField(label=_("What it is for"), required=False, max_length=LONGEST_INTENT)
    category = one_of(_("Kind of message"), [("", _("Choose")), *Category.choices])
    anchor = one_of(_("Days are counted from"), Anchor.choices)
    day_from = number(_("First day"), hint=_("0 is the day itself, -7 a week before"))
    day_to = number(_("Last day"), hint=_("Later than that it is not sent"))
    at_kind = one_of(
        _("It goes"),
        [
            (CLOCK, _("at a time of day")),
            (AT_ONCE, _("at once")),
            (AT_DISCHARGE, _("when the patient goes home")),
        ],
    )
    at = forms.CharField(
        label=_("Time"), required=False, widget=forms.TimeInput(attrs={"type": "time"})
    )
    shift = one_of(_("On a day off it"), SHIFTS.items())
    repeat_days = forms.CharField(
        label=_("Days of a repeat"),
        required=False,
        help_text=_("As in 3, 7, 14. Empty: it comes once"),
    )
    every_working_days = number(
        _("Then every … working days"), hint=_("From the last of these days on. Empty: no more")
    )
    late_hours = number(
        _("Too late after … hours"),
        hint=_("Empty: only the last day counts. A check-in needs 1 to 24"),
    )
    regions = boxes(_("Region"), hint=_("None ticked: every region of the pathway"))
    procedures = boxes(_("Procedure"), hint=_("None ticked: every procedure of the pathway"))
    excludes = boxes(_("Not if any of these is so"))
    channels = boxes(_("It goes by"))
    privacy = one_of(
        _("On a locked phone"), [c for c in Privacy.choices if c[0] != Privacy.STAFF.value]
    )
    is_high_priority = forms.BooleanField(
        label=_("It goes before others, and somebody calls when it reaches nobody"), required=False
    )
    questions = boxes(
        _("What its page asks"), hint=_("Behind {link}. None ticked: it has no questions")
    )
    staff_action = note(_("What staff do"))
    must_have = boxes(_("Placeholders that its texts must keep"))
    restrictions = boxes(_("Rules of the activity calendar that it speaks of"))
    permits = boxes(_("Activities that it says may start"))
    sources = boxes(_("Sources"))
    evidence = one_of(_("How much of it is in the sources"), EVIDENCE.items())
    range_note = note(_("Where the sources differ"))


def answer_fields(number: int) -> dict[str, forms.Field]:
    """Return the fields of one answer that a patient can give."""
    code = forms.CharField(label=_("Patients text"), required=False, max_length=LONGEST_CODE)
    meaning = forms.CharField(label=_("It means"), required=False, max_length=LONGEST_MEANING)
    parts = {"code": code, "meaning": meaning, "action": one_of(_("Then"), ACTIONS.items())}
    return {f"answer_{number}_{part}": field for part, field in parts.items()}


def sources_offered(first: Collection[str]) -> Choices:
    """Return every source on record, those that the step rests on at the top."""
    rows = sorted(Source.objects.all(), key=lambda row: (row.pk not in first, row.pk))
    return [(row.pk, _source_said(row)) for row in rows]


def _source_said(row: Source) -> str:
    about = ", ".join(part for part in (row.title, row.publisher, row.date) if part)
    grade = row.grade or gettext("none")
    return gettext("{key}: {about} (grade {grade})").format(key=row.pk, about=about, grade=grade)


def tie(name: str, field: forms.Field) -> None:
    """Tie a field to its hint and to the place of its mistake, which is there before a mistake."""
    hint = f"id_{name}_helptext " if field.help_text else ""
    if not field.widget.use_fieldset:
        field.widget.attrs["aria-describedby"] = f"{hint}id_{name}_error"
    if not isinstance(field, forms.BooleanField | forms.MultipleChoiceField):
        field.widget.attrs["class"] = "ac-input"
