"""A ladder as it is typed: rows of who, how and when, with plain words about what is missing."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.models import Clinic, Role, Staff
from clinic.verdicts import Rejected, emails, phones
from reminders.models import How, Ladder, Rung, RungHours, Tier, Whom
from reminders.models.ladder import LONGEST_MINUTES
from reminders.staff.kept_words import kept_said
from reminders.staff.words import Words

MOST_RUNGS = 12
BLANK_ROWS = 1
HOW_SAID: dict[str, Words] = {
    How.SMS: gettext_lazy("by text message"),
    How.EMAIL: gettext_lazy("by email"),
    How.PHONE: gettext_lazy("by telephone"),
}
HOURS_SAID: dict[str, Words] = {
    RungHours.ALWAYS: gettext_lazy("at any hour"),
    RungHours.STAFFED: gettext_lazy("while the clinic is open"),
    RungHours.UNSTAFFED: gettext_lazy("while the clinic is closed"),
}
_INPUT = {"class": "ac-input"}


def _choice(label: Words, choices: Any, **kwargs: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=choices, widget=forms.Select(attrs=_INPUT), **kwargs
    )


def _words(label: Words, *, longest: int) -> forms.CharField:
    widget = forms.TextInput(attrs={**_INPUT, "autocomplete": "off"})
    return forms.CharField(label=label, required=False, max_length=longest, widget=widget)


class RungForm(forms.Form):
    """One rung. A row without a "who" is blank and counts for nothing."""

    after_minutes = forms.IntegerField(
        label=gettext_lazy("Minutes after the alert"),
        required=False,
        min_value=0,
        max_value=LONGEST_MINUTES,
        widget=forms.NumberInput(attrs={**_INPUT, "min": 0}),
    )
    who = _choice(gettext_lazy("Who"), (), required=False)
    label = _words(gettext_lazy("Its name, if it is a number"), longest=80)
    address = _words(gettext_lazy("Number or address"), longest=254)
    how = _choice(gettext_lazy("How"), tuple(HOW_SAID.items()))
    hours = _choice(gettext_lazy("When"), tuple(HOURS_SAID.items()))
    tiers = forms.MultipleChoiceField(
        label=gettext_lazy("For which alerts"),
        choices=Tier.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    remove = forms.BooleanField(label=gettext_lazy("Take away"), required=False)

    def __init__(self, *args: Any, clinic: Clinic, people: list[Staff], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.clinic = clinic
        self.people = {str(person.pk): person for person in people}
        self.fields["who"] = _choice(gettext_lazy("Who"), _who_choices(people), required=False)

    @property
    def is_blank(self) -> bool:
        return not self.cleaned_data.get("who") or bool(self.cleaned_data.get("remove"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors or not cleaned.get("who") or cleaned.get("remove"):
            return cleaned
        if cleaned.get("after_minutes") is None:
            self.add_error("after_minutes", _("Write a number of minutes; 0 is at once."))
        if not cleaned.get("tiers"):
            self.add_error("tiers", _("Choose at least one kind of alert."))
        whom, _colon, which = cleaned["who"].partition(":")
        if whom == Whom.ADDRESS:
            self._check_address(cleaned)
        if whom == Whom.PERSON:
            self._check_person(self.people[which], how=cleaned["how"])
        return cleaned

    def _check_address(self, cleaned: dict[str, Any]) -> None:
        written = str(cleaned.get("address", "")).strip()
        if not written:
            self.add_error("address", _("Write the number or the address."))
            return
        try:
            cleaned["address"] = _usable(written, how=cleaned["how"], clinic=self.clinic)
        except Rejected as rejected:
            self.add_error("address", rejected)

    def _check_person(self, person: Staff, *, how: str) -> None:
        if not person.is_active:
            self.add_error("who", _("{person} works here no more.").format(person=person))
        if how == How.EMAIL and not person.email:
            self.add_error("who", _("{person} has no email address.").format(person=person))
        if how != How.EMAIL and not person.phone:
            self.add_error(
                "who",
                _("{person} has no telephone number. Enter it on the rota page.").format(
                    person=person
                ),
            )

    def rung(self) -> Rung:
        """Return what was typed, not saved. Call it on a row that is valid and not blank."""
        typed = self.cleaned_data
        whom, _colon, which = typed["who"].partition(":")
        is_address = whom == Whom.ADDRESS
        return Rung(
            after_minutes=typed["after_minutes"],
            whom=whom,
            staff=self.people[which] if whom == Whom.PERSON else None,
            role=which if whom == Whom.ROLE else "",
            address=typed["address"] if is_address else "",
            label=typed["label"].strip() if is_address else "",
            how=typed["how"],
            hours=typed["hours"],
            tiers=typed["tiers"],
        )


def _usable(written: str, *, how: str, clinic: Clinic) -> str:
    """Return the number or address as it is used; raises Rejected with what is wrong."""
    if how == How.EMAIL:
        return emails.address(written).value
    if how == How.SMS:
        return mobile_of_staff(written, clinic=clinic)
    if sum(letter.isdecimal() for letter in written) < 3:
        raise Rejected("not_a_number", _("This is no telephone number."))
    return written


def mobile_of_staff(written: str, *, clinic: Clinic) -> str:
    """Return a number that texts reach, in its full form; raises Rejected."""
    return phones.mobile(
        written,
        country=clinic.country,
        allowed_countries=clinic.mobile_countries,
        test_numbers=settings.DEMO or settings.ENVIRONMENT == "test" or clinic.is_demo,
    ).value


def _who_choices(people: list[Staff]) -> list[Any]:
    return [
        ("", _("Nobody: this row is blank")),
        (str(Whom.ON_DUTY), _("Whoever is on duty")),
        (str(Whom.ADDRESS), _("A number or address, written here")),
        (_("One person"), [(f"{Whom.PERSON}:{p.pk}", str(p)) for p in people]),
        (
            _("Everybody in a role"),
            [(f"{Whom.ROLE}:{role}", _("All: {role}").format(role=role.label)) for role in Role],
        ),
    ]


class TimesForm(forms.ModelForm):  # type: ignore[type-arg]
    """The times of an urgent alert after its last step, and once it was taken."""

    class Meta:
        model = Ladder
        fields = ("repeat_minutes", "raise_again_minutes")
        labels = {
            "repeat_minutes": gettext_lazy("Repeat the last step every so many minutes"),
            "raise_again_minutes": gettext_lazy("Taken but not closed: climb again after minutes"),
        }
        help_texts = {
            "repeat_minutes": gettext_lazy(
                "After the last rung it is repeated this often until somebody takes the alert."
            ),
            "raise_again_minutes": gettext_lazy(
                "Taken and not closed for so long, the alert climbs from the first rung again."
            ),
        }
        widgets = {
            "repeat_minutes": forms.NumberInput(attrs=_INPUT),
            "raise_again_minutes": forms.NumberInput(attrs=_INPUT),
        }


class Rungs(forms.BaseFormSet):  # type: ignore[type-arg]
    """The rows of a ladder."""

    def rungs(self) -> list[Rung]:
        """Return the rungs that were typed; the rows must be valid."""
        return [form.rung() for form in self.forms if not form.is_blank]

    def clean(self) -> None:
        if sum(not form.is_blank for form in self.forms if form.is_valid()) > MOST_RUNGS:
            raise ValidationError(_("A ladder has twelve steps at most."))


RungRows = forms.formset_factory(RungForm, formset=Rungs, extra=BLANK_ROWS, max_num=MOST_RUNGS + 2)


def typed_from(rung: Rung) -> dict[str, Any]:
    """Return a rung as the form shows it."""
    which = {Whom.PERSON: f":{rung.staff_id}", Whom.ROLE: f":{rung.role}"}
    return {
        "after_minutes": rung.after_minutes,
        "who": f"{rung.whom}{which.get(Whom(rung.whom), '')}",
        "label": kept_said(rung.label),
        "address": rung.address,
        "how": rung.how,
        "hours": rung.hours,
        "tiers": rung.tiers,
    }
