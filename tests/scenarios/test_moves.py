"""One person, one history: months count once, accounts move, cover never doubles, whoever learns late."""

from ledger.handle import Ledger
from tests.scenarios.moving import (
    DINGXI,
    JINJIANG,
    LUZHOU,
    PANZHIHUA,
    SUIZHOU,
    Story,
    at,
    elsewhere,
    hired,
    left,
    moved_in,
    moved_out,
    paid,
    settled_in,
    stay,
)


def test_luzhou_to_suizhou_arrival_learned_late(ledger: Ledger) -> None:
    """A gap month is paid at the new place; until the transfer arrives the person counts there as new."""
    story = Story(
        ledger,
        *settled_in(LUZHOU, "1000.00", "6000.00"),
        *paid(LUZHOU, "2025-01/2025-03"),
        left(LUZHOU, "2025-03-31"),
        stay(LUZHOU, "lz", "2025-05-02", "2025-05-04"),
        *hired(SUIZHOU, "2025-04-06", "5000.00"),
        *paid(SUIZHOU, "2025-04/2025-06", base="5000.00"),
        stay(SUIZHOU, "sz", "2025-04-20", "2025-04-24"),
        moved_out(LUZHOU, SUIZHOU, "2025-06-18"),
        moved_in(SUIZHOU, LUZHOU, "2025-06-20", "2025-03", "1360.00"),
    )
    assert story.covered(LUZHOU, "2025-06-30") == [("2025-01-01", "2025-04-01")]
    assert story.pooled(LUZHOU, "lz", "2025-06-30") == "0.00"

    assert story.covered(SUIZHOU, "2025-06-19") == [("2025-05-01", None)]
    assert story.pooled(SUIZHOU, "sz", "2025-06-19") == "0.00"
    assert story.covered(SUIZHOU, "2025-06-20") == [("2025-04-01", None)]
    assert story.pooled(SUIZHOU, "sz", "2025-06-20") == "4092.00"

    assert story.months(LUZHOU, "2025-06-20") == (123, 123, 0)
    assert story.months(SUIZHOU, "2025-06-19") == (3, 3, 0)
    assert story.months(SUIZHOU, "2025-06-20") == (126, 3, 123)
    assert (story.balance(LUZHOU, "2025-06-17"), story.balance(LUZHOU, "2025-06-18")) == ("1360.00", "0.00")
    assert (story.balance(SUIZHOU, "2025-06-19"), story.balance(SUIZHOU, "2025-06-20")) == (
        "300.00",
        "1660.00",
    )
    assert story.findings("2025-06-17") == []
    assert story.findings("2025-06-18") == ["money_not_arrived"]
    assert story.findings("2025-06-20") == []


def test_suizhou_to_dingxi_departure_learned_late(ledger: Ledger) -> None:
    """Suizhou covers one month more until it learns that benefits run in Dingxi; then it takes its part back."""
    story = Story(
        ledger,
        *settled_in(SUIZHOU, "2000.00", "5000.00"),
        *paid(SUIZHOU, "2025-01/2025-06", base="5000.00"),
        left(SUIZHOU, "2025-06-30"),
        stay(SUIZHOU, "sz", "2025-07-05", "2025-07-08"),
        *hired(DINGXI, "2025-07-02", "6000.00"),
        *paid(DINGXI, "2025-07/2025-10"),
        stay(DINGXI, "dx", "2025-07-10", "2025-07-15"),
        moved_in(DINGXI, SUIZHOU, "2025-08-10", "2025-06", "2600.00"),
        moved_out(SUIZHOU, DINGXI, "2025-08-05", recorded="2025-09-10"),
        elsewhere(SUIZHOU, DINGXI, "2025-07-01", "2025-09-12"),
    )
    assert story.pooled(DINGXI, "dx", "2025-08-09") == "0.00"
    assert story.covered(DINGXI, "2025-08-10")[0][0] == "2025-07-01"
    assert story.pooled(DINGXI, "dx", "2025-08-10") == "4370.00"
    assert story.findings("2025-08-10") == ["overlapping_cover", "money_not_released"]

    assert story.covered(SUIZHOU, "2025-09-10") == [("2025-01-01", "2025-08-01")]
    assert story.findings("2025-09-10") == ["overlapping_cover"]
    assert story.pooled(SUIZHOU, "sz", "2025-09-11") == "4092.00"
    assert story.covered(SUIZHOU, "2025-09-12") == [("2025-01-01", "2025-07-01")]
    assert story.pooled(SUIZHOU, "sz", "2025-09-12") == "0.00"
    assert story.findings("2025-09-12") == []

    assert story.months(SUIZHOU, "2025-09-12") == (126, 126, 0)
    assert story.months(DINGXI, "2025-10-31") == (130, 4, 126)
    assert (story.balance(SUIZHOU, "2025-09-09"), story.balance(SUIZHOU, "2025-09-10")) == ("2600.00", "0.00")
    assert story.balance(DINGXI, "2025-08-10") == "2720.00"


