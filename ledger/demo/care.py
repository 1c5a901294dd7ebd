"""What the invented town's people fall ill of: bills of stays, visits and purchases."""

import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

Fact = dict[str, Any]
HOSPITALS = ("people_hospital", "district_hospital", "district_hospital", "health_centre", "private_clinic")


class Bills:
    """Bills of one town, in the order in which its people are asked for."""

    def __init__(self, chance: random.Random, plan: dict[str, Any]) -> None:
        self._chance = chance
        self._years = range(plan["first_year"], plan["last_year"] + 1)
        self._claims = 0

    def of(self, fact: Callable[..., Fact], who: str, scheme: str) -> Iterator[Fact]:
        """All bills of a person: a stay in some years, a visit or a purchase in most."""
        for year in self._years:
            if self._chance.random() < (0.13 if scheme == "employee" else 0.05):
                yield self._stay(fact, who, year)
            if self._chance.random() < 0.45:
                yield self._small(fact, who, scheme, year)

    def _stay(self, fact: Callable[..., Fact], who: str, year: int) -> Fact:
        day = date(year, 1, 4) + timedelta(self._chance.randrange(340))
        nights = self._chance.randint(2, 16)
        lines = [
            {"class": "A", "item": "drug", "amount": self._yuan(900, 9000)},
            {"class": "B", "item": "examination", "amount": self._yuan(200, 3200)},
            {"class": "A", "item": "facility", "amount": f"{nights * 35}.00"},
        ]
        if self._chance.random() < 0.4:
            lines.append({"class": "C", "item": "drug", "amount": self._yuan(60, 1400)})
        at = {"provider": self._chance.choice(HOSPITALS), "kind": "inpatient", "lines": lines}
        told = self._known(day + timedelta(nights))
        return fact(
            "claim_submitted",
            (day + timedelta(nights)).isoformat(),
            claim=self._name("s", year),
            person=who,
            admitted_on=day.isoformat(),
            **at,
            **told,
        )

    def _small(self, fact: Callable[..., Fact], who: str, scheme: str, year: int) -> Fact:
        day = date(year, 1, 4) + timedelta(self._chance.randrange(355))
        drugstore = self._chance.random() < (0.6 if scheme == "employee" else 0.08)
        kind, provider = ("pharmacy", "drugstore") if drugstore else ("ordinary_outpatient", "health_centre")
        amount = self._yuan(18, 260)
        totals = [{"year": year, "total": amount, "in_scope": amount}]
        told = {"claim": self._name("v", year), "person": who, "provider": provider, "kind": kind}
        return fact("claim_submitted", day.isoformat(), totals=totals, **told, **self._known(day))

    def _known(self, day: date) -> dict[str, str]:
        """Most bills are known the same day, some weeks later."""
        if self._chance.random() < 0.85:
            return {}
        return {"recorded": (day + timedelta(self._chance.randint(3, 60))).isoformat()}

    def _name(self, letter: str, year: int) -> str:
        self._claims += 1
        return f"{letter}{year}-{self._claims:04d}"

    def _yuan(self, least: int, most: int) -> str:
        return f"{self._chance.randint(least, most)}.{self._chance.randint(0, 99):02d}"
