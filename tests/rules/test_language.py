import pytest

from reminders.rules.language import direction, language_of


@pytest.mark.parametrize(
    ("patient", "clinic", "offered", "spoken"),
    [
        ("ar", "es", {"ar", "es", "en"}, "ar"),
        ("ar", "es", {"es", "en"}, "es"),
        ("ar", "es", {"en"}, "en"),
        ("pl", "pl", {"en", "ar"}, "en"),
        ("es-MX", "en", {"es", "en"}, "es"),
        ("es-MX", "en", {"es-MX", "es"}, "es-MX"),
        ("ar", "en-GB", {"en"}, "en"),
    ],
)
def test_a_message_is_in_the_patients_language_then_the_clinics_then_english(
    patient, clinic, offered, spoken
):
    assert language_of(offered, patient=patient, clinic=clinic) == spoken


def test_a_message_in_nobodys_language_is_in_none():
    assert language_of({"ar"}, patient="es", clinic="es") is None


@pytest.mark.parametrize(
    ("language", "way"), [("ar", "rtl"), ("ar-EG", "rtl"), ("he", "rtl"), ("es", "ltr")]
)
def test_a_language_runs_its_own_way(language, way):
    assert direction(language) == way
