"""Settlements as answers and postings, and what a year adds up to (article 59). Money in fen."""

from collections.abc import Iterator

from msgspec import Struct

from domain.events.consequences import Entry, Posting, Settlement
from domain.municipalities.suizhou.account import drawn
from domain.municipalities.suizhou.payers import BASIC, borne_by_others, paid_by_funds, share_of_member
from domain.municipalities.suizhou.policy import problem_of
from domain.municipalities.suizhou.schemes import employee_on, resident_on
from domain.municipalities.suizhou.settlement import Settled, settled
from domain.municipalities.suizhou.supplement import LAYERS
from domain.municipalities.suizhou.tally import Part
from domain.questions.answers import ClaimAnswer, Segment
from domain.rulebook.citation import joined, rule
from domain.rulebook.view import View
from domain.values.terms import (
    Capacity,
    ClaimOutcome,
    Mode,
    MovementKind,
    Scheme,
    SettlementWay,
    Status,
)


@rule("SZ-59a", article="第五十九条")
def paid_to(manual: bool, person: str, provider: str) -> str:
    """The fund settles with the provider; where that failed it pays the member, with the same result."""
    return f"bank:{person}" if manual else f"provider:{provider}"


def settlements(view: View, person: str) -> Iterator[Settlement | Entry]:
    """Every claim of a person with its postings."""
    for each in settled(view, person):
        claim = each.claim
        counters = {**each.delta, **({"covered": 1} if each.covered else {})}
        if each.problem is not None:
            yield Settlement(
                claim=claim.claim,
                person=person,
                on=claim.on,
                problem=problem_of(each.problem),
                counters=counters,
                because=each.problem.because,
            )
            continue
        answer, payers, because = _answer(view, each)
        resident = payers.get("resident_pooled", 0) + payers.get("critical_illness", 0)
        if resident:
            counters[f"resident_paid/{claim.on.year}"] = resident
        settlement = Settlement(
            claim=claim.claim,
            person=person,
            on=claim.on,
            answer=answer,
            payers=payers,
            counters=counters,
            because=because,
        )
        yield settlement
        yield from _entries(view, each, settlement)


def _answer(view: View, each: Settled) -> tuple[ClaimAnswer, dict[str, int], tuple[str, ...]]:
    funds = {} if each.reversed_on is not None else paid_by_funds(each)
    others, share = borne_by_others(view, each), share_of_member(view, each)
    own = drawn(view, each.claim.person, each.claim.claim, share.value)
    answer = _written(view, each, funds, others, share.value, own)
    payers = {**funds, "member": share.value}
    because = joined(each.because, share.because, ("SZ-57a",))
    return answer, {name: value for name, value in payers.items() if value}, because


def _written(
    view: View, each: Settled, funds: dict[str, int], others: dict[str, int], member: int, own: int
) -> ClaimAnswer:
    claim, parts = each.claim, each.parts
    main = parts[0] if parts else None
    standing = _standing(view, each)
    pooled = sum(funds.get(name, 0) for name in BASIC.values())
    layers = {LAYERS[p.scheme]: funds.get(str(LAYERS[p.scheme]), 0) for p in parts}
    if not parts and standing.scheme is not None:
        layers = {LAYERS[standing.scheme]: 0}
    scheme = main.scheme if main else standing.scheme
    refused = each.reason is not None or each.reversed_on is not None
    return ClaimAnswer(
        outcome=ClaimOutcome.REFUSED if refused else ClaimOutcome.PAYABLE,
        reason=each.reason or ("falsified" if each.reversed_on is not None else None),
        area=each.area,
        stay_number=main.stay if main else None,
        scheme=scheme,
        status=standing.status,
        capacity=standing.capacity,
        mode=standing.mode,
        year=claim.on.year,
        total=each.total,
        in_scope=sum(p.amounts.in_scope for p in parts),
        out_of_scope=sum(p.amounts.out for p in parts),
        uncovered=each.uncovered,
        upfront_share=sum(p.upfront for p in parts),
        deductible=sum(p.deductible for p in parts),
        deductible_charged=sum(p.charged for p in parts),
        rate=main.rate if main else None,
        limit=main.limit if main else None,
        cap_left=each.caps_left[0] if each.caps_left else None,
        segments=tuple(_segment(claim.on.year, p) for p in parts) if len(parts) > 1 else (),
        pooled=pooled,
        maternity=funds.get("maternity", 0),
        left_after_pooled=each.total - pooled - funds.get("maternity", 0),
        supplement=layers,
        other_payers=others,
        member=member,
        personal_account=own,
        cash=member - own,
    )


def _segment(year: int, part: Part) -> Segment:
    return Segment(
        year=year,
        total=part.amounts.total,
        in_scope=part.amounts.in_scope,
        deductible_charged=part.charged,
        rate=part.rate,
        pooled=part.pooled,
    )


class Standing(Struct, frozen=True):
    """Status on the governing day, and in which scheme and capacity."""

    scheme: Scheme | None
    status: Status
    capacity: Capacity | None = None
    mode: Mode | None = None


def _standing(view: View, each: Settled) -> Standing:
    """Status, scheme and capacity on the governing day; of the paying scheme when one pays."""
    person, day = each.claim.person, each.claim.on
    own, resident = employee_on(view, person, day), resident_on(view, person, day)
    scheme = each.parts[0].scheme if each.parts else None
    if scheme is Scheme.RESIDENT or (own is None and resident is not None and scheme is None):
        capacity = resident.capacity if resident else None
        status = resident.status if resident else Status.NONE
        return Standing(Scheme.RESIDENT, status, capacity)
    if own is None:
        return Standing(scheme, Status.NONE)
    return Standing(Scheme.EMPLOYEE, own.status, own.capacity, own.mode)


def _entries(view: View, each: Settled, now: Settlement) -> Iterator[Entry]:
    """The first settlement is posted on the discharge date, each later difference when it became known."""
    claim, person = each.claim, each.claim.person
    versions = view.held(f"person:{person}").settlements.get(claim.claim, [])
    steps = [
        (v.recorded.day, v.settlement.payers, v.settlement.answer.personal_account)
        for v in versions
        if v.settlement.answer is not None
    ]
    assert now.answer is not None
    steps.append((view.today, now.payers, now.answer.personal_account))
    before: dict[str, int] = {}
    own_before = number = 0
    manual = claim.settlement is SettlementWay.MANUAL
    target = paid_to(manual, person, claim.provider)
    for day, payers, own in steps:
        change = {name: payers.get(name, 0) - before.get(name, 0) for name in {**before, **payers}}
        change = {name: value for name, value in change.items() if value}
        if not change and own == own_before:
            continue
        number += 1
        yield Entry(
            name=f"claim/{claim.claim}" if number == 1 else f"claim/{claim.claim}/{number}",
            on=claim.on if number == 1 else day,
            kind=MovementKind.CLAIM,
            postings=_postings(person, change, own - own_before, target.value),
            other=claim.claim,
            because=joined(now.because, target.because if manual else ("SZ-57d",) if number > 1 else ()),
        )
        before, own_before = payers, own


def _postings(person: str, change: dict[str, int], own: int, target: str) -> tuple[Posting, ...]:
    found = [Posting(f"fund:{name}", -value, "claims") for name, value in change.items() if name != "member"]
    member = change.get("member", 0)
    if own:
        found.append(Posting(f"personal_account:{person}", -own))
    if member - own:
        found.append(Posting(f"member:{person}", own - member))
    found.append(Posting(target, sum(change.values())))
    return tuple(posting for posting in found if posting.fen)
