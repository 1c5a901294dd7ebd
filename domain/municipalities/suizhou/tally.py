"""What settlements add up to over a year, a disease, a pregnancy or a day. Money in fen."""

from msgspec import Struct

from domain.municipalities.suizhou.bill import Amounts
from domain.values.money import Ratio
from domain.values.terms import Scheme


class Tally:
    """Counters by name; names that belong to a scheme and year begin with both."""

    def __init__(self, start: dict[str, int] | None = None) -> None:
        self.sums = dict(start or {})

    def add(self, delta: dict[str, int]) -> None:
        """Take in what one settlement adds."""
        for name, value in delta.items():
            self.sums[name] = self.sums.get(name, 0) + value

    def year(self, scheme: Scheme, year: int, name: str) -> int:
        """A counter of a scheme and calendar year."""
        return self.sums.get(f"{scheme}/{year}/{name}", 0)

    def of(self, name: str) -> int:
        """Any other counter."""
        return self.sums.get(name, 0)


class Part(Struct, frozen=True, kw_only=True):
    """The settlement of the lines that fall under one scheme."""

    scheme: Scheme
    amounts: Amounts
    upfront: int = 0
    deductible: int = 0
    charged: int = 0
    rate: Ratio | None = None
    limit: int | None = None
    pooled: int = 0
    maternity: int = 0
    supplement: int = 0
    stay: int | None = None
    counts: bool = False
    episode_charged: int = 0
    layer: bool = True
    """False where no supplementary layer stands behind (spouses)."""
    tallied: bool = True
    extra: dict[str, int] = {}
    """Further counters of this settlement, by full name."""
    reason: str | None = None
    because: tuple[str, ...] = ()

    @property
    def burden(self) -> int:
        """In-scope expense that basic insurance does not pay."""
        return self.amounts.in_scope - self.pooled - self.maternity

    def name(self, year: int, counter: str) -> str:
        """The full name of a counter of this scheme and year."""
        return f"{self.scheme}/{year}/{counter}"
