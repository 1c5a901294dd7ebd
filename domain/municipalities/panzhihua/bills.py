"""A bill line by line: third party's share, limit price, class, what is in scope (arts. 13, 14)."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from msgspec import Struct

from domain.errors import AnnouncementMissing, FactMissing
from domain.facts import ClaimSubmitted
from domain.facts.parts import Line
from domain.municipalities.panzhihua.announced import (
    PARAMETERS,
    governing,
    in_time,
    terms,
    valid_announcements,
)
from domain.rulebook.announcements import ratio_in
from domain.rulebook.citation import Finding, joined, rule
from domain.rulebook.view import View
from domain.values.money import round_fen, share
from domain.values.terms import AnnouncementKey as Key
from domain.values.terms import CauseOfCare, ClaimKind, ItemClass, ItemKind

NOTHING = Decimal(0)
IN_STAY = (ClaimKind.INPATIENT, ClaimKind.DELIVERY)


class Bill(Struct, frozen=True):
    """A claim's bill in fen. What is left of `total` after the parts is out of scope."""

    total: int
    third_party: int = 0
    uncovered: int = 0
    in_scope: int = 0
    upfront: int = 0
    out_of_scope: int = 0
    because: tuple[str, ...] = ()


@rule("PZ-14a", article="第十四条")
def is_excluded(cause: CauseOfCare, third_party_share: Decimal, day: date) -> bool:
    """Work injury, third parties, public health, care abroad, wellness and check-ups are not paid."""
    if cause is CauseOfCare.THIRD_PARTY and third_party_share > 0:
        return False  # PZ-14b: only the share of the third party is left out
    return str(cause) in PARAMETERS["care.excluded_causes"].on(day)


@rule("PZ-14b", article="第十四条")
def third_party_part(amount: int, part: Decimal) -> int:
    """What the third party bears of a line, rounded to the fen."""
    return share(amount, part)


@rule("PZ-13a", article="第十三条")
def insured_part(amount: int, limit: int | None, third_party_share: Decimal) -> int:
    """A line cut to its limit price, less the third party's share, rounded to the fen."""
    return share(amount if limit is None else min(amount, limit), 1 - third_party_share)


@rule("PZ-13a", article="第十三条")
def class_b_part(insured: int, upfront_share: Decimal) -> int:
    """Of class B what is left after the share paid first."""
    return share(insured, 1 - upfront_share)


@rule("PZ-12g", article="第十二条（五）")
def class_n_part(insured: int, upfront_share: Decimal) -> int:
    """Of a negotiated or high-value drug what is left after its announced share paid first."""
    return share(insured, 1 - upfront_share)


def third_party_share(claim: ClaimSubmitted) -> Decimal:
    """The fraction another party is responsible for; an amount is the same as its part of the bill."""
    if claim.third_party_share > 0 or not claim.third_party_amount:
        return Decimal(claim.third_party_share)
    total = billed(claim)
    return min(Decimal(1), Decimal(claim.third_party_amount) / total) if total else NOTHING


def line_amount(line: Line) -> int:
    """Billed amount of a line in fen."""
    return int(line.amount) if line.amount is not None else share(line.unit_price or 0, line.quantity)


def billed(claim: ClaimSubmitted) -> int:
    """The total of a bill in fen."""
    if claim.lines is not None:
        return sum(line_amount(line) for line in claim.lines)
    return sum(part.total for part in claim.totals or ())


def bill_of(view: View, claim: ClaimSubmitted, day: date, is_covered: Callable[[date], bool]) -> Bill:
    """The bill by the rules and announcements of the attribution date; lines of days without cover are dropped."""
    if claim.lines is None:
        return _bill_of_totals(claim)
    reader = _Reader(view, claim, day)
    for line in claim.lines:
        reader.take(line, line.on is not None and not is_covered(line.on))
    return reader.bill()


def _bill_of_totals(claim: ClaimSubmitted) -> Bill:
    parts = claim.totals or ()
    if any(part.in_scope is None for part in parts):
        raise FactMissing("claim_submitted.lines", claim.on, ("PZ-13a",))
    total, part = billed(claim), third_party_share(claim)
    borne = share(total, part)
    in_scope = share(sum(each.in_scope or 0 for each in parts), 1 - part)
    return Bill(total, borne, 0, in_scope, 0, total - borne - in_scope, ("PZ-13a",))


