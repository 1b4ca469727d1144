"""Every setting, read strictly from the environment.

`.env.example` explains each; a test keeps both equal.
"""

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

from clinic.environment import (
    env_bool,
    env_choice,
    env_group,
    env_int,
    env_list,
    env_text,
)
from clinic.log import logging_config
from clinic.page_safety import PAGE
from clinic.panel_settings import UNFOLD  # noqa: F401 - read by the panel's theme

BASE_DIR = Path(__file__).resolve().parent.parent

# --- What this installation is ----------------------------------------------
# Written beside each database: a copy that wakes up elsewhere sends nothing.
ENVIRONMENT = env_choice("ENVIRONMENT", choices=("production", "staging", "demo", "test"))
# The demo clock and the demo pages. Never true where real patients are.
DEMO = env_bool("DEMO", default=False)
DEBUG = env_bool("DEBUG", default=False)
SECRET_KEY = env_text("SECRET_KEY")
# How browsers and providers reach us; signatures of webhooks are made over this address.
PUBLIC_URL = env_text("PUBLIC_URL").rstrip("/")
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", default=urlsplit(PUBLIC_URL).hostname or "")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

if ENVIRONMENT == "production" and (DEMO or DEBUG):
    raise ImproperlyConfigured("ENVIRONMENT is production, so DEMO and DEBUG must be false.")
if ENVIRONMENT == "production" and len(SECRET_KEY) < 50:
    raise ImproperlyConfigured("SECRET_KEY is shorter than 50 characters. Make a longer one.")

# Numbers that no telephone has (drama ranges) are fine everywhere but in production.
TEST_NUMBERS_ALLOWED = ENVIRONMENT != "production"

# --- Django -----------------------------------------------------------------
ROOT_URLCONF = "clinic.urls"
WSGI_APPLICATION = "clinic.wsgi.application"
AUTH_USER_MODEL = "clinic.Staff"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.simple_history",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "simple_history",
    "anymail",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "clinic",
    "reminders",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "clinic.page_safety.PageSafety",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "clinic.panel_language.PanelLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "reminders.staff.sign_in.door.Door",
    "clinic.panel_zone.PanelZone",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "clinic.access_history.AccessHistory",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "libraries": {"panel_words": "reminders.staff.panel_words"},
        },
    }
]

DATABASES = {"default": environ.Env.db_url_config(env_text("DATABASE_URL"))}
if DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
    raise ImproperlyConfigured("DATABASE_URL must name a PostgreSQL server (postgres://…).")
DATABASES["default"]["CONN_MAX_AGE"] = 60
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("application_name", "aftercare")

AUTHENTICATION_BACKENDS = ["clinic.access.RoleBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "reminders.staff.sign_in.notices.TellOfNewPassword"},  # refuses none, tells its owner
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"

# --- Signing in: docs/adr/0013-a-second-factor-for-staff.md -------------------
ACCOUNT_ADAPTER = "reminders.staff.sign_in.adapter.StaffAccounts"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]  # the form asks for these; nobody signs up
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False  # the cookie ends with the browser
ACCOUNT_LOGIN_TIMEOUT = 10 * 60
# Wrong tries. More lets people mistype longer, and guessers guess more.
ACCOUNT_RATE_LIMITS = {
    "login": "120/m/ip",
    "password_failed": "5/5m/key",
    "password_failed_address": "50/10m/key",
    "password_failed_account": "100/h/key",
    "code_failed": "5/5m/key,50/d/key",
    "emergency_failed": "5/15m/key,20/d/key",
}
MFA_ADAPTER = "reminders.staff.sign_in.adapter.SecondFactors"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1  # steps of 30 seconds by which a telephone's clock may be wrong
# How many proxies of ours stand in front: the address of whoever signs in is counted from there.
ALLAUTH_TRUSTED_PROXY_COUNT = env_int(
    "TRUSTED_PROXIES", default=1 if PUBLIC_URL.startswith("https://") else 0, lowest=0
)
# Longer is kinder to a slow morning, and leaves an open screen open to whoever walks by.
SIGN_OUT_WHEN_IDLE = timedelta(
    minutes=env_int("SIGN_OUT_WHEN_IDLE_MINUTES", default=15, lowest=2, highest=60)
)
# From the log-in, whatever happens in between.
SIGNED_IN_AT_MOST = timedelta(
    hours=env_int("SIGNED_IN_AT_MOST_HOURS", default=12, lowest=1, highest=24)
)
# Clinicians may open a patient of another clinic for an hour, with a reason; that clinic is told.
BREAK_GLASS = env_bool("BREAK_GLASS", default=False)
# What must be shared by all processes and outlive none of them for long: counts of wrong tries.
# In PostgreSQL, so that losing Redis neither locks staff out nor stops the counting.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "clinic_short_memory",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

