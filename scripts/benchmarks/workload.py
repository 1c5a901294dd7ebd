"""An invented city of employers and members who pay every month, as facts in the order in which they are learned."""

from collections.abc import Iterator
from typing import Any

CITY = "510500"
BASE = "6000.00"


def registered(employers: int, members: int) -> Iterator[dict[str, Any]]:
    """Announcements, persons, enrolments: what is known before the first month."""
    for key, value, year in (
        ("average_annual_wage", "56400", 2016),
        ("average_annual_wage", "61860", 2017),
        ("employer_rate", "0.07", None),
        ("employee_rate", "0.02", None),
        *(("age_coefficient", "14.40", year) for year in range(2018, 2049)),
        ("deposit_rate_percent", "1.10", None),
        ("annual_cap", "250000", None),
    ):
        told = {"fact": "parameter_announced", "on": "2018-01-01", "key": key, "value": value}
        if key == "annual_cap":
            told["scheme"] = "employee"
        yield told if year is None else {**told, "year": year}
    yield {
        "fact": "provider_registered",
        "on": "2018-01-01",
        "provider": "H1",
        "place": CITY,
        "level": 2,
        "grade": "A",
    }
    for employer in range(employers):
        for member in range(members):
            yield from joined(f"E{employer}", f"E{employer}P{member}")


def joined(employer: str, person: str) -> Iterator[dict[str, Any]]:
    """One person starts at an employer."""
    yield {
        "fact": "person_registered",
        "on": "2018-01-01",
        "person": person,
        "born_on": "1980-05-05",
        "sex": "male",
    }
    yield {
        "fact": "opening_status",
        "on": "2018-01-01",
        "person": person,
        "status": "covered",
        "capacity": "employed",
        "employer": employer,
        "mode": "combined",
        "base": BASE,
    }


def paid(employers: int, months: int, members: int | None = None) -> Iterator[dict[str, Any]]:
    """Contributions month by month, each on the 20th: by employer for the whole roll, or person by person."""
    for number in range(months):
        month = f"{2018 + number // 12}-{number % 12 + 1:02d}"
        for employer in range(employers):
            told = {
                "fact": "contribution_paid",
                "on": f"{month}-20",
                "employer": f"E{employer}",
                "months": [month],
            }
            if members is None:
                yield told
            else:
                for member in range(members):
                    yield {**told, "person": f"E{employer}P{member}", "capacity": "employed"}
