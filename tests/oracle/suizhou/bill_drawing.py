"""Bills drawn near the limits: kinds, places, lines, referrals, groups of amounts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from tests.oracle.suizhou.text import Fact

if TYPE_CHECKING:
    from tests.oracle.suizhou.lives import Draw

PROVIDERS: list[Fact] = [
    {"provider": "h1", "place": "421300", "level": 1},
    {"provider": "h2", "place": "421321", "level": 2},
    {"provider": "h3", "place": "421300", "level": 3},
    {"provider": "clinic", "kind": "village_clinic", "place": "421381", "level": 0},
    {"provider": "centre", "kind": "township_health_centre", "place": "421300", "level": 1},
    {"provider": "wuhan", "place": "420100", "level": 3},
    {"provider": "changsha", "place": "430100", "level": 2},
]
EMPLOYEE = (
    "ordinary_outpatient",
    "special_disease",
    "family_planning",
    "inpatient",
    "inpatient",
    "inpatient",
    "emergency_rescue",
    "day_surgery",
    "pregnancy_illness",
    "prenatal_check",
)
RESIDENT = (
    "special_disease",
    "inpatient",
    "inpatient",
    "ordinary_outpatient",
    "ordinary_outpatient",
    "two_disease_medication",
    "delivery",
    "termination",
    "pregnancy_outpatient",
    "day_surgery",
)
LARGE = ("399.99", "400.00", "900.00", "4500.00", "20000.00", "66666.67", "130000.00", "400000.00")
SMALL = ("59.99", "60.00", "100.01", "410.00", "700.00", "1100.00")


def claim_fact(choose: Draw, on: date, name: str, resident: bool) -> Fact:
    """One bill of person P."""
    kind = choose.one(RESIDENT if resident else EMPLOYEE)
    small = kind in (
        "ordinary_outpatient",
        "two_disease_medication",
        "pregnancy_outpatient",
        "prenatal_check",
    )
    admitted = on - timedelta(days=0 if small else choose.one((0, 3, 8, 31)))
    admitted = max(admitted, date(2024, 1, 1))
    fact: dict[str, Any] = {
        "fact": "claim_submitted",
        "on": on.isoformat(),
        "person": "P",
        "claim": name,
        "kind": kind,
        "provider": choose.one(
            ("clinic", "centre", "h1", "h2") if small else ("h1", "h2", "h3", "wuhan", "changsha")
        ),
        "admitted_on": admitted.isoformat(),
        "lines": [_line(choose, admitted, on, small) for _ in range(choose.number(1, 3))],
    }
    if kind == "termination":
        fact["maternity"] = {"pregnancy": name, "event": choose.one(("miscarriage", "induced_labour"))}
    elif kind in ("delivery", "prenatal_check"):
        fact["maternity"] = {"pregnancy": choose.one(("G", name))} | (
            {"event": "birth"} if kind == "delivery" else {}
        )
    elif kind == "special_disease":
        fact["disease"] = "nephro"
    elif kind == "family_planning":
        fact["maternity"] = {"procedures": choose.one((["iud_insertion"], ["abortion", "tubal_ligation"]))}
    elif kind == "inpatient" and name != "c1" and choose.yes(3):
        fact["continues"] = f"c{int(name[1:]) - 1}"
    if choose.yes(4):
        fact["emergency"] = True
    return fact


def _line(choose: Draw, admitted: date, on: date, small: bool) -> Fact:
    line: dict[str, Any] = {
        "on": choose.one((admitted, on)).isoformat(),
        "class": choose.one(("A", "A", "B", "B", "C")),
        "amount": choose.one(SMALL if small else LARGE),
    }
    if choose.yes(5):
        line["limit_price"] = choose.one(("50.00", "333.33"))
    if choose.yes(8):
        line["cause"] = choose.one(("work_injury", "third_party", "accident"))
    return line