LANGUAGE_CODE = "en-gb"
# Languages that something speaks: a patient's message or page, or the panel.
LANGUAGES = [("en-gb", "English"), ("es", "Español"), ("ar", "العربية")]
# Languages of the panel. Another comes in when its catalog is whole.
PANEL_LANGUAGES = [("en-gb", "English"), ("es", "Español")]
# Where the catalogs are: `make words` gathers and compiles them.
LOCALE_PATHS = [BASE_DIR / "reminders" / "locale", BASE_DIR / "clinic" / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"
FORMAT_MODULE_PATH = "clinic.formats"

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "templates" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if ENVIRONMENT in ("demo", "test")
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
# Serve straight from the sources where nothing has been collected.
WHITENOISE_USE_FINDERS = ENVIRONMENT in ("demo", "test")

# --- Safety of the pages ------------------------------------------------------
HTTPS = PUBLIC_URL.startswith("https://")
if ENVIRONMENT == "production" and not HTTPS:
    raise ImproperlyConfigured("PUBLIC_URL must begin with https:// in production.")
SECURE_SSL_REDIRECT = HTTPS
# A webhook over plain http is refused, never redirected: a redirect would lose its body.
SECURE_REDIRECT_EXEMPT = [r"^hooks/", r"^health$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = int(SIGNED_IN_AT_MOST.total_seconds())
# The language chosen in the panel; it says nothing about a person.
LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
# Which scripts and styles a page may use: ours from files, and nothing that stands in the page.
CONTENT_SECURITY_POLICY = {"DIRECTIVES": PAGE}
# On a patient's page this answers in the words for patients.
CSRF_FAILURE_VIEW = "reminders.staff.errors.csrf_failure"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024

# --- Providers ----------------------------------------------------------------
SMS_PROVIDER = env_choice("SMS_PROVIDER", choices=("twilio", "memory"), default="twilio")
TWILIO_ACCOUNT_SID = env_text("TWILIO_ACCOUNT_SID", default="")
TWILIO_AUTH_TOKEN = env_text("TWILIO_AUTH_TOKEN", default="")
TWILIO_API_URL = env_text("TWILIO_API_URL", default="https://api.twilio.com").rstrip("/")
if SMS_PROVIDER == "twilio" and not (TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN):
    raise ImproperlyConfigured(
        "SMS_PROVIDER is twilio, so TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN must be set."
    )

EMAIL_BACKEND = env_text("EMAIL_BACKEND", default="django.core.mail.backends.smtp.EmailBackend")
EMAIL_HOST = env_text("EMAIL_HOST", default="localhost")
EMAIL_PORT = env_int("EMAIL_PORT", default=25)
EMAIL_HOST_USER = env_text("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = env_text("EMAIL_HOST_PASSWORD", default="")
EMAIL_USE_TLS = env_bool("EMAIL_USE_TLS", default=False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env_text("DEFAULT_FROM_EMAIL", default="aftercare@example.org")
# A mail provider's own settings by their names there: ANYMAIL_POSTMARK_SERVER_TOKEN and the like.
ANYMAIL: dict[str, object] = {
    "SEND_DEFAULTS": {"track_opens": False, "track_clicks": False},
    **env_group("ANYMAIL_"),
}

# The demo's and the tests' stand-in provider; empty where real providers are.
STAND_IN_URL = env_text("STAND_IN_URL", default="").rstrip("/")

# --- Reminders ----------------------------------------------------------------
# The unit is in the name. Each value says what happens if you raise it.

# Most reminders one claim may take. Higher drains a backlog faster, but holds row locks longer.
REMINDERS_PER_CLAIM = env_int("REMINDERS_PER_CLAIM", default=200)
# Surgeries planned in one statement. Higher is faster in bulk, but a crash repeats more.
SURGERIES_PER_PLAN = env_int("SURGERIES_PER_PLAN", default=200)
# Messages one worker has on the wire at once, and so the most that a crash can leave unknown.
SEND_CONNECTIONS = env_int("SEND_CONNECTIONS", default=8)
# How long a worker may hold a message. Longer than any provider call; a crash shows after it.
SEND_LEASE = timedelta(seconds=env_int("SEND_LEASE_SECONDS", default=60, lowest=60))
# Wait before asking the provider about an unknown message, and between the two questions.
UNKNOWN_LOOK_UP_AFTER = timedelta(seconds=env_int("UNKNOWN_LOOK_UP_AFTER_SECONDS", default=300))
# First wait before a message that was surely not sent is tried again; doubles each time.
RETRY_AFTER = timedelta(seconds=env_int("RETRY_AFTER_SECONDS", default=30))
RETRY_AFTER_AT_MOST = timedelta(minutes=env_int("RETRY_AFTER_AT_MOST_MINUTES", default=30))
# Due reminders older than this mean that sending has stopped: the panel and /health say so.
SENDING_IS_STUCK_AFTER = timedelta(minutes=env_int("SENDING_IS_STUCK_AFTER_MINUTES", default=5))

# --- Celery -------------------------------------------------------------------
# What was measured: docs/adr/0001-the-row-is-the-queue.md
REDIS_URL = env_text("REDIS_URL")
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_STORE_EAGER_RESULT = False
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
# Far below the visibility timeout: a task that outlives it would be started a second time.
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_SOFT_TIME_LIMIT = 100
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,
    "unacked_restore_interval": 2,
    "unacked_restore_throttle": 1,
    "socket_timeout": 2,
    "socket_connect_timeout": 2,
    "socket_keepalive": True,
    "health_check_interval": 10,
    # One try to connect. Without this a ring at a Redis that hangs takes three times as long.
    "max_retries": 0,
}
CELERY_BEAT_ENABLE_REMOTE_CONTROL = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_MAX_TASKS_PER_CHILD = 5_000

LOGGING = logging_config()
