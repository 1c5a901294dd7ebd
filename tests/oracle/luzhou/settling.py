"""Claims settled fact by fact: the cap in order of settlement, account draws once (LZ 0.8, 30f, 40b)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from tests.oracle.luzhou.days import day, fen, moment, round2, share
from tests.oracle.luzhou.family import book, home
from tests.oracle.luzhou.knowledge import Fact, Missing, NotCovered, World
from tests.oracle.luzhou.personal import movements
from tests.oracle.luzhou.scope import in_area
from tests.oracle.luzhou.stays import VISITS, Stay, admitted, direct, read
from tests.oracle.luzhou.visits import read_visit

FAR = date(2030, 12, 31)


@dataclass
class Settled:
    """What is held about one claim at one moment."""

    stay: Stay
    pooled: int = 0
    member: int = 0
    draw: int = 0
    account: str | None = None
    holder: str = ""
    supplement: dict[str, int] = field(default_factory=dict)
    others: dict[str, int] = field(default_factory=dict)
    co_payment: int | None = None
    error: Missing | None = None
    lost: NotCovered | None = None
    notes: list[str] = field(default_factory=list)


Held = dict[str, Settled]


def settle(told: Sequence[Fact], known: str) -> Held:
    """Every claim as known at a moment, by adjudicating after each recorded fact."""
    held: Held = {}
    upto = moment(known)
    seen = False
    for number, fact in enumerate(told):
        when = moment(str(fact["recorded"]))
        if when > upto:
            break
        seen = seen or fact["fact"] == "claim_submitted"
        if seen:
            held = adjudicate(World(told[: number + 1], when), held)
    return adjudicate(World(told, upto), held) if seen else held


def adjudicate(world: World, before: Held) -> Held:
    now: Held = {}
    claims = [f for f in world.told if f["fact"] == "claim_submitted" and any(f is g for g in world.facts)]
    order = {name: number for number, name in enumerate(before)}
    claims.sort(key=lambda fact: order.get(fact["claim"], len(order)))
    for claim in sorted(claims, key=lambda fact: _after_its_sender(fact, claims)):
        name = str(claim["claim"])
        now[name] = _one(world, claim, before.get(name), {**before, **now}, name)
    return {name: now[name] for name in sorted(now, key=lambda each: order.get(each, len(order)))}


def _after_its_sender(claim: Fact, claims: list[Fact]) -> int:
    depth, name = 0, claim.get("continues")
    while name is not None and depth < 9:
        depth += 1
        name = next((c.get("continues") for c in claims if c["claim"] == name), None)
    return depth


def _one(world: World, claim: Fact, previous: Settled | None, others: Held, name: str) -> Settled:
    try:
        if claim["kind"] in VISITS:
            stay = read_visit(world, claim)
        else:
            stay = read(world, claim, _chain(claim, others))
    except Missing as error:
        return Settled(Stay(claim), error=error)
    except NotCovered as lost:
        return Settled(Stay(claim), lost=lost)
    if previous is not None and previous.error is not None:
        previous = None
    settled = Settled(stay)
    rest = {key: each for key, each in others.items() if key != name}
    try:
        _apply_cap(world, settled, previous, rest)
        _apply_layers(world, settled)
        _draw(world, settled, previous, rest)
    except Missing as error:
        return Settled(Stay(claim), error=error)
    except NotCovered as lost:
        settled.account, settled.lost = None, lost
    return settled


def _chain(claim: Fact, others: Held) -> list[Stay]:
    name = claim.get("continues")
    if name is None or name not in others:
        return []
    return [each.stay for key, each in others.items() if key == name or key in others[name].stay.chain]


def used(world: World, person: str, scheme: str, year: int, held: Held) -> int:
    """Counted against the cap: opening counters and what other claims were paid."""
    total = 0
    for fact in world.of("opening_counters", person=person, year=year):
        if fact.get("scheme", "employee") == scheme:
            total += fen(fact.get("pooled_paid", "0"))
    for each in held.values():
        governs = each.stay.governs
        if each.stay.claim["person"] == person and governs is not None and governs.scheme == scheme:
            total += sum(segment.pooled for segment in each.stay.segments if segment.year == year)
    return total


def _apply_cap(world: World, settled: Settled, previous: Settled | None, rest: Held) -> None:
    stay = settled.stay
    if stay.governs is None or stay.reason:
        return
    same = previous is not None and previous.stay.governs is not None
    for segment in stay.segments:
        kept = None
        if same and previous is not None and previous.stay.governs is not None:
            if previous.stay.governs.scheme == stay.governs.scheme:
                kept = next((s for s in previous.stay.segments if s.year == segment.year), None)
        assert segment.cap is not None or segment.computed == 0
        if kept is not None and (kept.computed, kept.cap) == (segment.computed, segment.cap):
            segment.pooled = kept.pooled
            continue
        person = str(stay.claim["person"])
        room = (segment.cap or 0) - used(world, person, stay.governs.scheme, segment.year, rest)
        segment.pooled = max(0, min(segment.computed, room))
        if kept is not None:
            segment.pooled = max(segment.pooled, min(kept.pooled, segment.computed))
    settled.pooled = sum(segment.pooled for segment in stay.segments)


def _apply_layers(world: World, settled: Settled) -> None:
    stay = settled.stay
    total = stay.total
    name = stay.claim["claim"]
    for fact in world.of("layer_paid", claim=name):
        target = settled.supplement if fact["layer"] == "supplementary_insurance" else settled.others
        target[fact["layer"]] = target.get(fact["layer"], 0) + fen(fact["amount"])
    person, start = str(stay.claim["person"]), admitted(stay.claim)
    paid = stay.governs is not None and not stay.reason and stay.claim["kind"] == "inpatient"
    if paid and stay.row is not None and world.in_group(person, "pre_1949_worker", start):
        assert stay.governs is not None
        if stay.governs.scheme == "employee":
            base = 0
            for segment in stay.segments:
                shared = segment.bill.in_scope - segment.charged
                limited = round2(min(Fraction(shared), Fraction(segment.pooled) / Fraction(stay.row.rate)))
                base += limited - segment.pooled if segment.reason is None else 0
            settled.co_payment = base
            left = base - settled.supplement.get("supplementary_insurance", 0)
            settled.supplement["special_group"] = share(max(0, left), "0.8")
    paid_by_others = sum(settled.supplement.values()) + sum(settled.others.values())
    settled.member = max(0, total - settled.pooled - paid_by_others)


def _draw(world: World, settled: Settled, previous: Settled | None, rest: Held) -> None:
    """The account pays once, when the claim is first settled; later only less."""
    stay = settled.stay
    if stay.governs is None or stay.reason or stay.governs.liable:
        return
    if previous is not None:
        settled.account, settled.holder = previous.account, previous.holder
        settled.draw = min(previous.draw, settled.member, stay.limit_of_draw or settled.member)
        return
    provider = world.provider(stay.claim["provider"], admitted(stay.claim))
    wanted = stay.claim.get("draw_account", in_area(provider))
    if not wanted or not direct(world, stay.claim, provider):
        if wanted and not direct(world, stay.claim, provider):
            raise NotCovered
        return
    when, person = day(stay.claim["on"]), str(stay.claim["person"])
    limit = settled.member if stay.limit_of_draw is None else min(settled.member, stay.limit_of_draw)
    if stay.governs.scheme == "employee":
        settled.account, settled.holder = "personal", person
        settled.draw = min(limit, room_of_person(world, person, rest, when))
    else:
        household = home(world, person, when)
        settled.account, settled.holder = "family", household or ""
        settled.draw = min(limit, room_of_household(world, household, rest, when)) if household else 0


def draws(held: Held, account: str) -> dict[str, tuple[str, date, int]]:
    return {
        name: (each.holder, day(each.stay.claim["on"]), each.draw)
        for name, each in held.items()
        if each.account == account and each.draw
    }


def room_of_person(world: World, person: str, rest: Held, when: date) -> int:
    found = movements(world, person, draws(rest, "personal"), max(when, world.today))
    return _least([(each.on, each.amount) for each in found], when)


def room_of_household(world: World, household: str, rest: Held, when: date) -> int:
    found = book(world, draws(rest, "family"), max(when, world.today))
    return _least([(e.on, e.amount) for e in found.entries if e.household == household], when)


def _least(entries: list[tuple[date, int]], when: date) -> int:
    """The smallest balance on the day or later: what can be drawn without overdraft."""
    days = sorted({on for on, _ in entries if on > when} | {when})
    return max(0, min(sum(amount for on, amount in entries if on <= each) for each in days))
