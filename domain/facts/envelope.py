"""The envelope of every fact (facts v1, section 1)."""

from datetime import date

from msgspec import Struct

from domain.values.calendar import Moment


class Fact(
    Struct,
    frozen=True,
    kw_only=True,
    gc=False,
    tag_field="fact",
    forbid_unknown_fields=True,
    omit_defaults=True,
):
    """What somebody told the ledger. Once accepted, `id` and `recorded` are always filled in."""

    on: date
    """Effective date: the day on which it happened or from which it holds."""
    recorded: Moment = Moment(0)
    """When the agency learned it; stamped at the door."""
    id: str = ""
    """Idempotency key, unique in a city."""
    city: str = ""
    """Division code of the pooling area whose ledger is meant."""
    corrects: str | None = None
    """The earlier fact that this one replaces from its own recorded time on."""
    note: str | None = None
    """Free text without effect."""

    @property
    def fact_kind(self) -> str:
        """The stored name of the kind, e.g. `enrolled`."""
        tag = self.__struct_config__.tag
        assert isinstance(tag, str)
        return tag


class Withdrawal(Fact, frozen=True, kw_only=True, tag="withdrawal"):
    """`void: true`: the fact named in `corrects` is withdrawn. `withdraws` keeps the kind it was sent as."""

    withdraws: str
