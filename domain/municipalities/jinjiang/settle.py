"""The settlement of all claims of a person, in order of adjudication."""

from collections.abc import Mapping
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from domain.errors import AnnouncementMissing, Unanswerable
from domain.events.consequences import Problem
from domain.facts import ClaimSubmitted, ProviderRegistered
from domain.municipalities.jinjiang import basic, bills
from domain.municipalities.jinjiang.bills import Item, Part
from domain.municipalities.jinjiang.cases import Case, cases_of, filed_late
from domain.municipalities.jinjiang.counters import Admission, Counters, Run, Use
from domain.municipalities.jinjiang.enrolment import problem_of
from domain.municipalities.jinjiang.figures import START
from domain.municipalities.jinjiang.layers import Base, Layers, layers_of, reported, waiting_layers
from domain.municipalities.jinjiang.refusals import condition_refusal, provider_or_none, status_refusal
from domain.rulebook.citation import Finding, joined, rule
from domain.rulebook.view import View, per_view
from domain.values.terms import ClaimKind, Layer


class Settled(Struct, frozen=True, kw_only=True):
    """A claim as adjudicated: refused, paid, or open because something is missing."""

    case: Case
    provider: ProviderRegistered | None = None
    items: tuple[Item, ...] = ()
    parts: tuple[Part, ...] = ()
    reason: str | None = None
    problem: Problem | None = None
    paid: dict[int, basic.Paid] = {}
    third_party: int = 0
    layers: dict[int, Layers] = {}
    """What the layers above the basic fund pay, by settlement year (JJ-7.1d)."""
    because: tuple[str, ...] = ()

    @property
    def pooled(self) -> int:
        """Basic payment in fen."""
        return sum(part.pooled for part in self.paid.values())


@per_view
def settlements(view: View, person: str) -> tuple[list[Settled], dict[int, Counters]]:
    """Every claim of a person as adjudicated, and the counters of each year."""
    run = Run()
    cases = cases_of(view, person)
    for case in cases:
        _remember(run, case)
    done = []
    for case in cases:
        run.expire(case.place)
        done.append(_settle(view, case, run))
    run.expire(None)
    return done, run.years


def _remember(run: Run, case: Case) -> None:
    """The special-disease year keeps the number and deductible it was given (JJ-6.1j)."""
    if case.claim.kind is not ClaimKind.SPECIAL_DISEASE:
        return
    for name, number in case.counters.items():
        kind, _, year = name.partition("/")
        if kind == "number":
            deductible = case.counters[f"deductible/{year}"]
            admissions = run.of(int(year)).admissions
            admissions.setdefault(basic.SPECIAL, Admission(number, deductible))


def _settle(view: View, case: Case, run: Run) -> Settled:
    claim = case.claim
    items: list[Item] = []
    try:
        items = bills.items(view, claim)
        bills.check_in_force(claim, items)
        if case.falsified is not None:
            return _falsified(view, case, items, run)
        if case.barred and bills.settlement_years(claim, items) <= case.barred:
            return _cancelled(view, case, items)
        return _judged(view, case, items, run)
    except Unanswerable as error:
        problem, because = problem_of(error)
        return Settled(case=case, items=tuple(items), problem=problem, because=because)


def _cancelled(view: View, case: Case, items: list[Item]) -> Settled:
    """A claim of a cancelled year; one that was refused for its own sake before the finding stays so."""
    refused = barred(case)
    if case.answered_before:
        try:
            earlier = _first_refusal(view, case, items)
        except Unanswerable:  # corrected since and open as it stands now: not adjudicated before the finding
            earlier = Finding(None)
        if earlier.value is not None:
            return _refused(case, items, earlier.value, earlier.because)
    return _refused(case, items, refused.value, refused.because)


@rule("JJ-9.4b", article="九（四）")
def barred(case: Case) -> str:
    """Claims of a cancelled settlement year are refused from the day of the finding on, genuine ones too."""
    return "claims_barred"


