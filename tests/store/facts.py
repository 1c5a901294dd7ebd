"""Facts and consequences to store."""

from __future__ import annotations

from datetime import date
from typing import Any

from domain.events.consequences import Posting
from domain.events.recorded import Posted
from domain.facts import Fact
from domain.facts.reading import read_fact

CITY = "510500"
CLERK = "clerk:7"


def registered(person: str, fact_id: str = "", **more: Any) -> Fact:
    """A person is registered."""
    told = {
        "fact": "person_registered",
        "on": "2024-01-01",
        "id": fact_id or f"reg-{person}",
        "person": person,
    }
    return read_fact({**told, "born_on": "1980-05-05", "household_registration": CITY, **more}, CITY)


def withdrawn(fact_id: str, of: str) -> Fact:
    """An earlier registration is withdrawn."""
    told = {"fact": "person_registered", "void": True, "on": "2024-02-01", "id": fact_id, "corrects": of}
    return read_fact(told, CITY)


def credited(person: str, fen: int, cause: str = "time") -> Posted:
    """Money enters a personal account."""
    sides = (Posting(f"personal_account:{person}", fen), Posting("fund:employee_pooled", -fen))
    key = f"credit/{person}"
    return Posted(subject=f"person:{person}", cause=cause, key=key, on=date(2024, 1, 15), postings=sides)
