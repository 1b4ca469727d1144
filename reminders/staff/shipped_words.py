"""Words for staff in the pathways that ship → the same words in the language of whoever reads them.

Titles, tasks and names of activities are kept, signed and exported as their files have them. They
stand in the catalogs under one context, gathered from the files, so another language in the panel
is no other content. What a clinic wrote itself is in no catalog and stays as it is.
"""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from reminders.models import PathwayVersion

CONTEXT = "in a pathway"  # as `make words` gathers them


def shipped_said(text: str) -> str:
    """Return a title, a task or an activity in the reader's language; a clinic's own as it is."""
    return pgettext(CONTEXT, text)


def version_said(version: PathwayVersion) -> str:
    """Return what a version is called, as in "Lumbar laminectomy, no fusion, version 2"."""
    pathway = shipped_said(version.pathway.title)
    return _("{pathway}, version {number}").format(pathway=pathway, number=version.number)
