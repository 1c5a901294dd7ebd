"""Tables, replay of one subject, and whole rebuild give the same answers, whatever the order of arrival."""

import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.errors import InputRefused
from domain.values.calendar import Moment
from ledger.handle import Ledger
from tests.scenarios.histories import cities, history, questions


def told(ledger: Ledger, code: str, facts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Record what the door lets in."""
    kept = []
    for fact in facts:
        try:
            ledger.record(fact, city=code, keep_recorded=True)
            kept.append(fact)
        except InputRefused:
            continue
    return kept


def answers(ledger: Ledger, code: str, asked: list[dict[str, Any]], source: Any = "tables") -> list[Any]:
    """All answers from one source."""
    return [ledger.ask(question, city=code, source=source) for question in asked]


@pytest.mark.parametrize(("folder", "code"), cities())
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6))
def test_tables_replay_and_rebuild_agree(folder: str, code: str, seed: int) -> None:
    with Ledger.fresh() as ledger:
        facts = told(ledger, code, list(history(seed, folder)))
        asked = list(questions(seed, folder, facts))

        from_tables = answers(ledger, code, asked)
        replayed = answers(ledger, code, asked, "replay")
        ledger.rebuild()
        rebuilt = answers(ledger, code, asked)

    assert from_tables == replayed
    assert from_tables == rebuilt


@pytest.mark.parametrize(("folder", "code"), cities())
@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_what_was_known_never_changes(folder: str, code: str, seed: int) -> None:
    facts = list(history(seed, folder))
    cut = random.Random(seed).randrange(1, len(facts) + 1)
    moment = Moment.parse(facts[cut - 1]["recorded"])
    early = [fact for fact in facts if Moment.parse(fact["recorded"]) <= moment]
    with Ledger.fresh() as before, Ledger.fresh() as after:
        known = told(before, code, early)
        told(after, code, facts)
        asked = [{**q, "known": str(moment)} for q in questions(seed, folder, known)]

        assert answers(before, code, asked) == answers(after, code, asked)


@pytest.mark.parametrize(("folder", "code"), cities())
@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_a_run_of_time_changes_no_answer_and_running_twice_changes_nothing(
    folder: str, code: str, seed: int
) -> None:
    facts = list(history(seed, folder))
    with Ledger.fresh() as ledger:
        known = told(ledger, code, facts)
        last = Moment.parse(facts[-1]["recorded"])
        asked = [{**q, "known": str(last)} for q in questions(seed, folder, known)]
        before = [{**answer, "pending": None} for answer in answers(ledger, code, asked)]

        ledger.advance(last.day, city=code)
        after = [{**answer, "pending": None} for answer in answers(ledger, code, asked)]
        again = ledger.advance(last.day, city=code)

    assert before == after
    assert again == {code: 0}
