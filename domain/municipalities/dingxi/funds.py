"""Fund income, the yearly transfer, and working capital for providers (arts. 17, 18, 43, 56, 58). Money in fen."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from domain.errors import FactMissing, NotComputed, Unanswerable
from domain.events.consequences import Entry, FactDecided, Posting
from domain.facts import (
    FundIncomeReceived,
    FundPeriodClosed,
    ProviderAdvanceGranted,
    ProviderAdvanceRepaid,
    ProviderPaid,
    ProviderPaymentsTotalled,
)
from domain.municipalities.dingxi.policy import figure, problem_of, require_force
from domain.questions.answers import AcceptanceAnswer, FundTransferAnswer, ProviderAdvanceAnswer
from domain.questions.kinds import FundTransfer, ProviderAdvance
from domain.rulebook.citation import Finding, rule
from domain.rulebook.view import View
from domain.values.money import divide, share
from domain.values.terms import AcceptanceOutcome, Fund, FundTransferKind

POOLED, LARGE = "fund:employee_pooled", "fund:large_amount"


@rule("DX-43b", article="第四十三条（二）")
def surplus_transfer(income: int, expenditure: int, rate: Decimal) -> int:
    """5% of the year's own surplus goes to the large-amount fund; a deficit gives nothing."""
    return share(max(0, income - expenditure), rate)


def fund_entries(view: View) -> Iterator[Entry]:
    """Income other than contributions, and the transfer of each closed year."""
    for fact in view.facts(FundIncomeReceived):
        found = income(fact)
        if fact.amount:
            yield Entry(name=f"income/{fact.id}", on=fact.on, postings=found.value, because=found.because)
    for year in sorted({f.year for f in view.facts(FundPeriodClosed) if f.year is not None}):
        closed = _closed(view, year)
        amount = None if closed is None else _transfer(view, closed)
        if amount is not None and amount.value:
            yield Entry(
                name=f"surplus/{year}",
                on=date(year, 12, 31),
                postings=(
                    Posting(POOLED, -amount.value, "transfers"),
                    Posting(LARGE, amount.value, "transfers"),
                ),
                because=amount.because,
            )


@rule("DX-18a", "DX-43c", article="第十七、十八、四十三条")
def income(fact: FundIncomeReceived) -> tuple[Posting, ...]:
    """Interest, subsidies and other income are booked by fact to the fund that received them."""
    return (
        Posting("treasury:city", -int(fact.amount)),
        Posting(f"fund:{fact.fund.value}", int(fact.amount), fact.source.value),
    )


def _closed(view: View, year: int) -> FundPeriodClosed | None:
    found = [f for f in view.facts(FundPeriodClosed) if f.year == year and f.fund is Fund.EMPLOYEE_POOLED]
    return max(found, key=view.order, default=None)


def _transfer(view: View, closed: FundPeriodClosed) -> Finding[int]:
    day = date(int(closed.year or 0), 12, 31)
    rate = figure(view, "fund.surplus_share", day)
    return surplus_transfer(int(closed.income), int(closed.expenditure), rate)


def fund_transfer(view: View, question: FundTransfer) -> Finding[FundTransferAnswer]:
    """The transfer of a year; FactMissing until the year is closed."""
    if question.transfer is not FundTransferKind.LARGE_AMOUNT_SHARE:
        raise NotComputed(f"fund_transfer.{question.transfer.value}", question.on)
    require_force(view, date(question.year, 12, 31))
    closed = _closed(view, question.year)
    if closed is None:
        raise FactMissing("fund_period_closed.income", question.year, ("DX-43b",))
    amount = _transfer(view, closed)
    answer = FundTransferAnswer(from_="employee_pooled", to="large_amount", amount=amount.value)
    return Finding(answer, amount.because)


@rule("DX-58a", article="第五十八条")
def monthly_average(total: int, months: int) -> int:
    """A twelfth of what the funds paid the provider in the calendar year before."""
    return divide(total, months)


def average_of(view: View, provider: str, year: int) -> Finding[int]:
    """The monthly average that bounds loans granted in a year."""
    found = [f for f in view.facts(ProviderPaymentsTotalled, provider=provider) if f.year == year - 1]
    if not found:
        raise FactMissing("provider_payments_totalled.total", year - 1, ("DX-58a",))
    terms = figure(view, "fund.advance", date(year, 1, 1))
    return monthly_average(int(max(found, key=view.order).total), terms["months"])


