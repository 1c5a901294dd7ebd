"""Claims of a person in order of settlement, each with its counters (articles 57 and 59). Money in fen."""

from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from domain.errors import Unanswerable
from domain.facts import ClaimSubmitted, ProviderRegistered, SanctionDecided
from domain.municipalities.suizhou import maternity_care as mat
from domain.municipalities.suizhou.bill import Amounts, Priced, priced_lines, summed
from domain.municipalities.suizhou.opening_counters import opening
from domain.municipalities.suizhou.place import area_of
from domain.municipalities.suizhou.policy import require_force
from domain.municipalities.suizhou.settle_lines import (
    NUMBERS,
    kind_of,
    refusal,
    scheme_of_line,
    settle_part,
)
from domain.municipalities.suizhou.stay import Episode, cap_of, episode_of
from domain.municipalities.suizhou.supplement import supplement_of
from domain.municipalities.suizhou.tally import Part, Tally
from domain.rulebook.citation import joined, rule
from domain.rulebook.view import View, claims_of, per_view
from domain.state.held import Version
from domain.values.terms import CareArea, ClaimKind, SanctionReason, Scheme

MEMORIES = ("line/", "stay/")
"""What a settlement remembers of itself: no counter that another claim finds."""
ENDS_PREGNANCY = (ClaimKind.DELIVERY, ClaimKind.TERMINATION)
"""How a pregnancy ends, which it does once: a second such claim is a second benefit (SZ-55a)."""


class Settled(Struct, frozen=True, kw_only=True):
    """What became of one claim."""

    claim: ClaimSubmitted
    since: date
    """Settlement moment: first knowledge date with a covered line (SZ-57c)."""
    lines: list[Priced]
    parts: tuple[Part, ...] = ()
    area: CareArea | None = None
    uncovered: int = 0
    reason: str | None = None
    problem: Unanswerable | None = None
    covered: bool = False
    caps_left: tuple[int, ...] = ()
    delta: dict[str, int] = {}
    reversed_on: date | None = None
    sanction: str | None = None
    because: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """The whole bill."""
        return sum(line.total for line in self.lines)


@rule("SZ-57a", article="第五十七条")
def settlement_year(discharged: date) -> int:
    """A claim belongs wholly to the calendar year of the discharge or visit."""
    return discharged.year


@rule("SZ-57c", article="第五十七条")
def order_of_settlement(since: date, discharged: date, claim: str) -> tuple[date, date, str]:
    """Claims are calculated in the order in which they could first be settled; later ones renumber nothing."""
    return since, discharged, claim


@rule("SZ-57d", article="第五十七条")
def stays_with_its_number(kept: int | None) -> int | None:
    """A settled stay keeps its number when later facts change its terms."""
    return kept


@rule("SZ-75a", article="第七十五条")
def reversed_by(decisions: list[date]) -> date | None:
    """A claim obtained by fraud is reversed; its counters drop for later claims only."""
    return min(decisions, default=None)


@per_view
def settled(view: View, person: str) -> tuple[Settled, ...]:
    """Every claim of a person in order of settlement."""
    held = view.held(f"person:{person}").settlements
    queue = []
    for claim in claims_of(view, person):
        since = first_covered(held.get(claim.claim, []), view.today)
        queue.append((order_of_settlement(since, claim.on, claim.claim).value, claim))
    walk = _Walk(view, person)
    return tuple(
        walk.settle(claim, key[0], held.get(claim.claim, []))
        for key, claim in sorted(queue, key=lambda q: q[0])
    )


def first_covered(versions: list[Version], today: date) -> date:
    """The first knowledge date on which a claim had a covered line."""
    for version in versions:
        if version.settlement.counters.get("covered"):
            return version.recorded.day
    return today


