"""Settlement of a person's claims in order: caps, layers, accounts, recoveries, postings (chapters 9 to 18)."""

from collections.abc import Iterator

from msgspec import Struct

from domain.errors import AnnouncementMissing
from domain.events.consequences import Consequence, Entry, Posting, Settlement
from domain.municipalities.luzhou.answering import answer_of
from domain.municipalities.luzhou.area import registration_decisions
from domain.municipalities.luzhou.assessment import EMPLOYER_LIABLE, Assessment, Part
from domain.municipalities.luzhou.caps import Use, announced_cap, cap_use
from domain.municipalities.luzhou.critical_illness import critical_illness
from domain.municipalities.luzhou.draws import Drawn, drawable, draws_of, rules_of_draws
from domain.municipalities.luzhou.layers import Above, above_basic
from domain.municipalities.luzhou.overdrafts import first_overdraft
from domain.municipalities.luzhou.recoveries import (
    Taken,
    recovery_entry,
    restored_elsewhere,
    sanction_consequences,
    taken_from,
)
from domain.municipalities.luzhou.submitted import claim_of, claims_told
from domain.municipalities.luzhou.tests_of_claims import assessed
from domain.municipalities.luzhou.trail import Trail
from domain.municipalities.luzhou.year_counters import opening_use, year_total_records
from domain.rulebook.view import View, per_view
from domain.values.terms import Layer, MovementKind, Scheme

FUNDS = {Scheme.EMPLOYEE: "employee_pooled", Scheme.RESIDENT: "resident_pooled"}
_TOP_UP = Layer.SPECIAL_GROUP
Year = tuple[Scheme, int]


class Settled(Struct):
    """One claim worked out in full; amounts in fen."""

    draft: Assessment
    pooled: list[tuple[Part, int]]
    """Payable parts with what basic insurance pays before recoveries."""
    uses: dict[Year, Use]
    above: Above
    taken: list[Taken]
    draws: dict[str, int]
    burden: int
    cap_left: int | None
    notes: tuple[str, ...]
    because: tuple[str, ...]

    @property
    def gross(self) -> int:
        """Paid by basic insurance before recoveries."""
        return sum(fen for _, fen in self.pooled)

    @property
    def recovered(self) -> int:
        """Taken back by decisions."""
        return sum(each.amount for each in self.taken)

    def net_uses(self) -> dict[Year, int]:
        """Cap room used by year, less what was recovered."""
        left = self.recovered
        found: dict[Year, int] = {}
        for year, use in self.uses.items():
            back = min(left, use.used)
            left -= back
            found[year] = use.used - back
        return found


class Room:
    """Cap room of one person: what every claim uses by scheme and year, recorded or settled just now."""

    def __init__(self, view: View, person: str, claims: tuple[str, ...]) -> None:
        self.order = claims
        self.net: dict[str, dict[Year, int]] = {}
        self.restored = restored_elsewhere(view, person)
        held = view.held(f"person:{person}")
        for claim in claims:
            settlement = held.settlement(claim)
            self.net[claim] = _recorded_net(settlement.counters) if settlement else {}

    def earlier(self, claim: str, year: Year) -> int:
        """Used by claims settled before one, less what was restored for claims older than the ledger."""
        used = 0
        for other in self.order:
            if other == claim:
                break
            used += self.net[other].get(year, 0)
        return used - self.restored.get(year, 0)

    def others(self, claim: str, year: Year) -> int:
        """Used by all other claims."""
        used = sum(net.get(year, 0) for other, net in self.net.items() if other != claim)
        return used - self.restored.get(year, 0)


@per_view
def settlements(view: View, person: str) -> dict[str, Settled]:
    """Every claim of a person that can be settled, in order of settlement; once per view."""
    limits: dict[str, int] = {}
    settled = _settled_within(view, person, limits)
    while (over := first_overdraft(view, person, settled)) is not None:
        limits[over[0]] = over[1]
        settled = _settled_within(view, person, limits)
    return settled


