"""Settlements in the platform's names: the sums of every city's cases agree."""

from decimal import Decimal

import pytest

from domain.errors import LedgerError
from domain.values.calendar import Moment
from ledger.case_files import Case, told
from ledger.exchange.settlements import FIELDS, FUND_FIELDS, fund_payments, settlements
from ledger.handle import Ledger
from tests.scenarios.histories import cases_of, cities

FUNDS = ("hifp_pay", "cvlserv_pay", "hifmi_pay", "hifob_pay", "maf_pay", "oth_pay")


@pytest.mark.parametrize(("folder", "code"), cities())
def test_the_sums_agree_in_every_case(folder: str, code: str) -> None:
    checked = 0
    for each in cases_of(folder):
        case = Case(id=each["id"], facts=each["facts"], questions=[], city=code)
        if not any(fact["fact"] == "claim_submitted" for fact in case.facts):
            continue
        with Ledger.fresh() as ledger:
            try:
                for fact in told(case):
                    ledger.record(fact, city=code, keep_recorded=True)
            except LedgerError:
                continue
            known = ledger.as_known(code, Moment.parse("2030-12-31"))
            paid: dict[str, Decimal] = {}
            for line in fund_payments(known):
                assert tuple(line) == FUND_FIELDS
                paid[line["setl_id"]] = paid.get(line["setl_id"], Decimal(0)) + Decimal(line["fund_payamt"])
            for row in settlements(known):
                checked += 1
                assert_sums(row, each["id"])
                sums = sum(Decimal(row[n]) for n in ("fund_pay_sumamt", "acct_pay", "acct_mulaid_pay"))
                assert paid.get(row["setl_id"], Decimal(0)) == sums, (each["id"], row)
    assert checked


def assert_sums(row: dict[str, str], case: str) -> None:
    """The identities between the fields of one settlement."""
    assert tuple(row) == FIELDS
    fen = {name: Decimal(row[name]) for name in FIELDS if name.endswith(("_pay", "_amt", "_sumamt"))}
    assert fen["fund_pay_sumamt"] == sum(fen[name] for name in FUNDS), (case, row)
    whole = fen["fund_pay_sumamt"] + fen["psn_part_amt"] + fen["hosp_part_amt"]
    assert fen["medfee_sumamt"] == whole, (case, row)
    own = fen["acct_pay"] + fen["acct_mulaid_pay"] + fen["psn_cash_pay"]
    assert fen["psn_part_amt"] == own, (case, row)
