"""What a settlement posts: funds and layers to hospital or person, and what comes back."""

from datetime import date

from domain.events.consequences import Entry, Posting, Settlement
from domain.municipalities.jinjiang import hospitals
from domain.municipalities.jinjiang.bills import employee_days
from domain.municipalities.jinjiang.settle import Settled
from domain.rulebook.citation import rule
from domain.rulebook.view import View
from domain.values.terms import Layer, MovementKind, SettlementWay

OUTSIDE_FUNDS = {
    Layer.SURVIVING_SPOUSE: "insurer:cadre_relief_fund",
    Layer.HARDSHIP_RELIEF: "insurer:four_help_fund",
}
NOT_FUNDS = ("member", "third_party")


def claim_entry(view: View, person: str, settled: Settled, record: Settlement) -> Entry | None:
    """The posting of a claim: none while it cannot be computed; a falsified one keeps its own until it is recovered."""
    claim = settled.case.claim
    held = view.held(f"person:{person}").net.get(f"entry/claim/{claim.claim}", {})
    if settled.problem is not None:
        return None
    if settled.reason == "falsified":
        postings = tuple(Posting(acc, fen, use) for (_, acc, use), fen in held.items() if fen)
    else:
        postings = _postings(person, settled, record)
        taken_back = settled.reason == "other_scheme_prevails" or (
            settled.provider is not None and employee_days(view, claim, list(settled.items))
        )
        if taken_back:
            postings = _owed_by_employee_scheme(postings, held)
    if not postings:
        return None
    return Entry(
        name=f"claim/{claim.claim}",
        on=claim.on,
        kind=MovementKind.CLAIM,
        postings=postings,
        person=person,
        because=record.because,
    )


def _postings(person: str, settled: Settled, record: Settlement) -> tuple[Posting, ...]:
    """Funds pay the hospital in direct settlement, the person otherwise (JJ-7.1a)."""
    payee = payee_of(settled).value if settled.provider is not None else ""
    found: list[Posting] = []
    answer = record.answer
    spouse = answer.supplement.get(Layer.SURVIVING_SPOUSE, 0) if answer is not None else 0
    for payer, fen in ((name, fen) for name, fen in record.payers.items() if name not in NOT_FUNDS):
        layer = next((name for each, name in OUTSIDE_FUNDS.items() if str(each) == payer), None)
        account = layer or (f"fund:{payer}" if payer in _FUND_NAMES else f"insurer:{payer}")
        found.append(Posting(account, -fen, "claims"))
    paid = -sum(posting.fen for posting in found)
    if spouse and payee != f"bank:{person}":
        found += [Posting(payee, paid - spouse), Posting(f"bank:{person}", spouse)]
    elif paid:
        found.append(Posting(payee, paid))
    return tuple(posting for posting in found if posting.fen)


_FUND_NAMES = ("resident_pooled", "ordinary_outpatient", "critical_illness", "special_protection")


@rule("JJ-7.1a", article="七（一）")
def payee_of(settled: Settled) -> str:
    """Direct settlement in the pool and at networked hospitals of the province; elsewhere the person is reimbursed."""
    claim, provider = settled.case.claim, settled.provider
    assert provider is not None
    networked = provider.designated and provider.direct_settlement and hospitals.in_province(provider)
    way = claim.settlement or (SettlementWay.DIRECT if networked else SettlementWay.MANUAL)
    return f"provider:{claim.provider}" if way is SettlementWay.DIRECT else f"bank:{claim.person}"


def _owed_by_employee_scheme(
    postings: tuple[Posting, ...], held: dict[tuple[date, str, str], int]
) -> tuple[Posting, ...]:
    """What was paid before employee cover became known comes back from the employee scheme, not from the payee."""
    payees: dict[str, int] = {}
    for (_, account, _), fen in held.items():
        if account.startswith(("provider:", "bank:")):
            payees[account] = payees.get(account, 0) + fen
    kept = [posting for posting in postings if not posting.account.startswith(("provider:", "bank:"))]
    now = -sum(posting.fen for posting in kept)
    paid = sum(payees.values())
    if paid <= now:
        return postings
    kept += [Posting(account, fen) for account, fen in payees.items()]
    return (*kept, Posting("insurer:employee_scheme", now - paid, "due_from"))
