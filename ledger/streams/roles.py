"""Which field says what: who may be recognised by it, and which integers are money.

A text field that is not named here is taken for one that identifies somebody (tests/streams/test_contract.py
wants every field of the contract named).
"""

from enum import Enum, auto

from domain.events import consequences as c
from domain.events.recorded import Advanced, Determined, Posted, Withdrawn
from domain.facts import AnyFact, Withdrawal


class Role(Enum):
    """What a text field is."""

    OPEN = auto()
    """Names nobody: codes, places, institutions, rules."""
    PERSON = auto()
    HOUSEHOLD = auto()
    CLAIM = auto()
    FACT = auto()
    SUBJECT = auto()
    """A subject or an account, `kind:identifier`."""
    KEY = auto()
    """The key of a result."""
    OTHER = auto()
    """May hold an identifier of any kind."""
    TEXT = auto()
    """A name or free text: only for those with the right."""


_FIELDS: dict[Role, str] = {
    Role.PERSON: "person persons members relative insured_through account_holder payer beneficiary bases missing",
    Role.HOUSEHOLD: "household from_household to_household",
    Role.CLAIM: "claim claims stay continues",
    Role.FACT: "id corrects event fact",
    Role.SUBJECT: "account",
    Role.KEY: "key",
    Role.OTHER: "other label pregnancy name",
    Role.TEXT: "note",
    Role.OPEN: (
        "city employer previous_employer successor provider providers from_provider to_provider consortium school"
        " because rules reason notes code date use waiting_for step value formula amounts breakdown supplement"
        " pending_layers other_payers adjustment payers payee origin destination town withdraws place disease"
        " diseases insured_county household_registration eligibility_place to_place"
    ),
}
_BY_NAME: dict[str, Role] = {name: role for role, names in _FIELDS.items() for name in names.split()}
_EXCEPTIONS: dict[tuple[str, str], Role] = {
    ("PersonRegistered", "name"): Role.TEXT,
    ("Line", "name"): Role.TEXT,
    ("FundIncomeReceived", "payer"): Role.TEXT,
    ("ProviderRegistered", "name"): Role.OPEN,
    ("EmployerRegistered", "name"): Role.OPEN,
    ("Problem", "name"): Role.OPEN,
    ("ParameterAnnounced", "value"): Role.OPEN,
}
LEFT_OUT: frozenset[tuple[type, str]] = frozenset(
    {
        (c.Entry, "name"),  # the key says it
        (c.Settlement, "counters"),  # what the rules remember for themselves
        (c.Entry, "reversed_as"),
        (Posted, "reversed_as"),
        *(
            (kind, name)
            for kind in (Determined, Withdrawn, Posted, Advanced)
            for name in ("subject", "cause")
        ),
        *((kind, "recorded") for kind in (*AnyFact.__args__, Withdrawal)),
    }
)
"""Fields that are not part of the contract: the envelope has them, or nobody outside needs them."""
MONEY: dict[tuple[type, str], str] = {
    (c.Posting, "fen"): "amount",
    (c.Settlement, "payers"): "payers",
    (c.AccountStanding, "monthly_credit"): "monthly_credit",
}
"""Plain integers that are fen, and the name under which they are written as yuan."""


def role_of(struct: type, name: str) -> Role | None:
    """What a text field of a struct is; None for one that nobody has named yet."""
    return _EXCEPTIONS.get((struct.__name__, name), _BY_NAME.get(name))
