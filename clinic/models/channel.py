"""The ways to reach a patient, and the choice among them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    """A way to reach a patient."""

    SMS = "sms", _("Text")
    EMAIL = "email", _("Email")


class ChannelChoice(models.TextChoices):
    """Which way somebody wants to be told, or a clinic tells its patients."""

    BOTH = "both", _("Text and email")
    SMS = "sms", _("Text only")
    EMAIL = "email", _("Email only")
