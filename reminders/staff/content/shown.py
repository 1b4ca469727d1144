"""A version → its content, put together once for a page however many parts of the page ask."""

from reminders.flow.version_content import content_of
from reminders.models import PathwayVersion
from reminders.rules.content import PathwayContent

KEPT = "content_shown"


def content_shown(version: PathwayVersion) -> PathwayContent:
    """Return the content as it stood when this object of the version was first asked.

    A page reads its version anew, so it lasts for a request. What writes asks `content_of`.
    """
    kept: PathwayContent | None = vars(version).get(KEPT)
    if kept is None:
        kept = vars(version)[KEPT] = content_of(version)
    return kept
