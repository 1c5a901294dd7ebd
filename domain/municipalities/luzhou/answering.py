"""The answer of a settled claim, in the words of the contract."""

from typing import TYPE_CHECKING

from domain.municipalities.luzhou.assessment import NO_BENEFIT, Assessment, Part
from domain.questions.answers import ClaimAnswer, Segment, Step
from domain.values.terms import ClaimOutcome, Debtor, Scheme

if TYPE_CHECKING:
    from domain.municipalities.luzhou.claims import Settled

PAYABLE, REFUSED = ClaimOutcome.PAYABLE, ClaimOutcome.REFUSED


def answer_of(settled: "Settled") -> ClaimAnswer:
    """Every field that the rules determine; `member` is the remainder of the bill."""
    draft = settled.draft
    if draft.joined is not None:
        return _joined(draft)
    parts = draft.payable
    at = parts[-1].period if parts else draft.period
    rates = {part.rate for part in parts}
    pooled = settled.gross - settled.recovered
    others = _others(settled)
    layers = settled.above.paid
    member = max(0, draft.total - pooled - sum(layers.values()) - sum(others.values()))
    in_scope = sum(part.in_scope for part in parts)
    upfront = sum(part.upfront for part in parts)
    uncovered = draft.total if NO_BENEFIT.intersection((draft.refusal or "", *draft.notes)) else 0
    if parts:
        uncovered = sum(part.total for part in draft.parts if not part.payable)
    personal = _drawn(settled, "personal_account:")
    family = _drawn(settled, "family_account:")
    return ClaimAnswer(
        outcome=REFUSED if draft.refusal else PAYABLE,
        reason=draft.refusal,
        notes=settled.notes,
        area=draft.area,
        scheme=at.scheme if at else None,
        status=at.status if at else None,
        capacity=at.capacity if at else None,
        mode=at.mode if at and at.scheme is Scheme.EMPLOYEE else None,
        tier=at.tier if at and at.scheme is Scheme.RESIDENT else None,
        year=draft.year,
        total=draft.total,
        in_scope=in_scope,
        out_of_scope=max(0, draft.total - in_scope - upfront - uncovered) if parts else 0,
        uncovered=uncovered,
        upfront_share=upfront,
        deductible=draft.deductible if parts else 0,
        deductible_charged=sum(part.charged for part in parts),
        rate=rates.pop() if len(rates) == 1 else None,
        limit=draft.limit,
        cap_left=settled.cap_left,
        segments=tuple(_segment(settled, part) for part in draft.parts) if draft.split else (),
        pooled=pooled,
        left_after_pooled=max(0, draft.total - pooled),
        supplement=layers,
        pending_layers=settled.above.pending,
        other_payers=others,
        member=member,
        personal_account=personal,
        family_account=family,
        cash=member - personal - family,
        employer_burden=settled.burden,
        steps=(*_steps(draft, parts), *settled.above.steps),
    )


def _joined(draft: Assessment) -> ClaimAnswer:
    """An emergency whose costs are settled with the stay that followed."""
    step = Step(step="joined_to_stay", value=draft.joined, rules=("LZ-31b",))
    return ClaimAnswer(outcome=PAYABLE, year=draft.year, steps=(step,))


def _others(settled: "Settled") -> dict[str, int]:
    """What others than the member bear because it was taken back from the fund's payment."""
    found: dict[str, int] = {}
    for taken in settled.taken:
        if taken.debtor is not Debtor.MEMBER:
            found[str(taken.debtor)] = found.get(str(taken.debtor), 0) + taken.amount
    return found


def _drawn(settled: "Settled", kind: str) -> int:
    return sum(fen for account, fen in settled.draws.items() if account.startswith(kind))


def _segment(settled: "Settled", part: Part) -> Segment:
    paid = next((fen for each, fen in settled.pooled if each is part), 0)
    cut = part.payable and paid < part.wanted
    return Segment(
        year=part.year,
        total=part.total,
        in_scope=part.in_scope if part.payable else 0,
        deductible_charged=part.charged if part.payable else 0,
        rate=part.rate,
        pooled=paid,
        outcome=PAYABLE if part.payable else REFUSED,
        reason=part.refusal,
        notes=("cap_exhausted",) if cut else None,
    )


def _steps(draft: Assessment, parts: list[Part]) -> tuple[Step, ...]:
    """Worksheet of the payment before the annual cap."""
    if draft.visit:
        return ()
    found = []
    for part in parts:
        found.append(Step(step=f"in_scope_{part.year}", amount=part.in_scope, rules=("LZ-27a", "LZ-34b")))
        if part.rate is not None:
            formula = "(在册费用 - 起付标准) x 比例"
            rules = ("LZ-30a",)
        else:
            formula, rules = "min(限额, 医疗费总额)", ("LZ-32b",)
        found.append(Step(step=f"before_cap_{part.year}", amount=part.wanted, formula=formula, rules=rules))
    return tuple(found)
