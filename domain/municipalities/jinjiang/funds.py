"""Fund accounting: yearly shares, advances, grants, what insurers and budgets owe, recoveries."""

from collections.abc import Iterator
from datetime import date

from domain.errors import FactMissing, NotComputed, Unanswerable
from domain.events.consequences import Entry, FactDecided, Posting
from domain.facts import (
    FundIncomeReceived,
    FundPeriodClosed,
    FundTransferOrdered,
    InsuredCounted,
    ParameterAnnounced,
    RecoveryReceived,
    SanctionDecided,
)
from domain.municipalities.jinjiang.enrolment import Enrolment, enrolments_of, void
from domain.municipalities.jinjiang.figures import below_floor, figure
from domain.municipalities.jinjiang.premiums import layer_premiums, public_subsidy
from domain.questions import kinds as ask
from domain.questions.answers import AcceptanceAnswer, FundTransferAnswer
from domain.rulebook.citation import Finding, joined, rule
from domain.rulebook.view import View
from domain.values.money import divide, share
from domain.values.terms import (
    AcceptanceOutcome,
    Debtor,
    Fund,
    FundTransferKind,
    IncomeSource,
    Scheme,
)

COUNTY = "county_finance"


def fund_transfer(view: View, question: ask.FundTransfer) -> Finding[FundTransferAnswer]:
    """Transfers and grants that chapter 8 prescribes."""
    match question.transfer:
        case FundTransferKind.FUND_SPLIT:
            return fund_split(view, question.year)
        case FundTransferKind.SPECIAL_PROTECTION_ADVANCE:
            return advance(view, question.year)
        case FundTransferKind.SPECIAL_PROTECTION_SETTLEMENT:
            return protection_settled(view, question.year)
        case FundTransferKind.WORK_SUBSIDY:
            return work_subsidy(view, question.year, question.town)
        case FundTransferKind.LAYER_PREMIUM:
            return premiums_due(view, question.year, question.on)
        case FundTransferKind.PUBLIC_SUBSIDY:
            return subsidies_due(view, question.year, question.on)
    raise NotComputed("fund_transfer", question.on)


def closed(view: View, fund: Fund, year: int) -> FundPeriodClosed | None:
    """The final figures of a fund and year, as reported last."""
    found = [f for f in view.facts(FundPeriodClosed) if f.fund is fund and f.year == year]
    return max(found, key=view.order) if found else None


@rule("JJ-8.3c", article="八（三）")
def fund_split(view: View, year: int) -> Finding[FundTransferAnswer]:
    """A year's premiums and subsidies are split 10, 5 and 5 percent; admissions and special diseases have the rest."""
    total = _financing(view, year)
    rates = figure(view, "funds.shares", date(year, 12, 31))
    parts = {fund: share(total, rate) for fund, rate in rates.value.items()}
    parts["resident_pooled"] = total - sum(parts.values())
    answer = FundTransferAnswer(from_="resident_pooled", amount=total, parts=parts)
    return Finding(answer, rates.because)


def _financing(view: View, year: int) -> int:
    """Premiums and public subsidies of a year: as closed, else as posted for the persons of the ledger."""
    closing = closed(view, Fund.RESIDENT_POOLED, year)
    if closing is not None and closing.breakdown is not None:
        return closing.breakdown.get("contributions", 0) + closing.breakdown.get("subsidy", 0)
    people = _enrolled(view, year, None)
    if not people:
        raise FactMissing("fund_period_closed.breakdown", year, ("JJ-8.3c",))
    total = 0
    for _, enrolment in people:
        total += enrolment.price.standard if enrolment.price else 0
        total += sum(_subsidy(view, enrolment).value.values()) if enrolment.first else 0
    return total


@rule("JJ-8.4b", article="八（四）")
def advance(view: View, year: int) -> Finding[FundTransferAnswer]:
    """Early in a year a quarter of the special protection's payments of the year before is advanced."""
    before = closed(view, Fund.SPECIAL_PROTECTION, year - 1)
    if before is None:
        raise FactMissing("fund_period_closed.expenditure", year - 1, ("JJ-8.4b",))
    quarters = figure(view, "funds.advance_quarters", date(year, 1, 1))
    amount = divide(before.expenditure, quarters.value)
    return Finding(FundTransferAnswer(from_=COUNTY, to="special_protection", amount=amount), quarters.because)


