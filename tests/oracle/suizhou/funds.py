"""Risk reserve, deficits, alerts and the financing of critical illness (SZ-67a to 71a)."""

from decimal import Decimal

from tests.oracle.suizhou.text import Answer, Fact, Known, Refused, Unsure, announced, cents, day, money

ZERO = Decimal("0.00")


def _closed(known: Known, fund: str, year: int) -> Fact | None:
    found = [f for f in known.of("fund_period_closed") if f["fund"] == fund and f.get("year") == year]
    return found[-1] if found else None


def transfer_answer(known: Known, question: Answer) -> Answer:
    kind, year = question["transfer"], question["year"]
    if kind == "critical_illness_premium":
        return _premium(known, year)
    if kind != "risk_reserve" or "fund" not in question:
        raise Unsure
    closed = _closed(known, question["fund"], year - 1)
    if closed is None or "income" not in closed:
        raise Unsure
    reserve = question.get("reserve_balance", closed.get("reserve_balance"))
    if reserve is None:
        raise Unsure
    income = money(closed["income"])
    room = max(ZERO, cents(income * Decimal("0.20")) - money(reserve))
    return {"amount": str(min(cents(income * Decimal("0.03")), room))}


def _premium(known: Known, year: int) -> Answer:
    counts = [
        f["count"] for f in known.of("insured_counted") if f["scheme"] == "resident" and f["year"] == year
    ]
    premium = announced(known, "critical_illness_premium", known.today, year=year)
    if not counts or any("town" in f for f in known.of("insured_counted")):
        raise Unsure
    if premium is None:
        raise Refused("announcement_missing")
    return {"amount": str(cents(money(premium) * counts[-1])), "count": counts[-1]}


def deficit_answer(known: Known, question: Answer) -> Answer:
    """Who bears a deficit, step by step (SZ-69a)."""
    closed = _closed(known, question["fund"], question["year"]) or {}
    deficit = question.get("deficit")
    if deficit is None and {"income", "expenditure"} <= set(closed):
        deficit = money(closed["expenditure"]) - money(closed["income"])
    surplus = question.get("accumulated_surplus")
    reserve = question.get("reserve_balance", closed.get("reserve_balance"))
    if deficit is None or surplus is None or reserve is None or money(deficit) < 0:
        raise Unsure
    history = min(money(deficit), money(surplus))
    rest = money(deficit) - history
    share = cents(rest * Decimal("0.30"))
    paid = min(share, money(reserve))
    gap = share - paid
    city = cents(gap * Decimal("0.10"))
    amounts = {
        "accumulated_surplus": history,
        "risk_reserve": paid,
        "county_finance": rest - share,
        "gap": gap,
        "city_finance": city,
        "local_government": gap - city,
    }
    return {name: str(value) for name, value in amounts.items()}


def alerts_answer(known: Known, question: Answer) -> Answer:
    closed = _closed(known, question["fund"], question["year"])
    if closed is None or not {"income", "expenditure", "accumulated_balance"} <= set(closed):
        raise Unsure
    income, spent = money(closed["income"]), money(closed["expenditure"])
    if not income or not spent:
        raise Unsure
    alerts = []
    if (income - spent) / income < Decimal("0.05"):
        alerts.append("surplus_rate_below_5")
    if (income - spent) / income > Decimal("0.25"):
        alerts.append("surplus_rate_above_25")
    if money(closed["accumulated_balance"]) * 12 / spent < 6:
        alerts.append("payable_months_below_6")
    return {"alerts": alerts}


__all__ = ["alerts_answer", "day", "deficit_answer", "transfer_answer"]
