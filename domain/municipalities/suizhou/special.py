"""Special-disease outpatient care and separately paid drugs (articles 22 and 46). Money in fen."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from domain.facts import ClaimSubmitted
from domain.municipalities.suizhou.bill import Amounts
from domain.municipalities.suizhou.outpatient import NO_LIMIT, approvals, rate_in, share_of
from domain.municipalities.suizhou.place import reduced
from domain.municipalities.suizhou.stay import capped
from domain.municipalities.suizhou.tally import Part, Tally
from domain.rulebook.announcements import announced_terms, fen_in, ratio_in
from domain.rulebook.citation import joined, rule
from domain.rulebook.view import View
from domain.values.money import Ratio, share
from domain.values.terms import CareArea, ClaimKind, Programme, Scheme


@rule("SZ-22a", article="第二十二条")
def employee_special(a: int, b: int, upfront: Ratio, deductible: int, rate: Ratio, left: int) -> int:
    """Special diseases of employees on announced terms, within the disease's limit."""
    return max(0, min(share_of(a, b, upfront, deductible, rate), left))


@rule("SZ-46a", article="第四十六条")
def resident_special(a: int, b: int, upfront: Ratio, deductible: int, rate: Ratio, left: int) -> int:
    """Special diseases of residents on announced terms, within the disease's limit."""
    return max(0, min(share_of(a, b, upfront, deductible, rate), left))


def settle_special(
    view: View,
    claim: ClaimSubmitted,
    scheme: Scheme,
    amounts: Amounts,
    level: int,
    area: CareArea,
    tally: Tally,
) -> Part:
    """Special diseases and separately paid drugs, with an approval and on announced terms (P6, P7)."""
    day, disease = claim.on, claim.disease
    drug = claim.kind is ClaimKind.NEGOTIATED_DRUG
    programme = Programme.NEGOTIATED_DRUG if drug else Programme.SPECIAL_DISEASE
    approved = [f.disease for f in approvals(view, claim.person, day, programme)]
    pay = employee_special if scheme is Scheme.EMPLOYEE else resident_special
    article = ("SZ-22a",) if scheme is Scheme.EMPLOYEE else ("SZ-46a",)
    if disease is None or disease not in approved:
        return Part(scheme=scheme, amounts=amounts, reason="disease_not_approved", because=article)
    key = "negotiated_drug_terms" if drug else "special_disease_terms"
    terms = announced_terms(view, key, day, article, scheme=scheme, disease=disease)
    terms = terms.get(str(disease), terms)
    terms = terms.get("outpatient", terms) if drug else terms
    name = f"{scheme}/{day.year}/{'drug' if drug else 'disease'}/{disease}"
    upfront = ratio_in(terms.get("upfront_share", "0"))
    deductible = max(0, fen_in(terms.get("annual_deductible", "0")) - tally.of(f"{name}/deductible"))
    limit, counter = _disease_limit(terms, name, day)
    on_expense = terms.get("limit_on") == "expense"
    left = (
        NO_LIMIT
        if limit is None
        else max(0, limit - tally.of(f"{counter}/{'expense' if on_expense else 'paid'}"))
    )
    a = min(amounts.a, left) if on_expense else amounts.a
    b = min(amounts.b, left - a) if on_expense else amounts.b
    rate = reduced(view, rate_in(terms, level), area, day)
    paid = pay(a, b, upfront, deductible, rate.value, NO_LIMIT if on_expense else left)
    cut = capped(view, scheme, paid.value, tally, day)
    charged = min(deductible, max(0, a + b - share(b, upfront)))
    extra = {f"{name}/deductible": charged, f"{counter}/paid": cut.value, f"{counter}/expense": a + b}
    return Part(
        scheme=scheme,
        amounts=amounts,
        upfront=share(amounts.b, upfront),
        deductible=deductible,
        charged=charged,
        rate=rate.value,
        limit=limit,
        pooled=cut.value,
        extra={**extra, f"{scheme}/{day.year}/special": cut.value},
        because=joined(paid.because, rate.because, cut.because),
    )


def _disease_limit(terms: Mapping[str, Any], name: str, day: date) -> tuple[int | None, str]:
    if "monthly_cap" in terms:
        return fen_in(terms["monthly_cap"]), f"{name}/{day.month:02d}"
    return (fen_in(terms["annual_cap"]) if "annual_cap" in terms else None), name
