"""A clinic that an operator has just made → the shipped pathways, as drafts of its own."""

from datetime import datetime

from clinic.models import Clinic, Staff
from reminders.flow.load import load_pathway, load_sources
from reminders.models import PathwayVersion
from reminders.pathways.reading import read_pathways, read_sources


def load_shipped(clinic: Clinic, *, by: Staff, now: datetime) -> list[PathwayVersion]:
    """Load every shipped pathway as a draft; return those that the clinic had not yet.

    Nothing of them is sent before the clinic's own clinicians have signed (P5). The operator is
    their author, so that any of them may sign.
    """
    load_sources(read_sources())
    drafts = (
        load_pathway(content, clinic=clinic, author=by, now=now) for content in read_pathways()
    )
    return [draft for draft in drafts if draft is not None]
