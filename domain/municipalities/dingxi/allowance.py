"""The maternity allowance (arts. 41, 42): who, how much, in which instalments, stopped and restored. Money in fen."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from msgspec import Struct

from domain.errors import AnnouncementMissing, FactMissing, Unanswerable
from domain.events.consequences import AllowanceGranted, Entry, Posting
from domain.facts import EmployerWagesDeclared, MaternityEventReported
from domain.municipalities.dingxi.arrears import Run, restorable
from domain.municipalities.dingxi.childbirth import TERMINATIONS
from domain.municipalities.dingxi.enrolment import (
    Category,
    enrolled_on,
    funding,
    left_by,
    mandatory,
    transferred_out,
)
from domain.municipalities.dingxi.payments import Paid, months
from domain.municipalities.dingxi.policy import Sheet, figure, problem_of, require_force
from domain.municipalities.dingxi.spells import missed_runs
from domain.municipalities.dingxi.standing import paid_standing, piece_on
from domain.questions.answers import AllowanceAnswer, Instalment
from domain.rulebook.announcements import announced_terms, ratio_in
from domain.rulebook.citation import Finding, rule
from domain.rulebook.view import View
from domain.values.calendar import Month, add_days, days_between
from domain.values.money import round_fen
from domain.values.terms import (
    Capacity,
    ClaimOutcome,
    DeliveryMode,
    Funding,
    MaternityEvent,
    Sex,
    Status,
)


class Grant(Struct, frozen=True):
    """An allowance and its instalments."""

    answer: AllowanceAnswer
    because: tuple[str, ...]


def records(view: View, person: str) -> Iterator[AllowanceGranted | Entry]:
    """The allowance of every reported event, with its postings."""
    for fact in view.facts(MaternityEventReported, person=person):
        try:
            grant = _grant(view, person, fact)
        except Unanswerable as missing:
            yield AllowanceGranted(
                person=person, event=fact.id, on=fact.on, problem=problem_of(missing), because=missing.because
            )
            continue
        yield AllowanceGranted(
            person=person, event=fact.id, on=fact.on, answer=grant.answer, because=grant.because
        )
        for part in grant.answer.instalments or ():
            if part.posted_on is not None and part.amount:
                yield Entry(
                    name=f"allowance/{fact.id}/{part.month}",
                    on=part.posted_on,
                    postings=(
                        Posting("fund:employee_pooled", -part.amount, "allowances"),
                        Posting(f"member:{person}", part.amount),
                    ),
                    month=part.month,
                    person=person,
                    because=grant.because,
                )


def _grant(view: View, person: str, fact: MaternityEventReported) -> Grant:
    require_force(view, fact.on)
    sheet = Sheet()
    category = category_at(view, person, fact)
    capacity = category.capacity if category is not None else None
    counted = sheet.use(months_before(view, months(view, person), fact.on))
    refused = _refusal(view, person, fact, category, counted, sheet)
    if refused is not None:
        answer = AllowanceAnswer(
            outcome=ClaimOutcome.REFUSED,
            reason=refused,
            capacity=capacity,
            months_counted=counted,
            total=0,
            restored=0,
        )
        return Grant(answer, sheet.because)
    assert category is not None
    assert category.employer is not None
    days = sheet.use(leave_days(view, fact))
    average = sheet.use(employer_average(view, category.employer, fact.on.year - 1, fact.on))
    per: int = figure(view, "allowance.month_days", fact.on)
    total = round_fen(Decimal(average) / per * days)
    parts = list(instalments(fact.leave_from or fact.on, days, average, per, total))
    paid, restored = _stopped(view, person, parts, sheet)
    sheet.cite("DX-41e")
    answer = AllowanceAnswer(
        outcome=ClaimOutcome.PAYABLE,
        capacity=capacity,
        days=days,
        base=average,
        total=total,
        payee=person,
        months_counted=counted,
        restored=restored,
        instalments=tuple(paid),
    )
    return Grant(answer, sheet.because)


def category_at(view: View, person: str, fact: MaternityEventReported) -> Category | None:
    """The standing on the day of the event: as enrolled, else as the month was paid; nobody after leaving."""
    piece = piece_on(view, person, fact.on)
    if piece.category is not None and piece.category.capacity is Capacity.RETIRED:
        return piece.category
    enrolled = enrolled_on(view, person, fact.on)
    if enrolled is None and left_by(view, person, fact.on):
        return paid_standing(view, person, fact.on)
    found = enrolled or piece.category
    if found is not None and found.capacity is Capacity.EMPLOYED:
        return mandatory(fact.employer or found.employer).value
    return found


def _refusal(
    view: View,
    person: str,
    fact: MaternityEventReported,
    category: Category | None,
    counted: int,
    sheet: Sheet,
) -> str | None:
    piece = piece_on(view, person, fact.on)
    if piece.reason == "not_in_scheme":
        sheet.cite(*piece.because)
        return piece.reason
    standing = sheet.use(entitled(view, person, category, fact.on))
    if standing is not None:
        return standing
    needed: int = figure(view, "allowance.months", fact.on)
    if counted < needed:
        return "maternity_not_qualified"
    return None if piece.status is Status.COVERED else piece.reason


@rule("DX-41a", article="第四十一条")
def entitled(view: View, person: str, category: Category | None, day: date) -> str | None:
    """A woman whose employer pays 6.7%; a budget-funded employer pays her wage, others have no allowance."""
    if category is None or category.capacity is not Capacity.EMPLOYED or category.employer is None:
        return "not_employed"
    sex = view.person(person).sex
    if sex is None:
        raise FactMissing("person_registered.sex", day, ("DX-41a",))
    if sex is Sex.MALE:
        return "not_employed"
    paid_by = funding(view, category.employer, day)
    if paid_by is None:
        raise FactMissing("employer_registered.funding", day, ("DX-41a",))
    return "wage_paid_instead" if paid_by is Funding.BUDGET else None


@rule("DX-42a", article="第四十二条")
def months_before(view: View, paid: dict[Month, Paid], day: date) -> int:
    """Consecutive months directly before the month of the event, each paid by the day of the event."""
    month, count = Month.of(day).plus(-1), 0
    while (each := paid.get(month)) is not None and each.full_on is not None and each.full_on <= day:
        month, count = month.plus(-1), count + 1
    return count


@rule("DX-41b", article="第四十一条")
def employer_average(view: View, employer: str, year: int, day: date) -> int:
    """The employer's average monthly wage of the year before the event, without floor or cap."""
    found = [f for f in view.facts(EmployerWagesDeclared, employer=employer) if f.year == year]
    known = [fact for fact in found if fact.monthly_average is not None]
    if not known:
        raise FactMissing("employer_wages_declared.monthly_average", year, ("DX-41b",))
    return int(max(known, key=view.order).monthly_average or 0)


