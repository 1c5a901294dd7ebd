"""What a claim comes to before yearly limits: conditions in their order, then the terms of the benefit."""

from datetime import date
from decimal import Decimal

from msgspec import Struct

from domain.errors import NotComputed
from domain.facts import ClaimSubmitted
from domain.municipalities.dingxi import childbirth, outpatient
from domain.municipalities.dingxi.bills import Bill, bill_of, billed, excluded_by
from domain.municipalities.dingxi.cases_of_care import BY_ADMISSION, CaseOfCare
from domain.municipalities.dingxi.places import EMERGENCIES, Place, designated, place_of
from domain.municipalities.dingxi.policy import Sheet, figure, require_force
from domain.municipalities.dingxi.special_diseases import (
    days_of,
    special_refusal,
    stays_over,
    yearly_limit,
)
from domain.municipalities.dingxi.standing import Piece, in_arrears, piece_on
from domain.rulebook.citation import rule
from domain.rulebook.view import View
from domain.values.money import Ratio
from domain.values.terms import ClaimKind, Status

INPATIENT, OUTPATIENT, SPECIAL, DRUG, PRENATAL, CEILING, PROCEDURE, NEWBORN = (
    "inpatient",
    "outpatient",
    "special",
    "drug",
    "prenatal",
    "ceiling",
    "procedure",
    "newborn",
)
"""Ways of paying: with a deductible and rate, by yearly terms, up to a limit, at a flat rate."""


class Terms(Struct, frozen=True, kw_only=True):
    """Everything about a claim that does not depend on what other claims used up."""

    way: str
    year: int
    total: int
    bill: Bill | None = None
    reason: str | None = None
    piece: Piece | None = None
    place: Place | None = None
    deductible: int = 0
    rate: Decimal | None = None
    limit: int | None = None
    """Ceiling of the benefit or of the year, in fen."""
    yearly_deductible: int = 0
    first_share: Ratio = Ratio(0)
    """Share of a negotiated drug that the member pays first."""
    counter: str = ""
    """Name of the yearly (or per pregnancy) counter that the payment uses."""
    because: tuple[str, ...] = ()

    @property
    def essence(self) -> str:
        """What decides money: when this stays the same, a settlement stays as it is."""
        bill = self.bill
        parts = (bill.total, bill.third_party, bill.in_scope, bill.catalogue) if bill else (self.total,)
        place = (self.place.area.value, self.place.level) if self.place else ()
        return repr((self.way, self.year, parts, self.reason, place, self.deductible, str(self.rate),
                     self.limit, self.yearly_deductible, str(self.first_share), self.counter))  # fmt: skip


def way_of(case: CaseOfCare) -> str:
    """How a kind of claim is paid."""
    claim = case.claim
    kind = claim.kind
    if kind in EMERGENCIES:
        return INPATIENT if case.died else OUTPATIENT
    if kind is ClaimKind.INPATIENT:
        return NEWBORN if claim.insured_through is not None else INPATIENT
    if kind is ClaimKind.ORDINARY_OUTPATIENT:
        return OUTPATIENT
    if kind is ClaimKind.SPECIAL_DISEASE:
        return SPECIAL
    if kind is ClaimKind.NEGOTIATED_DRUG:
        return DRUG
    if kind is ClaimKind.PRENATAL_CHECK:
        return PRENATAL
    if kind in (ClaimKind.DELIVERY, ClaimKind.TERMINATION, ClaimKind.FAMILY_PLANNING):
        return PROCEDURE if childbirth.is_procedure(claim) else CEILING
    raise NotComputed(f"claim_submitted.kind[{kind.value}]", claim.on)


@rule("DX-26c", article="第二十二、二十六条")
def year_of(day: date) -> int:
    """A stay belongs to the year of discharge or death, everything else to the year of service."""
    return day.year


def evaluate(view: View, owner: str, case: CaseOfCare) -> Terms:
    """The terms of a claim; raises when a document, announcement or fact is missing."""
    claim = case.claim
    require_force(view, case.on)
    sheet = Sheet()
    sheet.cite("DX-68a", *case.because)
    year = sheet.use(year_of(case.on))
    way = way_of(case)
    day = case.day
    piece = piece_on(view, owner, day)
    total = billed(case.claims)
    refused = status_refusal(piece, sheet)
    place = None
    dropped: dict[date, str] = {}
    if refused is None and way == SPECIAL:
        dropped = _stopped_days(view, owner, claim, sheet)
        refused = "in_arrears" if set(dropped.values()) == {"in_arrears"} and _all(claim, dropped) else None
    if refused is None:
        place = place_of(view, claim, owner, day)
        refused = _refusal(view, owner, case, way, place, sheet)
    if refused is None and dropped and _all(claim, dropped):
        refused = "during_stay"
    if refused is not None:
        return Terms(way=way, year=year, total=total, reason=refused, piece=piece, place=place,
                     because=sheet.because)  # fmt: skip
    assert place is not None
    return _terms(view, owner, case, way, year, piece, place, sheet, frozenset(dropped))


