"""Maternity allowance: who, how long, how much, posted when, stopped and restored (DX-41, DX-42)."""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from .basics import (
    Answer,
    Fact,
    Refused,
    Unanswered,
    day,
    fen,
    last_day,
    month_of,
    named,
    rounded,
    yuan,
)
from .known import World
from .months import Paid, paid_months, payments
from .runs import Run, resident_since, spells
from .standing import entitled, standing


@dataclass
class Instalment:
    """One month of leave."""

    month: int
    amount: int
    due: date
    posted_on: date | None = None
    late: bool = False


def allowance(world: World, person: str, until: date) -> Answer | None:
    told = [f for f in world.of("maternity_event_reported", person=person) if day(f["on"]) <= until]
    if not told:
        return None
    fact = max(enumerate(told), key=lambda each: (day(each[1]["on"]), each[0]))[1]
    if world.of("retired", person=person) or len(told) > 1:
        return None
    died = world.died_on(person)
    moved = any(day(f["on"]) <= day(fact["on"]) for f in world.of("transfer_out_requested", person=person))
    moved = moved or any(each <= day(fact["on"]) for each in resident_since(world, person))
    if moved or (died and died < day(fact["on"])):
        return None
    months = _consecutive(world, person, day(fact["on"]))
    count = {"months_counted": months} if months < 6 else {}
    try:
        granted = _granted(world, person, fact, months)
    except Refused as refusal:
        return {"outcome": "refused", "reason": refusal.code, "total": "0.00", **count}
    average, days, total = granted
    posted = [each for each in _instalments(world, person, fact, average, days, total) if each.posted_on]
    posted = [each for each in posted if each.posted_on and each.posted_on <= until]
    answer: Answer = {
        "outcome": "payable",
        "days": days,
        "base": yuan(average),
        "total": yuan(total),
        "posted": yuan(sum(each.amount for each in posted)),
        "restored": yuan(sum(each.amount for each in posted if each.late)),
    }
    listed = [
        {"month": named(each.month), "amount": yuan(each.amount), "posted_on": str(each.posted_on)}
        for each in posted
    ]
    return answer | ({"instalments": listed} if listed else {})


def _granted(world: World, person: str, fact: Fact, months: int) -> tuple[int, int, int]:
    """Average wage, days and total; refused in the order status, category, continuity."""
    when = day(fact["on"])
    capacity, employer = _standing_of(world, person, fact, when)
    if capacity != "employed":
        raise Refused("not_employed")
    sex = world.person(person).get("sex")
    if sex is None:
        raise Unanswered("fact_missing", "person_registered.sex", when)
    if sex == "male":
        raise Refused("not_employed")
    if world.funding(employer, when) == "budget":
        raise Refused("wage_paid_instead")
    if months < 6:
        raise Refused("maternity_not_qualified")
    entitled(world, person, when)
    days = _days(world, fact, when)
    wages = world.of("employer_wages_declared", employer=employer, year=when.year - 1)
    if not wages or wages[-1].get("monthly_average") is None:
        raise Unanswered("fact_missing", "employer_wages_declared.monthly_average")
    average = fen(wages[-1]["monthly_average"])
    return average, days, rounded(Fraction(average, 30) * days)


def _standing_of(world: World, person: str, fact: Fact, when: date) -> tuple[str | None, str | None]:
    """Capacity and employer on the day of the event: as enrolled, else as last paid."""
    if world.outside_scheme(person, when):
        raise Refused("not_in_scheme")
    found = standing(world, person, when)
    latest = [p for n, p in sorted(paid_months(world, person).items()) if n <= month_of(when)]
    if found.status == "none":
        raise Refused("not_employed")
    joined = [f for f in world.of("enrolled", person=person) if day(f["on"]) <= when]
    if joined:
        last = max(joined, key=lambda each: day(each["on"]))
        ends = [day(f["on"]) for f in world.of("enrolment_ended", person=person)]
        if not any(day(last["on"]) <= end < when for end in ends):
            return str(last["capacity"]), fact.get("employer") or last.get("employer")
    if any(day(f["on"]) < when for f in world.of("enrolment_ended", person=person)):
        now = _payer_of_month(world, person, when)
        return (now.capacity, fact.get("employer") or now.employer) if now else (None, None)
    capacity = found.capacity or (latest[-1].capacity if latest else None)
    return capacity, fact.get("employer") or (latest[-1].employer if latest else None)


