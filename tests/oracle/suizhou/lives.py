"""The lives themselves, told without fault: `Life` keeps the facts, each function below is one kind of life."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from tests.oracle.suizhou.bill_drawing import PROVIDERS, claim_fact
from tests.oracle.suizhou.text import Fact, first, last, month_of, month_text

GROUPS = (
    "extreme_poverty",
    "orphan",
    "minimum_living",
    "returned_to_poverty",
    "severe_mental_disorder",
    "monitored_at_risk",
    "preferential_treatment",
    "family_planning_hardship",
)
LIMITS = {"floor": "4200.00", "cap": "21000.00"}


class Draw:
    """Choices of hypothesis in few letters."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw

    def one(self, choices: Sequence[Any]) -> Any:
        return self.draw(st.sampled_from(choices))

    def number(self, low: int, high: int) -> int:
        return self.draw(st.integers(low, high))

    def yes(self, one_in: int = 2) -> bool:
        return self.draw(st.integers(1, one_in)) == 1


class Life:
    """Facts of person P in the making, and the month reached."""

    def __init__(self, choose: Draw) -> None:
        self.choose = choose
        self.facts: list[Fact] = []
        self.month = 2025 * 12 + choose.one((-12, -2, 0, 0, 1, 4))
        self.claims = 0
        self.mode = choose.one(("combined", "combined", "pooling_only"))

    def tell(self, fact: str, on: date, **fields: Any) -> None:
        person = {} if fact in IMPERSONAL else {"person": "P"}
        self.facts.append({"fact": fact, "on": on.isoformat(), **person, **fields})

    def day(self, m: int) -> date:
        """A day of a month, often an edge."""
        number = self.choose.one((1, 10, 15, 28, 40))
        return min(first(m) + timedelta(days=number - 1), last(m))

    def pay(self, on: date, start: int, end: int, capacity: str, employer: str | None = None) -> None:
        span = month_text(start) if start == end else f"{month_text(start)}/{month_text(end)}"
        own: dict[str, Any] = {
            "capacity": capacity,
            "months": [span],
            "base": self.choose.one(("5000.00", "4321.09")),
        }
        if employer:
            own["employer"] = employer
        if capacity == "flexible":
            own["mode"] = self.mode
        self.tell("contribution_paid", on, **own)

    def claim(self, on: date, resident: bool) -> None:
        self.claims += 1
        self.facts.append(claim_fact(self.choose, on, f"c{self.claims}", resident))

    def stretch(self, capacity: str, employer: str | None, length: int) -> None:
        """Months of one payer: in time, in advance, missed and made good more or less late."""
        end = self.month + length
        while self.month < end:
            how = self.choose.one(("time", "time", "ahead", "missed", "current", "arrears"))
            if how == "time":
                self.pay(self.day(self.month), self.month, self.month, capacity, employer)
                self.month += 1
            elif how == "ahead":
                k = self.choose.number(1, 5)
                self.pay(self.day(self.month), self.month, self.month + k, capacity, employer)
                self.month += k + 1
            else:
                self.missed(how, capacity, employer)

    def missed(self, how: str, capacity: str, employer: str | None) -> None:
        """Some months go unpaid; then come all of them, the current one alone, or the arrears alone."""
        u, gap = self.month, self.choose.one((1, 2, 3, 3, 4, 6, 6, 7))
        now = u + gap
        when = self.day(now)
        if how == "missed":
            self.pay(when, u, now, capacity, employer)
        elif how == "arrears":
            self.pay(when, u, now - 1, capacity, employer)
            if self.choose.yes():
                self.pay(self.day(now), now, now, capacity, employer)
        else:
            self.pay(when, now, now, capacity, employer)
            if self.choose.yes():
                later = now + self.choose.number(0, 3)
                self.pay(self.day(later), u, now - 1, capacity, employer)
        self.month = now + 1


IMPERSONAL = (
    "parameter_announced",
    "employer_wages_declared",
    "employer_registered",
    "resident_contribution_paid",
    "insured_counted",
)


def employed(life: Life) -> None:
    """One job, then perhaps nothing, another job or flexible work."""
    if life.choose.yes(3):
        _record_before(life)
    _job(life, "E1")
    for number in range(life.choose.number(0, 1)):
        life.month += life.choose.one((0, 0, 1, 2, 3, 4, 7))
        if life.choose.yes():
            _job(life, f"E{number + 2}")
        else:
            life.stretch("flexible", None, life.choose.number(1, 4))
    _bills(life, resident=False)


def _record_before(life: Life) -> None:
    life.month = 2024 * 12
    months = [f"2019-01/{month_text(life.month - 1)}"]
    part = {"months": months, "capacity": "employed", "employer": "E1"}
    life.tell("opening_history", date(2024, 1, 1), history=[part])


def _job(life: Life, employer: str) -> None:
    start = life.day(life.month)
    life.tell("enrolled", start, capacity="employed", employer=employer)
    late = life.choose.one((0, 0, 0, 1, 3))
    if late:
        begun = life.month
        life.month += late
        back = begun if life.choose.yes() else life.month
        life.pay(max(life.day(life.month), start), back, life.month, "employed", employer)
        life.month += 1
    else:
        life.pay(max(start, life.day(life.month)), life.month, life.month, "employed", employer)
        life.month += 1
    life.stretch("employed", employer, life.choose.number(0, 8))
    if life.choose.yes():
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
    life.stretch("flexible", None, life.choose.number(1, 10))
    if life.choose.yes(3):
        life.month += life.choose.one((0, 1, 2, 3, 4))
        _job(life, "E1")
    _bills(life, resident=False)
    if life.choose.yes(3):
        amount = life.choose.one(("84.00", "100.00", "250.01", "500.00"))
        life.tell("personal_account_spent", life.day(life.month), amount=amount, purpose="pharmacy")


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
    life.month = 2025 * 12
    _bills(life, resident=True, spread=14)


