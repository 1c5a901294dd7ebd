"""The form of answers that are put together as plain values; they describe, nothing is read by them."""

from typing import Any

from msgspec import UNSET, Struct, UnsetType

Because = list[str]


class Missing(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a question cannot be answered: what is missing, and for when."""

    code: str
    name: str | UnsetType = UNSET
    date: str | UnsetType = UNSET


class Unanswered(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Nothing was computed and nothing posted."""

    error: Missing
    because: Because
    pending: bool | UnsetType = UNSET


class Cited(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rule with its article and what it says."""

    rule: str
    article: str
    says: str


class FactUsed(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A fact in one line."""

    id: str
    fact: str
    fact_label: str
    on: str
    recorded: str
    told: dict[str, Any]


class PostingUsed(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A posting with every side in yuan."""

    entry: str
    on: str
    recorded: str
    kind: str
    kind_label: str
    postings: dict[str, str]
    because: Because
    cause: str


class SettlementVersion(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One version of a settlement and who bore the bill, in yuan."""

    version: int
    recorded: str
    cause: str
    payers: dict[str, str]


class Explained(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An answer (or an error), with its articles and what lies behind it."""

    answer: dict[str, Any] | UnsetType = UNSET
    error: Missing | UnsetType = UNSET
    because: Because | UnsetType = UNSET
    pending: bool | UnsetType = UNSET
    rules: list[Cited]
    facts: list[FactUsed] | UnsetType = UNSET
    versions: list[SettlementVersion] | UnsetType = UNSET
    postings: list[PostingUsed] | UnsetType = UNSET


class Statement(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"from_": "from"}):
    """Everything about one person; each part is an answer object or a map or list of them."""

    person: str
    from_: str
    to: str
    on: str
    known: str
    status: dict[str, Any]
    periods: dict[str, Any]
    months: dict[str, Any]
    personal_account: dict[str, Any]
    family_accounts: dict[str, Any]
    claims: list[dict[str, Any]]
    year_totals: dict[str, Any]
    postings: list[PostingUsed]
    facts: list[FactUsed]


class SubjectChanges(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What changed about one subject; each change as in the answer `changes` of facts v1."""

    subject: str
    changes: list[dict[str, Any]]


class Changes(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What changed between two moments of knowledge."""

    known_before: str
    known: str
    subjects: list[SubjectChanges]


class Difference(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One place at which two answers differ."""

    path: str
    before: Any
    after: Any


class ChangingStep(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A moment at which the answer changed, and the facts learned then."""

    known: str
    because_of: list[str]
    changes: list[Difference]


class Compared(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Both answers, and how one became the other."""

    ask: str
    known_before: str
    known: str
    before: dict[str, Any]
    after: dict[str, Any]
    changes: list[Difference]
    steps: list[ChangingStep]
