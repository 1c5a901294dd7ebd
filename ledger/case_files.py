"""Case files of facts v1: facts told one by one, questions asked, expectations compared."""

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from msgspec.structs import replace

from domain.decisions.admission import admit, repeated
from domain.decisions.as_known import AsKnown
from domain.decisions.book import Book
from domain.errors import InputRefused
from domain.facts import Fact
from domain.facts.reading import read_fact
from domain.municipalities import municipality
from domain.questions.reading import read_question
from domain.values.calendar import Moment, Months
from ledger.ask import answer


def run_case(case: Mapping[str, Any], city: str) -> dict[str, Any]:
    """One case in a fresh book: every fact recorded, every question answered and compared."""
    book = Book(municipality(city))
    for fact in told(case["facts"], city):
        if not repeated(fact, book):
            admit(fact, book)
            book.record(fact)
    questions = [_asked(book, question) for question in case["questions"]]
    return {"id": case["id"], "passed": all(q["passed"] for q in questions), "questions": questions}


def told(facts: list[Mapping[str, Any]], city: str) -> Iterator[Fact]:
    """The facts of a case in the order of `recorded` (file order breaks ties), each with an id."""
    read = [_complete(read_fact(fact, city), number) for number, fact in enumerate(facts)]
    return iter(sorted(read, key=lambda fact: fact.recorded))


def _complete(fact: Fact, number: int) -> Fact:
    recorded = fact.recorded or Moment.end_of(fact.on)
    return replace(fact, recorded=recorded, id=fact.id or f"#{number + 1}")


def _asked(book: Book, question: Mapping[str, Any]) -> dict[str, Any]:
    asked = {name: value for name, value in question.items() if name != "expect"}
    try:
        read = read_question(asked)
        got = answer(AsKnown(book, read.known), read)  # type: ignore[attr-defined]
    except InputRefused as refusal:
        got = {"error": {"code": refusal.code, "name": refusal.name}, "because": []}
    expected = question.get("expect")
    mismatches = [] if expected is None else list(compared(expected, got))
    return {"ask": asked, "passed": not mismatches, "mismatches": mismatches, "got": got}


def compared(expected: Mapping[str, Any], got: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Mismatches between a partial expectation and an answer."""
    if "error" in expected and len(expected) == 1:
        yield from _differences(expected, got, "")
    elif "error" in got:
        yield {"path": "", "expected": expected, "got": got}
    else:
        yield from _differences(expected, got.get("answer", {}), "")


def _differences(expected: Any, got: Any, path: str) -> Iterator[dict[str, Any]]:
    if isinstance(expected, Mapping):
        for name, value in expected.items():
            inner = got.get(name) if isinstance(got, Mapping) else None
            yield from _differences(value, inner, f"{path}.{name}" if path else str(name))
    elif isinstance(expected, list) and path.rsplit(".", 1)[-1] == "months":
        if not isinstance(got, list) or Months.parse(expected) != Months.parse(got or ["0001-01"]):
            yield {"path": path, "expected": expected, "got": got}
    elif isinstance(expected, list) and expected and all(isinstance(each, Mapping) for each in expected):
        if not isinstance(got, list) or not _matched(expected, got):
            yield {"path": path, "expected": expected, "got": got}
    elif not _equal(expected, got):
        yield {"path": path, "expected": expected, "got": got}


def _matched(expected: list[Any], got: list[Any]) -> bool:
    """True when each expected object matches a different element."""
    if not expected:
        return True
    first, *others = expected
    fits = [number for number, each in enumerate(got) if not list(_differences(first, each, ""))]
    return any(_matched(others, got[:number] + got[number + 1 :]) for number in fits)


def _equal(expected: Any, got: Any) -> bool:
    if isinstance(expected, str) and isinstance(got, str) and expected != got:
        try:
            return Decimal(expected) == Decimal(got)
        except InvalidOperation:
            return False
    return bool(expected == got)
