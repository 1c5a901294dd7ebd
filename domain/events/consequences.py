"""What the rules of a municipality make of the facts, as records. Money in integer fen.

Each record belongs to one subject (`person:P1`, `household:H1`, `employer:E1`, `provider:H1`,
`fund:resident_pooled`) and has a `key` that is unique within it. A later record with the same key
replaces the earlier one; money is never replaced but corrected by the difference (see `Posting`).
"""

from datetime import date
from typing import ClassVar

from msgspec import Struct

from domain.questions.answers import (
    AcceptanceAnswer,
    AllowanceAnswer,
    Arrears,
    ClaimAnswer,
    YearTotalsAnswer,
)
from domain.values.calendar import Month
from domain.values.terms import (
    Capacity,
    CountedAs,
    Layer,
    MaternityStatus,
    Mode,
    MovementKind,
    Scheme,
    Status,
)


class Problem(Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """Why something cannot be answered: an `error` code of facts v1 with the missing name and its date."""

    code: str
    name: str
    date: str | None = None


class Consequence(Struct, frozen=True, gc=False, kw_only=True, tag_field="is", omit_defaults=True):
    """One result of the rules, with the rule IDs it rests on."""

    because: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Identity within the subject; the record recorded last under a key holds."""
        raise NotImplementedError


class BenefitPeriod(Consequence, frozen=True, kw_only=True, tag="benefit_period", rename={"from_": "from"}):
    """A stretch of days on which every field of `benefit_status` is the same (待遇期间).

    The periods of one person and scheme never overlap; days without a period are `none` /
    `not_enrolled`. With `problem` the status questions of these days are errors. `prevails` is False
    where another scheme pays although this one is covered. `entered_on` orders schemes when none pays.
    """

    person: str
    scheme: Scheme
    from_: date
    to: date | None
    status: Status
    reason: str | None = None
    capacity: Capacity | None = None
    employer: str | None = None
    mode: Mode | None = None
    tier: int | None = None
    covered_from: date | None = None
    covered_to: date | None = None
    waiting_from: date | None = None
    suspended_from: date | None = None
    retired_from: date | None = None
    arrears: Arrears | None = None
    maternity: MaternityStatus | None = None
    entered_on: date | None = None
    prevails: bool = True
    problem: Problem | None = None

    @property
    def key(self) -> str:
        return f"period/{self.scheme}/{self.from_}"


class CountedMonths(Consequence, frozen=True, kw_only=True, tag="counted_months", rename={"from_": "from"}):
    """Contribution months that count from the day `from_` on (until `to`): one month, or a number of unnamed ones.

    `paid` months with `local` count as local_paid; `transferred` marks months from another area.
    """

    person: str
    scheme: Scheme
    from_: date
    to: date | None = None
    month: Month | None = None
    label: str = ""
    """Tells unnamed blocks apart; empty for a named month."""
    count: int = 1
    counted_as: CountedAs = CountedAs.PAID
    local: bool = True
    transferred: bool = False
    mode: Mode | None = None
    capacity: Capacity | None = None

    @property
    def key(self) -> str:
        return f"months/{self.scheme}/{self.month if self.month is not None else self.label}"


class Posting(Struct, frozen=True, gc=False, omit_defaults=True):
    """One side of an entry. Positive fen add to the balance of the account, negative take from it.

    Accounts are `kind:id`: `fund:employee_pooled`, `personal_account:P1`, `family_account:H1`,
    `member:P1`, `employer:E1`, `provider:H1`, `treasury:city`, `insurer:critical_illness`, `bank:P1`,
    `area:outside`, `heirs:P1`. `use` labels what a fund received (source) or paid (use) for `fund_account`.
    """

    account: str
    fen: int
    use: str = ""


class Entry(Consequence, frozen=True, kw_only=True, tag="entry"):
    """Balanced postings of one happening, effective `on`: what the journal should hold in all under this key.

    When the amounts under a key change, the journal gets the difference (same kind, same `on`, new
    recorded date); when the key vanishes or `on` moves, it gets the reverse with kind `reversed_as`.
    `waiting_for` (announcement key) marks an amount that cannot be posted yet; it carries no postings.
    """

    name: str
    on: date
    kind: MovementKind | None = None
    postings: tuple[Posting, ...] = ()
    month: Month | None = None
    person: str | None = None
    age: int | None = None
    other: str | None = None
    waiting_for: str | None = None
    reversed_as: MovementKind = MovementKind.REVERSAL

    @property
    def key(self) -> str:
        return f"entry/{self.name}"


class AccountStanding(
    Consequence, frozen=True, kw_only=True, tag="account_standing", rename={"from_": "from"}
):
    """What the answer on an account says beside its journal, for days from `from_` until `to`.

    `account` as in `Posting`. `problem` makes the question of these days an error.
    """

    account: str
    from_: date
    to: date | None = None
    blocked: bool = False
    monthly_credit: int | None = None
    notes: tuple[str, ...] = ()
    problem: Problem | None = None

    @property
    def key(self) -> str:
        return f"standing/{self.account}/{self.from_}"


class Settlement(Consequence, frozen=True, kw_only=True, tag="settlement"):
    """The settlement of a claim as it now holds (结算); `problem` instead of an answer when nothing may be guessed.

    `on` is the claim's effective date. `counters` keeps what the city's rules must remember of this
    settlement (cap used, deductible consumed), in fen or counts.
    """

    claim: str
    person: str
    on: date
    answer: ClaimAnswer | None = None
    problem: Problem | None = None
    payers: dict[str, int] = {}
    """Who bears the bill, in fen: each fund that pays by its name (`employee_pooled`), `member`, others."""
    counters: dict[str, int] = {}

    @property
    def key(self) -> str:
        return f"claim/{self.claim}"


class YearTotal(Consequence, frozen=True, kw_only=True, tag="year_total"):
    """Counters of a person, scheme and calendar year (年度累计)."""

    person: str
    scheme: Scheme
    year: int
    answer: YearTotalsAnswer | None = None
    problem: Problem | None = None

    @property
    def key(self) -> str:
        return f"year/{self.scheme}/{self.year}"


class LayerCover(Consequence, frozen=True, kw_only=True, tag="layer_cover", rename={"from_": "from"}):
    """Cover by a layer above basic insurance, for days from `from_` until `to`."""

    person: str
    layer: Layer
    from_: date
    to: date | None
    status: Status = Status.COVERED

    @property
    def key(self) -> str:
        return f"layer/{self.layer}/{self.from_}"


class AllowanceGranted(Consequence, frozen=True, kw_only=True, tag="allowance"):
    """The maternity allowance of one reported event (生育津贴), granted or refused.

    `answer.posted` is left out: it is the sum of `instalments` posted up to the day of the question.
    """

    person: str
    event: str
    """The id of the fact that reported the event."""
    on: date
    answer: AllowanceAnswer | None = None
    problem: Problem | None = None

    @property
    def key(self) -> str:
        return f"allowance/{self.event}"


class FactDecided(Consequence, frozen=True, kw_only=True, tag="fact_decided"):
    """What became of a fact where it is not simply accepted (事实受理结果)."""

    fact: str
    person: str | None = None
    """The person this decision is about, where one fact speaks of several."""
    answer: AcceptanceAnswer | None = None
    problem: Problem | None = None

    @property
    def key(self) -> str:
        return f"decided/{self.fact}/{self.person}" if self.person else f"decided/{self.fact}"


class Stalled(Consequence, frozen=True, kw_only=True, tag="stalled"):
    """The rules cannot say anything new about the subject until something is announced or reported."""

    KEY: ClassVar[str] = "stalled"

    problem: Problem

    @property
    def key(self) -> str:
        return self.KEY


AnyConsequence = (
    BenefitPeriod
    | CountedMonths
    | Entry
    | AccountStanding
    | Settlement
    | YearTotal
    | LayerCover
    | AllowanceGranted
    | FactDecided
    | Stalled
)
