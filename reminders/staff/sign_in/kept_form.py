"""A form that was sent when we had to ask who sits here: filled in again for them, never sent.

It waits in the session of the same browser, encrypted, for the page that it was sent from.
"""

import json

from allauth.mfa.adapter import get_adapter
from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from reminders.staff.sign_in.kept_text import CHARACTERS_AT_MOST, is_kept

KEY = "kept_form"


def keep_form(request: HttpRequest, *, page: str) -> None:
    """Keep what was typed for `page`; passwords and codes are never among it."""
    typed = {name: value for name, value in request.POST.items() if is_kept(name)}
    kept = json.dumps({"page": page, "typed": typed})
    if typed and len(kept) <= CHARACTERS_AT_MOST:
        request.session[KEY] = get_adapter().encrypt(kept)


def typed_before(request: HttpRequest) -> dict[str, str]:
    """Return what was typed on this page before we asked, once; nothing where nothing was."""
    if typed := kept_before(request):
        messages.info(request, _("What you had chosen stands here again. Nothing was sent yet."))
    return typed


def kept_before(request: HttpRequest) -> dict[str, str]:
    """Return the same, and leave it to the page to say so."""
    if request.method != "GET" or KEY not in request.session:
        return {}
    kept = json.loads(get_adapter().decrypt(request.session.pop(KEY)))
    if kept["page"] != request.get_full_path():
        return {}
    return dict(kept["typed"])
