"""The 22 questions, as JSON and, for the common ones, as short addresses."""

from collections.abc import Callable
from typing import Any

import msgspec
from litestar.handlers import HTTPRouteHandler
from msgspec import Struct, structs

from domain.facts.reading import encode_hook
from domain.questions.reading import read_question
from ledger.rights.caller import Right
from ledger.service import queries as q
from ledger.service.call import Call
from ledger.service.operations import operation

PROBLEMS = (403, 404)


@operation(
    "post",
    "/v1/questions",
    says="Ask one of the 22 questions 提问",
    right=Right.ASK,
    query=q.InCity,
    body="Question",
    answer="Answered",
    problems=PROBLEMS,
)
def ask(call: Call) -> dict[str, Any]:
    """The answer object of facts v1, section 4: `answer` or `error`, with the rules it rests on."""
    question = read_question(call.told)
    return answered(call, call.told, question.city)


def answered(call: Call, asked: dict[str, Any], city: str = "") -> dict[str, Any]:
    """What the ledger answers about a city that the caller may ask about."""
    place = call.city(city)
    with call.desk.reading() as ledger:
        return ledger.ask(asked, city=place)


def asked_by(query: Struct) -> dict[str, Any]:
    """The fields of a query as JSON writes them, without those that were not given and without the city."""
    given = msgspec.to_builtins(structs.asdict(query), enc_hook=encode_hook)
    names = {field.name: field.encode_name for field in structs.fields(query)}
    return {names[name]: value for name, value in given.items() if name != "city" and value is not None}


def _short(path: str, kind: str, says: str, query: type[Struct]) -> HTTPRouteHandler:
    def short(call: Call) -> dict[str, Any]:
        return answered(call, {"ask": kind, **asked_by(call.query)})

    short.__name__ = f"ask_{kind}"
    short.__doc__ = f"The question `{kind}` of facts v1."
    made: Callable[[Any], HTTPRouteHandler] = operation(
        "get",
        f"/v1/{path}",
        says=says,
        right=Right.ASK,
        query=query,
        answer=f"Answered_{kind}",
        problems=PROBLEMS,
    )
    return made(short)


HANDLERS = (
    ask,
    _short("status", "benefit_status", "Is a person covered on a day? 待遇状态", q.OfPersonInScheme),
    _short("periods", "benefit_periods", "All status periods of a person 待遇期间", q.Periods),
    _short("months", "contribution_months", "Contribution months of a person 缴费月数", q.OfPersonInScheme),
    _short("account", "personal_account", "Personal account 个人账户", q.OfPerson),
    _short("family-account", "family_account", "A household's account 家庭门诊账户", q.OfHousehold),
    _short("claim", "claim", "Settlement of a claim 费用结算", q.OfClaim),
    _short("year-totals", "year_totals", "Counters of a year 年度累计", q.Totals),
    _short("acceptance", "acceptance", "What became of a fact 事实受理结果", q.OfFact),
)
