"""The personal account, refunds of prepaid months, and the maternity allowance (SZ-20, 12, 28 to 31)."""

from datetime import date
from decimal import Decimal

from tests.oracle.suizhou.cover import capacity, maternity_flag, opened
from tests.oracle.suizhou.relations import Paid, first_employer_month, jobs, payments
from tests.oracle.suizhou.retiring import monthly_credit, retiree_from
from tests.oracle.suizhou.text import (
    Answer,
    Fact,
    Known,
    Refused,
    Unsure,
    cents,
    day,
    died_on,
    first,
    money,
    month_of,
    months,
)

TWO = Decimal("0.02")
ZERO = Decimal("0.00")
Entry = tuple[date, int, Decimal, str]


def _credits(known: Known, person: str) -> list[Entry]:
    """2% of the base of each paid month, once a payer (SZ-20a, d)."""
    if any("amount" in f for f in known.about(person, "contribution_paid")):
        raise Unsure
    found: list[Entry] = []
    seen: set[tuple[int, str]] = set()
    for paid in payments(known, person):
        if paid.mode == "pooling_only":
            continue
        if (paid.month, paid.capacity) in seen or paid.base is None:
            raise Unsure
        seen.add((paid.month, paid.capacity))
        found.append((max(paid.on, first(paid.month)), 0, cents(paid.base * TWO), "basic"))
    if len({m for m, _ in seen}) < len(seen):
        raise Unsure
    return found


def _retiree(known: Known, person: str, until: date) -> list[Entry]:
    start, died = retiree_from(known, person), died_on(known, person)
    if start is None:
        return []
    amount, found, m = monthly_credit(known, person), [], month_of(start)
    while first(m) <= until and (died is None or first(m) <= died):
        found.append((first(m), 0, amount, "retiree"))
        m += 1
    return found


def _others(known: Known, person: str) -> list[Entry]:
    found: list[Entry] = []
    for fact in known.about(person, "opening_account"):
        found.append((day(fact["on"]), 0, money(fact["balance"]), "opening"))
    for fact in known.about(person, "transferred_in"):
        found.append((day(fact["on"]), 0, money(fact.get("account_amount", "0")), "transfer_in"))
    for fact in known.about(person, "personal_account_spent"):
        if fact["purpose"] not in ("own_care", "pharmacy"):
            raise Unsure
        found.append((day(fact["on"]), 2, -money(fact["amount"]), "spent"))
    return found


def account_answer(known: Known, question: Answer) -> Answer:
    """Balance at the end of a day; a spend above the balance is left out whole (SZ-20e)."""
    person, until = question["person"], day(question["on"])
    out = known.about(person, "transfer_out_requested", "personal_account_paid_out", "refund_requested")
    if (
        out
        or known.of("fund_income_received")
        or any(f.get("draw_account") for f in known.of("claim_submitted"))
    ):
        raise Unsure
    if until > known.today or any(f["key"] == "account_interest" for f in known.of("parameter_announced")):
        raise Unsure
    entries = sorted(_credits(known, person) + _retiree(known, person, until) + _others(known, person))
    balance, credited = ZERO, {"basic": ZERO, "retiree": ZERO}
    spends = [e for e in entries if e[1] == 2]
    for when, _, amount, kind in entries:
        if when > until:
            continue
        if kind == "spent" and balance + amount < 0:
            if len(spends) > 1:
                raise Unsure
            continue
        balance += amount
        if kind in credited:
            credited[kind] += amount
    answer: Answer = {"balance": str(balance)}
    shown = {name: str(value) for name, value in credited.items() if value}
    return {**answer, "credited": shown} if shown else answer


