"""Text that somebody had typed when their session ended: kept for them, shown after the log-in.

It is never sent in their name. It waits in the session of the same browser, encrypted, for an
hour, and is shown to nobody but the person who typed it.
"""

import json
from collections.abc import Iterable, Iterator

from allauth.mfa.adapter import get_adapter
from django.http import HttpRequest

from clinic.models import Staff

KEY = "kept_text"
KEPT_SECONDS = 60 * 60
CHARACTERS_AT_MOST = 20_000
# Shorter than this, it is a name, a date or a choice, and quicker to type than to find.
WORTH_KEEPING_CHARACTERS = 20
NEVER = ("csrf", "password", "code", "next", "secret", "_")


def typed_in(request: HttpRequest) -> list[str]:
    """Return the longer texts among what a form sent; passwords and codes are never among them."""
    fields = request.POST.lists()
    return list(_fitting(text for name, texts in fields if is_kept(name) for text in texts))


def keep(request: HttpRequest, texts: list[str], *, staff: Staff) -> None:
    """Keep these texts for this person in a session that has just ended and begun anew."""
    if texts:
        kept = json.dumps({"staff": staff.pk, "texts": texts})
        request.session[KEY] = get_adapter().encrypt(kept)
        request.session.set_expiry(KEPT_SECONDS)


def kept_for(request: HttpRequest) -> list[str]:
    """Return what was kept for whoever is signed in; another person's is thrown away."""
    if KEY not in request.session:
        return []
    kept = json.loads(get_adapter().decrypt(request.session[KEY]))
    if kept["staff"] != request.user.pk:
        throw_away(request)
        return []
    return list(kept["texts"])


def throw_away(request: HttpRequest) -> None:
    """Forget what was kept."""
    request.session.pop(KEY, None)


def is_kept(name: str) -> bool:
    """True for a field that may be kept: no password, no code, nothing of the frame."""
    return not name.lower().startswith(NEVER)


def _fitting(texts: Iterable[str]) -> Iterator[str]:
    left = CHARACTERS_AT_MOST
    for text in texts:
        if len(text.strip()) >= WORTH_KEEPING_CHARACTERS and len(text) <= left:
            left -= len(text)
            yield text
