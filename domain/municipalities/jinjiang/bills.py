"""A bill read line by line: what is in scope on covered days, by year, and why a claim is refused."""

from datetime import date
from decimal import Decimal

from msgspec import Struct

from domain.errors import FactMissing, Unanswerable
from domain.facts import ClaimSubmitted, ProviderRegistered
from domain.facts.parts import Line
from domain.municipalities.jinjiang.cover import covered_on, open_problem_on
from domain.municipalities.jinjiang.figures import START, in_force
from domain.municipalities.jinjiang.hospitals import abroad
from domain.municipalities.jinjiang.people import covered_as_employee
from domain.rulebook.announcements import announced
from domain.rulebook.citation import Finding, rule
from domain.rulebook.view import View
from domain.values.money import round_fen, share
from domain.values.terms import CauseOfCare, ClaimKind, ItemClass, Scheme

STAYS = (ClaimKind.INPATIENT, ClaimKind.PREGNANCY_ILLNESS)
PAYABLE_CAUSES = (CauseOfCare.ILLNESS, CauseOfCare.ACCIDENT)


class Item(Struct, frozen=True):
    """One line on its day, in fen; `scope` is what the catalogue could pay of it before the own share."""

    day: date
    billed: int
    limited: int
    line: Line | None
    covered: bool
    excluded: bool

    @property
    def payable(self) -> bool:
        """In scope with more than nothing, on a covered day."""
        free = self.line is not None and self.line.class_ is ItemClass.C
        return self.covered and not self.excluded and not free and self.limited > 0


class Part(Struct, frozen=True):
    """The costs of a claim in one settlement year, in fen."""

    year: int
    total: int
    in_scope: int
    out_of_scope: int
    uncovered: int
    upfront: int


def cost_day(claim: ClaimSubmitted, line: Line) -> date:
    """The day of a line; without one, the day of admission, else of service."""
    return line.on or claim.admitted_on or claim.on


@rule("JJ-7.1d", article="七（一）")
def check_dated(claim: ClaimSubmitted) -> None:
    """A stay over the year's end is split at 24:00 on 31 December; FactMissing when its lines have no dates."""
    if undated(claim):
        raise FactMissing("claim_submitted.lines.on", claim.on, ("JJ-7.1d",))


def undated(claim: ClaimSubmitted) -> bool:
    """True when nobody knows which costs of a stay over the year's end belong to which year."""
    return over_year_end(claim) and any(line.on is None for line in claim.lines or ())


def settlement_years(claim: ClaimSubmitted, found: list[Item]) -> set[int]:
    """The years in force to which costs of a claim belong, or may belong while its lines have no dates."""
    years = {item.day.year for item in found}
    if undated(claim):
        first = claim.admitted_on or claim.on
        years = set(range(first.year, claim.on.year + 1))
    return {year for year in years if year >= START.year}


def over_year_end(claim: ClaimSubmitted) -> bool:
    """True for a stay that was in progress at the end of a year; a delivery is one fixed sum (JJ-6.1n)."""
    if claim.kind is ClaimKind.DELIVERY:
        return False
    return claim.admitted_on is not None and claim.admitted_on.year != claim.on.year


def items(view: View, claim: ClaimSubmitted) -> list[Item]:
    """Every line of the bill, or the ready totals of a year as one."""
    found = [_item(view, claim, line) for line in claim.lines or ()]
    for ready in claim.totals or ():
        begins = claim.admitted_on or claim.on
        day = begins if begins.year == ready.year else date(ready.year, 1, 1)
        scope = ready.total if ready.in_scope is None else ready.in_scope
        covered = day >= START and covered_on(view, claim.person, day)
        found.append(Item(day, ready.total, scope, None, covered, False))
    return found


def _item(view: View, claim: ClaimSubmitted, line: Line) -> Item:
    day = cost_day(claim, line)
    billed, limited = billed_and_limited(line)
    covered = day >= START and covered_on(view, claim.person, day)
    cause = line.cause or CauseOfCare.ILLNESS
    return Item(day, billed, limited, line, covered, cause not in PAYABLE_CAUSES)


def billed_and_limited(line: Line) -> tuple[int, int]:
    """The billed amount of a line and the part within the limit price, in fen."""
    if line.amount is not None:
        limited = line.amount if line.limit_price is None else min(line.amount, line.limit_price)
        return line.amount, limited
    unit = line.unit_price or 0
    capped = unit if line.limit_price is None else min(unit, line.limit_price)
    return round_fen(Decimal(unit) * line.quantity), round_fen(Decimal(capped) * line.quantity)


@rule("JJ-6.1b", article="六（一）2")
def in_scope(view: View, claim: ClaimSubmitted, item: Item) -> int:
    """Class A within its limit price, class B less the share paid first, class C nothing."""
    if not item.payable:
        return 0
    if item.line is None or item.line.class_ is ItemClass.A:
        return item.limited
    told = item.line.upfront_share
    own = upfront_share(view, claim, item) if told is None else told
    return share(item.limited, Decimal(1) - own)