def refund_answer(known: Known, question: Answer) -> Answer:
    """Months prepaid as a flexible member, from the first one an employer paid (SZ-12b)."""
    person, year, until = question["person"], question.get("year"), day(question["on"])
    asked = [
        f
        for f in known.about(person, "refund_requested")
        if f["scheme"] == "employee" and day(f["on"]) <= until
    ]
    if len(asked) != 1 or year is None or asked[0].get("year") != year or until > known.today:
        raise Unsure
    start = first_employer_month(known, person, year, day(asked[0]["on"]))
    if start is None:
        return {"outcome": "refused", "reason": "refund_not_due"}
    without = Known([f for f in known.facts if f is not asked[0]], known.at, known.all_told)
    given = [
        p
        for p in payments(without, person)
        if p.capacity == "flexible" and start <= p.month <= year * 12 + 11 and p.on <= day(asked[0]["on"])
    ]
    if not given:
        return {"outcome": "refused", "reason": "refund_not_due"}
    if known.about(person, "personal_account_spent") or any(p.base is None for p in given):
        raise Unsure
    if len({p.month for p in given}) < len(given):
        raise Unsure  # a month paid twice by the same payer: article 12 does not say what became of the second
    amount = sum((_month_amount(p) for p in given), ZERO)
    reversed_ = sum((_personal(p) for p in given if first(p.month) <= day(asked[0]["on"])), ZERO)
    return {
        "outcome": "due",
        "amount": str(amount),
        "member": str(amount),
        "account_reversed": str(reversed_),
        "months": [f"{p.month // 12}-{p.month % 12 + 1:02d}" for p in given],
        "month_count": len(given),
    }


def _month_amount(paid: Paid) -> Decimal:
    base = paid.base or ZERO
    return cents(base * Decimal("0.065")) + cents(base * Decimal("0.005")) + _personal(paid)


def _personal(paid: Paid) -> Decimal:
    return ZERO if paid.mode == "pooling_only" else cents((paid.base or ZERO) * TWO)


def allowance_answer(known: Known, question: Answer) -> Answer:
    """Days and money of the latest event (SZ-28a, b, 29a, 30a, 31)."""
    person, until = question["person"], day(question["on"])
    events = [f for f in known.about(person, "maternity_event_reported") if day(f["on"]) <= until]
    if not events or known.of("relationship_recorded"):
        raise Unsure
    event = max(events, key=lambda f: day(f["on"]))
    if len(events) > 1:
        raise Unsure
    when = day(event["on"])
    standing = capacity(known, person, when)
    if standing in ("flexible", "retired", "unemployed"):
        return _none("not_employed") | {"capacity": standing}
    flag = maternity_flag(known, person, when)
    if flag is None and standing is not None:
        raise Unsure
    if flag != "covered":
        return _none("maternity_not_qualified")
    employer = event.get("employer") or _employer(known, person, when)
    budget = [f.get("funding") for f in known.of("employer_registered") if f["employer"] == employer]
    if budget and budget[-1] == "budget" and event.get("wage_paid_during_leave", True):
        return _none("wage_paid_instead")
    if event.get("wage_paid_during_leave") and not (budget and budget[-1] == "budget"):
        raise Unsure
    days = _days(event["maternity"])
    wages = [
        f["monthly_average"]
        for year in (when.year, when.year - 1)
        for f in known.of("employer_wages_declared")
        if f["employer"] == employer and f["year"] == year and "monthly_average" in f
    ]
    if days == 0:
        raise Unsure
    if not wages:
        return {"error": {"code": "fact_missing", "name": "employer_wages_declared.monthly_average"}}
    total = cents(money(wages[-1]) * days / 30)
    return {"outcome": "payable", "days": days, "base": wages[-1], "total": str(total), "payee": employer}


def _none(reason: str) -> Answer:
    return {"outcome": "refused", "reason": reason, "days": 0, "total": "0.00"}


def _employer(known: Known, person: str, when: date) -> str:
    fact = opened(known, person, when)
    if fact is not None and "employer" in fact:
        return str(fact["employer"])
    held = [e for e, start, end in jobs(known, person) if start <= when and (end is None or when <= end)]
    if len(held) != 1:
        raise Unsure
    return held[0]


def _days(told: Fact) -> int:
    event = told.get("event")
    days = 0
    if event == "birth":
        days = 143 if told.get("delivery_mode") == "difficult" else 128
        if told.get("delivery_mode") == "caesarean":
            raise Unsure
        days += 15 * (int(told.get("babies", 1)) - 1)
    elif event in ("miscarriage", "induced_labour"):
        days = {"up_to_4_months": 15, "over_4_months": 42}.get(told.get("gestation_band", ""), 0)
        if not days:
            if "gestation_months" not in told:
                raise Unsure
            days = 15 if money(told["gestation_months"]) <= 4 else 42
    elif event != "procedure":
        raise Unsure
    for procedure in told.get("procedures", []):
        if procedure in ("vasectomy", "abortion", "induced_labour", "reversal", "complication_care"):
            raise Unsure
        days += 15 if procedure == "tubal_ligation" else 0
    return days


__all__ = ["Refused", "account_answer", "allowance_answer", "months", "refund_answer"]
