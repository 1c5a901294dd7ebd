"""One call: who asks for what, of which city, and what of the answer that caller may read."""

from typing import Any

from msgspec import Struct

from domain import municipalities as towns
from domain.errors import InputRefused
from ledger.rights.caller import EVERY_CITY, Caller
from ledger.rights.masking import masked
from ledger.service.desk import Desk
from ledger.service.settings import Settings


class Call(Struct, kw_only=True):
    """What a handler works with."""

    caller: Caller
    desk: Desk
    settings: Settings
    request: str
    """The request's id."""
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

    def shown(self, result: Any) -> Any:
        """The answer as this caller may read it: names and identity numbers only with the right to them."""
        hidden, found = masked(result)
        if found:
            self.notes["identifiers"] = "read" if self.caller.identifiers else "masked"
        return result if self.caller.identifiers else hidden

    def _only(self) -> str:
        own = [city for city in self.caller.cities if city != EVERY_CITY]
        if len(own) == 1:
            return own[0]
        held = self.desk.store.cities()
        reached = [city for city in held if self.caller.reaches(city)]
        if len(reached) != 1:
            raise InputRefused("field_missing", "city", "say which city is meant: `city`")
        return reached[0]

    def default_city(self) -> str:
        """The city of facts that name none; empty when each fact must say."""
        try:
            return self.city()
        except InputRefused:
            return ""
