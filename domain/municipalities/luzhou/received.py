"""Money that arrived for everybody on an employer's roll (第六条、第十二条)."""

from datetime import date

from domain.facts import ContributionPaid, EmployerReorganised
from domain.rulebook.citation import rule
from domain.rulebook.view import View, shared
from domain.values.terms import PaymentPurpose

ROLL_PURPOSES = (
    PaymentPurpose.ORDINARY,
    PaymentPurpose.OVER_LIMIT_ARREARS,
    PaymentPurpose.BASE_ADJUSTMENT,
)


@rule("LZ-12a", article="第十二条")
def debtors(view: View, employer: str) -> tuple[tuple[str, date], ...]:
    """A successor takes over current contributions and arrears: its payments count from the change on."""
    found, waiting = [(employer, date.min)], [(employer, date.min)]
    while waiting:
        name, since = waiting.pop()
        for fact in view.facts(EmployerReorganised, employer=name):
            if fact.employer == name and fact.successor and fact.successor not in [f[0] for f in found]:
                found.append((fact.successor, max(since, fact.on)))
                waiting.append(found[-1])
    return tuple(found)


@shared
def paying(view: View, employer: str) -> list[ContributionPaid]:
    """Payments for everybody on the roll of an employer, its own and its successor's, by day."""
    found = [
        fact
        for name, since in _debtors(view, employer)
        for fact in view.facts(ContributionPaid, employer=name)
        if fact.employer == name and fact.on >= since and fact.purpose in ROLL_PURPOSES
    ]
    return sorted(found, key=lambda fact: fact.on)


def predecessors(view: View, employer: str) -> list[str]:
    """An employer and those whose debts it took over (LZ-12a)."""
    found = [employer]
    for name in found:
        for fact in view.facts(EmployerReorganised, employer=name):
            if fact.successor == name and fact.employer not in found:
                found.append(fact.employer)
    return found


def _debtors(view: View, employer: str) -> tuple[tuple[str, date], ...]:
    if not any(f.employer == employer for f in view.facts(EmployerReorganised, employer=employer)):
        return ((employer, date.min),)
    return debtors(view, employer).value
