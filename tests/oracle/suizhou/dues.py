"""What a month or a year costs (SZ-9, 11, 13, 36d, 39)."""

from datetime import date
from decimal import Decimal

from tests.oracle.suizhou.relations import jobs
from tests.oracle.suizhou.resident import born_on, subsidy_share
from tests.oracle.suizhou.text import (
    Answer,
    Known,
    Refused,
    Unsure,
    announced,
    cents,
    day,
    first,
    money,
    month_of,
    months,
)

POOLED, HALF, TWO = Decimal("0.065"), Decimal("0.005"), Decimal("0.02")


def due_answer(known: Known, question: Answer) -> Answer:
    if "layer" in question or not date(2024, 1, 1) <= day(question["on"]) < date(2029, 1, 1):
        raise Unsure
    if question.get("scheme", "employee") == "resident":
        return _resident(known, question)
    asked = months(question.get("months", []))
    if len(asked) != 1:
        raise Unsure
    if "employer" in question:
        return _employer(known, question["employer"], asked[0])
    if "person" not in question:
        raise Unsure
    return _person(known, question["person"], asked[0])


def _resident(known: Known, question: Answer) -> Answer:
    person, year, when = question["person"], question["year"], day(question["on"])
    paid = [f for f in known.of("resident_contribution_paid") if person in f["persons"] and f["year"] == year]
    if paid:
        raise Unsure  # the day that counts is then that of the payment
    born = born_on(known, person)
    if born is not None and born.year == year:
        return {"total": "0.00", "member": "0.00"}
    if year < 2024:
        raise Unsure
    standard, subsidy = subsidy_share(known, person, when, year)
    return {"total": str(standard), "subsidy": str(subsidy), "member": str(standard - subsidy)}


def _employer(known: Known, employer: str, m: int) -> Answer:
    """Rounded yearly wage bill by twelve (SZ-9b, c)."""
    bills = [
        money(f["wage_bill"])
        for f in known.of("employer_wages_declared")
        if f["employer"] == employer and f["year"] == m // 12 - 1 and "wage_bill" in f
    ]
    if not bills:
        raise Unsure
    base = cents(bills[-1] / 12)
    pooled, half = cents(base * POOLED), cents(base * HALF)
    total = str(pooled + half + half)
    return {
        "base": str(base),
        "pooled": str(pooled),
        "large_amount": str(half),
        "maternity": str(half),
        "employer": total,
        "total": total,
    }


def _person(known: Known, person: str, m: int) -> Answer:
    held = [
        job
        for job in jobs(known, person)
        if month_of(job[1]) <= m and (job[2] is None or m <= month_of(job[2]))
    ]
    own = [f for f in known.about(person, "contribution_paid") if m in months(f.get("months", []))]
    if known.about(person, "retired") or len(held) > 1 or len(own) > 1:
        raise Unsure
    if own and (own[0].get("base") is None or "amount" in own[0]):
        raise Unsure
    if held and own:
        raise Unsure
    if held and (not own or own[0].get("capacity", "employed") == "employed"):
        base = money(own[0]["base"]) if own else individual_base(known, person, m, held[0][1])
        personal = cents(base * TWO)
        return {"base": str(base), "personal_account": str(personal), "member": str(personal)}
    if not own or own[0].get("capacity") != "flexible":
        raise Unsure
    limits = announced(known, "individual_base_limits", first(m))
    if limits is None or money(limits["floor"]) != money(own[0]["base"]):
        raise Unsure
    base = money(own[0]["base"])
    pooled, large = cents(base * POOLED), cents(base * HALF)
    personal = cents(base * TWO) if own[0].get("mode", "combined") == "combined" else Decimal("0.00")
    total = pooled + large + personal
    return {
        "base": str(base),
        "pooled": str(pooled),
        "large_amount": str(large),
        "personal_account": str(personal),
        "total": str(total),
    }


def individual_base(known: Known, person: str, m: int, hired: date) -> Decimal:
    """Average of last year's wages, else the starting wage in the year of hire, inside the limits (SZ-9a)."""
    limits = announced(known, "individual_base_limits", first(m))
    declared = [f for f in known.about(person, "wage_declared") if f["wage_year"] == m // 12 - 1]
    if len(declared) == 1:
        told = declared[0]
        if "monthly_average" in told:
            average = money(told["monthly_average"])
        elif told.get("months_paid"):
            average = cents(money(told["total"]) / told["months_paid"])
        else:
            raise Unsure
    else:
        starting = [f for f in known.about(person, "enrolled") if f["capacity"] == "employed" and "wage" in f]
        if declared or len(starting) != 1 or hired.year != m // 12:
            raise Unsure
        average = money(starting[0]["wage"])
    if limits is None:
        raise Refused("announcement_missing")
    return min(max(average, money(limits["floor"])), money(limits["cap"]))
