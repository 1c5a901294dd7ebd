"""The maternity allowance of employed women (articles 28 to 31). Money in fen."""

from collections.abc import Iterator
from datetime import date

from domain.errors import FactMissing, Unanswerable
from domain.events.consequences import AllowanceGranted, Entry, Posting
from domain.facts import (
    EmployerRegistered,
    EmployerWagesDeclared,
    MaternityEventReported,
    RelationshipRecorded,
)
from domain.facts.parts import MaternityDetails
from domain.municipalities.suizhou.policy import figure, problem_of, require_force
from domain.municipalities.suizhou.schemes import employee_on
from domain.questions.answers import AllowanceAnswer, Instalment
from domain.rulebook.citation import Finding, joined, rule
from domain.rulebook.view import View
from domain.values.calendar import Month
from domain.values.money import Ratio, round_fen
from domain.values.terms import (
    Capacity,
    ClaimOutcome,
    DeliveryMode,
    FamilyPlanningProcedure,
    Funding,
    GestationBand,
    MaternityEvent,
    MaternityStatus,
    Relationship,
    Sex,
)

OTHER_STANDINGS = (Capacity.FLEXIBLE, Capacity.UNEMPLOYED, Capacity.RETIRED)


@rule("SZ-28a", article="第二十八条")
def allowance_of(average: int, days: int, month_days: int) -> int:
    """The employer's average contribution wage, by the days of leave over thirty, rounded once."""
    return round_fen(Ratio(average) * days / month_days)


@rule("SZ-28b", article="第二十八条")
def leave_days(listed: list[int]) -> int:
    """Days of separate listed events add up."""
    return sum(listed)


@rule("SZ-29a", article="第二十九条")
def wage_instead(budget_funded: bool, wage_paid: bool | None) -> bool:
    """In budget-funded employers the wage goes on and excludes the allowance, unless it was not paid."""
    return budget_funded and wage_paid is not False


def granted(view: View, person: str) -> Iterator[AllowanceGranted | Entry]:
    """The allowance of every reported event; a pregnancy has one for each kind of event."""
    seen: set[tuple[str, str]] = set()
    events = [f for f in view.facts(MaternityEventReported, person=person) if f.person == person]
    for fact in sorted(events, key=view.order):
        name = (fact.maternity.pregnancy or fact.id, str(fact.maternity.event))
        try:
            require_force(view, fact.on)
            found = _decided(view, person, fact, name in seen)
        except Unanswerable as error:
            yield AllowanceGranted(
                person=person, event=fact.id, on=fact.on, problem=problem_of(error), because=error.because
            )
            continue
        answer = found.value
        if answer.outcome is ClaimOutcome.PAYABLE:
            seen.add(name)
        yield AllowanceGranted(person=person, event=fact.id, on=fact.on, answer=answer, because=found.because)
        if answer.total:
            yield Entry(
                name=f"allowance/{fact.id}",
                on=fact.on,
                postings=(
                    Posting("fund:maternity", -answer.total, "allowance"),
                    Posting(f"employer:{answer.payee}", answer.total),
                ),
                because=found.because,
            )


def _refused(reason: str, capacity: Capacity | None) -> AllowanceAnswer:
    return AllowanceAnswer(
        outcome=ClaimOutcome.REFUSED, reason=reason, capacity=capacity, days=0, total=0, instalments=()
    )


def _decided(view: View, person: str, fact: MaternityEventReported, again: bool) -> Finding[AllowanceAnswer]:
    own = employee_on(view, person, fact.on)
    capacity = own.capacity if own else None
    if capacity in OTHER_STANDINGS:
        articles = {Capacity.FLEXIBLE: "SZ-30a", Capacity.UNEMPLOYED: "SZ-31a", Capacity.RETIRED: "SZ-31b"}
        return Finding(_refused("not_employed", capacity), (articles[capacity], "SZ-28a"))
    if own is None and _is_spouse(view, person):
        return Finding(_refused("not_employed", None), ("SZ-30b", "SZ-28a"))
    qualified = own is not None and own.maternity is MaternityStatus.COVERED
    if not qualified or view.person(person).sex is Sex.MALE:
        because = joined(("SZ-28a", "SZ-33a"), own.because if own else ())
        return Finding(_refused("maternity_not_qualified", capacity), because)
    if again:
        return Finding(_refused("duplicate_benefit", capacity), ("SZ-55a",))
    assert own is not None
    employer = fact.employer or own.employer
    if employer is None:
        raise FactMissing("maternity_event_reported.employer", fact.on, ("SZ-28a",))
    instead = wage_instead(_budget(view, employer, fact.on), fact.wage_paid_during_leave)
    if instead.value:
        return Finding(_refused("wage_paid_instead", capacity), instead.because)
    days = days_of(view, fact.maternity, fact.on)
    average = average_of(view, employer, fact.on) if days.value else 0
    total = allowance_of(average, days.value, int(figure(view, "maternity.days_of_month", fact.on)))
    part = Instalment(month=Month.of(fact.on), amount=total.value, posted_on=fact.on)
    answer = AllowanceAnswer(
        outcome=ClaimOutcome.PAYABLE,
        capacity=capacity,
        days=days.value,
        base=average if days.value else None,
        total=total.value,
        payee=employer,
        instalments=(part,),
    )
    return Finding(answer, joined(total.because, days.because, ("SZ-33a",)))


def _is_spouse(view: View, person: str) -> bool:
    known = view.facts(RelationshipRecorded, person=person)
    return any(fact.relationship is Relationship.SPOUSE for fact in known)


def _budget(view: View, employer: str, day: date) -> bool:
    known = [fact for fact in view.facts(EmployerRegistered, employer=employer) if fact.on <= day]
    return bool(known) and known[-1].funding is Funding.BUDGET


def average_of(view: View, employer: str, day: date) -> int:
    """The employer's average monthly contribution wage of the year before, or of a new employer's own months."""
    declared = [
        fact
        for fact in view.facts(EmployerWagesDeclared, employer=employer)
        if fact.monthly_average is not None
    ]
    for year in (day.year - 1, day.year):
        own = [fact.monthly_average for fact in declared if fact.year == year]
        if own:
            return int(own[-1] or 0)
    raise FactMissing("employer_wages_declared.monthly_average", day, ("SZ-28a",))


def days_of(view: View, told: MaternityDetails, day: date) -> Finding[int]:
    """Days of leave of everything that happened."""
    table = figure(view, "maternity.days", day)
    procedures = told.procedures or ()
    listed: list[int] = []
    ended = (MaternityEvent.MISCARRIAGE, MaternityEvent.INDUCED_LABOUR, MaternityEvent.TERMINATION)
    if told.event is MaternityEvent.BIRTH:
        difficult = told.delivery_mode is DeliveryMode.DIFFICULT
        listed.append(table["difficult" if difficult else "delivery"])
        listed.append(table["additional_baby"] * max(0, told.babies - 1))
    elif told.event in ended or {"abortion", "induced_labour"} & {str(p) for p in procedures}:
        listed.append(table[_band(view, told, day)])
    listed += [table["tubal_ligation"] for p in procedures if p is FamilyPlanningProcedure.TUBAL_LIGATION]
    return leave_days(listed)


def _band(view: View, told: MaternityDetails, day: date) -> str:
    if told.gestation_band is not None:
        return str(told.gestation_band)
    if told.gestation_months is None:
        raise FactMissing("maternity_event_reported.gestation_band", day, ("SZ-28b",))
    over = told.gestation_months > int(figure(view, "maternity.band_months", day))
    return str(GestationBand.OVER_4_MONTHS if over else GestationBand.UP_TO_4_MONTHS)