def test_dingxi_to_luzhou_both_sides_learned_late(ledger: Ledger) -> None:
    """Dingxi covers on for three months without payment until the departure is recorded for an earlier day."""
    story = Story(
        ledger,
        *settled_in(DINGXI, "3000.00", "7000.00"),
        at(DINGXI, "2025-01-02", "wage_declared", person="P", wage_year=2024, monthly_average="7000.00"),
        *paid(DINGXI, "2025-01/2025-03"),
        left(DINGXI, "2025-03-31"),
        stay(DINGXI, "dx", "2025-04-05", "2025-04-08"),
        *hired(LUZHOU, "2025-04-10", "6000.00"),
        *paid(LUZHOU, "2025-04/2025-08"),
        stay(LUZHOU, "lz", "2025-04-12", "2025-04-16"),
        moved_out(DINGXI, LUZHOU, "2025-04-10", recorded="2025-05-20"),
        moved_in(LUZHOU, DINGXI, "2025-05-28", "2025-03", "3420.00", recorded="2025-06-15"),
    )
    assert story.findings("2025-04-30") == ["overlapping_cover"]
    assert story.covered(DINGXI, "2025-05-20")[0][1] == "2025-04-10"
    assert story.covered(LUZHOU, "2025-05-20") == [("2025-04-10", None)]
    assert story.findings("2025-05-20") == ["money_not_arrived"]
    assert story.findings("2025-06-15") == []

    assert story.pooled(DINGXI, "dx", "2025-06-15") == "4370.00"
    assert story.pooled(LUZHOU, "lz", "2025-06-15") == "3740.00"
    assert story.months(LUZHOU, "2025-06-14") == (2, 2, 0)
    assert story.months(LUZHOU, "2025-06-15") == (125, 2, 123)
    assert (story.balance(DINGXI, "2025-05-19"), story.balance(DINGXI, "2025-05-20")) == ("3420.00", "0.00")
    assert (story.balance(LUZHOU, "2025-06-14"), story.balance(LUZHOU, "2025-06-15")) == ("240.00", "3660.00")


def test_jinjiang_resident_becomes_an_employee_in_luzhou(ledger: Ledger) -> None:
    """Jinjiang pays a stay that Luzhou's cover had overtaken, and takes it back once it knows."""
    story = Story(
        ledger,
        at(JINJIANG, "2017-12-26", "resident_contribution_paid", persons=["P"], year=2018, amount="180.00"),
        stay(JINJIANG, "jj", "2018-06-10", "2018-06-15", "3400.00"),
        *hired(LUZHOU, "2018-06-04", "6000.00"),
        *paid(LUZHOU, "2018-06/2018-09"),
        stay(LUZHOU, "lz", "2018-07-02", "2018-07-06"),
        elsewhere(JINJIANG, LUZHOU, "2018-06-04", "2018-08-15"),
    )
    assert story.pooled(JINJIANG, "jj", "2018-08-14") == "2250.00"
    assert story.findings("2018-08-14") == ["overlapping_cover"]
    assert story.covered(JINJIANG, "2018-08-15", "resident") == [("2018-01-01", "2018-06-04")]
    assert story.covered(LUZHOU, "2018-08-15") == [("2018-06-04", None)]
    assert story.pooled(JINJIANG, "jj", "2018-08-15") == "0.00"
    assert story.pooled(LUZHOU, "lz", "2018-08-15") == "3740.00"
    assert story.findings("2018-08-15") == []


