"""Counters used up before the ledger."""

from domain.facts import OpeningCounters
from domain.rulebook.view import View, per_view


@per_view
def opening(view: View, person: str) -> dict[str, int]:
    """Counters used up before the ledger, the last report of each scheme and year."""
    found: dict[str, int] = {}
    names = {
        "stays": "stays",
        "pooled_paid": "pooled",
        "burden": "burden",
        "supplement_paid": "supplement",
        "ordinary_outpatient_paid": "ordinary",
        "two_disease_paid": "two_disease",
        "special_disease_paid": "special",
    }
    for fact in view.facts(OpeningCounters, person=person):
        for field, name in names.items():
            value = getattr(fact, field)
            if value is not None:
                found[f"{fact.scheme}/{fact.year}/{name}"] = int(value)
    return found
