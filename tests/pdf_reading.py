"""A PDF of ours as somebody reads it: the letters on its pages."""

import re
import zlib


class PdfReader:
    """Reads back what stands in a PDF: its fonts' letters, and the strings of its pages."""

    def __init__(self, content):
        self.content = content
        self.objects = {
            int(number): body
            for number, body in re.findall(rb"(\d+) 0 obj\n(.*?)\nendobj", content, re.DOTALL)
        }
        fonts = re.findall(rb"/(F\d+) (\d+) 0 R", content)
        self.letters = {name: self._letters(int(number)) for name, number in fonts}

    def _stream(self, body):
        packed = body.split(b"stream\n", 1)[1].rsplit(b"\nendstream", 1)[0]
        return zlib.decompress(packed) if b"FlateDecode" in body else packed

    def _letters(self, number):
        found = re.search(rb"/ToUnicode (\d+) 0 R", self.objects[number])
        table = self._stream(self.objects[int(found[1])]).decode("ascii")
        return {
            int(glyph, 16): bytes.fromhex(letter).decode("utf-16-be")
            for glyph, letter in re.findall(r"<([0-9A-Fa-f]{4})> <([0-9A-Fa-f]+)>\n", table)
        }

    def text(self):
        """The letters of all pages in the order in which they were written."""
        streams = (self._stream(body) for body in self.objects.values() if b"stream\n" in body)
        return "".join(self._page(page) for page in streams if b" Tf" in page)

    def _page(self, page):
        said, font = [], b""
        parts = rb"/(F\d+) [\d.]+ Tf|\(((?:\\.|[^\\)])*)\) Tj"
        for name, shown in re.findall(parts, page, re.DOTALL):
            font = name or font
            said += [self.letters[font].get(glyph, "") for glyph in _glyphs(shown)]
        return "".join(said)


ESCAPED = {b"\\n": b"\n", b"\\r": b"\r", b"\\t": b"\t", b"\\b": b"\b", b"\\f": b"\f"}


def _glyphs(shown):
    raw = re.sub(rb"\\.", lambda m: ESCAPED.get(m[0], m[0][1:]), shown, flags=re.DOTALL)
    return [int.from_bytes(raw[at : at + 2], "big") for at in range(0, len(raw), 2)]
