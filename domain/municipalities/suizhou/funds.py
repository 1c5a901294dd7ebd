"""Fund-level facts and questions: income, reserves, deficits, alerts, financing (articles 65 to 71). In fen."""

from collections.abc import Iterator
from decimal import Decimal

from domain.errors import FactMissing, NotComputed, Unanswerable
from domain.events.consequences import Consequence, Entry, FactDecided, Posting
from domain.facts import (
    FundIncomeReceived,
    FundPeriodClosed,
    FundTransferOrdered,
    InsuredCounted,
    ProviderPaid,
)
from domain.municipalities.suizhou.policy import figure, problem_of
from domain.questions.answers import DeficitSharingAnswer, FundAlertsAnswer, FundTransferAnswer
from domain.questions.kinds import DeficitSharing, FundAlerts, FundTransfer
from domain.rulebook.announcements import announced, announced_fen, fen_in
from domain.rulebook.citation import Finding, joined, rule
from domain.rulebook.view import View
from domain.values.money import Ratio, share
from domain.values.terms import Fund, FundTransferKind, Scheme


@rule("SZ-65a", article="第六十五条")
def employee_income(amount: int) -> int:
    """Income of the employee funds is booked apart from that of residents, with its own interest."""
    return amount


@rule("SZ-65b", article="第六十五条")
def resident_income(amount: int) -> int:
    """Income of the resident fund: contributions, fiscal subsidy, interest, donations, other."""
    return amount


@rule("SZ-67a", article="第六十七条")
def alerts_of(
    income: int, expenditure: int, balance: int | None, low: Ratio, high: Ratio, months: int
) -> list[str]:
    """Each threshold alone triggers, equality does not; compared unrounded."""
    found = []
    surplus = income - expenditure
    if surplus < low * income:
        found.append("surplus_rate_below_5")
    if surplus > high * income:
        found.append("surplus_rate_above_25")
    if balance is not None and balance * 12 < months * expenditure:
        found.append("payable_months_below_6")
    return found


@rule("SZ-68a", article="第六十八条")
def reserve_transfer(income: int, reserve: int, rate: Ratio, ceiling: Ratio) -> int:
    """3% of last year's income, until the reserve holds 20% of it."""
    return min(share(income, rate), max(0, share(income, ceiling) - reserve))


@rule("SZ-69a", article="第六十九条")
def deficit_shares(
    deficit: int, surplus: int, reserve: int, reserve_rate: Ratio, city_rate: Ratio
) -> dict[str, int]:
    """Surplus first; of the rest 30% from the reserve, 70% from the counties; the gap 1:9 city and local."""
    history = min(deficit, max(0, surplus))
    rest = deficit - history
    own = share(rest, reserve_rate)
    paid = min(own, reserve)
    gap = own - paid
    city = share(gap, city_rate)
    return {
        "accumulated_surplus": history,
        "risk_reserve": paid,
        "county_finance": rest - own,
        "gap": gap,
        "city_finance": city,
        "local_government": gap - city,
    }


@rule("SZ-71a", article="第七十一条")
def critical_illness_financing(per_head: int, count: int) -> int:
    """The announced amount a head, for every insured resident."""
    return per_head * count


def closed(view: View, fund: Fund, year: int) -> FundPeriodClosed | None:
    """The final accounts of a fund and year, as known."""
    found = [f for f in view.facts(FundPeriodClosed) if f.fund is fund and f.year == year]
    return max(found, key=view.order, default=None)


def _closed(view: View, fund: Fund, year: int, field: str, because: tuple[str, ...]) -> FundPeriodClosed:
    found = closed(view, fund, year)
    if found is None:
        raise FactMissing(f"fund_period_closed.{field}", year, because)
    return found


def fund_transfer(view: View, question: FundTransfer) -> Finding[FundTransferAnswer]:
    """The amount of a prescribed transfer."""
    match question.transfer:
        case FundTransferKind.RISK_RESERVE:
            fund = question.fund or Fund.EMPLOYEE_POOLED
            amount = reserve_amount(view, fund, question.year, question.reserve_balance)
            answer = FundTransferAnswer(from_=str(fund), to="risk_reserve", amount=amount.value)
            return Finding(answer, amount.because)
        case FundTransferKind.CRITICAL_ILLNESS_PREMIUM:
            count = insured(view, question.year)
            amount = premium(view, question.year, count)
            answer = FundTransferAnswer(
                from_="resident_pooled", to="critical_illness", amount=amount.value, count=count
            )
            return Finding(answer, amount.because)
        case FundTransferKind.PUBLIC_SUBSIDY:
            return _public_subsidy(view, question)
    raise NotComputed(f"fund_transfer.{question.transfer}", question.on)


def _public_subsidy(view: View, question: FundTransfer) -> Finding[FundTransferAnswer]:
    from datetime import date

    year = question.year
    told = announced(view, "fiscal_subsidy", date(year, 1, 1), ("SZ-65b",), year=year)
    if isinstance(told, dict):
        per_head = (
            fen_in(told["per_person"]) if "per_person" in told else sum(fen_in(v) for v in told.values())
        )
    else:
        per_head = fen_in(told)
    count = insured(view, year)
    amount = resident_income(per_head * count)
    answer = FundTransferAnswer(
        from_="public_finance", to="resident_pooled", amount=amount.value, count=count
    )
    return Finding(answer, amount.because)


def reserve_amount(view: View, fund: Fund, year: int, stated: int | None) -> Finding[int]:
    """The transfer to the risk reserve of a fund in a year, from the accounts of the year before."""
    before = _closed(view, fund, year - 1, "income", ("SZ-68a",))
    reserve = stated if stated is not None else before.reserve_balance
    if reserve is None:
        raise FactMissing("fund_period_closed.reserve_balance", year - 1, ("SZ-68a",))
    rate = figure(view, "reserve.rate", view.today)
    return reserve_transfer(before.income, reserve, rate, figure(view, "reserve.ceiling_rate", view.today))


