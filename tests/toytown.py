"""An invented town with three rules, for tests of the house itself."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from domain.decisions.book import Book
from domain.errors import AnnouncementMissing
from domain.events.consequences import (
    BenefitPeriod,
    Consequence,
    CountedMonths,
    Entry,
    FactDecided,
    Posting,
    Problem,
    Settlement,
)
from domain.facts import ContributionPaid, ResidentContributionPaid
from domain.questions.answers import AcceptanceAnswer, ClaimAnswer
from domain.rulebook.announcements import announced_fen
from domain.rulebook.citation import Finding, rule
from domain.rulebook.contract import Municipality
from domain.rulebook.parameters import Parameters
from domain.rulebook.view import View, claims_of
from domain.values.money import share
from domain.values.terms import (
    AcceptanceOutcome,
    ClaimOutcome,
    MovementKind,
    Scheme,
    Status,
)

CODE = "990100"


@rule("XC-1a", article="Art. 1")
def cover(year: int) -> tuple[date, date]:
    """A paid year gives cover from 1 January to 31 December."""
    return date(year, 1, 1), date(year + 1, 1, 1)


@rule("XC-2a", article="Art. 2")
def pooled(view: View, year: int, total: int, used: int) -> Finding[int]:
    """The fund pays 80 percent, at most what is left of the announced cap."""
    cap = announced_fen(view, "annual_cap", date(year, 12, 31), ("XC-2a",), year=year)
    return Finding(min(share(total, Decimal("0.8")), max(0, cap - used)))


@rule("XC-3a", article="Art. 3")
def credit(base: int) -> int:
    """Two percent of the base of every paid month go to the personal account."""
    return share(base, Decimal("0.02"))


def consequences(view: View, subject: str) -> Iterator[Consequence]:
    """Everything that holds about one subject of the town."""
    kind, _, identifier = subject.partition(":")
    if kind == "person":
        yield from _cover(view, identifier)
        yield from _credits(view, identifier)
        yield from _claims(view, identifier)


def _cover(view: View, person: str) -> Iterator[Consequence]:
    paid = {fact.year: fact for fact in view.facts(ResidentContributionPaid, person=person)}
    for year, fact in sorted(paid.items()):
        if fact.on.year > year:
            refused = AcceptanceAnswer(outcome=AcceptanceOutcome.REFUSED, reason="year_over")
            yield FactDecided(fact=fact.id, answer=refused, because=("XC-1a",))
            continue
        period = cover(year)
        yield BenefitPeriod(
            person=person,
            scheme=Scheme.RESIDENT,
            from_=period.value[0],
            to=period.value[1],
            status=Status.COVERED,
            because=period.because,
        )


def _credits(view: View, person: str) -> Iterator[Consequence]:
    for fact in view.facts(ContributionPaid, person=person):
        for month in fact.months or ():
            amount = credit(fact.base or 0)
            yield CountedMonths(
                person=person, scheme=Scheme.EMPLOYEE, month=month, from_=fact.on, because=("XC-3a",)
            )
            yield Entry(
                name=f"basic/{month}",
                on=fact.on,
                kind=MovementKind.BASIC_CREDIT,
                month=month,
                postings=(
                    Posting(f"personal_account:{person}", amount.value),
                    Posting("fund:employee_pooled", -amount.value, "account_credits"),
                ),
                because=amount.because,
            )


def _claims(view: View, person: str) -> Iterator[Consequence]:
    used: dict[int, int] = {}
    paid = {
        fact.year for fact in view.facts(ResidentContributionPaid, person=person) if fact.on.year <= fact.year
    }
    for claim in claims_of(view, person):
        total = sum(line.amount or 0 for line in claim.lines or ())
        year = claim.on.year
        try:
            fund = pooled(view, year, total, used.get(year, 0)) if year in paid else Finding(0, ("XC-1a",))
        except AnnouncementMissing as missing:
            problem = Problem(code=missing.code, name=missing.name, date=missing.on)
            yield Settlement(
                claim=claim.claim, person=person, on=claim.on, problem=problem, because=("XC-2a",)
            )
            continue
        used[year] = used.get(year, 0) + fund.value
        outcome = ClaimOutcome.PAYABLE if year in paid else ClaimOutcome.REFUSED
        yield Settlement(
            claim=claim.claim,
            person=person,
            on=claim.on,
            answer=ClaimAnswer(outcome=outcome, total=total, pooled=fund.value, member=total - fund.value),
            payers={"resident_pooled": fund.value, "member": total - fund.value},
            because=fund.because,
        )
        yield Entry(
            name=f"claim/{claim.claim}",
            on=claim.on,
            kind=MovementKind.CLAIM,
            postings=(
                Posting("fund:resident_pooled", -fund.value, "claims"),
                Posting(f"member:{person}", fund.value - total),
                Posting(f"provider:{claim.provider}", total),
            ),
            because=fund.because,
        )


TOWN = Municipality(
    code=CODE,
    name="Xincheng",
    label="新城",
    prefix="XC",
    version="1",
    in_force_from=date(2018, 1, 1),
    parameters=Parameters({}),
    consequences=consequences,
    assess={},
)


def new_book() -> Book:
    """An empty book of the town."""
    return Book(TOWN)
