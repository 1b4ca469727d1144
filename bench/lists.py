"""Every list of the panel, and the patient's own page, at a clinic of 50,000 patients."""

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from django.contrib import admin
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, reverse
from unfold.paginator import InfinitePaginator

from bench.many import Size, fill
from clinic.models import Clinic, Patient, Role, Staff, Surgery
from reminders.models import Alert, Delivery, LinkPurpose, Reply
from reminders.models.patient_link import new_link
from reminders.staff.sign_in.session import KEY, SignIn

WARM, COUNTED = 1, 21
SEARCHES = ("Castro", "L-4321", "Gita Ito")
HOST = "127.0.0.1"
# The lists that grow with the clinic.
BIG = (Patient, Surgery, Delivery, Reply, Alert)


@dataclass(frozen=True, slots=True)
class Asked:
    """One page: what it is called here, and where it is."""

    name: str
    address: str


def lists(clinic: Clinic, *, size: Size) -> None:
    """Fill the clinic, then print how long each page takes, and its slowest question."""
    began = time.perf_counter()
    fill(clinic, size)
    took = time.perf_counter() - began
    print(f"{size.patients} patients, {size.patients * size.messages} messages, in {took:.0f} s")
    heads = f"{'p50 ms':>7} {'p95 ms':>7} {'CPU ms':>7} {'queries':>8} {'slowest':>8} {'kB':>6}"
    print(f"{'page':<46} {heads}")
    surgeon = Staff.objects.get(clinic=clinic, role=Role.SURGEON)
    surgeon.is_staff = True
    surgeon.save()
    browser = _signed_in(surgeon)
    for page in _pages(clinic):
        _measure(page, browser)
    own = _patients_browser(clinic)
    for name in ("my-home", "my-messages", "my-check-in", "my-paper"):
        _measure(Asked(f"patient: {name}", reverse(name)), own)


def _signed_in(staff: Staff) -> Client:
    browser, now = Client(SERVER_NAME=HOST), time.time()
    browser.force_login(staff)
    session = browser.session
    session[KEY] = asdict(SignIn(at=now, seen=now, proved=now, both=True))
    session.save()
    return browser


def _pages(clinic: Clinic) -> Iterator[Asked]:
    yield Asked("Today", reverse("admin:index"))
    yield Asked("numbers", reverse("admin:reminders_numbers"))
    for model, screen in admin.site._registry.items():
        if model._meta.app_label not in ("clinic", "reminders"):
            continue
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        try:
            address = reverse(f"admin:{name}_changelist")
        except NoReverseMatch:
            continue
        yield Asked(name, address)
        if model in BIG:
            # A list that is not counted is leafed through; nobody gets to its end.
            is_counted = screen.paginator is not InfinitePaginator
            last = model._default_manager.count() // screen.list_per_page if is_counted else 100
            yield Asked(f"{name}, page {last}", f"{address}?p={last}")
            for words in SEARCHES if screen.search_fields else ():
                yield Asked(f"{name}, search {words}", f"{address}?q={words}")
            yield from _filters(name, address, screen)
    patient = Patient.objects.filter(clinic=clinic, record_number="L-4321").first()
    patient = patient or Patient.objects.filter(clinic=clinic)[0]
    surgery = Surgery.objects.get(patient=patient)
    yield Asked("a patient", reverse("admin:clinic_patient_change", args=[patient.pk]))
    yield Asked("an operation", reverse("admin:clinic_surgery_change", args=[surgery.pk]))
    yield Asked(
        "an operation: recovery", reverse("admin:clinic_surgery_recovery", args=[surgery.pk])
    )
    for name in ("timeline", "check_ins", "calls", "paper"):
        yield Asked(
            f"a patient: {name}", reverse(f"admin:clinic_patient_{name}", args=[patient.pk])
        )


def _filters(name: str, address: str, screen: Any) -> Iterator[Asked]:
    for entry in screen.list_filter:
        one = entry[0] if isinstance(entry, tuple) else entry
        if isinstance(one, str):
            value = _common(screen.model, one)
            if isinstance(value, str):
                yield Asked(f"{name}, {one} {value}", f"{address}?{one}__exact={value}")


def _common(model: Any, field: str) -> object:
    """The most common value of a field: the filter that finds the most."""
    try:
        row = model._default_manager.order_by().values_list(field)[:1]
    except (TypeError, ValueError):
        return None
    return row[0][0] if row else None


def _patients_browser(clinic: Clinic) -> Client:
    patient = Patient.objects.filter(clinic=clinic).order_by("-pk")[0]
    now = datetime.now(UTC)
    link, token = new_link(patient, purpose=LinkPurpose.PAGE, now=now)
    link.save()
    browser, born = Client(SERVER_NAME=HOST), patient.birth_date
    browser.post(
        reverse("patient-link", args=[token]),
        {"day": born.day, "month": born.month, "year": born.year},
    )
    return browser


def _measure(page: Asked, browser: Client) -> None:
    """Print one line: median and 95th percentile of the whole answer, made in this process."""
    questions: list[float] = []

    def ask(execute: Callable[..., Any], *rest: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(*rest)
        finally:
            questions.append(time.perf_counter() - began)

    waits: list[float] = []
    worked: list[float] = []
    for _ in range(WARM + COUNTED):
        questions.clear()
        began, worked_before = time.perf_counter(), time.process_time()
        with connection.execute_wrapper(ask):
            answer = browser.get(page.address)
        waits.append(time.perf_counter() - began)
        worked.append(time.process_time() - worked_before)
    _print(page.name, waits[WARM:], questions, answer, worked=statistics.median(worked[WARM:]))


def _print(
    name: str,
    waits: list[float],
    questions: list[float],
    answer: HttpResponse,
    *,
    worked: float,
) -> None:
    p50 = statistics.median(waits) * 1e3
    p95 = statistics.quantiles(waits, n=20, method="inclusive")[18] * 1e3
    slowest = max(questions, default=0.0) * 1e3
    size = len(answer.content) / 1024
    wrong = "" if answer.status_code == 200 else f"  answered {answer.status_code}"
    times = f"{p50:7.0f} {p95:7.0f} {worked * 1e3:7.0f} {len(questions):8} {slowest:8.0f}"
    print(f"{name[:46]:<46} {times} {size:6.0f}{wrong}", flush=True)