@rule("DX-41c", article="第四十一条")
def leave_days(view: View, fact: MaternityEventReported) -> Finding[int]:
    """Days of leave by event, mode of delivery, babies and months of gestation."""
    table: dict[str, int] = figure(view, "allowance.days", fact.on)
    bands: dict[str, int] = figure(view, "allowance.bands", fact.on)
    details = fact.maternity
    if details.event is MaternityEvent.PROCEDURE:
        return procedure_days(view, fact)
    if details.event in TERMINATIONS:
        months_on = details.gestation_months
        if months_on is None:
            name = "maternity_event_reported.maternity.gestation_months"
            raise FactMissing(name, fact.on, ("DX-41c",))
        if months_on < bands["late"]:
            row = "under_2_months" if months_on < bands["early"] else "from_2_months"
            return Finding(table["from_4_months" if months_on >= bands["middle"] else row], ())
    hard = details.delivery_mode in (DeliveryMode.DIFFICULT, DeliveryMode.CAESAREAN)
    further = max(0, details.babies - 1)
    return Finding(table["birth"] + table["hard_delivery"] * hard + table["further_baby"] * further, ())


@rule("DX-41d", article="第三十五、四十一条")
def procedure_days(view: View, fact: MaternityEventReported) -> int:
    """Leave after other procedures is not in the document; it is as announced, added up."""
    key = "family_planning_leave_days"
    terms = announced_terms(view, key, fact.on, ("DX-41d",))
    total = 0
    for procedure in fact.maternity.procedures or ():
        if procedure.value not in terms:
            raise AnnouncementMissing(key, fact.on, ("DX-41d",))
        total += int(ratio_in(terms[procedure.value]))
    if not fact.maternity.procedures:
        raise FactMissing("maternity_event_reported.maternity.procedures", fact.on, ("DX-41d",))
    return total


@rule("DX-41e", article="第四十一条（一）")
def instalment(average: int, per: int, days: int) -> int:
    """A thirtieth of the average for each day of leave in the month, rounded once."""
    return round_fen(Decimal(average) / per * days)


def instalments(start: date, days: int, average: int, per: int, total: int) -> Iterator[Instalment]:
    """Monthly parts posted on the last day of the month or of the leave; the last is the remainder."""
    end, left = add_days(start, days), total
    month = Month.of(start)
    while month.first_day < end:
        first, after = max(start, month.first_day), min(end, month.plus(1).first_day)
        amount = left if after == end else instalment(average, per, days_between(first, after)).value
        left -= amount
        yield Instalment(month=month, amount=amount, posted_on=add_days(after, -1))
        month = month.plus(1)


def _stopped(view: View, person: str, parts: list[Instalment], sheet: Sheet) -> tuple[list[Instalment], int]:
    if not parts:
        return parts, 0
    final = _final_stop(view, person, parts[0].month)
    stops = missed_during(view, person, parts)
    paid, restored = [], 0
    for part in parts:
        if final is not None and part.month > final:
            sheet.cite("DX-41f")
            continue
        before = [run for run in stops if run.first < part.month]
        if not before:
            paid.append(part)
            continue
        posted = sheet.use(posted_after_stops(view, before, part))
        if posted is not None:
            paid.append(Instalment(month=part.month, amount=part.amount, posted_on=posted))
            restored += part.amount if posted != part.posted_on else 0
    return paid, restored


@rule("DX-41f", article="第四十一条（四）")
def posted_after_stops(view: View, runs: list[Run], part: Instalment) -> date | None:
    """After an employer's first missed month nothing is posted until a full back-payment within the year, of each run."""
    healed = [run.cleared_known for run in runs if run.cleared_known is not None and restorable(view, run)]
    if len(healed) < len(runs):
        return None
    assert part.posted_on is not None
    return max(part.posted_on, *healed)


def missed_during(view: View, person: str, parts: list[Instalment]) -> list[Run]:
    """The runs by which the employer stopped paying during leave."""
    first, last = parts[0].month, parts[-1].month
    return [run for run in missed_runs(view, person) if run.first < last and run.months[-1] >= first]


def _final_stop(view: View, person: str, since: Month) -> Month | None:
    days = [day for day in transferred_out(view, person) if Month.of(day) >= since]
    died = view.died_on(person)
    if died is not None:
        days.append(died)
    return Month.of(min(days)) if days else None
