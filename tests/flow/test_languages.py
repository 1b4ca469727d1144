"""In which language a patient is told something, when only some of it has been translated."""

import pytest

from clinic.models import Channel, Patient
from reminders.flow.render import CannotRender, render
from tests.factories import ClinicFactory, StepFactory, StepTextFactory

AN_ARABIC_TEXT = "{clinic}: امش قليلا اليوم. للأسئلة {phone}"


def sent(step, *, language, clinic_language="en", channel=Channel.SMS, detailed=False):
    clinic = ClinicFactory.build(language=clinic_language)
    patient = Patient(clinic=clinic, language=language, detailed_sms=detailed)
    return render(step, patient=patient, clinic=clinic, surgery=None, channel=channel)


@pytest.mark.django_db
class TestAPackThatIsNotComplete:
    def test_what_is_translated_goes_out_in_the_patients_language(self):
        step = StepFactory(texts=("en", "es", "ar"))

        assert sent(step, language="ar", clinic_language="es").language == "ar"

    def test_what_is_not_translated_goes_out_in_the_clinics_language(self):
        step = StepFactory(texts=("en", "es"))

        assert sent(step, language="ar", clinic_language="es").language == "es"

    def test_what_the_clinic_has_no_words_for_either_goes_out_in_english(self):
        step = StepFactory(texts=("en",))

        assert sent(step, language="ar", clinic_language="es").language == "en"

    def test_a_mail_that_lacks_a_part_in_the_patients_language_is_whole_in_the_next(self):
        step = StepFactory(texts=("en",))
        StepTextFactory(step=step, language="ar", sms=AN_ARABIC_TEXT, heading="")

        mail = sent(step, language="ar", channel=Channel.EMAIL)

        assert mail.language == "en"
        assert '<html lang="en" dir="ltr">' in mail.html
        assert mail.text.isascii()

    def test_its_text_still_goes_out_in_the_patients_language(self):
        step = StepFactory(texts=("en",))
        StepTextFactory(step=step, language="ar", sms=AN_ARABIC_TEXT, heading="")

        assert sent(step, language="ar").language == "ar"

    def test_a_text_without_the_details_in_their_language_stays_in_their_language(self):
        step = StepFactory(texts=())
        StepTextFactory(step=step, language="ar", sms=AN_ARABIC_TEXT)
        StepTextFactory(step=step, language="en", sms_detailed="{clinic}: walk, mind your back.")

        assert sent(step, language="ar", detailed=True).language == "ar"

    def test_nothing_is_sent_that_neither_patient_nor_clinic_can_read(self):
        step = StepFactory(texts=("ar",))

        with pytest.raises(CannotRender, match="no words in es"):
            sent(step, language="es")


@pytest.mark.django_db
class TestAnArabicMessage:
    def test_the_phone_starts_it_from_the_right_and_each_sign_is_counted(self):
        step = StepFactory(texts=())
        StepTextFactory(step=step, language="ar", sms=AN_ARABIC_TEXT + "." * 13)

        text = sent(step, language="ar")

        assert text.text.startswith("\u200fHarbourside Care: ")
        assert "\u200e020 7946 0100" in text.text
        assert (len(text.text), text.segments) == (71, 2)

    def test_the_plain_mail_isolates_each_number(self):
        step = StepFactory(texts=())
        StepTextFactory(
            step=step,
            language="ar",
            subject="{clinic}: رسالة",
            heading="المشي",
            email="اتصل {phone}.",
        )

        mail = sent(step, language="ar", channel=Channel.EMAIL)

        assert mail.subject == "\u2066Harbourside Care\u2069: رسالة"
        assert "اتصل \u2066020 7946 0100\u2069." in mail.text
        assert "الطوارئ: \u2066999\u2069\n" in mail.text