class _Walk:
    """The counters while the claims of one person are settled one after the other."""

    def __init__(self, view: View, person: str) -> None:
        self.view = view
        self.person = person
        self.sums = Tally(opening(view, person))
        self.to_be_reversed: list[Settled] = []
        self.stays: dict[str, tuple[Part, int, bool]] = {}
        self.pregnancies: dict[str, tuple[str, set[ClaimKind]]] = {}

    def tally(self, since: date) -> Tally:
        """Counters that a claim finds: those of earlier claims that were not reversed by then (SZ-75a).

        Claims come in order of settlement, so a reversal that has taken effect stays in effect.
        """
        for earlier in self.to_be_reversed:
            if earlier.reversed_on is not None and earlier.reversed_on <= since:
                self.sums.add({n: -v for n, v in earlier.delta.items() if not n.startswith(MEMORIES)})
        self.to_be_reversed = [e for e in self.to_be_reversed if e.reversed_on and e.reversed_on > since]
        return Tally(self.sums.sums)

    def settle(self, claim: ClaimSubmitted, since: date, versions: list[Version]) -> Settled:
        """One claim; what is missing becomes its problem."""
        lines = list(priced_lines(claim))
        try:
            require_force(self.view, claim.on)
            found = self._settled(claim, since, versions, lines)
        except Unanswerable as error:
            covered = self._any_cover(claim, lines)
            found = Settled(claim=claim, since=since, lines=lines, problem=error, covered=covered)
        found = _sanctioned(self.view, found)
        self.sums.add({name: value for name, value in found.delta.items() if not name.startswith(MEMORIES)})
        if found.reversed_on is not None:
            self.to_be_reversed.append(found)
        return found

    def _any_cover(self, claim: ClaimSubmitted, lines: list[Priced]) -> bool:
        try:
            return any(scheme_of_line(self.view, claim, line, 0) is not None for line in lines)
        except Unanswerable:
            return False

    def _settled(
        self, claim: ClaimSubmitted, since: date, versions: list[Version], lines: list[Priced]
    ) -> Settled:
        view = self.view
        provider = view.provider(claim.provider, claim.on, ("SZ-59b",))
        area = area_of(view, claim)
        base = Settled(claim=claim, since=since, lines=lines, area=area.value, because=area.because)
        if claim.insured_through not in (None, claim.person) and claim.kind in mat.MATERNITY_KINDS:
            return self._of_spouse(base, provider)
        kept = versions[-1].settlement.counters if versions else {}
        schemes = {
            line.number: scheme_of_line(view, claim, line, kept.get(f"line/{line.number}", 0))
            for line in lines
        }
        groups = [s for s in Scheme if any(found is s for found in schemes.values())]
        uncovered = sum(line.total for line in lines if schemes[line.number] is None)
        if not groups:
            reason, because = refusal(view, claim, lines)
            because = joined(because, ("SZ-57b", "SZ-59b"))
            return replace(base, uncovered=uncovered, reason=reason, because=because)
        tally = self.tally(since)
        found = replace(base, uncovered=uncovered, covered=True)
        for scheme in groups:
            own = summed(lines, lambda line, scheme=scheme: schemes[line.number] is scheme)  # type: ignore[misc]
            found = self._with_part(found, scheme, own, provider, tally, versions)
        number = {line.number: NUMBERS[s] for line in lines if (s := schemes[line.number]) is not None}
        return _remembered(found, number)

    def _with_part(
        self,
        found: Settled,
        scheme: Scheme,
        amounts: Amounts,
        provider: ProviderRegistered,
        tally: Tally,
        versions: list[Version],
    ) -> Settled:
        """Add the settlement of one scheme's lines, unless the pregnancy was paid elsewhere (SZ-55a)."""
        claim, view = found.claim, self.view
        if not self._first_benefit(claim, scheme, f"{scheme}/{claim.insured_through or self.person}"):
            part = Part(scheme=scheme, amounts=amounts, reason="duplicate_benefit", because=("SZ-55a",))
        else:
            episode = episode_of(view, claim, scheme, provider.level, self.stays)
            number = kept_number(versions, scheme, view.today, episode)
            assert found.area is not None
            part = settle_part(view, claim, scheme, amounts, provider, found.area, tally, episode, number)
        extra = supplement_of(view, self.person, part, kind_of(claim, scheme), claim.on, tally)
        part = replace(part, supplement=extra.value[0], because=joined(part.because, extra.because))
        delta = _delta(part, claim.on, extra.value[1]) if part.tallied and part.reason is None else {}
        tally.add(delta)
        local = found.area is CareArea.LOCAL
        self.stays[f"{scheme}/{claim.claim}"] = (part, provider.level, local)
        return replace(
            found,
            parts=(*found.parts, part),
            reason=found.reason or part.reason,
            delta=_sum(found.delta, delta),
            caps_left=(*found.caps_left, _cap_left(view, part, claim.on, tally)),
            because=joined(found.because, part.because),
        )

    def _first_benefit(self, claim: ClaimSubmitted, scheme: Scheme, entitlement: str) -> bool:
        kinds = (*mat.MATERNITY_KINDS, ClaimKind.TERMINATION, ClaimKind.PREGNANCY_OUTPATIENT)
        if claim.maternity is None or claim.maternity.pregnancy is None or claim.kind not in kinds:
            return True
        first, seen = self.pregnancies.setdefault(claim.maternity.pregnancy, (entitlement, set()))
        again = (
            claim.kind in ENDS_PREGNANCY and claim.continues is None and not seen.isdisjoint(ENDS_PREGNANCY)
        )
        if not mat.one_benefit(entitlement, first).value or again:
            return False
        seen.add(claim.kind)
        return True

    def _of_spouse(self, base: Settled, provider: ProviderRegistered) -> Settled:
        """A wife's claim through her husband's maternity insurance (SZ-30b)."""
        claim, view = base.claim, self.view
        amounts = summed(base.lines, lambda line: True)
        reason, because = mat.entitling_spouse(view, claim)
        if reason is not None:
            return replace(base, uncovered=base.total, reason=reason, because=because)
        scheme = Scheme.EMPLOYEE
        if not self._first_benefit(claim, scheme, f"{scheme}/{claim.insured_through}"):
            part = Part(scheme=scheme, amounts=amounts, reason="duplicate_benefit", because=("SZ-55a",))
        elif kind_of(claim, scheme) is ClaimKind.PREGNANCY_ILLNESS:
            assert base.area is not None
            part = mat.settle_spouse_complication(view, claim, amounts, provider.level, base.area)
        else:
            assert base.area is not None
            tally = self.tally(base.since)
            part = settle_part(view, claim, scheme, amounts, provider, base.area, tally, None, None)
        delta = {name: value for name, value in part.extra.items() if name.startswith("pregnancy/")}
        part = replace(part, layer=False, because=joined(because, part.because))
        return replace(
            base, parts=(part,), covered=True, reason=part.reason, delta=delta, because=part.because
        )


