"""Case files of facts v1: facts told one by one, questions asked, expectations compared."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct

from domain.errors import InputRefused, LedgerError
from domain.values.calendar import Moment
from ledger.comparing import compared

if TYPE_CHECKING:
    from ledger.handle import Ledger


class Case(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One case: it stands alone. `title`, `rules` and `why` are for readers."""

    id: str
    facts: list[dict[str, Any]]
    questions: list[dict[str, Any]]
    title: str = ""
    rules: list[str] = []
    why: str = ""
    city: str = ""


class CaseFile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file of cases of one city."""

    case_file: int
    city: str
    cases: list[Case]
    title: str = ""
    note: str = ""


def read_case_file(content: bytes, name: str) -> list[Case]:
    """The cases of a file, each with its city; InputRefused names file, case and field when it is malformed."""
    try:
        told = msgspec.json.decode(content, type=CaseFile)
    except (msgspec.DecodeError, UnicodeDecodeError) as problem:
        raise InputRefused("malformed_case_file", name, _where(content, name, str(problem))) from None
    if told.case_file != 1:
        message = f"{name}: `case_file` is {told.case_file}; this house reads version 1"
        raise InputRefused("malformed_case_file", "case_file", message)
    cases = [msgspec.structs.replace(case, city=case.city or told.city) for case in told.cases]
    for case in cases:
        _check_questions(case, name)
    twice = {case.id for case in cases if sum(other.id == case.id for other in cases) > 1}
    if twice:
        raise InputRefused("malformed_case_file", "id", f"{name}: two cases have the id `{min(twice)}`")
    return cases


def _where(content: bytes, name: str, problem: str) -> str:
    """The decoder's complaint with the name of the case in place of its number."""
    at = problem.partition("`$.cases[")[2].partition("]")[0]
    try:
        case = msgspec.json.decode(content)["cases"][int(at)]["id"] if at.isdigit() else None
    except (msgspec.DecodeError, UnicodeDecodeError, LookupError, TypeError):
        case = None
    return f"{name}: case {case}: {problem}" if case else f"{name}: {problem}"


def _check_questions(case: Case, name: str) -> None:
    for number, question in enumerate(case.questions, 1):
        expected = question.get("expect", {})
        if not isinstance(question.get("ask"), str) or not isinstance(expected, dict):
            field = "expect" if isinstance(question.get("ask"), str) else "ask"
            message = f"{name}: case {case.id}, question {number}: `{field}` is missing or of the wrong type"
            raise InputRefused("malformed_case_file", field, message)


def run_case(case: Case, ledger: "Ledger") -> dict[str, Any]:
    """One case in a fresh ledger: every fact recorded, every question answered and compared.

    A fact that is refused at the door is not recorded: it stands under `refused` with its code, the other facts and
    the questions go on (a case may be about the refusal), and `acceptance` of it answers with that code.
    Whatever goes wrong inside is a mismatch of this case: the other cases are not its business.
    """
    refused: dict[str, InputRefused] = {}
    try:
        for fact in told(case):
            try:
                ledger.record(fact, city=case.city, keep_recorded=True)
            except InputRefused as refusal:
                refused[str(fact["id"])] = refusal
    except Exception as problem:
        return _failed(case, problem)
    questions = [_asked(ledger, case, question, refused) for question in case.questions]
    passed = all(q["passed"] for q in questions) and bool(questions or not refused)
    result = {"id": case.id, "passed": passed, "questions": questions}
    return {**result, "refused": [_refusal(*each) for each in refused.items()]} if refused else result


def _refusal(identifier: str, refusal: InputRefused) -> dict[str, str]:
    return {"id": identifier, "code": refusal.code, "name": refusal.name, "message": refusal.message}


def told(case: Case) -> Iterator[Mapping[str, Any]]:
    """The facts of a case in the order of `recorded` (file order breaks ties), each with an id."""
    numbered = [{**fact, "id": fact.get("id", f"#{number}")} for number, fact in enumerate(case.facts, 1)]
    return iter(sorted(numbered, key=_recorded))


def _recorded(fact: Mapping[str, Any]) -> Moment:
    """When a fact was learned; what cannot be read goes first, to be refused at the door."""
    try:
        return Moment.parse(str(fact.get("recorded") or fact.get("on")))
    except ValueError:
        return Moment(0)


def _asked(
    ledger: "Ledger", case: Case, question: Mapping[str, Any], refused: Mapping[str, InputRefused]
) -> dict[str, Any]:
    asked = {name: value for name, value in question.items() if name != "expect"}
    refusal = refused.get(str(asked.get("id"))) if asked.get("ask") == "acceptance" else None
    got = _answered(ledger, case, asked) if refusal is None else _error(refusal)
    expected = question.get("expect")
    if expected is None:
        return {"ask": asked["ask"], "passed": True, "mismatches": [], "got": got}
    mismatches = list(compared(expected, got))
    return {"ask": asked["ask"], "passed": not mismatches, "mismatches": mismatches}


def _answered(ledger: "Ledger", case: Case, asked: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return ledger.ask(asked, city=case.city)
    except InputRefused as refusal:
        return _error(refusal)
    except Exception as problem:
        return {"error": _crash(problem), "because": []}


def _error(refusal: InputRefused) -> dict[str, Any]:
    return {"error": {"code": refusal.code, "name": refusal.name}, "because": []}


def _failed(case: Case, problem: Exception) -> dict[str, Any]:
    """A case whose facts could not be recorded: every question fails for that reason."""
    got = {"error": _crash(problem)}
    mismatch: Sequence[dict[str, Any]] = [{"path": "", "expected": "every fact recorded", "got": got}]
    questions = [{"ask": q["ask"], "passed": False, "mismatches": list(mismatch)} for q in case.questions]
    return {"id": case.id, "passed": False, "questions": questions}


def _crash(problem: Exception) -> dict[str, str]:
    if isinstance(problem, LedgerError):
        return {"code": str(getattr(problem, "code", "ledger_error")), "message": problem.message}
    return {"code": "internal_error", "message": f"{type(problem).__name__}: {problem}"}
