"""When an employer's months were paid, and its episodes of arrears (LZ-06)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from tests.oracle.luzhou.days import day, fen, first_of, last_of, month_of, months
from tests.oracle.luzhou.jobs import everyone, shares
from tests.oracle.luzhou.knowledge import Fact, World


@dataclass
class Episode:
    """`began` is S, `limit` is L; `cleared` is None while something is owed."""

    first_month: int
    began: date
    limit: date
    cleared: date | None

    @property
    def over(self) -> bool:
        return self.cleared is not None and self.cleared >= self.limit

    def too_late(self, today: date) -> bool:
        return self.over or (self.cleared is None and today >= self.limit)


def debtors(world: World, employer: str) -> list[str]:
    """The employer and whoever took over its debts (LZ-12a)."""
    found = [employer]
    for fact in world.of("employer_reorganised"):
        if fact["employer"] in found and fact.get("successor"):
            found.append(fact["successor"])
    return found


def payments(world: World, employer: str) -> Iterator[Fact]:
    names = debtors(world, employer)
    for fact in world.of("contribution_paid"):
        ordinary = fact.get("purpose", "ordinary") in ("ordinary", "over_limit_arrears")
        if fact.get("employer") in names and "person" not in fact and ordinary:
            yield fact


def assessed(world: World, employer: str) -> set[int]:
    """Months that are owed: assessed, or paid for."""
    found: set[int] = set()
    for fact in world.of("contribution_assessed", employer=employer):
        found.update(months(fact["months"]))
    for fact in payments(world, employer):
        if fact.get("employer") == employer:
            found.update(months(fact["months"]))
    jobs = everyone(world, employer)
    return {number for number in found if any(job.on_roll(number) for job in jobs)}


def due(world: World, employer: str, number: int, when: date) -> int:
    return sum(
        sum(shares(world, job, number, when)) for job in everyone(world, employer) if job.on_roll(number)
    )


def paid_on(world: World, employer: str) -> dict[int, date]:
    """The day on which each month became fully paid (LZ-06a); part payments settle the oldest month first."""
    found: dict[int, date] = {}
    purse = 0
    for fact in payments(world, employer):
        when = day(fact["on"])
        if "amount" not in fact or fact.get("clears_arrears"):
            for number in months(fact["months"]):
                found.setdefault(number, when)
            continue
        purse += fen(fact["amount"])
        for number in sorted(assessed(world, employer)):
            if number not in found and (last_of(number) < when or number in months(fact["months"])):
                owed = due(world, employer, number, when)
                if purse < owed:
                    break
                purse -= owed
                found[number] = when
    return found


def episodes(world: World, employer: str) -> list[Episode]:
    paid = paid_on(world, employer)
    owed = sorted(assessed(world, employer))
    found: list[Episode] = []
    for number in owed:
        in_time = paid.get(number, date.max) <= last_of(number)
        if in_time or world.today <= last_of(number):
            continue
        last = found[-1] if found else None
        if last is not None and (last.cleared is None or last_of(number) < last.cleared):
            continue
        began = first_of(number + 1)
        cleared = _clearing(owed, paid, began)
        found.append(Episode(number, began, first_of(number + 7), cleared))
    return found


def _clearing(owed: list[int], paid: dict[int, date], began: date) -> date | None:
    for when in sorted({day for day in paid.values() if day >= began}):
        if all(last_of(n) >= when or paid.get(n, date.max) <= when for n in owed):
            return when
    return None


def at_six_percent(world: World, employer: str) -> set[int]:
    """Months paid at 6% on the clearing of an episode over the limit (LZ-06d, 06e)."""
    paid = paid_on(world, employer)
    found = set()
    for episode in episodes(world, employer):
        if episode.over and episode.cleared is not None:
            found.update(
                n for n, when in paid.items() if when == episode.cleared and last_of(n) < episode.cleared
            )
    return found


def month_is_due(world: World, number: int) -> bool:
    return month_of(world.today) > number
