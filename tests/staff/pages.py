"""A page as a person uses it: its forms, filled in as they stand there."""

from html.parser import HTMLParser


class _Fields(HTMLParser):
    """Gathers what a browser would send of the fields on a page."""

    def __init__(self):
        super().__init__()
        self.values = {}
        self._select = self._textarea = None

    def handle_starttag(self, tag, attrs):
        a = dict(attrs)
        name = a.get("name")
        if tag == "input" and name:
            if a.get("type") in ("checkbox", "radio"):
                if "checked" in a:
                    self._tick(name, a.get("value") or "on")
            elif a.get("type") not in ("submit", "file", "search"):
                self.values[name] = a.get("value") or ""
        elif tag == "select" and name:
            self._select = name
            self.values.setdefault(name, "")
        elif tag == "option" and self._select and "selected" in a:
            self.values[self._select] = a.get("value") or ""
        elif tag == "textarea" and name:
            self._textarea = name
            self.values[name] = ""

    def _tick(self, name, value):
        """One box is a value, several of one name are a list."""
        before = self.values.get(name)
        if before is None:
            self.values[name] = value
        else:
            self.values[name] = [*(before if isinstance(before, list) else [before]), value]

    def handle_endtag(self, tag):
        if tag == "select":
            self._select = None
        elif tag == "textarea":
            self._textarea = None

    def handle_data(self, data):
        if self._textarea:
            self.values[self._textarea] += data


def fields_of(page):
    """Return name and value of each field on the page, ready to be changed and posted."""
    parser = _Fields()
    parser.feed(page.content.decode())
    return {name: value for name, value in parser.values.items() if "__prefix__" not in name}


def words_of(page):
    """Return the page's text with its spaces evened out."""
    return " ".join(page.content.decode().split())
