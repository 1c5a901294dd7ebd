"""Jinjiang (晋江市): the resident scheme under Quanzhou pooling, and the city's own special protection."""

from collections.abc import Iterable
from datetime import date

from domain.events.consequences import Consequence
from domain.municipalities.jinjiang.accounts import account_records
from domain.municipalities.jinjiang.dues import contribution_due, refund_due, totals_of_year
from domain.municipalities.jinjiang.figures import PARAMETERS
from domain.municipalities.jinjiang.funds import fund_records, fund_transfer, recoveries_of
from domain.municipalities.jinjiang.households import requests
from domain.municipalities.jinjiang.layer_covers import layer_covers
from domain.municipalities.jinjiang.no_effect import WITHOUT_EFFECT
from domain.municipalities.jinjiang.people import CITY
from domain.municipalities.jinjiang.premiums import (
    layer_records,
    payment_decisions,
    premium_entries,
    refund_decisions,
)
from domain.municipalities.jinjiang.records import claim_records
from domain.municipalities.jinjiang.status_periods import periods
from domain.rulebook.contract import Municipality
from domain.rulebook.view import View


def consequences(view: View, subject: str) -> Iterable[Consequence]:
    """Everything that now holds about one subject."""
    kind, _, identifier = subject.partition(":")
    match kind:
        case "person":
            return _of_person(view, identifier)
        case "provider":
            return recoveries_of(view, "provider", identifier)
        case "fund":
            return fund_records(view)
        case _:
            return ()


def _of_person(view: View, person: str) -> Iterable[Consequence]:
    yield from periods(view, person)
    yield from premium_entries(view, person)
    yield from payment_decisions(view, person)
    yield from requests(view, person)
    yield from refund_decisions(view, person)
    yield from account_records(view, person)
    yield from claim_records(view, person)
    yield from layer_records(view, person)
    yield from layer_covers(view, person)
    yield from recoveries_of(view, "person", person)


MUNICIPALITY = Municipality(
    code=CITY,
    name="Jinjiang",
    label="晋江市",
    prefix="JJ",
    version="晋政办〔2017〕228号",
    in_force_from=date(2017, 12, 25),
    parameters=PARAMETERS,
    consequences=consequences,
    assess={
        "contribution_due": contribution_due,
        "refund_due": refund_due,
        "year_totals": totals_of_year,
        "fund_transfer": fund_transfer,
    },
    aliases=("350500",),
    without_effect=WITHOUT_EFFECT,
)
