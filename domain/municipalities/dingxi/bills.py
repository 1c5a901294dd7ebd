"""What of a bill is in scope: classes, limit prices, third parties, exclusions (arts. 23, 24, 28, 34, 49, 63)."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from msgspec import Struct

from domain.errors import AnnouncementMissing
from domain.facts import ClaimSubmitted
from domain.facts.parts import Line
from domain.municipalities.dingxi.policy import Sheet, figure
from domain.rulebook.announcements import announced_terms, ratio_in
from domain.rulebook.citation import rule
from domain.rulebook.view import View
from domain.values.money import Ratio, round_fen, share
from domain.values.terms import CauseOfCare, ItemClass

ALWAYS_EXCLUDED = {
    CauseOfCare.FIGHTING: "DX-63d",
    CauseOfCare.DRUNKENNESS: "DX-63d",
    CauseOfCare.DRUG_ABUSE: "DX-63d",
    CauseOfCare.ABROAD: "DX-63f",
    CauseOfCare.WELLNESS: "DX-63g",
    CauseOfCare.HEALTH_CHECKUP: "DX-63g",
    CauseOfCare.COSMETIC: "DX-63g",
    CauseOfCare.INFERTILITY: "DX-63g",
    CauseOfCare.MASS_DISASTER: "DX-63h",
}


class Bill(Struct, frozen=True):
    """A bill after scope, in fen: `catalogue` is the in-catalogue expense, `upfront` the first own shares."""

    total: int
    third_party: int
    in_scope: int
    catalogue: int
    upfront: int
    drugs: int = 0
    """Of the in-catalogue expense: negotiated drugs."""

    @property
    def out_of_scope(self) -> int:
        """What no rule counts: off-catalogue, over a limit price, excluded, dearer elsewhere."""
        return self.total - self.third_party - self.catalogue


@rule("DX-63c", article="第六十三条（三）")
def self_harm_excluded(cause: CauseOfCare, mental_illness: bool) -> bool:
    """Suicide and self-harm are not paid, unless the person has a mental illness."""
    return cause is CauseOfCare.SELF_HARM and not mental_illness


@rule("DX-63d", article="第六十三条（四）")
def misconduct_excluded(cause: CauseOfCare) -> bool:
    """Illness or injury from fighting, drunkenness or drug taking is not paid."""
    return ALWAYS_EXCLUDED.get(cause) == "DX-63d"


@rule("DX-63f", article="第六十三条（六）")
def abroad_excluded(cause: CauseOfCare) -> bool:
    """Care abroad or outside the border is not paid."""
    return ALWAYS_EXCLUDED.get(cause) == "DX-63f"


@rule("DX-63g", article="第六十三条（七）")
def wellness_excluded(cause: CauseOfCare) -> bool:
    """Prevention, health keeping, beauty, appraisal, infertility and sexual dysfunction are not paid."""
    return ALWAYS_EXCLUDED.get(cause) == "DX-63g"


@rule("DX-63h", article="第六十三条（八）")
def disaster_excluded(cause: CauseOfCare) -> bool:
    """Rescue of masses of patients after a disaster is not paid."""
    return ALWAYS_EXCLUDED.get(cause) == "DX-63h"


def excluded_by(cause: CauseOfCare, mental_illness: bool) -> tuple[str, ...]:
    """The rule by which a cause is not paid; empty when it is."""
    harm = self_harm_excluded(cause, mental_illness) if cause is CauseOfCare.SELF_HARM else None
    if harm is not None:
        return harm.because if harm.value else ()
    if cause not in ALWAYS_EXCLUDED:
        return ()
    for excluded in (misconduct_excluded, abroad_excluded, wellness_excluded, disaster_excluded):
        found = excluded(cause)
        if found.value:
            return found.because
    return ()


@rule("DX-63e", article="第六十三条（五）")
def own_part(amount: int, others: Decimal) -> int:
    """What another party is clearly responsible for is taken off each line first."""
    return share(amount, 1 - others)


@rule("DX-63b", "DX-34b", article="第六十三条（二）、第三十四条（二）")
def within_limit(amount: int, limits: tuple[int, ...]) -> int:
    """Above the official price nothing counts."""
    return min((amount, *limits))


@rule("DX-24a", article="第二十四条")
def preparation_class(given: ItemClass, approved: bool, confirmed: bool) -> ItemClass:
    """A hospital preparation counts with approval number and provincial confirmation, else not at all."""
    if not (approved and confirmed):
        return ItemClass.C
    return ItemClass.B if given is ItemClass.B else ItemClass.A


@rule("DX-49a", article="第四十九条")
def examined_elsewhere(actual: int, price_here: int | None) -> int:
    """An examination elsewhere during a stay counts up to the treating hospital's own price."""
    return actual if price_here is None else min(actual, price_here)


@rule("DX-49b", article="第四十九条")
def bought_elsewhere(actual: int) -> int:
    """A drug bought elsewhere during a stay counts with what it cost."""
    return actual


@rule("DX-23a", "DX-28a", article="第二十三、二十八条")
def in_scope(expense: int, given: ItemClass, class_b_share: Decimal) -> int:
    """Class A counts in full, class B with 97%, class C not at all."""
    if given is ItemClass.B:
        return share(expense, class_b_share)
    return expense if given is ItemClass.A else 0


