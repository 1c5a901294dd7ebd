"""Groups a person belongs to on a day, and what they pay less for it (articles 39 and 47)."""

from datetime import date
from decimal import Decimal
from typing import Any

from domain.errors import AnnouncementMissing
from domain.facts import ApprovalEnded, GroupRecognised
from domain.municipalities.suizhou.policy import figure
from domain.rulebook.announcements import announced, announced_fen
from domain.rulebook.citation import Finding, joined, rule
from domain.rulebook.view import View, per_view
from domain.values.calendar import FAR_FUTURE
from domain.values.money import Fen, Ratio, fen_of, share


@per_view
def memberships(view: View, person: str) -> tuple[tuple[str, date, date, date], ...]:
    """Group, first day, first day no longer a member, and the day on which it became known."""
    ends = [(e.group, e.on) for e in view.facts(ApprovalEnded, person=person) if e.group is not None]
    found = []
    for fact in view.facts(GroupRecognised, person=person):
        start = fact.from_ or fact.on
        until = min(
            [fact.to or FAR_FUTURE, *(on for group, on in ends if group is fact.group and on >= start)]
        )
        found.append((str(fact.group), start, until, fact.recorded.day))
    return tuple(found)


def groups_on(view: View, person: str, day: date, known_on: date | None = None) -> set[str]:
    """Groups of a person on a day, as known now or, when given, as known on a day."""
    return {
        group
        for group, start, end, known in memberships(view, person)
        if start <= day < end and (known_on is None or known <= known_on)
    }


@rule("SZ-39a", article="第三十九条")
def subsidy_share(standard: int, rate: Ratio) -> int:
    """The share of the contribution that government pays for a group; the member pays the rest."""
    return share(standard, rate)


@rule("SZ-39b", article="第三十九条")
def highest_subsidy(amounts: list[int]) -> int:
    """Several groups: the highest subsidy once, never added."""
    return max(amounts, default=0)


@rule("SZ-36d", article="第三十六条")
def standard_of_year(announced_amount: int) -> int:
    """The full announced amount is due whatever the date of entry."""
    return announced_amount


def standard(view: View, year: int, day: date) -> Finding[int]:
    """What a resident owes for a year (P3), in fen."""
    amount = announced_fen(view, "resident_contribution", date(year, 1, 1), ("SZ-36d",), year=year)
    return standard_of_year(amount)


def subsidy(view: View, person: str, year: int, day: date) -> Finding[int]:
    """The subsidy for a contribution paid on a day, by the groups known on that day, in fen."""
    amount = standard(view, year, day)
    groups = groups_on(view, person, day, day)
    if groups & set(figure(view, "resident.full_subsidy_groups", day)):
        full = subsidy_share(amount.value, Ratio(1))
        return highest_subsidy_of([full], amount)
    found = [
        subsidy_share(amount.value, rate)
        for group, rate in figure(view, "resident.partly_subsidised", day).items()
        if group in groups
    ]
    for group in sorted(groups & set(figure(view, "resident.announced_subsidy_groups", day))):
        told = announced(
            view,
            "contribution_subsidy",
            date(year, 1, 1),
            ("SZ-39a",),
            group=group,
            year=year,
        )
        found.append(_announced_subsidy(told, amount.value, group, year))
    if not found:
        return Finding(0, amount.because)
    return highest_subsidy_of(found, amount)


def highest_subsidy_of(found: list[Finding[int]], amount: Finding[int]) -> Finding[int]:
    """The best of several subsidies, at most the contribution itself."""
    if len(found) == 1:
        return Finding(min(found[0].value, amount.value), joined(found[0].because, amount.because))
    best = highest_subsidy([each.value for each in found])
    return Finding(min(best.value, amount.value), joined(best.because, found[0].because, amount.because))


def _announced_subsidy(told: Any, amount: int, group: str, year: int) -> Finding[int]:
    if isinstance(told, str):
        return Finding(int(Fen(fen_of(Decimal(told)))), ("SZ-39a",))
    if told.get("full"):
        return subsidy_share(amount, Ratio(1))
    if "rate" in told:
        return subsidy_share(amount, Ratio.parse(str(told["rate"])))
    if "amount" in told:
        return Finding(int(Fen(fen_of(Decimal(str(told["amount"]))))), ("SZ-39a",))
    if "own_share" in told:
        return Finding(amount - share(amount, Ratio.parse(str(told["own_share"]))), ("SZ-39a",))
    raise AnnouncementMissing(f"contribution_subsidy[{group}]", year, ("SZ-39a",))
