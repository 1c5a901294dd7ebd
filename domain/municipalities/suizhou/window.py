"""When a resident may pay for a year, and from when the payment covers (articles 36 to 41)."""

from datetime import date, timedelta

from domain.rulebook.citation import Finding, rule
from domain.values.calendar import Month, add_months
from domain.values.period import Period


@rule("SZ-36a", article="第三十六条")
def ordinary(year: int, day: date, opens: str) -> date | None:
    """From 1 September to 31 December of the year before: covered for the whole year."""
    month, first = (int(part) for part in opens.split("-"))
    return date(year, 1, 1) if date(year - 1, month, first) <= day < date(year, 1, 1) else None


@rule("SZ-36b", article="第三十六条")
def extended(year: int, day: date, renewing_migrant: bool, last_month: int) -> date | None:
    """A renewing migrant or returned resident may pay until the end of February: covered from 1 January."""
    in_time = date(year, 1, 1) <= day <= Month.at(year, last_month).last_day
    return date(year, 1, 1) if renewing_migrant and in_time else None


@rule("SZ-36c", article="第三十六条")
def no_other_entry(day: date) -> str:
    """Any other payment is rejected: there is no general entry during the year."""
    return "outside_window"


@rule("SZ-36c", article="第三十六条")
def announced_window(day: date, first: date | None, last: date | None) -> bool:
    """The city may open a further window; both its ends lie inside."""
    return last is not None and (first or date.min) <= day <= last


@rule("SZ-37a", article="第三十七条")
def dynamic_addition(paid_on: date) -> date:
    """Newly recognised persons may pay at any date of the year: covered from the day after the payment."""
    return paid_on + timedelta(days=1)


@rule("SZ-38a", article="第三十八条")
def newborn_year(born_on: date, registered_on: date, months: int) -> Period | None:
    """Registered within twelve months of birth: covered from birth to the end of the birth year, free."""
    if registered_on > add_months(born_on, months):
        return None
    return Period(born_on, date(born_on.year + 1, 1, 1))


@rule("SZ-38b", article="第三十八条")
def newborn_second_year(paid_on: date) -> date:
    """The contribution of the year after birth may be paid on any day of it: covered from the payment."""
    return paid_on


@rule("SZ-40a", article="第四十条")
def in_time_after_cover(paid_on: date, first_without: date, months: int) -> bool:
    """Paid within three months of the first day without the earlier benefits: covered from the payment."""
    return paid_on <= add_months(first_without, months)


@rule("SZ-40b", article="第四十条")
def waits_after_cover(paid_on: date, months: int) -> tuple[date, date]:
    """Paid later: three months of waiting from the first of the payment month."""
    month = Month.of(paid_on)
    return month.first_day, month.plus(months).first_day


@rule("SZ-41a", article="第四十一条")
def other_cover_ended(first_without: date) -> date:
    """Soldiers, former publicly funded care, released prisoners: counted from the end of that cover."""
    return first_without


def switched(
    paid_on: date, first_without: date, months: int, waiting: int
) -> Finding[tuple[date | None, date | None]]:
    """Covered from the payment when it came in time, otherwise after a waiting period."""
    in_time = in_time_after_cover(paid_on, first_without, months)
    if in_time.value:
        return Finding((None, paid_on), in_time.because)
    late = waits_after_cover(paid_on, waiting)
    return Finding(late.value, late.because)
