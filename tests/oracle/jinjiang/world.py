"""Everything told, seen from one day of knowledge."""

from collections.abc import Sequence
from datetime import date

from tests.oracle.jinjiang.known import Fact, known, recorded


class World:
    """The facts known at the end of `at`, and all days before on which something was learned."""

    def __init__(self, told: Sequence[Fact], at: date) -> None:
        self.told, self.at = told, at
        self.facts = known(told, at)

    def learned(self) -> list[date]:
        """Days on which something was learned, up to `at`."""
        return sorted({recorded(fact) for fact in self.told if recorded(fact) <= self.at})

    def seen_on(self, at: date) -> "World":
        """The same as it was known on another day."""
        return World(self.told, at)
