"""What an answer means, as it is kept → the same in the words of whoever reads it.

A step keeps a code for each answer that it offers (`no_new_problem`), and a number that a text
asked for is kept with the name of its question ("Back pain: 4"). What a clinic named itself has
no translation here and is shown readable.
"""

import re
from collections.abc import Mapping
from functools import lru_cache

from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from reminders.models import Reply
from reminders.pathways.check_in import shipped_check_in
from reminders.rules.check_in import in_language
from reminders.rules.language import EVERYWHERE
from reminders.staff.words import Words

# Every meaning of the pathways that ship; a test keeps that none is left out.
MEANINGS: Mapping[str, Words] = {
    "well": gettext_lazy("All is well"),
    "ill": gettext_lazy("Feels ill"),
    "no_new_problem": gettext_lazy("No new problem"),
    "worry": gettext_lazy("Something worries them"),
    "callback": gettext_lazy("Asks for a call"),
    "confirmed": gettext_lazy("Keeps the appointment"),
    "change": gettext_lazy("Wants another appointment"),
}
_CODE = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)+")


def meaning_said(kept: str) -> str:
    """Return what an answer means, in the reader's language where we have words for it."""
    if kept in MEANINGS:
        return str(MEANINGS[kept])
    label, is_number, number = kept.rpartition(": ")
    if is_number and label in _labels():
        return f"{in_language(_labels()[label], get_language() or EVERYWHERE)}: {number}"
    return str(capfirst(kept.replace("_", " ")))


def is_meaning(text: str) -> bool:
    """True for a meaning as it is kept, and for nothing that anybody would write."""
    return text in MEANINGS or _CODE.fullmatch(text) is not None


def read_as(reply: Reply) -> str:
    """Say what we understood a reply to mean."""
    if reply.answer_meaning:
        return meaning_said(reply.answer_meaning)
    return reply.get_meaning_display() or _("Not read yet")


@lru_cache(maxsize=1)
def _labels() -> Mapping[str, Mapping[str, str]]:
    """Return the names of the questions that texts ask, by the language in which they are kept."""
    questions = shipped_check_in().questions.values()
    wordings = (w for one in questions for w in (one.wording, *one.by_region.values()))
    return {in_language(w.label, EVERYWHERE): w.label for w in wordings}
