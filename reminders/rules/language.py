"""Which language one message is written in, and which way that language runs.

Each message is whole in one language: its text, its subject and its foot. In this order:

1. the patient's language, where the message has all its words in it;
2. the clinic's language, which its staff can explain on the telephone;
3. English, in which every pathway that ships is complete.

A pack that is not complete is used for what it has. So a patient may get some messages in their
own language and others in the clinic's, and the panel says how many, beside the advice to have an
interpreter on each call. Sending nothing at all would be the greater harm: a warning sign that a
relative can translate is better than silence.

Source: docs/adr/0010-whole-in-one-language.md; safety rule SR-23 of the content research (only
wording that clinicians have signed, never a machine's; where it is missing the clinic's own
language, and an interpreter).
"""

from collections.abc import Collection

RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})
EVERYWHERE = "en"


def language_of(offered: Collection[str], *, patient: str, clinic: str) -> str | None:
    """Return the language of a message that has words in `offered`; None when none of ours fits.

    Codes are compared without their country: a patient with es-MX reads the words of es.
    """
    for wanted in (patient, clinic, EVERYWHERE):
        if found := next((code for code in (wanted, _bare(wanted)) if code in offered), None):
            return found
    return None


def direction(language: str) -> str:
    """Return rtl or ltr, as HTML has them."""
    return "rtl" if _bare(language) in RIGHT_TO_LEFT else "ltr"


def _bare(language: str) -> str:
    return language.partition("-")[0]
