"""Luzhou (泸州市, 510500): both schemes, under 泸市人社发〔2018〕2号, in force from 2018-01-01."""

from collections.abc import Iterator

from domain.events.consequences import Consequence
from domain.municipalities.luzhou import (
    account_standing,
    assess_back_payments,
    assess_dues,
    assess_retirement,
    claims,
    continuing,
    decisions,
    family_account,
    funding,
    refund_claims,
    standing,
    supplement,
    year_counters,
    years,
)
from domain.municipalities.luzhou.policy import PARAMETERS, START, WITHOUT_EFFECT
from domain.rulebook.contract import Municipality
from domain.rulebook.view import View


def consequences(view: View, subject: str) -> Iterator[Consequence]:
    """Everything that holds about a person or household on the facts of the view."""
    kind, _, identifier = subject.partition(":")
    if kind == "person":
        yield from standing.recorded(view, identifier)
        yield from years.counted(view, identifier)
        yield from account_standing.consequences(view, identifier)
        yield from funding.entries(view, identifier)
        yield from supplement.payments(view, identifier)
        yield from supplement.covers(view, identifier)
        yield from decisions.decisions(view, identifier)
        yield from claims.claim_consequences(view, identifier)
    elif kind == "household":
        yield from family_account.household_consequences(view, identifier)
    else:
        yield from claims.sanctions_of(view, subject)


MUNICIPALITY = Municipality(
    code="510500",
    name="Luzhou",
    label="泸州市",
    prefix="LZ",
    version="1",
    in_force_from=START,
    parameters=PARAMETERS,
    consequences=consequences,
    continued=continuing.continued,
    related=family_account.related_subjects,
    assess={
        "contribution_due": assess_dues.contribution_due,
        "back_payment": assess_back_payments.back_payment,
        "retirement": assess_retirement.retirement_answer,
        "lump_sum_due": assess_retirement.lump_sum_due,
        "refund_due": refund_claims.refund_due,
        "transfer_out": assess_retirement.transfer_out,
        "year_totals": year_counters.assess_year_totals,
    },
    without_effect=WITHOUT_EFFECT,
)
