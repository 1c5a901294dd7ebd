"""Lives of residents, of newborns, of mothers, of those who retire, told without fault."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from tests.oracle.suizhou.lives import GROUPS, LIMITS, Life, draw_bills
from tests.oracle.suizhou.text import month_of, month_text
from tests.oracle.suizhou.working import draw_job, employed, flexible


def resident(life: Life) -> None:
    """Resident years paid in every window, with groups, visits and stays."""
    life.tell("parameter_announced", date(2023, 8, 1), key="resident_contribution", value="380.00", year=2024)
    for year, amount in ((2025, "400.00"), (2026, "415.00")):
        life.tell(
            "parameter_announced", date(year - 1, 8, 20), key="resident_contribution", value=amount, year=year
        )
    if life.choose.yes():
        start = life.choose.one((date(2025, 1, 1), date(2025, 6, 1), date(2024, 3, 1)))
        life.tell("group_recognised", start, group=life.choose.one(GROUPS))
    for year in (2025, 2026):
        if life.choose.yes(4):
            continue
        on = life.choose.one(
            (date(year - 1, 9, 1), date(year - 1, 12, 31), date(year - 1, 10, 8), date(year - 1, 8, 31))
        )
        basis: dict[str, Any] = {"basis": "window"}
        if life.choose.yes(3):
            on = life.choose.one((date(year, 1, 1), date(year, 2, 28), date(year, 3, 1), date(year, 5, 31)))
            basis = life.choose.one(
                (
                    {"basis": "extended_window", "migrant_or_returned": True},
                    {"basis": "dynamic_addition"},
                    {"basis": "extended_window"},
                )
            )
        life.tell("resident_contribution_paid", on, persons=["P"], year=year, **basis)
    if life.choose.yes():
        life.tell(
            "special_disease_approved",
            date(2025, 1, 10),
            disease="hypertension",
            programme="two_disease_medication",
        )
    if life.choose.yes():
        life.tell(
            "special_disease_approved",
            date(2025, 3, 10),
            disease="diabetes",
            programme="two_disease_medication",
        )
    if life.choose.yes(4):
        on = life.choose.one((date(2024, 12, 30), date(2025, 12, 31), date(2026, 1, 15), date(2025, 3, 1)))
        cause = life.choose.one(("employment", "death", "moved_away", "duplicate_cover", "other"))
        since = life.choose.one(("2025-12-31", "2026-01-01", "2024-12-31"))
        year = life.choose.one((2025, 2026))
        life.tell("refund_requested", on, scheme="resident", year=year, cause=cause, caused_on=since)
        if life.choose.yes():
            return
    life.month = 2025 * 12
    draw_bills(life, resident=True, spread=14)


def both(life: Life) -> None:
    """A resident year beside a job: the schemes take turns."""
    life.tell(
        "parameter_announced", date(2024, 8, 20), key="resident_contribution", value="400.00", year=2025
    )
    if life.choose.yes(3):
        life.month = 2024 * 12 + 8
        draw_job(life, "E1")
        on = life.day(life.month + life.choose.number(1, 5))
        life.tell("resident_contribution_paid", on, persons=["P"], year=on.year, basis="from_employee")
    else:
        life.month = 2025 * 12 + life.choose.number(0, 4)
        life.tell("resident_contribution_paid", date(2024, 11, 2), persons=["P"], year=2025, basis="window")
        draw_job(life, "E1")
    draw_bills(life, resident=life.choose.yes())


def newborn(life: Life) -> None:
    """Born, registered sooner or later, the second year paid."""
    born = life.choose.one((date(2025, 3, 10), date(2024, 2, 29), date(2025, 12, 31)))
    life.tell(
        "parameter_announced",
        date(born.year, 8, 20),
        key="resident_contribution",
        value="415.00",
        year=born.year + 1,
    )
    life.tell("person_registered", born, born_on=born.isoformat())
    late = life.choose.one((5, 200, 365, 366, 380))
    ground = {"eligibility": "parent_insured", "eligibility_place": life.choose.one(("421300", "421302"))}
    life.tell("enrolled", born + timedelta(days=late), scheme="resident", capacity="newborn", **ground)
    if life.choose.yes():
        on = date(born.year + 1, 1, 1) + timedelta(days=life.choose.number(0, 300))
        told = {"persons": ["P"], "year": born.year + 1, "basis": "newborn_second_year"}
        life.tell("resident_contribution_paid", on, **told)
    life.month = month_of(born)
    draw_bills(life, resident=True, spread=14)


def mother(life: Life) -> None:
    """A woman at work: six months, checks, a birth, the allowance."""
    life.tell("person_registered", date(2025, 1, 1), sex="female")
    life.tell(
        "employer_registered", date(2025, 1, 1), employer="E1", funding=life.choose.one(("other", "budget"))
    )
    life.tell(
        "employer_wages_declared", date(2025, 1, 5), employer="E1", year=2024, monthly_average="6543.21"
    )
    life.tell(
        "employer_wages_declared", date(2026, 1, 5), employer="E1", year=2025, monthly_average="7000.07"
    )
    life.month = 2025 * 12 + life.choose.number(0, 2)
    start = life.month
    draw_job(life, "E1")
    on = life.day(start + life.choose.number(4, 9))
    told: dict[str, Any] = life.choose.one(
        (
            {"event": "birth", "delivery_mode": "difficult", "babies": 2},
            {"event": "birth", "delivery_mode": "natural"},
            {"event": "miscarriage", "gestation_band": "over_4_months"},
            {"event": "miscarriage", "gestation_band": "up_to_4_months", "procedures": ["tubal_ligation"]},
            {"event": "procedure", "procedures": ["tubal_ligation"]},
        )
    )
    life.tell("maternity_event_reported", on, employer="E1", maternity={"pregnancy": "G", **told})
    own = {"claim": "m1", "kind": "delivery", "provider": life.choose.one(("h1", "h2", "h3", "wuhan"))}
    own["maternity"] = {"pregnancy": "G", "event": "birth", "complication": life.choose.yes(4)}
    lines = [{"class": "A", "amount": "5800.00"}, {"class": "B", "amount": "1400.00"}]
    life.tell("claim_submitted", on, admitted_on=on.isoformat(), lines=lines, **own)
    draw_bills(life, resident=False)


def retiring(life: Life) -> None:
    """Years counted at retirement, short of them or not, bought or not, then the monthly credit."""
    choose = life.choose
    life.tell("parameter_announced", date(2024, 1, 1), key="individual_base_limits", value=LIMITS)
    life.tell("person_registered", date(2024, 1, 1), sex=choose.one(("male", "female")))
    numbers = choose.one(((130, 171), (119, 181), (120, 180), (300, 0), (290, 0), (118, 190), (287, 12)))
    modes = choose.one(("combined", "pooling_only"))
    history = [{"month_count": numbers[0], "mode": modes}]
    if numbers[1]:
        history.append({"month_count": numbers[1], "where": "elsewhere"})
    life.tell("opening_history", date(2024, 12, 31), history=history)
    retired = choose.one((date(2025, 5, 20), date(2025, 12, 31), date(2026, 1, 1), date(2027, 3, 5)))
    capacity = choose.one(("flexible", "employed"))
    own = {
        "capacity": capacity,
        "mode": choose.one(("combined", "pooling_only")) if capacity == "flexible" else "combined",
    }
    life.tell("retired", retired, **own)
    m = month_of(retired)
    bases = {"P": "4000.00"}
    life.tell("contribution_assessed", retired, months=[f"{month_text(m)}/{month_text(m + 6)}"], bases=bases)
    if choose.yes(4):
        return
    life.tell("retirement_processed", life.day(m + choose.number(1, 3)))
    if choose.yes():
        life.tell("lump_sum_paid", life.day(m + choose.number(1, 5)))
    life.month = m
    draw_bills(life, resident=False)


LIVES: tuple[Callable[[Life], None], ...] = (
    employed,
    employed,
    flexible,
    flexible,
    resident,
    resident,
    both,
    newborn,
    mother,
    retiring,
)