@rule("DX-23c", article="第二十三条")
def negotiated_in_scope(expense: int, upfront: Decimal) -> int:
    """A negotiated drug counts less its announced first share."""
    return share(expense, 1 - upfront)


def drug_terms(view: View, claim: ClaimSubmitted, part: str, day: date) -> dict[str, Ratio | None]:
    """The announced terms for negotiated drugs of a setting (`inpatient`, `outpatient`)."""
    because = ("DX-23c",) if part == "inpatient" else ("DX-45d",)
    terms = announced_terms(view, "negotiated_drug_terms", day, because, disease=claim.disease)
    inside = terms.get(part)
    if not isinstance(inside, dict):
        raise AnnouncementMissing("negotiated_drug_terms", day, because)
    return {key: None if each is None else ratio_in(each) for key, each in inside.items()}


def billed(claims: Iterable[ClaimSubmitted]) -> int:
    """What was billed in all, in fen."""
    lines = sum(line_amount(line) for claim in claims for line in claim.lines or ())
    return lines + sum(int(ready.total) for claim in claims for ready in claim.totals or ())


def bill_of(
    view: View,
    claims: Iterable[ClaimSubmitted],
    day: date,
    part: str,
    sheet: Sheet,
    dropped: frozenset[date] = frozenset(),
) -> Bill:
    """All lines of a bill (of a stay and what is merged with it), after scope; lines of `dropped` days count nothing."""
    total = third = scope = catalogue = upfront = drugs = 0
    for claim in claims:
        others = _others_share(claim)
        for line in claim.lines or ():
            amount = line_amount(line)
            share_of_others = Decimal(1) if _work_injury(claim, line) else others
            own = sheet.use(own_part(amount, share_of_others)) if share_of_others else amount
            counted, given = _expense(line, own, claim.mental_illness, sheet)
            if (line.on or claim.on) in dropped:
                given = ItemClass.C
            inside = _inside(view, claim, counted, given, day, part, sheet)
            total += amount
            third += amount - own
            scope += inside
            if given is not ItemClass.C:
                catalogue += counted
                upfront += counted - inside
            if given is ItemClass.NEGOTIATED:
                drugs += counted
        for ready in claim.totals or ():
            own = sheet.use(own_part(int(ready.total), others)) if others else int(ready.total)
            inside = min(own, int(ready.in_scope)) if ready.in_scope is not None else own
            total += int(ready.total)
            third += int(ready.total) - own
            scope += inside
            catalogue += inside
    return Bill(total, third, scope, catalogue, upfront, drugs)


def _others_share(claim: ClaimSubmitted) -> Decimal:
    if claim.third_party_amount is None:
        return claim.third_party_share
    whole = billed((claim,))
    return min(Decimal(1), Decimal(claim.third_party_amount) / whole) if whole else Decimal(0)


def _work_injury(claim: ClaimSubmitted, line: Line) -> bool:
    return (line.cause or claim.cause) is CauseOfCare.WORK_INJURY


def line_amount(line: Line) -> int:
    """The billed amount of a line, in fen."""
    if line.amount is not None:
        return int(line.amount)
    return round_fen(Decimal(line.unit_price or 0) * line.quantity)


def _expense(line: Line, own: int, mental_illness: bool, sheet: Sheet) -> tuple[int, ItemClass]:
    """What of a line can count at all, and the class under which it does."""
    given = line.class_
    dropped = excluded_by(line.cause, mental_illness) if line.cause is not None else ()
    if dropped:
        sheet.cite(*dropped)
        return 0, ItemClass.C
    if line.preparation is not None:
        prepared = line.preparation
        given = sheet.use(
            preparation_class(given, bool(prepared.approval_number), bool(prepared.province_confirmed))
        )
    counted = own
    if line.outside is not None:
        counted, allowed = _from_outside(line, own, sheet)
        given = given if allowed else ItemClass.C
    units = line.quantity if line.amount is None else Ratio(1)
    prices = [price for price in (line.limit_price, line.price_standard) if price is not None]
    limits = tuple(round_fen(Decimal(price) * units) for price in prices)
    if limits:
        counted = sheet.use(within_limit(counted, limits))
    return counted, given


def _from_outside(line: Line, own: int, sheet: Sheet) -> tuple[int, bool]:
    outside = line.outside
    assert outside is not None
    if (outside.item or line.item) == "drug":
        counted = sheet.use(bought_elsewhere(own))
    else:
        price = None if outside.price_here is None else int(outside.price_here)
        counted = sheet.use(examined_elsewhere(own, price))
    return counted, bool(outside.approved and outside.related and outside.designated)


def _inside(
    view: View, claim: ClaimSubmitted, counted: int, given: ItemClass, day: date, part: str, sheet: Sheet
) -> int:
    if given is ItemClass.NEGOTIATED:
        first = drug_terms(view, claim, part, day).get("upfront_share") or Ratio(0)
        return sheet.use(negotiated_in_scope(counted, first))
    if given is ItemClass.C:
        return 0
    return sheet.use(in_scope(counted, given, figure(view, "scope.class_b_share", day)))
