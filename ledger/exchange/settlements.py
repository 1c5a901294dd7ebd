"""Settlements in the national platform's field names (result of interfaces 2304 and 2207)."""

from collections.abc import Iterator
from typing import Any

from domain.decisions.as_known import AsKnown
from domain.events.consequences import Settlement
from domain.facts import ClaimSubmitted
from domain.questions.answers import ClaimAnswer
from domain.values.money import yuan_text
from domain.values.terms import Layer, Scheme
from ledger.exchange.codes import code

FIELDS = (
    "poolarea_no",
    "setl_id",
    "psn_no",
    "fixmedins_code",
    "insutype",
    "med_type",
    "psn_type",
    "begndate",
    "enddate",
    "medfee_sumamt",
    "inscp_scp_amt",
    "preselfpay_amt",
    "act_pay_dedc",
    "pool_prop_selfpay",
    "hifp_pay",
    "cvlserv_pay",
    "hifes_pay",
    "hifmi_pay",
    "hifob_pay",
    "maf_pay",
    "oth_pay",
    "fund_pay_sumamt",
    "psn_part_amt",
    "acct_pay",
    "acct_mulaid_pay",
    "psn_cash_pay",
)
_LAYERS = {
    Layer.CIVIL_SERVANT: "cvlserv_pay",
    Layer.SUPPLEMENTARY_INSURANCE: "hifes_pay",
    Layer.CRITICAL_ILLNESS: "hifmi_pay",
    Layer.LARGE_AMOUNT: "hifob_pay",
    Layer.MEDICAL_ASSISTANCE: "maf_pay",
}


def settlements(known: AsKnown) -> Iterator[dict[str, str]]:
    """Every settlement of a city as known at a moment, one row each; amounts in decimal yuan."""
    view = known.view()
    for subject in known.book.subjects("person"):
        for settlement in known.current(subject).of(Settlement):
            if settlement.answer is None:
                continue
            claims = [
                c for c in view.facts(ClaimSubmitted, claim=settlement.claim) if c.claim == settlement.claim
            ]
            if claims:
                yield _row(known.book.municipality.code, claims[-1], settlement.answer)


def _row(city: str, claim: ClaimSubmitted, answer: ClaimAnswer) -> dict[str, str]:
    layers = dict.fromkeys(_LAYERS.values(), 0)
    other = 0
    for layer, fen in answer.supplement.items():
        if layer in _LAYERS:
            layers[_LAYERS[layer]] += fen
        else:
            other += fen
    for payer, fen in answer.other_payers.items():
        if payer == Layer.MEDICAL_ASSISTANCE:
            layers["maf_pay"] += fen
        else:
            other += fen
    pooled = answer.pooled + answer.maternity
    money = {
        "medfee_sumamt": answer.total,
        "inscp_scp_amt": answer.in_scope,
        "preselfpay_amt": answer.upfront_share,
        "act_pay_dedc": answer.deductible_charged,
        "hifp_pay": pooled,
        **layers,
        "oth_pay": other,
        "fund_pay_sumamt": pooled + sum(layers.values()) + other,
        "psn_part_amt": answer.member,
        "acct_pay": answer.personal_account,
        "acct_mulaid_pay": answer.family_account,
        "psn_cash_pay": answer.cash,
    }
    told: dict[str, Any] = {
        "poolarea_no": city,
        "setl_id": claim.claim,
        "psn_no": claim.person,
        "fixmedins_code": claim.provider,
        "insutype": code("insutype", answer.scheme or Scheme.RESIDENT) if answer.scheme else "",
        "med_type": code("med_type", claim.kind),
        "psn_type": code("psn_type", answer.capacity) if answer.capacity else "",
        "begndate": str(claim.admitted_on or claim.on),
        "enddate": str(claim.on),
        "pool_prop_selfpay": "" if answer.rate is None else format(answer.rate, "f"),
    }
    return {name: told.get(name) if name in told else yuan_text(money[name]) for name in FIELDS}  # type: ignore[misc]
