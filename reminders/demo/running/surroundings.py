"""The environment that every process of the demo gets."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Ports:
    """Where the demo listens on 127.0.0.1."""

    web: int
    stand_in_http: int
    stand_in_smtp: int


def demo_environment(
    folder: Path, *, ports: Ports, database_url: str, redis_url: str
) -> dict[str, str]:
    """Return our own environment with every setting of the demo written over it.

    Nothing of a real provider gets through: what the shell says about mail or SMS is replaced.
    """
    stand_in = f"http://127.0.0.1:{ports.stand_in_http}"
    return os.environ | kept_secrets(folder / "secrets.json") | {
        "DJANGO_SETTINGS_MODULE": "clinic.settings",
        "PYTHONUNBUFFERED": "1",
        "DEMO": "true",
        "DEBUG": "false",
        "BREAK_GLASS": "true",
        "ENVIRONMENT": "demo",
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "PUBLIC_URL": f"http://127.0.0.1:{ports.web}",
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "WEB_PORT": str(ports.web),
        "STAND_IN_URL": stand_in,
        "SMS_PROVIDER": "twilio",
        "TWILIO_API_URL": stand_in,
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(ports.stand_in_smtp),
        "EMAIL_HOST_USER": "",
        "EMAIL_HOST_PASSWORD": "",
        "EMAIL_USE_TLS": "false",
        "DEFAULT_FROM_EMAIL": "aftercare@example.org",
    }  # fmt: skip


def kept_secrets(path: Path) -> dict[str, str]:
    """Return the demo's keys, made up at the first start and readable by their owner alone."""
    if not path.exists():
        made = {
            "SECRET_KEY": secrets.token_urlsafe(50),
            "TWILIO_ACCOUNT_SID": f"AC{secrets.token_hex(16)}",
            "TWILIO_AUTH_TOKEN": secrets.token_hex(16),
        }
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            json.dump(made, file)
    return {str(name): str(value) for name, value in json.loads(path.read_text()).items()}
