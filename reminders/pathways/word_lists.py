"""The lists of this folder → what the linter judges by: words by language, limits by activity."""

from pathlib import Path

from reminders.pathways.check_in import read_check_in
from reminders.pathways.fields import Fields
from reminders.pathways.plain_yaml import read_mapping
from reminders.pathways.reading import CONTENT_DIR
from reminders.pathways.restrictions import read_restrictions
from reminders.rules.content import ForbiddenWord
from reminders.rules.findings import LintSettings

WordLists = dict[str, tuple[ForbiddenWord, ...]]


def lint_settings(directory: Path = CONTENT_DIR) -> LintSettings:
    """Return the linter's settings with the lists that ship. Raises ContentError."""
    return LintSettings(
        blocklist=read_blocklists(directory),
        private_words=read_private_words(directory),
        restrictions=read_restrictions(directory),
        questions=read_check_in(directory).keys,
    )


def read_blocklists(directory: Path = CONTENT_DIR) -> WordLists:
    """Return what no text may say, by language. Raises ContentError."""
    return {language(path): _blocked(path) for path in sorted(directory.glob("blocklist.*.yaml"))}


def read_private_words(directory: Path = CONTENT_DIR) -> WordLists:
    """Return what no lock screen may show, by language. Raises ContentError."""
    return {
        language(path): _private(path) for path in sorted(directory.glob("private_words.*.yaml"))
    }


def language(path: Path) -> str:
    return path.stem.split(".")[1]


def _blocked(path: Path) -> tuple[ForbiddenWord, ...]:
    words = []
    for why, raw in read_mapping(path).items():
        fields = Fields({"words": raw}, file=path.name, place=f'"{why}"')
        words += [ForbiddenWord(word, why=str(why)) for word in fields.texts("words")]
    return tuple(words)


def _private(path: Path) -> tuple[ForbiddenWord, ...]:
    words = []
    for topic, raw in read_mapping(path).items():
        fields = Fields({"words": raw}, file=path.name, place=f'"{topic}"')
        words += [
            ForbiddenWord(word, why="private", topic=str(topic)) for word in fields.texts("words")
        ]
    return tuple(words)
