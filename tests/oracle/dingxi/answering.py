"""Every question the rulebook of Dingxi has rules for, answered plainly."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction

from .accounts import personal_account
from .adjudicating import left_of_cap, used_of_cap
from .allowance import allowance
from .basics import (
    Answer,
    day,
    fen,
    first_day,
    last_day,
    named,
    part,
    plus_months,
    rounded,
    yuan,
)
from .fees import fee_counts, opened
from .known import World
from .money_questions import back_payment, contribution_due, refund_due
from .replay import settled
from .retiring import disputed, parts, retirement
from .runs import Spell, spells
from .settling import Settled
from .standing import in_force, standing

Asked = dict[str, object]


def claim(world: World, question: Answer) -> Answer | None:
    found = settled(world).get(str(question["claim"]))
    if found is None or found.unsure:
        return None
    if found.error is not None:
        raise found.error
    return _refused(found) if found.outcome == "refused" else _payable(found)


def _refused(found: Settled) -> Answer:
    return {
        "outcome": "refused",
        "reason": found.reason,
        "pooled": "0.00",
        "supplement": {"large_amount": "0.00"},
    }


def _payable(found: Settled) -> Answer:
    bill, paid = found.bill, found.supplement
    answer: Answer = {
        "outcome": "payable",
        "year": found.year,
        "total": yuan(bill.total),
        "in_scope": yuan(bill.in_scope),
        "out_of_scope": yuan(bill.total - bill.third_party - bill.catalogue),
        "upfront_share": yuan(bill.catalogue - bill.in_scope),
        "pooled": yuan(found.pooled),
        "left_after_pooled": yuan(bill.total - found.pooled),
        "supplement": {"large_amount": yuan(paid)},
        "member": yuan(bill.total - bill.third_party - found.pooled - paid),
        "capacity": found.capacity,
    }
    if bill.third_party:
        answer["other_payers"] = {"third_party": yuan(bill.third_party)}
    if found.place is not None:
        answer["area"] = found.place.area
    for name in ("deductible", "limit", "cap_left"):
        if getattr(found, name) is not None:
            answer[name] = yuan(getattr(found, name))
    if found.deductible is not None:
        answer["deductible_charged"] = yuan(found.charged)
    if found.rate is not None:
        answer["rate"] = str(float(found.rate))
    return {name: value for name, value in answer.items() if value is not None}


def benefit_status(world: World, question: Answer) -> Answer | None:
    if question.get("scheme") != "employee":
        return None
    when = day(question["on"])
    in_force(world, when)
    found = standing(world, question["person"], when)
    mine = found.retirement
    unclear = mine is not None and disputed(world, question["person"], mine)
    if mine is not None and unclear and when >= mine.first:
        return None
    answer: Answer = {"status": found.status}
    if found.status != "covered":
        answer["reason"] = found.reason
    for name in ("covered_from", "suspended_from"):
        if getattr(found, name) is not None:
            answer[name] = str(getattr(found, name))
    if found.capacity is not None and found.status == "covered":
        answer["capacity"] = found.capacity
    if mine and mine.since and not unclear:
        answer["retired_from"] = str(mine.since)
    if found.run is not None:
        answer["arrears"] = {
            "first_month": named(found.run.months[0]),
            "months": len(found.run.months),
            "limit_on": str(plus_months(found.run.start, 13)) if found.run.limited else None,
        }
    return answer


def contribution_months(world: World, question: Answer) -> Answer | None:
    when = day(question["on"])
    # The document has no months of the resident scheme.
    if question.get("scheme", "employee") != "employee" or world.of("retired", person=question["person"]):
        return None
    paid = {n: p for spell in spells(world, question["person"]) for n, p in spell.paid.items()}
    held = {n: p for n, p in paid.items() if max(first_day(n), p.paid_on) <= when}
    elsewhere = sum(p.source == "elsewhere" for p in held.values())
    years = {str(n // 12): 0 for n in held}
    for number in held:
        years[str(number // 12)] += 1
    return {
        "total": len(held),
        "paid": len(held),
        "local_paid": len(held) - elsewhere,
        "transferred": elsewhere,
        "in_year": years,
    }


def _last_spell(world: World, person: str) -> Spell | None:
    found = spells(world, person)
    return found[-1] if found else None


def retiring(world: World, question: Answer) -> Answer | None:
    spell = _last_spell(world, question["person"])
    mine = retirement(world, question["person"], spell) if spell else None
    if mine is None or day(question["on"]) < last_day(mine.month) or world.today < last_day(mine.month):
        return None
    in_force(world, day(question["on"]))
    if disputed(world, question["person"], mine):
        return None
    answer: Answer = {
        "required_months": 180,
        "total_months": mine.held,
        "paid_months": mine.held,
        "shortfall_months": mine.shortfall,
        "retired_from": str(mine.since) if mine.since else None,
        "mode_after": mine.mode,
    }
    return answer | ({"full_rate_months": mine.full} if mine.full is not None else {})


def lump_sum_due(world: World, question: Answer) -> Answer | None:
    spell = _last_spell(world, question["person"])
    mine = retirement(world, question["person"], spell) if spell else None
    if mine is None or day(question["on"]) < last_day(mine.month) or question.get("mode"):
        return None
    in_force(world, day(question["on"]))
    if (mine.capacity == "employed" and mine.employer is None) or disputed(world, question["person"], mine):
        return None
    if not mine.short:
        return {"outcome": "nothing_due"}
    amount, told = parts(world, question["person"], mine)
    answer: Answer = {
        "outcome": "due",
        "total_months": mine.held,
        "shortfall_months": mine.shortfall,
        "base": yuan(amount),
        "amount": yuan(sum(each.amount for each in told)),
        "parts": [{"part": p.name, "months": p.months, "amount": yuan(p.amount)} for p in told],
    }
    if mine.capacity == "employed":
        answer["employer"] = yuan(sum(each.employer for each in told))
        answer["member"] = yuan(sum(each.member for each in told))
    return answer


def year_totals(world: World, question: Answer) -> Answer | None:
    book = settled(world)
    person, year = question["person"], question["year"]
    mine = [s for s in book.values() if s.payer == person and s.year == year]
    if question.get("scheme") != "employee" or world.of("parameter_announced", key="parameter_replaced"):
        return None
    left = left_of_cap(world, book, person, year, date(year, 12, 31))
    paid = opened(world, person, year, "special_disease_paid")
    special = [s for s in mine if s.layer == "special"]
    answer: Answer = {
        "pooled": yuan(used_of_cap(world, book, person, year)),
        "cap": "70000.00",
        "cap_left": yuan(left),
        "special_disease": yuan(paid + sum(s.pooled for s in special)),
    }
    return answer


def supplement_status(world: World, question: Answer) -> Answer | None:
    when = day(question["on"])
    good = standing(world, question["person"], when).status == "covered"
    if question["layer"] != "large_amount" or not good:
        return None
    return {"status": "covered"} if fee_counts(world, question["person"], when.year) else None


def fund_transfer(world: World, question: Answer) -> Answer | None:
    """DX-43b."""
    if question["transfer"] != "large_amount_share":
        return None
    told = world.of("fund_period_closed", fund="employee_pooled", year=question["year"])
    if not told:
        return None
    surplus = fen(told[-1].get("income") or 0) - fen(told[-1].get("expenditure") or 0)
    amount = rounded(max(0, surplus) * part("0.05"))
    return {"from": "employee_pooled", "to": "large_amount", "amount": yuan(amount)}


def provider_advance(world: World, question: Answer) -> Answer | None:
    """DX-58a."""
    year = day(question["on"]).year - 1
    told = world.of("provider_payments_totalled", provider=question["provider"], year=year)
    if not told:
        return None
    average = rounded(Fraction(fen(told[-1]["total"]), 12))
    return {"monthly_average": yuan(average), "minimum": yuan(average), "maximum": yuan(2 * average)}


def account(world: World, question: Answer) -> Answer | None:
    return personal_account(world, question["person"], day(question["on"]))


def granted(world: World, question: Answer) -> Answer | None:
    return allowance(world, question["person"], day(question["on"]))


ANSWERS: dict[str, Callable[[World, Answer], Answer | None]] = {
    "claim": claim,
    "benefit_status": benefit_status,
    "contribution_months": contribution_months,
    "contribution_due": contribution_due,
    "back_payment": back_payment,
    "refund_due": refund_due,
    "retirement": retiring,
    "lump_sum_due": lump_sum_due,
    "personal_account": account,
    "year_totals": year_totals,
    "allowance": granted,
    "supplement_status": supplement_status,
    "fund_transfer": fund_transfer,
    "provider_advance": provider_advance,
}