def provider_advance(view: View, question: ProviderAdvance) -> Finding[ProviderAdvanceAnswer]:
    """The interval for a loan of the year, and what is outstanding at the end of the day."""
    require_force(view, question.on)
    average = average_of(view, question.provider, question.on.year)
    terms = figure(view, "fund.advance", question.on)
    answer = ProviderAdvanceAnswer(
        monthly_average=average.value,
        minimum=average.value * terms["minimum"],
        maximum=average.value * terms["maximum"],
        outstanding=outstanding(view, question.provider, question.on),
    )
    return Finding(answer, average.because)


def granted(view: View, provider: str) -> list[ProviderAdvanceGranted]:
    """Loans that are inside the interval, under an agreement, in the month of granting."""
    found = []
    for fact in view.facts(ProviderAdvanceGranted, provider=provider):
        try:
            if allowed(view, fact):
                found.append(fact)
        except Unanswerable:
            continue
    return found


def allowed(view: View, fact: ProviderAdvanceGranted) -> bool:
    """Whether a loan may be booked."""
    require_force(view, fact.on)
    terms = figure(view, "fund.advance", fact.on)
    average = average_of(view, fact.provider, fact.on.year).value
    inside = average * terms["minimum"] <= int(fact.amount) <= average * terms["maximum"]
    return fact.agreement and fact.on.month == terms["grant_month"] and inside


def outstanding(view: View, provider: str, day: date) -> int:
    """Loans of the year not yet repaid; at 31 December everything is cleared."""
    if (day.month, day.day) == (12, 31):
        return 0
    lent = sum(int(f.amount) for f in granted(view, provider) if f.on <= day and f.on.year == day.year)
    facts = view.facts(ProviderAdvanceRepaid, provider=provider)
    back = sum(int(f.amount) for f in facts if f.on <= day and f.on.year == day.year)
    return max(0, lent - back)


def provider_records(view: View, provider: str) -> Iterator[Entry | FactDecided]:
    """Loans, repayments, the clearing at the year's end, and payments of what is owed."""
    account = f"provider:{provider}"
    loans = granted(view, provider)
    for fact in view.facts(ProviderAdvanceGranted, provider=provider):
        if fact in loans:
            yield _loan(f"advance/{fact.id}", fact.on, account, int(fact.amount))
        else:
            yield _not_lent(view, fact)
    left = {
        year: sum(int(f.amount) for f in loans if f.on.year == year) for year in {f.on.year for f in loans}
    }
    for back in view.facts(ProviderAdvanceRepaid, provider=provider):
        amount = min(int(back.amount), left.get(back.on.year, 0))
        if amount:
            left[back.on.year] -= amount
            yield _loan(f"repaid/{back.id}", back.on, account, -amount)
    for year, amount in left.items():
        if amount and view.reached(date(year, 12, 31)):
            yield _loan(f"cleared/{year}", date(year, 12, 31), account, -amount)
    for paid in view.facts(ProviderPaid, provider=provider):
        found = chain_paid(account, int(paid.amount))
        if paid.amount:
            yield Entry(name=f"paid/{paid.id}", on=paid.on, postings=found.value, because=found.because)


def _loan(name: str, on: date, account: str, amount: int) -> Entry:
    postings = (Posting(POOLED, -amount, "working_capital"), Posting(account, amount))
    return Entry(name=name, on=on, postings=postings, because=("DX-58a",))


def _not_lent(view: View, fact: ProviderAdvanceGranted) -> FactDecided:
    try:
        allowed(view, fact)
    except Unanswerable as missing:
        return FactDecided(fact=fact.id, problem=problem_of(missing), because=missing.because)
    answer = AcceptanceAnswer(outcome=AcceptanceOutcome.REFUSED, reason="amount_out_of_range")
    return FactDecided(fact=fact.id, answer=answer, because=("DX-58a",))


@rule("DX-56c", article="第五十六条（二）")
def chain_paid(account: str, amount: int) -> tuple[Posting, ...]:
    """What is owed to a provider is cleared by the payment that the chain of offices releases."""
    return (Posting(account, -amount), Posting("treasury:city", amount))
