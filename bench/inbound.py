"""Signed messages from patients at a steady rate: each stored, each answered 200 (row W32)."""

import http.client
import queue
import threading
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import QuerySet

from bench.house import web, workers
from bench.rows import operations
from clinic import clock
from clinic.models import Clinic
from reminders.channels.twilio_signature import sign
from reminders.models import Reply, ReplyStatus

PATH = "/hooks/twilio/inbound/"
CONNECTIONS = 16
PATIENTS = 1_000
TIMEOUT_SECONDS = 60.0
Waiting = queue.Queue[tuple[int, float] | None]  # the number of a message, and when it is due


@dataclass
class Answers:
    """What came back, from all connections."""

    codes: Counter[str] = field(default_factory=Counter)
    waits: list[float] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, code: str, wait: float) -> None:
        with self.lock:
            self.codes[code] += 1
            self.waits.append(wait)


def inbound(clinic: Clinic, *, rate: int, seconds: int) -> None:
    """Offer `rate` messages a second beside the web server and the workers; print what came of it.

    A wait counts from the moment at which a message was to be sent, so that falling behind shows.
    """
    operations(clinic, PATIENTS, operated_on=clock.now().date())
    run = uuid.uuid4().hex[:8]
    with workers(), web() as port:
        answers, took = _offer(clinic, port, run=run, rate=rate, seconds=seconds)
        read = _of(run).exclude(status=ReplyStatus.RECEIVED).count()
    _print(answers, offered=rate * seconds, stored=_of(run).count(), read=read, took=took)


def _of(run: str) -> QuerySet[Reply]:
    return Reply.objects.filter(provider_message_id__startswith=f"SM{run}-")


def _offer(
    clinic: Clinic, port: int, *, run: str, rate: int, seconds: int
) -> tuple[Answers, float]:
    answers, waiting = Answers(), Waiting()
    callers = [
        threading.Thread(target=_call_all, args=(waiting, answers, clinic.sms_sender, port, run))
        for _ in range(CONNECTIONS)
    ]
    for caller in callers:
        caller.start()
    began = time.monotonic()
    for number in range(rate * seconds):
        due = began + number / rate
        time.sleep(max(0.0, due - time.monotonic()))
        waiting.put((number, due))
    for _ in callers:
        waiting.put(None)
    for caller in callers:
        caller.join()
    return answers, time.monotonic() - began


def _call_all(waiting: Waiting, answers: Answers, to: str, port: int, run: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS)
    while (item := waiting.get()) is not None:
        number, due = item
        form = [
            ("MessageSid", f"SM{run}-{number}"),
            ("From", f"+447700{number % PATIENTS:06d}"),
            ("To", to),
            ("Body", "hello there"),
        ]
        proof = sign(settings.PUBLIC_URL + PATH, form, settings.TWILIO_AUTH_TOKEN)
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Twilio-Signature": proof,
        }
        try:
            connection.request("POST", PATH, urlencode(form), headers)
            answer = connection.getresponse()
            answer.read()
            code = str(answer.status)
        except (OSError, http.client.HTTPException) as failure:
            connection.close()
            code = type(failure).__name__
        answers.add(code, time.monotonic() - due)


def _print(answers: Answers, *, offered: int, stored: int, read: int, took: float) -> None:
    waits = sorted(answers.waits)
    p50, p99 = (waits[int(len(waits) * share)] for share in (0.5, 0.99))
    print(
        f"messages from patients: {offered} offered, {stored} stored, "
        f"{answers.codes['200']} answered 200, {offered - stored} lost, in {took:.0f} s\n"
        f"  {stored / took:.1f} a second, wait p50 {p50 * 1e3:.0f} ms, p99 {p99 * 1e3:.0f} ms, "
        f"longest {waits[-1] * 1e3:.0f} ms\n"
        f"  read by the workers meanwhile: {read}; other answers: "
        f"{dict(answers.codes - Counter({'200': answers.codes['200']})) or 'none'}",
        flush=True,
    )
