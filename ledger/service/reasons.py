"""Why: explanations, statements, changes, and one question at two moments."""

from typing import Any

from msgspec import Struct

from domain.errors import InputRefused
from domain.values.calendar import Moment
from ledger import explaining
from ledger.changing import changed_subjects
from ledger.comparing_answers import answers_compared
from ledger.rights.caller import Right
from ledger.service import queries as q
from ledger.service.call import Call
from ledger.service.operations import Decorator, operation
from ledger.service.questions import PROBLEMS, asked_by
from ledger.statements import statement


class Comparison(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A question, and the earlier moment of knowledge."""

    question: dict[str, Any]
    known_before: str


def _asks(path: str, says: str, query: type[Struct], answer: str) -> Decorator:
    path = f"/v1/{path}"
    return operation("get", path, says=says, right=Right.ASK, query=query, answer=answer, problems=PROBLEMS)


@_asks("explain/claim", "Why a claim was settled so 费用结算依据", q.OfClaim, "Explained")
def explain_claim(call: Call) -> dict[str, Any]:
    """Articles, facts used, every version of the settlement, postings."""
    city, asked = call.city(), asked_by(call.query)
    with call.desk.reading() as ledger:
        return explaining.claim_explained(ledger, city, asked["claim"], asked["known"])


@_asks("explain/status", "Why a person is covered or not 待遇状态依据", q.OfPersonInScheme, "Explained")
def explain_status(call: Call) -> dict[str, Any]:
    """Articles and the facts on which the status can rest."""
    city, asked = call.city(), asked_by(call.query)
    with call.desk.reading() as ledger:
        return explaining.status_explained(ledger, city, **asked)


@_asks("explain/postings", "Where money came from and went 记账依据", q.Postings, "Explained")
def explain_postings(call: Call) -> dict[str, Any]:
    """Every posting of the entries that begin so, with article and cause."""
    city, asked = call.city(), asked_by(call.query)
    with call.desk.reading() as ledger:
        return explaining.postings_explained(ledger, city, **asked)


@_asks("statement", "Everything about one person 个人对账单", q.StatementOf, "Statement")
def person_statement(call: Call) -> dict[str, Any]:
    """Status, periods, months, accounts, claims, yearly totals, postings and facts of some days."""
    city, of = call.city(), call.query
    with call.desk.reading() as ledger:
        return statement(ledger, city, of.person, of.on, str(of.known), of.from_, of.to)


@_asks("changes", "What changed between two moments of knowledge 差异", q.Between, "Changes")
def changes(call: Call) -> dict[str, Any]:
    """For a person, for an employer and its roll, or for a whole city; each change with the facts behind it."""
    city, of = call.city(), call.query
    if of.person and of.employer:
        raise InputRefused("value_not_allowed", "employer", "give `person` or `employer`, not both")
    if of.known < of.known_before:
        raise InputRefused("value_not_allowed", "known", "`known` lies before `known_before`")
    before, known = str(of.known_before), str(of.known)
    with call.desk.reading() as ledger:
        if of.person:
            asked = {"ask": "changes", "person": of.person, "known_before": before, "known": known}
            got = ledger.ask(asked, city=city)
            found = got.get("answer", {}).get("changes", [])
            subjects = [{"subject": f"person:{of.person}", "changes": found}] if found else []
        else:
            subjects = list(changed_subjects(ledger, city, of.known_before, of.known, of.employer or ""))
    return {"known_before": before, "known": known, "subjects": subjects}


@operation(
    "post",
    "/v1/compare",
    says="One question at two moments of knowledge 两个已知日的对比",
    right=Right.ASK,
    query=q.InCity,
    body=Comparison,
    answer="Compared",
    problems=PROBLEMS,
)
def compare(call: Call) -> dict[str, Any]:
    """Both answers, where they differ, and the facts at each moment at which the answer changed."""
    of = call.read(Comparison)
    try:
        before = Moment.parse(of.known_before)
    except ValueError as problem:
        raise InputRefused("wrong_type", "known_before", str(problem)) from None
    city = call.city(str(of.question.get("city") or ""))
    with call.desk.reading() as ledger:
        return answers_compared(ledger, city, of.question, before)


HANDLERS = (explain_claim, explain_status, explain_postings, person_statement, changes, compare)
