"""Settlements in the national platform's field names (result of interfaces 2304 and 2207)."""

from collections.abc import Iterator

from domain.decisions.as_known import AsKnown
from domain.events.consequences import Settlement
from domain.facts import ClaimSubmitted
from domain.questions.answers import ClaimAnswer
from domain.values.money import yuan_text
from domain.values.terms import Fund, Layer, Scheme
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
    "hifmi_pay",
    "hifob_pay",
    "maf_pay",
    "oth_pay",
    "fund_pay_sumamt",
    "hosp_part_amt",
    "psn_part_amt",
    "acct_pay",
    "acct_mulaid_pay",
    "psn_cash_pay",
)
FUND_FIELDS = ("poolarea_no", "setl_id", "psn_no", "fund_pay_type", "fund_payamt", "setl_proc_info")
_LAYERS = {
    (None, Layer.CIVIL_SERVANT): "cvlserv_pay",
    (Scheme.RESIDENT, Layer.CRITICAL_ILLNESS): "hifmi_pay",
    (Scheme.EMPLOYEE, Layer.LARGE_AMOUNT): "hifob_pay",
    (None, Layer.MEDICAL_ASSISTANCE): "maf_pay",
}
"""Scheme (None = any) and layer -> field; what another layer pays is other payment."""

Settled = tuple[ClaimSubmitted, Settlement, ClaimAnswer]


PROVIDER = "provider"
"""The payer who must return what a fund had paid for a claim: the platform's hosp_part_amt."""


def settlements(known: AsKnown) -> Iterator[dict[str, str]]:
    """Every settlement of a city as known at a moment, one row each; amounts in decimal yuan."""
    for claim, _, answer in _settled(known):
        yield row(known.book.municipality.code, claim, answer)


def fund_payments(known: AsKnown) -> Iterator[dict[str, str]]:
    """The detail lines of every settlement: what each fund paid. A fund without a code is named in words."""
    for claim, settlement, answer in _settled(known):
        funds = {name: fen for name, fen in settlement.payers.items() if name not in ("member", PROVIDER)}
        funds |= {"personal_account": answer.personal_account, "family_account": answer.family_account}
        for fund, fen in funds.items():
            if fen:
                yield {
                    "poolarea_no": known.book.municipality.code,
                    "setl_id": claim.claim,
                    "psn_no": claim.person,
                    "fund_pay_type": code("fund_pay_type", fund),
                    "fund_payamt": yuan_text(fen),
                    "setl_proc_info": _in_words(fund),
                }


def _settled(known: AsKnown) -> Iterator[Settled]:
    view = known.view()
    for subject in known.book.subjects("person"):
        for settlement in known.current(subject).of(Settlement):
            bills = view.facts(ClaimSubmitted, claim=settlement.claim)
            own = [bill for bill in bills if bill.claim == settlement.claim]
            if settlement.answer is not None and own:
                yield own[-1], settlement, settlement.answer


def row(city: str, claim: ClaimSubmitted, answer: ClaimAnswer) -> dict[str, str]:
    """One settlement: total = fund_pay_sumamt + psn_part_amt + hosp_part_amt, and the person's part = account
    + family account + cash. hosp_part_amt is negative where a fixed sum exceeds the bill.
    """
    money = _payers(answer)
    funds = sum(money.values())
    money |= {
        "medfee_sumamt": answer.total,
        "inscp_scp_amt": answer.in_scope,
        "preselfpay_amt": answer.upfront_share,
        "act_pay_dedc": answer.deductible_charged,
        "fund_pay_sumamt": funds,
        "hosp_part_amt": answer.other_payers.get(PROVIDER, 0) - answer.provider_surplus,
        "psn_part_amt": answer.member,
        "acct_pay": answer.personal_account,
        "acct_mulaid_pay": answer.family_account,
        "psn_cash_pay": answer.cash,
    }
    told = {
        "poolarea_no": city,
        "setl_id": claim.claim,
        "psn_no": claim.person,
        "fixmedins_code": claim.provider,
        "insutype": code("insutype", answer.scheme),
        "med_type": code("med_type", claim.kind),
        "psn_type": code("psn_type", answer.capacity),
        "begndate": str(claim.admitted_on or claim.on),
        "enddate": str(claim.on),
        "pool_prop_selfpay": "" if answer.rate is None else format(answer.rate, "f"),
    }
    return {name: told[name] if name in told else yuan_text(money[name]) for name in FIELDS}


def _payers(answer: ClaimAnswer) -> dict[str, int]:
    """What each field of the platform holds of the sums that the member did not pay."""
    paid = dict.fromkeys(("hifp_pay", *_LAYERS.values(), "oth_pay"), 0)
    paid["hifp_pay"] = answer.pooled
    paid["oth_pay"] = answer.maternity
    others = ((payer, fen) for payer, fen in answer.other_payers.items() if payer != PROVIDER)
    for payer, fen in (*answer.supplement.items(), *others):
        paid[_field(answer.scheme, str(payer))] += fen
    return paid


def _field(scheme: Scheme | None, payer: str) -> str:
    fitting = (
        field
        for (of_scheme, layer), field in _LAYERS.items()
        if layer.value == payer and of_scheme in (None, scheme)
    )
    return next(fitting, "oth_pay")


def _in_words(fund: str) -> str:
    terms = [*Fund, *Layer]
    label = next((term.label for term in terms if term.value == fund), "")
    return f"{fund} {label}".strip()
