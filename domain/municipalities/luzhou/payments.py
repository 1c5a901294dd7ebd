"""Which months of an employer are fully paid, and when (第三条（一）、第六条). One result per employer and view."""

from collections.abc import Iterable
from datetime import date

from msgspec import Struct

from domain.errors import FactMissing
from domain.facts import ContributionAssessed, ContributionPaid, Enrolled, OpeningStatus
from domain.municipalities.luzhou import dues, roll
from domain.municipalities.luzhou.policy import figure
from domain.municipalities.luzhou.received import paying
from domain.rulebook.citation import rule
from domain.rulebook.view import View, shared
from domain.values.calendar import FAR_FUTURE, Month, add_months
from domain.values.terms import Capacity, PaymentPurpose, Scheme, Status


class Ledger(Struct, frozen=True):
    """Months of an employer: those owed, the day each was fully paid, and the day its true-ups were paid."""

    owed: frozenset[Month]
    paid: dict[Month, date]
    """Day on which the month's own contributions were in."""
    adjusted: dict[Month, date]
    """Per month in which a true-up falls due: the day on which it was paid."""
    trued_up: frozenset[Month]
    """Months in which a true-up falls due."""

    def full(self, month: Month) -> date | None:
        """The day on which a month was fully paid, true-ups that fall due with it included (LZ-06a)."""
        day = self.paid.get(month)
        if month not in self.trued_up:
            return day
        other = self.adjusted.get(month)
        return max(day, other) if day is not None and other is not None else None


@rule("LZ-03a", "LZ-06a", article="第三条（一）、第六条")
def owed_months(assessed: Iterable[Month], first: Iterable[Month]) -> frozenset[Month]:
    """A month is owed when it is assessed, the first month of a new employee with the declaration."""
    return frozenset((*assessed, *first))


@shared
def ledger_of(view: View, employer: str) -> Ledger:
    """The months of an employer as known."""
    assessed = [
        month for fact in view.facts(ContributionAssessed, employer=employer) for month in fact.months
    ]
    first = [
        roll.first_month(fact)
        for fact in view.facts(Enrolled, employer=employer)
        if fact.employer == employer and fact.capacity is Capacity.EMPLOYED and fact.scheme is Scheme.EMPLOYEE
    ]
    first += [
        Month.of(fact.from_ or fact.on).plus(-1)
        for fact in view.facts(OpeningStatus, employer=employer)
        if fact.status is Status.SUSPENDED and fact.scheme is Scheme.EMPLOYEE
    ]
    owed = owed_months(assessed, first).value
    payments = paying(view, employer)
    plain = [f for f in payments if f.purpose is not PaymentPurpose.BASE_ADJUSTMENT]
    if any(f.amount is not None or f.person is not None for f in plain):
        paid = _by_amounts(view, employer, plain, owed)
    else:
        paid = {}
        for fact in plain:
            for month in fact.months or ():
                paid.setdefault(month, fact.on)
            if fact.clears_arrears:
                _clear(paid, owed, fact)
    trued = dues.true_up_months(view, employer, paid)
    adjusted = _adjusted(view, employer, payments, trued)
    return Ledger(owed | frozenset(trued), paid, adjusted, frozenset(trued))


def _clear(paid: dict[Month, date], owed: Iterable[Month], fact: ContributionPaid) -> None:
    """`clears_arrears`: the levy authority states that nothing is owed any more."""
    for month in owed:
        if month.last_day < fact.on:
            paid.setdefault(month, fact.on)


@rule("LZ-06a", "LZ-06e", article="第六条")
def oldest_first(pot: int, due: list[tuple[Month, int]]) -> tuple[list[Month], int]:
    """Partial payments settle the oldest month first; a month is paid only when all of it is in."""
    covered = []
    for month, amount in due:
        if amount > pot:
            break
        pot -= amount
        covered.append(month)
    return covered, pot


class _Pot:
    """Money in hand, the months it has paid, and the month from which the present episode runs (LZ-06e)."""

    def __init__(self, view: View, employer: str, known: frozenset[Month]) -> None:
        self.view = view
        self.employer = employer
        self.known = known
        self.paid: dict[Month, date] = {}
        self.fen = 0
        self.first: Month | None = None
        """The first month of the arrears that still run; partial payments do not restart the clock."""

    def owed(self, day: date) -> list[Month]:
        """Months that had ended before a day and are not paid."""
        return sorted(m for m in self.known if m not in self.paid and m.last_day < day)

    def take(self, fact: ContributionPaid) -> None:
        """What one payment pays."""
        months = [m for m in fact.months or () if m not in self.paid]
        late = self.owed(fact.on)
        self.first = self.first or (late[0] if late else None)
        if fact.amount is None and fact.person is None:
            self.paid.update(dict.fromkeys(months, fact.on))
        else:
            try:
                self._add(fact, months, sorted({*months, *late}))
            except FactMissing:
                self.paid.update(dict.fromkeys(months, fact.on))
        if not self.owed(fact.on):
            self.first = None

    def _add(self, fact: ContributionPaid, months: list[Month], unpaid: list[Month]) -> None:
        day, alone = fact.on, fact.person if fact.amount is None else None
        fen = self.fen + (fact.amount or 0)
        if alone is not None:
            fen += sum(dues.person_due(self.view, self.employer, alone, m, day) for m in months)
        covered, self.fen = self._covered(unpaid, fen, day)
        self.paid.update(dict.fromkeys(covered, day))

    def _covered(self, unpaid: list[Month], fen: int, day: date) -> tuple[list[Month], int]:
        """Over the limit all that is owed at 6%, if the money suffices; else the oldest months."""
        if self.first is not None and day >= limit_of(self.first):
            whole = sum(self._due(m, day, m.last_day < day) for m in unpaid)
            if whole <= fen:
                return unpaid, fen - whole
        return oldest_first(fen, [(m, self._due(m, day, False)) for m in unpaid]).value

    def _due(self, month: Month, day: date, over: bool) -> int:
        return dues.month_due(self.view, self.employer, month, day, over)


