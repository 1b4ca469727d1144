"""The words that are marked in code and templates → the catalogs of the panel's languages.

For whoever changes words: `make words` runs this and then compiles. Needs the gettext tools; what
it writes is kept in the repository, so that nothing else needs them.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import django
import simple_history
import unfold
import unfold.contrib.filters
import unfold.contrib.simple_history
import yaml
from django.apps import apps
from django.conf import settings
from django.core.management.base import CommandParser
from django.core.management.commands import makemessages
from django.core.management.utils import popen_wrapper

# Packages whose pages the panel shows, and that have not every language of ours.
THEME = (unfold, unfold.contrib.filters, unfold.contrib.simple_history, simple_history)
COPY = Path("theme_words")  # not hidden: hidden folders are not read
NOT_SHOWN = ("tests", "bench", "docs")
# What the pathways that ship say to staff: files of this folder, by what is looked for in them.
CONTENT = Path("reminders/pathways")
CONTENT_CONTEXT = "in a pathway"
FOR_STAFF = frozenset({"title", "intent", "staff_action", "activity", "until"})
OF_SOURCES = "sources.yaml"  # titles of publications are not translated
REASONS = ("blocklist.en.yaml", "private_words.en.yaml")  # each reason is the key of its words


class ReadFile(makemessages.BuildFile):
    """A file as the gettext tools read it; of the content that ships, the words for staff."""

    def preprocess(self) -> None:
        if not self.path.endswith(".yaml"):
            super().preprocess()
            return
        marked = (f"pgettext({CONTENT_CONTEXT!r}, {words!r})" for words in for_staff(self.path))
        Path(self.work_path).write_text("\n".join(marked), encoding="utf-8")


class Command(makemessages.Command):
    """Write what is marked into reminders/locale and clinic/locale; keep what is translated.

    The words of the theme go to clinic/locale, without those that Django itself translates. Twice
    is once. Raises CommandError where the gettext tools are missing.
    """

    help = "Gather the panel's marked words into its catalogs (needs the gettext tools)."
    build_file_class = ReadFile
    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        languages = [code for code, _ in settings.PANEL_LANGUAGES if not code.startswith("en")]
        parser.set_defaults(
            locale=languages,
            extensions=["html", "txt", "py", "yaml"],
            ignore_patterns=[*NOT_SHOWN],
            add_location="file",
            no_obsolete=True,
            no_wrap=False,
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            for package in THEME:
                _copy_words_of(package)
            super().handle(*args, **options)
        finally:
            shutil.rmtree(COPY, ignore_errors=True)

    def find_files(self, root: str) -> list[Any]:
        """Return the files to read; the theme's belong to the catalog of the clinic."""
        files = [file for file in super().find_files(root) if not _is_strange(file)]
        for file in files:
            if _is_theme(file):
                file.locale_dir = str(settings.BASE_DIR / "clinic" / "locale")
        return cast("list[Any]", files)

    def process_files(self, file_list: list[Any]) -> None:
        """Read our own words first, then those of the theme that Django does not know."""
        super().process_files([file for file in file_list if not _is_theme(file)])
        known = _translated_by_django()
        self.xgettext_options = [*self.xgettext_options, f"--exclude-file={known}"]
        super().process_files([file for file in file_list if _is_theme(file)])


def _translated_by_django() -> Path:
    """Write what Django's own Spanish says to one file; what it leaves empty is for us to say."""
    rooms = [app.path for app in apps.get_app_configs() if app.name.startswith("django.")]
    rooms.append(str(Path(django.__file__).parent / "conf"))
    found = (path for room in rooms for path in Path(room).glob("locale/es/LC_MESSAGES/django.po"))
    known = COPY / "known.po"
    whole = ["msgcat", "--use-first", f"--output-file={known}", *map(str, sorted(found))]
    said = ["msgattrib", "--translated", "--no-fuzzy", f"--output-file={known}", str(known)]
    for command in (whole, said):
        popen_wrapper(command)
    return known


def _copy_words_of(package: Any) -> None:
    """Copy a package's code and templates to where the gettext tools may write beside them."""
    source = Path(package.__file__).parent
    left_out = shutil.ignore_patterns("static", "locale", "__pycache__", "tests", "contrib")
    shutil.copytree(source, COPY / package.__name__, ignore=left_out)


def for_staff(path: str | Path) -> Iterator[str]:
    """Yield what a file of the content says to staff: titles, tasks, activities, reasons."""
    content = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    if Path(path).name in REASONS:
        yield from content
    else:
        yield from dict.fromkeys(_said(content))


def _said(content: Any) -> Iterator[str]:
    if isinstance(content, list):
        for one in content:
            yield from _said(one)
    if isinstance(content, dict):
        for name, value in content.items():
            if name in FOR_STAFF and isinstance(value, str):
                yield value.strip()
            else:
                yield from _said(value)


def _is_strange(file: Any) -> bool:
    """True for YAML that says nothing to staff: it is no content, or a language's own file."""
    if not file.file.endswith(".yaml"):
        return False
    is_content = Path(file.dirpath) == CONTENT and file.file != OF_SOURCES
    return not is_content or (file.file.count(".") > 1 and file.file not in REASONS)


def _is_theme(file: Any) -> bool:
    return Path(file.dirpath).parts[:1] == COPY.parts
