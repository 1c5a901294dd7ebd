"""Lives at work: jobs, flexible years, unemployment, and the moves between them."""

from datetime import date

from tests.oracle.suizhou.lives import Life, draw_bills
from tests.oracle.suizhou.text import first, last, month_text


def employed(life: Life) -> None:
    """One job, then perhaps nothing, another job or flexible work."""
    if life.choose.yes(3):
        _record_before(life)
    again = life.choose.yes()
    draw_job(life, "E1", leaves=again)
    if again and life.choose.yes(4):
        _unemployed(life)
    for number in range(again):
        life.month += life.choose.one((0, 0, 1, 2, 3, 4, 7))
        if life.choose.yes():
            draw_job(life, f"E{number + 2}")
        else:
            life.stretch("flexible", None, life.choose.number(1, 4))
    draw_bills(life, resident=False)


def _unemployed(life: Life) -> None:
    """Benefit drawn from the month after the job, its contributions paid in time."""
    life.tell("parameter_announced", date(2024, 1, 1), key="unemployment_base", value="4500.00")
    length = life.choose.number(1, 4)
    start = first(life.month)
    life.tell("enrolled", start, capacity="unemployed", to=first(life.month + length).isoformat())
    for _ in range(length):
        life.pay(life.day(life.month), life.month, life.month, "unemployed")
        life.month += 1


def _record_before(life: Life) -> None:
    life.month = 2024 * 12
    months = [f"2019-01/{month_text(life.month - 1)}"]
    part = {"months": months, "capacity": "employed", "employer": "E1"}
    life.tell("opening_history", date(2024, 1, 1), history=[part])


def draw_job(life: Life, employer: str, leaves: bool = False) -> None:
    """An employment from its first payment on, which may be late; whoever goes elsewhere leaves first."""
    start = life.day(life.month)
    life.tell("enrolled", start, capacity="employed", employer=employer)
    late = life.choose.one((0, 0, 0, 1, 3))
    if late:
        begun = life.month
        life.month += late
        latest = life.month - life.choose.one((0, 0, 1))  # some employers are always a month behind
        back = begun if life.choose.yes() else latest
        life.pay(max(life.day(life.month), start), back, latest, "employed", employer)
        life.month = latest + 1
    else:
        life.pay(max(start, life.day(life.month)), life.month, life.month, "employed", employer)
        life.month += 1
    life.stretch("employed", employer, life.choose.number(0, 8))
    if leaves or life.choose.yes():
        life.month += life.choose.one((0, 0, 0, 1, 2))
        life.tell("enrolment_ended", last(life.month - 1), capacity="employed", employer=employer)


def flexible(life: Life) -> None:
    """First-time flexible, with all that can go wrong; perhaps a job later."""
    if life.choose.yes(3):
        gap = life.choose.one((0, 1, 3, 4))
        until = month_text(life.month - 1 - gap)
        history = [{"months": [until]}]
        life.tell(
            "transferred_in",
            life.day(life.month),
            last_paid_month=until,
            history=history,
            account_amount="80.00",
        )
        life.pay(life.day(life.month), life.month - gap, life.month, "flexible")
        life.month += 1
    if life.choose.yes(4):
        _prepaid_year(life)
        return
    life.stretch("flexible", None, life.choose.number(1, 10))
    if life.choose.yes(3):
        life.month += life.choose.one((0, 1, 2, 3, 4))
        draw_job(life, "E1")
    draw_bills(life, resident=False)
    if life.choose.yes(3):
        amount = life.choose.one(("84.00", "100.00", "250.01", "500.00"))
        life.tell("personal_account_spent", life.day(life.month), amount=amount, purpose="pharmacy")


def _prepaid_year(life: Life) -> None:
    """A year paid at once, then a job, and perhaps the rest asked back (SZ-12b)."""
    year = 2025
    life.month = year * 12 + life.choose.number(0, 3)
    life.pay(life.day(life.month), life.month, year * 12 + 11, "flexible")
    life.month += life.choose.number(1, 7)
    draw_job(life, "E1")
    life.claim(life.day(life.month), resident=False)
    if life.choose.yes():
        on = life.day(life.month + life.choose.number(-1, 2))
        life.tell("refund_requested", on, scheme="employee", year=year, cause="employment")
