"""The second factor: six digits of an authenticator app, or a recovery code.

Kept in allauth's tables, the secrets encrypted (`adapter`). A code counts once: the time step of
the last accepted one is kept beside the secret, and only later steps are accepted.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.db import transaction

from clinic.models import Staff

USED = "used_step"
KINDS = Authenticator.Type


class Verdict(StrEnum):
    """What a code is worth."""

    RIGHT = "right"
    WRONG = "wrong"
    USED = "used"


@dataclass(frozen=True, slots=True)
class Drawing:
    """A QR code as one path of an SVG."""

    view_box: str
    path: str


def has_second_factor(staff: Staff) -> bool:
    """True once this person has an authenticator; recovery codes alone do not count."""
    return Authenticator.objects.filter(user=staff, type=KINDS.TOTP).exists()


def new_secret() -> str:
    """Return a secret for an authenticator: 160 random bits in base 32."""
    return generate_totp_secret()


def code_of(secret: str, *, step: int) -> str:
    """Return the six digits that an authenticator shows in this step of 30 seconds."""
    return format_hotp_value(hotp_value(secret, step))


def step_of(secret: str, *, code: str) -> int | None:
    """Return the step whose code this is, one step of clock error either way, or None."""
    for step in yield_hotp_counters_from_time():
        if compare_user_code(actual=code, expected=code_of(secret, step=step)):
            return step
    return None


@transaction.atomic
def try_code(staff: Staff, *, code: str) -> tuple[Verdict, Authenticator | None]:
    """Use up a code; return what it is worth and what it belongs to.

    Two tries of one code at the same time queue up on the row, and only the first is right.
    """
    verdict = Verdict.WRONG
    for kept in Authenticator.objects.select_for_update().filter(user=staff):
        if kept.type == KINDS.TOTP:
            verdict = _try_totp(kept, code)
        elif kept.type == KINDS.RECOVERY_CODES and RecoveryCodes(kept).validate_code(code):
            verdict = Verdict.RIGHT
        if verdict != Verdict.WRONG:
            return verdict, kept
    return verdict, None


def _try_totp(kept: Authenticator, code: str) -> Verdict:
    step = step_of(secret_of(kept), code=code)
    if step is None:
        return Verdict.WRONG
    if step <= kept.data.get(USED, 0):
        return Verdict.USED
    kept.data[USED] = step
    kept.save(update_fields=["data"])
    return Verdict.RIGHT


@transaction.atomic
def set_up(staff: Staff, *, secret: str, step: int) -> None:
    """Give this person this authenticator and new recovery codes, in place of what was there."""
    Staff.objects.select_for_update().get(pk=staff.pk)
    Authenticator.objects.filter(user=staff).delete()
    kept = TOTP.activate(staff, secret).instance
    kept.data[USED] = step
    kept.save(update_fields=["data"])
    RecoveryCodes.activate(staff)


@transaction.atomic
def renew_recovery_codes(staff: Staff) -> None:
    """Make ten new recovery codes; the old ones are worth nothing from now on."""
    Staff.objects.select_for_update().get(pk=staff.pk)
    Authenticator.objects.filter(user=staff, type=KINDS.RECOVERY_CODES).delete()
    RecoveryCodes.activate(staff)


def recovery_codes(staff: Staff) -> list[str]:
    """Return the recovery codes that have not been used, each in two groups of four."""
    kept = Authenticator.objects.filter(user=staff, type=KINDS.RECOVERY_CODES).first()
    unused: list[str] = RecoveryCodes(kept).get_unused_codes() if kept else []
    return [f"{code[:4]} {code[4:]}" for code in unused]


def secret_of(kept: Authenticator) -> str:
    """Return the secret of an authenticator in the clear."""
    return str(get_adapter().decrypt(kept.data["secret"]))


@transaction.atomic
def reset_second_factor(staff: Staff) -> None:
    """Take this person's authenticator and recovery codes away, and end all their sessions.

    They set up a new one after their next password. The record's history says who did it.
    """
    locked = Staff.objects.select_for_update().get(pk=staff.pk)
    Authenticator.objects.filter(user=locked).delete()
    locked.second_factor_resets += 1
    locked.save(update_fields=["second_factor_resets"])


@transaction.atomic
def sign_out_everywhere(staff: Staff) -> Staff:
    """End every session of this person, at their next request; return the person as kept now."""
    locked = Staff.objects.select_for_update().get(pk=staff.pk)
    locked.signed_out_everywhere += 1
    locked.save(update_fields=["signed_out_everywhere"])
    return locked


def drawing(staff: Staff, *, secret: str) -> Drawing:
    """Return the QR code that an authenticator app reads this secret from."""
    adapter = get_adapter()
    svg = adapter.build_totp_svg(adapter.build_totp_url(staff, secret))
    view_box, path = re.search(r'viewBox="([^"]+)"', svg), re.search(r' d="([^"]+)"', svg)
    return Drawing(view_box=view_box[1] if view_box else "", path=path[1] if path else "")
