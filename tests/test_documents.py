"""The documents say what the code does: states, settings, promises, timetable, commands, links."""

import ast
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from django.core.management import get_commands

from clinic.celery import app
from reminders.models import (
    AlertStatus,
    AlertStepStatus,
    AttemptStatus,
    DeliveryStatus,
    ReminderStatus,
    ReplyStatus,
    VersionStatus,
)
from reminders.staff.panel import INTENDED_PURPOSE

ROOT = Path(__file__).parents[1]
STATES = {
    "Reminder": ReminderStatus,
    "Delivery": DeliveryStatus,
    "Attempt": AttemptStatus,
    "Reply": ReplyStatus,
    "Alert": AlertStatus,
    "AlertStep": AlertStepStatus,
    "PathwayVersion": VersionStatus,
}
ROOMS = ("clinic", "reminders", "templates", "tests", "docs")
# In two parts, so that this file does not hold what it looks for.
NEVER_TRACKED = ("pypi" + ".org", "npm" + "js", "files.python" + "hosted", "/wo" + "rk/")


def tracked_files():
    command = ["git", "ls-files", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


DOCUMENTS = sorted(path for path in tracked_files() if path.suffix == ".md")
documents = pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def section(text, heading):
    """The part of a document under one heading, up to the next of the same depth."""
    depth = len(heading) - len(heading.lstrip("#"))
    [_, rest] = re.split(rf"^{re.escape(heading)}$", text, flags=re.MULTILINE)
    return re.split(rf"^#{{1,{depth}}} ", rest, maxsplit=1, flags=re.MULTILINE)[0]


def table(text):
    """The rows of the first table as lists of cells, without its head."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def paths_in(text):
    """The files and folders of ours that a text names in backticks."""
    return re.findall(rf"`((?:{'|'.join(ROOMS)})/[\w./-]+)`", text)


class TestStates:
    @pytest.mark.parametrize("row", STATES)
    def test_the_drawing_has_those_of_the_code(self, row):
        drawing = section(read("ARCHITECTURE.md"), f"### {row}").split("```")[1]

        arrows = re.findall(r"^\s*(\S+) --> ([^\s:]+)", drawing, flags=re.MULTILINE)

        assert {state for arrow in arrows for state in arrow} - {"[*]"} == set(STATES[row].values)

    @pytest.mark.parametrize("row", STATES)
    def test_the_table_has_those_of_the_code_in_their_order(self, row):
        rows = table(section(read("ARCHITECTURE.md"), f"### {row}"))

        assert [cells[0].strip("`") for cells in rows] == STATES[row].values


class TestPromises:
    ROWS = table(section(read("ARCHITECTURE.md"), "## Promises"))

    def test_there_are_ten(self):
        assert [cells[0] for cells in self.ROWS] == [f"P{number}" for number in range(1, 11)]

    @pytest.mark.parametrize("cells", ROWS, ids=lambda cells: cells[0])
    def test_each_has_limits_a_file_that_keeps_it_and_a_test(self, cells):
        _, promise, limits, kept_in, test = cells

        assert promise
        assert limits
        assert paths_in(kept_in)
        assert [path for path in paths_in(test) if path.startswith("tests/")]


def test_the_timetable_is_the_one_of_the_code():
    rows = table(section(read("ARCHITECTURE.md"), "## Redis and the timetable"))

    told = {cells[1].strip("`"): (cells[0], cells[2]) for cells in rows}

    assert told == {
        entry["task"]: (f"{entry['schedule']:.0f} s", queue_of(entry["task"]))
        for entry in app.conf.beat_schedule.values()
    }


def queue_of(task):
    return app.conf.task_routes.get(task, {}).get("queue", app.conf.task_default_queue)


class TestSettings:
    """`.env.example` has a line for each; one behind a hash shows the default."""

    EXAMPLE = re.findall(r"^(# )?([A-Z][A-Z_]+)=(.*)$", read(".env.example"), flags=re.MULTILINE)

    def test_the_example_has_those_that_are_read(self):
        in_compose = set(re.findall(r"\$\{([A-Z_]+)", read("docker-compose.yml")))

        assert {name for _, name, _ in self.EXAMPLE} == read_settings().keys() | in_compose

    def test_each_stands_there_once_and_is_explained(self):
        names = [name for _, name, _ in self.EXAMPLE]
        explained = re.compile(r"^# .*[^-]\n(?:(?:# )?[A-Z_]+=.*\n)+", flags=re.MULTILINE)

        assert len(names) == len(set(names))
        for name in names:
            assert any(
                re.search(rf"^(# )?{name}=", block, flags=re.MULTILINE)
                for block in explained.findall(read(".env.example"))
            ), name

    def test_a_line_behind_a_hash_shows_the_default(self):
        defaults = read_settings()

        shown = {name: value for hidden, name, value in self.EXAMPLE if hidden}

        assert {name: value for name, value in shown.items() if defaults.get(name)} == {
            name: defaults[name] for name in shown if defaults.get(name)
        }

    def test_no_secret_is_given_away(self):
        given = {name: value for _, name, value in self.EXAMPLE}

        secrets = [name for name in given if re.search(r"KEY|TOKEN|SID|PASSWORD|USER", name)]

        assert secrets
        assert {given[name] for name in secrets} == {""}


def read_settings():
    """The settings that clinic/settings.py reads, with their defaults as one would write them."""
    calls = [
        node
        for node in ast.walk(ast.parse(read("clinic/settings.py")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id.startswith("env_")
    ]
    return {call.args[0].value: default_of(call) for call in calls}


def default_of(call):
    for keyword in call.keywords:
        if keyword.arg == "default" and isinstance(keyword.value, ast.Constant):
            value = keyword.value.value
            return str(value).lower() if isinstance(value, bool) else str(value)
    return ""


class TestNames:
    @documents
    def test_every_file_that_is_named_is_there(self, path):
        missing = [name for name in paths_in(path.read_text()) if not (ROOT / name).exists()]

        assert missing == []

    @documents
    def test_every_link_leads_somewhere(self, path):
        links = re.findall(r"\]\(([^)\s]+)\)", path.read_text(encoding="utf-8"))
        targets = [link for link in links if "://" not in link]

        assert [link for link in targets if not leads_somewhere(link, start=path)] == []

    @documents
    def test_every_make_target_is_in_the_makefile(self, path):
        targets = re.findall(r"^([a-z-]+):", read("Makefile"), flags=re.MULTILINE)
        named = re.findall(r"(?:^|`)make ([a-z-]+)(?![a-z-]*=)", path.read_text(), re.MULTILINE)

        assert set(named) - set(targets) == set()

    @documents
    def test_every_command_is_there(self, path):
        named = re.findall(r"manage\.py ([a-z_]+)", path.read_text(encoding="utf-8"))

        assert set(named) - get_commands().keys() == set()


def leads_somewhere(link, *, start):
    name, _, anchor = link.partition("#")
    target = (start.parent / name).resolve() if name else start
    if not target.exists():
        return False
    return not anchor or anchor in {anchor_of(heading) for heading in headings_of(target)}


def headings_of(path):
    return re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)


def anchor_of(heading):
    return re.sub(r"[^\w -]", "", heading).strip().lower().replace(" ", "-")


def test_the_readme_says_the_intended_purpose_as_the_panel_does():
    words = " ".join(read("README.md").split())

    assert f"**Intended purpose:** {INTENDED_PURPOSE[0].lower()}{INTENDED_PURPOSE[1:]}" in words


def test_each_decision_says_what_it_costs_and_stands_in_the_list():
    listed = read("ARCHITECTURE.md")

    for path in (ROOT / "docs" / "adr").glob("*.md"):
        number, title = re.match(r"# (\d+)\. (.+)", path.read_text(encoding="utf-8")).groups()
        assert path.name.startswith(f"{int(number):04}-")
        assert headings_of(path)[1:] == [
            "What we had to decide",
            "What we chose",
            "What we now live with",
            "When to look again",
        ]
        assert f"| [{number}](docs/adr/{path.name}) | {title} |" in listed


def test_every_direct_dependency_has_a_reason():
    project = tomllib.loads(read("pyproject.toml"))["project"]
    extras = project["optional-dependencies"].values()
    wanted = [one for group in (project["dependencies"], *extras) for one in group]
    lines = read("pyproject.toml").splitlines()

    without = [
        one
        for one in wanted
        if not any(re.search(rf'"{re.escape(one)}".*# \w', line) for line in lines)
    ]

    assert without == []


def test_the_licence_is_the_one_that_the_project_names():
    assert tomllib.loads(read("pyproject.toml"))["project"]["license"] == "Apache-2.0"
    assert "Apache License\n                           Version 2.0" in read("LICENSE")
    assert "Creative Commons Attribution 4.0 International" in read("LICENSE-content")


def test_no_tracked_file_names_a_registry_or_somebodys_machine():
    found = [
        (str(path.relative_to(ROOT)), word)
        for path in tracked_files()
        for word in NEVER_TRACKED
        if word.encode() in path.read_bytes()
    ]

    assert found == []
