"""An invented town for `yibao demo --serve`: years of its life as facts, the same ones for the same seed.

Who lives there and what happens is data in town.toml; the family of the terminal demo (facts.jsonl) lives there too.
"""

import json
import random
import tomllib
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from importlib.resources import files
from typing import Any
from urllib.parse import urlencode

from domain.values.calendar import Month, months_between
from ledger.demo import care

Fact = dict[str, Any]
OPENS = "2018-01-01"
FORFEITS = 7
"""The household that stops paying."""


def plan() -> dict[str, Any]:
    """Who lives in the town and what is announced there: town.toml."""
    return tomllib.loads(_file("town.toml"))


def town_facts(plan: dict[str, Any]) -> list[Fact]:
    """Every fact of the town in the order in which it became known, as far as the town's last year tells."""
    town = _Town(plan)
    story = [json.loads(line) for line in _file("facts.jsonl").splitlines()]
    told = [*story, *_untold(story, town.announcements()), *town.facts()]
    end = f"{plan['last_year']}-12-31"
    return sorted((fact for fact in told if told_on(fact) <= end), key=told_on)


def told_on(fact: Fact) -> str:
    """The day on which a fact became known."""
    return str(fact.get("recorded", fact["on"]))


def pointers(plan: dict[str, Any]) -> list[dict[str, str]]:
    """What is worth a look in the town: titles, words and the path of each page below the console's root."""
    return [
        {
            **{name: str(text) for name, text in each.items() if name not in ("page", "ask")},
            "page": f"{plan['city']}/{each['page']}?{urlencode(each['ask'])}",
        }
        for each in plan["pointers"]
    ]


def _file(name: str) -> str:
    return files("ledger.demo").joinpath(name).read_text("utf-8")


def _untold(story: list[Fact], announced: Iterable[Fact]) -> Iterator[Fact]:
    """Announcements that the story does not make already."""
    named = ("key", "year", "scheme", "tier")
    before = {tuple(fact.get(name) for name in named) for fact in story if "key" in fact}
    return (fact for fact in announced if tuple(fact.get(name) for name in named) not in before)


