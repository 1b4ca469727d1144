"""The words of the patient's own page, by language.

They are ours and carry no clinical advice beyond whom to call; what a clinic says comes from its
signed content. Spanish and Arabic wait for a reader of those languages to check them.
"""

from collections.abc import Mapping
from datetime import date

from django.utils import formats, translation

from reminders.patient_page.page_words import ar, en, es

PAGE_WORDS: Mapping[str, Mapping[str, str]] = {"en": en.WORDS, "es": es.WORDS, "ar": ar.WORDS}


def told_date(day: date, *, language: str, short: bool = False) -> str:
    """Return a day in words, as in "Tuesday 3 March"; with `short` without the day of the week."""
    form = PAGE_WORDS[language]["short_date" if short else "date"]
    with translation.override(language):
        return formats.date_format(day, form)
