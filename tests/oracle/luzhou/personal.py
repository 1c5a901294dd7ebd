"""The personal account: credits, charges, interest (LZ-22 to 25, 28c)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from tests.oracle.luzhou.arrears import arrived_on, at_six_percent, made_up_on, paid_on
from tests.oracle.luzhou.days import FIRST_DAY, age_on, day, fen, first_of, month_of, share
from tests.oracle.luzhou.employee import status
from tests.oracle.luzhou.individuals import accepted
from tests.oracle.luzhou.jobs import Job, base, individual_base, jobs
from tests.oracle.luzhou.knowledge import NotCovered, World
from tests.oracle.luzhou.retiring import counted, retirement, settled_on

LAST = 9


@dataclass
class Movement:
    """One entry; `rank` orders the entries of a day (LZ 0.7)."""

    on: date
    kind: str
    amount: int
    month: int | None = None
    rank: int = 3
    claim: str = ""


def age_credit(world: World, person: str, number: int, earned: date) -> Movement | None:
    """LZ-23c, 23e: not before k(Y) is announced."""
    fact = world.announced("age_coefficient", first_of(number), number // 12)
    if fact is None:
        return None
    born = world.person(person).get("born_on")
    if born is None:
        return None
    age = age_on(day(born), date(number // 12, 1, 1))
    amount = share(Fraction(fen(fact["value"]) * age, 12), "1")
    return Movement(max(earned, day(fact["on"])), "age_credit", amount, number)


def unit_credits(world: World, job: Job) -> Iterator[Movement]:
    paid, six = paid_on(world, job.employer), at_six_percent(world, job.employer)
    arrived = arrived_on(world, job.employer)
    for number, when in paid.items():
        if not job.on_roll(number) or number in six or _retired_month(world, job.person, number):
            continue
        earned = max(when, first_of(number))
        amount = share(base(world, job, number, arrived[number]), "0.02")
        yield Movement(earned, "basic_credit", amount, number)
        aged = age_credit(world, job.person, number, earned)
        if aged:
            yield aged
    yield from _made_up(world, job)


def _retired_month(world: World, person: str, number: int) -> bool:
    return status(world, person, first_of(number)).capacity == "retired"


def _made_up(world: World, job: Job) -> Iterator[Movement]:
    """LZ-05d: the own share's difference, credited when it is paid; leavers have none."""
    six = at_six_percent(world, job.employer)
    for number in arrived_on(world, job.employer):
        announced = world.wage_year(number // 12 - 1)
        difference = own_difference(world, job, number)
        if announced is None or not difference or number in six:
            continue
        when = made_up_on(world, job.employer, day(announced["on"]))
        if when < date.max:
            yield Movement(when, "basic_credit", difference, number)


def own_difference(world: World, job: Job, number: int) -> int:
    announced = world.wage_year(number // 12 - 1)
    paid = arrived_on(world, job.employer).get(number)
    if announced is None or paid is None or not job.on_roll(number) or paid >= day(announced["on"]):
        return 0
    if job.ended is not None and job.ended < day(announced["on"]):
        return 0
    old, new = base(world, job, number, paid), base(world, job, number, day(announced["on"]))
    return max(0, share(new, "0.02") - share(old, "0.02"))


def own_credits(world: World, person: str) -> Iterator[Movement]:
    """Credits of combined individual months: in advance on the 1st; months of a gap on the payment day."""
    taken = {n for job in jobs(world, person) for n in paid_on(world, job.employer) if job.on_roll(n)}
    for each in accepted(world, person):
        if each.mode != "combined" or each.number < month_of(FIRST_DAY):
            continue
        if each.number in taken or _retired_month(world, person, each.number):
            raise NotCovered
        died = world.died(person)
        if died is not None and each.number > month_of(died):
            continue
        earned = max(each.when, first_of(each.number))
        amount = share(individual_base(world, each.number // 12), "0.02")
        yield Movement(earned, "basic_credit", amount, each.number)
        aged = age_credit(world, person, each.number, earned)
        if aged:
            yield aged


def retiree_credits(world: World, person: str, until: date) -> Iterator[Movement]:
    granted = settled_on(world, person) if retirement(world, person) else None
    for number in range(month_of(FIRST_DAY), month_of(until) + 1):
        standing = status(world, person, first_of(number))
        if not standing.covered or standing.capacity != "retired" or standing.mode != "combined":
            continue
        earned = max(first_of(number), granted or date.min)
        fact = world.announced("retiree_account_base", first_of(number), number // 12)
        if fact is not None:
            amount = share(fen(fact["value"]), "0.03")
            yield Movement(max(earned, day(fact["on"])), "retiree_credit", amount, number)
        aged = age_credit(world, person, number, earned)
        if aged:
            yield aged


def movements(
    world: World, person: str, draws: Mapping[str, tuple[str, date, int]], until: date
) -> list[Movement]:
    """All entries up to a day; `draws` are what claims took: person, day and amount by claim."""
    found: list[Movement] = []
    for fact in world.of("opening_account", person=person):
        if fact.get("account", "personal") == "personal":
            found.append(Movement(day(fact["on"]), "opening", fen(fact["balance"]), rank=0))
    for job in jobs(world, person):
        found += unit_credits(world, job)
    found += own_credits(world, person)
    found += retiree_credits(world, person, until)
    for fact in world.of("transferred_in", person=person):
        if fact.get("account_amount"):
            found.append(Movement(day(fact["on"]), "transfer_in", fen(fact["account_amount"])))
    for claim, (owner, when, amount) in draws.items():
        if owner == person and amount:
            found.append(Movement(when, "claim", -amount, rank=5, claim=claim))
    found.sort(key=lambda each: (each.on, each.rank))
    return _closed(world, person, _with_interest(world, found, until), until)


def _with_interest(world: World, found: list[Movement], until: date) -> list[Movement]:
    if not found:
        return found
    for year in range(2018, min(until, world.today).year + 1):
        end = date(year, 12, 31)
        if end > until or end > world.today:
            break
        balance = sum(each.amount for each in found if each.on <= end)
        if not any(each.on <= end for each in found):
            continue
        rate = world.value("deposit_rate_percent", end)
        interest = share(balance, Fraction(rate) / 100)
        if interest:
            found.append(Movement(end, "interest", interest, rank=LAST))
            found.sort(key=lambda each: (each.on, each.rank))
    return [each for each in found if each.on <= until]


def _closed(world: World, person: str, found: list[Movement], until: date) -> list[Movement]:
    for kind in ("personal_account_paid_out", "transfer_out_requested", "refund_requested"):
        if any(day(fact["on"]) <= until for fact in world.of(kind, person=person)):
            raise NotCovered
    if any(day(fact["on"]) <= until for fact in world.of("supplement_contribution_paid", person=person)):
        raise NotCovered
    return found


def months_credited(found: list[Movement]) -> int:
    return len({each.month for each in found if each.kind in ("basic_credit", "retiree_credit")})


__all__ = ["Movement", "counted", "movements"]
