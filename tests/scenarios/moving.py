"""What a story of somebody who moves needs: five cities, each with the few facts that its answers rest on."""

from collections.abc import Iterator
from typing import Any

from domain.values.calendar import Moment, Months
from ledger.handle import Ledger
from ledger.history import history

LUZHOU, SUIZHOU, DINGXI, PANZHIHUA, JINJIANG = "510500", "421300", "621100", "510400", "350582"
Told = dict[str, Any]
BEFORE = "2015-01/2024-12"
"""The months that a person brings into the ledger of the city where the story begins."""
WORLD: list[Told] = [
    {"city": LUZHOU, "key": "employer_rate", "value": "0.07"},
    {"city": LUZHOU, "key": "employee_rate", "value": "0.02"},
    *(
        {"city": LUZHOU, "key": "average_annual_wage", "value": "72000", "year": y}
        for y in (2017, 2023, 2024)
    ),
    *(
        {"city": LUZHOU, "key": "annual_cap", "value": "250000.00", "scheme": "employee", "year": y}
        for y in (2018, 2025)
    ),
    {"city": LUZHOU, "key": "deposit_rate_percent", "value": "0.00"},
    {"city": LUZHOU, "key": "resident_contribution", "value": "380.00", "year": 2024, "tier": 1},
    {"city": LUZHOU, "key": "waiting_days", "value": "90", "scheme": "resident"},
    {"city": LUZHOU, "key": "family_account_allocation", "value": "60.00", "year": 2024, "tier": 1},
    {
        "city": LUZHOU,
        "key": "annual_cap",
        "value": "150000.00",
        "scheme": "resident",
        "year": 2024,
        "tier": 1,
    },
    {"city": DINGXI, "key": "base_reference_wage", "value": "7000.00"},
    {"city": DINGXI, "key": "personal_account_credit", "value": {"employed": {"rate_of_base": "0.02"}}},
    {"city": PANZHIHUA, "key": "waiting_months", "value": {"late": "3", "interruption": "6"}},
    {
        "city": PANZHIHUA,
        "key": "inpatient_terms",
        "value": {
            "levels": [
                {"level": 1, "deductible": "120.00", "rate": "0.88"},
                {"level": 2, "deductible": "420.00", "rate": "0.74"},
                {"level": 3, "deductible": "760.00", "rate": "0.58"},
            ],
            "annual_cap": "160000.00",
        },
    },
    {"city": PANZHIHUA, "key": "upfront_share", "value": {"inpatient": "0.10", "outpatient": "0.15"}},
    {
        "city": PANZHIHUA,
        "key": "critical_illness_terms",
        "value": {
            "bands": [{"over": "13500.00", "to": None, "rate": "0.60"}],
            "cap": None,
            "counted_kinds": ["inpatient"],
            "preferred": {
                "groups": ["rural_low_income"],
                "bands": [{"over": "6750.00", "to": None, "rate": "0.65"}],
                "cap": None,
            },
        },
    },
    {"city": PANZHIHUA, "key": "national_minimum_contribution", "value": "380.00", "year": 2024},
    {"city": PANZHIHUA, "key": "resident_contribution", "value": "400.00", "year": 2024},
    {
        "city": PANZHIHUA,
        "key": "enrolment_window",
        "value": {"first_day": "2023-09-01", "last_day": "2023-12-31"},
        "year": 2024,
    },
]
"""What the authorities announced: invented figures, round enough to be checked by hand."""
HOSPITALS = {LUZHOU: "510500", SUIZHOU: "421300", DINGXI: "621100", PANZHIHUA: "510400", JINJIANG: "350500"}
EMPLOYERS = {LUZHOU: "firm-lz", SUIZHOU: "firm-sz", DINGXI: "firm-dx"}
PAID_ON = {LUZHOU: 25, SUIZHOU: 12, DINGXI: 20}


def world() -> Iterator[Told]:
    """Announcements, a hospital of level 2 in every city, employers, and person P."""
    for announced in WORLD:
        yield {"fact": "parameter_announced", "on": "2017-12-25", **announced}
    for city, place in HOSPITALS.items():
        yield at(city, "2017-12-25", "provider_registered", provider=f"hospital-{city}", place=place, level=2)
        born = {"person": "P", "sex": "male", "born_on": "1985-05-05"}
        yield at(city, "2017-12-25", "person_registered", **born, household_registration=city)
    for city in (SUIZHOU, DINGXI):
        yield at(city, "2017-12-25", "employer_registered", employer=EMPLOYERS[city], funding="other")


def at(city: str, on: str, fact: str, **fields: Any) -> Told:
    """A fact of a city."""
    return {"city": city, "fact": fact, "on": on, **fields}


def settled_in(city: str, balance: str, base: str) -> Iterator[Told]:
    """P is a covered employee on 1 January 2025, with ten years of months and a balance."""
    job = {"capacity": "employed", "employer": EMPLOYERS[city], "mode": "combined", "base": base}
    yield at(city, "2025-01-01", "opening_status", person="P", scheme="employee", status="covered", **job)
    yield at(city, "2025-01-01", "opening_history", person="P", history=[{"months": [BEFORE]}])
    yield at(city, "2025-01-01", "opening_account", account="personal", person="P", balance=balance)


