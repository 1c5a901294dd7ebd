"""Amounts, claim after claim in the order of recording (PZ-12a to 12g, 18a, 18b, 24b)."""

from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tests.oracle.panzhihua.announcing import required
from tests.oracle.panzhihua.benefits import Terms, place_in_order, terms
from tests.oracle.panzhihua.paying import groups
from tests.oracle.telling import Fact, Missing, Unsure, World, fen, of, once, share


@dataclass
class Settled:
    """One claim as settled, in fen; `missing` where nothing could be computed."""

    claim: Fact
    terms: Terms | None = None
    missing: Missing | None = None
    unsure: bool = False
    charged: int = 0
    pooled: int = 0
    surplus: int = 0
    critical: int = 0
    aid: int = 0
    burden: int = 0
    cap_left: int | None = None

    @property
    def paid(self) -> bool:
        """True when something was computed and the claim was not refused."""
        return self.terms is not None and self.terms.reason is None

    def counts(self, year: int, kind: str) -> bool:
        """A settled claim of a kind attributed to a year."""
        return bool(
            self.paid and self.terms and self.terms.bill.at.year == year and self.claim["kind"] == kind
        )


@dataclass
class Opening:
    """Counters of a year taken over."""

    pooled: int = 0
    outpatient: int = 0
    burden: int = 0
    critical: int = 0


@dataclass
class Books:
    """All claims of a person in order."""

    world: World
    person: str
    done: list[Settled] = field(default_factory=list)

    def opening(self, year: int) -> Opening:
        """`opening_counters` of a year."""
        result = Opening()
        for fact in of(self.world.facts, "opening_counters", person=self.person, year=year):
            result.pooled += fen(fact.get("pooled_paid", "0"))
            result.outpatient += fen(fact.get("ordinary_outpatient_paid", "0"))
            result.burden += fen(fact.get("burden", "0"))
            result.critical += fen(fact.get("supplement_paid", "0"))
        return result

    def of_year(self, year: int) -> list[Settled]:
        """Settled claims attributed to a year."""
        if any(s.unsure for s in self.done):
            raise Unsure
        return [s for s in self.done if s.paid and s.terms and s.terms.bill.at.year == year]


@once
def books(world: World, person: str) -> Books:
    """Every claim of a person as known."""
    result = Books(world, person)
    claims = of(world.facts, "claim_submitted", person=person)
    for claim in sorted(claims, key=lambda c: place_in_order(c, world)):
        one = Settled(claim)
        try:
            one.terms = terms(world, claim)
            if one.paid:
                _settle(result, one, one.terms)
        except Missing as missing:
            one.terms, one.missing = None, missing
        except Unsure:
            one.terms, one.unsure = None, True
        result.done.append(one)
    return result


def _settle(books: Books, one: Settled, told: Terms) -> None:
    year, kind = told.bill.at.year, one.claim["kind"]
    if told.fixed is not None:
        direct = one.claim["settlement"] == "direct"
        one.pooled = told.fixed if direct else min(told.fixed, told.bill.total)
        one.surplus = max(0, one.pooled - told.bill.total)
    else:
        earlier = [s for s in books.of_year(year) if s.claim["kind"] == kind]
        _basic(books, one, told, earlier)
        _critical(books, one, told)
    left = told.bill.total - told.bill.third_party - one.pooled - one.critical
    paid = of(books.world.facts, "layer_paid", claim=one.claim["claim"], layer="medical_assistance")
    one.aid = max(0, min(left, sum(fen(f["amount"]) for f in paid)))


def _basic(books: Books, one: Settled, told: Terms, earlier: list[Settled]) -> None:
    kind, opening = one.claim["kind"], books.opening(told.bill.at.year)
    assert told.cap is not None
    used, borne = sum(s.pooled for s in earlier), 0
    if kind == "inpatient":
        used += opening.pooled
    elif kind == "ordinary_outpatient":
        used += opening.outpatient
    elif kind == "special_disease":
        same = [s for s in earlier if s.claim["disease"] == one.claim["disease"]]
        used, borne = sum(s.pooled for s in same), sum(s.charged for s in same)
    one.charged = min(told.bill.in_scope, max(0, told.deductible - borne))
    left = max(0, told.cap - used)
    one.pooled = min(share(told.bill.in_scope - one.charged, told.rate), left)
    one.cap_left = left - one.pooled


def due(bands: list[dict[str, Any]], cap: str | None, burden: int) -> int:
    """What the layer owes for a cumulated burden, in fen."""
    total = Decimal(0)
    for band in bands:
        top = fen(band["to"]) if band.get("to") else burden
        total += max(0, min(burden, top) - fen(band["over"])) * Decimal(band["rate"])
    whole = int(total.quantize(Decimal(1), rounding=ROUND_HALF_UP))
    return min(whole, fen(cap)) if cap else whole


def _critical(books: Books, one: Settled, told: Terms) -> None:
    """PZ-24b."""
    at = told.bill.at
    layer = required(books.world, "critical_illness_terms", at)
    if one.claim["kind"] not in layer["counted_kinds"]:
        return
    one.burden = told.bill.in_scope - one.pooled
    bands, cap = layer["bands"], layer.get("cap")
    preferred = layer.get("preferred")
    if preferred and _member(books.world, one.claim["person"], preferred["groups"], at):
        bands, cap = preferred["bands"], preferred.get("cap")
    opening, earlier = books.opening(at.year), books.of_year(at.year)
    burden = opening.burden + sum(s.burden for s in earlier) + one.burden
    paid = opening.critical + sum(s.critical for s in earlier)
    one.critical = max(0, min(due(bands, cap, burden) - paid, one.burden))


def _member(world: World, person: str, named: list[str], at: date) -> bool:
    return any(fact["group"] in named for fact in groups(world, person, at))
