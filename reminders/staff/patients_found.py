"""Words in a search → the patients they name, so that what belongs to them is read by their ids."""

from django.db.models import Q

from clinic.access import visible_to
from clinic.models import Patient, Staff

# A search that fits more people than this names nobody.
MOST_FOUND = 10_000


def patients_found(staff: Staff, words: str) -> list[int] | None:
    """Return the ids of the patients in whom each word is found; None where too many are.

    The words may stand in a name or the record number. Only patients whom this person may see.
    """
    patients = visible_to(staff, Patient.objects.order_by())
    for word in words.split():
        patients = patients.filter(
            Q(given_name__icontains=word)
            | Q(family_name__icontains=word)
            | Q(record_number__icontains=word)
        )
    found = list(patients.values_list("pk", flat=True)[: MOST_FOUND + 1])
    return found if len(found) <= MOST_FOUND else None