def _payer_of_month(world: World, person: str, when: date) -> Paid | None:
    """Who pays for the month of somebody who has left: registering late changes nothing, only payment does (DX-8a).

    Not the employer that she left in the month itself, nor one that paid the month before she left.
    """
    now = paid_months(world, person).get(month_of(when))
    if now is None or now.capacity != "employed":
        return now
    ends = [
        day(f["on"])
        for f in world.of("enrolment_ended", person=person)
        if day(f["on"]) < when and f.get("employer") in (None, now.employer)
    ]
    told = payments(world, person).get(month_of(when), [])
    paid_on = max((each.paid_on for each in told), default=now.paid_on)
    last = max(ends, default=None)
    if last is None or (month_of(last) < month_of(when) and paid_on > last):
        return now
    return None


def _consecutive(world: World, person: str, when: date) -> int:
    """Paid months directly before the month of the event, each paid by that day (DX-42a)."""
    paid = paid_months(world, person)
    number, count = month_of(when) - 1, 0
    while number in paid and paid[number].paid_on <= when:
        number, count = number - 1, count + 1
    return count


def _days(world: World, fact: Fact, when: date) -> int:
    told = fact["maternity"]
    event = told.get("event") or "birth"
    if event == "birth":
        extra = 15 if told.get("delivery_mode") in ("difficult", "caesarean") else 0
        return 98 + extra + 15 * ((told.get("babies") or 1) - 1)
    if event == "procedure":
        terms = world.announced("family_planning_leave_days", when)
        return sum(int(terms[each]) for each in told["procedures"])
    if told.get("gestation_months") is None:
        raise Unanswered("fact_missing", "maternity_event_reported.maternity.gestation_months")
    months = Fraction(str(told["gestation_months"]))
    return 98 if months >= 7 else 42 if months >= 4 else 30 if months >= 2 else 15


def _instalments(
    world: World, person: str, fact: Fact, average: int, days: int, total: int
) -> list[Instalment]:
    """Days of leave in each calendar month; the last takes what is left (DX-41e)."""
    start = day(fact.get("leave_from") or fact["on"])
    end = start + timedelta(days=days - 1)
    found: list[Instalment] = []
    for number in range(month_of(start), month_of(end) + 1):
        first = max(start, last_day(number - 1) + timedelta(days=1))
        last = min(end, last_day(number))
        amount = rounded(Fraction(average, 30) * ((last - first).days + 1))
        found.append(Instalment(number, amount, last))
    found[-1].amount = total - sum(each.amount for each in found[:-1])
    for each in found:
        _post(world, person, fact, each)
    return found


def _post(world: World, person: str, fact: Fact, instalment: Instalment) -> None:
    """On its day; after a stop that was healed not before the healing was known (DX-41f)."""
    first, runs = instalment.due, _stops(world, person, fact)
    if first > world.today or _left(world, person, instalment.month):
        return
    before = [run for run in runs if run.months[0] < instalment.month]
    if not before:
        instalment.posted_on = first
        return
    if not all(run.healed for run in before):
        return
    paid = paid_months(world, person)
    learned = max(paid[number].learned for run in before for number in run.months)
    instalment.posted_on, instalment.late = max(first, learned), learned > first


def _left(world: World, person: str, month: int) -> bool:
    """Death and a move to another region stop what comes after their month for good."""
    died = world.died_on(person)
    moved = [day(f["on"]) for f in world.of("transfer_out_requested", person=person)]
    return any(month_of(each) < month for each in [*moved, *([died] if died else [])])


def _stops(world: World, person: str, fact: Fact) -> list[Run]:
    """Runs of missed months since the leave began."""
    begun = month_of(day(fact.get("leave_from") or fact["on"]))
    return [run for spell in spells(world, person) for run in spell.runs if run.months[0] >= begun]
