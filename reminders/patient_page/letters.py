"""Pages of a PDF with letters of their own: Latin, Greek, Cyrillic and Arabic, joined and in order.

The fonts go into the file, as far as its words need them, so that every reader shows the same.
"""

import logging
from pathlib import Path

from fpdf import FPDF
from fpdf.fonts import TTFFont

# They name the letters of a page, and letters of a patient's name are nobody's business.
for name in ("fpdf", "fontTools"):
    logging.getLogger(name).setLevel(logging.ERROR)

FONTS = Path(__file__).parent / "fonts"
FAMILY = "DejaVu"


class LetteredPages(FPDF):
    """A4 or Letter pages that can say any name a clinic or a patient may have here."""

    def __init__(self, *, is_letter: bool = False) -> None:
        super().__init__(format="letter" if is_letter else "A4")
        self.add_font(FAMILY, "", FONTS / "DejaVuSans.ttf")
        self.add_font(FAMILY, "B", FONTS / "DejaVuSans-Bold.ttf")

    def let_go(self) -> None:
        """Close the files of the fonts, once nothing more is written."""
        for font in self.fonts.values():
            if isinstance(font, TTFFont):
                font.ttfont.close()
