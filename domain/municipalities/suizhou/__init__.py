"""随州市基本医疗保险实施细则: the table of contents of the policy."""

import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

from domain.events.consequences import Consequence
from domain.municipalities.suizhou import account, allowance, decided, due, funds, postings
from domain.municipalities.suizhou.arrears import back_payment
from domain.municipalities.suizhou.claim_records import settlements
from domain.municipalities.suizhou.lump_sum import lump_sum_due
from domain.municipalities.suizhou.months import counted
from domain.municipalities.suizhou.moving import transfer_out
from domain.municipalities.suizhou.periods import periods
from domain.municipalities.suizhou.policy import PARAMETERS
from domain.municipalities.suizhou.recoveries import recoveries
from domain.municipalities.suizhou.refunds import refund_due
from domain.municipalities.suizhou.retirement import retirement
from domain.municipalities.suizhou.totals import ask_year_totals, layer_covers, year_totals
from domain.rulebook.contract import Municipality
from domain.rulebook.view import View
from domain.values.calendar import FAR_FUTURE


def _of_person(view: View, person: str) -> Iterator[Consequence]:
    yield from periods(view, person)
    yield from counted(view, person)
    yield from layer_covers(view, person)
    yield from account.entries(view, person)
    yield from postings.person_entries(view, person)
    yield from settlements(view, person)
    yield from year_totals(view, person)
    yield from allowance.granted(view, person)
    yield from decided.sanctions(view, person)
    yield from decided.person_decisions(view, person)
    yield from recoveries(view, "person", person)


def consequences(view: View, subject: str) -> Iterable[Consequence]:
    """Everything that holds about a person, an employer, a provider or the funds."""
    kind, _, identifier = subject.partition(":")
    match kind:
        case "person":
            return _of_person(view, identifier)
        case "employer":
            return (
                *postings.employer_entries(view, identifier),
                *decided.employer_decisions(view, identifier),
                *recoveries(view, "employer", identifier),
            )
        case "provider":
            return (
                *funds.provider_entries(view, identifier),
                *recoveries(view, "provider", identifier),
            )
        case "fund":
            return (*funds.city_entries(view), *recoveries(view, "fund"))
    return ()


MUNICIPALITY = Municipality(
    code="421300",
    name="Suizhou",
    label="随州市",
    prefix="SZ",
    version="1",
    in_force_from=PARAMETERS["document.from"].on(FAR_FUTURE),
    parameters=PARAMETERS,
    consequences=consequences,
    assess={
        "contribution_due": due.contribution_due,
        "back_payment": back_payment,
        "retirement": retirement,
        "lump_sum_due": lump_sum_due,
        "refund_due": refund_due,
        "transfer_out": transfer_out,
        "fund_transfer": funds.fund_transfer,
        "deficit_sharing": funds.deficit_sharing,
        "fund_alerts": funds.fund_alerts,
        "year_totals": ask_year_totals,
    },
    lacks=frozenset({"family_account"}),
    without_effect=tomllib.loads((Path(__file__).parent / "without_effect.toml").read_text("utf-8")),
)
