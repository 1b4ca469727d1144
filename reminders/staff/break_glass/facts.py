"""An operation → what somebody who treats the patient has to know of it, in the clinic's words."""

from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.text import capfirst

from clinic.models import Collar, Surgery

# In the order in which a surgeon would tell them.
TOLD = ("region", "levels", "side", "indication", "approach", "anaesthetic", "wound_closure")
MARKS = ("with_discectomy", "fusion", "approach_anterior", "drain", "brace", "emergency_surgery",
         "day_case", "histology_sent", "opioids", "smoker")  # fmt: skip
# These change what one looks for.
WARNINGS = ("durotomy", "histology_unexpected")


@dataclass(frozen=True, slots=True)
class Facts:
    """What is recorded of one operation; what is not recorded is left out."""

    surgery: Surgery
    told: tuple[tuple[str, str], ...]
    marks: tuple[str, ...]
    warnings: tuple[str, ...]


def facts_of(surgery: Surgery) -> Facts:
    """Put the operation's record into words, in the reader's language."""
    told = [(_called(name), _value(surgery, name)) for name in TOLD]
    if surgery.collar != Collar.NONE:
        told.append((_called("collar"), str(surgery.get_collar_display())))
    if surgery.discharge_date:
        day = date_format(surgery.discharge_date, "j F Y")
        told.append((_called("discharge_date"), day))
    if surgery.named_surgeon:
        told.append((_called("named_surgeon"), str(surgery.named_surgeon)))
    return Facts(
        surgery=surgery,
        told=tuple((label, value) for label, value in told if value),
        marks=tuple(_called(name) for name in MARKS if getattr(surgery, name)),
        warnings=tuple(_called(name) for name in WARNINGS if getattr(surgery, name)),
    )


def _called(name: str) -> str:
    return str(capfirst(getattr(Surgery._meta.get_field(name), "verbose_name", name)))


def _value(surgery: Surgery, name: str) -> str:
    said = getattr(surgery, f"get_{name}_display", None)
    return str(said() if said else getattr(surgery, name))
