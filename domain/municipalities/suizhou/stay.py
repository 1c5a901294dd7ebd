"""Care on inpatient terms: deductible, stay number, episode, rate and cap (articles 23, 24, 47, 49, 54). In fen."""

from datetime import date

from domain.facts import ClaimSubmitted
from domain.municipalities.suizhou.bill import Amounts
from domain.municipalities.suizhou.groups import groups_on
from domain.municipalities.suizhou.place import outside, reduced
from domain.municipalities.suizhou.policy import CITY, figure
from domain.municipalities.suizhou.tally import Part, Tally
from domain.rulebook.citation import Finding, joined, rule
from domain.rulebook.view import View
from domain.values.money import Ratio, share
from domain.values.terms import CareArea, ClaimKind, Scheme

COUNTED = (ClaimKind.INPATIENT, ClaimKind.EMERGENCY_RESCUE, ClaimKind.PREGNANCY_ILLNESS)
COUNTED_RESIDENT = (*COUNTED, ClaimKind.DELIVERY, ClaimKind.TERMINATION)


@rule("SZ-23a", article="第二十三条")
def employee_standard(amount: int) -> int:
    """Deductible of an employee's stay by level, or outside the city."""
    return amount


@rule("SZ-47a", article="第四十七条")
def resident_standard(amount: int) -> int:
    """Deductible of a resident's stay by level, or outside the city."""
    return amount


@rule("SZ-23b", article="第二十三条")
def employee_further_stay(standard: int, number: int, step: int, floor: int) -> int:
    """Each further stay of the year lowers the deductible by 200, not below 400."""
    return max(floor, standard - step * (number - 1))


@rule("SZ-47b", article="第四十七条")
def resident_further_stay(standard: int, number: int, step: int, floor: int) -> int:
    """Each further stay of the year lowers the deductible by 200, not below 200."""
    return max(floor, standard - step * (number - 1))


@rule("SZ-23c", article="第二十三条")
def employee_referral(deductible: int, charged: int, upward: bool) -> int:
    """Referred up inside the area: the difference to what was charged; referred down: nothing."""
    return max(0, deductible - charged) if upward else 0


@rule("SZ-47e", article="第四十七条")
def resident_referral(deductible: int, charged: int, upward: bool) -> int:
    """Referred up inside the area: the difference to what was charged; referred down: nothing."""
    return max(0, deductible - charged) if upward else 0


@rule("SZ-47d", article="第四十七条（一）")
def waived_deductible(deductible: int) -> int:
    """Six groups bear no deductible for discharges until the end of 2025."""
    return 0


@rule("SZ-23d", article="第二十三条")
def employee_basic(base: int, rate: Ratio) -> int:
    """The pooled fund pays the level's rate of what is left after class B share and deductible."""
    return share(base, rate)


@rule("SZ-47c", article="第四十七条")
def resident_basic(base: int, rate: Ratio) -> int:
    """The pooled fund pays the level's rate of what is left after class B share and deductible."""
    return share(base, rate)


@rule("SZ-24a", article="第二十四条")
def employee_cap(amount: int, used: int, cap: int) -> int:
    """Basic payments of a natural year are capped, outpatient care included."""
    return max(0, min(amount, cap - used))


@rule("SZ-49a", article="第四十九条")
def resident_cap(amount: int, used: int, cap: int) -> int:
    """Basic payments of a natural year are capped, outpatient care included."""
    return max(0, min(amount, cap - used))


@rule("SZ-54a", article="第五十四条")
def merged_emergency(before_admission: bool) -> bool:
    """Emergency costs before an admission belong to the stay: one claim, one deductible."""
    return before_admission


@rule("SZ-54b", article="第五十四条")
def rescue_as_stay(kind: ClaimKind) -> bool:
    """Emergency care that ends in death or without admission is treated as a stay."""
    return kind is ClaimKind.EMERGENCY_RESCUE


@rule("SZ-54c", article="第五十四条")
def day_surgery_deductible(kind: ClaimKind) -> int:
    """Day surgery bears no deductible and does not count as a stay."""
    return 0


def cap_of(view: View, scheme: Scheme, day: date) -> int:
    """The annual cap of basic payments of a scheme, in fen."""
    return int(figure(view, f"cap.{scheme}_yuan", day))


def capped(view: View, scheme: Scheme, amount: int, tally: Tally, day: date) -> Finding[int]:
    """A basic payment cut to what is left of the annual cap; the rule counts when it cuts."""
    cap, used = cap_of(view, scheme, day), tally.year(scheme, day.year, "pooled")
    found = (employee_cap if scheme is Scheme.EMPLOYEE else resident_cap)(amount, used, cap)
    return found if found.value < amount else Finding(found.value)


def level_of(level: int) -> int:
    """Level 1 includes every institution below it."""
    return max(1, min(level, 3))


def class_b_share(view: View, amounts: Amounts, day: date) -> int:
    """What the patient bears of class B before anything else, once per claim."""
    return share(amounts.b, figure(view, "inpatient.class_b_own_share", day))


