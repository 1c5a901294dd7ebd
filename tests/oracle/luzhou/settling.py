"""Claims settled fact by fact: the cap in order of settlement, account draws once (LZ 0.8, 30f, 40b)."""

from bisect import bisect_right
from dataclasses import replace
from datetime import date
from fractions import Fraction

from tests.oracle.luzhou.caps import Held, Settled, recoveries, used
from tests.oracle.luzhou.days import day, fen, round2, share
from tests.oracle.luzhou.emergencies import EMERGENCY, admitted, ending, following_stay, with_emergency
from tests.oracle.luzhou.family import book, first_overdraft, home, lowest_balance
from tests.oracle.luzhou.knowledge import Fact, Missing, NotCovered, Telling, World, remembered
from tests.oracle.luzhou.personal import Movement, movements
from tests.oracle.luzhou.scope import in_area
from tests.oracle.luzhou.standing import covered
from tests.oracle.luzhou.stays import VISITS, Stay, direct, read
from tests.oracle.luzhou.visits import read_visit


@remembered
def settle(world: World) -> Held:
    """Every claim as known at a moment, by adjudicating after each recorded fact."""
    count = bisect_right(world.telling.steps, world.known, key=lambda step: step.known)
    held = after_steps(world.telling, count)
    return adjudicate(world, held) if any(f["fact"] == "claim_submitted" for f in world.told) else held


def after_steps(telling: Telling, count: int) -> Held:
    """What is held after so many acts of recording."""
    while len(telling.held) < count:
        step, before = telling.steps[len(telling.held)], telling.held[-1] if telling.held else {}
        begun = any(fact["fact"] == "claim_submitted" for fact in step.told)
        telling.held.append(adjudicate(step, before) if begun else before)
    return telling.held[count - 1] if count else {}


def adjudicate(world: World, before: Held) -> Held:
    """All claims anew: first each is read, in order of admission, then paid, in order of settlement."""
    claims = [f for f in world.told if f["fact"] == "claim_submitted" and any(f is g for g in world.facts)]
    order = {name: number for number, name in enumerate(before)}
    claims.sort(key=lambda fact: order.get(fact["claim"], len(order)))
    names = {str(claim["claim"]) for claim in claims}
    read_so_far: list[Stay] = []
    stays: dict[str, Stay | Missing | NotCovered] = {}
    for claim in sorted(claims, key=admitted):
        found = _read(world, claim, read_so_far, names)
        stays[str(claim["claim"])] = found
        if isinstance(found, Stay):
            read_so_far.append(found)
    held = {name: each for name, each in before.items() if name in names}
    allowed = affordable(world, held)
    now: Held = {}
    for claim in claims:
        name = str(claim["claim"])
        rest = {key: each for key, each in (held | now).items() if key != name}
        now[name] = _one(world, claim, stays[name], before, rest, allowed)
    for person in {each.holder for each in now.values() if each.account == "personal"}:
        _within_balance(world, person, now)
    return now


def _within_balance(world: World, person: str, now: Held) -> None:
    """LZ-40b: by the credits as they are now known, no claim takes more than its day's balance."""
    mine = {name: each for name, each in draws(now, "personal").items() if each[0] == person}
    taken: dict[str, tuple[str, date, int]] = {}
    for name in sorted(mine, key=lambda each: mine[each][1]):
        when = mine[name][1]
        try:
            found = movements(world, person, taken | {name: mine[name]}, when)
        except (Missing, NotCovered) as problem:  # no text says what becomes of a draw on untold credits
            now[name].lost = problem if isinstance(problem, NotCovered) else NotCovered()
            return
        balance = sum(each.amount for each in found if _can_be_drawn(each, when))
        now[name].draw = max(0, now[name].draw + min(0, balance))
        taken[name] = (person, when, now[name].draw)


def _read(world: World, claim: Fact, earlier: list[Stay], names: set[str]) -> Stay | Missing | NotCovered:
    try:
        if following_stay(world, claim) in names:
            return Stay(claim, joined=True)
        if claim["kind"] in VISITS or (claim["kind"] in EMERGENCY and not _as_a_stay(world, claim)):
            return read_visit(world, claim)
        return read(world, claim, _chain(claim, earlier))
    except (Missing, NotCovered) as problem:
        return problem


def _one(
    world: World,
    claim: Fact,
    stay: Stay | Missing | NotCovered,
    before: Held,
    rest: Held,
    allowed: dict[str, int],
) -> Settled:
    if isinstance(stay, Missing):
        return Settled(Stay(claim), error=stay)
    if isinstance(stay, NotCovered):
        return Settled(Stay(claim), lost=stay)
    settled = Settled(stay)
    if stay.joined:
        return settled
    previous = _previous(world, claim, before)
    try:
        _apply_cap(world, settled, previous, rest)
        _apply_layers(world, settled)
        _draw(world, settled, previous, rest, allowed)
    except Missing as error:
        return Settled(Stay(claim), error=error)
    except NotCovered as lost:
        settled.account, settled.lost = None, lost
    return settled


