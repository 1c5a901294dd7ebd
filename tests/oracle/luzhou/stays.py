"""One claim as of one moment, before caps and accounts: tests in the order of LZ 0.6, then the table."""

from dataclasses import dataclass, field
from datetime import date

from tests.oracle.luzhou.days import FIRST_DAY, after, day, fen, moment, share
from tests.oracle.luzhou.emergencies import EMERGENCY, admitted, is_emergency, with_emergency
from tests.oracle.luzhou.employee import Status, status
from tests.oracle.luzhou.knowledge import Fact, Missing, NotCovered, World
from tests.oracle.luzhou.scope import Bill, Row, bills, in_area, referred_out, row, treated_in_area
from tests.oracle.luzhou.standing import code, covered

STAYS = ("inpatient", "delivery", "termination")
VISITS = ("ordinary_outpatient", "pharmacy")
LIMITS = {"natural": 100000, "caesarean": 150000, "difficult": 150000}


@dataclass
class Segment:
    """One year of a stay. `computed` is what the fund would pay with unlimited cap."""

    year: int
    bill: Bill
    reason: str | None = None
    charged: int = 0
    computed: int = 0
    pooled: int = 0
    cap: int | None = None
    burden: int = 0


@dataclass
class Stay:
    """A claim's reading: who governs, which row, what each year would get."""

    claim: Fact
    governs: Status | None = None
    reason: str | None = None
    row: Row | None = None
    standard: int = 0
    limit: int | None = None
    segments: list[Segment] = field(default_factory=list)
    area: str | None = None
    burden: int = 0
    note: list[str] = field(default_factory=list)
    chain: list[str] = field(default_factory=list)
    highest: int = 0
    limit_of_draw: int | None = None
    joined: bool = False

    @property
    def total(self) -> int:
        return sum(each.bill.total for each in self.segments)


def direct(world: World, claim: Fact, provider: Fact) -> bool:
    stated = claim.get("settlement")
    return stated == "direct" if stated else bool(provider.get("direct_settlement", True))


def filed_on(world: World, claim: Fact, provider: Fact) -> date:
    if "filed_on" in claim:
        return day(claim["filed_on"])
    if direct(world, claim, provider):
        return day(claim["on"])
    return moment(str(claim["recorded"])).date()


def read(world: World, claim: Fact, chain: list[Stay]) -> Stay:
    """The claim as known: refused, or with what each segment would be paid."""
    person, when = str(claim["person"]), day(claim["on"])
    if when < FIRST_DAY:
        raise Missing("rules_not_in_force")
    provider = world.provider(claim["provider"], admitted(claim))
    parts = [_within_terms(part, claim, provider) for part in with_emergency(world, claim)]
    splits = in_area(provider) and direct(world, claim, provider) and _may_split(world, claim)
    years = bills(parts, Status("covered"), None if splits else when.year)
    stay = Stay(claim)
    governs = covered(world, person, when)
    stay.segments = [Segment(year, bill) for year, bill in sorted(years.items())]
    stay.reason = _early_refusal(world, claim, provider)
    if stay.reason:
        return stay
    _test_status(world, stay, person, when, governs)
    if _stands_refused(stay) or stay.governs is None:
        return stay
    years = bills(parts, stay.governs, None if splits else when.year)
    for segment in stay.segments:
        segment.bill = years[segment.year]
    refusal = _benefit_refusal(world, claim, provider, stay.governs)
    if refusal and not stay.governs.liable:
        stay.reason = refusal
        return stay
    if refusal:
        return stay
    _price(world, stay, provider, chain)
    return stay


def _stands_refused(stay: Stay) -> bool:
    """Refused for status; a claim that the employer must bear is priced all the same."""
    return stay.reason is not None and (stay.governs is None or not stay.governs.liable)


def _may_split(world: World, claim: Fact) -> bool:
    """Stays are cut at the turn of the year; what is paid up to a limit of LZ-32b never is."""
    if claim["kind"] == "inpatient":
        return True
    when, start = day(claim["on"]), admitted(claim)
    at = covered(world, str(claim["person"]), when)
    if at is None and start.year < when.year:
        at = covered(world, str(claim["person"]), date(start.year, 12, 31))
    return claim["kind"] in STAYS and at is not None and maternity_limit(claim, at) is None