def upfront_share(view: View, claim: ClaimSubmitted, item: Item) -> Decimal:
    """The announced share of a class B item that the member pays first."""
    value = announced(
        view, "upfront_share", item.day, ("JJ-6.1b",), year=item.day.year, scheme=Scheme.RESIDENT
    )
    if isinstance(value, dict):
        value = value["inpatient" if claim.kind in STAYS else "outpatient"]
    return Decimal(str(value))


@rule("JJ-6.1a", article="六（一）1")
def settlement_year(day: date) -> int:
    """The settlement year is the calendar year of the cost."""
    return day.year


def parts_of(view: View, claim: ClaimSubmitted, found: list[Item]) -> tuple[Part, ...]:
    """The bill by settlement year."""
    years = sorted({settlement_year(item.day).value for item in found})
    return tuple(_part(view, claim, year, [i for i in found if i.day.year == year]) for year in years)


def _part(view: View, claim: ClaimSubmitted, year: int, found: list[Item]) -> Part:
    total = sum(item.billed for item in found)
    uncovered = sum(item.billed for item in found if not item.covered)
    scope = [(item, in_scope(view, claim, item).value) for item in found]
    upfront = sum(
        item.limited - paid
        for item, paid in scope
        if item.payable and item.line is not None and item.line.class_ is not ItemClass.A
    )
    inside = sum(paid for _, paid in scope)
    return Part(year, total, inside, total - inside - uncovered - upfront, uncovered, upfront)


def bare_parts(claim: ClaimSubmitted, found: list[Item]) -> tuple[Part, ...]:
    """A refused bill by year: nothing of it is in scope."""
    result = []
    for year in sorted({item.day.year for item in found}):
        here = [item for item in found if item.day.year == year]
        total = sum(item.billed for item in here)
        uncovered = sum(item.billed for item in here if not item.covered)
        result.append(Part(year, total, 0, total - uncovered, uncovered, 0))
    return tuple(result)


def check_in_force(claim: ClaimSubmitted, found: list[Item]) -> None:
    """RulesNotInForce when no cost lies on or after the first day of benefits."""
    if undated(claim):
        in_force(claim.on)
    elif found:
        in_force(max(item.day for item in found))


def check_status_known(view: View, claim: ClaimSubmitted, found: list[Item]) -> None:
    """Raise what keeps the cover of a cost day undecided."""
    for item in found:
        problem = open_problem_on(view, claim.person, item.day)
        if problem is not None:
            raise Unanswerable(problem[0].code, problem[0].name, None, problem[1]).at(problem[0].date)


@rule("JJ-7.1g", article="七（一）")
def uncovered_reason(view: View, person: str, found: list[Item]) -> str | None:
    """A cost is payable if the person is covered on its day; without any such day the claim is refused."""
    if any(item.payable for item in found):
        return None
    if any(covered_as_employee(view, person, item.day) for item in found):
        return "other_scheme_prevails"
    return "not_covered"


@rule("JJ-6.1o", article="六（一）8")
def excluded_cause(
    claim: ClaimSubmitted, provider: ProviderRegistered | None, found: list[Item]
) -> Finding[str | None]:
    """Work injury, another's liability, public health, care abroad and the like are not payable."""
    if claim.cause is CauseOfCare.MASS_DISASTER:
        return disaster()
    if provider is not None and abroad(provider):
        return Finding("cause_excluded")
    if claim.cause is CauseOfCare.SELF_HARM and claim.mental_illness:
        return Finding(None)
    partly = claim.third_party_amount is not None or 0 < claim.third_party_share < 1
    if claim.cause is CauseOfCare.THIRD_PARTY and partly:
        return Finding(None)
    if claim.cause not in PAYABLE_CAUSES or claim.third_party_share == 1:
        return Finding("cause_excluded")
    lines = [item for item in found if item.line is not None]
    if lines and all(item.excluded for item in lines):
        return Finding("cause_excluded")
    return Finding(None)


@rule("JJ-6.1p", article="六（一）8")
def disaster() -> str | None:
    """Care after a disaster or in an epidemic is paid by a special allocation of the government."""
    return "disaster_fund_pays"


def third_party_part(claim: ClaimSubmitted, scope: int) -> int:
    """What another party bears of the in-scope amount, in fen."""
    if claim.third_party_amount is not None:
        return min(int(claim.third_party_amount), scope)
    return min(share(scope, claim.third_party_share), scope)


def employee_days(view: View, claim: ClaimSubmitted, found: list[Item]) -> bool:
    """True when a cost day lies in employee cover."""
    return any(covered_as_employee(view, claim.person, item.day) for item in found)