def _settled_within(view: View, person: str, limits: dict[str, int]) -> dict[str, Settled]:
    """All claims once through; `limits`: what a claim may at most draw from the personal account."""
    settled: dict[str, Settled] = {}
    claims = claims_told(view, person)
    if not claims:
        return settled
    room = Room(view, person, claims)
    drawn = Drawn(limits)
    for claim in claims:
        draft = assessed(view, claim)
        if draft.problem is None:
            settled[claim] = _settle(view, draft, room, drawn, settled)
        else:
            room.net[claim] = {}
    return settled


def claim_consequences(view: View, person: str) -> Iterator[Consequence]:
    """Settlements, postings, counters and decisions that follow from a person's claims and sanctions."""
    settled = settlements(view, person)
    for claim in claims_told(view, person):
        draft = assessed(view, claim)
        if claim in settled:
            yield _record(settled[claim])
            yield from _entries(settled[claim])
        else:
            yield Settlement(
                claim=claim,
                person=person,
                on=draft.claim.on,
                problem=draft.problem,
                payers={"member": draft.total},
                because=draft.because,
            )
    yield from year_total_records(view, person, settled, restored_elsewhere(view, person))
    yield from sanction_consequences(view, f"person:{person}", lambda claim: _paid(view, settled, claim))
    yield from registration_decisions(view, person)
    yield from critical_illness(view, person)


def sanctions_of(view: View, subject: str) -> Iterator[Consequence]:
    """Sanctions that concern no person of this ledger: providers, employers, or nobody named."""
    return sanction_consequences(view, subject, lambda claim: _paid(view, {}, claim))


def _settle(view: View, draft: Assessment, room: Room, drawn: Drawn, settled: dict[str, Settled]) -> Settled:
    claim = draft.claim.claim
    trail = Trail()
    trail.note(draft.because)
    held = view.held(f"person:{draft.claim.person}").settlement(claim)
    counters = held.counters if held is not None else {}
    uses: dict[Year, Use] = {}
    pooled: list[tuple[Part, int]] = []
    cut, cap_left = False, None
    for part in draft.payable:
        paid = part.wanted
        if part.cap is not None:
            year = (part.period.scheme, part.year)
            ceiling = part.cap - opening_use(view, draft.claim.person, year)
            before, others = _use_before(counters, year), room.others(claim, year)
            paid = trail.take(cap_use(part.wanted, ceiling, before, room.earlier(claim, year), others))
            uses[year] = Use(part.wanted, ceiling, paid)
            cut = cut or paid < part.wanted
            again = before == uses[year] and "cap_left" in counters
            cap_left = counters["cap_left"] if again else max(0, ceiling - others - paid)
        pooled.append((part, paid))
    above = above_basic(view, draft, pooled, trail)
    gross = sum(fen for _, fen in pooled)
    share = drawable(draft, draft.total - gross - above.total)
    draws = draws_of(view, draft, share, None if held is None else counters, drawn)
    trail.note(rules_of_draws(draft, draws))
    found = Settled(draft, pooled, uses, above, [], draws, _burden(view, draft, room), cap_left, (), ())
    taken = taken_from(view, claim, lambda other: gross if other == claim else _paid(view, settled, other))
    found.taken = taken
    trail.note(("LZ-49a",) if taken else ())
    if draft.payable and not draft.visit:
        trail.note(("LZ-40b",))
    found.notes = (*draft.notes, *(("cap_exhausted",) if cut else ()))
    found.because = trail.because
    room.net[claim] = found.net_uses()
    return found


def _burden(view: View, draft: Assessment, room: Room) -> int:
    """What the employer must bear instead of the fund; no cap room is used by it (LZ-06d, LZ-20a)."""
    burden = 0
    for part in draft.parts:
        if part.refusal != EMPLOYER_LIABLE:
            continue
        year = (part.period.scheme, part.year)
        try:
            cap = announced_cap(view, part.period.scheme, part.year, part.period.tier, part.last_day)
        except AnnouncementMissing:
            burden += part.wanted
            continue
        ceiling = cap - opening_use(view, draft.claim.person, year)
        burden += min(part.wanted, max(0, ceiling - room.earlier(draft.claim.claim, year)))
    return burden


