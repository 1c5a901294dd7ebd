"""Facts in: one, or many in one body."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Literal

import msgspec
from litestar import Response
from msgspec import UNSET, Struct, UnsetType

from domain.errors import InputRefused, LedgerError
from domain.facts.reading import read_fact
from ledger.receipts import Receipt, Rejected
from ledger.rights.caller import Right
from ledger.service.call import Call
from ledger.service.operations import JSON, operation
from ledger.service.problems import Refused
from ledger.service.queries import Recording

MOST = 1_000
"""Facts in one body; more are sent as a stream."""
Outcome = Literal["recorded", "repeated", "rejected"]


class Told(Struct, frozen=True, kw_only=True):
    """What became of one fact of many."""

    line: int
    """Its place among those sent, from 1."""
    outcome: Outcome
    receipt: Receipt | UnsetType = UNSET
    code: str | UnsetType = UNSET
    """Why it was rejected."""
    field: str | UnsetType = UNSET
    message: str | UnsetType = UNSET


class Batch(Struct, frozen=True, kw_only=True):
    """What became of each fact, and how many of each."""

    recorded: int
    repeated: int
    rejected: int
    results: list[Told]


records = partial(operation, "post", right=Right.RECORD, locks=True, query=Recording)
"""An operation that records: the right to it, the lock of the log, and what may stand in its address."""


@records(
    "/v1/facts",
    says="Record one fact 记录一条事实",
    body="Fact",
    answer=Receipt,
    status=201,
    also=(200,),
    problems=(403, 404, 409, 507),
)
def record_fact(call: Call) -> Response[bytes]:
    """With all its consequences, or not at all. 201 when it is new, 200 when it was recorded before."""
    if isinstance(call.told, Mapping):
        call.notes["record"] = str(call.told.get("id", ""))[:128]
    fact = read_fact(call.told, call.default_city())
    city, keep = call.city(fact.city), keeping(call)
    with call.desk.writing(call.caller.name) as ledger:
        receipt = ledger.record(call.told, city=city, keep_recorded=keep)
    counted(call, receipt)
    status = 200 if receipt.repeated else 201
    return Response(msgspec.json.encode(receipt), status_code=status, media_type=JSON)


@records(
    "/v1/facts/batch",
    says="Record many facts 批量记录事实",
    body="Facts",
    answer=Batch,
    problems=(403, 507),
)
def record_facts(call: Call) -> Batch:
    """At most 1,000, in order; each is recorded whole or rejected whole, and a rejected one stops no other."""
    if not isinstance(call.told, list):
        raise InputRefused("wrong_type", "facts", "send a JSON array of facts")
    if len(call.told) > MOST:
        raise Refused("too_many_facts", f"at most {MOST} at once; /v1/facts/stream has no limit")
    results = recorded(call, list(enumerate(call.told, 1)), call.default_city(), keeping(call))
    count = {name: sum(each.outcome == name for each in results) for name in Outcome.__args__}  # type: ignore[attr-defined]
    return Batch(**count, results=results)


def keeping(call: Call) -> bool:
    """Whether the facts bring their own recorded times; NotAllowed without the right to it."""
    if call.query.keep_recorded:
        call.caller.need_imports()
    return bool(call.query.keep_recorded)


def recorded(call: Call, told: list[tuple[int, Any]], city: str, keep: bool) -> list[Told]:
    """Numbered facts through the one write path; those of other cities than the caller's never reach it."""
    refused = {number: why for number, each in told if (why := _out_of_scope(call, each, city))}
    good = [(number, each) for number, each in told if number not in refused]
    with call.desk.writing(call.caller.name) as ledger:
        outcomes = list(ledger.import_facts(good, city=city, keep_recorded=keep))
    found = {number: told_of(call, number, each) for (number, _), each in zip(good, outcomes, strict=True)}
    found |= {number: rejected(call, number, *why) for number, why in refused.items()}
    return [found[number] for number, _ in told]


def told_of(call: Call, number: int, outcome: Receipt | Rejected) -> Told:
    """One outcome of the write path."""
    if isinstance(outcome, Rejected):
        return rejected(call, number, outcome.code, outcome.field, outcome.message)
    counted(call, outcome)
    return Told(line=number, outcome="repeated" if outcome.repeated else "recorded", receipt=outcome)


def rejected(call: Call, number: int, code: str, field: str, message: str) -> Told:
    """A fact that was refused."""
    call.metrics.facts.labels("rejected").inc()
    return Told(line=number, outcome="rejected", code=code, field=field, message=message)


def counted(call: Call, receipt: Receipt) -> None:
    """Count a fact, and name it in the log line of the call."""
    call.metrics.facts.labels("repeated" if receipt.repeated else "recorded").inc()
    ids = call.notes.setdefault("facts", [])
    if len(ids) < 100:
        ids.append(receipt.id)


def _out_of_scope(call: Call, told: Any, city: str) -> tuple[str, str, str] | None:
    """Why a fact is not for this caller to tell; None also for what the door itself will refuse."""
    named = told.get("city") if isinstance(told, Mapping) else None
    try:
        if isinstance(named or city, str) and (named or city):
            call.city(named or city)
    except InputRefused:
        return None  # there is no such city: the door says so
    except LedgerError as refusal:
        call.notes["out_of_scope"] = call.notes.get("out_of_scope", 0) + 1
        return str(getattr(refusal, "code", "")), "city", refusal.message
    return None


HANDLERS = (record_fact, record_facts)
