"""Answers about what is due, owed, bought or paid back."""

from datetime import date
from typing import Any

from tests.oracle.luzhou.arrears import arrived_on, episodes, paid_on
from tests.oracle.luzhou.days import after, day, first_of, last_of, month_of, months, named, share, yuan
from tests.oracle.luzhou.individuals import RATES, accepted, own_payments, premium
from tests.oracle.luzhou.jobs import Job, base, individual_base, jobs, shares
from tests.oracle.luzhou.knowledge import Fact, World
from tests.oracle.luzhou.personal import own_difference
from tests.oracle.luzhou.retiring import (
    continuing,
    lump_sums,
    pensioner_start,
    price,
    reference,
    refunded_after_death,
    required,
    retirement,
    shortage,
)

Answer = dict[str, Any]


def contribution_due(world: World, question: Fact) -> Answer | None:
    person = question.get("person")
    if person is None or question.get("scheme", "employee") != "employee" or "layer" in question:
        return None
    when = day(question["on"])
    whole = [int(question.get("year", 0)) * 12 + number for number in range(12)]
    listed = months(question["months"]) if "months" in question else whole
    job = next((j for j in jobs(world, person) if all(j.on_roll(number) for number in listed)), None)
    if job is not None and len(listed) == 1:
        paid = paid_on(world, job.employer).get(listed[0])
        if paid is not None and paid < when:
            return None
        employer, member = shares(world, job, listed[0], when)
        reply = {"base": yuan(base(world, job, listed[0], when)), "employer": yuan(employer)}
        return reply | {"member": yuan(member)}
    if job is None and not jobs(world, person) and own_payments(world, person):
        mode = _mode(world, person, listed)
        if mode is None or len({number // 12 for number in listed}) > 1:
            return None
        reply = {"base": yuan(individual_base(world, listed[0] // 12))}
        return reply | {"total": yuan(premium(world, listed, mode))}
    return None


def _mode(world: World, person: str, listed: list[int]) -> str | None:
    modes = {e.mode for e in accepted(world, person) if e.number in listed}
    return modes.pop() if len(modes) == 1 else None


def back_payment(world: World, question: Fact) -> Answer | None:
    person, purpose = question.get("person"), question.get("purpose")
    if person is None:
        return None
    if purpose == "base_adjustment":
        return _adjustment(world, question, person)
    if purpose == "gap":
        return _gap(world, person)
    if purpose in (None, "ordinary", "over_limit_arrears"):
        return _arrears(world, question, person)
    return None


def _adjustment(world: World, question: Fact, person: str) -> Answer | None:
    employer = member = 0
    listed = months(question["months"]) if "months" in question else None
    for job in jobs(world, person):
        for number, paid in arrived_on(world, job.employer).items():
            announced = world.wage_year(number // 12 - 1)
            if announced is None or paid >= day(announced["on"]) or not job.on_roll(number):
                continue
            if day(announced["on"]).year != number // 12 or (listed is not None and number not in listed):
                continue
            old = shares(world, job, number, paid)[0]
            employer += max(0, shares(world, job, number, day(announced["on"]))[0] - old)
            member += own_difference(world, job, number)
    return {"employer": yuan(employer), "member": yuan(member)}


def _gap(world: World, person: str) -> Answer | None:
    job = next((j for j in jobs(world, person) if j.ended is not None), None)
    gap = [each for each in accepted(world, person) if each.gap]
    if job is None or job.ended is None or not gap:
        return None
    listed = [each.number for each in gap]
    amount = premium(world, listed, gap[0].mode)
    return {
        "months": [named(number) for number in listed],
        "month_count": len(listed),
        "amount": yuan(amount),
        "deadline": str(after(job.ended, 90)),
    }


def _arrears(world: World, question: Fact, person: str) -> Answer | None:
    when = day(question["on"])
    working = [j for j in jobs(world, person) if j.ended is None]
    if len(working) != 1 or own_payments(world, person) or "months" in question or world.today < when:
        return None
    job = working[0]
    if any(own_difference(world, job, n) for n in paid_on(world, job.employer)):
        return None
    found = [e for e in episodes(world, job.employer) if e.began <= when <= (e.cleared or date.max)]
    if not found:
        return None
    episode = found[-1]
    paid = paid_on(world, job.employer)
    end = when  # what paying on that day would come to; on the day of clearing, what it came to
    owed = [
        number
        for number in _owed(world, job, episode.first_month)
        if last_of(number) < end and paid.get(number, date.max) >= end
    ]
    reply: Answer = {"months": [named(number) for number in owed], "month_count": len(owed)}
    late = end >= episode.limit
    reply["deadline"] = str(after(episode.limit, -1))
    if late:
        each = [share(base(world, job, number, end), "0.06") for number in owed]
        return reply | {"employer": yuan(sum(each)), "member": "0.00", "account_credit": "0.00"}
    both = [shares(world, job, number, end) for number in owed]
    reply |= {"employer": yuan(sum(e for e, _ in both)), "member": yuan(sum(m for _, m in both))}
    return reply


def _owed(world: World, job: Job, first: int) -> list[int]:
    from tests.oracle.luzhou.arrears import assessed

    return [n for n in sorted(assessed(world, job.employer)) if n >= first and job.on_roll(n)]


def lump_sum_due(world: World, question: Fact) -> Answer | None:
    person, when = question["person"], day(question["on"])
    fact = retirement(world, person)
    if (fact is None and not continuing(world, person)) or question.get("mode"):
        return None
    if fact is not None and day(fact["on"]) > when:
        return None
    if continuing(world, person):
        return None
    if [f for f in lump_sums(world, person, when) if day(f["on"]) < when]:
        return None
    missing = shortage(world, person, reference(world, person, when), when)
    reply: Answer = {"required_months": required(world, person), "shortfall_months": missing}
    if missing == 0:
        return reply | {"outcome": "nothing_due"}
    cost = price(world, person, missing, when)
    return reply | {"outcome": "due", "base": yuan(cost.base), "amount": yuan(cost.amount)}


def refund_due(world: World, question: Fact) -> Answer | None:
    person, when = question["person"], day(question["on"])
    if question["scheme"] != "employee":
        return None
    if pensioner_start(world, person) is not None and world.died(person) is not None:
        sums = lump_sums(world, person, when)
        if refunded_after_death(world, person, when) and len(sums) == 1:
            first = day(sums[0]["on"])
            missing = int(sums[0].get("month_count", shortage(world, person, first, first)))
            return {"outcome": "due", "amount": yuan(price(world, person, missing, first).amount)}
        return {"outcome": "refused", "reason": "refund_not_due", "amount": "0.00"}
    asked = list(world.of("refund_requested", person=person, cause="employment"))
    job = next(iter(jobs(world, person)), None)
    named_year = question.get("year")
    if not asked or job is None or day(asked[0]["on"]) != when or len(asked) > 1:
        return None
    listed = [each for each in accepted(world, person) if each.number >= job.first]
    listed = [each for each in listed if named_year in (None, each.number // 12)]
    if not listed or job.first not in paid_on(world, job.employer):
        return None
    year = listed[0].number // 12
    amount = share(individual_base(world, year) * len(listed), RATES[listed[0].mode])
    reply: Answer = {"outcome": "due", "amount": yuan(amount), "month_count": len(listed)}
    return reply | {"months": [named(each.number) for each in listed]}


__all__ = ["back_payment", "contribution_due", "first_of", "lump_sum_due", "month_of", "refund_due"]
