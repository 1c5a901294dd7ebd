"""What every verb understands: which database, which city, and whether a machine reads the output."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from domain.errors import InputRefused

if TYPE_CHECKING:
    from ledger.handle import Ledger


@Parameter(name="*", group="Everywhere")
@dataclass(frozen=True)
class Everywhere:
    """Options of every verb."""

    database: Annotated[str, Parameter(env_var="YIBAO_DATABASE")] = "yibao.db"
    """SQLite file, or PostgreSQL URL."""
    json: Annotated[bool, Parameter(negative="")] = False
    """Print JSON for machines; nothing else goes to standard output."""
    city: str = ""
    """Pooling area: six-digit code or English name; needed when the ledger holds several."""

    @property
    def on_a_server(self) -> bool:
        """True when the database is not a file of ours."""
        return "://" in self.database

    def city_code(self) -> str:
        """The division code of `--city`, or empty; InputRefused lists the cities when the name is unknown."""
        if not self.city or self.city.isdigit():
            return self.city
        from domain.municipalities import folders

        named = {name.casefold(): code for code, name in sorted(folders().items(), reverse=True)}
        if self.city.casefold() in named:
            return named[self.city.casefold()]
        known = ", ".join(f"{code} {name}" for code, name in sorted(folders().items()))
        raise InputRefused("value_not_allowed", "city", f"no city `{self.city}` in the house; known: {known}")

    def codes(self, ledger: "Ledger") -> list[str]:
        """The ledger of `--city`, else every one that is held."""
        from domain.municipalities import municipality

        chosen = self.city_code()
        return [municipality(chosen).code] if chosen else ledger.cities()

    def default_city(self, ledger: "Ledger") -> str:
        """The city of facts that name none: `--city`, or the only city held; otherwise each fact must say."""
        held = ledger.cities()
        return self.city_code() or (held[0] if len(held) == 1 else "")

    def one_city(self, ledger: "Ledger") -> str:
        """The city meant, also when the ledger holds only one."""
        found = self.city_code()
        if found:
            return found
        held = ledger.cities()
        if len(held) == 1:
            return held[0]
        which = ", ".join(held) or "none yet"
        raise InputRefused("field_missing", "city", f"say which city is meant with --city (held: {which})")


EVERYWHERE = Everywhere()


class DatabaseMissing(Exception):
    """A verb that only reads was pointed at a file that is not there."""


@contextmanager
def opened(options: Everywhere, *, create: bool = False) -> "Iterator[Ledger]":
    """The ledger of `--database`; only verbs that write may create the file."""
    if not create and not options.on_a_server and not Path(options.database).exists():
        raise DatabaseMissing(options.database)
    from ledger.handle import Ledger

    ledger = Ledger.open(options.database, migrate=create)
    try:
        yield ledger
    finally:
        ledger.close()
