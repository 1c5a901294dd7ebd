"""What an audit finds: differences between recorded and recomputed, each with its cause, and money totals."""

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any

import msgspec
from msgspec import Struct

from domain.events.recorded import AnyConsequenceEvent, Determined, Posted
from domain.facts.reading import encode_hook
from domain.values.money import yuan_text


class Cause(StrEnum):
    """Why recorded and recomputed differ."""

    RULE_VERSION = "rule_version"
    """Recorded under another version of the rulebook than the one in the house."""
    RULES_ALTERED = "rules_altered"
    """Recorded under the same version: a rule was changed without raising it."""
    MISSING_ADVANCE = "missing_advance"
    """Time alone had brought it by K, and no run recorded it."""
    ALTERED_DATA = "altered_data"
    """The log is not as it was written, there or in a fact behind it."""
    ALTERED_TABLE = "altered_table"
    """The log is as recomputed; a table that answers are read from is not."""


class Difference(Struct, frozen=True, kw_only=True):
    """One consequence that is not what the facts make of it; None on the side where there is none."""

    city: str
    subject: str
    key: str
    why: Cause
    known: str
    fact: str
    """The fact behind it, or `time`."""
    position: int | None = None
    rules: str = ""
    """Version of the rulebook under which it was recorded."""
    recorded: Any = None
    recomputed: Any = None
    money: dict[str, int] = {}
    """Recomputed less recorded by account, in fen."""
    on: date | None = None


class Audit(Struct, frozen=True, kw_only=True):
    """The result: what was looked at, every difference, and the money at stake by cause and account."""

    cities: dict[str, str]
    """City to the moment of knowledge up to which it was computed again."""
    facts: int
    events: int
    differences: tuple[Difference, ...]

    @property
    def ok(self) -> bool:
        """True when everything recorded is what the facts make of it."""
        return not self.differences

    def counts(self) -> dict[str, int]:
        """How many differences each cause has."""
        found: dict[str, int] = {}
        for each in self.differences:
            found[each.why.value] = found.get(each.why.value, 0) + 1
        return dict(sorted(found.items()))

    def money(self) -> dict[str, dict[str, str]]:
        """Recomputed less recorded, by cause and account, in yuan."""
        sums: dict[str, dict[str, int]] = {}
        for each in self.differences:
            accounts = sums.setdefault(each.why.value, {})
            for account, fen in each.money.items():
                accounts[account] = accounts.get(account, 0) + fen
        return {
            why: {account: yuan_text(fen) for account, fen in sorted(accounts.items()) if fen}
            for why, accounts in sorted(sums.items())
        }


def joined(parts: Iterable[Audit]) -> Audit:
    """The audits of several cities, or of parts of one, as one: cities as asked, subjects in order, however it was cut."""
    found = list(parts)
    cities = {city: known for part in found for city, known in part.cities.items()}
    turn = {city: number for number, city in enumerate(cities)}
    differences = (difference for part in found for difference in part.differences)
    return Audit(
        cities=cities,
        facts=sum(part.facts for part in found),
        events=sum(part.events for part in found),
        differences=tuple(sorted(differences, key=lambda each: (turn[each.city], each.subject))),
    )


def plain(value: Struct | None) -> Any:
    """A record or event as plain JSON values."""
    return None if value is None else msgspec.to_builtins(value, enc_hook=encode_hook)


def effective(event: AnyConsequenceEvent | None) -> date | None:
    """The day from which a consequence is in force, if it has one."""
    of: object = event.record if isinstance(event, Determined) else event
    found = getattr(of, "on", None) or getattr(of, "from_", None)
    return found if isinstance(found, date) else None


def moved(recorded: AnyConsequenceEvent | None, recomputed: AnyConsequenceEvent | None) -> Mapping[str, int]:
    """Recomputed less recorded postings by account."""
    sums: dict[str, int] = {}
    for event, sign in ((recomputed, 1), (recorded, -1)):
        for posting in event.postings if isinstance(event, Posted) else ():
            sums[posting.account] = sums.get(posting.account, 0) + sign * posting.fen
    return {account: fen for account, fen in sums.items() if fen}
