"""Money and calendar: the words that everything else is said in."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.values.calendar import Moment, Month, Months, add_months, add_years, age_on, following_month
from domain.values.money import Fen, Ratio, SignedFen, allot, divide, share, whole_yuan, yuan_text
from domain.values.period import Period, merged, split_at_year_ends


@pytest.mark.parametrize(("text", "fen"), [("0", 0), ("1234.5", 123450), ("0.01", 1), ("61860", 6186000)])
def test_yuan_are_read_to_the_fen(text: str, fen: int) -> None:
    assert Fen.parse(text) == fen


@pytest.mark.parametrize("text", ["1.234", "-1", "NaN", "1e3", "", " 1", "1,000", "１", "inf", "+1"])
def test_what_is_not_an_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="yuan"):
        Fen.parse(text)


@given(st.integers(min_value=-(10**15), max_value=10**15))
def test_an_amount_survives_writing_and_reading(fen: int) -> None:
    assert SignedFen.parse(yuan_text(fen)) == fen


def test_half_a_fen_goes_up_once() -> None:
    assert share(1050, Decimal("0.05")) == 53
    assert divide(58715, 3) == 19572
    assert whole_yuan(450050) == 450100


@given(st.integers(0, 10**12), st.lists(st.integers(1, 1000), min_size=1, max_size=9))
def test_parts_add_up_to_the_whole(fen: int, weights: list[int]) -> None:
    assert sum(allot(fen, weights)) == fen


@pytest.mark.parametrize("text", ["1e400", "NaN", "Infinity", "0x1", "1_000"])
def test_what_is_not_a_plain_decimal_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="decimal"):
        Ratio.parse(text)


def test_months_are_kept_once_and_in_order() -> None:
    assert Months.parse(["2019-03/2019-05", "2018-10", "2019-04"]).texts() == [
        "2018-10",
        "2019-03",
        "2019-04",
        "2019-05",
    ]
    with pytest.raises(ValueError, match="ends before it begins"):
        Months.parse(["2019-05/2019-03"])


def test_there_is_no_year_0() -> None:
    assert Month.parse("0001-01").first_day == date.min
    with pytest.raises(ValueError, match="expected a month"):
        Month.parse("0000-01")


@given(st.integers(1, 9998), st.integers(1, 12), st.integers(-11, 11))
def test_months_add_like_numbers(year: int, number: int, more: int) -> None:
    month = Month.at(year, number)
    assert Month.parse(str(month)) == month
    assert month.plus(more).plus(-more) == month
    assert Month.of(month.last_day) == month


def test_a_bare_date_is_known_at_the_end_of_that_day_in_china() -> None:
    day = Moment.parse("2024-03-31")
    assert day.day == date(2024, 3, 31)
    assert Moment.parse("2024-03-31T23:59:59+08:00") < day < Moment.parse("2024-03-31T16:00:00Z")
    assert str(day) == "2024-03-31"


def test_calendar_steps_are_clipped_to_the_last_day() -> None:
    assert add_months(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert add_years(date(2024, 2, 29), 1) == date(2025, 2, 28)
    assert following_month(date(2018, 12, 31)) == date(2019, 1, 1)


def test_a_birthday_counts_on_the_day() -> None:
    assert age_on(date(1974, 9, 30), date(2018, 1, 1)) == 43
    assert age_on(date(1974, 1, 1), date(2018, 1, 1)) == 44


def test_a_stay_is_cut_at_the_turn_of_the_year() -> None:
    stay = Period(date(2018, 12, 20), date(2019, 1, 13))
    assert split_at_year_ends(stay) == [
        Period(date(2018, 12, 20), date(2019, 1, 1)),
        Period(date(2019, 1, 1), date(2019, 1, 13)),
    ]


@given(st.lists(st.tuples(st.dates(), st.integers(0, 400)), max_size=8), st.dates())
def test_merging_periods_keeps_exactly_their_days(spans: list[tuple[date, int]], day: date) -> None:
    periods = [
        Period(start, date.fromordinal(min(start.toordinal() + days, date.max.toordinal())))
        for start, days in spans
    ]
    assert any(day in period for period in periods) == any(day in period for period in merged(periods))
