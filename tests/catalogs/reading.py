"""Catalogs, and the words marked in code and templates, read without the gettext tools."""

from io import BytesIO
from pathlib import Path

from babel.messages.extract import extract
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation import templatize

ROOMS = ("reminders", "clinic")
READ = ("clinic", "reminders", "templates")
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


def catalog_of(room, ending="po"):
    """Return a room's Spanish catalog, from its text (po) or as Django reads it (mo)."""
    path = settings.BASE_DIR / room / "locale" / "es" / "LC_MESSAGES" / f"django.{ending}"
    with path.open("rb") as file:
        return read_po(file) if ending == "po" else read_mo(file)


def said_in(catalog):
    """Return each text of a catalog with what it says for it, by context."""
    return {
        (_kept(message.context), _kept(message.id)): _kept(message.string)
        for message in messages_of(catalog)
    }


def messages_of(catalog):
    """Return the catalog's texts, without its head."""
    return [message for message in catalog if message.id]


def _kept(text):
    if isinstance(text, bytes):  # contexts of compiled catalogs
        return text.decode()
    return tuple(text) if isinstance(text, list) else text


def marked():
    """Yield (file, context, text) of each text that waits for a translation; text or a pair."""
    for path in filter(_speaks, _files()):
        for _, text, _, context in extract("python", _source(path), keywords=KEYWORDS):
            yield str(path.relative_to(settings.BASE_DIR)), context, text


def _files():
    for folder in READ:
        for ending in ("*.py", "*.html", "*.txt"):
            yield from sorted(Path(settings.BASE_DIR / folder).rglob(ending))


def _speaks(path):
    return any(word in path.read_text() for word in ("gettext", "load i18n"))


def _source(path):
    text = path.read_text()
    if path.suffix != ".py":
        lines = templatize(text, origin=str(path)).splitlines()
        text = "\n".join(line.strip() for line in lines)  # the indents of a page are no Python
    return BytesIO(text.encode())
