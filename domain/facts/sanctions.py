"""Facts: sanctions (facts v1, section 2.10). Money in fen."""

from domain.facts.envelope import Fact
from domain.values.identity import Id, Year
from domain.values.money import Fen
from domain.values.terms import (
    Debtor,
    Fund,
    SanctionReason,
)


class SanctionDecided(Fact, frozen=True, kw_only=True, tag="sanction_decided"):
    """违规处理决定: Money is recovered, a fine is imposed, or the right to claim is withdrawn. A claim older
    than the ledger may be named when `person` and `year` are given.
    """

    reason: SanctionReason
    debtor: Debtor = Debtor.MEMBER
    claims: tuple[Id, ...] | None = None
    person: Id | None = None
    provider: Id | None = None
    employer: Id | None = None
    year: Year | None = None
    fund: Fund | None = None
    recovered: Fen | None = None
    fine: Fen | None = None
    barred_year: Year | None = None


class RecoveryReceived(Fact, frozen=True, kw_only=True, tag="recovery_received"):
    """追回款到账: Money owed to a fund by decision arrives."""

    amount: Fen
    fund: Fund | None = None
    debtor: Debtor = Debtor.MEMBER
    person: Id | None = None
    provider: Id | None = None
    claims: tuple[Id, ...] | None = None
