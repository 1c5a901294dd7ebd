"""Who calls, and what that allows: roles, cities, and the right to read identifiers."""

from enum import Enum, auto

from msgspec import Struct

from domain.values.terms.term import Term
from ledger.rights.refusals import CityOutOfScope, NotAllowed

EVERY_CITY = "*"
"""In place of a division code: all cities, also those that come later."""


class Role(Term):
    """What somebody is to the agency."""

    OPERATOR = "operator", "经办"
    AUDITOR = "auditor", "稽核"
    CONSUMER = "consumer", "订阅方"
    ADMINISTRATOR = "administrator", "管理员"


class Right(Enum):
    """What a call needs."""

    RECORD = auto()
    """Record facts, and resolve with recording."""
    ASK = auto()
    """Questions, reasons, statements, previews, proofs."""
    FOLLOW = auto()
    """The stream of events, and subscriptions of one's own."""
    KEEP = auto()
    """Subscriptions of everybody, the access log, metrics."""


RIGHTS: dict[Role, frozenset[Right]] = {
    Role.OPERATOR: frozenset({Right.RECORD, Right.ASK}),
    Role.AUDITOR: frozenset({Right.ASK, Right.FOLLOW}),
    Role.CONSUMER: frozenset({Right.FOLLOW}),
    Role.ADMINISTRATOR: frozenset({Right.FOLLOW, Right.KEEP}),
}


class Caller(Struct, frozen=True, kw_only=True):
    """A caller as the token describes it."""

    name: str
    roles: tuple[Role, ...]
    cities: tuple[str, ...]
    """Division codes, or EVERY_CITY."""
    identifiers: bool = False
    """May read names and identity numbers of persons."""
    imports: bool = False
    """May bring `recorded` times of another system's history; recording alone stamps now."""
    token: str = ""
    """The token's own id (`jti`)."""

    def may(self, right: Right) -> bool:
        """True when one of the roles brings the right."""
        return any(right in RIGHTS[role] for role in self.roles)

    def need(self, right: Right) -> None:
        """NotAllowed unless one of the roles brings the right."""
        if not self.may(right):
            needed = ", ".join(str(role) for role, rights in RIGHTS.items() if right in rights)
            raise NotAllowed(f"{self.name} is {', '.join(self.roles)}; this needs one of: {needed}")

    def need_imports(self) -> None:
        """NotAllowed unless the token says that its bearer may bring recorded times."""
        if not self.imports:
            raise NotAllowed(
                f"{self.name} may not keep `recorded` times; a token with --imports may", "keep_recorded"
            )

    def reaches(self, city: str) -> bool:
        """True when a city (by the code of its ledger) is in the scope of the token."""
        return EVERY_CITY in self.cities or city in self.cities

    def need_city(self, city: str) -> None:
        """CityOutOfScope unless the city is in the scope of the token."""
        if not self.reaches(city):
            raise CityOutOfScope(city, self.cities)


NOBODY = Caller(name="", roles=(), cities=())
"""Who calls what is open to everybody."""
