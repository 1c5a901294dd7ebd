"""What the tables hold about a subject at a moment of knowledge, as the same `Held` that a replay gives."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

import msgspec

from domain.events.consequences import AnyConsequence, Settlement
from domain.events.recorded import Posted
from domain.facts.reading import decode_hook
from domain.state.held import Held, Line, Version, evolve
from domain.values.calendar import Moment
from projections.tables import statements
from projections.tables.schema import RECORDS

_record = msgspec.json.Decoder(AnyConsequence, dec_hook=decode_hook)
_posted = msgspec.json.Decoder(Posted, dec_hook=lru_cache(maxsize=1 << 14)(decode_hook)).decode
Select = Callable[[str, Mapping[str, Any]], Iterable[Any]]
ALL = tuple({table.name: kind for kind, table in RECORDS.items()}.values())


class Tables:
    """Reads of one city's tables; `select` runs a statement and gives its rows."""

    def __init__(self, select: Select, dialect: str, city: str) -> None:
        self._select = select
        self._dialect = dialect
        self._city = city

    def held(self, subject: str, moment: Moment) -> Held:
        """What was known about a subject at a moment."""
        held = self._records(subject, moment, ALL)
        for line in self._lines_of(subject, moment, date.max):
            evolve(held, line.event, line.recorded)
        return held

    def partly(self, subject: str, moment: Moment, kinds: Iterable[str], until: date | None) -> Held:
        """Records of some kinds, and the journal lines effective up to a day (None: no lines), to be read only.

        What only the difference to a new computation needs is left out: `net` and `entries`.
        """
        held = self._records(subject, moment, kinds)
        if until is not None:
            held.journal.extend(self._lines_of(subject, moment, until))
        return held

    def lines(self, account: str, moment: Moment) -> list[Line]:
        """Journal lines of an account recorded by a moment, over all subjects."""
        parameters = {"in_city": self._city, "named": account, "moment": int(moment)}
        rows = self._rows(statements.lines(self._dialect), parameters)
        return [Line(_posted(event), Moment(recorded)) for event, recorded in rows]

    def _records(self, subject: str, moment: Moment, kinds: Iterable[str]) -> Held:
        held = Held()
        parameters = {"in_city": self._city, "of_subject": subject, "moment": int(moment)}
        for kind in kinds:
            for key, record, cause, _ in self._rows(statements.records(self._dialect, kind), parameters):
                held.records[key] = _record.decode(record)
                held.causes[key] = cause
            if kind == "claim":
                self._versions(held, parameters)
        return held

    def _lines_of(self, subject: str, moment: Moment, until: date) -> Iterator[Line]:
        """Journal lines of a subject, in the order of recording."""
        stream = f"{self._city}/{subject}"
        parameters = {"stream": stream, "moment": int(moment), "until": until.isoformat()}
        for event, recorded in self._rows(statements.postings(self._dialect), parameters):
            yield Line(_posted(event), Moment(recorded))

    def _versions(self, held: Held, parameters: dict[str, Any]) -> None:
        for record, cause, recorded in self._rows(statements.versions(self._dialect), parameters):
            settlement = _record.decode(record)
            if isinstance(settlement, Settlement):
                version = Version(settlement, Moment(recorded), cause)
                held.settlements.setdefault(settlement.claim, []).append(version)

    def _rows(self, statement: str, parameters: dict[str, Any]) -> Iterable[Any]:
        return self._select(statement, parameters)
