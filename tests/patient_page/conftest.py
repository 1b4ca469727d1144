"""When the patients' pages are looked at: at NOON, a Tuesday."""

import pytest
import time_machine

from tests.factories import NOON


@pytest.fixture
def clock():
    """The moment it is; `clock.move_to(...)` makes it another."""
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def _at_noon(clock):
    return clock


@pytest.fixture(autouse=True)
def _collected_files(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path  # a folder that is not there is warned about, which fails
