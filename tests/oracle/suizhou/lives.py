"""A life in the making: its facts, its months, and the payments that come in time, late, short or never."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from tests.oracle.suizhou.bill_drawing import claim_fact
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


def draw_bills(life: Life, resident: bool, spread: int = 10) -> None:
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
