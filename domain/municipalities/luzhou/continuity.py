"""Employments that a new unit continued within 90 days (第十条第一款)."""

from datetime import date

from msgspec import Struct

from domain.municipalities.luzhou import individual, payments, roll
from domain.municipalities.luzhou.affiliation import continuity_limit, employments_ended
from domain.rulebook.view import View, per_view
from domain.values.calendar import Month
from domain.values.terms import Mode


class Continuation(Struct, frozen=True):
    """LZ-10a through a new unit: continuous cover from the month after T."""

    from_: date
    to: date
    """First day of the new unit's first month."""
    mode: Mode
    stint: roll.Stint


@per_view
def unit_continuations(view: View, person: str) -> tuple[Continuation, ...]:
    """Employments that a new unit continued within 90 days, with every gap month paid."""
    found = []
    gap = individual.payments_of(view, person).gap
    for old in employments_ended(view, person):
        assert old.ended is not None
        end, limit = Month.of(old.ended), continuity_limit(old.ended)
        for new in roll.stints(view, person):
            if new.declared <= old.start or new.declared > limit or new.first <= end:
                continue
            paid = payments.ledger_of(view, new.employer).full(new.first)
            mine = {p.month: p.mode for p in gap if p.paid_on <= limit}
            missing = [m for m in range(end + 1, new.first) if Month(m) not in mine]
            if paid is not None and paid <= limit and not missing:
                mode = next(iter(mine.values()), Mode.COMBINED)
                found.append(Continuation(end.plus(1).first_day, new.first.first_day, mode, new))
            break
    return tuple(found)
