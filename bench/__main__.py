"""`make bench`: start the servers, migrate a database of its own, measure, print the ratios."""

import os
import sys

SETTINGS = {
    "ENVIRONMENT": "test",
    "DEMO": "false",
    "SECRET_KEY": "for-the-benchmark-only",
    "PUBLIC_URL": "http://127.0.0.1",
    "SMS_PROVIDER": "memory",
    "TWILIO_AUTH_TOKEN": "for-the-benchmark-only",
    "EMAIL_BACKEND": "django.core.mail.backends.locmem.EmailBackend",
    "DJANGO_SETTINGS_MODULE": "clinic.settings",
}


def main() -> int:
    """Run the measurements as a child of the servers, on a database that goes with them."""
    os.environ.update(SETTINGS)
    for name in ("DATABASE_URL", "REDIS_URL"):
        os.environ.pop(name, None)  # never measure on somebody's data
    command = [sys.executable, "-m", "bench.measure", *sys.argv[1:]]
    os.execv(sys.executable, [sys.executable, "-m", "clinic.embedded", *command])


if __name__ == "__main__":
    sys.exit(main())
