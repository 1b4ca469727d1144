"""Marks a text of the rules for the catalogs. Rules know no Django: whoever shows it translates."""


def gettext_noop(text: str) -> str:
    """Return the text as it is; `make messages` finds it by this name."""
    return text
