"""Claims in the order of their recording, each on what the claims before it have used (arts. 12, 14, 16, 18)."""

from collections.abc import Callable
from datetime import date
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from domain.errors import FactMissing, NotComputed, Unanswerable
from domain.events.consequences import Problem
from domain.facts import ClaimSubmitted, LayerPaid, OpeningCounters, ProviderRegistered
from domain.municipalities.panzhihua.benefits import medical_aid
from domain.municipalities.panzhihua.bills import billed, is_excluded, third_party_share
from domain.municipalities.panzhihua.critical_illness import with_critical_illness
from domain.municipalities.panzhihua.kinds import KINDS
from domain.municipalities.panzhihua.membership import Membership, Piece, membership
from domain.municipalities.panzhihua.payments import problem_of
from domain.municipalities.panzhihua.places import is_designated
from domain.municipalities.panzhihua.policy import require_force
from domain.municipalities.panzhihua.reckoning import Care, Counters, Reckoned, Refused
from domain.questions.answers import ClaimAnswer
from domain.rulebook.citation import joined, rule
from domain.rulebook.view import View, per_view
from domain.values.calendar import Moment, add_days
from domain.values.terms import Capacity, ClaimKind, ClaimOutcome, Layer, Scheme, SettlementWay, Status

STAYS = (ClaimKind.INPATIENT,)


class Settled(Struct, frozen=True):
    """One claim as it now stands. `day` is the attribution date; amounts are in `answer`, in fen."""

    claim: ClaimSubmitted
    day: date
    direct: bool = True
    answer: ClaimAnswer | None = None
    problem: Problem | None = None
    because: tuple[str, ...] = ()
    place: str = ""
    """Division of the provider."""


class Settlements(Struct, frozen=True):
    """All claims of a person and what they have used of the years."""

    settled: tuple[Settled, ...]
    counters: Counters


@rule("PZ-18b", article="第十八条")
def in_sequence(view: View, person: str) -> list[ClaimSubmitted]:
    """Claims use caps, deductibles and burden in the order of their recorded date, then of their id."""
    latest: dict[str, ClaimSubmitted] = {}
    for fact in sorted(view.facts(ClaimSubmitted, person=person), key=view.order):
        if fact.person == person:
            latest[fact.claim] = fact
    return sorted(latest.values(), key=lambda fact: (first_recorded(view, fact), fact.claim))


def first_recorded(view: View, fact: ClaimSubmitted) -> Moment:
    """When the claim was first recorded: a correction keeps the place of what it corrects."""
    first: Any = fact
    while first.corrects and (earlier := view.sources.fact(first.corrects)) is not None:
        first = earlier
    recorded: Moment = first.recorded
    return recorded


@per_view
def settlements(view: View, person: str) -> Settlements:
    """Every claim of a person settled in order."""
    counters = opening(view, person)
    found = []
    for claim in in_sequence(view, person).value:
        done = settle(view, claim, counters)
        found.append(done)
    return Settlements(tuple(found), counters)


def opening(view: View, person: str) -> Counters:
    """What was used of a year before this ledger; the ledger has one scheme, whatever name a taker-over gives."""
    counters = Counters()
    for fact in view.facts(OpeningCounters, person=person):
        counters.add("stays", fact.year, fact.stays or 0)
        counters.add("inpatient", fact.year, fact.pooled_paid or 0)
        counters.add("ordinary", fact.year, fact.ordinary_outpatient_paid or 0)
        counters.add("special", fact.year, fact.special_disease_paid or 0)
        counters.add("two_disease", fact.year, fact.two_disease_paid or 0)
        counters.add("burden", fact.year, fact.burden or 0)
        counters.add("critical_illness", fact.year, fact.supplement_paid or 0)
    return counters


def settle(view: View, claim: ClaimSubmitted, counters: Counters) -> Settled:
    """One claim: refused, an error, or paid by every layer in order; only a payable one uses counters."""
    day = claim.on
    try:
        care = admitted(view, claim)
        day = care.day
        done = with_critical_illness(view, care, KINDS[claim.kind](view, care, counters), counters)
        answer = _answer(view, care, done)
        counters.take(done.used, day.year)
        counters.add("medical_assistance", day.year, answer.supplement.get(Layer.MEDICAL_ASSISTANCE, 0))
        because = joined(care.because, done.because, ("PZ-18a",))
        return Settled(claim, day, care.direct, answer, because=because, place=care.provider.place)
    except Refused as refusal:
        return Settled(claim, day, True, _refused(claim, refusal), because=refusal.because)
    except Unanswerable as error:
        return Settled(claim, day, True, None, problem_of(error), error.because)


def admitted(view: View, claim: ClaimSubmitted) -> Care:
    """The checks that every claim passes, in order: document, status, designated provider, cause."""
    if claim.kind not in KINDS or claim.scheme is Scheme.EMPLOYEE:
        raise NotComputed(f"claim_submitted.{claim.kind}", claim.on)
    because = require_force(view, claim.on)
    known = membership(view, claim.person)
    governing = governing_day(claim, known)
    because = joined(because, governing.because)
    first = claim.admitted_on or claim.on if claim.kind in (*STAYS, ClaimKind.DELIVERY) else claim.on
    provider = provider_at(view, claim, first)
    designated = is_designated(provider)
    if not designated.value:
        raise Refused("provider_not_designated", Status.COVERED, joined(because, designated.because))
    excluded = is_excluded(claim.cause, third_party_share(claim), claim.on)
    if excluded.value:
        raise Refused("cause_excluded", Status.COVERED, joined(because, excluded.because))
    direct = _is_direct(claim, provider)
    return Care(claim, provider, governing.day, direct, governing.is_covered, governing.changes, because)


