"""Whatever order the facts of a city's own cases arrive in: the books balance, and what was known stays as it was."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.oracle.comparing import HISTORIES, disagreements
from tests.oracle.perturbing import perturbed
from tests.scenarios.histories import cases_of, cities, questions


@pytest.mark.parametrize(("folder", "code"), cities())
@settings(max_examples=max(40, HISTORIES // 10), deadline=None)
@given(data=st.data())
def test_an_answer_given_stays_and_the_books_balance(folder: str, code: str, data: st.DataObject) -> None:
    case = data.draw(st.sampled_from([each for each in cases_of(folder) if each["facts"]]))
    facts = data.draw(perturbed(case["facts"]))
    asked = list(questions(data.draw(st.integers(0, 9)), folder, facts))
    assert not disagreements(facts, asked, code, lambda known, question: None)
