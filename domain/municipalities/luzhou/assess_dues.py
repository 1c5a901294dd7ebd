"""What is due and what is to be made up (应缴费额、补缴核定). Money in fen."""

from datetime import date

from domain.errors import AnnouncementMissing, FactMissing, NotComputed
from domain.facts import ContributionPaid, Enrolled, OpeningStatus
from domain.municipalities.luzhou import (
    dues,
    premiums,
    residents,
    roll,
    supplement,
    unit_credits,
    wages,
)
from domain.municipalities.luzhou.policy import figure
from domain.questions import kinds as ask
from domain.questions.answers import ContributionDueAnswer
from domain.rulebook.announcements import announced_fen, announcements
from domain.rulebook.citation import Finding
from domain.rulebook.view import View
from domain.values.calendar import Month, Months, months_between
from domain.values.terms import Capacity, Layer, Mode, Scheme


def contribution_due(view: View, question: ask.ContributionDue) -> Finding[ContributionDueAnswer]:
    """应缴费额: of a resident's year, a unit member's or an employer's months, or an individual's."""
    if question.layer is not None:
        return _layer(view, question)
    if question.scheme is Scheme.RESIDENT:
        return _resident(view, question)
    months = question.months or Months(months_between(*_whole(question.year or question.on.year)))
    if question.employer is not None and question.person is None:
        return _employer(view, question, months)
    if question.person is not None:
        stint = _stint(view, question.person, question.employer, months)
        if stint is not None and question.capacity in (None, Capacity.EMPLOYED):
            return _unit(view, question, stint, _on_roll(stint, months))
    return _individual(view, question, months)


def _whole(year: int) -> tuple[Month, Month]:
    return Month.at(year, 1), Month.at(year, 12)


def _stint(view: View, person: str, employer: str | None, months: Months) -> roll.Stint | None:
    found = [
        s
        for s in roll.stints(view, person)
        if employer in (None, s.employer)
        and s.first <= months[-1]
        and (s.last is None or months[0] <= s.last)
    ]
    return found[-1] if found else None


def _on_roll(stint: roll.Stint, months: Months) -> list[Month]:
    return [m for m in months if stint.first <= m and (stint.last is None or m <= stint.last)]


def _unit(
    view: View, question: ask.ContributionDue, stint: roll.Stint, months: list[Month]
) -> Finding[ContributionDueAnswer]:
    bases = [wages.base_of(view, stint.person, stint.employer, m, question.on) for m in months]
    both = [dues.shares_of(view, base, m) for base, m in zip(bases, months, strict=True)]
    credit = [
        unit_credits.basic_credit(base, figure("account.basic_rate", m.first_day)).value
        for base, m in zip(bases, months, strict=True)
    ]
    employer, member = sum(b.employer for b in both), sum(b.member for b in both)
    answer = ContributionDueAnswer(
        base=bases[-1],
        employer=employer,
        member=member,
        pooled=employer + member - sum(credit),
        personal_account=sum(credit),
        monthly=both[-1].employer + both[-1].member,
        total=employer + member,
        due_on=months[-1].last_day,
    )
    because = ("LZ-03a", "LZ-05b", "LZ-05c", "LZ-05g")
    provisional = _provisional(view, months[-1], question.on)
    return Finding(answer, (*because, *provisional))


def _provisional(view: View, month: Month, day: date) -> tuple[str, ...]:
    try:
        return ("LZ-05d",) if wages.limits_on(view, month.year, day).provisional else ()
    except AnnouncementMissing:
        return ()


def _employer(view: View, question: ask.ContributionDue, months: Months) -> Finding[ContributionDueAnswer]:
    employer = member = credit = 0
    for month in months:
        for person in {s.person for s in dues.on_roll(view, str(question.employer), month)}:
            base = wages.base_of(view, person, str(question.employer), month, question.on)
            both = dues.shares_of(view, base, month)
            employer, member = employer + both.employer, member + both.member
            credit += unit_credits.basic_credit(base, figure("account.basic_rate", month.first_day)).value
    answer = ContributionDueAnswer(
        employer=employer,
        member=member,
        pooled=employer + member - credit,
        personal_account=credit,
        total=employer + member,
        due_on=months[-1].last_day,
    )
    return Finding(answer, ("LZ-03a", "LZ-05c", "LZ-05g"))


def mode_of(view: View, person: str | None, months: Months) -> Mode:
    """LZ-14b: the mode chosen for the months, else the latest one told."""
    if person is None:
        return Mode.COMBINED
    told: Mode | None = None
    for opened in view.facts(OpeningStatus, person=person):
        told = opened.mode or told
    for enrolled in view.facts(Enrolled, person=person):
        told = enrolled.mode if enrolled.capacity is Capacity.FLEXIBLE else told
    for fact in view.facts(ContributionPaid, person=person):
        if fact.capacity is Capacity.FLEXIBLE:
            told = fact.mode
            if set(fact.months or ()) & set(months):
                return fact.mode
    return told or Mode.COMBINED


def _individual(view: View, question: ask.ContributionDue, months: Months) -> Finding[ContributionDueAnswer]:
    mode = mode_of(view, question.person, months)
    total = 0
    for year in sorted({m.year for m in months}):
        base = wages.individual_base(view, year)
        count = sum(m.year == year for m in months)
        rate = wages.individual_rate(mode, date(year, 1, 1))
        total += wages.individual_amount(base, count, rate).value
    whole = months[0].number == 1 and months[-1].number == 12
    rate = wages.individual_rate(mode, months[0].first_day)
    answer = ContributionDueAnswer(
        base=base,
        member=total,
        pooled=total,
        monthly=wages.individual_amount(base, 1, rate).value,
        total=total,
        due_on=date(months[0].year - 1, 12, 31) if whole else None,
    )
    return Finding(answer, ("LZ-14a", "LZ-14b", "LZ-14c"))


def _resident(view: View, question: ask.ContributionDue) -> Finding[ContributionDueAnswer]:
    year = question.year or question.on.year
    person = question.person
    tier = None
    if person is not None:
        told = [v.fact for v in residents.verdicts(view, person) if v.fact.tier is not None]
        same = [f.tier for f in told if f.year == year] or [f.tier for f in told]
        tier = same[-1] if same else None
    try:
        standard = premiums.standard_of(view, year, tier)
    except AnnouncementMissing:
        if tier is None and any(a.key == premiums.STANDARD for a in announcements(view, premiums.STANDARD)):
            raise FactMissing("resident_contribution_paid.tier", date(year, 1, 1), ("LZ-04a",)) from None
        raise
    subsidy = premiums.subsidy_of(view, person, year, question.on, standard.value) if person else 0
    answer = ContributionDueAnswer(
        member=standard.value - subsidy,
        subsidy=subsidy,
        total=standard.value,
        due_on=date(year - 1, 12, 31),
    )
    return Finding(answer, ("LZ-15a", "LZ-15b", *(("LZ-04d",) if subsidy else ())))


def _layer(view: View, question: ask.ContributionDue) -> Finding[ContributionDueAnswer]:
    year = question.year or question.on.year
    if question.layer is Layer.CRITICAL_ILLNESS:
        day = date(year, 1, 1)
        premium = announced_fen(view, "critical_illness_premium", day, ("LZ-52a",), year=year)
        return Finding(ContributionDueAnswer(member=0, pooled=premium, total=premium), ("LZ-52a",))
    if question.layer is not Layer.SUPPLEMENTARY_INSURANCE:
        raise NotComputed("contribution_due", question.on)
    amount = supplement.premium(view, year, None)
    return Finding(ContributionDueAnswer(member=amount.value, total=amount.value), amount.because)
