"""What may stand in the query string of an address; the same structs read it and describe it."""

from datetime import date
from typing import Annotated

from msgspec import Meta, Struct

from domain.values.calendar import Moment
from domain.values.identity import Id, Year
from domain.values.terms import Scheme

City = Annotated[str, Meta(pattern=r"^([0-9]{6})?$", description="Pooling area 统筹区, six digits")]
Day = Annotated[date, Meta(description="In force on this day 生效日")]
Known = Annotated[
    Moment, Meta(description="As known at this date or time 已知日; a date is the end of that day")
]
After = Annotated[int, Meta(ge=0, le=2**63 - 1, description="Only what stands after this position 位置")]


class InCity(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which city is meant; needed where the token is for several and the request does not say."""

    city: City = ""


class Recording(InCity, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How facts are recorded."""

    keep_recorded: Annotated[
        bool, Meta(description="Keep `recorded` of the facts: only with the right to import 保留原记录时间")
    ] = False


class OfPerson(InCity, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A person and both dates."""

    person: Id
    on: Day
    known: Known


class OfPersonInScheme(OfPerson, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The same, in one scheme or the one that pays."""

    scheme: Scheme | None = None


class Periods(InCity, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A person, a scheme and what was known."""

    person: Id
    scheme: Scheme
    known: Known


class OfHousehold(InCity, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A household and both dates."""

    household: Id
    on: Day
    known: Known


class OfClaim(InCity, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A claim and what was known."""

    claim: Id
    known: Known


class Totals(InCity, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A person, a scheme, a calendar year and what was known."""

    person: Id
    scheme: Scheme
    year: Year
    known: Known


class OfFact(InCity, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A fact and what was known."""

    id: Id
    known: Known


class Postings(InCity, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Entries of a person whose name begins so."""

    person: Id
    known: Known
    entry: str = ""


class StatementOf(OfPerson, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"from_": "from"}):
    """A person, both dates, and the days of the statement (1 January of `on` to `on`)."""

    from_: date | None = None
    to: date | None = None


class Between(InCity, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Two moments of knowledge; of an employer and its roll, or of a person, or of the whole city."""

    known_before: Known
    known: Known
    person: Id | None = None
    employer: Id | None = None