def rate_of(view: View, scheme: Scheme, level: int, area: CareArea, day: date) -> Finding[Ratio]:
    """The inpatient rate of a level at a place of care."""
    return reduced(view, figure(view, f"inpatient.{scheme}_rate", day)[str(level_of(level))], area, day)


def standard_deductible(view: View, scheme: Scheme, level: int, area: CareArea, day: date) -> Finding[int]:
    """The table value of a stay."""
    table = figure(view, f"inpatient.{scheme}_deductible_yuan", day)
    amount = table["outside_yuan" if outside(area) else f"{level_of(level)}_yuan"]
    return (employee_standard if scheme is Scheme.EMPLOYEE else resident_standard)(amount)


def numbered_deductible(
    view: View, scheme: Scheme, level: int, area: CareArea, number: int, day: date
) -> Finding[int]:
    """The deductible of the n-th stay of the year."""
    standard = standard_deductible(view, scheme, level, area, day)
    terms = figure(view, f"inpatient.{scheme}_step_yuan", day)
    further = employee_further_stay if scheme is Scheme.EMPLOYEE else resident_further_stay
    if number <= 1:
        return standard
    found = further(standard.value, number, terms["step_yuan"], terms["floor_yuan"])
    return Finding(found.value, joined(found.because, standard.because))


class Episode:
    """Linked stays inside the pooling area: the number of the first, and what was charged so far."""

    def __init__(self, number: int, charged: int, upward: bool | None) -> None:
        self.number = number
        self.charged = charged
        self.upward = upward


def episode_of(
    view: View, claim: ClaimSubmitted, scheme: Scheme, level: int, settled: dict[str, tuple[Part, int, bool]]
) -> Episode | None:
    """The episode that a stay continues: a referral between levels inside the area; None for a new stay."""
    earlier = settled.get(f"{scheme}/{claim.continues}") if claim.continues else None
    if earlier is None or earlier[0].stay is None or not earlier[2]:
        return None
    if not view.provider(claim.provider, claim.on).place.startswith(CITY):
        return None
    part, before, _ = earlier
    if level_of(level) == level_of(before):
        return None
    return Episode(part.stay or 1, part.episode_charged, level_of(level) > level_of(before))


def settle_stay(
    view: View,
    claim: ClaimSubmitted,
    scheme: Scheme,
    amounts: Amounts,
    level: int,
    area: CareArea,
    tally: Tally,
    episode: Episode | None,
    kept_number: int | None,
) -> Part:
    """A claim on inpatient terms: class B share, deductible, rate, cap."""
    day = claim.on
    counts = claim.kind in (COUNTED if scheme is Scheme.EMPLOYEE else COUNTED_RESIDENT)
    counts = counts or claim.kind is ClaimKind.EMERGENCY
    counts = counts or (claim.kind is ClaimKind.DELIVERY and scheme is Scheme.EMPLOYEE)
    number = episode.number if episode else kept_number or tally.year(scheme, day.year, "stays") + 1
    upfront = class_b_share(view, amounts, day)
    payable = amounts.in_scope - upfront
    deductible = _deductible(view, claim, scheme, level, area, number, episode)
    charged = min(deductible.value, payable)
    rate = rate_of(view, scheme, level, area, day)
    basic = (employee_basic if scheme is Scheme.EMPLOYEE else resident_basic)(payable - charged, rate.value)
    paid = capped(view, scheme, basic.value, tally, day)
    because = joined(deductible.because, basic.because, rate.because, paid.because, _emergency(claim))
    return Part(
        scheme=scheme,
        amounts=amounts,
        upfront=upfront,
        deductible=deductible.value,
        charged=charged,
        rate=rate.value,
        pooled=paid.value,
        stay=number if counts else None,
        counts=counts and episode is None,
        episode_charged=charged + (episode.charged if episode else 0),
        because=because,
    )


def _emergency(claim: ClaimSubmitted) -> tuple[str, ...]:
    if claim.kind is ClaimKind.EMERGENCY_RESCUE:
        return rescue_as_stay(claim.kind).because
    admitted = claim.admitted_on
    early = admitted is not None and any(line.on and line.on < admitted for line in claim.lines or ())
    return merged_emergency(early).because if early else ()


def _deductible(
    view: View,
    claim: ClaimSubmitted,
    scheme: Scheme,
    level: int,
    area: CareArea,
    number: int,
    episode: Episode | None,
) -> Finding[int]:
    if claim.kind is ClaimKind.DAY_SURGERY:
        return day_surgery_deductible(claim.kind)
    found = numbered_deductible(view, scheme, level, area, number, claim.on)
    if episode is not None and episode.upward is not None:
        refer = employee_referral if scheme is Scheme.EMPLOYEE else resident_referral
        linked = refer(found.value, episode.charged, episode.upward)
        found = Finding(linked.value, joined(linked.because, found.because))
    if scheme is Scheme.RESIDENT:
        groups = set(figure(view, "inpatient.waived_groups", claim.on))
        if groups & groups_on(view, claim.person, claim.on):
            return waived_deductible(found.value)
    return found
