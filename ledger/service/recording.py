"""Facts in: one, or many in one body."""

from typing import Any

import msgspec

from domain.facts.reading import read_fact
from ledger.rights.caller import Right
from ledger.service.call import Call
from ledger.service.operations import operation


@operation("post", "/v1/facts", says="Record a fact. 记录事实", right=Right.RECORD, body=dict, status=201)
def record(call: Call) -> dict[str, Any]:
    """One fact, learned now, with all its consequences."""
    fact = read_fact(call.told, call.default_city())
    call.city(fact.city)
    with call.desk.writing(call.caller.name) as ledger:
        receipt = ledger.record(call.told, city=fact.city)
    call.notes["facts"] = [receipt.id]
    return msgspec.structs.asdict(receipt)


HANDLERS = (record,)