class Governing(Struct, frozen=True):
    """The day that governs a claim, and whether status changes within it."""

    day: date
    is_covered: Callable[[date], bool]
    changes: bool = False
    because: tuple[str, ...] = ()


def governing_day(claim: ClaimSubmitted, known: Membership) -> Governing:
    """The day that governs a claim: the day of service or delivery; of a stay the last covered day."""
    if claim.kind in STAYS:
        return stay_days(claim, known)
    piece = _answerable(known.piece_on(claim.on))
    if not piece.is_covered:
        raise Refused(str(piece.reason), piece.status, joined(("PZ-11g",), piece.because))
    return Governing(claim.on, lambda day: True, because=piece.because)


def stay_days(claim: ClaimSubmitted, known: Membership) -> Governing:
    """Status from admission to discharge, both included, and the attribution date."""
    first = min(claim.admitted_on or claim.on, claim.on)
    inside = [_answerable(piece) for piece in pieces_within(known, first, claim.on)]
    covered = [piece for piece in inside if piece.is_covered]
    if not covered:
        last = inside[-1]
        raise Refused(str(last.reason), last.status, joined(("PZ-12h", "PZ-11g"), last.because))
    day = attribution(covered[-1].to, claim.on)
    because = joined(*(piece.because for piece in inside), day.because)
    return Governing(day.value, lambda when: _covered_on(known, when), len(covered) < len(inside), because)


@rule("PZ-12i", article="第九条、第十二条（三）")
def attribution(covered_to: date, discharged_on: date) -> date:
    """The last covered day of a stay selects year, terms and caps."""
    return min(add_days(covered_to, -1), discharged_on)


def pieces_within(known: Membership, first: date, last: date) -> list[Piece]:
    """The status pieces that meet the days from first to last."""
    found, day = [], first
    while day <= last:
        piece = known.piece_on(day)
        if piece.from_ == date.min and known.pieces and piece not in known.pieces:
            piece = replace(piece, to=known.pieces[0].from_)
        found.append(piece)
        day = piece.to
    return found


def _covered_on(known: Membership, day: date) -> bool:
    return _answerable(known.piece_on(day)).is_covered


def _answerable(piece: Piece) -> Piece:
    if piece.problem is not None:
        problem = piece.problem
        raise Unanswerable(problem.code, problem.name, None, piece.because).at(problem.date)
    return piece


def provider_at(view: View, claim: ClaimSubmitted, first: date) -> ProviderRegistered:
    """The provider on the first day of care; registered only during a stay, as it was registered then."""
    known = registrations(view, claim.provider)
    found = [fact for fact in known if fact.on <= first] or [
        fact for fact in known[:1] if fact.on <= claim.on
    ]
    if not found:
        raise FactMissing("provider_registered.provider", first, ("PZ-16a",))
    return found[-1]


@per_view
def registrations(view: View, provider: str) -> list[ProviderRegistered]:
    """What was registered of a provider, by effective date."""
    return view.facts(ProviderRegistered, provider=provider)


def _is_direct(claim: ClaimSubmitted, provider: ProviderRegistered) -> bool:
    if claim.settlement is not None:
        return claim.settlement is SettlementWay.DIRECT
    return provider.direct_settlement


def _aid(view: View, claim: ClaimSubmitted, left: int) -> int:
    reported = sum(
        fact.amount
        for fact in view.facts(LayerPaid, claim=claim.claim)
        if fact.layer is Layer.MEDICAL_ASSISTANCE
    )
    return medical_aid(reported, left).value


def _answer(view: View, care: Care, done: Reckoned) -> ClaimAnswer:
    bill = done.bill
    left = bill.total - bill.third_party - done.pooled - done.critical_illness
    aid = _aid(view, care.claim, left)
    member = max(0, left - aid)
    return ClaimAnswer(
        outcome=ClaimOutcome.PAYABLE,
        area=done.area,
        stay_number=done.stay_number,
        scheme=Scheme.RESIDENT,
        status=Status.COVERED,
        capacity=Capacity.RESIDENT,
        year=care.day.year,
        total=bill.total,
        in_scope=bill.in_scope,
        out_of_scope=bill.out_of_scope,
        uncovered=bill.uncovered,
        upfront_share=bill.upfront,
        deductible=done.deductible,
        deductible_charged=done.deductible_charged,
        rate=done.rate,
        limit=done.limit,
        cap_left=done.cap_left,
        pooled=done.pooled,
        left_after_pooled=max(0, bill.total - done.pooled),
        supplement={Layer.CRITICAL_ILLNESS: done.critical_illness, Layer.MEDICAL_ASSISTANCE: aid},
        other_payers={"third_party": bill.third_party} if bill.third_party else {},
        member=member,
        cash=member,
        provider_surplus=max(0, -left),
        steps=done.steps,
    )


def _refused(claim: ClaimSubmitted, refusal: Refused) -> ClaimAnswer:
    """A refused claim is paid by no layer and uses nothing; the member bears the total."""
    total = billed(claim)
    return ClaimAnswer(
        outcome=ClaimOutcome.REFUSED,
        reason=refusal.reason,
        scheme=Scheme.RESIDENT,
        status=refusal.status,
        year=claim.on.year,
        total=total,
        left_after_pooled=total,
        supplement={Layer.CRITICAL_ILLNESS: 0, Layer.MEDICAL_ASSISTANCE: 0},
        member=total,
        cash=total,
    )