class _Town:
    """Makes the facts of one town, with one source of chance."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self._plan = plan
        self._chance = random.Random(plan["seed"])
        self._years = range(plan["first_year"], plan["last_year"] + 1)
        self._number = 0
        self._bills = care.Bills(self._chance, plan)

    def fact(self, kind: str, on: str, /, **told: Any) -> Fact:
        """A fact with an id of its own."""
        self._number += 1
        return {"fact": kind, "on": on, "id": f"t{self._number:05d}", "city": self._plan["city"], **told}

    def announcements(self) -> Iterator[Fact]:
        """What the city announces, year by year."""
        announced = self._plan["announced"]
        for year, wage in announced["average_annual_wage"].items():
            day = f"{int(year) + 1}-07-10"
            yield self._announced("average_annual_wage", wage, day, year=int(year))
        for year, value in announced["age_coefficient"].items():
            yield self._announced("age_coefficient", value, f"{year}-01-05", year=int(year))
        yield self._announced("deposit_rate_percent", announced["deposit_rate_percent"], f"{OPENS[:4]}-12-31")
        for year in self._years:
            day = f"{year}-01-01"
            yield self._announced("retiree_account_base", announced["retiree_account_base"], day, year=year)
            for scheme, cap in announced["annual_cap"].items():
                yield self._announced("annual_cap", cap, day, year=year, scheme=scheme)
            for key in ("family_account_allocation", "resident_contribution"):
                for tier, value in announced[key].items():
                    yield self._announced(key, value, day, year=year, tier=int(tier))

    def _announced(self, key: str, value: str, on: str, **named: Any) -> Fact:
        return self.fact("parameter_announced", on, key=key, value=value, **named)

    def facts(self) -> Iterator[Fact]:
        """Everybody's life."""
        yield from self._providers()
        for employer in self._plan["employers"]:
            yield from self._employer(employer)
        for number in range(1, self._plan["residents"]["households"] + 1):
            yield from self._household(number)
        for number in range(1, self._plan["residents"]["flexible"] + 1):
            yield from self._flexible(number)

    def _providers(self) -> Iterator[Fact]:
        for told in self._plan["providers"]:
            rest = {name: value for name, value in told.items() if name != "id"}
            yield self.fact(
                "provider_registered", OPENS, provider=told["id"], place=self._plan["city"], **rest
            )

    def _person(self, who: str, born: date, female: bool, surname: str = "") -> Fact:
        names = self._plan["names"]
        given = self._chance.choice(names["women" if female else "men"])
        if self._chance.random() < 0.6:
            given += self._chance.choice(names["women" if female else "men"])
        sex = "female" if female else "male"
        name = (surname or self._chance.choice(names["surnames"])) + given
        on = max(OPENS, born.isoformat())
        told = {"name": name, "sex": sex, "born_on": born.isoformat()}
        return self.fact(
            "person_registered", on, person=who, household_registration=self._plan["city"], **told
        )

    def _born(self, first: int, last: int) -> date:
        return date(self._chance.randint(first, last), 1, 1) + timedelta(self._chance.randrange(365))

    # Employers and who works there

    def _employer(self, told: dict[str, Any]) -> Iterator[Fact]:
        name = told["id"]
        if not told.get("story"):
            yield self.fact("employer_registered", OPENS, employer=name, name=told["name"])
        people = [f"{name}-{number:02d}" for number in range(1, told["people"] + 1)]
        bases = {who: f"{self._chance.randint(*told['wages'])}.00" for who in people}
        for who, base in bases.items():
            yield from self._employee(name, who, base)
        for year, wage in told.get("story", {}).get("wages", {}).items():
            day, who = f"{int(year) + 1}-01-12", told["story"]["who"]
            yield self.fact(
                "wage_declared", day, person=who, employer=name, wage_year=int(year), monthly_average=wage
            )
        yield from self._months(told, bases)

    def _employee(self, employer: str, who: str, base: str) -> Iterator[Fact]:
        yield self._person(who, self._born(1963, 1994), self._chance.random() < 0.45)
        standing = {"status": "covered", "capacity": "employed", "employer": employer, "mode": "combined"}
        yield self.fact("opening_status", OPENS, person=who, scheme="employee", base=base, **standing)
        months = {"month_count": self._chance.randint(12, 180), "counted_as": "paid"}
        yield self.fact("opening_history", OPENS, person=who, history=[months])
        balance = f"{self._chance.randint(80, 3900)}.{self._chance.randint(0, 99):02d}"
        yield self.fact("opening_account", OPENS, account="personal", person=who, balance=balance)
        yield from self._bills.of(self.fact, who, "employee")

    def _months(self, told: dict[str, Any], bases: dict[str, str]) -> Iterator[Fact]:
        """What an employer pays month by month: in time, late in one sum, or no more."""
        late: dict[str, Any] = told.get("late", {"months": []})
        first = (
            Month.parse(f"{self._plan['last_year'] - 1}-01") if told.get("story") else Month.parse(OPENS[:7])
        )
        last = Month.parse(told["stops"]).plus(-1) if "stops" in told else Month.at(self._years[-1], 12)
        for month in months_between(first, Month.at(self._years[-1], 12)):
            text, day = str(month), month.last_day.isoformat()
            if month > last or text in late["months"]:
                yield self.fact("contribution_assessed", day, employer=told["id"], months=[text], bases=bases)
            else:
                pay = date(month.year, month.number, self._chance.randint(18, 27)).isoformat()
                yield self.fact(
                    "contribution_paid", pay, employer=told["id"], capacity="employed", months=[text]
                )
        if late["months"]:
            owed = {"months": late["months"], "clears_arrears": True}
            yield self.fact("contribution_paid", late["on"], employer=told["id"], capacity="employed", **owed)

    # Residents and members on their own

    def _household(self, number: int) -> Iterator[Fact]:
        name, tier = f"H{number:03d}", self._chance.choice((1, 1, 2))
        members = [f"{name}-{n}" for n in range(1, self._chance.choice((2, 3, 3, 4, 5)) + 1)]
        surname = self._chance.choice(self._plan["names"]["surnames"])
        for n, who in enumerate(members):
            born = self._born(*((1945, 1990), (1950, 1992), (1998, 2015), (2001, 2016), (1938, 1955))[n])
            yield self._person(who, born, n in (1, 3), surname if n != 1 else "")
        yield self.fact("household_registered", OPENS, household=name, members=members)
        balance = f"{self._chance.randint(0, 380)}.{self._chance.randint(0, 99):02d}"
        yield self.fact(
            "opening_account", OPENS, account="family", household=name, balance=balance, tier=tier
        )
        yield from self._premiums(number, name, members, tier)
        if number != FORFEITS:  # nobody of it falls ill, so that there is something to forfeit
            for who in members:
                yield from self._bills.of(self.fact, who, "resident")

    def _premiums(self, number: int, household: str, members: list[str], tier: int) -> Iterator[Fact]:
        """A household pays each autumn; one stops for good, one pays in February, one is told of a year late."""
        paying = {"household": household, "persons": members, "tier": tier}
        for year in self._years:
            day = date(year - 1, self._chance.choice((10, 11, 12)), self._chance.randint(1, 28)).isoformat()
            if number == FORFEITS and year >= 2020:
                return
            if number == 12 and year == 2021:
                day = "2021-02-20"
            told = {"recorded": "2020-04-16"} if number == 19 and year == 2020 else {}
            yield self.fact("resident_contribution_paid", day, year=year, **paying, **told)

    def _flexible(self, number: int) -> Iterator[Fact]:
        """Somebody who works for himself and pays a year at a time; every fourth misses one, and waits again."""
        who, mode = f"flex-{number:02d}", self._chance.choice(("combined", "combined", "pooling_only"))
        yield self._person(who, self._born(1965, 1990), number % 2 == 0)
        yield self.fact(
            "opening_status",
            OPENS,
            person=who,
            scheme="employee",
            status="covered",
            capacity="flexible",
            mode=mode,
        )
        for year in self._years:
            day, first = f"{year - 1}-{self._chance.choice(('09', '10', '11', '12'))}-15", 1
            if number % 4 == 1 and year == 2019:
                day, first = "2019-03-11", 3
            months = [f"{year}-{first:02d}/{year}-12"]
            yield self.fact(
                "contribution_paid", day, person=who, capacity="flexible", mode=mode, months=months
            )
        yield from self._bills.of(self.fact, who, "employee")
