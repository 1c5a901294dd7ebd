"""Status of a day (JJ-5.2i, 5.3a to 5.3c)."""

from datetime import date

from tests.oracle.jinjiang.cover import DAY, Enrolment, enrolments, last_day, payments, years_paid
from tests.oracle.jinjiang.people import born
from tests.oracle.telling import World, on, once


def _late_for_next(world: World, person: str, at: date) -> list[Enrolment]:
    """A late payment for the year after may be waited for already; a newborn's waits for nothing (JJ-5.2h)."""
    after, birth = at.year + 1, born(world.facts, person)
    newborn = birth + 90 * DAY if birth and birth.year == at.year else date.min
    late = any(max(last_day(world, after), newborn) < on(f) <= at for f in payments(world, person, after))
    return enrolments(world, person, after) if late else []


def _own(world: World, person: str, at: date) -> list[Enrolment]:
    return enrolments(world, person, at.year) if at.year in years_paid(world, person) else []


def _any(found: list[Enrolment], state: str, at: date) -> bool:
    """True when a span with this status holds, and employee cover does not interrupt it."""
    return any(
        kind == state and first <= at < last
        for enrolment in found
        for kind, first, last in enrolment.spans
        if not any(start <= at < end for start, end in enrolment.paused)
    )


@once
def covered(world: World, person: str, at: date) -> bool:
    """Covered on a day, for which the payments of another year do not matter."""
    return _any(_own(world, person, at), "covered", at)


@once
def status(world: World, person: str, at: date) -> tuple[str, str | None]:
    """Status of a day, and why not covered where the text names it."""
    if covered(world, person, at):
        return "covered", None
    own = _own(world, person, at)
    if _any(own, "waiting", at) or _any(_late_for_next(world, person, at), "waiting", at):
        return "waiting", None
    if any(_interrupted(enrolment, at) for enrolment in own):
        return "none", "other_scheme_prevails"
    ended = any(e.cut and e.cut <= at < date(e.year + 1, 1, 1) for e in own)
    return "none", "cover_ended" if ended else None


def _interrupted(enrolment: Enrolment, at: date) -> bool:
    inside = any(first <= at < last for _, first, last in enrolment.spans)
    return inside and any(first <= at < last for first, last in enrolment.paused)
