"""What the answer on a personal account says beside its journal: blocked days, missing interest (第二十八条)."""

from collections.abc import Iterator
from datetime import date

from domain.events.consequences import AccountStanding, Consequence
from domain.municipalities.luzhou import standing
from domain.municipalities.luzhou.account import Statement, statement
from domain.municipalities.luzhou.claims import settlements
from domain.municipalities.luzhou.overdrafts import drawn_by
from domain.rulebook.citation import rule
from domain.rulebook.view import View
from domain.values.calendar import FAR_FUTURE
from domain.values.terms import Mode, Status


@rule("LZ-28c", article="第二十八条")
def is_blocked(covered: bool, mode: Mode | None) -> bool:
    """The account may be spent on days of employee cover, on outpatient care in combined mode only."""
    return not covered or mode is Mode.POOLING_ONLY


def consequences(view: View, person: str) -> Iterator[Consequence]:
    """Entries of the account and what its answer says beside them."""
    told = statement(view, person, drawn_by(person, settlements(view, person).values()))
    yield from told.entries
    if told.moves or any(entry.waiting_for for entry in told.entries):
        yield from _standings(view, person, told)


def _standings(view: View, person: str, told: Statement) -> Iterator[AccountStanding]:
    account = f"personal_account:{person}"
    end = told.problem_from or FAR_FUTURE
    pieces: list[tuple[date, bool]] = [(date.min, True)]
    for period in standing.employee_periods(view, person):
        blocked = is_blocked(period.status is Status.COVERED and period.problem is None, period.mode).value
        if pieces[-1][0] == period.from_:
            pieces.pop()
        if not pieces or pieces[-1][1] is not blocked:
            pieces.append((period.from_, blocked))
        if period.to is not None and not blocked:
            pieces.append((period.to, True))
    for number, (from_, blocked) in enumerate(pieces):
        stop = pieces[number + 1][0] if number + 1 < len(pieces) else FAR_FUTURE
        if from_ < min(stop, end):
            yield AccountStanding(
                account=account,
                from_=from_,
                to=None if min(stop, end) == FAR_FUTURE else min(stop, end),
                blocked=blocked,
                because=("LZ-28c",),
            )
    if told.problem is not None:
        yield AccountStanding(account=account, from_=end, problem=told.problem, because=("LZ-24a",))
