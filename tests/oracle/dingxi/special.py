"""Diseases entered and used, and their common yearly limit (DX-30, DX-31)."""

from datetime import date

from .basics import Refused, day
from .known import World

LIMITS = (
    [90000, 60000, 30000, 20000, 14000]
    + [10000] * 7  # 6 to 12
    + [5000] * 11  # 13 to 23
    + [4000] * 2  # 24, 25
    + [3000] * 8  # 26 to 33
    + [2000] * 3  # 34 to 36
)


def limit_of(disease: str) -> int:
    return LIMITS[int(disease) - 1] * 100


def entered(world: World, person: str, when: date) -> set[str]:
    """Diseases the person is entered for on the day."""
    found = set()
    for fact in world.of("special_disease_approved", person=person):
        start = day(fact["on"])
        told = world.of("approval_ended", person=person, approval="special_disease", disease=fact["disease"])
        ends = [day(f["on"]) for f in told if day(f["on"]) >= start]
        ends += [day(fact["to"])] if fact.get("to") else []
        if fact.get("programme", "special_disease") != "special_disease":
            continue
        if start <= when and not any(end <= when for end in ends):
            found.add(str(fact["disease"]))
    return found


def used(world: World, person: str, when: date) -> set[str]:
    """At most three of them: the chosen ones, else those with the highest limits."""
    open_ones = entered(world, person, when)
    chosen = [f for f in world.of("special_diseases_selected", person=person) if day(f["on"]) <= when]
    if chosen:
        last = max(enumerate(chosen), key=lambda each: (day(each[1]["on"]), each[0]))[1]
        return open_ones & {str(each) for each in last["diseases"]}
    return set(sorted(open_ones, key=lambda each: (-limit_of(each), int(each)))[:3])


def yearly_limit(world: World, person: str, when: date) -> int:
    mine = used(world, person, when)
    return max(map(limit_of, mine)) + 30000 * (len(mine) - 1) if mine else 0


def check(world: World, person: str, disease: str, when: date) -> None:
    if disease not in entered(world, person, when):
        raise Refused("disease_not_approved")
    if disease not in used(world, person, when):
        raise Refused("disease_not_selected")
