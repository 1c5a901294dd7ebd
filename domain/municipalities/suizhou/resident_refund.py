"""Refunds of resident contributions (article 42). Money in fen."""

from datetime import date

from domain.errors import FactMissing
from domain.facts import Fact, RefundRequested
from domain.municipalities.suizhou.policy import in_force
from domain.rulebook.citation import Finding, rule
from domain.rulebook.view import View, per_view
from domain.values.terms import RefundCause, Scheme

LATE_CAUSES = (RefundCause.DUPLICATE_COVER, RefundCause.DEATH, RefundCause.EMPLOYMENT)


@rule("SZ-42a", article="第四十二条")
def refund_before_the_year(asked_on: date, year: int) -> bool:
    """Asked for before the year begins, with a valid cause: refunded in full."""
    return asked_on < date(year, 1, 1)


@rule("SZ-42b", article="第四十二条")
def refund_after_it_began(cause_is_late: bool, caused_on: date, year: int, used: bool) -> bool:
    """Later only when duplicate cover, death or employment existed by 31 December and nothing was paid."""
    return cause_is_late and caused_on < date(year, 1, 1) and not used


def requests(view: View, person: str) -> list[RefundRequested]:
    """Refund requests for resident years."""
    return [
        fact
        for fact in view.facts(RefundRequested, person=person)
        if fact.scheme is Scheme.RESIDENT and in_force(view, fact.on)
    ]


def year_of(request: RefundRequested) -> int:
    """The coverage year that is asked back: the one stated, else that of the request."""
    return request.year or request.on.year


def granted(view: View, person: str, request: RefundRequested) -> Finding[bool]:
    """Whether a request is granted; FactMissing when it does not say when its cause arose."""
    year = year_of(request)
    early = refund_before_the_year(request.on, year)
    if early.value:
        return early
    caused = request.caused_on
    if caused is None and request.cause is RefundCause.DEATH:
        caused = view.died_on(person)
    late = request.cause in LATE_CAUSES
    if late and caused is None:
        raise FactMissing("refund_requested.caused_on", request.on, ("SZ-42b",))
    return refund_after_it_began(late, caused or request.on, year, _used(view, person, year, request))


def _used(view: View, person: str, year: int, request: RefundRequested) -> bool:
    """A fund payment posted under the year stands unreversed."""
    return any(
        versions and versions[-1].settlement.counters.get(f"resident_paid/{year}", 0) > 0
        for versions in view.held(f"person:{person}").settlements.values()
    )


@per_view
def granted_requests(view: View, person: str) -> tuple[RefundRequested, ...]:
    """Requests that were granted: the cover of what was paid for their year by then is void."""
    found = []
    for request in requests(view, person):
        try:
            if granted(view, person, request).value:
                found.append(request)
        except FactMissing:
            continue
    return tuple(found)


def taken_back(view: View, person: str, year: int, paid: Fact) -> RefundRequested | None:
    """The request that gave a payment for a year back; a payment made after it counts anew."""
    made = (paid.on, view.order(paid))
    later = (r for r in granted_requests(view, person) if year_of(r) == year)
    return next((r for r in later if (r.on, view.order(r)) > made), None)
