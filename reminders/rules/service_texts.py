# ruff: noqa: E501 - the lines are texts
"""The service's own words: answers to STOP, START and HELP, a new link, the foot of each mail.

They carry no clinical advice beyond whom to call, so they belong to no pathway; a clinic reads
them on the go-live page. Spanish and Arabic wait for a reader of those languages to check them.
"""

from collections.abc import Mapping
from enum import StrEnum

from reminders.rules.wording import fill


class ServiceText(StrEnum):
    """Which of the service's own texts."""

    OPTED_OUT = "opted_out"
    OPTED_IN = "opted_in"
    HELP = "help"
    RECEIVED = "received"
    RECEIVED_CLOSED = "received_closed"
    NOTICE_URGENT = "notice_urgent"
    NOTICE_TODAY = "notice_today"
    NEW_LINK = "new_link"
    NEW_LINK_SUBJECT = "new_link_subject"
    NEW_LINK_HEADING = "new_link_heading"
    FOOT_PREVIEW = "foot_preview"
    FOOT_NUMBERS = "foot_numbers"
    FOOT_DISCLAIMER = "foot_disclaimer"
    FOOT_STOP = "foot_stop"
    FOOT_UNSUBSCRIBE = "foot_unsubscribe"
    CALL_EMERGENCY = "call_emergency"
    CALL_SAME_DAY = "call_same_day"
    CALL_QUESTIONS = "call_questions"
    SEVERAL_SUBJECT = "several_subject"
    SEVERAL_HEADING = "several_heading"
    CALENDAR_APPOINTMENT = "calendar_appointment"
    CALENDAR_MESSAGE = "calendar_message"


