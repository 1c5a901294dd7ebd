"""Contribution months of a person: what is due, what is paid, on which day, and by whom (DX-10 to DX-15)."""

from datetime import date
from fractions import Fraction
from typing import NamedTuple

from .basics import (
    Fact,
    Unanswered,
    Undecided,
    day,
    fen,
    first_day,
    last_day,
    moment,
    month_of,
    months,
    part,
    rounded,
)
from .known import World


class Paid(NamedTuple):
    """One month that is fully paid."""

    paid_on: date
    capacity: str
    mode: str
    employer: str | None
    source: str  # local, opening, elsewhere
    learned: date = date.min
    """The day on which all that was paid for it was recorded."""


class Share(NamedTuple):
    """What one month costs, in fen."""

    base: int
    employer: int
    member: int
    unemployment: int

    @property
    def total(self) -> int:
        return self.employer + self.member + self.unemployment


def wage(world: World, person: str, when: date) -> int:
    """Own average wage of the year before, or the starting wage (DX-10b)."""
    for fact in reversed(world.of("wage_declared", person=person, wage_year=when.year - 1)):
        if fact.get("monthly_average") is not None:
            return fen(fact["monthly_average"])
        return rounded(Fraction(fen(fact["total"]), fact["months_paid"]))
    for fact in reversed(world.of("enrolled", person=person)):
        if fact.get("wage") is not None and day(fact["on"]).year <= when.year:
            return fen(fact["wage"])
    raise Unanswered("fact_missing", "wage_declared.monthly_average", when)


def base(world: World, person: str, capacity: str, when: date) -> int:
    if capacity == "employed":
        reference = fen(world.announced("base_reference_wage", when))
        own = wage(world, person, when)
        return rounded(min(max(Fraction(own), reference * Fraction(60, 100)), Fraction(reference * 3)))
    if capacity == "unemployed":
        return fen(world.announced("unemployment_base", when))
    return rounded(fen(world.announced("flexible_average_wage", when)) * Fraction(80, 100))


def rate_of_employer(world: World, employer: str | None, when: date) -> Fraction:
    return part("0.064") if world.funding(employer, when) == "budget" else part("0.067")


def share(world: World, person: str, capacity: str, mode: str, employer: str | None, number: int) -> Share:
    """What a month costs (DX-11a, DX-13a)."""
    when = first_day(number)
    rate = rate_of_employer(world, employer, when) if capacity == "employed" else Fraction(0)
    amount = base(world, person, capacity, when)
    if capacity == "employed":
        employers = rounded(amount * rate)
        return Share(amount, employers, rounded(amount * part("0.02")), 0)
    if capacity == "unemployed":
        return Share(amount, 0, 0, rounded(amount * part("0.087")))
    return Share(amount, 0, rounded(amount * part("0.08" if mode == "combined" else "0.04")), 0)


def mode_due(world: World, person: str, number: int) -> str | None:
    """Mode a flexible member has chosen for a month: from the month after the change on (DX-11e)."""
    told = [f for f in world.of("mode_changed", person=person) if month_of(day(f["on"])) < number]
    return str(max(enumerate(told), key=lambda e: (day(e[1]["on"]), e[0]))[1]["mode"]) if told else None


def on_roll(world: World, then: World, person: str, employer: str, number: int) -> bool:
    """Enrolled with the employer on a day of the month, alive and not yet retired."""
    died = then.died_on(person)
    retired = [day(f["on"]) for f in then.of("retired", person=person)]
    if world.outside_scheme(person, first_day(number)):
        return False
    if any(each < first_day(number) for each in [*retired, *([died] if died else [])]):
        return False
    told = world.of("enrolled", person=person, employer=employer)
    for fact in world.of("opening_history", person=person):
        if any(each.get("employer") == employer for each in fact.get("history") or []):
            told.append({"on": "1900-01-01"})
    for fact in told:
        ends = [day(f["on"]) for f in world.of("enrolment_ended", person=person, employer=employer)]
        left = min((end for end in ends if end >= day(fact["on"])), default=date.max)
        if day(fact["on"]) <= last_day(number) and left >= first_day(number):
            return True
    return False


class Payment(NamedTuple):
    """Money for one month."""

    fact: Fact
    paid_on: date
    capacity: str
    mode: str
    employer: str | None


def payments(world: World, person: str) -> dict[int, list[Payment]]:
    """Payments for each month, in order of arrival."""
    return world.once("payments", person, lambda: _payments(world, person))


def _payments(world: World, person: str) -> dict[int, list[Payment]]:
    found: dict[int, list[Payment]] = {}
    for fact in sorted(world.of("contribution_paid"), key=lambda each: day(each["on"])):
        if fact.get("person") not in (None, person):
            continue
        capacity = fact.get("capacity") or "employed"
        for number in months(fact.get("months") or []):
            when = world.at(min(moment(str(fact["recorded"])), world.known))
            if fact.get("person") is None and not on_roll(world, when, person, fact["employer"], number):
                if on_roll(world, world, person, fact["employer"], number):
                    raise Undecided  # a death or retirement withdrawn since: did the employer pay for her then?
                continue
            mode = fact.get("mode") or "combined"
            payment = Payment(fact, day(fact["on"]), capacity, mode, fact.get("employer"))
            found.setdefault(number, []).append(payment)
    return found


