"""The style that a mail of ours carries in itself → what a page must allow to show the mail.

Mail readers want style in the mail; a page of ours allows none in itself. A page that shows a mail
in a frame allows exactly the styles that our own template can yield, each by its hash: a text in
it can bring no other. Source: Content Security Policy Level 3, section 6.7.3.3 (hashes of elements
and, with 'unsafe-hashes', of attributes).
"""

from collections.abc import Mapping
from functools import lru_cache
from html.parser import HTMLParser

from django.conf import settings

from clinic.models import Clinic
from clinic.page_safety import hash_of
from reminders.flow.mails import Section, mail_of

AS_SENT = "(prefers-color-scheme: dark)"
# As they are sent, and as the panel shows them: kept to light, kept to dark.
SCHEMES = (AS_SENT, "all", "not all")


class Styles(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.attributes: set[str] = set()
        self.elements: set[str] = set()
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag == "style"
        self.attributes |= {value for name, value in attrs if name == "style" and value}

    def handle_endtag(self, tag: str) -> None:
        self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.elements.add(data)


@lru_cache(maxsize=1)
def allowed_styles() -> Mapping[str, tuple[str, ...]]:
    """Return the directives of a page that shows mails of ours, by their names."""
    found = Styles()
    for html in _every_mail():
        found.feed(html)
    attributes = sorted(map(hash_of, found.attributes))
    elements = {text.replace(AS_SENT, scheme) for text in found.elements for scheme in SCHEMES}
    return {
        "style-src-attr": ("'unsafe-hashes'", *attributes),
        "style-src-elem": ("'self'", *sorted(map(hash_of, elements))),
    }


def _every_mail() -> list[str]:
    """Mails that hold whatever the template can make: one message and two, links, numbers."""
    clinic = Clinic(
        name="-", sender_name="-", country="GB",
        phone="020 7946 0100", urgent_phone="020 7946 0101", emergency_phone="999",
    )  # fmt: skip
    section = Section("-", ("-", f"{clinic.phone} {settings.PUBLIC_URL}/p/-"))
    stop = f"{settings.PUBLIC_URL}/u/-/"
    return [
        mail_of(sections, subject="-", clinic=clinic, language=language, unsubscribe_url=stop).html
        for sections in ([section], [section, section])
        for language in ("en", "ar")
    ]
