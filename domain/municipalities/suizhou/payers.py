"""Who bears what of a claim: the funds, whoever must give back, and the member (articles 59 and 75). Money in fen."""

from domain.facts import SanctionDecided
from domain.municipalities.suizhou.settlement import Settled
from domain.municipalities.suizhou.supplement import LAYERS
from domain.rulebook.citation import Finding, rule
from domain.rulebook.view import View
from domain.values.terms import Debtor, Scheme

BASIC = {Scheme.EMPLOYEE: "employee_pooled", Scheme.RESIDENT: "resident_pooled"}


@rule("SZ-59b", article="第五十九条")
def member_share(total: int, funds: int) -> int:
    """The member bears what the funds do not: the total less basic, maternity and supplement."""
    return total - funds


def paid_by_funds(each: Settled) -> dict[str, int]:
    """What each fund had paid of a claim, reversed or not."""
    found: dict[str, int] = {}
    for part in each.parts:
        for fund, amount in (
            (BASIC[part.scheme], part.pooled),
            ("maternity", part.maternity),
            (str(LAYERS[part.scheme]), part.supplement),
        ):
            if amount:
                found[fund] = found.get(fund, 0) + amount
    return found


def borne_by_others(view: View, each: Settled) -> dict[str, int]:
    """What somebody other than the member gives back of a claim that was reversed."""
    returned = sum(paid_by_funds(each).values()) if each.reversed_on is not None else 0
    known = view.facts(SanctionDecided, claim=each.claim.claim) if returned else []
    debtor = next((fact.debtor for fact in known if fact.id == each.sanction), Debtor.MEMBER)
    return {str(debtor): returned} if returned and debtor is not Debtor.MEMBER else {}


def share_of_member(view: View, each: Settled) -> Finding[int]:
    """What the member bears: a claim that was reversed costs the funds nothing."""
    funds = 0 if each.reversed_on is not None else sum(paid_by_funds(each).values())
    return member_share(each.total, funds + sum(borne_by_others(view, each).values()))
