"""Ordinary outpatient care and negotiated drugs, wholly on announced terms (arts. 21, 25, 45(3))."""

from datetime import date
from typing import Any

from domain.errors import AnnouncementMissing
from domain.facts import ClaimSubmitted
from domain.municipalities.dingxi.bills import drug_terms
from domain.municipalities.dingxi.cases_of_care import CaseOfCare
from domain.municipalities.dingxi.places import EMERGENCIES, Place
from domain.municipalities.dingxi.policy import Sheet
from domain.municipalities.dingxi.standing import Piece
from domain.rulebook.announcements import announced_terms, fen_in, ratio_in
from domain.rulebook.citation import rule
from domain.rulebook.view import View
from domain.values.money import Ratio, round_fen
from domain.values.terms import Capacity, Scheme

KEY = "ordinary_outpatient_terms"


def ordinary(view: View, case: CaseOfCare, piece: Piece, place: Place, sheet: Sheet) -> dict[str, Any]:
    """Yearly deductible, rate by level and standing, and yearly cap, as announced for the day of service."""
    day = case.on
    terms = announced_terms(view, KEY, day, ("DX-21b",), scheme=Scheme.EMPLOYEE)
    retired = piece.category is not None and piece.category.capacity is Capacity.RETIRED
    if case.claim.kind in EMERGENCIES:
        sheet.use(as_outpatient())
    rates = terms.get("rates_retired") if retired else None
    rates = rates if rates is not None else terms.get("rates")
    rate = rate_of_level(rates, place, day) if rates is not None else terms.get("rate")
    if rate is None:
        raise AnnouncementMissing(KEY, day, ("DX-21b",))
    cap = terms.get("annual_cap_retired") if retired else None
    cap = cap if cap is not None else terms.get("annual_cap")
    points = sheet.use(outside_rate(ratio_in(rate), place))
    return {
        "rate": points,
        "yearly_deductible": fen_in(terms.get("annual_deductible") or "0"),
        "limit": None if cap is None else fen_in(cap),
        "counter": "outpatient",
    }


def rate_of_level(rates: Any, place: Place, day: date) -> Any:
    """The announced rate of a level; level 1 stands for everything below level 2."""
    if not isinstance(rates, dict):
        return rates
    keys = (str(place.provider.level), place.level) if place.provider.level else ("0", "1")
    graded = f"{keys[0]}{place.provider.grade.value}" if place.provider.grade is not None else keys[0]
    for key in (graded, *keys, *(("0",) if place.level == "1" else ())):
        if key in rates:
            return rates[key]
    raise AnnouncementMissing(KEY, day, ("DX-21b",))


@rule("DX-25a", article="第二十五条")
def as_outpatient() -> bool:
    """Emergency, rescue and observation are paid as ordinary outpatient care."""
    return True


@rule("DX-27f", article="第二十七条")
def outside_rate(rate: Ratio, place: Place) -> Ratio:
    """Outside the city the points also lower the rates by level."""
    return Ratio(max(Ratio(0), rate - place.points))


@rule("DX-21b", article="第二十一条")
def ordinary_payment(in_scope: int, deductible_left: int, rate: Ratio, left: int | None) -> int:
    """What exceeds the rest of the yearly deductible, at the rate of the level, up to the rest of the cap."""
    payable = round_fen(max(0, in_scope - deductible_left) * rate)
    return payable if left is None else min(payable, left)


def negotiated(view: View, claim: ClaimSubmitted, day: date, sheet: Sheet) -> dict[str, Any]:
    """Negotiated drugs under the three-fixed management: announced first share, rate and cap."""
    sheet.cite("DX-45d")
    terms = drug_terms(view, claim, "outpatient", day)
    rate = terms.get("rate")
    if rate is None:
        raise AnnouncementMissing("negotiated_drug_terms", day, ("DX-45d",))
    cap = terms.get("annual_cap")
    first = terms.get("upfront_share") or Ratio(0)
    return {
        "rate": rate,
        "limit": None if cap is None else round_fen(cap * 100),
        "counter": "drug",
        "deductible": 0,
        "first_share": first,
    }


@rule("DX-45d", article="第四十五条（三）")
def drug_payment(expense: int, first_share: Ratio, rate: Ratio, left: int | None) -> int:
    """The expense less the first share, at the announced rate, up to the rest of the cap; rounded once."""
    payable = round_fen(expense * (1 - first_share) * rate)
    return payable if left is None else min(payable, left)