@rule("JJ-8.4b", article="八（四）")
def protection_settled(view: View, year: int) -> Finding[FundTransferAnswer]:
    """At the year's end what was advanced and reimbursed beyond the payments goes back, a shortfall is topped up."""
    now = closed(view, Fund.SPECIAL_PROTECTION, year)
    if now is None:
        raise FactMissing("fund_period_closed.expenditure", year, ("JJ-8.4b",))
    given = advance(view, year)
    balance = (given.value.amount or 0) + now.income - now.expenditure
    ends = ("special_protection", COUNTY) if balance >= 0 else (COUNTY, "special_protection")
    return Finding(FundTransferAnswer(from_=ends[0], to=ends[1], amount=balance), given.because)


@rule("JJ-8.6b", article="八（六）")
def work_subsidy(view: View, year: int, town: str | None) -> Finding[FundTransferAnswer]:
    """Towns are granted 5 yuan for each verified person after the collection is finished."""
    counts = {
        fact.town: fact.count
        for fact in sorted(view.facts(InsuredCounted), key=view.order)
        if fact.year == year and fact.scheme is Scheme.RESIDENT
    }
    if town is not None:
        counts = {name: count for name, count in counts.items() if name == town}
    elif len(counts) > 1:
        counts.pop(None, None)
    if not counts:
        raise FactMissing("insured_counted.count", year, ("JJ-8.6b",))
    grant = figure(view, "funds.work_subsidy_yuan", date(year, 1, 1))
    count = sum(counts.values())
    answer = FundTransferAnswer(from_=COUNTY, to=town, amount=grant.value * count, count=count)
    return Finding(answer, grant.because)


def _enrolled(view: View, year: int, on: date | None) -> list[tuple[str, Enrolment]]:
    """Everybody enrolled for a year by a day; each person's first enrolment."""
    found = []
    for subject in view.sources.subjects("person"):
        person = subject.removeprefix("person:")
        for enrolment in enrolments_of(view, person):
            fits = enrolment.year == year and (on is None or enrolment.day <= on)
            if fits and not void(view, person, enrolment):
                found.append((person, enrolment))
    return found


@rule("JJ-8.4a", article="八（四）")
def premiums_due(view: View, year: int, on: date | None) -> Finding[FundTransferAnswer]:
    """The city pays the insurers' premiums for everybody enrolled, on the approved total."""
    people = [enrolment for _, enrolment in _enrolled(view, year, on) if enrolment.first]
    days = [enrolment.day for enrolment in people]
    if not people:
        counted = [f for f in view.facts(InsuredCounted) if f.year == year]
        towns = [f for f in counted if f.town is not None]
        days = [date(year, 1, 1)] * sum(f.count for f in towns or counted)
    by_day = {day: layer_premiums(view, year, day) for day in set(days)}
    parts = {"supplementary_insurance": 0, "accident_insurance": 0}
    for day in days:
        for layer, fen in by_day[day].value.items():
            parts[layer] += fen
    answer = FundTransferAnswer(
        from_=COUNTY, to="insurer", amount=sum(parts.values()), count=len(days), parts=parts
    )
    return Finding(answer, joined(*(found.because for found in by_day.values())))


def _subsidy(view: View, enrolment: Enrolment) -> Finding[dict[str, int]]:
    return public_subsidy(view, enrolment.year, enrolment.day, enrolment.basis == "student")


def subsidies_due(view: View, year: int, on: date | None) -> Finding[FundTransferAnswer]:
    """Public subsidies by tier for everybody enrolled (JJ-4.2b, JJ-4.2c)."""
    people = [enrolment for _, enrolment in _enrolled(view, year, on) if enrolment.first]
    parts: dict[str, int] = {}
    because: tuple[str, ...] = ("JJ-4.2b",)
    for enrolment in people:
        found = _subsidy(view, enrolment)
        because = joined(because, found.because)
        for tier, fen in found.value.items():
            parts[tier] = parts.get(tier, 0) + fen
    answer = FundTransferAnswer(
        to="resident_pooled", amount=sum(parts.values()), count=len(people), parts=parts
    )
    return Finding(answer, because)


def fund_records(view: View) -> Iterator[Entry | FactDecided]:
    """Refused announcements, interest, yearly shares, and recoveries that name nobody."""
    for fact in view.facts(ParameterAnnounced):
        if fact.key == "fiscal_subsidy" and below_floor(fact):
            answer = AcceptanceAnswer(outcome=AcceptanceOutcome.REFUSED, reason="announcement_out_of_bounds")
            yield FactDecided(fact=fact.id, answer=answer, because=("JJ-4.2b",))
    for income in view.facts(FundIncomeReceived):
        yield _income(income)
    pool = [c for c in view.facts(FundPeriodClosed) if c.fund is Fund.RESIDENT_POOLED and c.breakdown]
    for year in sorted({closing.year for closing in pool if closing.year is not None}):
        yield _shares(view, year)
    for ordered in view.facts(FundTransferOrdered):
        yield from _ordered(view, ordered)
    for recovery in view.facts(RecoveryReceived):
        yield recovered(recovery, "area:outside").value


