"""Settlements in the words of the contract: the member's share is always the remainder."""

from datetime import date

from msgspec.structs import replace

from domain.municipalities.dingxi.cases_of_care import CaseOfCare
from domain.municipalities.dingxi.terms_of_care import Terms
from domain.questions.answers import ClaimAnswer
from domain.rulebook.citation import rule
from domain.values.terms import ClaimOutcome, Layer, Scheme


def _common(terms: Terms, outcome: ClaimOutcome) -> ClaimAnswer:
    piece, place = terms.piece, terms.place
    category = piece.category if piece is not None else None
    return ClaimAnswer(
        outcome=outcome,
        area=place.area if place is not None else None,
        scheme=Scheme.EMPLOYEE,
        status=piece.status if piece is not None else None,
        capacity=category.capacity if category is not None else None,
        mode=category.mode if category is not None else None,
        year=terms.year,
        total=terms.total,
        supplement={Layer.LARGE_AMOUNT: 0},
    )


def refused_answer(terms: Terms) -> ClaimAnswer:
    """A claim that pays nothing from any layer."""
    return replace(
        _common(terms, ClaimOutcome.REFUSED),
        reason=terms.reason,
        left_after_pooled=terms.total,
        out_of_scope=0,
        uncovered=terms.total if terms.piece is not None and terms.piece.reason == terms.reason else 0,
    )


def paid_answer(terms: Terms, pooled: int) -> ClaimAnswer:
    """A payable claim with its basic payment, before supplement and member."""
    bill = terms.bill
    assert bill is not None
    return replace(
        _common(terms, ClaimOutcome.PAYABLE),
        in_scope=bill.in_scope,
        out_of_scope=bill.out_of_scope,
        upfront_share=bill.upfront,
        rate=terms.rate,
        limit=terms.limit,
        pooled=pooled,
        left_after_pooled=terms.total - pooled,
        other_payers={"third_party": bill.third_party} if bill.third_party else {},
    )


def merged_answer(case: CaseOfCare) -> ClaimAnswer:
    """A claim that became part of another settlement: its bill is counted there."""
    on: date = case.claim.on
    return ClaimAnswer(
        outcome=ClaimOutcome.PAYABLE, scheme=Scheme.EMPLOYEE, year=on.year, supplement={Layer.LARGE_AMOUNT: 0}
    )


@rule("DX-26b", article="第二十六、四十五条")
def with_member(answer: ClaimAnswer, drawn: int) -> ClaimAnswer:
    """Third party, basic insurance, supplement; the remainder is the member's, in cash or from the personal account."""
    paid = answer.pooled + sum(answer.supplement.values()) + sum(answer.other_payers.values())
    member = max(0, answer.total - paid)
    from_account = min(drawn, member)
    return replace(answer, member=member, personal_account=from_account, cash=member - from_account)
