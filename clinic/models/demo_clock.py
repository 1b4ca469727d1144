"""How far the demo is ahead of the real time."""

from django.db import models


class DemoClock(models.Model):
    """How far the demo's clock runs ahead of the real one. One row, read by `clinic.clock`."""

    ONLY = 1

    ahead_seconds = models.FloatField(default=0)
    # Where `next morning` is walking to; empty when the clock stands.
    walking_to = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.ahead_seconds:.0f} s ahead"
