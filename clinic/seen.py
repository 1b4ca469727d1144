"""Whose records a request reads: gathered while an answer is made, for the history of views.

Reading a patient adds them by itself (`Patient.from_db`), so that no page can forget to say whom it
showed. What reads columns instead of rows calls `saw`. Outside of `gathering` nothing is kept.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

# Patient → clinic, in the order of reading: a page about one patient reads that one first.
Seen = dict[int, int | None]
_seen: ContextVar[Seen | None] = ContextVar("seen", default=None)


def saw(patient_id: int, *, clinic_id: int | None = None) -> None:
    """Note that the answer in the making shows this patient; without a clinic, of the reader's."""
    seen = _seen.get()
    if seen is not None:
        seen.setdefault(patient_id, clinic_id)


@contextmanager
def gathering(into: Seen | None = None) -> Iterator[Seen]:
    """Gather the patients read within the block, in the order in which they were read first."""
    seen: Seen = {} if into is None else into
    token = _seen.set(seen)
    try:
        yield seen
    finally:
        _seen.reset(token)
