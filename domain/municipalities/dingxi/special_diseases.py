"""Special-disease outpatient care (arts. 29 to 34)."""

from datetime import date

from msgspec import Struct

from domain.facts import ApprovalEnded, ClaimSubmitted, SpecialDiseaseApproved, SpecialDiseasesSelected
from domain.municipalities.dingxi.policy import figure
from domain.rulebook.citation import Finding, rule
from domain.rulebook.view import View
from domain.values.calendar import FAR_FUTURE
from domain.values.money import Ratio, round_fen
from domain.values.terms import Approval, ClaimKind, Programme


class Payment(Struct, frozen=True):
    """What a special-disease claim pays, and the own part within the limit, in fen."""

    paid: int
    own: int


@rule("DX-30a", article="第三十条")
def entered(view: View, person: str, day: date) -> list[str]:
    """The diseases entered for a person on a day: from the day of entry until the day of exit."""
    listed = figure(view, "special.limit_yuan", day)
    ends = [e for e in view.facts(ApprovalEnded, person=person) if e.approval is Approval.SPECIAL_DISEASE]
    found: dict[str, None] = {}
    for fact in view.facts(SpecialDiseaseApproved, person=person):
        if fact.programme is not Programme.SPECIAL_DISEASE or number(fact.disease) not in listed:
            continue
        stops = [e.on for e in ends if e.on >= fact.on and _same(e.disease, fact.disease)]
        if fact.on <= day < min([*stops, fact.to or FAR_FUTURE]):
            found[number(fact.disease)] = None
    return list(found)


def _same(ended: str | None, approved: str) -> bool:
    return ended is None or number(ended) == number(approved)


def number(disease: str) -> str:
    """The number of a disease in the list, without leading zeros."""
    return disease.lstrip("0")


def used(view: View, person: str, day: date) -> Finding[list[str]]:
    """The diseases whose benefit is used on a day: the chosen ones, else the three with the highest limits."""
    known = entered(view, person, day)
    limits = figure(view, "special.limit_yuan", day)
    most: int = figure(view, "special.combination", day)["used"]
    choices = [
        fact
        for fact in view.facts(SpecialDiseasesSelected, person=person)
        if fact.on <= day and len(fact.diseases) <= most
    ]
    if choices:
        chosen = [number(each) for each in choices[-1].diseases]
        kept = [each for each in known.value if each in chosen]
        return Finding(kept, (*known.because, "DX-30b"))
    ranked = sorted(known.value, key=lambda each: (-limits[each], int(each)))
    return Finding(ranked[:most], (*known.because, "DX-30b"))


@rule("DX-30b", article="第三十条（四）")
def yearly_limit(view: View, person: str, day: date) -> Finding[int]:
    """The highest single limit among the used diseases, and 300 yuan for each further one."""
    found = used(view, person, day)
    limits = figure(view, "special.limit_yuan", day)
    step: int = figure(view, "special.combination", day)["step_yuan"]
    if not found.value:
        return Finding(0, found.because)
    highest: int = max(limits[each] for each in found.value)
    return Finding(highest + step * (len(found.value) - 1), found.because)


def special_refusal(view: View, person: str, claim: ClaimSubmitted) -> Finding[str | None]:
    """Why a claim for a special disease pays nothing: not entered, not used, or during a stay."""
    disease = number(claim.disease or "")
    known = entered(view, person, claim.on)
    if disease not in known.value:
        return Finding("disease_not_approved", known.because)
    chosen = used(view, person, claim.on)
    if disease not in chosen.value:
        return Finding("disease_not_selected", chosen.because)
    return Finding(None, ())


@rule("DX-34c", article="第三十四条（三）")
def stays_over(view: View, person: str, day: date) -> list[str]:
    """Outpatient care between admission and the day of discharge (outside) is not paid: the stays there."""
    stays = (ClaimKind.INPATIENT, ClaimKind.DELIVERY, ClaimKind.TERMINATION)
    return [
        claim.id
        for claim in view.facts(ClaimSubmitted, person=person)
        if claim.person == person
        and claim.kind in stays
        and claim.admitted_on is not None
        and claim.admitted_on <= day < claim.on
    ]


def days_of(claim: ClaimSubmitted) -> list[date]:
    """The service days of a claim's lines."""
    return list(dict.fromkeys(line.on or claim.on for line in claim.lines or ())) or [claim.on]


@rule("DX-31a", "DX-29a", article="第二十九、三十一条")
def special_payment(in_scope: int, rate: Ratio, left: int) -> Payment:
    """70% without deductible, up to what the yearly limit leaves; the own part within the limit goes on."""
    full = in_scope * rate
    if full <= left:
        paid = round_fen(full)
        return Payment(paid, in_scope - paid)
    return Payment(left, round_fen(left / rate) - left)
