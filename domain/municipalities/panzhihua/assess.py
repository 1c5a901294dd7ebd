"""Questions that need no record: what is due, what is given back, transfers between funds."""

from datetime import date
from typing import Any

from domain.errors import NotComputed
from domain.facts import RefundRequested
from domain.municipalities.panzhihua.announced import governing, of_year
from domain.municipalities.panzhihua.contribution import due, groups_on, last_day
from domain.municipalities.panzhihua.funds import enrolled_count, premium_of
from domain.municipalities.panzhihua.membership import Membership, membership, refund_of
from domain.municipalities.panzhihua.policy import require_force
from domain.municipalities.panzhihua.refunds import RefundDecision
from domain.municipalities.panzhihua.totals import year_totals
from domain.questions import kinds as ask
from domain.questions.answers import (
    ContributionDueAnswer,
    FundTransferAnswer,
    RefundDueAnswer,
    YearTotalsAnswer,
)
from domain.rulebook.announcements import fen_in, ratio_in
from domain.rulebook.citation import Finding, joined, rule
from domain.rulebook.contract import Assess
from domain.rulebook.view import View
from domain.values.money import share
from domain.values.terms import AnnouncementKey as Key
from domain.values.terms import DueOutcome, FundTransferKind, Scheme


def contribution_due(view: View, question: ask.ContributionDue) -> Finding[ContributionDueAnswer]:
    """Standard, aid and own part of a year, for the groups of the day asked about."""
    year, person = question.year, question.person
    if question.scheme is not Scheme.RESIDENT or year is None or question.layer is not None:
        raise NotComputed("contribution_due", question.on)
    groups = groups_on(view, person, question.on, hardship=True) if person else []
    found = due(view, year, groups)
    born_on = view.person(person).born_on if person else None
    last = last_day(view, year, born_on)
    parts = _subsidy_of_one(view, year)
    answer = ContributionDueAnswer(
        member=found.value.own,
        subsidy=found.value.aid,
        total=found.value.standard,
        refundable=_refundable(view, person, year) if person else None,
        public_subsidy=parts,
        due_on=last.value,
    )
    return Finding(answer, joined(found.because, last.because))


def _refundable(view: View, person: str, year: int) -> int:
    paid = membership(view, person).years.get(year)
    return sum(payment.held for payment in paid.payments) if paid is not None else 0


def _subsidy_of_one(view: View, year: int) -> dict[str, int] | None:
    found = governing(view, Key.FISCAL_SUBSIDY, date(year, 1, 1))
    return split_subsidy(found.value, 1).value[1] if found is not None else None


@rule("PZ-6b", article="第六条")
def split_subsidy(announced: Any, count: int) -> tuple[int, dict[str, int]]:
    """Persons enrolled times the amount a head, by tier of finance; the last tier takes the remainder."""
    if not isinstance(announced, dict):
        return fen_in(announced) * count, {}
    total = fen_in(announced["per_person"]) * count
    parts: dict[str, int] = {}
    for name, part in announced["shares"].items():
        parts[name] = share(total, ratio_in(part))
    if parts:
        last = list(parts)[-1]
        parts[last] = total - sum(fen for name, fen in parts.items() if name != last)
    return total, parts


def refund_due(view: View, question: ask.RefundDue) -> Finding[RefundDueAnswer]:
    """What a request of the day would come to, or came to if one was made."""
    if question.scheme is not Scheme.RESIDENT:
        raise NotComputed("refund_due", question.on)
    known = membership(view, question.person)
    year = question.year if question.year is not None else question.on.year
    made = _made(view, known, question, year)
    decision = made if made is not None else refund_of(view, question.person, known, year, question.on)
    if decision.reason is not None:
        answer = RefundDueAnswer(outcome=DueOutcome.REFUSED, reason=decision.reason, amount=0, member=0)
        return Finding(answer, decision.because)
    amount = decision.member + decision.aid
    outcome = DueOutcome.DUE if amount else DueOutcome.NOTHING_DUE
    answer = RefundDueAnswer(outcome=outcome, amount=amount, member=decision.member, subsidiser=decision.aid)
    return Finding(answer, decision.because)


def _made(view: View, known: Membership, question: ask.RefundDue, year: int) -> RefundDecision | None:
    granted = [
        known.refunds[fact.id]
        for fact in view.facts(RefundRequested, person=question.person)
        if fact.id in known.refunds and fact.year == year and fact.on <= question.on
    ]
    found = [decision for decision in granted if decision.is_due and (decision.member or decision.aid)]
    paid = known.years.get(year)
    again = paid is not None and (paid.opening or any(each.fact.on <= question.on for each in paid.payments))
    return found[-1] if found and not again else None


def fund_transfer(view: View, question: ask.FundTransfer) -> Finding[FundTransferAnswer]:
    """The critical-illness premium, or the government subsidy as assessed."""
    on = question.on or view.today
    if question.transfer is FundTransferKind.CRITICAL_ILLNESS_PREMIUM:
        amount, count, because = premium_of(view, question.year, on)
        answer = FundTransferAnswer(
            from_="resident_pooled", to="critical_illness", amount=amount, count=count
        )
        return Finding(answer, because)
    if question.transfer is FundTransferKind.PUBLIC_SUBSIDY:
        return _public_subsidy(view, question.year, on)
    raise NotComputed("fund_transfer", question.on)


def _public_subsidy(view: View, year: int, on: date) -> Finding[FundTransferAnswer]:
    because = require_force(view, date(year, 1, 1))
    announced = of_year(view, Key.FISCAL_SUBSIDY, year, ("PZ-6b",))
    count = enrolled_count(view, year, on)
    found = split_subsidy(announced, count)
    total, parts = found.value
    answer = FundTransferAnswer(
        from_="government", to="resident_pooled", amount=total, count=count, parts=parts or None
    )
    return Finding(answer, joined(found.because, because))


def totals(view: View, question: ask.YearTotals) -> Finding[YearTotalsAnswer]:
    """The totals of a year in which nothing was counted."""
    if question.scheme is not Scheme.RESIDENT:
        raise NotComputed("year_totals")
    return Finding(*year_totals(view, question.person, question.year))


ASSESS: dict[str, Assess] = {
    "contribution_due": contribution_due,
    "refund_due": refund_due,
    "fund_transfer": fund_transfer,
    "year_totals": totals,
}
