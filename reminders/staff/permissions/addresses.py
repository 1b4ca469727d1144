"""Every address of the panel, with rows of one clinic in the places that ask for a row.

Read from the resolver, so that a new page is here without anybody listing it. An argument that
cannot be filled stops the walk and says so: a page that nobody can try would be in no matrix and in
no crawl.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.apps import apps
from django.db.models import Model
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from clinic.access import PATH_TO_CLINIC
from clinic.models import Clinic
from reminders.models import Step
from reminders.staff.pathways import STEPS as VERSION_STEPS
from reminders.staff.surgery_steps import STEPS as SURGERY_STEPS

PANEL = "staff/"
# Which model an argument names, where it is not the one in the address itself.
OF_OTHER_MODELS: Mapping[tuple[str, str], str] = {
    ("reminders_ladder", "pk"): "clinic.clinic",
    ("reminders_rota", "pk"): "clinic.clinic",
    ("reminders_end_shift", "pk"): "reminders.dutyshift",
    ("reminders_duty_number", "pk"): "clinic.staff",
    ("auth_user_password_change", "id"): "clinic.staff",
    ("clinic_carer_change", "carer"): "clinic.carer",
    ("clinic_patient_call", "call"): "reminders.phonecall",
    ("reminders_content_difference", "other"): "reminders.pathwayversion",
    ("clinic_patient_emergency_review", "pk"): "clinic.emergencyaccess",
}
# Arguments that are words, with every word that there is.
WORDS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("clinic_patient_page_link", "do"): ("send", "revoke"),
    ("clinic_surgery_step", "step"): tuple(SURGERY_STEPS),
    ("clinic_clinic_test", "name"): ("sms", "email"),
    ("reminders_numbers_month", "kind"): ("csv", "pdf"),
    ("reminders_pathwayversion_do", "name"): tuple(sorted({step.name for step in VERSION_STEPS})),
}
NAMES_A_ROW = ("pk", "object_id", "id")


class CannotFill(Exception):
    """An argument of an address is unknown here; the message names both, and what to do."""


@dataclass(frozen=True, slots=True)
class Address:
    """One address, ready to be asked for. `word` tells apart those of one route."""

    name: str
    route: str
    path: str
    word: str = ""
    has_row: bool = False


def panel_addresses(clinic: Clinic, *, beside: Clinic | None = None) -> list[Address]:
    """Return the panel's own pages, with this clinic's rows wherever one asks for a row.

    `beside` is whose the second row of an address is, which has to belong to the first: another
    clinic's there has to be refused too.
    """
    return [
        address
        for route, pattern in panel_routes()
        for address in _filled(route, str(pattern.name), pattern, clinic, beside or clinic)
    ]


def panel_routes() -> Iterator[tuple[str, URLPattern]]:
    """Yield the routes of the admin's screens; its catch-alls and redirects have no name."""
    for route, pattern, namespace in _walk(get_resolver(), "", ""):
        if namespace == "admin" and pattern.name and pattern.name != "view_on_site":
            yield route, pattern


def other_routes() -> list[str]:
    """Return the routes beside the screens: signing in and one's own account, for everybody."""
    walked = _walk(get_resolver(), "", "")
    return sorted({r for r, _pattern, space in walked if r.startswith(PANEL) and space != "admin"})


def _walk(
    resolver: URLResolver, before: str, namespace: str
) -> Iterator[tuple[str, URLPattern, str]]:
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern, route, pattern.namespace or namespace)
        else:
            yield route, pattern, namespace


def _filled(
    route: str, name: str, pattern: URLPattern, clinic: Clinic, beside: Clinic
) -> Iterator[Address]:
    arguments = list(pattern.pattern.converters) or list(pattern.pattern.regex.groupindex)
    filled: dict[str, object] = {}
    words: tuple[str, ...] = ("",)
    spoken = ""
    for argument in arguments:
        if (name, argument) in WORDS:
            spoken, words = argument, WORDS[name, argument]
        elif argument == "app_label":
            filled[argument] = "clinic"
        else:
            whose = clinic if argument in (*NAMES_A_ROW, "key") else beside
            filled[argument] = _row(route, name, argument, whose)
    for word in words:
        kwargs = {**filled, **({spoken: word} if spoken else {})}
        path = reverse(f"admin:{name}", kwargs=kwargs)
        has_row = any(argument in NAMES_A_ROW for argument in arguments)
        yield Address(name=name, route=route, path=path, word=word, has_row=has_row)


def _row(route: str, name: str, argument: str, clinic: Clinic) -> object:
    """Return what stands for the argument: the key of a row of this clinic."""
    if argument == "key":
        version = row_of(clinic, "reminders.pathwayversion")
        return Step.objects.filter(version=version.pk).order_by("pk").values_list("key")[0][0]
    label = OF_OTHER_MODELS.get((name, argument))
    if label is None and argument in NAMES_A_ROW:
        label = ".".join(route.removeprefix(PANEL).split("/")[:2])
    if label is None:
        raise CannotFill(
            f"{argument} of {route} ({name}) is not known. Say in"
            " reminders/staff/permissions/addresses.py which model or words it names."
        )
    if label == "auth.group":
        return 1
    return row_of(clinic, label).pk


def row_of(clinic: Clinic, label: str) -> Model:
    """Return a row of this model of the clinic's; of versions the draft, which is open."""
    model = apps.get_model(label)
    order = ("status", "pk") if label == "reminders.pathwayversion" else ("pk",)
    path = PATH_TO_CLINIC.get(model._meta.label_lower)
    found = model._default_manager.filter(**{path: clinic.pk}) if path else None
    row: Model | None = found.order_by(*order).first() if found is not None else None
    if row is None:
        raise CannotFill(
            f"There is no {label} of the made clinic."
            " Add one in reminders/staff/permissions/made_clinic.py."
        )
    return row
