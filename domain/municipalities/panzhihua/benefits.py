"""What the pooled fund pays by kind of care, and critical illness above it (arts. 12, 18, 24)."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from domain.rulebook.announcements import fen_in, ratio_in
from domain.rulebook.citation import rule
from domain.values.money import round_fen, share

ALIASES = {"special_outpatient": "special_disease", "outpatient": "ordinary_outpatient"}


@rule("PZ-12c", article="第十二条（三）")
def inpatient_due(in_scope: int, deductible: int, rate: Decimal) -> int:
    """In-scope expense above the full deductible of the stay, times the rate of the level; no minimum payment."""
    return share(max(0, in_scope - deductible), rate)


@rule("PZ-12d", article="第十二条（三）")
def within_inpatient_cap(due: int, cap: int, paid: int) -> int:
    """Only basic payments for stays of the year count against the annual cap."""
    return max(0, min(due, cap - paid))


@rule("PZ-12a", article="第十二条（一）")
def outpatient_paid(in_scope: int, rate: Decimal, cap: int, paid: int) -> int:
    """No deductible; the rate of the level, up to what is left of the annual cap of ordinary outpatient care."""
    return max(0, min(share(in_scope, rate), cap - paid))


@rule("PZ-12b", article="第十二条（二）")
def special_disease_paid(in_scope: int, deductible: int, rate: Decimal, cap: int, paid: int) -> int:
    """Every disease has its own deductible and cap in a calendar year."""
    return max(0, min(share(in_scope - deductible, rate), cap - paid))


@rule("PZ-12g", article="第十二条（五）")
def negotiated_drug_paid(in_scope: int, rate: Decimal, cap: int | None, paid: int) -> int:
    """Negotiated drugs outside a stay: the announced rate up to their own annual cap."""
    due = share(in_scope, rate)
    return due if cap is None else max(0, min(due, cap - paid))


@rule("PZ-12e", article="第十二条（四）")
def delivery_paid(fixed: int, total: int, direct: bool) -> int:
    """A package with the provider, whatever the cost; a person is not refunded more than was spent."""
    return fixed if direct else min(fixed, total)


@rule("PZ-24b", article="第二十四条")
def critical_illness_due(burden: int, bands: Sequence[Any], cap: Any) -> int:
    """Burden of the year by bands, rounded once, cut to the cap; all of it by the bands that apply now."""
    due = Decimal(0)
    for band in bands:
        end = burden if band.get("to") is None else min(burden, fen_in(band["to"]))
        due += max(0, end - fen_in(band["over"])) * ratio_in(band["rate"])
    rounded = round_fen(due)
    return rounded if cap is None else min(rounded, fen_in(cap))


@rule("PZ-18a", article="第十八条")
def medical_aid(reported: int, left: int) -> int:
    """Medical assistance pays last, cut to what third party, basic fund and critical illness leave."""
    return min(reported, max(0, left))


def counted_kinds(announced: Any) -> set[str]:
    """Kinds of claim whose burden counts for critical illness."""
    return {ALIASES.get(str(kind), str(kind)) for kind in announced["counted_kinds"]}