class _Reader:
    """Adds up the lines of one claim."""

    def __init__(self, view: View, claim: ClaimSubmitted, day: date) -> None:
        self.view, self.claim, self.day = view, claim, day
        self.part = third_party_share(claim)
        self.setting = "inpatient" if claim.kind in IN_STAY else "outpatient"
        self.total = self.third = self.third_kept = self.uncovered = self.in_scope = self.upfront = 0
        self.because: tuple[str, ...] = ("PZ-13a",)

    def take(self, line: Line, dropped: bool) -> None:
        amount = line_amount(line)
        self.total += amount
        third = 0
        if self.part:
            found = third_party_part(amount, self.part)
            third = found.value
            self.because = joined(self.because, found.because)
        self.third += third
        if dropped:
            self.uncovered += amount
            return
        self.third_kept += third
        limit = line.limit_price
        if limit is not None and line.amount is None:
            limit = round_fen(Decimal(limit) * line.quantity)  # type: ignore[assignment]
        insured = insured_part(amount, limit, self.part)
        kept, paid_first = self._kept(line, insured.value)
        self.in_scope += kept
        self.upfront += paid_first

    def _kept(self, line: Line, insured: int) -> tuple[int, int]:
        if line.cause is not None:
            excluded = is_excluded(line.cause, self.part, self.day)
            if excluded.value:
                self.because = joined(self.because, excluded.because)
                return 0, 0
        if not self._in_catalogue(line):
            return 0, 0
        if line.class_ is ItemClass.A:
            return insured, 0
        if line.class_ is ItemClass.C:
            return 0, 0
        part = self._part(line, insured)
        self.because = joined(self.because, part.because)
        return part.value, insured - part.value

    def _part(self, line: Line, insured: int) -> Finding[int]:
        if line.class_ is ItemClass.NEGOTIATED:
            return class_n_part(
                insured, ratio_in(negotiated_terms(self.view, self.claim, self.day, self.setting))
            )
        if line.upfront_share is not None:
            return class_b_part(insured, line.upfront_share)
        announced = terms(self.view, Key.UPFRONT_SHARE, self.day, ("PZ-13a",))
        return class_b_part(
            insured, ratio_in(announced[self.setting] if isinstance(announced, dict) else announced)
        )

    def _in_catalogue(self, line: Line) -> bool:
        """Some kinds of claim cover only drugs, or only negotiated drugs."""
        if self.claim.kind is ClaimKind.NEGOTIATED_DRUG:
            return line.class_ is ItemClass.NEGOTIATED
        return not drugs_only(self.view, self.claim, self.day) or line.item is ItemKind.DRUG

    def bill(self) -> Bill:
        rest = self.total - self.uncovered - self.third_kept - self.in_scope - self.upfront
        return Bill(self.total, self.third, self.uncovered, self.in_scope, self.upfront, rest, self.because)


def drugs_only(view: View, claim: ClaimSubmitted, day: date) -> bool:
    """Hypertension, diabetes and whatever else is announced as drugs only (高血压、糖尿病门诊用药)."""
    if claim.disease is None or claim.kind not in (
        ClaimKind.SPECIAL_DISEASE,
        ClaimKind.TWO_DISEASE_MEDICATION,
    ):
        return False
    found = disease_terms(view, str(claim.disease), day)
    return found is not None and found.get("drugs_only") is True


def lists_diseases(view: View, day: date) -> bool:
    """A catalogue of special diseases is announced for the day, as a whole or disease by disease."""
    return any(in_time(fact, day) for fact in valid_announcements(view, Key.SPECIAL_DISEASE_TERMS))


def disease_terms(view: View, disease: str, day: date) -> dict[str, Any] | None:
    """The announced terms of a disease, or None when it is not in the catalogue of the day."""
    if governing(view, Key.SPECIAL_DISEASE_TERMS, day, disease=disease) is None and lists_diseases(view, day):
        return None
    found = terms(view, Key.SPECIAL_DISEASE_TERMS, day, ("PZ-12b",), disease=disease)
    if "annual_cap" in found:
        return dict(found)
    listed = found.get(disease)
    return None if listed is None else dict(listed)


def negotiated_terms(view: View, claim: ClaimSubmitted, day: date, setting: str) -> Any:
    """The announced upfront share of class N in a setting."""
    return negotiated(view, claim, day, setting)["upfront_share"]


def negotiated(view: View, claim: ClaimSubmitted, day: date, setting: str) -> Any:
    """The announced terms of negotiated drugs in a setting, of the drug claimed or of all."""
    disease = str(claim.disease) if claim.disease else None
    found = terms(view, Key.NEGOTIATED_DRUG_TERMS, day, ("PZ-12g",), disease=disease)
    if setting not in found:
        raise AnnouncementMissing(Key.NEGOTIATED_DRUG_TERMS, day, ("PZ-12g",))
    return found[setting]
