"""The common case kept cheap: an employer pays a month on time, and nothing else changes for a member.

The same functions that compute everything compute the one month that is new; the conditions below say when
that is all. A test compares every such step with the whole computation.
"""

from collections.abc import Iterable

from domain.events.consequences import Consequence
from domain.facts import (
    ClaimSubmitted,
    ContributionAssessed,
    ContributionPaid,
    Enrolled,
    Fact,
    OpeningAccount,
    OpeningHistory,
    OpeningStatus,
    PersonRegistered,
    WageDeclared,
)
from domain.municipalities.luzhou import payments, roll, unit_credits, years
from domain.rulebook.view import View, per_view
from domain.values.calendar import Month
from domain.values.terms import Capacity, PaymentPurpose, Scheme

_QUIET = (
    ClaimSubmitted,
    ContributionAssessed,
    Enrolled,
    OpeningAccount,
    OpeningHistory,
    OpeningStatus,
    PersonRegistered,
    WageDeclared,
)
"""A history of these kinds alone is not touched by one more month paid on time."""


def continued(view: View, fact: Fact, subject: str) -> Iterable[Consequence] | None:
    """What a fact adds for a subject when it changes nothing else; None when everything must be computed."""
    kind, _, person = subject.partition(":")
    if kind != "person" or not isinstance(fact, ContributionPaid):
        return None
    month = _month_paid_on_time(view, fact)
    if month is None:
        return None
    stint = _only_stint(view, person)
    if stint is None or stint.employer != fact.employer or month <= stint.first:
        return None
    full = payments.ledger_of(view, stint.employer).full(month)
    if full is None:
        return None
    entries = unit_credits.month_entries(
        view, unit_credits.earner(view, person), stint.employer, month, fact.on, full, None
    )
    if any(entry.waiting_for for entry in entries):
        return None
    return (years.unit_month(person, month, full), *entries)


@per_view
def _month_paid_on_time(view: View, fact: ContributionPaid) -> Month | None:
    """The one month that an employer pays in full for its whole roll with this fact, before it is due."""
    plain = fact.person is None and fact.amount is None and not fact.clears_arrears and fact.corrects is None
    months = list(fact.months or ())
    if not plain or fact.purpose is not PaymentPurpose.ORDINARY or len(months) != 1:
        return None
    month = months[0]
    employer = str(fact.employer)
    ledger = payments.ledger_of(view, employer)
    told_in_time = Month.of(fact.on) == month and not view.over(month.last_day)
    quiet = not ledger.trued_up and not payments.episodes(view, employer)
    return month if told_in_time and quiet and ledger.paid.get(month) == fact.on else None


@per_view
def _only_stint(view: View, person: str) -> roll.Stint | None:
    """The membership of a person who never did anything but work for one employer."""
    if not all(isinstance(fact, _QUIET) for fact in view.known(f"person:{person}")):
        return None
    if any(fact.capacity is not Capacity.EMPLOYED for fact in view.facts(Enrolled, person=person)):
        return None
    if any(fact.scheme is not Scheme.EMPLOYEE for fact in view.facts(OpeningStatus, person=person)):
        return None
    stints = roll.stints(view, person)
    return stints[0] if len(stints) == 1 and stints[0].last is None else None
