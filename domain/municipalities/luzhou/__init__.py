"""Luzhou (泸州市, 510500): both schemes, under 泸市人社发〔2018〕2号, in force from 2018-01-01."""

from collections.abc import Iterable, Iterator
from importlib import import_module
from typing import Any

from domain.events.consequences import Consequence
from domain.facts import HouseholdMemberMoved, HouseholdRegistered, ResidentContributionPaid
from domain.municipalities.luzhou import (
    account,
    assess_back_payments,
    assess_dues,
    assess_retirement,
    decisions,
    funding,
    refund_claims,
    standing,
    supplement,
    years,
)
from domain.municipalities.luzhou.policy import PARAMETERS, START, WITHOUT_EFFECT
from domain.rulebook.contract import Municipality
from domain.rulebook.view import View


def consequences(view: View, subject: str) -> Iterator[Consequence]:
    """Everything that holds about a person or household on the facts of the view."""
    kind, _, identifier = subject.partition(":")
    if kind == "person":
        yield from standing.employee_periods(view, identifier)
        yield from standing.resident_periods(view, identifier)
        yield from years.counted(view, identifier)
        yield from account.consequences(view, identifier)
        yield from funding.entries(view, identifier)
        yield from supplement.payments(view, identifier)
        yield from supplement.covers(view, identifier)
        yield from decisions.decisions(view, identifier)
        yield from _of("claims", "claim_consequences")(view, identifier)
    elif kind == "household":
        yield from _of("family_account", "household_consequences")(view, identifier)


def related(view: View, subject: str) -> Iterable[str]:
    """A household's account follows from its members' cover and claims, and a tier from the household."""
    kind = subject.partition(":")[0]
    found: dict[str, None] = {}
    if kind == "person":
        for fact in view.known(subject):
            if (isinstance(fact, ResidentContributionPaid) and fact.household) or isinstance(
                fact, HouseholdRegistered
            ):
                found[f"household:{fact.household}"] = None
            elif isinstance(fact, HouseholdMemberMoved):
                names = (fact.from_household, fact.to_household)
                found.update({f"household:{name}": None for name in names if name})
    return found


def _of(module: str, name: str) -> Any:
    try:
        return getattr(import_module(f"{__name__}.{module}"), name)
    except ImportError:
        return lambda view, identifier: ()


MUNICIPALITY = Municipality(
    code="510500",
    name="Luzhou",
    label="泸州市",
    prefix="LZ",
    version="1",
    in_force_from=START,
    parameters=PARAMETERS,
    consequences=consequences,
    related=related,
    assess={
        "contribution_due": assess_dues.contribution_due,
        "back_payment": assess_back_payments.back_payment,
        "retirement": assess_retirement.retirement_answer,
        "lump_sum_due": assess_retirement.lump_sum_due,
        "refund_due": refund_claims.refund_due,
        "transfer_out": assess_retirement.transfer_out,
    },
    without_effect=WITHOUT_EFFECT,
)
