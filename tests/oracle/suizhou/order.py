"""In which order claims are settled, by which scheme each day, and which number a stay gets (SZ-57b to d, 23b, 47b)."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from tests.oracle.suizhou import bills
from tests.oracle.suizhou.cover import maternity_flag, paying
from tests.oracle.suizhou.text import Fact, Known, Unsure, day, known_at, money, once, recorded

ZERO = Decimal("0.00")
IN_FORCE, OUT_OF_FORCE = date(2024, 1, 1), date(2029, 1, 1)
ONCE = ("delivery", "termination")
"""How a pregnancy ends, which it does once (SZ-55a)."""


@dataclass
class Year:
    """Counters of a person, scheme and year."""

    stays: int = 0
    pooled: Decimal = ZERO
    burden: Decimal = ZERO
    supplement: Decimal = ZERO
    ordinary: Decimal = ZERO
    two_disease: Decimal = ZERO
    daily: dict[tuple[date, bool], Decimal] = field(default_factory=dict)
    deductible: dict[str, Decimal] = field(default_factory=dict)
    disease: dict[str, Decimal] = field(default_factory=dict)
    prenatal: dict[str, Decimal] = field(default_factory=dict)


@dataclass
class First:
    """When a claim was first settled, by which scheme each day, with which number."""

    on: date
    days: dict[date, str]
    numbers: dict[str, int] = field(default_factory=dict)
    taken_over: set[str] = field(
        default_factory=set
    )  # schemes in which it has the number of the stay before it


@once
def standing_claims(known: Known, person: str) -> list[Fact]:
    mine = [f for f in known.of("claim_submitted") if f["person"] == person]
    return [f for f in mine if IN_FORCE <= day(f["on"]) < OUT_OF_FORCE]


def line_days(claim: Fact) -> list[date]:
    if "lines" not in claim or "insured_through" in claim or "scheme" in claim:
        raise Unsure
    return [day(line.get("on") or claim["on"]) for line in claim["lines"]]


def maternity_care(claim: Fact) -> bool:
    """What employees have from maternity insurance (SZ-27); a birth with complications is an illness (SZ-32a)."""
    return claim["kind"] in ("prenatal_check", "family_planning") or (
        claim["kind"] == "delivery" and not bills.with_complication(claim)
    )


def line_scheme(known: Known, claim: Fact, when: date) -> str | None:
    """The scheme that pays a line; none for maternity care of who is not qualified on its day."""
    scheme = paying(known, claim["person"], when)
    if scheme == "employee" and maternity_care(claim):
        flag = maternity_flag(known, claim["person"], when)
        if flag is None:
            raise Unsure
        return None if flag == "not_qualified" else scheme
    return scheme


@once
def history(known: Known, person: str) -> dict[str, First]:
    """Go through the dates of knowledge in order and number the stays as they are first settled (SZ-57c)."""
    firsts: dict[str, First] = {}
    moments = sorted({recorded(f) for f in known.all_told if recorded(f) <= known.at})
    for at in moments:
        then = known_at(known.all_told, at)
        new = []
        for claim in standing_claims(then, person):
            days = {d: line_scheme(then, claim, d) for d in line_days(claim)}
            found = {d: scheme for d, scheme in days.items() if scheme}
            if claim["claim"] in firsts:
                for d, scheme in found.items():
                    firsts[claim["claim"]].days.setdefault(d, scheme)
            elif found:
                firsts[claim["claim"]] = First(at.date(), found)
                new.append(claim)
        for claim in sorted(new, key=lambda c: (c["on"], c["claim"])):
            _number(then, claim, firsts)
        _moved(then, person, firsts, at)
    return firsts


def _moved(then: Known, person: str, firsts: dict[str, First], at: datetime) -> None:
    """A claim whose stay comes under a second scheme later would need a number there."""
    for claim in standing_claims(then, person):
        kept = firsts.get(claim["claim"])
        for scheme in set(kept.days.values()) - set(kept.numbers) if kept else ():
            if bills.counts_as_stay(claim, scheme):
                _number_in(then, claim, firsts, scheme)


def _number(then: Known, claim: Fact, firsts: dict[str, First]) -> None:
    for scheme in sorted(set(firsts[claim["claim"]].days.values())):
        if bills.counts_as_stay(claim, scheme):
            _number_in(then, claim, firsts, scheme)


def _number_in(then: Known, claim: Fact, firsts: dict[str, First], scheme: str) -> None:
    earlier = bills.linked(then, claim)
    if earlier is not None and earlier["claim"] in firsts and scheme in firsts[earlier["claim"]].numbers:
        firsts[claim["claim"]].numbers[scheme] = firsts[earlier["claim"]].numbers[scheme]
        firsts[claim["claim"]].taken_over.add(scheme)
        return
    if second_benefit(then, claim, firsts):
        return
    year, person = claim["on"][:4], claim["person"]
    alone = 0
    for other in standing_claims(then, person):
        if other["claim"] == claim["claim"] or other["on"][:4] != year:
            continue
        numbered = scheme in firsts.get(other["claim"], First(then.today, {})).numbers
        # A claim that has lost every covered line counts no more (SZ-23b).
        paid = numbered and any(line_scheme(then, other, d) == scheme for d in line_days(other))
        paid = paid and not second_benefit(then, other, firsts)
        if paid and scheme not in firsts[other["claim"]].taken_over:
            alone += 1
    firsts[claim["claim"]].numbers[scheme] = opening(then, person, scheme, int(year)).stays + alone + 1


def second_benefit(known: Known, claim: Fact, firsts: dict[str, First]) -> bool:
    """Refused as a second birth of one pregnancy: nothing is settled, so it is no stay of the year (SZ-55a, 23b)."""
    pregnancy = claim.get("maternity", {}).get("pregnancy")
    if pregnancy is None or claim["kind"] not in ONCE:
        return False

    def turn(one: Fact) -> tuple[date, str, str]:
        return firsts[one["claim"]].on, one["on"], one["claim"]

    before = [
        c for c in standing_claims(known, claim["person"]) if c["claim"] in firsts and turn(c) < turn(claim)
    ]
    same = [c for c in before if c["kind"] in ONCE and c.get("maternity", {}).get("pregnancy") == pregnancy]
    return any(
        any(line_scheme(known, c, d) for d in line_days(c)) and not second_benefit(known, c, firsts)
        for c in same
    )


def opening(known: Known, person: str, scheme: str, year: int) -> Year:
    for f in known.about(person, "opening_counters"):
        if f.get("scheme", "employee") == scheme and f["year"] == year:
            return Year(
                stays=f.get("stays", 0),
                pooled=money(f.get("pooled_paid", "0.00")),
                burden=money(f.get("burden", "0.00")),
                supplement=money(f.get("supplement_paid", "0.00")),
                ordinary=money(f.get("ordinary_outpatient_paid", "0.00")),
                two_disease=money(f.get("two_disease_paid", "0.00")),
            )
    return Year()
