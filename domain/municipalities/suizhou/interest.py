"""Interest on personal accounts, posted only from an announcement (article 65). Money in fen."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import TYPE_CHECKING

from domain.facts import ParameterAnnounced
from domain.rulebook.announcements import announcements
from domain.rulebook.citation import rule
from domain.rulebook.view import View
from domain.values.calendar import Moment
from domain.values.money import Ratio, share
from domain.values.terms import MovementKind

if TYPE_CHECKING:
    from domain.municipalities.suizhou.account_credits import Movement


@rule("SZ-65d", article="第六十五条")
def interest(balance: int, rate: Ratio) -> int:
    """Interest is the announced rate on the balance of the announced day."""
    return share(balance, rate)


def _posted_on(fact: ParameterAnnounced) -> date:
    told = fact.value if isinstance(fact.value, dict) else {}
    return date.fromisoformat(str(told.get("posted_on", fact.on)))


def interest_days(view: View) -> list[tuple[Moment, ParameterAnnounced]]:
    """Announced interest whose posting date has come, by the moment at which it is posted."""
    found = []
    for fact in announcements(view, "account_interest"):
        told = fact.value
        if not isinstance(told, dict) or told.get("account") not in ("personal", "personal_account"):
            continue
        day = _posted_on(fact)
        if view.reached(day):
            found.append((max(fact.recorded, Moment.end_of(day)), fact))
    return sorted(found, key=lambda each: (each[0], view.order(each[1])))


def interest_credits(fact: ParameterAnnounced, balance: Callable[[date], int]) -> Iterator["Movement"]:
    """The interest of one posting date on the balance of that day."""
    from domain.municipalities.suizhou.account_credits import Movement

    day = _posted_on(fact)
    told = fact.value if isinstance(fact.value, dict) else {}
    amount = interest(balance(day), Ratio.parse(str(told["rate"])))
    if amount.value:
        yield Movement(
            f"interest/{day}",
            day,
            MovementKind.INTEREST,
            amount.value,
            "area:bank",
            because=amount.because,
        )
