"""The template library of the panel: what is kept in one form, shown to whoever reads it."""

from django import template

from reminders.rules.language import direction
from reminders.staff.kept_words import because_said, kept_said, role_said
from reminders.staff.outcomes import outcome_said

register = template.Library()
register.filter("kept_said", kept_said)
register.filter("outcome_said", outcome_said)
register.filter("because_said", because_said)
register.filter("direction", direction)
register.filter("role_said", role_said)
