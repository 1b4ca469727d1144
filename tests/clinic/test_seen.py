"""Whose records were read while an answer was made, and by which answer."""

from clinic.seen import gathering, saw


def test_they_stand_in_the_order_of_reading_each_once_as_it_was_first_read():
    with gathering() as seen:
        saw(2, clinic_id=7)
        saw(1)
        saw(2)

    assert list(seen.items()) == [(2, 7), (1, None)]


def test_nothing_is_gathered_before_or_after():
    saw(1)
    with gathering() as seen:
        saw(2)
    saw(3)

    assert list(seen) == [2]


def test_one_answer_within_another_keeps_its_own():
    with gathering() as outer:
        with gathering() as inner:
            saw(1)
        saw(2)

    assert (list(inner), list(outer)) == ([1], [2])


def test_a_file_that_is_drawn_in_parts_goes_on_with_what_was_seen():
    with gathering() as seen:
        saw(1)
    with gathering(seen):
        saw(2)

    assert list(seen) == [1, 2]