def _within_terms(part: Fact, claim: Fact, provider: Fact) -> Fact:
    """Lines before a stay count from the third day before it; none after an emergency was stabilised."""
    lines = part.get("lines")
    if lines is None or part is not claim:
        return part
    start = min((day(line.get("on") or part["on"]) for line in lines), default=admitted(claim))
    too_early = admitted(claim) > after(start, 3)
    limit = claim.get("stabilised_on") if not provider.get("designated", True) else None
    kept = []
    for line in lines:
        when = day(line.get("on") or part["on"])
        dropped = (too_early and when < admitted(claim)) or (limit is not None and when > day(limit))
        kept.append({**line, "class": "C"} if dropped else line)
    return {**part, "lines": kept}


def _early_refusal(world: World, claim: Fact, provider: Fact) -> str | None:
    when = day(claim["on"])
    if first_filed(world, claim, provider) > date(when.year + 1, 3, 31):
        return "filed_late"
    missing = set(claim.get("papers_missing", []))
    bill = fen_total(claim)
    if claim.get("cause") != "accident" and bill < 3000000:
        missing -= {"medical_record_copy"}
    return "documents_missing" if missing else None


def first_filed(world: World, claim: Fact, provider: Fact) -> date:
    """The day of first filing: what a correction replaces counts (LZ-40d)."""
    filed = filed_on(world, claim, provider)
    while "corrects" in claim:
        claim = next(fact for fact in world.told if fact.get("id") == claim["corrects"])
        filed = min(filed, filed_on(world, claim, provider))
    return filed


def fen_total(claim: Fact) -> int:
    return sum(bill.total for bill in bills([claim], Status("covered"), 1).values())


def _test_status(world: World, stay: Stay, person: str, when: date, governs: Status | None) -> None:
    """LZ-41c: a segment needs cover on its last day; the state at discharge classifies if covered."""
    tested: list[tuple[Segment, Status | None, date]] = []
    for segment in stay.segments:
        last = when if segment.year == when.year else date(segment.year, 12, 31)
        if last < FIRST_DAY:
            segment.reason = "rules_not_in_force"
            continue
        tested.append((segment, covered(world, person, last), last))
        if tested[-1][1] is None:
            segment.reason = code(world, person, last)
    payable = [found for _, found, _ in tested if found is not None]
    stay.governs = (governs or payable[-1]) if payable else None
    if stay.governs is None:
        stay.reason = stay.segments[-1].reason
        now = status(world, person, when)
        if stay.reason == "employer_liable":
            stay.governs = Status("suspended", "employed", "combined", now.employer, liable=True)


def _benefit_refusal(world: World, claim: Fact, provider: Fact, governs: Status) -> str | None:
    kind = claim["kind"]
    if not provider.get("designated", True):
        if not claim.get("emergency") and kind not in EMERGENCY:
            return "provider_not_designated"
        stabilised = claim.get("stabilised_on")
        if stabilised is not None and day(stabilised) < admitted(claim):
            raise NotCovered
    if provider.get("kind") == "pharmacy" or kind not in STAYS + EMERGENCY:
        raise NotCovered
    if kind in ("delivery", "termination"):
        terms = claim.get("maternity", {})
        if not terms.get("policy_compliant", True):
            return "policy_not_met"
        if governs.scheme == "employee" and governs.capacity not in ("flexible", "unemployed"):
            return "maternity_not_covered"
    return None


def maternity_limit(claim: Fact, governs: Status) -> int | None:
    terms = claim.get("maternity", {})
    if governs.scheme != "resident" or claim["kind"] not in ("delivery", "termination"):
        return None
    if terms.get("complication"):
        return None
    event = terms.get("event", "birth" if claim["kind"] == "delivery" else "miscarriage")
    if event == "birth":
        return LIMITS[terms.get("delivery_mode", "natural")] + 20000 * (int(terms.get("babies", 1)) - 1)
    return 20000 if event == "induced_labour" else 10000