def test_panzhihua_resident_becomes_a_resident_of_luzhou(ledger: Ledger) -> None:
    """Who comes within ninety days does not wait, once Luzhou knows until when the other cover ran."""
    paid_here = {"household": "H", "persons": ["P"], "year": 2024, "tier": 1, "amount": "380.00"}
    story = Story(
        ledger,
        at(PANZHIHUA, "2023-10-10", "resident_contribution_paid", persons=["P"], year=2024, amount="400.00"),
        stay(PANZHIHUA, "pz", "2024-07-02", "2024-07-05", "3400.00"),
        at(LUZHOU, "2024-06-20", "household_registered", household="H", members=["P"]),
        at(LUZHOU, "2024-07-08", "resident_contribution_paid", **paid_here),
        stay(LUZHOU, "lz", "2024-07-10", "2024-07-15", "3400.00"),
        at(
            LUZHOU,
            "2024-06-30",
            "other_cover_recorded",
            recorded="2024-08-01",
            person="P",
            cover="resident",
            place=PANZHIHUA,
            to="2024-07-01",
        ),
        elsewhere(PANZHIHUA, LUZHOU, "2024-07-01", "2024-08-20", "resident"),
    )
    assert story.covered(LUZHOU, "2024-07-31", "resident") == [("2024-10-06", "2025-01-01")]
    assert story.pooled(LUZHOU, "lz", "2024-07-31") == "0.00"
    assert story.covered(LUZHOU, "2024-08-01", "resident") == [("2024-07-01", "2025-01-01")]
    assert story.pooled(LUZHOU, "lz", "2024-08-01") == "2250.00"
    assert story.findings("2024-08-01") == ["overlapping_cover"]
    assert story.pooled(PANZHIHUA, "pz", "2024-08-19") == "2205.20"
    assert story.covered(PANZHIHUA, "2024-08-20", "resident") == [("2024-01-01", "2024-07-01")]
    assert story.pooled(PANZHIHUA, "pz", "2024-08-20") == "0.00"
    assert story.findings("2024-08-20") == []


def test_a_month_paid_in_two_cities_counts_once_and_is_pointed_out(ledger: Ledger) -> None:
    """Both employers paid July; the certificate names it too, and Dingxi counts it once, as its own."""
    story = Story(
        ledger,
        *settled_in(SUIZHOU, "2000.00", "5000.00"),
        *paid(SUIZHOU, "2025-01/2025-07", base="5000.00"),
        left(SUIZHOU, "2025-07-31"),
        *hired(DINGXI, "2025-07-02", "6000.00"),
        *paid(DINGXI, "2025-07/2025-10"),
        moved_out(SUIZHOU, DINGXI, "2025-08-05"),
        moved_in(DINGXI, SUIZHOU, "2025-08-10", "2025-07", "2700.00"),
    )
    assert story.months(SUIZHOU, "2025-10-31") == (127, 127, 0)
    assert story.months(DINGXI, "2025-10-31") == (130, 4, 126)
    assert story.findings("2025-10-31") == ["overlapping_cover", "month_paid_twice"]


def test_a_certificate_is_corrected(ledger: Ledger) -> None:
    """The first certificate forgot a month and a hundred yuan; what was known before stays as it was."""
    wrong = moved_in(LUZHOU, SUIZHOU, "2025-04-20", "2025-02", "2200.00")
    right = moved_in(LUZHOU, SUIZHOU, "2025-04-20", "2025-03", "2300.00", recorded="2025-05-20")
    story = Story(
        ledger,
        *settled_in(SUIZHOU, "2000.00", "5000.00"),
        *paid(SUIZHOU, "2025-01/2025-03", base="5000.00"),
        left(SUIZHOU, "2025-03-31"),
        *hired(LUZHOU, "2025-04-03", "6000.00"),
        *paid(LUZHOU, "2025-04/2025-06"),
        moved_out(SUIZHOU, LUZHOU, "2025-04-10"),
        elsewhere(SUIZHOU, LUZHOU, "2025-04-03", "2025-04-10"),
        {**wrong, "id": "wrong"},
        {**right, "corrects": "wrong"},
    )
    assert story.months(LUZHOU, "2025-04-30") == (123, 1, 122)
    assert story.findings("2025-04-30") == ["money_not_released", "money_not_arrived"]
    assert story.months(LUZHOU, "2025-05-20") == (124, 1, 123)
    assert story.findings("2025-05-20") == []
    assert story.balance(LUZHOU, "2025-05-20") == "2420.00"
    assert story.months(LUZHOU, "2025-04-30") == (123, 1, 122)
    assert story.covered(SUIZHOU, "2025-06-30") == [("2025-01-01", "2025-04-03")]
    assert story.covered(LUZHOU, "2025-06-30") == [("2025-04-03", None)]