def kept_number(versions: list[Version], scheme: Scheme, today: date, episode: Episode | None) -> int | None:
    """The number that a stay received when it was first settled on an earlier day."""
    if episode is not None:
        return None
    for version in reversed(versions):
        number = version.settlement.counters.get(f"stay/{scheme}")
        if number and version.recorded.day < today:
            return stays_with_its_number(number).value
    return None


def _delta(part: Part, day: date, burden: int) -> dict[str, int]:
    year = settlement_year(day).value
    own = {
        part.name(year, "pooled"): part.pooled,
        part.name(year, "burden"): burden,
        part.name(year, "supplement"): part.supplement,
        part.name(year, "stays"): 1 if part.counts else 0,
        **part.extra,
    }
    return {name: value for name, value in own.items() if value}


def _sum(one: dict[str, int], other: dict[str, int]) -> dict[str, int]:
    return {name: one.get(name, 0) + other.get(name, 0) for name in dict.fromkeys([*one, *other])}


def _cap_left(view: View, part: Part, day: date, tally: Tally) -> int:
    return max(0, cap_of(view, part.scheme, day) - tally.year(part.scheme, day.year, "pooled"))


def _remembered(found: Settled, numbers: dict[int, int]) -> Settled:
    """Keep which scheme paid which line, and the stay numbers, for settlements to come."""
    paid = {NUMBERS[p.scheme] for p in found.parts if p.pooled + p.maternity + p.supplement > 0}
    memory = {f"line/{line}": number for line, number in numbers.items() if number in paid}
    memory.update({f"stay/{p.scheme}": p.stay for p in found.parts if p.stay is not None})
    return replace(found, delta={**found.delta, **memory})


def _sanctioned(view: View, found: Settled) -> Settled:
    decisions = [
        fact
        for fact in view.facts(SanctionDecided, claim=found.claim.claim)
        if fact.claims and found.claim.claim in fact.claims and fact.reason is SanctionReason.FRAUD
    ]
    if not decisions or found.problem is not None:
        return found
    on = reversed_by([fact.recorded.day for fact in decisions])
    return replace(
        found, reversed_on=on.value, sanction=decisions[0].id, because=joined(found.because, on.because)
    )
