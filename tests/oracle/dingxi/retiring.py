"""Retirement: months held and required, the price of the missing ones, and from when (DX-14)."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from .basics import Fact, day, fen, first_day, month_of, part, rounded
from .known import World
from .months import Paid, base, mode_due, paid_months, rate_of_employer
from .runs import Spell


@dataclass
class Part:
    """One part of the lump sum."""

    name: str
    months: int
    employer: int
    member: int

    @property
    def amount(self) -> int:
        return self.employer + self.member


@dataclass
class Retirement:
    """What the retirement procedure found."""

    fact: Fact
    month: int
    capacity: str
    mode: str
    employer: str | None
    held: int
    full: int | None
    shortfall: int
    extra: int
    since: date | None

    @property
    def first(self) -> date:
        """F: the first of the month after the month of retirement."""
        return first_day(self.month + 1)

    @property
    def short(self) -> bool:
        return self.shortfall + self.extra > 0


def retirement(world: World, person: str, spell: Spell) -> Retirement | None:
    told = world.of("retired", person=person)
    if not told:
        return None
    fact = told[-1]
    month = month_of(day(fact["on"]))
    # Months of an earlier membership stay certified (DX-15c).
    paid = paid_months(world, person)
    # What was paid late counts as soon as it is known ("with the payments known at K", DX-14d).
    held = {n: p for n, p in paid.items() if n <= month}
    latest = paid[max(held)] if held else None
    capacity = fact.get("capacity") or (latest.capacity if latest else "employed")
    # A change of rate holds for later months whether they were paid or not (DX-11e, 14c "current rate").
    changed = mode_due(world, person, month) if capacity == "flexible" else None
    mode = fact.get("mode") or changed or (latest.mode if latest else "combined")
    full = _full_rate_months(held) if mode == "combined" and capacity != "pensioner" else None
    shortfall = max(0, 180 - len(held))
    extra = max(0, max(0, 60 - full) - shortfall) if full is not None else 0
    start = first_day(month + 1)
    late = [r for r in spell.runs if r.cleared is None or r.cleared >= start]
    since = _since(world, person, start, shortfall + extra > 0, [r.cleared for r in late])
    return Retirement(
        fact,
        month,
        capacity,
        mode,
        fact.get("employer") or (latest.employer if latest else None),
        len(held),
        full,
        shortfall,
        extra,
        since,
    )


def disputed(world: World, person: str, mine: Retirement) -> bool:
    """Enrolled in one standing and paid in another: the text does not say which of them retires."""
    told = [f for f in world.of("enrolled", person=person) if f.get("scheme", "employee") == "employee"]
    return mine.fact.get("capacity") is None and any(f["capacity"] != mine.capacity for f in told)


def _full_rate_months(held: dict[int, Paid]) -> int | None:
    """q of DX-14e; None where the person never paid 4% before."""
    modes = {n: p.mode for n, p in held.items()}
    small = [n for n, mode in modes.items() if mode == "pooling_only"]
    after = [n for n, mode in modes.items() if small and n > min(small) and mode == "combined"]
    return len(after) if small else None


def _since(world: World, person: str, start: date, short: bool, clearances: list[date | None]) -> date | None:
    days = [start]
    if short:
        paid = [day(f["on"]) for f in world.of("lump_sum_paid", person=person)]
        if not paid:
            return None
        days.append(paid[0])
    for cleared in clearances:
        if cleared is None:
            return None
        days.append(cleared)
    return max(days)


def parts(world: World, person: str, mine: Retirement) -> tuple[int, list[Part]]:
    """The base and the two parts of the lump sum (DX-14c, 14e)."""
    when = first_day(mine.month)
    employed = mine.capacity == "employed"
    amount = base(world, person, "employed" if employed else "flexible", when)
    if employed and mine.fact.get("base") is not None:
        amount = fen(mine.fact["base"])
    employer = rate_of_employer(world, mine.employer, when) if employed else Fraction(0)
    member = part("0.02") if employed else part("0.08" if mine.mode == "combined" else "0.04")
    first = Part(
        "required_months",
        mine.shortfall,
        rounded(mine.shortfall * amount * employer * part("1.1")),
        rounded(mine.shortfall * amount * member * part("1.1")),
    )
    second = Part(
        "full_rate_months",
        mine.extra,
        rounded(mine.extra * amount * employer),
        rounded(mine.extra * amount * member),
    )
    return amount, [each for each in (first, second) if each.months]
