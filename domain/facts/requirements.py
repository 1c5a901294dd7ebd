"""Fields of which one, or at least one, must be given (facts v1, section 2)."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

ENVELOPE = ("fact", "on", "recorded", "id", "city", "corrects", "void", "note")


class Requirement(Struct, frozen=True):
    """`fields`: alternatives (each a set of fields); `exactly` one, or at least one; `when` a field has a value."""

    fields: tuple[tuple[str, ...], ...]
    says: str
    exactly: bool = False
    when: tuple[str, str | None] | None = None

    def missing_in(self, told: Mapping[str, Any]) -> str | None:
        """The first field of the set when none of the alternatives is complete."""
        if self.when is not None and told.get(self.when[0]) != self.when[1]:
            return None
        return None if self._given(told) else self.fields[0][0]

    def excess_in(self, told: Mapping[str, Any]) -> str | None:
        """The second of two alternatives of which only one may be given."""
        given = self._given(told)
        return given[1][0] if self.exactly and len(given) > 1 else None

    def _given(self, told: Mapping[str, Any]) -> list[tuple[str, ...]]:
        return [names for names in self.fields if all(told.get(name) is not None for name in names)]


def _one_of(*fields: str) -> Requirement:
    names = " or ".join(f"`{name}`" for name in fields)
    return Requirement(tuple((name,) for name in fields), f"give exactly one of {names}", exactly=True)


def _any_of(*fields: str) -> Requirement:
    names = " or ".join(f"`{name}`" for name in fields)
    return Requirement(tuple((name,) for name in fields), f"give at least one of {names}")


def _if(field: str, value: str | None, needed: str) -> Requirement:
    return Requirement(((needed,),), f"`{needed}` is needed when `{field}` is {value}", when=(field, value))


REQUIREMENTS: dict[str, tuple[Requirement, ...]] = {
    "employer_wages_declared": (_any_of("wage_bill", "monthly_average"),),
    "enrolled": (_any_of("person", "persons"), _if("capacity", "employed", "employer")),
    "wage_declared": (
        Requirement(
            (("monthly_average",), ("total", "months_paid")),
            "give `monthly_average`, or `total` with `months_paid`",
        ),
    ),
    "contribution_assessed": (_any_of("employer", "bases"),),
    "contribution_paid": (
        _any_of("employer", "person"),
        _one_of("months", "month_count"),
        _if("employer", None, "capacity"),
    ),
    "refund_requested": (_any_of("person", "employer"),),
    "refund_paid": (_any_of("person", "employer"),),
    "patient_referred": (_any_of("to_provider", "to_place"),),
    "claim_submitted": (_one_of("lines", "totals"),),
    "emergency_outcome_recorded": (_if("outcome", "admitted", "stay"),),
    "layer_paid": (_any_of("claim", "person"),),
    "fund_period_closed": (_one_of("year", "month"),),
    "opening_history": (_any_of("history", "resident_years"),),
    "opening_account": (_any_of("person", "household"),),
    "contribution_due": (_any_of("person", "employer", "capacity"), _any_of("months", "year")),
    "back_payment": (_any_of("person", "employer"),),
}
"""By kind of fact or question."""
