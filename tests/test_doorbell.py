"""A flood of messages rings as often as a trickle, and the last of them is never left waiting."""

import pytest

from reminders.doorbell import Doorbell


class Hall:
    """A doorbell whose time stands still until it is moved."""

    def __init__(self):
        self.now, self.rings, self.promises = 0.0, [], []
        self.bell = Doorbell(
            lambda: self.rings.append(self.now),
            seconds=1.0,
            moment=lambda: self.now,
            later=lambda seconds, ring: self.promises.append((self.now + seconds, ring)),
        )

    def wait(self, seconds):
        self.now += seconds
        for due, ring in [*self.promises]:
            if due <= self.now:
                self.promises.remove((due, ring))
                ring()


@pytest.fixture
def hall():
    return Hall()


def test_the_first_message_rings_at_once(hall):
    hall.bell.press()

    assert hall.rings == [0.0]


def test_a_flood_rings_once_at_its_start_and_once_after_it(hall):
    for _ in range(100):
        hall.bell.press()
    hall.wait(1.0)
    hall.wait(5.0)

    assert hall.rings == [0.0, 1.0]


def test_a_message_that_comes_after_a_ring_gets_one_of_its_own(hall):
    hall.bell.press()
    hall.wait(0.9)
    hall.bell.press()
    hall.wait(0.2)

    assert hall.rings == [0.0, pytest.approx(1.1)]


def test_messages_that_are_far_apart_each_ring_at_once(hall):
    for _ in range(3):
        hall.bell.press()
        hall.wait(2.0)

    assert hall.rings == [0.0, 2.0, 4.0]


def test_a_long_flood_rings_once_a_moment(hall):
    for _ in range(50):
        hall.bell.press()
        hall.wait(0.1)

    assert 4 <= len(hall.rings) <= 6
