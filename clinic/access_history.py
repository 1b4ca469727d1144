"""The door that writes the history of views: one row for each answer that showed patients.

Reads, prints, exports, searches and refusals of the panel, whatever page they came from. A page
that cannot be recorded is not shown: the row is written before the answer goes out.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import cast

from django.db import connection, models
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse

from clinic import clock
from clinic.access import PATH_TO_CLINIC
from clinic.models import AccessKind, Patient, Staff
from clinic.seen import Seen, gathering

PANEL = "staff/"
# A list that renews itself under the same eyes is written once in this time.
LIST_AGAIN_AFTER = timedelta(minutes=5)
PRINTED = ("paper", "print", "pdf")
OF_A_ROW = ("pk", "object_id", "id")

_INSERT = """
INSERT INTO clinic_accessevent (at, clinic_id, by_id, kind, page, patients)
SELECT %(at)s, %(clinic)s, %(by)s, %(kind)s, %(page)s, %(patients)s::bigint[]
WHERE %(kind)s <> 'list' OR NOT EXISTS (
    SELECT 1 FROM clinic_accessevent
    WHERE by_id = %(by)s AND at > %(since)s AND at <= %(at)s AND kind = 'list'
      AND page = %(page)s AND clinic_id IS NOT DISTINCT FROM %(clinic)s
      AND patients = %(patients)s::bigint[]
)
"""


class AccessHistory:
    """Write down whom each answer of the panel showed to the person who is signed in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with gathering() as seen:
            response = self.get_response(request)
        match = request.resolver_match
        if match is None or not match.route.startswith(PANEL):
            return response
        if isinstance(response, StreamingHttpResponse):
            content = cast("Iterable[bytes]", response.streaming_content)
            response.streaming_content = _recorded(request, response, content, seen)
        else:
            record(request, response, seen=seen, now=clock.now())
        return response


def refuse(request: HttpRequest, rows: "type[models.Model]", pk: object) -> None:
    """Note that a row was asked for which this person may not see, and whose it is.

    Costs a query, and only when somebody is refused. A row that is nowhere is noted as nobody's.
    """
    whose: Seen = {}
    path = _to_patient(rows)
    if path and str(pk).isascii() and str(pk).isdecimal():
        found = rows._default_manager.filter(pk=int(str(pk)[:18]), **{f"{path}__isnull": False})
        ids = list(found.values_list(path, flat=True)[:1])
        whose = dict(Patient.objects.filter(pk__in=ids).values_list("pk", "clinic"))
    refuse_all(request, whose)


def refuse_all(request: HttpRequest, whose: Seen) -> None:
    """Note that these patients were asked for by what was typed, and not shown."""
    request.refused = whose  # type: ignore[attr-defined]


def in_an_emergency(request: HttpRequest) -> None:
    """Note that this answer shows somebody to whom they are open only for an emergency."""
    request.is_emergency = True  # type: ignore[attr-defined]


def record(request: HttpRequest, response: HttpResponseBase, *, seen: Seen, now: datetime) -> None:
    """Write what this answer showed or refused: a row for each clinic that it concerns."""
    staff, kind = request.user, kind_of(request, response, seen)
    if not isinstance(staff, Staff) or kind is None:
        return
    shown: Seen = getattr(request, "refused", None) or seen
    match = request.resolver_match
    page = (match.url_name or match.route) if match else ""
    with connection.cursor() as cursor:
        for clinic, patients in _by_clinic(shown, own=staff.clinic_id):
            cursor.execute(
                _INSERT,
                {
                    "at": now,
                    "since": now - LIST_AGAIN_AFTER,
                    "by": staff.pk,
                    "kind": kind.value,
                    "page": page[:80],
                    "clinic": clinic,
                    "patients": patients,
                },
            )


def kind_of(request: HttpRequest, response: HttpResponseBase, seen: Seen) -> AccessKind | None:
    """Return what the answer was to the patients in it, or None where there is nothing to keep."""
    match = request.resolver_match
    kwargs = match.kwargs if match else {}
    is_refused = response.status_code == 403 or (
        response.status_code == 404 and any(name in kwargs for name in OF_A_ROW)
    )
    if is_refused or hasattr(request, "refused"):
        return AccessKind.DENIED
    if not seen or response.status_code >= 300:
        return None
    if getattr(request, "is_emergency", False):
        return AccessKind.EMERGENCY
    if any(word in (match.url_name or "") for word in PRINTED) if match else False:
        return AccessKind.PRINT
    if "attachment" in response.headers.get("Content-Disposition", ""):
        return AccessKind.EXPORT
    if any(name in kwargs for name in OF_A_ROW):
        return AccessKind.VIEW
    is_search = bool(request.GET.get("q") or request.GET.get("term"))
    return AccessKind.SEARCH if is_search else AccessKind.LIST


def _recorded(
    request: HttpRequest, response: HttpResponseBase, content: Iterable[bytes], seen: Seen
) -> Iterator[bytes]:
    """Pass a file on as it is made; what it showed is known and written at its end."""
    try:
        with gathering(seen):
            yield from content
    finally:
        record(request, response, seen=seen, now=clock.now())


def _by_clinic(seen: Seen, *, own: int | None) -> Iterator[tuple[int | None, list[int]]]:
    """Each clinic with its patients; the reader's own also when the patients are another's."""
    clinics: dict[int | None, list[int]] = {}
    for patient, clinic in seen.items():
        clinics.setdefault(clinic or own, []).append(patient)
    if own is not None and own not in clinics:
        clinics[own] = list(seen)
    yield from clinics.items() if clinics else [(own, [])]


def _to_patient(rows: "type[models.Model]") -> str | None:
    """How a model leads to its patient, or None: versions, clinics and staff have none."""
    if rows is Patient:
        return "pk"
    if any(field.name == "patient" for field in rows._meta.get_fields()):
        return "patient"
    path = PATH_TO_CLINIC.get(rows._meta.label_lower, "")
    return path.removesuffix("__clinic") if path.endswith("patient__clinic") else None
