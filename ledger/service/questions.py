"""The 22 questions, as JSON and, for the common ones, as short addresses."""

from typing import Any

from domain.questions.reading import read_question
from ledger.rights.caller import Right
from ledger.service.call import Call
from ledger.service.operations import operation


@operation(
    "post", "/v1/questions", says="Ask one of the 22 questions of facts v1. 提问", right=Right.ASK, body=dict
)
def ask(call: Call) -> dict[str, Any]:
    """The answer object of facts v1, section 4: `answer` or `error`, with the rules."""
    question = read_question(call.told)
    city = call.city(question.city)
    with call.desk.reading() as ledger:
        return ledger.ask(call.told, city=city)


HANDLERS = (ask,)