def days_paid(world: World, person: str, number: int) -> list[date]:
    """Every day on which money for a month came, were it paid already or not."""
    told = payments(world, person).get(number, ())
    return [each.paid_on for each in told if not world.outside_scheme(person, each.paid_on)]


def allotted(world: World, person: str, payment: Payment, number: int) -> int | None:
    """What a payment brings for a month; None = all that was due in its mode. A part goes to the oldest months."""
    if payment.fact.get("amount") is None:
        return None
    left = fen(payment.fact["amount"])
    for each in months(payment.fact["months"]):
        cost = share(world, person, payment.capacity, payment.mode, payment.employer, each).total
        if each == number:
            return min(left, cost)
        left = max(0, left - cost)
    return 0


def _priced(world: World, person: str, payment: Payment, number: int) -> bool:
    """Whether it can be told what a month costs; until then no part payment makes it whole."""
    try:
        share(world, person, payment.capacity, payment.mode, payment.employer, number)
    except Unanswered:
        return False
    return True


def first_recorded(world: World, fact: Fact, number: int) -> date:
    """The recorded day of a payment; a correction that pays the same for the month teaches nothing new."""
    same = ("fact", "person", "employer", "amount")
    while fact.get("corrects"):
        before = next(each for each in world.told if str(each["id"]) == fact["corrects"])
        if any(before.get(name) != fact.get(name) for name in same) or number not in months(before["months"]):
            break
        fact = before
    return moment(str(fact["recorded"])).date()


def fully_paid(world: World, person: str, number: int, told: list[Payment]) -> Paid | None:
    """The month as fully paid by its payments; an employer's payment governs (DX-11d)."""
    first: Paid | None = None
    got: dict[str, int] = {}
    halves: dict[str, int] = {}
    learned: dict[str, date] = {}
    for payment in told:
        capacity, mode = payment.capacity, payment.mode
        recorded = first_recorded(world, payment.fact, number)
        known = payment.fact.get("amount") is None or _priced(world, person, payment, number)
        brought = allotted(world, person, payment, number) if known else 0
        wanted = mode_due(world, person, number) if capacity == "flexible" else None
        if brought is None and not (wanted == "combined" and mode == "pooling_only"):
            whole = True
        elif brought is None:
            # Half of what is due at the higher rate, whatever the base is.
            halves[capacity] = halves.get(capacity, 0) + 1
            learned[capacity] = max(recorded, learned.get(capacity, recorded))
            whole = halves[capacity] >= 2
        elif not _priced(world, person, payment, number):
            continue
        else:
            learned[capacity] = max(recorded, learned.get(capacity, recorded))
            cost = share(world, person, capacity, wanted or mode, payment.employer, number).total
            small = share(world, person, capacity, "pooling_only", payment.employer, number).total
            got[capacity] = got.get(capacity, 0) + brought + halves.get(capacity, 0) * small
            whole = got[capacity] >= cost
        if whole:
            full = brought is None and not (wanted == "combined" and mode == "pooling_only")
            since = recorded if full else learned[capacity]
            paid = Paid(payment.paid_on, capacity, wanted or mode, payment.employer, "local", since)
            if first is None:
                first = paid
            elif capacity == "employed" and first.capacity != "employed":
                first = paid._replace(paid_on=first.paid_on, learned=first.learned)
    return first


def paid_months(world: World, person: str) -> dict[int, Paid]:
    """Every month that counts as fully paid, as known."""
    return world.once("paid months", person, lambda: _paid_months(world, person))


def _paid_months(world: World, person: str) -> dict[int, Paid]:
    found: dict[int, Paid] = {}
    for fact in world.of("transferred_in", person=person):
        _take_history(fact, "elsewhere", found)
    for fact in world.of("opening_history", person=person):
        _take_history(fact, "opening", found)
    for number, told in payments(world, person).items():
        told = [each for each in told if not world.outside_scheme(person, each.paid_on)]
        paid = fully_paid(world, person, number, told)
        if paid is not None:
            before = found.get(number)
            since = min(before.paid_on, paid.paid_on) if before else paid.paid_on
            known = before.learned if before and before.paid_on < paid.paid_on else paid.learned
            found[number] = paid._replace(paid_on=since, learned=known)
    return found


def _take_history(fact: Fact, source: str, found: dict[int, Paid]) -> None:
    for entry in fact.get("history") or []:
        if entry.get("counted_as", "paid") != "paid":
            continue
        for number in months(entry.get("months") or []):
            capacity, mode = entry.get("capacity") or "employed", entry.get("mode") or "combined"
            learned = moment(str(fact["recorded"])).date()
            found[number] = Paid(first_day(number), capacity, mode, entry.get("employer"), source, learned)