def _stopped_days(view: View, owner: str, claim: ClaimSubmitted, sheet: Sheet) -> dict[date, str]:
    """Service days of special-disease lines that pay nothing: in arrears, or during a stay."""
    found: dict[date, str] = {}
    for day in days_of(claim):
        stopped = in_arrears(view, owner, day)
        stays = stays_over(view, claim.person, day)
        if stopped is not None:
            found[day] = "in_arrears"
            sheet.cite(*stopped)
        elif stays.value:
            found[day] = "during_stay"
            sheet.cite(*stays.because)
    return found


def _all(claim: ClaimSubmitted, dropped: dict[date, str]) -> bool:
    return all(day in dropped for day in days_of(claim))


def status_refusal(piece: Piece, sheet: Sheet) -> str | None:
    """The status by which a claim pays nothing, or None when the person is covered."""
    sheet.cite("DX-20h", *piece.because)
    if piece.status is Status.COVERED:
        return None
    return piece.reason


def _refusal(view: View, owner: str, case: CaseOfCare, way: str, place: Place, sheet: Sheet) -> str | None:
    claim = case.claim
    agreement = designated(place.provider)
    if not agreement.value:
        sheet.cite(*agreement.because)
        return "provider_not_designated"
    cause = excluded_by(claim.cause, claim.mental_illness)
    if cause or case.excluded:
        sheet.cite(*cause)
        return "cause_excluded"
    if claim.insured_through is not None:
        if way in (OUTPATIENT, SPECIAL, DRUG):
            return "not_enrolled"  # DX-39a passes on maternity benefits only
        found = childbirth.through_refusal(view, owner, claim, newborn=way == NEWBORN)
        sheet.cite(*found.because)
        if found.value is not None:
            return found.value
    if way == SPECIAL:
        disease = special_refusal(view, owner, claim)
        sheet.cite(*disease.because)
        return disease.value
    return None


def _terms(
    view: View,
    owner: str,
    case: CaseOfCare,
    way: str,
    year: int,
    piece: Piece,
    place: Place,
    sheet: Sheet,
    dropped: frozenset[date],
) -> Terms:
    claim, on = case.claim, case.on
    setting = "inpatient" if claim.kind in BY_ADMISSION or case.died else "outpatient"
    bill = bill_of(view, case.claims, on, setting, sheet, dropped)
    bill = _without(bill, case.excluded_part)
    common = Terms(way=way, year=year, total=bill.total, bill=bill, piece=piece, place=place)
    if way in (INPATIENT, NEWBORN):
        deductible = 0 if case.died else sheet.use(inpatient_deductible(view, place, on))
        found = {
            "deductible": deductible,
            "rate": sheet.use(inpatient_rate(view, place, on)),
            "counter": "inpatient",
        }
        sheet.cite(*(("DX-37a",) if way == NEWBORN else ()))
    elif way == OUTPATIENT:
        found = outpatient.ordinary(view, case, piece, place, sheet)
    elif way == SPECIAL:
        limit = sheet.use(yearly_limit(view, owner, on))
        found = {"rate": figure(view, "special.rate", on), "limit": limit, "counter": "special"}
    elif way == DRUG:
        found = outpatient.negotiated(view, claim, on, sheet)
    else:
        found = childbirth.terms(view, owner, claim, on, way, sheet)
    fields = {name: getattr(common, name) for name in common.__struct_fields__}
    return Terms(**{**fields, **found, "because": sheet.because})


def _without(bill: Bill, part: int) -> Bill:
    """A bill less what a decision excluded, taken from what counts."""
    if not part:
        return bill
    return Bill(
        bill.total,
        bill.third_party,
        max(0, bill.in_scope - part),
        max(0, bill.catalogue - part),
        bill.upfront,
        bill.drugs,
    )


@rule("DX-22a", article="第二十二条")
def inpatient_deductible(view: View, place: Place, day: date) -> int:
    """Every stay bears the deductible of the hospital's level, in the city or outside."""
    row: int = figure(view, "inpatient.deductible_yuan", day)[f"{place.row}_{place.level}"]
    return row


@rule("DX-22a", "DX-27a", article="第二十二、二十七条")
def inpatient_rate(view: View, place: Place, day: date) -> Decimal:
    """The rate of the hospital's level, less the points of the place, in percentage points."""
    rate: Decimal = figure(view, "inpatient.rate", day)[place.level]
    return rate - place.points
