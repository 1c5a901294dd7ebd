"""Contributions, fees and the personal account as postings (arts. 11, 14, 15, 17, 21, 44). Money in fen."""

from collections.abc import Iterator
from datetime import date

from domain.errors import AnnouncementMissing, FactMissing, Unanswerable
from domain.events.consequences import AccountStanding, CountedMonths, Entry, Posting
from domain.facts import (
    ContributionPaid,
)
from domain.municipalities.dingxi.dues import Due, month_base, paid_amount
from domain.municipalities.dingxi.enrolment import Category
from domain.municipalities.dingxi.payments import Paid, merged, months, payment_facts, taken_over
from domain.municipalities.dingxi.policy import force_begins, problem_of
from domain.municipalities.dingxi.retirement import (
    mode_after,
    retired_fact,
    retiree_credited,
    retiree_from,
    retirement_month,
)
from domain.municipalities.dingxi.standing import piece_on
from domain.rulebook.announcements import announced_terms, fen_in, ratio_in
from domain.rulebook.citation import Finding, joined, rule
from domain.rulebook.view import View
from domain.values.calendar import Month
from domain.values.money import share
from domain.values.terms import Capacity, MovementKind, Scheme, Status

POOLED, LARGE = "fund:employee_pooled", "fund:large_amount"
CREDIT = "personal_account_credit"


def account_of(person: str) -> str:
    """The personal account of a person."""
    return f"personal_account:{person}"


def counted_months(view: View, person: str) -> Iterator[CountedMonths]:
    """Every month that counts, from its first day or the day on which it was paid in full."""
    paid = months(view, person)
    moved = set(merged(paid).value)
    opened = set(taken_over(paid).value)
    retired = retirement_month(view, person)
    for month, each in paid.items():
        if each.counts_from is not None and (retired is None or month <= retired):
            extra = ("DX-15a",) if month in moved else ("DX-68b",) if month in opened else ()
            yield CountedMonths(
                person=person,
                scheme=Scheme.EMPLOYEE,
                from_=each.counts_from,
                month=month,
                local=not each.elsewhere,
                transferred=each.elsewhere,
                mode=each.category.mode,
                capacity=each.category.capacity,
                because=("DX-14b", *extra),
            )


@rule("DX-11c", "DX-18a", article="第十七、十八条")
def contribution_postings(category: Category, person: str, due: Due) -> tuple[Posting, ...]:
    """Both shares go to the pooled fund, which credits the account from them."""
    if category.capacity is Capacity.EMPLOYED:
        payers = [
            Posting(f"employer:{category.employer}", -due.employer),
            Posting(f"member:{person}", -due.member),
        ]
    elif category.capacity is Capacity.UNEMPLOYED:
        payers = [Posting("government:unemployment_fund", -due.total)]
    else:
        payers = [Posting(f"member:{person}", -due.total)]
    return (*(p for p in payers if p.fen), Posting(POOLED, due.total, "contributions"))


def contributions(view: View, person: str) -> Iterator[Entry]:
    """What was paid for the person's months, as far as its amount is known."""
    from domain.municipalities.dingxi.enrolment import category_of

    for fact in payment_facts(view, person):
        category = category_of(fact.capacity, fact.mode, fact.employer)
        try:
            due = _paid_due(view, person, fact, category)
        except Unanswerable:
            continue
        if due.total:
            found = contribution_postings(category, person, due)
            yield Entry(
                name=f"contribution/{fact.id}",
                on=fact.on,
                postings=found.value,
                person=person,
                because=found.because,
            )


def _paid_due(view: View, person: str, fact: ContributionPaid, category: Category) -> Due:
    own = months(view, person)
    if fact.amount is not None and fact.person is not None:
        return Due(0, int(fact.amount), 0) if category.employer else Due(0, 0, int(fact.amount))
    mine = [(m, due) for m, due in paid_amount(view, person, fact) if m in own and _in(own[m], fact)]
    if fact.amount is not None:
        whole = [(m, due) for m, due in mine if own[m].full_on == fact.on]
        mine = whole
    return Due(0, sum(d.employer for _, d in mine), sum(d.member for _, d in mine))


def _in(paid: Paid, fact: ContributionPaid) -> bool:
    return any(payment.fact == fact.id for payment in paid.payments)