def insured(view: View, year: int) -> int:
    """Insured residents counted for a year."""
    counts = [f for f in view.facts(InsuredCounted) if f.year == year and f.scheme is Scheme.RESIDENT]
    whole = [f for f in counts if f.town is None]
    if whole:
        return max(whole, key=view.order).count
    if counts:
        return sum({f.town: f.count for f in sorted(counts, key=view.order)}.values())
    raise FactMissing("insured_counted.count", year, ("SZ-71a",))


def premium(view: View, year: int, count: int) -> Finding[int]:
    """Critical-illness financing of a year (P10)."""
    from datetime import date

    start = date(year, 1, 1)
    per_head = announced_fen(view, "critical_illness_premium", start, ("SZ-71a",), year=year)
    return critical_illness_financing(per_head, count)


def deficit_sharing(view: View, question: DeficitSharing) -> Finding[DeficitSharingAnswer]:
    """Who bears a deficit of the final accounts."""
    known = closed(view, question.fund, question.year)
    deficit, reserve = question.deficit, question.reserve_balance
    surplus: int | None = question.accumulated_surplus
    before = closed(view, question.fund, question.year - 1)
    if surplus is None and before is not None and before.accumulated_balance is not None:
        surplus = before.accumulated_balance
    if known is not None:
        deficit = max(0, known.expenditure - known.income) if deficit is None else deficit  # type: ignore[assignment]
        if surplus is None and known.accumulated_balance is not None:
            surplus = known.accumulated_balance
        reserve = known.reserve_balance if reserve is None else reserve
    for name, value in (
        ("expenditure", deficit),
        ("accumulated_balance", surplus),
        ("reserve_balance", reserve),
    ):
        if value is None:
            raise FactMissing(f"fund_period_closed.{name}", question.year, ("SZ-69a",))
    rates = figure(view, "deficit.reserve_rate", view.today), figure(view, "deficit.city_rate", view.today)
    shares = deficit_shares(int(deficit or 0), int(surplus or 0), int(reserve or 0), *rates)
    return Finding(DeficitSharingAnswer(**shares.value), shares.because)


def fund_alerts(view: View, question: FundAlerts) -> Finding[FundAlertsAnswer]:
    """Warnings of a fund and year."""
    known = _closed(view, question.fund, question.year, "income", ("SZ-67a",))
    if known.accumulated_balance is None:
        raise FactMissing("fund_period_closed.accumulated_balance", question.year, ("SZ-67a",))
    day = view.today
    found = alerts_of(
        known.income,
        known.expenditure,
        known.accumulated_balance,
        figure(view, "alerts.surplus_rate_low", day),
        figure(view, "alerts.surplus_rate_high", day),
        int(figure(view, "alerts.payable_months", day)),
    )
    surplus = Decimal(known.income - known.expenditure)
    answer = FundAlertsAnswer(
        alerts=tuple(found.value),
        surplus_rate=surplus / known.income if known.income else None,
        payable_months=(
            Decimal(known.accumulated_balance) * 12 / known.expenditure if known.expenditure else None
        ),
    )
    return Finding(answer, found.because)


def city_entries(view: View) -> Iterator[Consequence]:
    """Postings of fund-level facts."""
    for fact in view.facts(FundIncomeReceived):
        booked = (resident_income if fact.fund is Fund.RESIDENT_POOLED else employee_income)(fact.amount)
        yield Entry(
            name=f"income/{fact.id}",
            on=fact.on,
            postings=(
                Posting(f"fund:{fact.fund}", booked.value, str(fact.source)),
                Posting(f"area:{fact.payer or 'outside'}", -booked.value),
            ),
            because=joined(booked.because, ("SZ-65d",) if fact.source == "interest" else ()),
        )
    for order in view.facts(FundTransferOrdered):
        yield _ordered(view, order)


def _ordered(view: View, order: FundTransferOrdered) -> Consequence:
    fund = order.fund or Fund.EMPLOYEE_POOLED
    try:
        if order.transfer is FundTransferKind.RISK_RESERVE:
            amount = reserve_amount(view, fund, order.year, None) if order.amount is None else None
            source, target = f"fund:{fund}", "fund:risk_reserve"
        elif order.transfer is FundTransferKind.CRITICAL_ILLNESS_PREMIUM:
            amount = premium(view, order.year, insured(view, order.year)) if order.amount is None else None
            source, target = "fund:resident_pooled", "fund:critical_illness"
        else:
            raise NotComputed(f"fund_transfer.{order.transfer}", order.on)
    except Unanswerable as error:
        return FactDecided(fact=order.id, problem=problem_of(error), because=error.because)
    fen = amount.value if amount is not None else int(order.amount or 0)
    return Entry(
        name=f"transfer/{order.id}",
        on=order.on,
        postings=(
            Posting(source, -fen, str(order.transfer)),
            Posting(target, fen, source.removeprefix("fund:")),
        ),
        because=amount.because if amount is not None else (),
    )


def provider_entries(view: View, provider: str) -> Iterator[Consequence]:
    """Payables of a provider that were paid: the fund was charged when the claims were settled."""
    for fact in view.facts(ProviderPaid, provider=provider):
        yield Entry(
            name=f"paid/{fact.id}",
            on=fact.on,
            postings=(Posting(f"provider:{provider}", -fact.amount), Posting("area:outside", fact.amount)),
            because=employee_income(fact.amount).because,
        )