def _ordered(view: View, fact: FundTransferOrdered) -> Iterator[Entry]:
    """Money between the county budget and the special protection, on the day of the order (JJ-8.4b)."""
    if fact.transfer is FundTransferKind.SPECIAL_PROTECTION_ADVANCE:
        sign, rule_of_amount = 1, advance
    elif fact.transfer is FundTransferKind.SPECIAL_PROTECTION_SETTLEMENT:
        sign, rule_of_amount = -1, protection_settled
    else:
        return
    try:
        found = rule_of_amount(view, fact.year)
    except Unanswerable as missing:
        yield Entry(name=f"ordered/{fact.id}", on=fact.on, waiting_for=missing.name, because=missing.because)
        return
    told = found.value.amount or 0
    amount = sign * (int(fact.amount) if fact.amount is not None else told)
    yield Entry(
        name=f"ordered/{fact.id}",
        on=fact.on,
        postings=(
            Posting("fund:special_protection", amount, "county_finance"),
            Posting("government:county", -amount),
        ),
        because=found.because,
    )


@rule("JJ-8.3b", article="八（三）")
def interest_fund(fund: Fund, source: IncomeSource) -> str:
    """Interest goes to the pooled fund, tax-free, and is not part of the yearly shares."""
    books = (Fund.ORDINARY_OUTPATIENT, Fund.CRITICAL_ILLNESS, Fund.ACCIDENT_INSURANCE)
    if source is IncomeSource.INTEREST and fund in books:
        return str(Fund.RESIDENT_POOLED)
    return str(fund)


def _income(fact: FundIncomeReceived) -> Entry:
    fund = interest_fund(fact.fund, fact.source)
    account = f"fund:{fund.value}"
    postings = (Posting(account, int(fact.amount), str(fact.source)), Posting("area:outside", -fact.amount))
    return Entry(name=f"income/{fact.id}", on=fact.on, postings=postings, because=fund.because)


def _shares(view: View, year: int) -> Entry:
    found = fund_split(view, year)
    parts = {fund: fen for fund, fen in (found.value.parts or {}).items() if fund != "resident_pooled"}
    postings = [Posting(f"fund:{fund}", fen, "shares") for fund, fen in parts.items()]
    postings.append(Posting("fund:resident_pooled", -sum(parts.values()), "shares"))
    return Entry(
        name=f"shares/{year}", on=date(year, 12, 31), postings=tuple(postings), because=found.because
    )


@rule("JJ-9.1a", article="九（一）")
def recovered(fact: RecoveryReceived, payer: str) -> Entry:
    """What is recovered goes to the resident pool, whichever layer had paid it."""
    by_member = fact.debtor is Debtor.MEMBER
    return Entry(
        name=f"recovery/{fact.id}",
        on=fact.on,
        postings=(
            Posting("fund:resident_pooled", int(fact.amount), "recovered"),
            Posting(payer, -fact.amount),
        ),
        because=("JJ-9.4a",) if by_member else ("JJ-9.1a",),
    )


def recoveries_of(view: View, kind: str, identifier: str) -> Iterator[Entry]:
    """Recoveries from a person or a provider."""
    for fact in view.facts(RecoveryReceived, **{kind: identifier}):
        owner = fact.person if kind == "person" else fact.provider
        other = fact.person is not None and kind == "provider"
        if owner == identifier and not other:
            payer = f"bank:{identifier}" if kind == "person" else f"provider:{identifier}"
            yield recovered(fact, payer).value
    if kind == "provider" and not view.facts(RecoveryReceived, provider=identifier):
        yield from _returned(view, identifier)


def _returned(view: View, provider: str) -> Iterator[Entry]:
    """What a decision says a provider has returned, as long as no receipt of it is recorded."""
    for fact in view.facts(SanctionDecided, provider=provider):
        if fact.recovered and fact.debtor is Debtor.PROVIDER:
            receipt = RecoveryReceived(
                on=fact.on, id=fact.id, amount=fact.recovered, debtor=fact.debtor, provider=provider
            )
            yield recovered(receipt, f"provider:{provider}").value
