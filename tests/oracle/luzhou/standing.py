"""Covered scheme on a day and the code of whoever is not covered (LZ 0.3, 0.4, 0.6)."""

from collections.abc import Callable
from datetime import date

from tests.oracle.luzhou.days import FIRST_DAY, after, first_of, month_of
from tests.oracle.luzhou.employee import Status, status
from tests.oracle.luzhou.knowledge import World, remembered
from tests.oracle.luzhou.resident import resident_status

CODES = {"pending": "cover_pending", "waiting": "waiting_period", "suspended": "suspended"}


@remembered
def covered(world: World, person: str, when: date) -> Status | None:
    """LZ-11a: the employee scheme prevails."""
    found = status(world, person, when)
    if found.covered:
        return found
    found = resident_status(world, person, when)
    return found if found.covered else None


Here = Callable[[World, str, date], Status]


@remembered
def ever_covered(world: World, person: str, when: date, here: Here | None = None) -> bool:
    """Whether the person was covered on or before a day: in either scheme, or in the one asked about."""
    days = [first_of(number) for number in range(month_of(FIRST_DAY), month_of(when) + 1)]
    for fact in world.facts:
        text = str(fact.get("on"))
        days += [date.fromisoformat(text), after(date.fromisoformat(text), 1)]
    days += [when, after(first_of(month_of(when)), -1)]
    for start in (status(world, person, when).start, resident_status(world, person, when).start):
        days += [start] if start else []
    days += [each.start for each in _starts(world, person)]
    days = [each for each in days if FIRST_DAY <= each <= when]
    if here is not None:
        return any(here(world, person, each).covered for each in days)
    return any(covered(world, person, each) is not None for each in days)


class _Start:
    def __init__(self, start: date) -> None:
        self.start = start


def _starts(world: World, person: str) -> list[_Start]:
    from tests.oracle.luzhou.resident import covers

    return [_Start(cover.start) for cover in covers(world, person) if cover.start is not None]


@remembered
def code(world: World, person: str, when: date) -> str:
    """Why nobody pays on a day."""
    employee, resident = status(world, person, when), resident_status(world, person, when)
    if employee.liable:
        return "employer_liable"
    for each in (employee, resident):
        if each.status in CODES:
            return CODES[each.status]
    return "cover_lapsed" if ever_covered(world, person, when) else "not_enrolled"
