"""What is to be made up, and what paying does (补缴核定). Money in fen."""

from datetime import date, timedelta

from msgspec import Struct

from domain.errors import FactMissing
from domain.facts import ContributionPaid, Enrolled
from domain.municipalities.luzhou import (
    affiliation,
    dues,
    payments,
    refunds,
    roll,
    unit_credits,
    wages,
    years,
)
from domain.municipalities.luzhou.assess_dues import mode_of
from domain.municipalities.luzhou.policy import figure
from domain.municipalities.luzhou.received import predecessors
from domain.questions import kinds as ask
from domain.questions.answers import BackPaymentAnswer
from domain.rulebook.citation import Finding
from domain.rulebook.view import View
from domain.values.calendar import Month, Months, age_on, months_between
from domain.values.terms import Capacity, Mode, PaymentPurpose


def back_payment(view: View, question: ask.BackPayment) -> Finding[BackPaymentAnswer]:
    """补缴核定: arrears, gap months, unenrolled months or differences of base."""
    purpose = question.purpose or _purpose(view, question)
    if purpose is PaymentPurpose.BASE_ADJUSTMENT:
        return _true_ups(view, question)
    if purpose is PaymentPurpose.GAP:
        return _gap(view, question)
    if purpose is PaymentPurpose.UNENROLLED_MONTHS:
        return _unenrolled(view, question)
    return _arrears(view, question)


def _employers(view: View, question: ask.BackPayment) -> list[str]:
    if question.employer is not None:
        return predecessors(view, question.employer)
    return list(dict.fromkeys(s.employer for s in roll.stints(view, str(question.person))))


def _purpose(view: View, question: ask.BackPayment) -> PaymentPurpose:
    found = [e for employer in _employers(view, question) for e in payments.episodes(view, employer)]
    if any(e.cleared is None or e.cleared >= question.on for e in found):
        return PaymentPurpose.ORDINARY
    if question.person is not None:
        if years.unenrolled_of(view, question.person):
            return PaymentPurpose.UNENROLLED_MONTHS
        end = _last_end(view, question)
        if end is not None and _gap_months(view, question.person, end, question.on):
            return PaymentPurpose.GAP
    if found:
        return PaymentPurpose.ORDINARY
    trued = any(payments.ledger_of(view, e).trued_up for e in _employers(view, question))
    return PaymentPurpose.BASE_ADJUSTMENT if trued else PaymentPurpose.ORDINARY


def _true_ups(view: View, question: ask.BackPayment) -> Finding[BackPaymentAnswer]:
    found: list[dues.TrueUp] = []
    for employer in _employers(view, question):
        people = [question.person] if question.person else {s.person for s in roll.roll(view, employer)}
        for person in people:
            found += dues.person_true_ups(view, str(person), employer)
    found = [
        t for t in found if t.since <= question.on and (not question.months or t.month in question.months)
    ]
    both = [dues.differences(view, t) for t in found]
    employer_part, member = sum(b.employer for b in both), sum(b.member for b in both)
    answer = BackPaymentAnswer(
        months=Months(sorted({t.month for t in found})) if found else None,
        month_count=len({t.month for t in found}),
        base=found[-1].new_base if found and question.person else None,
        employer=employer_part,
        member=member,
        amount=employer_part + member,
        deadline=max((t.due.last_day for t in found), default=None),
        account_credit=sum(0 if t.employer_only else unit_credits.adjusted_credit(t) for t in found),
    )
    leaver = ("LZ-05e",) if any(t.employer_only for t in found) else ()
    return Finding(answer, ("LZ-05d", *leaver))


def _gap(view: View, question: ask.BackPayment) -> Finding[BackPaymentAnswer]:
    person, end = str(question.person), _last_end(view, question)
    if end is None:
        raise FactMissing("enrolment_ended.on", question.on, ("LZ-10a",))
    first = _next_affiliation(view, person, end, question.on)
    months = _gap_months(view, person, end, question.on)
    if question.months:
        months = [m for m in months if m in question.months]
    mode = mode_of(view, person, Months(months or [first]))
    amount = credit = 0
    base: int | None = None
    for year in sorted({m.year for m in months}):
        base = wages.individual_base(view, year)
        count = sum(m.year == year for m in months)
        rate = wages.individual_rate(mode, date(year, 1, 1))
        amount += wages.individual_amount(base, count, rate).value
        if mode is Mode.COMBINED:
            rate_of_credit = figure("account.basic_rate", date(year, 1, 1))
            credit += count * unit_credits.basic_credit(base, rate_of_credit).value
            credit += sum(_age(view, person, m) for m in months if m.year == year)
    answer = BackPaymentAnswer(
        months=Months(months) if months else None,
        month_count=len(months),
        base=base,
        member=amount,
        amount=amount,
        deadline=affiliation.continuity_limit(end),
        account_credit=credit,
    )
    return Finding(answer, ("LZ-10a", "LZ-14a"))


def _last_end(view: View, question: ask.BackPayment) -> date | None:
    """The end of the last employment that was over on the day asked about."""
    ended = affiliation.employments_ended(view, str(question.person))
    return max((s.ended for s in ended if s.ended and s.ended <= question.on), default=None)


def _gap_months(view: View, person: str, end: date, day: date) -> list[Month]:
    first = _next_affiliation(view, person, end, day)
    return list(months_between(Month.of(end).plus(1), first.plus(-1)))


