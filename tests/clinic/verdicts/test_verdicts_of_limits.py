"""A clinic's own limits stay within what the reviewed sources support."""

import pytest
from django.core.exceptions import ValidationError

from clinic.verdicts import Rejected, limits
from tests.factories import ClinicFactory


@pytest.mark.parametrize(
    ("words", "reviewed"),
    [
        ("4.5 kg (10 lb)", limits.LIFTING),
        ("10 lb (4,5 kg)", limits.LIFTING),
        ("2.3 kg", limits.LIFTING),
        ("11 kg", limits.LIFTING),
        ("30 minutes", limits.SITTING),
        ("٣٠ دقيقة", limits.SITTING),
        ("45 to 60 minutes", limits.SITTING),
        ("38 C", limits.FEVER),
        ("100.4 F (38 °C)", limits.FEVER),
    ],
)
def test_a_limit_that_sources_support_stays_as_it_is_written(words, reviewed):
    assert limits.limit(words, reviewed=reviewed).value == words


@pytest.mark.parametrize(
    ("words", "reviewed", "says"),
    [
        ("2.2 kg", limits.LIFTING, "from 2.3 to 11"),
        ("45 kg (10 lb)", limits.LIFTING, "from 2.3 to 11"),
        ("5 or 20 kg", limits.LIFTING, "from 2.3 to 11"),
        ("10 lb", limits.LIFTING, "4.5 kg"),
        ("a kettle", limits.LIFTING, "4.5 kg"),
        ("", limits.SITTING, "30 minutes"),
        ("19 minutes", limits.SITTING, "from 20 to 60"),
        ("2 hours", limits.SITTING, "from 20 to 60"),
        ("37.7 C", limits.FEVER, "from 37.8 to 38.6"),
        ("39 C", limits.FEVER, "from 37.8 to 38.6"),
        ("100.4 F", limits.FEVER, "38 C"),
    ],
)
def test_any_other_is_refused_with_what_to_write_instead(words, reviewed, says):
    with pytest.raises(Rejected) as refused:
        limits.limit(words, reviewed=reviewed)

    assert says in str(refused.value)


@pytest.mark.django_db
@pytest.mark.parametrize("field", ["lift_limit", "sit_limit", "fever"])
def test_a_clinic_cannot_write_what_no_source_supports(field):
    clinic = ClinicFactory()
    clinic.clean()
    setattr(clinic, field, "99 kg or C")

    with pytest.raises(ValidationError) as refused:
        clinic.clean()

    assert list(refused.value.error_dict) == [field]
