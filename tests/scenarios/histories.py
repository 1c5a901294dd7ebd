"""Random histories made of the cities' own cases: the same happenings, learned late, twice or out of order."""

import json
import random
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from domain.municipalities import folders
from domain.values.calendar import Moment

DAY = 86_400_000_000


@cache
def cases_of(folder: str) -> list[dict[str, Any]]:
    """Every case of a city."""
    place = files("domain.municipalities") / folder / "cases"
    found: list[dict[str, Any]] = []
    for file in sorted(place.iterdir(), key=lambda each: each.name):
        if file.name.endswith(".json"):
            found += json.loads(file.read_text("utf-8"))["cases"]
    return found


def cities() -> list[tuple[str, str]]:
    """Code and folder of every city, each once."""
    return sorted({folder: code for code, folder in reversed(folders().items())}.items())


def history(seed: int, folder: str) -> Iterator[dict[str, Any]]:
    """The facts of a case with ids, some of them told late, a few told twice or withdrawn."""
    chance = random.Random(seed)
    case = chance.choice([each for each in cases_of(folder) if each["facts"]])
    told = [{**fact, "id": fact.get("id", f"f{number}")} for number, fact in enumerate(case["facts"], 1)]
    for fact in told:
        learned = int(Moment.parse(str(fact.get("recorded") or fact["on"])))
        if chance.random() < 0.3:
            learned += chance.randrange(0, 400) * DAY
        fact["recorded"] = str(Moment(learned))
    if chance.random() < 0.3:
        gone = chance.choice(told)
        later = Moment(int(Moment.parse(gone["recorded"])) + chance.randrange(1, 300) * DAY)
        void = {"fact": gone["fact"], "on": str(later.day), "recorded": str(later), "id": "void"}
        told.append({**void, "corrects": gone["id"], "void": True})
    ordered = sorted(told, key=lambda fact: Moment.parse(fact["recorded"]))
    for fact in ordered:
        yield fact
        if chance.random() < 0.1:
            yield fact


def questions(seed: int, folder: str, facts: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """What an auditor might ask about the people, households and claims of a history, at any pair of dates."""
    chance = random.Random(seed)
    dates = sorted({str(fact["recorded"])[:10] for fact in facts} | {str(fact["on"]) for fact in facts})

    def both() -> dict[str, str]:
        return {"on": chance.choice(dates), "known": chance.choice(dates)}

    people = sorted({str(fact["person"]) for fact in facts if "person" in fact})
    for person in people[:3]:
        for scheme in ("employee", "resident"):
            yield {"ask": "benefit_status", "person": person, "scheme": scheme, **both()}
            yield {"ask": "benefit_periods", "person": person, "scheme": scheme, "known": both()["known"]}
            yield {"ask": "contribution_months", "person": person, "scheme": scheme, **both()}
        yield {"ask": "personal_account", "person": person, **both()}
    for household in sorted({str(fact["household"]) for fact in facts if "household" in fact})[:2]:
        yield {"ask": "family_account", "household": household, **both()}
    for claim in sorted({str(fact["claim"]) for fact in facts if "claim" in fact})[:4]:
        yield {"ask": "claim", "claim": claim, "known": both()["known"]}
    yield {"ask": "fund_account", "fund": "resident_pooled", **both()}
