"""An announcement whose value is no number is told apart from one that is missing, and stops nothing else."""

from ledger.handle import Ledger

CITY = "510500"


def test_a_value_that_is_no_number_is_out_of_bounds() -> None:
    with Ledger.fresh() as ledger:
        cap = {"fact": "parameter_announced", "on": "2018-01-01", "key": "annual_cap", "scheme": "employee"}
        ledger.record({**cap, "value": "much"}, city=CITY, keep_recorded=True)
        person = {"fact": "person_registered", "on": "2018-01-01", "person": "P1", "born_on": "1980-05-05"}
        ledger.record({**person, "sex": "male"}, city=CITY, keep_recorded=True)
        asked = {
            "ask": "year_totals",
            "person": "P1",
            "scheme": "employee",
            "year": 2018,
            "known": "2018-06-30",
        }

        got = ledger.ask(asked, city=CITY)

    assert (got["error"]["code"], got["error"]["name"]) == ("announcement_out_of_bounds", "annual_cap")