@rule("JJ-9.4a", article="九（四）")
def falsified(case: Case) -> str:
    """A falsified claim pays nothing in any layer; what was paid is owed back."""
    return "falsified"


def _falsified(view: View, case: Case, items: list[Item], run: Run) -> Settled:
    """Genuine claims settled before the finding are not clawed back, so what this one used counts for them."""
    finding = falsified(case)
    assert case.falsified is not None
    try:
        as_if = _judged(view, case, items, run)
        run.shadows.append((case.falsified, case.claim.claim, _uses(as_if)))
    except Unanswerable:
        pass
    return _refused(case, items, finding.value, finding.because)


def _judged(view: View, case: Case, items: list[Item], run: Run) -> Settled:
    if case.barred and not bills.undated(case.claim):
        items = [replace(item, excluded=True) if item.day.year in case.barred else item for item in items]
    refused = _first_refusal(view, case, items)
    if refused.value is not None:
        return _refused(case, items, refused.value, refused.because)
    provider = view.provider(case.claim.provider, case.claim.on, ("JJ-6.1c",))
    return _pay(view, case, provider, items, run)


def _first_refusal(view: View, case: Case, items: list[Item]) -> Finding[str | None]:
    """Filing, excluded cause, status, designated provider, conditions: the first failure wins."""
    claim = case.claim
    late = filed_late(claim.on, case.filed_on)
    if late.value:
        return Finding("filed_late", late.because)
    cause = bills.excluded_cause(claim, provider_or_none(view, claim), items)
    if cause.value is not None:
        return cause
    bills.check_dated(claim)
    bills.check_status_known(view, claim, items)
    status = status_refusal(view, claim, items)
    if status.value is not None:
        return status
    provider = view.provider(claim.provider, claim.on, ("JJ-6.1c",))
    return condition_refusal(view, case, provider)


def _refused(case: Case, items: list[Item], reason: str, because: tuple[str, ...]) -> Settled:
    return Settled(
        case=case,
        items=tuple(items),
        parts=bills.bare_parts(case.claim, items),
        reason=reason,
        because=because,
    )


def _pay(view: View, case: Case, provider: ProviderRegistered, items: list[Item], run: Run) -> Settled:
    claim = case.claim
    if claim.kind is ClaimKind.DELIVERY:
        return _pay_delivery(view, case, provider, items, run)
    terms: Mapping[str, object] = {}
    if claim.kind is ClaimKind.SPECIAL_DISEASE:
        found = basic.disease_terms(view, claim.disease, claim.on)
        if found is None:
            return _refused(case, items, "disease_not_approved", ("JJ-6.1k",))
        terms = found
    parts = bills.parts_of(view, claim, items)
    third = bills.third_party_part(claim, sum(part.in_scope for part in parts))
    parts = _less(parts, third)
    paid: dict[int, basic.Paid] = {}
    before = {part.year: run.of(part.year).burden for part in parts}
    for part in parts:
        if part.in_scope > 0 and part.year >= START.year:
            stay = _stay(view, case, provider, part)
            paid[part.year] = _basic(view, stay, run.of(part.year), terms)
            run.add([paid[part.year].use])
    bill = by_itself(Settled(case=case, provider=provider, items=tuple(items), parts=parts, paid=paid))
    rules = joined(("JJ-6.1a", "JJ-6.1b"), bill.because, ("JJ-7.1g",), *(p.because for p in paid.values()))
    if bills.over_year_end(claim):
        rules = joined(rules, ("JJ-7.1d",))
    settled = replace(bill.value, third_party=third, because=rules)
    if claim.kind is ClaimKind.ORDINARY_OUTPATIENT:
        return settled
    return _with_layers(view, settled, before, run)


@rule("JJ-7.1c", article="七（一）")
def by_itself(bill: Settled) -> Settled:
    """Each admission is settled separately: one bill, one settlement."""
    return bill


def _less(parts: tuple[Part, ...], third: int) -> tuple[Part, ...]:
    """The parts without what a third party bears, taken from the first on."""
    result = []
    for part in parts:
        taken = min(third, part.in_scope)
        third -= taken
        result.append(replace(part, in_scope=part.in_scope - taken) if taken else part)
    return tuple(result)


