"""States as the lists show them: a coloured word, and why, below it."""

from django.utils.html import format_html
from django.utils.translation import gettext as _


def on_hold(reason: str) -> str:
    """Return the words for messages that wait until somebody goes on, with the reason."""
    return format_html(
        '<span class="ac-two"><span>'
        '<span class="ac-pill ac-pill-warn">{}</span></span><small>{}</small></span>',
        _("On hold"),
        reason,
    )
