"""What is due, owed and needed, asked for a person, an employer or a capacity (arts. 10 to 16, 43, 44). Money in fen."""

from collections.abc import Iterable
from datetime import date

from domain.errors import FactMissing, NotComputed, Unanswerable
from domain.facts import ParameterAnnounced
from domain.municipalities.dingxi.accounts import month_credit
from domain.municipalities.dingxi.dues import Due, employer_due, month_due
from domain.municipalities.dingxi.enrolment import Category, enrolled_on, enrolments, in_month, left_by, roll
from domain.municipalities.dingxi.leaving import gone
from domain.municipalities.dingxi.payments import Paid, months
from domain.municipalities.dingxi.policy import Sheet, require_force
from domain.municipalities.dingxi.refunds import excesses
from domain.municipalities.dingxi.retirement import retirement_month
from domain.municipalities.dingxi.spells import memberships
from domain.municipalities.dingxi.standing import category_on, piece_on
from domain.municipalities.dingxi.supplement import category_of_year, yearly_fee
from domain.municipalities.dingxi.surcharges import due_on
from domain.questions.answers import ContributionDueAnswer
from domain.questions.kinds import ContributionDue
from domain.rulebook.announcements import announcements
from domain.rulebook.citation import Finding, joined, rule
from domain.rulebook.view import View
from domain.values.calendar import Moment, Month
from domain.values.period import Period
from domain.values.terms import AnnouncementKey, Capacity, Layer, Mode, Scheme


def contribution_due(view: View, question: ContributionDue) -> Finding[ContributionDueAnswer]:
    """What is due for months or a year."""
    if question.scheme is not Scheme.EMPLOYEE:
        raise NotComputed("contribution_due.resident", question.on)
    if question.layer is not None:
        return _fee_due(view, question)
    if question.person is not None:
        return _person_due(view, question.person, question)
    if question.employer is not None:
        return _employer_total(view, question.employer, question)
    return _rate_only(view, question)


def _rate_only(view: View, question: ContributionDue) -> Finding[ContributionDueAnswer]:
    capacity = question.capacity or Capacity.EMPLOYED
    if capacity is Capacity.EMPLOYED:
        raise FactMissing("wage_declared.monthly_average", question.on, ("DX-10a",))
    asked = _asked_months(question, None)
    for month in asked:
        require_force(view, month.first_day)
    due = month_due(view, "", asked[0], Category(capacity))
    monthly = due.value.total
    answer = ContributionDueAnswer(
        base=due.value.base,
        employer=due.value.employer,
        member=due.value.member,
        monthly=monthly,
        total=monthly * len(asked),
        due_on=asked[-1].last_day,
    )
    return Finding(answer, due.because)


def _asked_months(question: ContributionDue, first: Month | None) -> list[Month]:
    if question.months:
        return list(question.months)
    assert question.year is not None
    january = Month.at(question.year, 1)
    start = max(january, first) if first is not None else january
    return [Month(number) for number in range(start, Month.at(question.year, 12) + 1)]


@rule("DX-11b", article="第十一、二十条（一）")
def first_month_of_year(view: View, person: str, year: int) -> Month | None:
    """A flexible member pays the year in one sum: from January, or from the month of joining."""
    january = Month.at(year, 1)
    for spell in memberships(view, person):
        first = min([*spell.paid, Month.of(spell.entered)])
        if first < january or spell.end.year > year:
            return max(january, first)
    return None


def _person_due(view: View, person: str, question: ContributionDue) -> Finding[ContributionDueAnswer]:
    sheet = Sheet()
    first = sheet.use(first_month_of_year(view, person, question.year)) if question.year is not None else None
    asked = _asked_months(question, first)
    last = retirement_month(view, person)
    if question.year is not None:
        asked = [m for m in asked if (last is None or m <= last) and not _nothing_owed(view, person, m)]
    dues: list[tuple[Month, Category, Due]] = []
    for month in asked:
        require_force(view, month.first_day)
        category = owed_category(view, person, month)
        dues.append((month, category, sheet.use(_due_of(view, person, month, category))))
    answer = _totalled(view, person, dues, question, sheet)
    return Finding(answer, sheet.because)


def _nothing_owed(view: View, person: str, month: Month) -> bool:
    """After leaving without another enrolment nothing is owed, though the month may be paid back later."""
    if month in months(view, person) or not enrolments(view, person):
        return False
    known = any(
        each.days.overlaps(Period(month.first_day, month.plus(1).first_day))
        for each in enrolments(view, person)
    )
    return not known and left_by(view, person, month.first_day)


def _due_of(view: View, person: str, month: Month, category: Category) -> Finding[Due]:
    if piece_on(view, person, month.first_day).reason == "not_in_scheme":
        return Finding(Due(0, 0, 0), ("DX-66a",))
    return month_due(view, person, month, category, settled_by(view, person, month))


def settled_by(view: View, person: str, month: Month) -> Moment | None:
    """A month paid on the figures known when it fell due stays as it was (DX-10c); None while it is open."""
    each = months(view, person).get(month)
    if each is None or each.full_on is None:
        return None
    return Moment(max(each.payments[0].moment, Moment.end_of(month.last_day)))


def owed_category(view: View, person: str, month: Month) -> Category:
    """The standing in which a month is owed."""
    last = retirement_month(view, person)
    if last is not None and month > last:
        return Category(Capacity.RETIRED)
    paid: Paid | None = months(view, person).get(month)
    if paid is not None:
        return paid.category
    for day in (month.last_day, month.first_day):
        enrolled = enrolled_on(view, person, day)
        if enrolled is not None:
            return in_month(view, person, enrolled, month)
    if any(month.first_day <= each.days.from_ <= month.last_day for each in enrolments(view, person)):
        return next(e.category for e in enrolments(view, person) if Month.of(e.days.from_) == month)
    return gap_category(view, person, month)


