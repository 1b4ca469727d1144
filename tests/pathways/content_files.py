"""Small content files, written by tests that then read them."""

import pytest
import yaml

from reminders.pathways.reading import ContentError, read_pathways

SOURCES = "SRC: {title: A study, publisher: A journal, date: '2020', where: here, grade: A}\n"
HEAD = {
    "title": "A pathway",
    "version": "1",
    "licence": "CC BY 4.0",
    "review_status": "needs review",
    "regions": ["lumbar"],
    "procedures": ["laminectomy"],
}
STEP = {
    "key": "walk",
    "category": "physio",
    "intent": "Walk",
    "day_from": 1,
    "day_to": 3,
    "at": "10:00",
    "evidence": "ref",
    "sources": ["SRC"],
}
TASK = {
    **STEP,
    "audience": "staff",
    "channels": ["task"],
    "privacy": "staff",
    "staff_action": "Call.",
}
CHECK_IN = {**STEP, "category": "check_in", "late_hours": 24}
WORDS = {
    "language": "en",
    "title": "A",
    "version": "1",
    "licence": "CC BY 4.0",
    "review_status": "needs review",
}


def write(folder, *steps, name="first", **head):
    data = {"pathway": name, **HEAD, **head, "steps": list(steps)}
    (folder / f"{name}.yaml").write_text(yaml.safe_dump(data, sort_keys=False))


def write_words(folder, texts, *, name="first", language="en", **head):
    data = {"pathway": name, **WORDS, "language": language, **head, "texts": texts}
    path = folder / f"{name}.{language}.yaml"
    path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False))


def refusal(folder):
    with pytest.raises(ContentError) as refused:
        read_pathways(folder)
    return str(refused.value)
