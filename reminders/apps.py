from importlib import import_module

from django.apps import AppConfig


class RemindersConfig(AppConfig):
    name = "reminders"
    verbose_name = "Reminders"

    def ready(self) -> None:
        """Let Django know of our checks; they need the settings, so not before."""
        import_module("reminders.checks")
