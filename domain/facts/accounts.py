"""Facts: accounts (facts v1, section 2.8). Money in fen."""

from domain.facts.envelope import Fact
from domain.values.identity import Id
from domain.values.money import Fen
from domain.values.terms import (
    PayoutReason,
    SpendPurpose,
)


class PersonalAccountSpent(Fact, frozen=True, kw_only=True, tag="personal_account_spent"):
    """个人账户支出: Money of a personal account is used outside a claim."""

    person: Id
    amount: Fen
    purpose: SpendPurpose
    provider: Id | None = None
    beneficiary: Id | None = None


class PersonalAccountPaidOut(Fact, frozen=True, kw_only=True, tag="personal_account_paid_out"):
    """个人账户清退: The balance leaves the account and the account is closed."""

    person: Id
    reason: PayoutReason
    amount: Fen | None = None
