"""/u/<token>/: one tap in a mail reader, or on this page, stops the mails (RFC 8058).

Opening the address changes nothing, nor does any call but the one that the standard describes: a
scanner that follows every link does no harm. The answer is the same for every token, so that it
tells nobody whose address this is.
"""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from clinic import clock
from reminders.flow.unsubscribe import stop_mails
from reminders.patient_page.frame import language_of, show
from reminders.patient_page.page_words import PAGE_WORDS

ONE_CLICK = "One-Click"

# Spanish and Arabic wait for a reader of those languages to check them.
OWN_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "title": "Stop our emails",
        "about": "Press the button to get no more emails from us at the address that this link was "
        "sent to. If you get our texts, they go on.",
        "button": "Stop the emails",
        "stopped": "You will get no more emails from us at the address that this link was sent to.",
        "again": "If you get our texts, they go on. To start emails again, call your clinic.",
    },
    "es": {
        "title": "No recibir más correos",
        "about": "Pulse el botón para no recibir más correos en la dirección a la que se envió "
        "este enlace. Si recibe nuestros mensajes de texto, estos siguen.",
        "button": "No recibir más correos",
        "stopped": "No recibirá más correos en la dirección a la que se envió este enlace.",
        "again": "Si recibe nuestros mensajes de texto, estos siguen. Para volver a recibir "
        "correos, llame a su clínica.",
    },
    "ar": {
        "title": "إيقاف رسائل البريد",
        "about": "اضغط الزر حتى لا تصلك رسائل بريد أخرى على العنوان الذي أُرسل إليه هذا الرابط. "
        "أما الرسائل النصية فتستمر إن كانت تصلك.",
        "button": "إيقاف رسائل البريد",
        "stopped": "لن تصلك رسائل بريد أخرى على العنوان الذي أُرسل إليه هذا الرابط.",
        "again": "أما الرسائل النصية فتستمر إن كانت تصلك. لتصلك رسائل البريد من جديد اتصل بعيادتك.",
    },
}


@csrf_exempt  # a mail reader's server calls it, without having opened the page
@require_http_methods(["GET", "HEAD", "POST"])
def stop_mails_page(request: HttpRequest, token: str) -> HttpResponse:
    """Show the button; on the standard's own call, stop the mails. Asks for no log-in or cookie."""
    is_one_click = request.method == "POST" and request.POST.get("List-Unsubscribe") == ONE_CLICK
    if is_one_click:
        stop_mails(token, now=clock.now())
    language = language_of(request)
    words = {**PAGE_WORDS[language], **OWN_WORDS[language]}
    context = {"is_done": is_one_click, "words": words, "has_languages": True}
    return show(request, "stop_mails.html", context, language=language)