def _stay(view: View, case: Case, provider: ProviderRegistered, part: Part) -> basic.Stay:
    claim = case.claim
    before = None
    if claim.continues is not None:
        earlier = [c for c in view.facts(ClaimSubmitted, claim=claim.continues) if c.claim == claim.continues]
        before = provider_or_none(view, earlier[-1]) if earlier else None
    return basic.Stay(
        claim=claim,
        provider=provider,
        before=before,
        frozen=case.counters,
        year=part.year,
        day=min(claim.on, date(part.year, 12, 31)),
        scope=part.in_scope,
    )


def _basic(view: View, stay: basic.Stay, counters: Counters, terms: Mapping[str, object]) -> basic.Paid:
    match stay.claim.kind:
        case ClaimKind.SPECIAL_DISEASE:
            return basic.special_disease_paid(view, stay, counters, terms).value
        case ClaimKind.ORDINARY_OUTPATIENT:
            found = basic.outpatient_paid(view, stay, counters)
            return replace_because(found)
        case _:
            return basic.admission_paid(view, stay, counters)


def replace_because(found: Finding[basic.Paid]) -> basic.Paid:
    """The payment with the rules it rests on."""
    return replace(found.value, because=found.because)


def _with_layers(view: View, settled: Settled, before: dict[int, int], run: Run) -> Settled:
    """Each year of a stay is an admission of its own, also above the basic fund (JJ-7.1d)."""
    case = settled.case
    unpaid = sum(part.total for part in settled.parts) - settled.pooled - settled.third_party
    told = reported(view, case)
    years = list(settled.paid) or [case.claim.on.year]
    layers: dict[int, Layers] = {}
    for year in years:
        paid = settled.paid.get(year)
        base = Base(
            year=year,
            left=paid.use.burden if paid else 0,
            before=before[year] if paid else None,
            spouse_used=run.of(year).spouse,
            unpaid=unpaid,
            told=told,
            last=year == years[-1],
        )
        waiting = next((each for each in layers.values() if each.pending), None)
        # What an earlier year that waits will take of the told amounts is not known.
        held_up = waiting if any(told.values()) else None
        layers[year] = held_up or _layers_or_waiting(view, settled, base)
        run.add([Use(year=year, spouse=layers[year].paid.get(Layer.SURVIVING_SPOUSE, 0))])
        unpaid -= sum(layers[year].paid.values())
        told = {layer: fen - layers[year].paid.get(layer, 0) for layer, fen in told.items()}
    because = joined(settled.because, *(each.because for each in layers.values()))
    return replace(settled, layers=layers, because=because)


def _layers_or_waiting(view: View, settled: Settled, base: Base) -> Layers:
    assert settled.provider is not None
    try:
        found = layers_of(view, settled.case, settled.provider, base)
        return replace(found.value, because=found.because)
    except AnnouncementMissing as missing:
        return waiting_layers(missing.name)


def _pay_delivery(
    view: View, case: Case, provider: ProviderRegistered, items: list[Item], run: Run
) -> Settled:
    year = case.claim.on.year
    billed = sum(item.billed for item in items)
    paid = basic.delivery_paid(view, case.claim, billed, run.of(year))
    run.add([paid.use])
    scope = sum(item.billed for item in items if item.payable)
    parts = (Part(year, billed, scope, billed - scope, 0, 0),)
    because = joined(("JJ-6.1n",), paid.because)
    return Settled(
        case=case, provider=provider, items=tuple(items), parts=parts, paid={year: paid}, because=because
    )


def _uses(settled: Settled) -> list[Use]:
    uses = [paid.use for paid in settled.paid.values()]
    spouse = {year: each.paid.get(Layer.SURVIVING_SPOUSE, 0) for year, each in settled.layers.items()}
    return [*uses, *(Use(year=year, spouse=fen) for year, fen in spouse.items())] if uses else []
