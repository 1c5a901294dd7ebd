"""A rule is cited with the same words whatever was loaded before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import permutations
from typing import Any

import pytest

from domain.rulebook import citation
from domain.rulebook.citation import CITATIONS, rule


@pytest.fixture(autouse=True)
def nothing_left() -> Iterator[None]:
    """Rules declared here are gone afterwards."""
    before = dict(CITATIONS)
    yield
    for name in set(CITATIONS) - set(before):
        del CITATIONS[name]
        del citation._speaking[name]


def saying(says: str, module: str) -> Callable[[], None]:
    """A function of a module that says something."""

    def function() -> None: ...

    function.__doc__, function.__module__, function.__qualname__ = says, module, says
    return function


def declared(*each: tuple[tuple[str, ...], str, str]) -> None:
    """Declare rules in this order: IDs, what they say, and in which module."""
    for ids, says, module in each:
        rule(*ids, article="第一条")(saying(says, module))


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_most_specific_function_speaks_for_a_rule(order: tuple[Any, ...]) -> None:
    city = "domain.municipalities.nowhere"
    all_three = [
        (("NW-1", "NW-2"), "Both of them.", f"{city}.caps"),
        (("NW-2",), "The second alone.", f"{city}.payments"),
        (("NW-2",), "The second, elsewhere.", f"{city}.refunds"),
    ]
    declared(*(all_three[place] for place in order))
    assert CITATIONS["NW-1"].says == "Both of them."
    assert CITATIONS["NW-2"].says == "The second alone."


def test_an_older_version_of_a_city_does_not_speak_for_the_present_one() -> None:
    declared(
        (("NW-1", "NW-2"), "As it is now.", "domain.municipalities.nowhere.caps"),
        (("NW-1",), "As it was.", "domain.municipalities.nowhere_1.caps"),
    )
    assert CITATIONS["NW-1"].says == "As it is now."
