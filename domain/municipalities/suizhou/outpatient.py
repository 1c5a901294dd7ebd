"""Ordinary outpatient care, two diseases, special diseases and separately paid drugs. Money in fen."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from domain.facts import ApprovalEnded, ClaimSubmitted, ProviderRegistered, SpecialDiseaseApproved
from domain.municipalities.suizhou.bill import Amounts
from domain.municipalities.suizhou.place import reduced
from domain.municipalities.suizhou.policy import figure
from domain.municipalities.suizhou.stay import capped, level_of
from domain.municipalities.suizhou.tally import Part, Tally
from domain.rulebook.announcements import announced_terms, fen_in, ratio_in
from domain.rulebook.citation import Finding, joined, rule
from domain.rulebook.view import View
from domain.values.calendar import FAR_FUTURE
from domain.values.money import Ratio, round_fen, share
from domain.values.terms import Approval, CareArea, ClaimKind, Programme, ProviderKind, Scheme


@rule("SZ-21a", article="第二十一条")
def employee_outpatient(a: int, b: int, upfront: Ratio, deductible: int, rate: Ratio, left: int) -> int:
    """Announced terms: class B share, annual deductible, rate of the level, annual limit."""
    return max(0, min(share_of(a, b, upfront, deductible, rate), left))


@rule("SZ-44a", article="第四十四条")
def resident_outpatient(in_scope: int, rate: Ratio, left: int) -> int:
    """At level 1 institutions half of the in-scope expense is paid, up to 350 a year."""
    return max(0, min(share(in_scope, rate), left))


@rule("SZ-44b", article="第四十四条")
def daily_limit(amount: int, limit: int, used: int) -> int:
    """The fund pays up to a limit per day and kind of facility."""
    return max(0, min(amount, limit - used))


@rule("SZ-44c", article="第四十四条")
def pregnancy_outpatient(in_scope: int, rate: Ratio, left: int) -> int:
    """Outpatient pregnancy care: half, within the 350, at any level and without a daily limit."""
    return max(0, min(share(in_scope, rate), left))


@rule("SZ-45a", article="第四十五条")
def two_disease(in_scope: int, rate: Ratio, left: int) -> int:
    """Medicines for recognised hypertension or diabetes: half at level 1, without a daily limit."""
    return max(0, min(share(in_scope, rate), left))


@rule("SZ-45b", article="第四十五条")
def joint_limit(limit: int, ordinary: int, two: int) -> int:
    """Ordinary outpatient and two-disease payments of a year share one limit."""
    return max(0, limit - ordinary - two)


@rule("SZ-45c", article="第四十五条")
def without_replaced(conditions: frozenset[str], replaced: frozenset[str]) -> frozenset[str]:
    """A condition approved as a special disease no longer counts for the two-disease benefit."""
    return conditions - replaced


def share_of(a: int, b: int, upfront: Ratio, deductible: int, rate: Ratio) -> int:
    """Class A and what is left of class B, less the deductible, at a rate; rounded once."""
    base = Decimal(a) + Decimal(b) * (1 - upfront) - deductible
    return round_fen(max(base, Decimal(0)) * rate)


NO_LIMIT = 10**15


def settle_employee_outpatient(
    view: View,
    claim: ClaimSubmitted,
    amounts: Amounts,
    level: int,
    area: CareArea,
    tally: Tally,
    retired: bool,
) -> Part:
    """Ordinary outpatient care of an employee, on the terms of P5."""
    day, scheme = claim.on, Scheme.EMPLOYEE
    terms = announced_terms(view, "ordinary_outpatient_terms", day, ("SZ-21a",), scheme=scheme)
    upfront = ratio_in(terms.get("upfront_share", "0"))
    whole = fen_in(terms.get("annual_deductible", "0"))
    deductible = max(0, whole - tally.year(scheme, day.year, "ordinary_deductible"))
    rate = reduced(view, rate_in(terms, level, retired), area, day)
    limit = _limit_in(terms, retired)
    left = NO_LIMIT if limit is None else limit - tally.year(scheme, day.year, "ordinary")
    own = share(amounts.b, upfront)
    charged = min(deductible, max(0, amounts.in_scope - own))
    paid = employee_outpatient(amounts.a, amounts.b, upfront, deductible, rate.value, left)
    cut = capped(view, scheme, paid.value, tally, day)
    return Part(
        scheme=scheme,
        amounts=amounts,
        upfront=own,
        deductible=deductible,
        charged=charged,
        rate=rate.value,
        limit=limit,
        pooled=cut.value,
        extra=_ordinary(scheme, day, cut.value, charged),
        because=joined(paid.because, rate.because, cut.because),
    )


def _ordinary(scheme: Scheme, day: date, paid: int, charged: int = 0) -> dict[str, int]:
    return {f"{scheme}/{day.year}/ordinary": paid, f"{scheme}/{day.year}/ordinary_deductible": charged}


def rate_in(terms: Mapping[str, Any], level: int, retired: bool = False) -> Ratio:
    """The announced rate of a level; level 1 stands for everything below it too."""
    rates = terms.get("rates_retired") if retired and "rates_retired" in terms else terms.get("rates")
    if isinstance(rates, Mapping):
        for name in (str(level), str(level_of(level))):
            if name in rates:
                return ratio_in(rates[name])
    rate = terms.get("rate", "0")
    if isinstance(rate, Mapping):
        return ratio_in(rate.get(str(level), rate.get(str(level_of(level)), "0")))
    return ratio_in(rate)


def _limit_in(terms: Mapping[str, Any], retired: bool) -> int | None:
    name = "annual_cap_retired" if retired and "annual_cap_retired" in terms else "annual_cap"
    return fen_in(terms[name]) if name in terms else None


def settle_resident_outpatient(
    view: View,
    claim: ClaimSubmitted,
    amounts: Amounts,
    provider: ProviderRegistered,
    area: CareArea,
    tally: Tally,
) -> Part:
    """Ordinary and pregnancy outpatient care of a resident."""
    day, scheme = claim.on, Scheme.RESIDENT
    pregnant = claim.kind in (ClaimKind.PREGNANCY_OUTPATIENT, ClaimKind.PRENATAL_CHECK)
    rate = reduced(view, figure(view, "outpatient.resident_rate", day), area, day)
    ordinary = tally.year(scheme, day.year, "ordinary")
    joint = joint_limit(
        joint_of(view, claim.person, day).value, ordinary, tally.year(scheme, day.year, "two_disease")
    )
    left = min(int(figure(view, "outpatient.resident_year_yuan", day)) - ordinary, joint.value)
    extra: dict[str, int] = {}
    limit = None
    if pregnant:
        paid = pregnancy_outpatient(amounts.in_scope, rate.value, left)
    elif level_of(provider.level) > 1:
        paid = Finding(0, ("SZ-44a",))
    else:
        name, limit = _day_limit(view, provider, day)
        bucket = f"day/{day}/{name}"
        whole = resident_outpatient(amounts.in_scope, rate.value, NO_LIMIT)
        within = daily_limit(whole.value, limit, tally.of(bucket))
        paid = Finding(min(within.value, max(left, 0)), joined(whole.because, within.because, joint.because))
    cut = capped(view, scheme, paid.value, tally, day)
    if limit is not None:
        extra[bucket] = cut.value
    return Part(
        scheme=scheme,
        amounts=amounts,
        rate=rate.value if pregnant or limit is not None else None,
        limit=limit,
        pooled=cut.value,
        extra={**_ordinary(scheme, day, cut.value), **extra},
        because=joined(paid.because, rate.because, cut.because),
    )


def _day_limit(view: View, provider: ProviderRegistered, day: date) -> tuple[str, int]:
    if provider.kind is ProviderKind.VILLAGE_CLINIC:
        return "village", int(figure(view, "outpatient.village_day_yuan", day))
    return "centre", int(figure(view, "outpatient.centre_day_yuan", day))


def conditions_on(view: View, person: str, day: date) -> Finding[frozenset[str]]:
    """Recognised conditions among hypertension and diabetes that still count for the two-disease benefit."""
    known = ("hypertension", "diabetes")
    own = {f.disease for f in approvals(view, person, day, Programme.TWO_DISEASE_MEDICATION)}
    replaced = {
        str(fact.covers or fact.disease)
        for fact in approvals(view, person, day, Programme.SPECIAL_DISEASE)
        if str(fact.covers or fact.disease) in known
    }
    conditions = frozenset(str(each) for each in own if str(each) in known)
    if conditions & replaced:
        return without_replaced(conditions, frozenset(replaced))
    return Finding(conditions)


def joint_of(view: View, person: str, day: date) -> Finding[int]:
    """The joint annual limit by the recognitions in force on a day."""
    conditions = conditions_on(view, person, day)
    table = figure(view, "outpatient.joint_limit_yuan", day)
    name = "both" if len(conditions.value) > 1 else next(iter(conditions.value), "none")
    return Finding(int(table[f"{name}_yuan"]), joined(("SZ-45b",), conditions.because))


def approvals(view: View, person: str, day: date, programme: Programme) -> list[SpecialDiseaseApproved]:
    """Approvals of a programme in force on a day."""
    ends = view.facts(ApprovalEnded, person=person)
    return [
        fact
        for fact in view.facts(SpecialDiseaseApproved, person=person)
        if fact.programme is programme
        and fact.on <= day < (fact.to or FAR_FUTURE)
        and not any(_ends(e, fact) and fact.on <= e.on <= day for e in ends)
    ]


def _ends(end: ApprovalEnded, fact: SpecialDiseaseApproved) -> bool:
    """The end of a special-disease approval: of the disease named, or of all when none is."""
    return end.approval is Approval.SPECIAL_DISEASE and end.disease in (None, fact.disease)


def settle_two_disease(
    view: View,
    claim: ClaimSubmitted,
    amounts: Amounts,
    provider: ProviderRegistered,
    area: CareArea,
    tally: Tally,
) -> Part:
    """Two-disease medicines of a resident."""
    day, scheme = claim.on, Scheme.RESIDENT
    conditions = conditions_on(view, claim.person, day)
    wanted = conditions.value if claim.disease is None else conditions.value & {str(claim.disease)}
    if not wanted:
        because = joined(("SZ-45a",), conditions.because)
        return Part(scheme=scheme, amounts=amounts, reason="disease_not_approved", because=because)
    rate = reduced(view, figure(view, "outpatient.two_disease_rate", day), area, day)
    limit = joint_of(view, claim.person, day)
    used = tally.year(scheme, day.year, "ordinary"), tally.year(scheme, day.year, "two_disease")
    joint = joint_limit(limit.value, *used)
    paid = two_disease(amounts.in_scope, rate.value, joint.value)
    value = paid.value if level_of(provider.level) == 1 else 0
    cut = capped(view, scheme, value, tally, day)
    return Part(
        scheme=scheme,
        amounts=amounts,
        rate=rate.value,
        limit=limit.value,
        pooled=cut.value,
        extra={f"{scheme}/{day.year}/two_disease": cut.value},
        because=joined(paid.because, joint.because, limit.because, rate.because, cut.because),
    )
