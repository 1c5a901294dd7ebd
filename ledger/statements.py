"""Everything about one person, for a stretch of days, in force on E, as known on K."""

from datetime import date
from typing import TYPE_CHECKING, Any

from domain.decisions.as_known import AsKnown
from domain.errors import InputRefused
from domain.facts import ClaimSubmitted, HouseholdMemberMoved, HouseholdRegistered
from domain.values.calendar import Moment
from domain.values.money import SignedFen, yuan_text
from ledger import reasons as why

if TYPE_CHECKING:
    from ledger.handle import Ledger

SCHEMES = ("employee", "resident")


def statement(
    ledger: "Ledger",
    city: str,
    person: str,
    on: date,
    known: str,
    first: date | None = None,
    last: date | None = None,
) -> dict[str, Any]:
    """Status, periods, months, accounts, claims, yearly totals, postings and facts of a person, as JSON values.

    From 1 January of `on` to `on` unless said otherwise. InputRefused when nothing is known of the person.
    """
    start, end = first or date(on.year, 1, 1), last or on
    if end < start:
        raise InputRefused("value_not_allowed", "to", f"`to` {end} lies before `from` {start}")
    return _statement(Asking(ledger, city, person, on, known), start, end)


class Asking:
    """One person, both dates, and the ledger that is asked."""

    def __init__(self, ledger: "Ledger", city: str, person: str, on: date, known: str) -> None:
        self.person = person
        self.on = on
        self.known = known
        self.at: AsKnown = ledger.as_known(city, Moment.parse(known), source="replay")
        self._ledger = ledger
        self._city = city

    def ask(self, kind: str, **given: Any) -> dict[str, Any]:
        """The answer object of one question about the person."""
        return self._ledger.ask({"ask": kind, **given, "known": self.known}, city=self._city)


def _statement(asking: Asking, first: date, last: date) -> dict[str, Any]:
    person, on = asking.person, asking.on.isoformat()
    facts = why.known_facts(asking.at, [f"person:{person}"])
    if not facts:
        raise InputRefused("unknown_reference", "person", f"nothing is known of person `{person}`")
    bills = [f for f in facts if isinstance(f, ClaimSubmitted) and f.person == person]
    households = [f for f in facts if isinstance(f, (HouseholdRegistered, HouseholdMemberMoved))]
    return {
        "person": person,
        "from": first.isoformat(),
        "to": last.isoformat(),
        "on": on,
        "known": asking.known,
        "status": {s: asking.ask("benefit_status", person=person, scheme=s, on=on) for s in SCHEMES},
        "periods": {s: _periods(asking, s, first, last) for s in SCHEMES},
        "months": {s: asking.ask("contribution_months", person=person, scheme=s, on=on) for s in SCHEMES},
        "personal_account": _account(asking.ask("personal_account", person=person, on=on), first, last),
        "family_accounts": {h: _family(asking, h, first, last) for h in _names_of(households)},
        "claims": [
            {
                "claim": bill.claim,
                "on": bill.on.isoformat(),
                "kind": str(bill.kind),
                "kind_label": bill.kind.label,
                "provider": bill.provider,
            }
            | asking.ask("claim", claim=bill.claim)
            for bill in bills
            if first <= bill.on <= last
        ],
        "year_totals": _totals(asking, first, last),
        "postings": _postings(asking, first, last),
        "facts": why.fact_rows(f for f in facts if first <= f.on <= last),
    }


def _periods(asking: Asking, scheme: str, first: date, last: date) -> dict[str, Any]:
    got = asking.ask("benefit_periods", person=asking.person, scheme=scheme)
    if "error" in got:
        return got
    within = [
        period
        for period in got["answer"]["periods"]
        if period["from"] <= last.isoformat() and (period.get("to") or "9999") > first.isoformat()
    ]
    return {**got, "answer": {"periods": within}}


def _account(got: dict[str, Any], first: date, last: date) -> dict[str, Any]:
    """The answer with the movements of the statement's days, and what was there before them."""
    if "error" in got:
        return got
    movements = got["answer"].get("movements", [])
    within = [each for each in movements if first.isoformat() <= each["on"] <= last.isoformat()]
    before = sum(_fen(each["amount"]) for each in movements if each["on"] < first.isoformat())
    answer = {**got["answer"], "opening": yuan_text(before), "movements": within}
    return {**got, "answer": answer}


def _family(asking: Asking, household: str, first: date, last: date) -> dict[str, Any]:
    got = asking.ask("family_account", household=household, on=asking.on.isoformat())
    return _account(got, first, last)


def _names_of(households: list[HouseholdRegistered | HouseholdMemberMoved]) -> list[str]:
    found: dict[str, None] = {}
    for fact in households:
        names = (
            (fact.household,)
            if isinstance(fact, HouseholdRegistered)
            else (fact.from_household, fact.to_household)
        )
        found.update({name: None for name in names if name is not None})
    return list(found)


def _totals(asking: Asking, first: date, last: date) -> dict[str, Any]:
    return {
        f"{scheme}/{year}": got
        for scheme in SCHEMES
        for year in range(first.year, last.year + 1)
        if "error" not in (got := asking.ask("year_totals", person=asking.person, scheme=scheme, year=year))
    }


def _postings(asking: Asking, first: date, last: date) -> why.Rows:
    held = asking.at.current(f"person:{asking.person}")
    return why.posting_rows(line for line in held.journal if first <= line.event.on <= last)


def _fen(yuan: str) -> int:
    return int(SignedFen.parse(yuan))