def _next_affiliation(view: View, person: str, end: date, day: date) -> Month:
    units = [s.first for s in roll.stints(view, person) if s.first > Month.of(end)]
    told = [
        e.first_month or Month.of(e.on)
        for e in view.facts(Enrolled, person=person)
        if e.capacity is Capacity.FLEXIBLE and e.on > end
    ]
    runs = [r.first for r in refunds.remaining_runs(view, person) if r.first > Month.of(end)]
    return min([*units, *told, *runs], default=Month.of(day))


def _age(view: View, person: str, month: Month) -> int:
    found = unit_credits.coefficient(view, month.year)
    born = view.person(person).born_on
    if found is None or born is None:
        return 0
    return unit_credits.age_credit(found[0], max(0, age_on(born, date(month.year, 1, 1)))).value


def _unenrolled(view: View, question: ask.BackPayment) -> Finding[BackPaymentAnswer]:
    person = str(question.person)
    paid = [p for p in years.unenrolled_of(view, person) if p.fact.on <= question.on]
    if paid:
        count, base, amount = sum(p.accepted for p in paid), paid[-1].base, sum(p.amount for p in paid)
        months = sorted(m for p in paid for m in p.months)
    else:
        if not question.months:
            raise FactMissing("contribution_paid.month_count", question.on, ("LZ-20a",))
        count = years.within_person_limit(len(question.months), 0).value
        asked = ContributionPaid(
            on=question.on, employer=question.employer, person=person, months=question.months
        )
        base = years.unenrolled_base(view, person, asked)
        amount = years.unenrolled_amount(base, count).value
        months = list(question.months)[:count]
    answer = BackPaymentAnswer(
        months=Months(months) if months else None,
        month_count=count,
        base=base,
        employer=amount,
        member=0,
        amount=amount,
        account_credit=0,
    )
    return Finding(answer, ("LZ-20a", "LZ-20b"))


class _Owed(Struct, frozen=True):
    """What one member's month comes to, in fen."""

    month: Month
    base: int
    employer: int
    member: int
    credit: int


def _arrears(view: View, question: ask.BackPayment) -> Finding[BackPaymentAnswer]:
    parts: list[_Owed] = []
    limits: list[date] = []
    because: tuple[str, ...] = ()
    for employer in _employers(view, question):
        found = [e for e in payments.episodes(view, employer) if e.first.last_day < question.on]
        if not found:
            continue
        episode = found[-1]
        day = min(question.on, episode.cleared) if episode.cleared else question.on
        over = day >= episode.limit
        limits.append(episode.limit)
        because = ("LZ-06a", "LZ-06b", "LZ-06d" if over else "LZ-06c", "LZ-06e")
        for month in _owed(view, employer, episode, day):
            if not question.months or month in question.months:
                members = _members(view, question, employer, month)
                parts += [_part(view, stint, month, day, over) for stint in members]
    return Finding(_arrears_answer(question, parts, limits), because)


def _part(view: View, stint: roll.Stint, month: Month, day: date, over: bool) -> _Owed:
    """LZ-06c, 06d: normal shares within the limit, 6% over it; only the make-up where the rest was paid."""
    base = wages.base_of(view, stint.person, stint.employer, month, day)
    own = payments.ledger_of(view, stint.employer).paid.get(month)
    if own is not None and own < day:
        made_up = [t for t in dues.person_true_ups(view, stint.person, stint.employer) if t.due == month]
        both = [dues.differences(view, t) for t in made_up]
        credit = sum(0 if t.employer_only else unit_credits.adjusted_credit(t) for t in made_up)
        return _Owed(month, base, sum(b.employer for b in both), sum(b.member for b in both), credit)
    if over:
        return _Owed(month, base, dues.over_limit_share(base).value, 0, 0)
    shares = dues.shares_of(view, base, month)
    credit = unit_credits.basic_credit(base, figure("account.basic_rate", month.first_day)).value
    return _Owed(month, base, shares.employer, shares.member, credit + _age(view, stint.person, month))


def _owed(view: View, employer: str, episode: payments.Episode, day: date) -> list[Month]:
    """Months owed on a day of an episode: those that ended before it and were not paid before."""
    ledger = payments.ledger_of(view, employer)
    known = sorted(m for m in ledger.owed | ledger.paid.keys() if episode.first <= m and m.last_day < day)
    return [m for m in known if (full := ledger.full(m)) is None or full >= day]


def _members(view: View, question: ask.BackPayment, employer: str, month: Month) -> list[roll.Stint]:
    if question.person is None:
        return dues.on_roll(view, employer, month)
    own = [s for s in roll.stints(view, question.person) if s.employer == employer]
    return [s for s in own if s.first <= month and (s.last is None or month <= s.last)]


def _arrears_answer(question: ask.BackPayment, parts: list[_Owed], limits: list[date]) -> BackPaymentAnswer:
    months = sorted({part.month for part in parts})
    employer_part, member = sum(p.employer for p in parts), sum(p.member for p in parts)
    return BackPaymentAnswer(
        months=Months(months) if months else None,
        month_count=len(months),
        base=parts[-1].base if parts and question.person else None,
        employer=employer_part,
        member=member,
        amount=employer_part + member,
        deadline=min(limits) - timedelta(days=1) if limits else None,
        account_credit=sum(part.credit for part in parts),
    )
