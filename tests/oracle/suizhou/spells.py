"""Payments put together by payer: jobs, flexible spells, unemployment, in the order of the first payment of each."""

from datetime import date, timedelta

from tests.oracle.suizhou.relations import Paid, Relation, jobs
from tests.oracle.suizhou.retiring import retirement_day
from tests.oracle.suizhou.text import Known, Unsure, day, month_of

Job = tuple[str, date, date | None]


def relations_of(known: Known, person: str, paid: list[Paid], opening: bool) -> list[Relation]:
    """Payments put together by payer, in the order of the first of each."""
    found: list[Relation] = []
    stops = sorted(
        day(f["on"]) for f in known.about(person, "enrolment_ended") if f.get("capacity") == "flexible"
    )
    held = jobs(known, person)
    retired = retirement_day(known, person)
    for each in paid:
        if each.purpose == "retirement_completion" or each.capacity == "retired":
            raise Unsure
        relation = _late(found, each) or _belongs(found, each, stops, held)
        relation.paid.setdefault(each.month, each)
    if found:
        found[0].opening = opening
    for relation in found:
        _bounds(relation, held, stops, retired, _benefit_end(known, person))
    return found


def _late(found: list[Relation], each: Paid) -> Relation | None:
    """Months of an earlier flexible spell paid after somebody else had begun to pay."""
    if each.capacity == "flexible" and found and found[-1].kind == "employed":
        spells = [r for r in found if r.kind == "flexible"]
        if spells and each.month < month_of(found[-1].entry):
            return spells[-1]
    return None


def _belongs(found: list[Relation], each: Paid, stops: list[date], held: list[Job]) -> Relation:
    if each.capacity == "flexible":
        # A stop that was declared ends a spell, whose own months may be paid later; so does another payer in between.
        ended = [s for s in stops if found and found[-1].entry <= s < each.on and each.month > month_of(s)]
        if found and found[-1].kind == "flexible" and not ended:
            return found[-1]
    elif each.capacity == "unemployed":
        if found and found[-1].kind == "unemployed":
            return found[-1]
    else:
        spell = _job_of(each, held)
        for relation in found:
            same = relation.kind == "employed" and relation.employer == each.employer
            if same and _job_of(relation.paid[min(relation.paid)], held) == spell:
                return relation
    found.append(Relation(each.capacity, each.on, {}, each.employer))
    return found[-1]


def _benefit_end(known: Known, person: str) -> int | None:
    """Last month in which unemployment benefit is drawn (SZ-13a)."""
    told = [f for f in known.about(person, "enrolled") if f["capacity"] == "unemployed"]
    ended = [f for f in known.about(person, "enrolment_ended") if f.get("capacity") == "unemployed"]
    if len(told) > 1 or (told and ended):
        raise Unsure
    return month_of(day(told[0]["to"]) - timedelta(days=1)) if told and told[0].get("to") else None


def _job_of(each: Paid, held: list[Job]) -> Job:
    """The employment in which a month was paid: the last with this employer begun by the end of the month paid in."""
    own = [job for job in held if job[0] == each.employer]
    if len(own) > 1:
        raise Unsure
    return own[0] if own else (str(each.employer), date(1900, 1, 1), None)


def _bounds(
    relation: Relation,
    held: list[Job],
    stops: list[date],
    retired: date | None,
    benefit_end: int | None,
) -> None:
    relation.first_due = month_of(relation.entry)
    if relation.kind == "employed":
        _, start, end = _job_of(next(iter(relation.paid.values())), held)
        relation.first_due = max(month_of(start), relation.first_due)
        relation.last_due = month_of(end) if end else None
    elif relation.kind == "unemployed":
        relation.last_due = benefit_end
    elif relation.kind == "flexible":
        ended = [s for s in stops if s >= relation.entry]
        relation.last_due = month_of(ended[0]) if ended else None
    if retired is not None:
        until = month_of(retired)
        relation.last_due = until if relation.last_due is None else min(relation.last_due, until)
