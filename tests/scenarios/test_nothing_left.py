"""After every fact, computing everything anew leaves nothing to change: whoever was concerned was found.

This holds the dependencies, the memory of results, the days on which time matters, and the cheap continuation
of a checkpoint to the plain definition: consequences computed one way, from all facts known.
"""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from domain.decisions.admission import admit, repeated
from domain.decisions.book import Book
from domain.decisions.consequences import changes
from domain.errors import InputRefused
from domain.facts.reading import read_fact
from domain.municipalities import municipality
from domain.rulebook.view import View
from domain.values.calendar import Moment
from scripts.benchmarks.workload import CITY, paid, registered
from tests.scenarios.histories import cases_of, cities, history


def left_to_change(book: Book, moment: Moment) -> list[str]:
    """Subjects about which a whole computation, without any memory, would record something."""
    view = View(book, moment)
    return [
        f"{subject}: {events[0]}"
        for subject in book.everybody()
        if (events := changes(book.municipality, view, subject, "check"))
    ]


def told(book: Book, facts: list[dict[str, Any]], code: str) -> None:
    """Record facts, checking after each that nothing was missed."""
    for fact in facts:
        read = read_fact(fact, code)
        read = replace(
            read, recorded=read.recorded or Moment.end_of(read.on), id=read.id or f"#{len(fact)}{fact}"
        )
        try:
            if repeated(read, book):
                continue
            admit(read, book)
        except InputRefused:
            continue
        book.record(read)
        known = {
            str(event) for event in left_to_change(book, read.recorded) if not _only_time(book, event, read)
        }
        assert not known, f"after {fact}"


def _only_time(book: Book, event: str, fact: Any) -> bool:
    """Time alone may be due for subjects that the fact does not concern: a run or their next fact records it."""
    subject = event.split(": ", 1)[0]
    return book._due(subject) <= fact.recorded.day


@pytest.mark.parametrize(("folder", "code"), cities())
def test_no_case_leaves_anything_to_change(folder: str, code: str) -> None:
    for case in cases_of(folder)[::3]:
        facts = [{**fact, "id": fact.get("id", f"f{n}")} for n, fact in enumerate(case["facts"])]
        facts.sort(key=lambda fact: Moment.parse(str(fact.get("recorded") or fact["on"])))
        told(Book(municipality(code)), facts, code)


@pytest.mark.parametrize(("folder", "code"), cities())
@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_no_order_of_arrival_leaves_anything_to_change(folder: str, code: str, seed: int) -> None:
    told(Book(municipality(code)), list(history(seed, folder)), code)


def test_a_city_of_employers_who_pay_in_time_leaves_nothing_to_change() -> None:
    facts = [*registered(2, 3), *paid(2, 14)]
    told(Book(municipality(CITY)), [{**fact, "id": f"f{n}"} for n, fact in enumerate(facts)], CITY)
