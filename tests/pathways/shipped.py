"""The content that ships, read once for all tests."""

from reminders.pathways.reading import read_pathways, read_sources
from reminders.pathways.restrictions import read_restrictions
from reminders.pathways.word_lists import lint_settings

PATHWAYS = {pathway.key: pathway for pathway in read_pathways()}
SOURCES = read_sources()
CALENDAR = read_restrictions()
SETTINGS = lint_settings()
