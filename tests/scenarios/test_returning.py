"""Away and back again: what a city had counted stays its own, whatever the other certifies on the way home."""

from ledger.handle import Ledger
from tests.scenarios.moving import (
    DINGXI,
    LUZHOU,
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


def test_luzhou_to_dingxi_and_back(ledger: Ledger) -> None:
    """Luzhou's own months stay its own, although Dingxi certifies them again with its four."""
    story = Story(
        ledger,
        *settled_in(LUZHOU, "1000.00", "6000.00"),
        *paid(LUZHOU, "2025-01/2025-03"),
        left(LUZHOU, "2025-03-31"),
        *hired(DINGXI, "2025-04-02", "6000.00"),
        *paid(DINGXI, "2025-04/2025-07"),
        moved_out(LUZHOU, DINGXI, "2025-04-15"),
        moved_in(DINGXI, LUZHOU, "2025-04-22", "2025-03", "1360.00"),
        left(DINGXI, "2025-07-31"),
        *hired(LUZHOU, "2025-08-04", "6500.00"),
        *paid(LUZHOU, "2025-08/2025-10"),
        moved_out(DINGXI, LUZHOU, "2025-08-04", recorded="2025-08-20"),
        moved_in(LUZHOU, DINGXI, "2025-08-28", "2025-07", "1840.00", recorded="2025-09-15"),
    )
    assert story.covered(LUZHOU, "2025-10-31") == [("2025-01-01", "2025-04-01"), ("2025-08-04", None)]
    assert story.covered(DINGXI, "2025-10-31") == [("2025-04-01", "2025-08-04")]
    assert story.findings("2025-08-19") == []
    assert story.findings("2025-09-14") == ["money_not_arrived"]
    assert story.findings("2025-10-31") == []

    assert story.months(DINGXI, "2025-10-31") == (127, 4, 123)
    assert story.months(LUZHOU, "2025-09-14") == (124, 124, 0)
    assert story.months(LUZHOU, "2025-09-15") == (128, 124, 4)
    assert story.months(LUZHOU, "2025-10-31") == (130, 126, 4)
    assert story.balance(DINGXI, "2025-08-19") == "1840.00"
    assert story.balance(DINGXI, "2025-08-20") == "0.00"
    assert story.balance(LUZHOU, "2025-04-30") == "0.00"
    assert story.balance(LUZHOU, "2025-10-31") == "2230.00"


def test_suizhou_to_luzhou_and_back(ledger: Ledger) -> None:
    """The months in Luzhou close the gap of months in Suizhou, but Suizhou does not cover the days there."""
    story = Story(
        ledger,
        *settled_in(SUIZHOU, "2000.00", "5000.00"),
        *paid(SUIZHOU, "2025-01/2025-02", base="5000.00"),
        left(SUIZHOU, "2025-02-28"),
        *hired(LUZHOU, "2025-03-05", "6000.00"),
        *paid(LUZHOU, "2025-03/2025-05"),
        moved_out(SUIZHOU, LUZHOU, "2025-03-20"),
        elsewhere(SUIZHOU, LUZHOU, "2025-03-05", "2025-03-20"),
        moved_in(LUZHOU, SUIZHOU, "2025-03-28", "2025-02", "2200.00"),
        left(LUZHOU, "2025-05-31"),
        *hired(SUIZHOU, "2025-06-03", "5000.00"),
        *paid(SUIZHOU, "2025-06/2025-09", base="5000.00"),
        stay(SUIZHOU, "sz", "2025-06-20", "2025-06-24"),
        moved_out(LUZHOU, SUIZHOU, "2025-06-16"),
        moved_in(SUIZHOU, LUZHOU, "2025-06-25", "2025-05", "2560.00", recorded="2025-07-20"),
    )
    assert story.covered(LUZHOU, "2025-09-30") == [("2025-03-05", "2025-06-01")]
    assert story.covered(SUIZHOU, "2025-07-19") == [("2025-01-01", "2025-03-05"), ("2025-07-01", None)]
    assert story.pooled(SUIZHOU, "sz", "2025-07-19") == "0.00"
    assert story.covered(SUIZHOU, "2025-07-20") == [("2025-01-01", "2025-03-05"), ("2025-06-01", None)]
    assert story.pooled(SUIZHOU, "sz", "2025-07-20") == "4092.00"
    assert story.findings("2025-07-19") == ["money_not_arrived"]
    assert story.findings("2025-09-30") == []

    assert story.months(LUZHOU, "2025-09-30") == (125, 3, 122)
    assert story.months(SUIZHOU, "2025-07-20") == (127, 124, 3)
    assert story.balance(LUZHOU, "2025-06-15") == "2560.00"
    assert story.balance(LUZHOU, "2025-06-16") == "0.00"
    assert story.balance(SUIZHOU, "2025-07-20") == "2760.00"


def test_dingxi_to_luzhou_and_back(ledger: Ledger) -> None:
    """Luzhou certifies Dingxi's own months too: they stay Dingxi's, with their employer and credits."""
    story = Story(
        ledger,
        *settled_in(DINGXI, "3000.00", "7000.00"),
        at(DINGXI, "2025-01-02", "wage_declared", person="P", wage_year=2024, monthly_average="7000.00"),
        *paid(DINGXI, "2025-01/2025-02"),
        left(DINGXI, "2025-02-28"),
        *hired(LUZHOU, "2025-03-05", "6000.00"),
        *paid(LUZHOU, "2025-03/2025-05"),
        moved_out(DINGXI, LUZHOU, "2025-03-05"),
        moved_in(LUZHOU, DINGXI, "2025-03-28", "2025-02", "3280.00"),
        left(LUZHOU, "2025-05-31"),
        moved_out(LUZHOU, DINGXI, "2025-06-10"),
        *hired(DINGXI, "2025-06-03", "7000.00"),
        *paid(DINGXI, "2025-06/2025-09"),
        stay(DINGXI, "dx", "2025-06-10", "2025-06-14"),
        moved_in(DINGXI, LUZHOU, "2025-06-25", "2025-05", "3640.00", recorded="2025-07-10"),
    )
    assert story.covered(LUZHOU, "2025-09-30") == [("2025-03-05", "2025-06-01")]
    assert [to for _, to in story.covered(DINGXI, "2025-07-09")] == ["2025-03-05"]
    assert story.pooled(DINGXI, "dx", "2025-07-09") == "0.00"
    assert story.covered(DINGXI, "2025-07-10")[1:] == [("2025-06-01", None)]
    assert story.pooled(DINGXI, "dx", "2025-07-10") == "4370.00"
    assert story.findings("2025-07-09") == ["money_not_arrived"]
    assert story.findings("2025-09-30") == []

    assert story.months(DINGXI, "2025-07-09") == (123, 123, 0)
    assert story.months(DINGXI, "2025-09-30") == (129, 126, 3)
    assert story.balance(DINGXI, "2025-07-09") == "140.00"
    assert story.balance(DINGXI, "2025-09-30") == "4200.00"