def _price(world: World, stay: Stay, provider: Fact, chain: list[Stay]) -> None:
    assert stay.governs is not None
    claim, governs = stay.claim, stay.governs
    person, start = str(claim["person"]), admitted(claim)
    stay.row = row(world, person, provider, governs, start, is_emergency(claim))
    stay.limit = maternity_limit(claim, governs)
    stay.area = _area(world, person, provider, governs, claim)
    payable = [segment for segment in stay.segments if segment.reason is None or governs.liable]
    for segment in payable:
        segment.cap = _cap(world, governs, segment.year)
    if stay.limit is not None:
        for segment in payable:
            segment.computed = min(stay.limit, segment.bill.total)
        return
    stay.standard = stay.highest = stay.row.deductible
    _linked(world, stay, provider, chain)
    left = stay.standard
    for segment in payable:
        segment.charged = min(left, segment.bill.in_scope)
        left -= segment.charged
        segment.computed = share(segment.bill.in_scope - segment.charged, stay.row.rate)
    if governs.liable:
        for segment in payable:
            segment.burden, segment.computed, segment.charged = segment.computed, 0, 0
        return
    left = stay.standard
    for segment in stay.segments:
        if segment.reason == "employer_liable":  # LZ-06d: as if it had been payable, by itself
            segment.cap = _cap(world, governs, segment.year)
            charged = min(left, segment.bill.in_scope)
            left -= charged
            segment.burden = share(segment.bill.in_scope - charged, stay.row.rate)


def _cap(world: World, governs: Status, year: int) -> int:
    marks = {"scheme": governs.scheme}
    if governs.tier:
        fact = world.announced("annual_cap", date(year, 12, 31), year, **marks, tier=governs.tier)
    else:
        fact = world.announced("annual_cap", date(year, 12, 31), year, **marks)
    if fact is None:
        raise Missing("announcement_missing", "annual_cap")
    return fen(fact["value"])


def _linked(world: World, stay: Stay, provider: Fact, chain: list[Stay]) -> None:
    """LZ-36a: one deductible for stays linked by a referral inside three days."""
    claim, person = stay.claim, str(stay.claim["person"])
    assert stay.governs is not None
    for before in reversed(chain):
        sender = world.provider(before.claim["provider"], admitted(before.claim))
        both = all(
            treated_in_area(world, person, each, stay.governs, admitted(claim)) for each in (sender, provider)
        )
        if both and _link(world, stay, before, chain):
            return


def _link(world: World, stay: Stay, before: Stay, chain: list[Stay]) -> bool:
    claim, person = stay.claim, str(stay.claim["person"])
    for fact in world.of("patient_referred", person=person):
        sent = fact.get("from_provider") == before.claim["provider"]
        here = fact.get("to_provider") == claim["provider"]
        near = abs((day(fact["on"]) - day(before.claim["on"])).days) <= 3
        if sent and here and near and day(fact["on"]) <= admitted(claim) <= after(day(fact["on"]), 3):
            linked = [each for each in chain if each.claim["claim"] in before.chain] + [before]
            consumed = sum(s.charged for each in linked for s in each.segments if each.reason is None)
            stay.highest = max([stay.highest] + [each.highest for each in linked])
            stay.standard = max(0, stay.highest - consumed)
            stay.chain = [str(each.claim["claim"]) for each in linked]
            return True
    return False


def _area(world: World, person: str, provider: Fact, governs: Status, claim: Fact) -> str | None:
    start = admitted(claim)
    if in_area(provider):
        return "local"
    if governs.scheme == "resident" and list(world.of("patient_referred", person=person)):
        return None
    if treated_in_area(world, person, provider, governs, start):
        return "registered" if governs.scheme == "employee" else None
    marks = ["emergency"] if is_emergency(claim) else []
    marks += ["referred"] if referred_out(world, person, provider, start) else []
    return None if len(marks) == 2 else (marks or ["unreferred"])[0]
