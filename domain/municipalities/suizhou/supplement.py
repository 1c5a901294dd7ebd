"""Layers above basic insurance: large-amount supplement and critical illness (articles 25 and 50). In fen."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from domain.municipalities.suizhou.groups import groups_on
from domain.municipalities.suizhou.policy import figure
from domain.municipalities.suizhou.tally import Part, Tally
from domain.rulebook.citation import Finding, joined, rule
from domain.rulebook.view import View
from domain.values.money import round_fen
from domain.values.terms import ClaimKind, Layer, Scheme

Bands = Sequence[dict[str, Any]]
ACCUMULATING = (
    ClaimKind.INPATIENT,
    ClaimKind.EMERGENCY_RESCUE,
    ClaimKind.DAY_SURGERY,
    ClaimKind.SPECIAL_DISEASE,
    ClaimKind.NEGOTIATED_DRUG,
    ClaimKind.PREGNANCY_ILLNESS,
)
LAYERS = {Scheme.EMPLOYEE: Layer.LARGE_AMOUNT, Scheme.RESIDENT: Layer.CRITICAL_ILLNESS}


@rule("SZ-25a", article="第二十五条")
def large_amount(before: int, after: int, bands: Bands) -> int:
    """85% of the burden between 6,000 and 100,000 and 90% above, accumulated over the year."""
    return round_fen(of_bands(after, bands) - of_bands(before, bands))


@rule("SZ-25b", article="第二十五条")
def accumulates(kind: ClaimKind) -> bool:
    """Stays, rescue, day surgery, special diseases, separate drugs and illness in pregnancy accumulate."""
    return kind in ACCUMULATING


@rule("SZ-50a", article="第五十条")
def critical_illness(before: int, after: int, bands: Bands, left: int) -> int:
    """60%, 65% and 75% of the burden above 12,000, up to 350,000 a year."""
    return max(0, min(round_fen(of_bands(after, bands) - of_bands(before, bands)), left))


@rule("SZ-50b", article="第五十条（四）")
def preferred_critical_illness(before: int, after: int, bands: Bands) -> int:
    """Four groups: threshold 6,000, five points more in every band, no annual limit."""
    return round_fen(of_bands(after, bands) - of_bands(before, bands))


@rule("SZ-50c", article="第五十条")
def preferred(groups: set[str], listed: set[str]) -> bool:
    """The group held on the discharge date decides for that claim only."""
    return bool(groups & listed)


def of_bands(burden: int, bands: Bands) -> Decimal:
    """What a layer pays for a burden from the first fen on, unrounded."""
    total = Decimal(0)
    for number, band in enumerate(bands):
        upper = bands[number + 1]["over_yuan"] if number + 1 < len(bands) else burden
        part = min(burden, upper) - band["over_yuan"]
        if part > 0:
            total += part * band["rate"]
    return total


def supplement_of(
    view: View, person: str, part: Part, kind: ClaimKind, day: date, tally: Tally
) -> Finding[tuple[int, int]]:
    """What the layer pays for a claim, and the burden that the claim adds; nothing for a benefit that is refused."""
    counts = accumulates(kind)
    if not counts.value or not part.layer or part.reason is not None:
        return Finding((0, 0))
    before = tally.year(part.scheme, day.year, "burden")
    after = before + part.burden
    if part.scheme is Scheme.EMPLOYEE:
        paid = large_amount(before, after, figure(view, "supplement.large_amount", day))
        return Finding((paid.value, part.burden), joined(paid.because, counts.because))
    listed = set(figure(view, "supplement.preferred_groups", day))
    own = preferred(groups_on(view, person, day), listed)
    if own.value:
        paid = preferred_critical_illness(
            before, after, figure(view, "supplement.critical_illness_preferred", day)
        )
        return Finding((paid.value, part.burden), joined(paid.because, own.because))
    limit = int(figure(view, "supplement.critical_illness_year_yuan", day))
    left = limit - tally.year(part.scheme, day.year, "supplement")
    paid = critical_illness(before, after, figure(view, "supplement.critical_illness", day), left)
    return Finding((paid.value, part.burden), joined(paid.because, counts.because))
