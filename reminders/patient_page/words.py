"""The words of the clinic's public page that belong to no pathway, in each language.

Spanish and Arabic wait for a reader of those languages to check them.
"""

from collections.abc import Mapping

LANGUAGES: Mapping[str, str] = {"en": "English", "es": "Español", "ar": "العربية"}

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "title": "Numbers to call",
        "skip": "Skip to the numbers",
        "languages": "Language",
        "numbers": "Who to call",
        "emergency": "Emergency",
        "emergency_when": "In any emergency, at any hour.",
        "emergency_missing": "In an emergency, call the emergency number of your country.",
        "same_day": "Same-day help",
        "same_day_when": "When it can not wait until tomorrow. Call, do not text.",
        "questions": "Questions",
        "call": "Call",
        "signs": "Warning signs",
        "back": "After an operation on the back",
        "neck": "After an operation on the neck",
        "signs_note": "Keep this list. If you are not sure, call.",
        "signs_missing": "Your clinic has not put its list on this page yet. Use the one you were "
        "given, or call.",
        "messages": "Our messages",
        "purpose": "This service sends appointment, self-care and general warning-sign reminders "
        "that a clinic has approved. It does not diagnose, monitor, triage or advise on treatment.",
        "demo": "This is a demo. The clinic is made up, and its words were signed by made-up "
        "clinicians.",
        "unknown_title": "Page not found",
        "unknown": "We do not know this page. Look at the link in your message again, or call the "
        "number your clinic gave you.",
        "every_day": "every day",
        "to": "to",
        "at": "{days}, {opens} to {closes}",
    },
    "es": {
        "title": "Números de teléfono",
        "skip": "Ir a los números",
        "languages": "Idioma",
        "numbers": "A quién llamar",
        "emergency": "Emergencia",
        "emergency_when": "En cualquier emergencia, a cualquier hora.",
        "emergency_missing": "En una emergencia, llame al número de emergencias de su país.",
        "same_day": "Ayuda en el día",
        "same_day_when": "Cuando no puede esperar a mañana. Llame, no escriba.",
        "questions": "Preguntas",
        "call": "Llamar al",
        "signs": "Señales de alerta",
        "back": "Después de una operación de espalda",
        "neck": "Después de una operación de cuello",
        "signs_note": "Guarde esta lista. Si no está seguro, llame.",
        "signs_missing": "Su clínica aún no ha puesto su lista en esta página. Use la que le "
        "dieron, o llame.",
        "messages": "Nuestros mensajes",
        "purpose": "Este servicio envía recordatorios de citas, de cuidado propio y de señales "
        "generales de alerta que una clínica ha aprobado. No diagnostica, no vigila, no clasifica "
        "la urgencia ni aconseja sobre el tratamiento.",
        "demo": "Esto es una demostración. La clínica es inventada y sus textos los firmaron "
        "clínicos inventados.",
        "unknown_title": "Página no encontrada",
        "unknown": "No conocemos esta página. Mire otra vez el enlace de su mensaje, o llame al "
        "número que le dio su clínica.",
        "every_day": "todos los días",
        "to": "a",
        "at": "{days}, de {opens} a {closes}",
    },
    "ar": {
        "title": "أرقام للاتصال",
        "skip": "انتقل إلى الأرقام",
        "languages": "اللغة",
        "numbers": "بمن تتصل",
        "emergency": "الطوارئ",
        "emergency_when": "في أي حالة طوارئ وفي أي ساعة.",
        "emergency_missing": "في حالة الطوارئ اتصل برقم الطوارئ في بلدك.",
        "same_day": "مساعدة في اليوم نفسه",
        "same_day_when": "عندما لا يحتمل الأمر الانتظار إلى الغد. اتصل ولا تكتب رسالة.",
        "questions": "للأسئلة",
        "call": "اتصل على",
        "signs": "علامات التحذير",
        "back": "بعد عملية في الظهر",
        "neck": "بعد عملية في الرقبة",
        "signs_note": "احتفظ بهذه القائمة. إن لم تكن متأكدا فاتصل.",
        "signs_missing": "لم تضع عيادتك قائمتها في هذه الصفحة بعد. استخدم القائمة "
        "التي أعطيت لك، أو اتصل.",
        "messages": "رسائلنا",
        "purpose": "ترسل هذه الخدمة تذكيرات بالمواعيد والعناية الذاتية وعلامات التحذير العامة "
        "التي وافقت عليها العيادة. وهي لا تشخص ولا تراقب ولا تصنف الحالات ولا تنصح بالعلاج.",
        "demo": "هذا عرض تجريبي. العيادة غير حقيقية، ونصوصها موقعة من أطباء غير حقيقيين.",
        "unknown_title": "الصفحة غير موجودة",
        "unknown": "لا نعرف هذه الصفحة. تحقق من الرابط في رسالتك، أو اتصل بالرقم الذي "
        "أعطته لك عيادتك.",
        "every_day": "كل يوم",
        "to": "إلى",
        "at": "{days}، من {opens} إلى {closes}",
    },
}


def page_language(asked: str, *, otherwise: str) -> str:
    """Return the language to speak: the one asked for, else the clinic's, else English."""
    return next((code for code in (asked, otherwise) if code in WORDS), "en")
