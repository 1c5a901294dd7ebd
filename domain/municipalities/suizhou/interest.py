"""Interest on personal accounts, posted only from an announcement (article 65). Money in fen."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from domain.rulebook.announcements import announcements
from domain.rulebook.citation import rule
from domain.rulebook.view import View
from domain.values.money import Ratio, share
from domain.values.terms import MovementKind

if TYPE_CHECKING:
    from domain.municipalities.suizhou.account import Ledger
    from domain.municipalities.suizhou.account_credits import Movement


@rule("SZ-65d", article="第六十五条")
def interest(balance: int, rate: Ratio) -> int:
    """Interest is the announced rate on the balance of the announced day."""
    return share(balance, rate)


def interest_credits(view: View, person: str, found: "Ledger") -> Iterator["Movement"]:
    """The interest of every announced posting date that has come."""
    from domain.municipalities.suizhou.account_credits import Movement

    for fact in announcements(view, "account_interest"):
        told = fact.value
        if not isinstance(told, dict) or told.get("account") not in ("personal", "personal_account"):
            continue
        day = date.fromisoformat(str(told.get("posted_on", fact.on)))
        if day > view.today:
            continue
        amount = interest(found.balance(day), Ratio.parse(str(told["rate"])))
        if amount.value:
            yield Movement(
                f"interest/{day}",
                day,
                MovementKind.INTEREST,
                amount.value,
                "area:bank",
                because=amount.because,
            )
