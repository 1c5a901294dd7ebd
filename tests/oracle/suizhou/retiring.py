"""Contribution months, the years required, lump sums, and the first day as a retiree (SZ-15 to SZ-18, SZ-20b, c)."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from tests.oracle.suizhou.relations import payments
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
    once,
)

LATER_MEN = {2026: 312, 2027: 324, 2028: 336, 2029: 348}


@dataclass
class Count:
    """Months held on a day; identified ones as a set, others as numbers."""

    local: set[int] = field(default_factory=set)
    elsewhere: set[int] = field(default_factory=set)
    deemed: set[int] = field(default_factory=set)
    pooling_only: set[int] = field(default_factory=set)
    numbers: dict[str, int] = field(default_factory=dict)
    pooling_number: int = 0

    def number(self, name: str) -> int:
        return self.numbers.get(name, 0)

    @property
    def total(self) -> int:
        return len(self.local | self.elsewhere | self.deemed) + sum(self.numbers.values())

    @property
    def local_paid(self) -> int:
        return len(self.local) + self.number("local")

    @property
    def pooling(self) -> int:
        return len(self.pooling_only) + self.pooling_number


@once
def count(known: Known, person: str, when: date, bought: bool = True) -> Count:
    """Each calendar month once, local before elsewhere, from its payment date (SZ-15d, 16a)."""
    held = Count()
    for paid in payments(known, person):
        if paid.on <= when and paid.month not in held.local:
            held.local.add(paid.month)
            if paid.mode == "pooling_only":
                held.pooling_only.add(paid.month)
    for fact in known.about(person, "opening_history", "transferred_in"):
        if day(fact["on"]) > when:
            if fact["fact"] == "opening_history":
                raise Unsure
            continue
        if fact["fact"] == "transferred_in" and fact.get("scheme", "employee") != "employee":
            continue
        for part in fact.get("history", []):
            _add(held, part, "local" if fact["fact"] == "opening_history" else "elsewhere")
    if bought:
        _bought(held, known, person, when)
    return held


def _add(held: Count, part: Answer, usual: str) -> None:
    where, kind = part.get("where", usual), part.get("counted_as", "paid")
    name = where if kind == "paid" else kind
    if kind == "converted":
        raise Unsure
    single = part.get("mode", "combined") == "pooling_only"
    if "month_count" in part:
        held.numbers[name] = held.number(name) + part["month_count"]
        held.pooling_number += part["month_count"] if single else 0
        return
    target = {"local": held.local, "elsewhere": held.elsewhere, "deemed": held.deemed}[name]
    for m in months(part["months"]):
        if single and m not in held.local:
            held.pooling_only.add(m)
        target.add(m)


def _bought(held: Count, known: Known, person: str, when: date) -> None:
    for fact in known.about(person, "lump_sum_paid"):
        if day(fact["on"]) <= when and retirement_day(known, person) is not None:
            missing = shortfall(known, person, held)
            number = fact.get("month_count", missing)
            if number > missing:
                raise Unsure
            held.numbers["local"] = held.number("local") + number
            if fact.get("mode", known.about(person, "retired")[-1].get("mode", "combined")) == "pooling_only":
                held.pooling_number += number


def retirement_day(known: Known, person: str) -> date | None:
    facts = known.about(person, "retired")
    return day(facts[-1]["on"]) if facts else None


def required(known: Known, person: str) -> int:
    """300 for women; for men by the year of retirement (SZ-15a, b)."""
    retired = retirement_day(known, person)
    sex = next((f["sex"] for f in reversed(known.about(person, "person_registered")) if "sex" in f), None)
    if retired is None:
        raise Unsure
    if sex is None:
        raise Refused("fact_missing")
    if sex == "female" or retired.year <= 2025:
        return 300
    return LATER_MEN.get(retired.year, 360)


def shortfall(known: Known, person: str, held: Count) -> int:
    return max(required(known, person) - held.total, 120 - held.local_paid, 0)


@once
def retiree_from(known: Known, person: str) -> date | None:
    """First of the month after formalities and requirement (SZ-15c); None while either is missing."""
    retired = retirement_day(known, person)
    processed = [day(f["on"]) for f in known.about(person, "retirement_processed")]
    if retired is None or not processed:
        return None
    days = {retired, processed[-1]} | {p.on for p in payments(known, person)}
    days |= {day(f["on"]) for f in known.about(person, "lump_sum_paid", "transferred_in", "opening_history")}
    for when in sorted(d for d in days if d >= retired):
        try:
            if shortfall(known, person, count(known, person, when)) == 0:
                return first(month_of(max(when, processed[-1])) + 1)
        except Refused:
            return None
    return None


@once
def monthly_credit(known: Known, person: str) -> Decimal:
    """70 yuan, or the share of the combined months in all months (SZ-20b, c)."""
    start = retiree_from(known, person)
    held = count(known, person, start or known.today)
    if held.pooling == 0:
        return Decimal("70.00")
    return cents(Decimal(70) * (held.total - held.pooling) / held.total)


def months_answer(known: Known, person: str, when: date) -> Answer:
    held = count(known, person, when)
    if held.numbers and (held.local or held.elsewhere or held.deemed):
        overlap = {}
    else:
        overlap = {"deemed": len(held.deemed - held.local - held.elsewhere) + held.number("deemed")}
    years: dict[str, int] = {}
    for m in held.local | held.elsewhere:
        years[str(m // 12)] = years.get(str(m // 12), 0) + 1
    paid = len(held.local | held.elsewhere) + held.number("local") + held.number("elsewhere")
    answer = {"total": held.total, "local_paid": held.local_paid, "paid": paid, **overlap}
    return {**answer, "in_year": years} if years else answer


def retirement_answer(known: Known, person: str, when: date) -> Answer:
    retired = retirement_day(known, person)
    if retired is None or retired > when or when >= date(2029, 1, 1):
        raise Unsure
    held = count(known, person, when)
    missing = shortfall(known, person, held)
    start = retiree_from(known, person)
    answer: Answer = {
        "required_months": required(known, person),
        "total_months": held.total,
        "local_paid_months": held.local_paid,
        "shortfall_months": missing,
    }
    if start is None:
        answer["retired_from"] = None
    elif missing == 0:
        answer |= {
            "retired_from": start.isoformat(),
            "monthly_credit_after": str(monthly_credit(known, person)),
        }
    return answer


def lump_sum_answer(known: Known, person: str, question: Answer, when: date) -> Answer:
    """Price of the missing months (SZ-17a, c)."""
    retired = retirement_day(known, person)
    if retired is None or retired > when or when >= date(2029, 1, 1):
        raise Unsure
    held = count(known, person, when, bought=False)
    missing = shortfall(known, person, held)
    answer: Answer = {
        "required_months": required(known, person),
        "total_months": held.total,
        "local_paid_months": held.local_paid,
        "shortfall_months": missing,
    }
    if missing == 0:
        return {**answer, "outcome": "nothing_due"}
    fact = known.about(person, "retired")[-1]
    capacity = fact.get("capacity")
    mode = question.get("mode") or fact.get("mode")
    if capacity is None or (capacity == "flexible" and mode is None):
        raise Unsure
    base = _handling_base(known, person, capacity, when)
    rate = Decimal("0.07") if capacity == "flexible" and mode == "pooling_only" else Decimal("0.09")
    return {**answer, "outcome": "due", **_priced(base, missing, rate)}


def _handling_base(known: Known, person: str, capacity: str, when: date) -> Decimal:
    if capacity == "flexible":
        limits = announced(known, "individual_base_limits", first(month_of(when)))
        if limits is None:
            raise Refused("announcement_missing")
        return money(limits["floor"])
    assessed = [
        money(f["bases"][person])
        for f in known.of("contribution_assessed")
        if person in f.get("bases", {}) and month_of(when) in months(f["months"])
    ]
    if not assessed:
        raise Unsure
    return assessed[-1]


def _priced(base: Decimal, missing: int, rate: Decimal) -> Answer:
    parts: list[Answer] = []
    total = large = Decimal(0)
    step = Decimal(1)
    while missing > 0:
        number, own = min(12, missing), cents(base * step)
        amount, large_part = cents(own * number * rate), cents(own * number * Decimal("0.005"))
        parts.append(
            {
                "part": str(len(parts) + 1),
                "months": number,
                "base": str(own),
                "amount": str(amount),
                "large_amount": str(large_part),
                "pooled": str(amount - large_part),
            }
        )
        total, large, missing, step = (
            total + amount,
            large + large_part,
            missing - number,
            step * Decimal("1.05"),
        )
    return {
        "base": str(base),
        "amount": str(total),
        "large_amount": str(large),
        "pooled": str(total - large),
        "personal_account": "0.00",
        "parts": parts,
    }