def _by_amounts(
    view: View, employer: str, payments: list[ContributionPaid], owed: frozenset[Month]
) -> dict[Month, date]:
    """Months paid when some payments give amounts or are for one person: money goes to the oldest month."""
    pot = _Pot(view, employer, frozenset((*owed, *(m for fact in payments for m in fact.months or ()))))
    for fact in payments:
        pot.take(fact)
        if fact.clears_arrears:
            _clear(pot.paid, owed, fact)
            pot.first = None
    return pot.paid


def limit_of(first: Month) -> date:
    """LZ-06c: six months after the suspension that follows the first unpaid month."""
    since = suspended_from(first).value
    return add_months(since, int(figure("arrears.limit_months", since)))


def _adjusted(
    view: View, employer: str, payments: list[ContributionPaid], trued: Iterable[Month]
) -> dict[Month, date]:
    """When the true-ups that fall due in a month were paid."""
    found: dict[Month, date] = {}
    for month in trued:
        received = 0
        for fact in payments:
            if Month.of(fact.on) < month or fact.on < dues.true_up_known_on(view, employer, month):
                continue
            if fact.clears_arrears and fact.on > month.last_day:
                found.setdefault(month, fact.on)
            whole = fact.purpose is PaymentPurpose.ORDINARY and fact.amount is None
            if whole and month in (fact.months or ()) and dues.only_declared(view, employer, month):
                found.setdefault(month, fact.on)
            if fact.purpose is PaymentPurpose.BASE_ADJUSTMENT:
                received += fact.amount or 0
                if fact.amount is None or received >= dues.true_up_total(view, employer, month):
                    found.setdefault(month, fact.on)
    return found


class Episode(Struct, frozen=True):
    """Arrears from the first unpaid month until the day nothing is owed (LZ-06b to 06e)."""

    first: Month
    since: date
    """S: benefits are suspended from this day."""
    limit: date
    """L: first day on which clearing comes too late to restore everything."""
    cleared: date | None
    months: tuple[Month, ...]
    """Months still owed at the clearing, or as known now."""
    over: bool
    because: tuple[str, ...]

    def last_month_before(self, month: Month) -> bool:
        """True when every month of the episode had been over before a month began."""
        return self.cleared is not None and Month.of(self.cleared) < month


@rule("LZ-06b", article="第六条")
def suspended_from(first: Month) -> date:
    """Benefits are suspended from the 1st of the month after the first month that is not fully paid."""
    return first.plus(1).first_day


@rule("LZ-06c", article="第六条")
def restored(cleared: date, limit: date) -> bool:
    """Cleared within six months of the suspension: restored from its first day."""
    return cleared < limit


@rule("LZ-06d", article="第六条")
def over_limit(today: date, limit: date) -> bool:
    """Over six months the gap is the employer's burden and the owed months are paid at 6%."""
    return today >= limit


@rule("LZ-06e", article="第六条")
def cleared_on(owed: list[Month], full: dict[Month, date]) -> date | None:
    """An episode runs from the first unpaid month until the day on which nothing is owed."""
    day = full.get(owed[0])
    while day is not None:
        later = [full.get(month, FAR_FUTURE) for month in owed if month.last_day < day]
        worst = max(later)
        if worst <= day:
            return day
        day = None if worst == FAR_FUTURE else worst
    return None


@shared
def episodes(view: View, employer: str) -> tuple[Episode, ...]:
    """Every arrears episode of an employer that has begun by today, in order."""
    ledger = ledger_of(view, employer)
    full = {m: day for m in ledger.owed | ledger.paid.keys() if (day := ledger.full(m)) is not None}
    late = sorted(
        m
        for m in ledger.owed | ledger.paid.keys()
        if full.get(m, FAR_FUTURE) > m.last_day and view.over(m.last_day)
    )
    found: list[Episode] = []
    while late:
        episode = _episode(view, late, full)
        found.append(episode)
        done = episode.cleared or FAR_FUTURE
        late = [m for m in late if m.last_day >= done]
    return tuple(found)


def _episode(view: View, late: list[Month], full: dict[Month, date]) -> Episode:
    since = suspended_from(late[0])
    limit = limit_of(late[0])
    cleared = cleared_on(late, full)
    until = cleared.value or FAR_FUTURE
    owed = tuple(m for m in late if m.last_day < until and full.get(m, FAR_FUTURE) >= until)
    if cleared.value is not None:
        back = restored(cleared.value, limit)
        over = not back.value
        judged = over_limit(cleared.value, limit).because if over else back.because
    else:
        view.reached(limit)
        too_late = over_limit(min(view.known_on, limit), limit)
        over, judged = too_late.value, too_late.because if too_late.value else ()
    because = (*since.because, *judged, *cleared.because)
    return Episode(late[0], since.value, limit, cleared.value, owed, over, because)


def months_at_six_percent(view: View, employer: str) -> dict[Month, date]:
    """LZ-06d, 06e: the months still owed when an episode was cleared over the limit, with the clearing day."""
    paid = ledger_of(view, employer).paid
    return {
        month: episode.cleared
        for episode in episodes(view, employer)
        if episode.over and episode.cleared is not None
        for month in episode.months
        if paid.get(month) == episode.cleared
    }


__all__ = ["Episode", "Ledger", "episodes", "ledger_of", "months_at_six_percent"]
