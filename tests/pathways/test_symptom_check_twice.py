"""The rules of the agreed table, read a second way, against what the command says.

Nothing of ours is used here but the command itself: the table is read as it was agreed, each
condition is a regular expression, and the answers are whatever chance brings.
"""

import csv
import io
import json
import random
import re
from pathlib import Path

from django.core.management import call_command

TABLE = Path(__file__).with_name("triage_facts.csv")
SETS, SEED = 12_000, 20260303
TIERS = ["NONE", "ROUTINE", "SAME_DAY", "EMERGENCY"]
REGIONS = ["lumbar", "cervical", "thoracic", "mixed", "", None]
CONDITION = re.compile(r"(Q\d\d|pain_score|temp_c|day)(=|>=|<=)(yes|[\d.]+)")


def table(kind):
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["kind"] == kind]


RULES, QUESTIONS = table("rule"), table("question")


def holds(condition, *, day, answers):
    """Not sure is a yes; what was not measured, and a day that is not known, fulfil nothing."""
    subject, relation, wanted = CONDITION.fullmatch(condition.strip()).groups()
    if relation == "=":
        return answers.get(subject) in ("yes", "unsure")
    measured = {"day": day, "pain_score": answers.get("Q18"), "temp_c": answers.get("Q30")}[subject]
    if measured is None:
        return False
    return measured >= float(wanted) if relation == ">=" else measured <= float(wanted)


def expected(*, region, day, answers):
    fired = [
        rule
        for rule in RULES
        if (region not in ("lumbar", "cervical") or rule["region"] in ("both", region))
        and all(holds(one, day=day, answers=answers) for one in rule["all_of"].split("&"))
    ]
    tier = max((rule["tier"] for rule in fired), key=TIERS.index, default="NONE")
    minutes = min(
        (int(rule["sla_minutes"]) for rule in fired if rule["tier"] == tier), default=None
    )
    return {"tier": tier, "sla_minutes": minutes, "rules": sorted(rule["key"] for rule in fired)}


def some_answers(chance):
    """A few yeses or many, since a set full of them would always be an emergency."""
    share = chance.choice([0.02, 0.05, 0.15, 0.5])
    answers = {}
    for question in QUESTIONS:
        key, kind = question["key"], question["answer"]
        if kind == "number_0_10" and chance.random() < 0.7:
            answers[key] = chance.randint(0, 10)
        elif kind == "number_optional" and chance.random() < 0.5:
            answers[key] = round(chance.uniform(35.5, 41), 1)
        elif kind.startswith("yes_no") and chance.random() < share:
            answers[key] = "yes" if kind == "yes_no" else chance.choice(["yes", "unsure"])
        elif kind.startswith("yes_no") and chance.random() < 0.5:
            answers[key] = "no"
    return answers


def test_twelve_thousand_sets_of_answers_mean_what_the_table_says(tmp_path):
    chance = random.Random(SEED)
    sets = [
        {
            "region": chance.choice(REGIONS),
            "day": chance.choice([None, chance.randint(-7, 60), chance.randint(-7, 372)]),
            "answers": some_answers(chance),
        }
        for _ in range(SETS)
    ]
    asked, said = tmp_path / "answers.jsonl", io.StringIO()
    asked.write_text("\n".join(json.dumps(one) for one in sets))

    call_command("symptom_check", "--jsonl", str(asked), stdout=said)

    told = [json.loads(line) for line in said.getvalue().splitlines()]
    wanted = [{"line": number} | expected(**one) for number, one in enumerate(sets, start=1)]
    assert len(told) == SETS
    assert [
        (ours, theirs) for ours, theirs in zip(told, wanted, strict=True) if ours != theirs
    ] == []
    assert {one["tier"] for one in wanted} == set(TIERS)
    assert {key for one in wanted for key in one["rules"]} == {rule["key"] for rule in RULES}
