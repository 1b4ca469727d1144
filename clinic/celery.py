"""The Celery app and THE timetable: the only list of periodic work.

Beat rings doorbells. No entry carries an id and each task is safe to run twice, late or not at
all for a while: the rows in PostgreSQL are the queue (docs/adr/0001-the-row-is-the-queue.md).
"""

import os

from celery import Celery
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")

app = Celery("aftercare")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["reminders", "reminders.demo"])

app.conf.task_default_queue = "bulk"
app.conf.task_routes = {
    "reminders.plan": {"queue": "bulk"},
    "reminders.holds": {"queue": "bulk"},
    "reminders.dispatch": {"queue": "send"},
    "reminders.deliver": {"queue": "send"},
    "reminders.receipts": {"queue": "receipts"},
    "reminders.replies": {"queue": "alerts"},
    "reminders.climb": {"queue": "alerts"},
    "reminders.rescue": {"queue": "alerts"},
    "reminders.silence": {"queue": "alerts"},
    "reminders.balance": {"queue": "bulk"},
    "reminders.review": {"queue": "bulk"},
    "reminders.figures": {"queue": "bulk"},
    "reminders.forget": {"queue": "bulk"},
    "reminders.bulk": {"queue": "bulk"},
    "demo.walk": {"queue": "bulk"},
}

# Seconds between two rings. `expires` drops a ring that nobody answered before the next one.
app.conf.beat_schedule = {
    "plan what is stale": {
        "task": "reminders.plan",
        "schedule": 5.0,
        "options": {"expires": 5},
    },
    "end holds whose day has come": {
        "task": "reminders.holds",
        "schedule": 300.0,
        "options": {"expires": 300},
    },
    "dispatch what is due": {
        "task": "reminders.dispatch",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    "deliver what is queued": {
        "task": "reminders.deliver",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    "apply receipts": {  # three reports come for each text: in batches, not one by one
        "task": "reminders.receipts",
        "schedule": 3.0,
        "options": {"expires": 3},
    },
    "read replies": {
        "task": "reminders.replies",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    "climb with alerts that nobody has taken": {
        "task": "reminders.climb",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    "rescue what stopped moving": {
        "task": "reminders.rescue",
        "schedule": 15.0,
        "options": {"expires": 15},
    },
    "see to questions without an answer": {
        "task": "reminders.silence",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "look whether sending has stopped": {
        "task": "reminders.watch",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "do what was agreed to for many": {
        "task": "reminders.bulk",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    "count the messages of the last days": {
        "task": "reminders.figures",
        "schedule": 300.0,
        "options": {"expires": 300},
    },
    "look which content is due for review": {  # by day; more often, so that no restart skips one
        "task": "reminders.review",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "forget sessions that have ended": {
        "task": "reminders.forget",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
}
if settings.DEMO:  # no clock walks where real patients are
    app.conf.beat_schedule["walk the clock of the demo on"] = {
        "task": "demo.walk",
        "schedule": 5.0,
        "options": {"expires": 5},
    }
app.conf.beat_max_loop_interval = 5
