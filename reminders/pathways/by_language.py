"""A field of a content file that holds words → the words by language."""

from reminders.pathways.fields import Fields

LANGUAGES = ("en", "es", "ar")


def words(fields: Fields, *, name: str) -> dict[str, str]:
    """Return the words by language; English must be there. Raises ContentError."""
    inner = Fields(fields.raw(name), file=fields.file, place=f"{fields.place}, {name}")
    said = {"en": inner.text("en")}
    said |= {language: inner.text(language) for language in LANGUAGES[1:] if inner.has(language)}
    inner.refuse_the_rest()
    return said
