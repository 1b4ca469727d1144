"""One YAML file → plain Python values, with the surprises of YAML switched off."""

import re
from pathlib import Path
from typing import Any

import yaml

from reminders.pathways.fields import ContentError

MOST_BYTES = 1_000_000  # a content file is a tenth of this; more is a mistake
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _PlainLoader(_Loader):  # type: ignore[misc]
    """Text stays text: only whole numbers, true, false and null are read as more.

    Plain YAML reads an unquoted 10:00 as 600, `no` as false and a date as a date, and of two
    equal keys it keeps the last without a word.
    """

    yaml_implicit_resolvers: dict[str, list[Any]] = {}

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 (as in PyYAML)
        seen: set[str] = set()
        for key_node, _ in node.value:
            if key_node.value in seen:
                problem = f'"{key_node.value}" is there twice; keep one'
                raise yaml.MarkedYAMLError(problem=problem, problem_mark=key_node.start_mark)
            seen.add(key_node.value)
        mapping: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        return mapping


for _tag, _pattern, _first in (
    ("int", r"[-+]?(?:0|[1-9][0-9]*)", "-+0123456789"),
    ("bool", r"true|false", "tf"),
    ("null", r"null|~|", "n~\0"),
):
    _PlainLoader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(rf"^(?:{_pattern})$"), list(_first)
    )
_PlainLoader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^$"), [""])


def read_mapping(path: Path) -> dict[str, Any]:
    """Return the file's top mapping. Raises ContentError, with the line, if it is not one."""
    try:
        raw = path.read_bytes()
        if len(raw) > MOST_BYTES:
            raise ContentError(path.name, place="whole file", problem="far too long; split it.")
        data = yaml.load(raw.decode("utf-8"), Loader=_PlainLoader)  # noqa: S506 (is a safe one)
    except FileNotFoundError:
        raise ContentError(path.name, place="whole file", problem="is missing.") from None
    except UnicodeDecodeError:
        problem = "is not UTF-8; save it as UTF-8."
        raise ContentError(path.name, place="whole file", problem=problem) from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else "?"
        raise ContentError(path.name, place=f"line {line}", problem=f"{error.problem}.") from None
    if not isinstance(data, dict):
        problem = "is not a list of `name: value` lines."
        raise ContentError(path.name, place="whole file", problem=problem)
    return data