def both(life: Life) -> None:
    """A resident year beside a job: the schemes take turns."""
    life.tell(
        "parameter_announced", date(2024, 8, 20), key="resident_contribution", value="400.00", year=2025
    )
    if life.choose.yes(3):
        life.month = 2024 * 12 + 8
        _job(life, "E1")
        on = life.day(life.month + life.choose.number(1, 5))
        life.tell("resident_contribution_paid", on, persons=["P"], year=on.year, basis="from_employee")
    else:
        life.month = 2025 * 12 + life.choose.number(0, 4)
        life.tell("resident_contribution_paid", date(2024, 11, 2), persons=["P"], year=2025, basis="window")
        _job(life, "E1")
    _bills(life, resident=life.choose.yes())


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
    _bills(life, resident=True, spread=14)


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
    _job(life, "E1")
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
    _bills(life, resident=False)


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
    _bills(life, resident=False)


def _bills(life: Life, resident: bool, spread: int = 10) -> None:
    """Up to four bills between the first months and the end of the life, in the order of the calendar."""
    end = max(life.month, month_of(date.fromisoformat(life.facts[0]["on"])) + 3)
    start = end - spread if not resident else life.month
    days = sorted(life.day(start + life.choose.number(0, spread)) for _ in range(life.choose.number(1, 4)))
    for on in days:
        life.claim(max(on, date(2024, 1, 10)), resident)
    if not life.choose.yes(3):
        return
    year = days[0].year
    told = life.choose.one(
        (
            {"stays": 2, "pooled_paid": "168500.00", "burden": "4200.00"},
            {"stays": 1, "pooled_paid": "149000.00", "burden": "99000.00"},
            {"burden": "5999.99"},
        )
    )
    scheme = "resident" if resident else "employee"
    life.tell(
        "opening_counters",
        max(days[0] - timedelta(days=1), date(2024, 1, 1)),
        scheme=scheme,
        year=year,
        **told,
    )


def surroundings(life: Life) -> None:
    """What is announced, approved and registered around a life, sometimes too late."""
    choose = life.choose
    bills = [date.fromisoformat(f["on"]) for f in life.facts if f["fact"] == "claim_submitted"]
    if not bills:
        return
    near = choose.one(bills)
    if choose.yes():
        when = near + timedelta(days=choose.one((-60, -9, -3, 0, 5)))
        category = choose.one(("settled_retiree", "posted_worker", "referral", "long_term_resident"))
        place = choose.one(("420100", "430100", "430000", "421300"))
        late = (when + timedelta(days=choose.one((0, 0, 4, 40)))).isoformat()
        life.tell("out_of_area_registered", when, category=category, place=place, recorded=late)
        if choose.yes(4):
            life.tell("approval_ended", when + timedelta(days=5), approval="out_of_area", place=place)
    if choose.yes():
        _terms(life, near)
    if choose.yes(4):
        start = near + timedelta(days=choose.one((-400, -1, 0, 1)))
        to = {"to": (start + timedelta(days=30)).isoformat()} if choose.yes(4) else {}
        life.tell("group_recognised", start, group=choose.one(GROUPS), **to)
    if choose.yes(3):
        life.tell("opening_account", date(2024, 1, 2), balance=choose.one(("0.05", "300.00", "12345.67")))
    if choose.yes(3):
        for _ in range(choose.number(1, 2)):
            amount = choose.one(("84.00", "100.00", "300.00", "420.00"))
            life.tell(
                "personal_account_spent",
                near + timedelta(days=choose.number(-99, 99)),
                amount=amount,
                purpose="own_care",
            )


def _terms(life: Life, near: date) -> None:
    choose = life.choose
    told = (near + timedelta(days=choose.one((-500, 0, 1, 60)))).isoformat()
    rates = {"1": "0.70", "2": "0.60", "3": "0.50"}
    value = {"annual_deductible": "200.00", "rates": rates, "annual_cap": "1000.00", "upfront_share": "0.00"}
    own = {"scheme": "employee", "from": "2024-01-01", "recorded": told}
    life.tell(
        "parameter_announced",
        min(near, date.fromisoformat(told)),
        key="ordinary_outpatient_terms",
        value=value,
        **own,
    )
    for scheme in ("employee", "resident"):
        special = {
            "annual_deductible": "300.00",
            "rate": "0.70",
            "annual_cap": choose.one(("2000.00", "250000.00")),
        }
        special["upfront_share"] = "0.10"
        own = {"scheme": scheme, "disease": "nephro", "from": "2024-01-01", "recorded": told}
        on = min(near, date.fromisoformat(told))
        life.tell("parameter_announced", on, key="special_disease_terms", value=special, **own)
    approved = near + timedelta(days=choose.one((-30, 0, 1)))
    life.tell("special_disease_approved", approved, disease="nephro")


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
__all__ = ["LIVES", "PROVIDERS", "Draw", "Life", "surroundings"]
