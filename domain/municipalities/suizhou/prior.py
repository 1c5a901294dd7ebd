"""What a person brings along: months before the ledger and months from another pooling area."""

from msgspec import Struct

from domain.facts import OpeningHistory, OpeningStatus, TransferredIn
from domain.municipalities.suizhou.payments import paid_months
from domain.rulebook.view import View, per_view
from domain.values.calendar import Month
from domain.values.terms import Capacity, CountedAs, Mode, Scheme, Status, Where


class Prior(Struct, frozen=True):
    """The relation that the first payment in this ledger continues."""

    last_paid: Month | None
    payer: str
    local: bool
    maternity_months: int = 0
    standing: tuple[Capacity, str | None, Mode] | None = None
    """Capacity, employer and mode of a local record taken over."""


@per_view
def prior_of(view: View, person: str) -> Prior | None:
    """The latest relation before the first payment: given at the opening, paid here earlier, or elsewhere."""
    paid = paid_months(view, person)
    first = min(paid) if paid else None
    found = [
        prior
        for prior in (*_opened(view, person, first), *_history(view, person), *_transferred(view, person))
        if prior.last_paid is not None
    ]
    return max(found, key=lambda prior: (prior.last_paid or Month(0), prior.local), default=None)


def payer_name(capacity: Capacity | None, employer: str | None) -> str:
    """Who owes months in a standing."""
    if employer is not None:
        return f"employer:{employer}"
    if capacity is Capacity.FLEXIBLE:
        return "self"
    return "fund" if capacity is Capacity.UNEMPLOYED else "employer:"


def _opened(view: View, person: str, first: Month | None) -> list[Prior]:
    """A status taken over stands for its months, up to its end or to the first payment here."""
    found = []
    for fact in view.facts(OpeningStatus, person=person):
        if fact.scheme is not Scheme.EMPLOYEE or fact.status is not Status.COVERED:
            continue
        start = Month.of(fact.from_ or fact.on)
        last = Month.of(fact.to).plus(-1 if fact.to.day == 1 else 0) if fact.to else None
        if last is None:
            last = start.plus(-1) if first is None else max(start.plus(-1), first.plus(-1))
        found.append(Prior(last, payer_name(fact.capacity, fact.employer), True))
    return found


def _history(view: View, person: str) -> list[Prior]:
    """Months paid before the ledger; deemed and converted ones are no relation that a payment continues."""
    found = []
    for fact in view.facts(OpeningHistory, person=person):
        for item in fact.history or ():
            if not item.months or item.counted_as is not CountedAs.PAID:
                continue
            local = item.where in (None, Where.LOCAL)
            standing = (item.capacity or Capacity.EMPLOYED, item.employer, item.mode)
            payer = payer_name(item.capacity, item.employer)
            found.append(Prior(item.months[-1], payer, local, standing=standing if local else None))
    return found


def _transferred(view: View, person: str) -> list[Prior]:
    found = []
    for fact in view.facts(TransferredIn, person=person):
        if fact.scheme is not Scheme.EMPLOYEE:
            continue
        months = [month for item in fact.history or () for month in item.months or ()]
        last = fact.last_paid_month or max(months, default=None)
        found.append(Prior(last, "elsewhere", False, fact.maternity_months or 0))
    return found