def gap_category(view: View, person: str, month: Month) -> Category:
    """A month in which nobody owed anything is paid on the flexible base, at the rate held before."""
    for spell in reversed(memberships(view, person)):
        before = [each for m, each in spell.paid.items() if m < month]
        if before and before[-1].elsewhere:
            return Category(Capacity.FLEXIBLE)
        found = category_on(view, person, spell, month.first_day)
        if found is not None and spell.entered <= month.last_day:
            if gone(view, person, before[-1] if before else None, month.first_day):
                mode = found.mode if found.capacity is Capacity.FLEXIBLE else Mode.COMBINED
                return Category(Capacity.FLEXIBLE, mode)
            return in_month(view, person, found, month)
    raise FactMissing("enrolled.capacity", month.first_day, ("DX-2a",))


def _totalled(
    view: View,
    person: str,
    dues: list[tuple[Month, Category, Due]],
    question: ContributionDue,
    sheet: Sheet,
) -> ContributionDueAnswer:
    employer = sum(due.employer for _, _, due in dues)
    member = sum(due.member for _, _, due in dues)
    first = dues[0][2] if dues else Due(0, 0, 0)
    added = 0
    for month, _, _ in dues:
        difference = base_difference(view, person, month)
        if difference.value:
            added += sheet.use(difference)
    credit = _credits(view, person, dues)
    try:
        held = [each for each in excesses(view, person) if each.on <= question.on]
        wanted = {month for month, _, _ in dues}
        refundable = sum(each.amount for each in held if each.month in wanted)
    except Unanswerable:
        refundable = 0
    total = employer + member + added
    last = dues[-1] if dues else None
    return ContributionDueAnswer(
        base=first.base,
        employer=employer,
        member=member,
        pooled=None if credit is None else employer + member - credit,
        personal_account=credit,
        monthly=first.total,
        total=total,
        refundable=refundable,
        due_on=due_on(view, last[1].employer, last[0]).value if last is not None else None,
    )


def _credits(view: View, person: str, dues: Iterable[tuple[Month, Category, Due]]) -> int | None:
    try:
        return sum(
            month_credit(view, person, month, category).value for month, category, due in dues if due.total
        )
    except Unanswerable:
        return None


@rule("DX-10c", article="第十条")
def base_difference(view: View, person: str, month: Month) -> int:
    """What a reference announced later adds to months already settled is due in the month of its recording."""
    return sum(amount for _, amount in differences(view, person, month))


def differences(view: View, person: str, month: Month | None) -> list[tuple[Month, int]]:
    """Settled months whose figures were announced anew, in a month or at any time, with what that adds."""
    keys = (
        AnnouncementKey.BASE_REFERENCE_WAGE,
        AnnouncementKey.FLEXIBLE_AVERAGE_WAGE,
        AnnouncementKey.UNEMPLOYMENT_BASE,
    )
    late = [fact for key in keys for fact in announcements(view, key)]
    if month is not None:
        late = [fact for fact in late if Month.of(fact.recorded.day) == month]
    if not late:
        return []
    found = []
    for settled, each in months(view, person).items():
        by = settled_by(view, person, settled)
        if by is None or each.source != "paid" or not any(_later(fact, by) for fact in late):
            continue
        try:
            then = month_due(view, person, settled, each.category, by).value.total
            now = month_due(view, person, settled, each.category).value.total
        except Unanswerable:
            continue
        if now != then:
            found.append((settled, now - then))
    return found


def _later(fact: ParameterAnnounced, by: Moment) -> bool:
    return fact.recorded > by


def _employer_total(view: View, employer: str, question: ContributionDue) -> Finding[ContributionDueAnswer]:
    asked = _asked_months(question, None)
    sheet = Sheet()
    own = member = base = 0
    for month in asked:
        require_force(view, month.first_day)
        due = sheet.use(employer_due(view, employer, month))
        own, member, base = own + due.employer, member + due.member, base or due.base
    answer = ContributionDueAnswer(
        base=base,
        employer=own,
        member=member,
        monthly=(own + member) // len(asked) if len(asked) == 1 else None,
        total=own + member,
        due_on=due_on(view, employer, asked[-1]).value,
    )
    sheet.cite("DX-11a", "DX-10a")
    return Finding(answer, sheet.because)


def _fee_due(view: View, question: ContributionDue) -> Finding[ContributionDueAnswer]:
    if question.layer is not Layer.LARGE_AMOUNT:
        raise NotComputed(f"contribution_due.{question.layer}", question.on)
    year = _asked_months(question, None)[0].year
    day = date(year, 1, 1)
    require_force(view, day)
    if question.person is not None:
        if piece_on(view, question.person, question.on).reason == "not_in_scheme":
            return Finding(ContributionDueAnswer(employer=0, member=0, total=0), ("DX-66a",))
        category = category_of_year(view, question.person, year)
        if category is None:
            raise FactMissing("enrolled.capacity", day, ("DX-44a",))
        found = [yearly_fee(view, category, day)]
    elif question.employer is not None:
        category = Category(Capacity.EMPLOYED, Mode.COMBINED, question.employer)
        people = roll(view, question.employer, Month.of(question.on))
        found = [yearly_fee(view, category, day) for _ in people]
    else:
        found = [yearly_fee(view, Category(question.capacity or Capacity.EMPLOYED), day)]
    employer = sum(each.value[0] for each in found)
    member = sum(each.value[1] for each in found)
    answer = ContributionDueAnswer(
        employer=employer,
        member=member,
        large_amount=employer + member,
        total=employer + member,
        due_on=date(year, 12, 31),
    )
    return Finding(answer, joined(*(each.because for each in found)))