@rule("DX-21a", "DX-17a", article="第十七、二十一条")
def credit(view: View, category: Category, month: Month, base: int | None) -> int:
    """The announced credit of a month for the standing; the only movement between fund and account."""
    day = month.first_day
    terms = announced_terms(view, CREDIT, day, ("DX-21a",)).get(category.capacity.value)
    if not isinstance(terms, dict):
        raise AnnouncementMissing(CREDIT, day, ("DX-21a",))
    if "monthly_amount" in terms:
        return fen_in(terms["monthly_amount"])
    if base is None:
        raise FactMissing("retired.base", day, ("DX-21a",))
    return share(base, ratio_in(terms["rate_of_base"]))


@rule("DX-14f", article="第十四条（二）")
def credited_month(category: Category) -> bool:
    """A month at the full standard is credited, one at the pooling-only rate is not."""
    return category.full_standard


def month_credit(view: View, person: str, month: Month, category: Category) -> Finding[int]:
    """What a contribution month brings to the account."""
    earns = credited_month(category)
    if not earns.value:
        return Finding(0, earns.because)
    terms = announced_terms(view, CREDIT, month.first_day, ("DX-21a",)).get(category.capacity.value)
    base = None
    if isinstance(terms, dict) and "monthly_amount" not in terms:
        base = month_base(view, person, month, category)
    found = credit(view, category, month, base.value if base is not None else None)
    return Finding(
        found.value, joined(found.because, earns.because, base.because if base is not None else ())
    )


def monthly_credits(view: View, person: str) -> Iterator[Entry | AccountStanding]:
    """Monthly credits from contributions; the first that cannot be known stops the account from that day."""
    problems: list[AccountStanding] = []
    begins = Month.of(force_begins())
    died, retired = view.died_on(person), retirement_month(view, person)
    for month, each in months(view, person).items():
        if month < begins or each.full_on is None or each.source != "paid":
            continue
        if retired is not None and month > retired:
            continue  # nothing was owed for it, so it brings no credit (DX-20g)
        day = max(each.full_on, month.first_day)
        if died is not None and day > died:
            continue
        try:
            found = month_credit(view, person, month, each.category)
        except Unanswerable as missing:
            problems.append(_stuck(person, day, missing))
            continue
        if found.value:
            yield _credit_entry(f"basic/{month}", MovementKind.BASIC_CREDIT, day, month, person, found)
    yield from min_by_day(problems)


def _credit_entry(
    name: str, kind: MovementKind, day: date, month: Month, person: str, found: Finding[int]
) -> Entry:
    postings = (Posting(POOLED, -found.value, "account_credits"), Posting(account_of(person), found.value))
    return Entry(
        name=name, on=day, kind=kind, postings=postings, month=month, person=person, because=found.because
    )


def _stuck(person: str, day: date, missing: Unanswerable) -> AccountStanding:
    return AccountStanding(
        account=account_of(person), from_=day, problem=problem_of(missing), because=missing.because
    )


def min_by_day(problems: list[AccountStanding]) -> Iterator[AccountStanding]:
    """The earliest problem only: from then on the account cannot be told."""
    if problems:
        yield min(problems, key=lambda standing: standing.from_)


def retiree_credits(view: View, person: str) -> Iterator[Entry | AccountStanding]:
    """The retiree's credit on the first of each month on which the person is a retiree here, while alive."""
    fact = retired_fact(view, person)
    start = retiree_from(view, person).value if fact is not None else None
    if fact is None or start is None:
        return
    category = Category(Capacity.RETIRED, mode_after(view, person))
    if not retiree_credited(Category(Capacity.FLEXIBLE, category.mode)).value:
        return
    month = Month.of(max(start, force_begins()))
    if month.first_day < start:
        month = month.plus(1)
    died = view.died_on(person)
    base = int(fact.base) if fact.base is not None else None
    while view.reached(month.first_day) and (died is None or month.first_day <= died):
        if piece_on(view, person, month.first_day).status is not Status.COVERED:
            month = month.plus(1)  # moved away, in the resident scheme, or provided for by the state
            continue
        try:
            found = credit(view, category, month, base)
        except Unanswerable as missing:
            yield _stuck(person, month.first_day, missing)
            return
        because = Finding(found.value, joined(found.because, ("DX-14g",)))
        yield _credit_entry(
            f"retiree/{month}", MovementKind.RETIREE_CREDIT, month.first_day, month, person, because
        )
        month = month.plus(1)