def _previous(world: World, claim: Fact, before: Held) -> Settled | None:
    """What was held, with what an account had paid for an emergency visit that now belongs to the stay.

    While something was missing the member bore the bill (facts v1, section 4): no draw is made up for later (0.8).
    """
    previous = before.get(str(claim["claim"]))
    if previous is None or previous.stay.joined:
        return None
    for part in with_emergency(world, claim)[1:]:
        given = before.get(str(part["claim"]))
        if given is not None and given.draw:
            draw = previous.draw + given.draw
            previous = replace(previous, draw=draw, account=given.account, holder=given.holder)
    return previous


def _as_a_stay(world: World, claim: Fact) -> bool:
    """Emergency care that ended in death, or at a provider without agreement (LZ-31a, 31b)."""
    provider = world.provider(claim["provider"], admitted(claim))
    return ending(world, claim) == "died" or not provider.get("designated", True)


def _chain(claim: Fact, earlier: list[Stay]) -> list[Stay]:
    """Earlier stays of the person, by admission."""
    return [
        stay
        for stay in earlier
        if stay.claim["person"] == claim["person"] and stay.claim["kind"] not in VISITS
    ]


def _apply_cap(world: World, settled: Settled, previous: Settled | None, rest: Held) -> None:
    stay = settled.stay
    for segment in stay.segments if stay.governs is not None else []:
        if not segment.burden:
            continue
        room = (segment.cap or 0) - used(world, str(stay.claim["person"]), "employee", segment.year, rest)
        stay.burden += max(0, min(segment.burden, room))
    if stay.governs is None or stay.reason:
        return
    same = previous is not None and previous.stay.governs is not None
    for segment in stay.segments:
        kept = None
        held = previous.stay if same and previous is not None else None
        if held is not None and held.governs is not None and held.governs.scheme == stay.governs.scheme:
            kept = next((s for s in held.segments if s.year == segment.year), None)
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
    settled.recovered = recoveries(world, str(stay.claim["claim"]), settled.pooled)
    settled.pooled -= sum(settled.recovered.values())


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
    paid_by_others += settled.recovered.get("provider", 0)
    settled.member = max(0, total - settled.pooled - paid_by_others)


def _draw(
    world: World, settled: Settled, previous: Settled | None, rest: Held, allowed: dict[str, int]
) -> None:
    """The account pays once, when the claim is first settled; later only less."""
    stay = settled.stay
    if stay.governs is None or stay.reason or stay.governs.liable:
        return
    if previous is not None:
        if previous.lost is not None:
            raise previous.lost
        settled.account, settled.holder = previous.account, previous.holder
        settled.draw = min(previous.draw, settled.member, stay.limit_of_draw or settled.member)
        settled.draw = min(settled.draw, allowed.get(str(stay.claim["claim"]), settled.draw))
        own = "personal" if stay.governs.scheme == "employee" else "family"
        if stay.claim["kind"] in VISITS and settled.account != own:
            settled.draw = 0
        return
    provider = world.provider(stay.claim["provider"], admitted(stay.claim))
    wanted = stay.claim.get("draw_account", in_area(provider))
    if not wanted or not direct(world, stay.claim, provider):
        if wanted and not direct(world, stay.claim, provider):
            raise NotCovered
        return
    when, person = day(stay.claim["on"]), str(stay.claim["person"])
    limit = settled.member if stay.limit_of_draw is None else min(settled.member, stay.limit_of_draw)
    now = covered(world, person, when)
    if now is None or now.scheme != stay.governs.scheme:
        return
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
    told = [(each.on, each.amount) for each in found if each.on > when or _can_be_drawn(each, when)]
    return _least(told, when)


def _can_be_drawn(entry: Movement, when: date) -> bool:
    """The year's interest comes after everything else of its day (0.7)."""
    return entry.on < when or (entry.on == when and entry.kind != "interest")


def room_of_household(world: World, household: str, rest: Held, when: date) -> int:
    until = max(when, world.today)
    before = book(world, draws(rest, "family"), until)
    room = sum(e.amount for e in before.entries if e.household == household and e.on <= when)
    while room > 0:
        with_draw = draws(rest, "family") | {"": (household, when, room)}
        lowest = lowest_balance(book(world, with_draw, until).entries)
        if lowest >= 0:
            return room
        room += lowest
    return 0


def affordable(world: World, held: Held) -> dict[str, int]:
    """What each claim can keep of a family account's money as the days are now known (LZ-26a, 26d)."""
    drawn = draws(held, "family")
    if not drawn:
        return {}
    try:
        while (short := first_overdraft(book(world, drawn, world.today).entries)) is not None:
            when, household, fen_short = short
            names = [n for n, (h, on, _) in drawn.items() if h == household and on == when]
            if not names:
                break
            left = max(0, drawn[names[-1]][2] - fen_short)
            drawn[names[-1]] = (household, when, left)
            if not left:
                del drawn[names[-1]]
    except (Missing, NotCovered):
        return {}
    return {name: drawn[name][2] if name in drawn else 0 for name in draws(held, "family")}


def _least(entries: list[tuple[date, int]], when: date) -> int:
    """The smallest balance on the day or later: what can be drawn without overdraft."""
    days = sorted({on for on, _ in entries if on > when} | {when})
    return max(0, min(sum(amount for on, amount in entries if on <= each) for each in days))