def _record(settled: Settled) -> Settlement:
    draft = settled.draft
    answer = answer_of(settled)
    payers = {} if draft.joined else {"member": answer.member}
    if settled.gross and draft.scheme is not None:
        fund = FUNDS[draft.scheme]
        payers[fund] = answer.pooled + settled.above.paid.get(_TOP_UP, 0)
    for layer, fen in settled.above.paid.items():
        if layer is not _TOP_UP:
            payers[str(layer)] = fen
    payers |= answer.other_payers
    counters = {"gross": settled.gross, "recovered": settled.recovered}
    for (scheme, year), use in settled.uses.items():
        counters[f"wanted/{scheme}/{year}"] = use.wanted
        counters[f"ceiling/{scheme}/{year}"] = use.ceiling
        counters[f"used/{scheme}/{year}"] = use.used
        counters[f"net/{scheme}/{year}"] = settled.net_uses()[(scheme, year)]
    counters |= {f"drawn/{account}": fen for account, fen in settled.draws.items()}
    if settled.cap_left is not None:
        counters["cap_left"] = settled.cap_left
    return Settlement(
        claim=draft.claim.claim,
        person=draft.claim.person,
        on=draft.claim.on,
        answer=answer,
        payers={name: fen for name, fen in payers.items() if fen or name == "member"},
        counters=counters,
        because=settled.because,
    )


def _entries(settled: Settled) -> Iterator[Entry]:
    """Postings of a paid claim on its own day, and of what was taken back on the day of the decision."""
    draft = settled.draft
    if not draft.payable or draft.joined or draft.scheme is None:
        return
    claim, fund = draft.claim, FUNDS[draft.scheme]
    by_fund = settled.gross + settled.above.paid.get(_TOP_UP, 0)
    cash = draft.total - settled.gross - settled.above.total - sum(settled.draws.values())
    postings = [Posting(f"fund:{fund}", -by_fund, "claims")]
    for layer, fen in settled.above.paid.items():
        if layer is not _TOP_UP:
            postings.append(Posting(f"insurer:{layer}", -fen, "claims"))
    postings += [Posting(account, -fen) for account, fen in settled.draws.items()]
    postings += [Posting(f"member:{claim.person}", -cash), Posting(f"provider:{claim.provider}", draft.total)]
    yield Entry(
        name=f"claim/{claim.claim}",
        on=claim.on,
        kind=MovementKind.CLAIM,
        postings=tuple(posting for posting in postings if posting.fen),
        person=claim.person,
        because=settled.because,
    )
    for taken in settled.taken:
        yield recovery_entry(taken, claim.claim, claim.person, claim.provider, fund)


def _use_before(counters: dict[str, int], year: Year) -> Use | None:
    name = f"{year[0]}/{year[1]}"
    if f"used/{name}" not in counters:
        return None
    return Use(counters[f"wanted/{name}"], counters[f"ceiling/{name}"], counters[f"used/{name}"])


def _recorded_net(counters: dict[str, int]) -> dict[Year, int]:
    found: dict[Year, int] = {}
    for name, fen in counters.items():
        if name.startswith("net/"):
            _, scheme, year = name.split("/")
            found[(_scheme(scheme), int(year))] = fen
    return found


def _scheme(name: str) -> Scheme:
    return Scheme.EMPLOYEE if name == Scheme.EMPLOYEE.value else Scheme.RESIDENT


def _paid(view: View, settled: dict[str, Settled], claim: str) -> int:
    """What basic insurance paid for a claim before recoveries, of another person as recorded."""
    if claim in settled:
        return settled[claim].gross
    fact = claim_of(view, claim)
    held = view.held(f"person:{fact.person}").settlement(claim) if fact is not None else None
    return held.counters.get("gross", 0) if held is not None else 0
