"""What stands on a page to be read, and the pages that one can walk to."""

import re
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

ATTRIBUTES = ("placeholder", "title", "aria-label", "alt", "data-label")
UNCLOSED = frozenset({"input", "br", "img", "meta", "link", "hr", "path", "line", "rect", "circle"})
PAGES_OF_ONE_KIND = 1


class _Read(HTMLParser):
    """Gathers texts and links; leaves out scripts, icons, and what has its own language."""

    def __init__(self):
        super().__init__()
        self.texts, self.links, self._within = [], [], []

    def handle_starttag(self, tag, attrs):
        a = dict(attrs)
        if tag not in UNCLOSED:
            self._within.append((tag, a))
        if not self._is_left_out():
            self.texts += [a[name] for name in ATTRIBUTES if a.get(name)]
        if tag == "input" and a.get("type") in ("submit", "button"):
            self.texts.append(a.get("value") or "")
        if tag == "a":
            self.links.append(a.get("href") or "")

    def handle_endtag(self, tag):
        while self._within and self._within.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if data.strip() and not self._is_left_out():
            self.texts.append(" ".join(data.split()))

    def _is_left_out(self):
        return any(
            tag in ("script", "style", "code")
            or "material-symbols" in (a.get("class") or "")
            or (tag != "html" and "lang" in a)
            for tag, a in self._within
        )


def texts_of(answer):
    """Return what a person reads on the page, and what a screen reader says."""
    reader = _Read()
    reader.feed(answer.content.decode())
    return reader.texts


def walk(browser, start):
    """Yield (address, texts) of each kind of page that links lead to from the start."""
    to_see, seen, kinds = [start], set(), {}
    while to_see:
        address = to_see.pop(0)
        kind = re.sub(r"\d+", "N", address)
        if address in seen or kinds.get(kind, 0) >= PAGES_OF_ONE_KIND:
            continue
        seen.add(address)
        kinds[kind] = kinds.get(kind, 0) + 1
        answer = browser.get(address, follow=True)
        if not answer.headers["Content-Type"].startswith("text/html"):
            continue
        reader = _Read()
        reader.feed(answer.content.decode())
        yield address, reader.texts
        to_see += _within_the_panel(address, reader.links)


def _within_the_panel(address, links):
    for link in links:
        parts = urlsplit(urljoin(address, link))
        if not parts.netloc and parts.path.startswith("/staff/") and "logout" not in parts.path:
            yield parts.path  # filters and orders show the same words
