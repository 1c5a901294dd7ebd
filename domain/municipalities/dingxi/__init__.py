"""Dingxi (定西市, 621100): the employee scheme with maternity and the large-amount supplement, 定政办发〔2023〕100号."""

import tomllib
from collections.abc import Iterator
from datetime import date
from itertools import chain
from pathlib import Path

from domain.events.consequences import AccountStanding, Consequence, Entry, FactDecided
from domain.municipalities.dingxi import (
    acceptance,
    accounts,
    allowance,
    arrears_questions,
    claim_records,
    deposits,
    funds,
    questions,
    refunds,
    sanctions,
    spending,
    status_records,
    surcharges,
)
from domain.municipalities.dingxi.policy import PARAMETERS
from domain.rulebook.contract import Municipality
from domain.rulebook.view import View


def consequences(view: View, subject: str) -> Iterator[Consequence]:
    """Everything that holds about a subject on the facts of the view."""
    kind, _, identifier = subject.partition(":")
    if kind == "person":
        yield from _of_person(view, identifier)
    elif kind == "employer":
        yield from surcharges.employer_records(view, identifier)
        yield from surcharges.employer_refunds(view, identifier)
        yield from acceptance.employer_decisions(view, identifier)
    elif kind == "provider":
        yield from funds.provider_records(view, identifier)
    elif kind == "fund":
        yield from funds.fund_entries(view)
    if kind in ("person", "employer", "provider", "fund"):
        yield from sanctions.standing_alone(view, subject)
        yield from sanctions.decided(view, subject)


def _of_person(view: View, person: str) -> Iterator[Consequence]:
    yield from status_records.periods(view, person)
    yield from accounts.counted_months(view, person)
    yield from accounts.contributions(view, person)
    yield from deposits.fees(view, person)
    yield from deposits.lump_sums(view, person)
    yield from deposits.refunds(view, person)
    yield from claim_records.layer_covers(view, person)
    yield from claim_records.year_records(view, person)
    yield from allowance.records(view, person)
    yield from acceptance.person_decisions(view, person)
    yield from _account(view, person)


def _account(view: View, person: str) -> Iterator[Consequence]:
    """Claims and the personal account: what goes in, what bills draw, what leaves."""
    inside: list[Entry] = []
    problems: list[AccountStanding] = []
    sources = chain(
        deposits.taken_in(view, person),
        accounts.monthly_credits(view, person),
        accounts.retiree_credits(view, person),
        claim_records.records(view, person),
    )
    for record in sources:
        if isinstance(record, AccountStanding):
            problems.append(record)
            continue
        if isinstance(record, Entry):
            inside.append(record)
        yield record
    yield from accounts.min_by_day(problems)
    seen: set[str] = set()
    for leaving in spending.leaving(view, person, inside):
        if isinstance(leaving, FactDecided):
            seen.add(leaving.fact)
        yield leaving


WITHOUT_EFFECT: dict[str, str] = tomllib.loads(
    (Path(__file__).parent / "without_effect.toml").read_text("utf-8")
)
"""Rule IDs that move nothing in the ledger, and why."""

MUNICIPALITY = Municipality(
    code="621100",
    name="Dingxi",
    label="定西市",
    prefix="DX",
    version="1",
    in_force_from=date(2024, 1, 1),
    parameters=PARAMETERS,
    consequences=consequences,
    assess={
        "contribution_due": questions.contribution_due,
        "back_payment": arrears_questions.back_payment,
        "retirement": arrears_questions.retirement,
        "lump_sum_due": arrears_questions.lump_sum_due,
        "refund_due": refunds.refund_due,
        "transfer_out": spending.transfer_out,
        "fund_transfer": funds.fund_transfer,
        "provider_advance": funds.provider_advance,
        "year_totals": claim_records.asked_year,
    },
    without_effect=WITHOUT_EFFECT,
    lacks=frozenset({"family_account"}),
)