TEXTS: Mapping[str, Mapping[ServiceText, str]] = {
    "en": {
        ServiceText.OPTED_OUT: "{clinic}: you will get no more texts from us. To start again, text "
        "START. Emergency: {emergency}. Questions: {phone}",
        ServiceText.OPTED_IN: "{clinic}: you will get our texts again. Text STOP to end. "
        "Emergency: {emergency}",
        ServiceText.HELP: "{clinic}: emergency {emergency}. Same-day help {urgent}. Questions "
        "{phone}. Text STOP to end texts.",
        ServiceText.RECEIVED: "{clinic}: we have your message. It may be read late. Emergency: call "
        "{emergency}. Same-day help: {urgent}",
        ServiceText.RECEIVED_CLOSED: "{clinic}: nobody reads messages now. Emergency: call "
        "{emergency}. Same-day help: {urgent}. We read again {date}, {time}.",
        ServiceText.NOTICE_URGENT: "Aftercare {clinic}: an urgent alert waits since {time}. "
        "Open {link}",
        ServiceText.NOTICE_TODAY: "Aftercare {clinic}: an alert for today waits since {time}. "
        "Open {link}",
        ServiceText.NEW_LINK: "{clinic}: here is your page: {link} It asks for your birth date. Emergency: {emergency}",
        ServiceText.NEW_LINK_SUBJECT: "{clinic}: the link to your page",
        ServiceText.NEW_LINK_HEADING: "Your page",
        ServiceText.FOOT_PREVIEW: "Open to read your message.",
        ServiceText.FOOT_NUMBERS: "Emergency: {emergency}. Same-day help: {urgent}. "
        "Questions: {phone}.",
        ServiceText.FOOT_DISCLAIMER: "This is general advice from your clinic. It does not replace "
        "your care team. Please do not reply to this mail: your reply may not be read.",
        ServiceText.FOOT_STOP: "To stop these mails, call {phone}. To stop texts, reply STOP.",
        ServiceText.FOOT_UNSUBSCRIBE: "Stop these mails",
        ServiceText.CALL_EMERGENCY: "Emergency: {emergency}",
        ServiceText.CALL_SAME_DAY: "Same-day help: {urgent}",
        ServiceText.CALL_QUESTIONS: "Questions: {phone}",
        ServiceText.SEVERAL_SUBJECT: "{clinic}: your messages for today",
        ServiceText.SEVERAL_HEADING: "Your messages for today",
        ServiceText.CALENDAR_APPOINTMENT: "{clinic}: appointment",
        ServiceText.CALENDAR_MESSAGE: "{clinic}: a message for you",
    },
    "es": {
        ServiceText.OPTED_OUT: "{clinic}: no recibira mas mensajes. Para volver, envie START. "
        "Emergencia: {emergency}. Preguntas: {phone}",
        ServiceText.OPTED_IN: "{clinic}: volvera a recibir mensajes. Envie STOP para terminar. "
        "Emergencia: {emergency}",
        ServiceText.HELP: "{clinic}: emergencia {emergency}. Ayuda hoy {urgent}. Preguntas {phone}. "
        "Envie STOP para terminar.",
        ServiceText.RECEIVED: "{clinic}: tenemos su mensaje. Puede leerse tarde. Emergencia: llame al "
        "{emergency}. Ayuda hoy: {urgent}",
        ServiceText.RECEIVED_CLOSED: "{clinic}: ahora nadie lee los mensajes. Emergencia: llame al "
        "{emergency}. Ayuda hoy: {urgent}. Leemos de nuevo: {date}, {time}.",
        ServiceText.NOTICE_URGENT: "Aftercare {clinic}: un aviso urgente espera desde las {time}. "
        "Abra {link}",
        ServiceText.NOTICE_TODAY: "Aftercare {clinic}: un aviso para hoy espera desde las {time}. "
        "Abra {link}",
        ServiceText.NEW_LINK: "{clinic}: esta es su pagina: {link} Le pide su fecha de nacimiento. Emergencia: {emergency}",
        ServiceText.NEW_LINK_SUBJECT: "{clinic}: el enlace a su página",
        ServiceText.NEW_LINK_HEADING: "Su página",
        ServiceText.FOOT_PREVIEW: "Abra para leer su mensaje.",
        ServiceText.FOOT_NUMBERS: "Emergencia: {emergency}. Ayuda en el día: {urgent}. "
        "Preguntas: {phone}.",
        ServiceText.FOOT_DISCLAIMER: "Este es un consejo general de su clínica. No sustituye a su "
        "equipo médico. No responda a este correo: puede que nadie lea la respuesta.",
        ServiceText.FOOT_STOP: "Para no recibir más correos, llame al {phone}. Para no recibir más "
        "mensajes de texto, responda STOP.",
        ServiceText.FOOT_UNSUBSCRIBE: "No recibir más correos",
        ServiceText.CALL_EMERGENCY: "Emergencia: {emergency}",
        ServiceText.CALL_SAME_DAY: "Ayuda en el día: {urgent}",
        ServiceText.CALL_QUESTIONS: "Preguntas: {phone}",
        ServiceText.SEVERAL_SUBJECT: "{clinic}: sus mensajes de hoy",
        ServiceText.SEVERAL_HEADING: "Sus mensajes de hoy",
        ServiceText.CALENDAR_APPOINTMENT: "{clinic}: cita",
        ServiceText.CALENDAR_MESSAGE: "{clinic}: un mensaje para usted",
    },
    "ar": {
        ServiceText.OPTED_OUT: "{clinic}: لن تصلك رسائل أخرى. للعودة أرسل START. الطوارئ {emergency}",
        ServiceText.OPTED_IN: "{clinic}: ستصلك رسائلنا من جديد. أرسل STOP للإيقاف.",
        ServiceText.HELP: "{clinic}: الطوارئ {emergency}. مساعدة اليوم {urgent}",
        ServiceText.RECEIVED: "{clinic}: وصلت رسالتك وقد تُقرأ لاحقا. الطوارئ {emergency}",
        ServiceText.RECEIVED_CLOSED: "{clinic}: لا أحد يقرأ الرسائل الآن. الطوارئ {emergency}. "
        "مساعدة اليوم {urgent}. نقرأ من جديد {date} {time}",
        ServiceText.NOTICE_URGENT: "Aftercare {clinic}: تنبيه عاجل ينتظر منذ {time}. {link}",
        ServiceText.NOTICE_TODAY: "Aftercare {clinic}: تنبيه لليوم ينتظر منذ {time}. {link}",
        ServiceText.NEW_LINK: "{clinic}: هذه صفحتك: {link} ستسألك عن تاريخ ميلادك. الطوارئ {emergency}",
        ServiceText.NEW_LINK_SUBJECT: "{clinic}: رابط صفحتك",
        ServiceText.NEW_LINK_HEADING: "صفحتك",
        ServiceText.FOOT_PREVIEW: "افتح لقراءة رسالتك.",
        ServiceText.FOOT_NUMBERS: "الطوارئ: {emergency}. مساعدة في اليوم نفسه: {urgent}. "
        "للأسئلة: {phone}.",
        ServiceText.FOOT_DISCLAIMER: "هذه نصيحة عامة من عيادتك ولا تغني عن فريق رعايتك. "
        "لا ترد على هذه الرسالة: قد لا يقرأ أحد ردك.",
        ServiceText.FOOT_STOP: "لإيقاف هذه الرسائل اتصل على {phone}. لإيقاف الرسائل النصية أرسل STOP.",
        ServiceText.FOOT_UNSUBSCRIBE: "إيقاف هذه الرسائل",
        ServiceText.CALL_EMERGENCY: "الطوارئ: {emergency}",
        ServiceText.CALL_SAME_DAY: "مساعدة في اليوم نفسه: {urgent}",
        ServiceText.CALL_QUESTIONS: "للأسئلة: {phone}",
        ServiceText.SEVERAL_SUBJECT: "{clinic}: رسائلك لهذا اليوم",
        ServiceText.SEVERAL_HEADING: "رسائلك لهذا اليوم",
        ServiceText.CALENDAR_APPOINTMENT: "{clinic}: موعد",
        ServiceText.CALENDAR_MESSAGE: "{clinic}: رسالة لك",
    },
}


def template_of(which: ServiceText, *, language: str) -> str:
    """Return a text with its placeholders, in this language or in English."""
    return TEXTS.get(language, TEXTS["en"])[which]


def service_text(
    which: ServiceText, *, language: str, values: Mapping[str, str], isolate: bool = False
) -> str:
    """Return one of the service's texts in this language, or in English where there is none.

    `isolate` is for mails, as in `fill`. Raises Unfillable when the clinic lacks a number that the
    text needs.
    """
    return fill(template_of(which, language=language), values=values, isolate=isolate)


def mail_foot(*, language: str, values: Mapping[str, str]) -> dict[str, str]:
    """Return the foot of a mail: preview, numbers, disclaimer, how to stop, and the link's words."""
    parts = {
        "preview": ServiceText.FOOT_PREVIEW,
        "numbers": ServiceText.FOOT_NUMBERS,
        "disclaimer": ServiceText.FOOT_DISCLAIMER,
        "stop": ServiceText.FOOT_STOP,
        "unsubscribe": ServiceText.FOOT_UNSUBSCRIBE,
    }
    return {
        name: service_text(which, language=language, values=values, isolate=True)
        for name, which in parts.items()
    }
