"""What an auditor would tell: facts arrive late, wrong and twice, and both answers stay right."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from domain.decisions.admission import admit, repeated
from domain.decisions.as_known import AsKnown
from domain.decisions.book import Book
from domain.errors import InputRefused
from domain.events.recorded import Posted
from domain.facts import Fact
from domain.facts.reading import read_fact
from domain.questions.reading import read_question
from domain.values.calendar import Moment
from ledger.ask import answer
from tests.toytown import CODE, new_book

CAP = {
    "fact": "parameter_announced",
    "on": "2018-01-01",
    "id": "cap",
    "key": "annual_cap",
    "value": "100",
    "year": 2018,
}
PAID = {
    "fact": "resident_contribution_paid",
    "on": "2018-01-05",
    "id": "paid",
    "persons": ["P1"],
    "year": 2018,
}
BILL = {
    "fact": "claim_submitted",
    "on": "2018-02-01",
    "id": "bill",
    "claim": "c1",
    "person": "P1",
    "provider": "H1",
    "kind": "inpatient",
    "lines": [{"class": "A", "amount": "100.50"}],
}


def tell(book: Book, *facts: dict[str, Any]) -> Book:
    """Record facts the way the door does."""
    for told in facts:
        fact = read_fact(told, CODE)
        fact = replace(fact, recorded=fact.recorded or Moment.end_of(fact.on))
        if not repeated(fact, book):
            admit(fact, book)
            book.record(fact)
    return book


def asked(book: Book, **question: Any) -> dict[str, Any]:
    """The answer to a question."""
    read = read_question(question)
    return answer(AsKnown(book, Moment.parse(question["known"])), read)


def test_a_late_payment_heals_the_claim_and_the_old_answer_stays() -> None:
    book = tell(new_book(), CAP, BILL, {**PAID, "on": "2018-03-01"})

    before = asked(book, ask="claim", claim="c1", known="2018-02-15")
    after = asked(book, ask="claim", claim="c1", known="2018-03-01")

    assert before["answer"]["outcome"] == "refused"
    assert before["answer"]["member"] == "100.50"
    assert (after["answer"]["pooled"], after["because"]) == ("80.40", ["XC-2a"])
    assert after["answer"]["adjustment"] == {"resident_pooled": "80.40", "member": "-80.40"}


def test_an_announcement_that_comes_late_is_unknown_before() -> None:
    book = tell(new_book(), PAID, BILL, {**CAP, "recorded": "2018-05-01"})

    before = asked(book, ask="claim", claim="c1", known="2018-04-30")
    after = asked(book, ask="claim", claim="c1", known="2018-05-01")

    assert before["error"] == {"code": "announcement_missing", "name": "annual_cap", "date": "2018-12-31"}
    assert after["answer"]["pooled"] == "80.40"


def test_a_corrected_bill_posts_only_the_difference() -> None:
    bigger = {**BILL, "id": "bill2", "corrects": "bill", "recorded": "2018-03-01"}
    book = tell(new_book(), CAP, PAID, BILL, {**bigger, "lines": [{"class": "A", "amount": "110.50"}]})

    lines = [line.event for line in book.held("person:P1").journal]

    assert [sum(p.fen for p in line.postings if p.account == "provider:H1") for line in lines] == [
        10050,
        1000,
    ]
    assert asked(book, ask="acceptance", id="bill", known="2018-02-28")["answer"]["outcome"] == "accepted"
    assert asked(book, ask="acceptance", id="bill", known="2018-03-01")["answer"]["outcome"] == "superseded"


def test_a_withdrawn_bill_leaves_nothing_behind() -> None:
    void = {"fact": "claim_submitted", "on": "2018-03-01", "id": "void", "corrects": "bill", "void": True}
    book = tell(new_book(), CAP, PAID, BILL, void)

    assert asked(book, ask="claim", claim="c1", known="2018-02-15")["answer"]["pooled"] == "80.40"
    assert asked(book, ask="claim", claim="c1", known="2018-03-01")["error"]["code"] == "unknown_reference"
    assert book.held("person:P1").balance("provider:H1", Moment.parse("2018-03-01").day) == 0
    assert asked(book, ask="acceptance", id="bill", known="2018-03-01")["answer"]["outcome"] == "void"


def test_a_correction_that_names_another_person_takes_effect_for_both() -> None:
    wrong = {
        "fact": "contribution_paid",
        "on": "2018-01-10",
        "person": "P1",
        "capacity": "flexible",
        "base": "5000",
    }
    wrong |= {"id": "w", "months": ["2018-01"]}
    book = tell(
        new_book(), wrong, {**wrong, "id": "r", "person": "P2", "corrects": "w", "recorded": "2018-04-01"}
    )

    def balance(person: str, known: str) -> str:
        got = asked(book, ask="personal_account", person=person, on="2018-12-31", known=known)
        return str(got["answer"]["balance"])

    assert (balance("P1", "2018-03-31"), balance("P2", "2018-03-31")) == ("100.00", "0.00")
    assert (balance("P1", "2018-04-01"), balance("P2", "2018-04-01")) == ("0.00", "100.00")


@pytest.mark.parametrize(
    ("fact", "code"),
    [
        ({**PAID, "year": 2019}, "duplicate_id"),
        ({**BILL, "id": "x", "corrects": "nothing", "recorded": "2018-03-01"}, "unknown_reference"),
        ({**BILL, "id": "x", "corrects": "paid", "recorded": "2018-03-01"}, "wrong_correction"),
        (
            {**BILL, "id": "x", "claim": "c9", "continues": "c8", "recorded": "2018-03-01"},
            "unknown_reference",
        ),
        ({**BILL, "id": "x", "claim": "c2", "recorded": "2018-01-01"}, "recorded_out_of_order"),
    ],
)
def test_the_door_keeps_out(fact: dict[str, Any], code: str) -> None:
    book = tell(new_book(), CAP, PAID, BILL)

    with pytest.raises(InputRefused) as refused:
        tell(book, fact)

    assert refused.value.code == code


def test_what_was_replaced_may_not_be_corrected_again() -> None:
    second = {**PAID, "id": "p2", "corrects": "paid", "recorded": "2018-02-01"}
    book = tell(new_book(), PAID, second)

    with pytest.raises(InputRefused) as refused:
        tell(book, {**PAID, "id": "p3", "corrects": "paid", "recorded": "2018-02-02"})
    assert refused.value.code == "wrong_correction"
    tell(book, {**PAID, "id": "p4", "corrects": "p2", "recorded": "2018-02-03"})


def test_overlapping_periods_are_refused_until_the_first_one_ends() -> None:
    group = {"fact": "group_recognised", "on": "2018-01-01", "person": "P1", "group": "orphan"}
    book = tell(new_book(), {**group, "id": "g1"})

    with pytest.raises(InputRefused) as refused:
        tell(book, {**group, "id": "g2", "on": "2018-06-01"})
    assert refused.value.code == "overlapping_period"
    ended = {
        "fact": "approval_ended",
        "on": "2018-05-01",
        "person": "P1",
        "approval": "group",
        "group": "orphan",
    }
    tell(
        book,
        {**ended, "recorded": "2018-07-01"},
        {**group, "id": "g3", "on": "2018-06-01", "recorded": "2018-07-02"},
    )


def test_the_same_fact_told_twice_changes_nothing() -> None:
    book = tell(new_book(), CAP, PAID, BILL)
    before = [len(book.events_of(subject)) for subject in book.everybody()]

    tell(book, CAP, PAID, BILL)

    assert [len(book.events_of(subject)) for subject in book.everybody()] == before


def told_in(order: list[int], delays: list[int]) -> list[Fact]:
    """The same happenings, learned in some order."""
    happenings: list[dict[str, Any]] = [CAP, PAID, BILL]
    happenings += [{**BILL, "id": f"b{n}", "claim": f"c{n}", "on": f"2018-0{n}-15"} for n in (3, 4, 5)]
    facts = []
    known = 0
    for place, number in enumerate(order):
        known += delays[place]
        recorded = Moment(Moment.parse("2018-06-01") + known * 86_400_000_000)
        facts.append(replace(read_fact(happenings[number], CODE), recorded=recorded))
    return facts


@settings(max_examples=60, deadline=None)
@given(
    st.permutations(list(range(6))), st.lists(st.integers(0, 40), min_size=6, max_size=6), st.integers(0, 250)
)
def test_an_answer_never_changes_after_it_was_known(order: list[int], delays: list[int], day: int) -> None:
    facts = told_in(order, delays)
    moment = Moment(Moment.parse("2018-06-01") + day * 86_400_000_000)
    whole, partial = new_book(), new_book()
    for fact in facts:
        whole.record(fact)
        if fact.recorded <= moment:
            partial.record(fact)

    for claim in ("c1", "c3", "c4", "c5"):
        question = {"ask": "claim", "claim": claim, "known": str(moment)}
        assert asked(whole, **question) == asked(partial, **question)
    assert all(
        sum(posting.fen for posting in event.postings) == 0
        for subject in whole.everybody()
        for event, _ in whole.events_of(subject)
        if isinstance(event, Posted)
    )
