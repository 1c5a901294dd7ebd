"""Who is on which employer's roll, from the declaration to the end of the month of leaving (第七条、第九条)."""

from datetime import date

from msgspec import Struct

from domain.facts import Enrolled, EnrolmentEnded, OpeningStatus, Retired
from domain.municipalities.luzhou.eligibility import enrolment_refusal
from domain.municipalities.luzhou.policy import figure
from domain.rulebook.citation import rule
from domain.rulebook.view import View, per_view
from domain.values.calendar import FAR_FUTURE, Month, add_days
from domain.values.terms import Capacity, EndReason, EntryWay, Scheme, Status


class Stint(Struct, frozen=True):
    """Membership through one employer. `ended` is the last day of employment, None while it lasts."""

    person: str
    employer: str
    start: date
    """Day from which benefits count once the first month is paid."""
    declared: date
    first: Month
    """First contribution month."""
    employment_from: date
    opening: bool = False
    suspended_at_opening: bool = False
    ended: date | None = None
    reason: EndReason | None = None
    closes: date | None = None
    """Last day of an opening status that was told with its end."""
    because: tuple[str, ...] = ()

    @property
    def last(self) -> Month | None:
        """LZ-09a: the month in which employment ends is the last one owed."""
        return Month.of(self.ended) if self.ended is not None else None

    @property
    def cover_end(self) -> date:
        """First day without cover through this employer."""
        if self.closes is not None:
            return add_days(self.closes, 1)
        return cover_ends(self.ended).value if self.ended is not None else FAR_FUTURE


@rule("LZ-09a", article="第九条")
def cover_ends(ended: date) -> date:
    """The month in which employment ends is still owed, and cover runs to its end."""
    return Month.of(ended).plus(1).first_day


@rule("LZ-07b", article="第七条")
def starts_with_declaration(fact: Enrolled) -> tuple[date, Month]:
    """Contributions are owed from the month of the declaration; once it is paid benefits count from that day."""
    return fact.on, Month.of(fact.on)


@rule("LZ-07c", article="第七条")
def starts_with_month(fact: Enrolled) -> tuple[date, Month]:
    """Who is moved by appointment is covered from the 1st of the month in which the new unit starts paying."""
    month = fact.first_month or Month.of(fact.on)
    return month.first_day, month


def first_month(fact: Enrolled) -> Month:
    """The first contribution month of an enrolment through a unit."""
    moved = fact.entry is EntryWay.APPOINTED_TRANSFER
    return (starts_with_month(fact) if moved else starts_with_declaration(fact)).value[1]


@rule("LZ-07a", article="第七条")
def declared_late(employment_from: date, declared: date) -> bool:
    """A new employee is to be declared within 30 days of the start of work or pay."""
    return declared > add_days(employment_from, int(figure("contribution.declaration_days", declared)))


@per_view
def stints(view: View, person: str) -> tuple[Stint, ...]:
    """Every membership of a person through an employer, in order of start."""
    found = [*_opened(view, person), *_enrolled(view, person)]
    found.sort(key=lambda stint: stint.start)
    return tuple(_ended(view, stint, found[number + 1 :]) for number, stint in enumerate(found))


def _opened(view: View, person: str) -> list[Stint]:
    found = []
    for fact in view.facts(OpeningStatus, person=person):
        usual = fact.capacity in (None, Capacity.EMPLOYED) and fact.employer is not None
        if fact.scheme is Scheme.EMPLOYEE and usual and fact.status is not Status.NONE:
            start = fact.from_ or fact.on
            owing = fact.status is Status.SUSPENDED
            first = Month.of(start).plus(-1) if owing else Month.of(start)
            found.append(
                Stint(
                    person=person,
                    employer=str(fact.employer),
                    start=start,
                    declared=start,
                    first=first,
                    employment_from=start,
                    opening=fact.status is not Status.PENDING,
                    suspended_at_opening=owing,
                    closes=add_days(fact.to, -1) if fact.to else None,
                    because=("LZ-54b",),
                )
            )
    return found


def _enrolled(view: View, person: str) -> list[Stint]:
    found = []
    for fact in view.facts(Enrolled, person=person):
        if fact.capacity is not Capacity.EMPLOYED or fact.scheme is not Scheme.EMPLOYEE:
            continue
        if fact.person != person or fact.employer is None or enrolment_refusal(view, fact, person).value:
            continue
        moved = fact.entry is EntryWay.APPOINTED_TRANSFER
        begins = starts_with_month(fact) if moved else starts_with_declaration(fact)
        start, first = begins.value
        found.append(
            Stint(
                person=person,
                employer=fact.employer,
                start=start,
                declared=fact.on,
                first=first,
                employment_from=fact.employment_from or fact.on,
                because=begins.because,
            )
        )
    return found


def _ended(view: View, stint: Stint, later: list[Stint]) -> Stint:
    again = min((each.start for each in later if each.employer == stint.employer), default=FAR_FUTURE)
    ends: list[tuple[date, EndReason]] = []
    for fact in view.facts(EnrolmentEnded, person=stint.person):
        own = fact.employer in (None, stint.employer) and fact.capacity in (None, Capacity.EMPLOYED)
        if own and fact.scheme is Scheme.EMPLOYEE and stint.start <= fact.on < again:
            ends.append((fact.on, fact.reason))
    for retired in view.facts(Retired, person=stint.person):
        through = retired.employer in (None, stint.employer)
        if through and retired.capacity in (None, Capacity.EMPLOYED) and retired.on >= stint.start:
            ends.append((retired.on, EndReason.RETIRED))
    died = view.died_on(stint.person)
    if died is not None and died >= stint.start:
        ends.append((died, EndReason.DIED))
    if not ends:
        return stint
    ended, reason = min(ends, key=lambda end: end[0])
    fields = {name: getattr(stint, name) for name in stint.__struct_fields__}
    return Stint(**{**fields, "ended": ended, "reason": reason})


@per_view
def roll(view: View, employer: str) -> tuple[Stint, ...]:
    """Every membership through an employer."""
    persons: dict[str, None] = {}
    for fact in view.known(f"employer:{employer}"):
        if isinstance(fact, (Enrolled, OpeningStatus)) and fact.employer == employer and fact.person:
            persons[fact.person] = None
    return tuple(s for person in persons for s in stints(view, person) if s.employer == employer)
