"""When an employer's months were paid, and its episodes of arrears (LZ-06)."""

from dataclasses import dataclass
from datetime import date

from tests.oracle.luzhou.days import day, fen, first_of, last_of, month, month_of, months, share
from tests.oracle.luzhou.jobs import base, everyone, shares
from tests.oracle.luzhou.knowledge import Fact, World, remembered


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


@remembered
def debtors(world: World, employer: str) -> list[str]:
    """The employer and whoever took over its debts (LZ-12a)."""
    found = [employer]
    for fact in world.of("employer_reorganised"):
        if fact["employer"] in found and fact.get("successor"):
            found.append(fact["successor"])
    return found


@remembered
def payments(world: World, employer: str) -> list[Fact]:
    names = debtors(world, employer)
    return [
        fact
        for fact in world.of("contribution_paid")
        if fact.get("employer") in names
        and "person" not in fact
        and fact.get("purpose", "ordinary") in ("ordinary", "over_limit_arrears")
    ]


@remembered
def assessed(world: World, employer: str) -> set[int]:
    """Months that are owed: assessed, or paid for."""
    found: set[int] = set()
    for fact in world.of("contribution_assessed", employer=employer):
        found.update(months(fact["months"]))
    for fact in payments(world, employer):
        if fact.get("employer") == employer:
            found.update(months(fact["months"]))
    jobs = everyone(world, employer)
    for job in jobs:
        if job.opening and job.fact["status"] == "suspended":
            found.update(range(job.first, month("2018-01")))
        elif not job.opening:
            found.add(job.first)
    return {number for number in found if any(job.on_roll(number) for job in jobs)}


def due(world: World, employer: str, number: int, when: date, late: bool) -> int:
    """Everything assessed for a month; at 6% of each base when the episode is cleared too late."""
    roll = [job for job in everyone(world, employer) if job.on_roll(number)]
    if late:
        return sum(share(base(world, job, number, when), "0.06") for job in roll)
    return sum(sum(shares(world, job, number, when)) for job in roll)


@remembered
def paid_on(world: World, employer: str) -> dict[int, date]:
    """The day on which each month became fully paid, make-ups that fall due with it included (LZ-06a)."""
    found = arrived_on(world, employer)
    full = {number: max(when, _make_up(world, employer, number)) for number, when in found.items()}
    return {number: when for number, when in full.items() if when < date.max}


@remembered
def arrived_on(world: World, employer: str) -> dict[int, date]:
    """The day on which each month's own contributions were in; part payments settle the oldest month first."""
    found: dict[int, date] = {}
    purse, first = 0, None
    owed_months = sorted(assessed(world, employer))
    for fact in payments(world, employer):
        when = day(fact["on"])
        overdue = [n for n in owed_months if n not in found and last_of(n) < when]
        first = (overdue[0] if first is None else first) if overdue else None
        if "amount" not in fact or fact.get("clears_arrears"):
            cleared = overdue if fact.get("clears_arrears") else []
            for number in [*months(fact["months"]), *cleared]:
                found.setdefault(number, when)
            continue
        purse += fen(fact["amount"])
        late = first is not None and when >= first_of(first + 7)
        for number in [n for n in owed_months if n not in found]:
            if last_of(number) < when or number in months(fact["months"]):
                owed = due(world, employer, number, when, late and last_of(number) < when)
                if purse < owed:
                    break
                purse -= owed
                found[number] = when
    return found


@remembered
def make_up_months(world: World, employer: str) -> set[int]:
    """Months in which a make-up falls due, assessed or not."""
    announced = [world.wage_year(year) for year in (2017, 2018, 2019)]
    found = {month_of(day(fact["on"])) for fact in announced if fact is not None}
    return {number for number in found if _make_up(world, employer, number) > date.min}


@remembered
def _make_up(world: World, employer: str, number: int) -> date:
    """LZ-05d: a make-up is due with the month of the announcement; unpaid, that month is not fully paid."""
    announced = world.wage_year(number // 12 - 1)
    if announced is None or month_of(day(announced["on"])) != number:
        return date.min
    when = day(announced["on"])
    for fact in payments(world, employer):
        if "amount" not in fact and day(fact["on"]) < when:
            for earlier in months(fact["months"]):
                if earlier // 12 == number // 12 and _rises(world, employer, earlier, day(fact["on"]), when):
                    return made_up_on(world, employer, when)
    return date.min


@remembered
def made_up_on(world: World, employer: str, announced: date) -> date:
    """The day on which the make-up was paid, or nothing was owed any more; date.max while neither is."""
    due = last_of(month_of(announced))  # nothing is owed before the due day is over (LZ-06e)
    paid = [
        day(f["on"])
        for f in world.of("contribution_paid", employer=employer)
        if f.get("purpose") == "base_adjustment" or (f.get("clears_arrears") and day(f["on"]) > due)
    ]
    return min(paid, default=date.max)


def _rises(world: World, employer: str, number: int, paid: date, when: date) -> bool:
    return any(
        base(world, job, number, when) > base(world, job, number, paid)
        for job in everyone(world, employer)
        if job.on_roll(number)
    )


@remembered
def episodes(world: World, employer: str) -> list[Episode]:
    paid = paid_on(world, employer)
    owed = sorted(assessed(world, employer) | make_up_months(world, employer))
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
    for when in sorted({each for each in paid.values() if each >= began}):
        if all(last_of(n) >= when or paid.get(n, date.max) <= when for n in owed):
            return when
    return None


@remembered
def at_six_percent(world: World, employer: str) -> set[int]:
    """Months paid at 6% on the clearing of an episode over the limit (LZ-06d, 06e)."""
    paid = arrived_on(world, employer)
    found: set[int] = set()
    for episode in episodes(world, employer):
        if episode.over and episode.cleared is not None:
            found.update(
                n for n, when in paid.items() if when == episode.cleared and last_of(n) < episode.cleared
            )
    return found
