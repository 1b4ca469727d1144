"""Which language the panel speaks to whoever looks at it."""

from django.conf import settings
from django.http import HttpRequest
from django.middleware.locale import LocaleMiddleware
from django.utils import translation


class PanelLanguage(LocaleMiddleware):
    """Speak the language that was chosen in the panel, else the browser's, else English.

    The choice is a cookie of this browser. Only languages with a whole catalog are spoken: a page
    with half of its words in another language is worse than one in English. Patients' pages and
    messages choose by themselves and look at neither.
    """

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        if translation.get_language() not in dict(settings.PANEL_LANGUAGES):
            translation.activate(settings.LANGUAGE_CODE)
            request.LANGUAGE_CODE = translation.get_language() or settings.LANGUAGE_CODE