def hired(city: str, on: str, wage: str) -> Iterator[Told]:
    """P starts to work."""
    more = {"employment_from": on[:8] + "01", "wage": wage} if city == LUZHOU else {}
    yield at(city, on, "enrolled", person="P", capacity="employed", employer=EMPLOYERS[city], **more)
    if city == DINGXI:
        yield at(city, on, "wage_declared", person="P", wage_year=int(on[:4]) - 1, monthly_average=wage)


def left(city: str, on: str) -> Told:
    """The employment ends."""
    job = {"person": "P", "capacity": "employed", "employer": EMPLOYERS[city], "reason": "resigned"}
    return at(city, on, "enrolment_ended", **job)


def paid(city: str, months: str, base: str = "") -> Iterator[Told]:
    """Each month is paid in the month itself."""
    for month in Months.parse([months]).texts():
        who: Told = {"employer": EMPLOYERS[city], "months": [month]}
        if city != LUZHOU:
            who["person"] = "P"
        if base:
            who["base"] = base
        yield at(city, f"{month}-{PAID_ON[city]}", "contribution_paid", **who)


def moved_out(city: str, to: str, on: str, **fields: Any) -> Told:
    """P asks to move the relation elsewhere."""
    return at(city, on, "transfer_out_requested", person="P", destination=to, **fields)


def moved_in(city: str, origin: str, on: str, until: str, amount: str, **fields: Any) -> Told:
    """Months since 2015 up to `until` and the balance arrive."""
    month = Months.parse([until])[0]
    certified = {"cover_ended_on": month.last_day.isoformat(), "last_paid_month": until}
    history = [{"months": [f"2015-01/{until}"]}]
    brought = {**certified, "history": history, "account_amount": amount}
    return at(city, on, "transferred_in", person="P", origin=origin, **brought, **fields)


def elsewhere(city: str, place: str, since: str, recorded: str, cover: str = "employee") -> Told:
    """A city learns that benefits have begun in another one."""
    about = {"cover": cover, "place": place, "from": since}
    return at(city, since, "other_cover_recorded", recorded=recorded, person="P", **about)


def stay(city: str, claim: str, admitted: str, left_on: str, amount: str = "5000.00") -> Told:
    """A stay in the city's hospital."""
    bill = {"claim": claim, "person": "P", "provider": f"hospital-{city}", "kind": "inpatient"}
    lines = [{"class": "A", "amount": amount}]
    return at(city, left_on, "claim_submitted", **bill, admitted_on=admitted, lines=lines)


def in_order(*facts: Told) -> list[Told]:
    """The facts in the order in which they were learned, each with an id of its own."""
    numbered = [{"id": f"f{n}", **fact} for n, fact in enumerate([*world(), *facts])]
    return sorted(numbered, key=lambda fact: Moment.parse(str(fact.get("recorded") or fact["on"])))


class Story:
    """A ledger that was told a story, and the questions that the tests ask."""

    def __init__(self, ledger: Ledger, *facts: Told) -> None:
        self._ledger = ledger
        for fact in in_order(*facts):
            ledger.record(fact, keep_recorded=True)

    def ask(self, city: str, kind: str, known: str, **given: Any) -> Told:
        """The answer to a question about P."""
        got = self._ledger.ask({"ask": kind, "known": known, **given}, city=city)
        assert "answer" in got, got
        answer: Told = got["answer"]
        return answer

    def covered(self, city: str, known: str, scheme: str = "employee") -> list[tuple[str, str | None]]:
        """The days on which P is covered, adjoining periods as one."""
        found: list[tuple[str, str | None]] = []
        periods = self.ask(city, "benefit_periods", known, person="P", scheme=scheme)["periods"]
        for each in (period for period in periods if period["status"] == "covered"):
            if found and found[-1][1] == each["from"]:
                found[-1] = (found[-1][0], each.get("to"))
            else:
                found.append((each["from"], each.get("to")))
        return found

    def months(self, city: str, known: str) -> tuple[int, int, int]:
        """Months that count: all, paid in this city, and transferred."""
        got = self.ask(city, "contribution_months", known, person="P", on=known)
        return got["total"], got["local_paid"], got["transferred"]

    def balance(self, city: str, known: str) -> str:
        """The personal account on the day of knowledge."""
        return str(self.ask(city, "personal_account", known, person="P", on=known)["balance"])

    def pooled(self, city: str, claim: str, known: str) -> str:
        """What the city's pooled fund pays for a stay."""
        return str(self.ask(city, "claim", known, claim=claim)["pooled"])

    def findings(self, known: str) -> list[str]:
        """What does not fit between the cities."""
        told = history(self._ledger, "P", Moment.parse(known))
        return [finding["finding"] for finding in told["findings"]]
