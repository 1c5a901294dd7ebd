"""One call: who asks for what, of which city, and what of the answer that caller may read."""

from typing import Any, TypeVar

import msgspec
from msgspec import Struct, structs

from domain import municipalities as towns
from domain.errors import InputRefused
from domain.facts.reading import decode_hook, refusal
from ledger.rights.access import AccessLog, Entry
from ledger.rights.caller import EVERY_CITY, Caller
from ledger.rights.masking import masked
from ledger.service.desk import Desk
from ledger.service.metrics import Metrics
from ledger.service.settings import Settings

T = TypeVar("T")
ABOUT = ("person", "claim", "household", "employer", "provider", "id", "name")
SAFE_SECONDS = 10
"""How long a read of identifiers waits for its entry in the access log."""


class Call(Struct, kw_only=True):
    """What a handler works with."""

    caller: Caller
    desk: Desk
    settings: Settings
    metrics: Metrics
    access: AccessLog
    entry: Entry
    """Who calls which address, as the access log writes it."""
    path: dict[str, str]
    query: Any
    told: Any
    """The decoded body."""
    notes: dict[str, Any]
    """What the log shall say of this call beside the usual: facts, counts."""

    def city(self, given: str = "") -> str:
        """The city that is meant, by the code of its ledger; RightsRefused when the token is for others.

        Said in the request, else of the service, else the only one of the token, else the only one held.
        """
        named = given or getattr(self.query, "city", None) or self.settings.city or self._only()
        code = towns.municipality(named).code
        self.caller.need_city(code)
        return code

    def default_city(self) -> str:
        """The city of facts that name none; empty when each fact must say."""
        try:
            return self.city()
        except InputRefused:
            return ""

    def read(self, kind: type[T]) -> T:
        """The body as a struct; InputRefused names the field that is wrong."""
        return read_as(self.told, kind, strict=True)

    def shown(self, result: Any) -> Any:
        """The answer as this caller may read it: names and identity numbers only with the right to them.

        With the right, the reading is recorded first; if it cannot be, nothing is shown.
        """
        plain = msgspec.to_builtins(result)
        hidden, found = masked(plain)
        if not found or not self.caller.identifiers:
            return hidden
        self.note_identifiers(self.about())
        return plain

    def note_identifiers(self, about: str) -> None:
        """Record that this caller reads identifiers, if it has the right to; before anything is shown."""
        if self.caller.identifiers and "identifiers" not in self.notes:
            self.access.note(structs.replace(self.entry, about=about)).result(SAFE_SECONDS)
            self.notes["identifiers"] = True

    def about(self) -> str:
        """Whom or what the call asks about, as far as it says so."""
        told = self.told if isinstance(self.told, dict) else {}
        given = {name: told.get(name) or getattr(self.query, name, None) for name in ABOUT}
        return ", ".join(
            f"{name}:{value}" for name, value in given.items() if isinstance(value, str) and value
        )

    def _only(self) -> str:
        own = [city for city in self.caller.cities if city != EVERY_CITY]
        if len(own) == 1:
            return own[0]
        reached = [city for city in self.desk.store.cities() if self.caller.reaches(city)]
        if len(reached) != 1:
            raise InputRefused("field_missing", "city", "say which city is meant: `city`")
        return reached[0]


def read_as(told: Any, kind: type[T], *, strict: bool) -> T:
    """Plain values as a struct; not `strict`: numbers and truth may be written as text, as in an address."""
    try:
        return msgspec.convert(told, kind, strict=strict, dec_hook=decode_hook)
    except msgspec.ValidationError as error:
        raise refusal(str(error), "the request") from None
