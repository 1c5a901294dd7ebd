"""What was paid in for a year, against the own share as known then and now."""

from domain.errors import Unanswerable
from domain.facts import GroupRecognised, ResidentContributionPaid
from domain.municipalities.jinjiang.people import at
from domain.municipalities.jinjiang.price import part_of, price_at, standard_at
from domain.rulebook.citation import rule
from domain.rulebook.view import View
from domain.values.calendar import Moment


def paid_in(view: View, person: str, payments: tuple[ResidentContributionPaid, ...], own: int) -> int:
    """What was paid in; without an amount it was the own share as known when the payment was recorded."""
    told = sum(part_of(view, person, fact) for fact in payments if fact.amount is not None)
    last = payments[-1]
    if last.amount is not None:
        return told
    asked = _own_known(view, last.recorded, person, last)
    return max(told, own if asked is None else asked)


def _own_known(view: View, moment: Moment, person: str, fact: ResidentContributionPaid) -> int | None:
    """The own share as known at a moment; None while something it needs was not announced."""
    try:
        return price_at(at(view, moment), person, fact).value.own
    except Unanswerable:
        return None


@rule("JJ-4.3i", article="四（三）")
def corrected(paid: int, own: int) -> int:
    """A category recorded or struck out later corrects the price: refundable or receivable; cover stays."""
    return paid - own


def was_complete(view: View, person: str, fact: ResidentContributionPaid, paid: int) -> bool:
    """True when the sum was enough as known at some moment since the payment: the cover then given stays."""
    known = view.sources.facts(f"person:{person}")
    groups = {f.recorded for f in known if isinstance(f, GroupRecognised) and f.recorded <= view.moment}
    moments = {fact.recorded, *(moment for moment in groups if moment > fact.recorded)}
    asked = [_own_known(view, moment, person, fact) for moment in sorted(moments)]
    return any(own <= paid for own in asked if own is not None)


def whole_standard(view: View, person: str, payments: tuple[ResidentContributionPaid, ...]) -> bool:
    """True when the standard itself was paid: no subsidy that is still to be announced can make that too little."""
    standard = standard_at(view, person, payments[-1]).value
    return sum(part_of(view, person, fact) for fact in payments) >= standard
