"""Facts on trial: what they would change, and then, if wanted, exactly that recorded."""

from typing import Any

from msgspec import Struct

from domain.errors import InputRefused
from domain.facts import Fact
from domain.facts.reading import read_fact
from domain.values.money import yuan_text
from ledger.imports.json_lines import with_id
from ledger.receipts import Receipt, Rejected
from ledger.resolve import Change, Resolution, resolve
from ledger.rights.caller import Right
from ledger.service.call import Call
from ledger.service.operations import operation
from ledger.service.queries import InCity
from ledger.service.recording import counted, keeping, records


class Facts(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Facts to be resolved together."""

    facts: list[dict[str, Any]]


class Owed(Struct, frozen=True, kw_only=True):
    """Who owes whom, in yuan."""

    payer: str
    payee: str
    amount: str
    of_time: bool
    """It had fallen due by the passing of time and only had not been recorded yet."""


class Article(Struct, frozen=True, kw_only=True):
    """A rule, its article, and what it says."""

    rule: str
    article: str = ""
    says: str = ""


class Resolved(Struct, frozen=True, kw_only=True):
    """Everything that the facts change, or would change."""

    facts: tuple[Receipt, ...]
    refused: tuple[Rejected, ...]
    changes: tuple[Change, ...]
    debts: tuple[Owed, ...]
    articles: tuple[Article, ...]
    subjects: int
    events: int
    known: str
    recorded: bool


@operation(
    "post",
    "/v1/resolve/preview",
    says="What facts would change 补缴等事实的影响预览",
    right=Right.ASK,
    locks=True,
    query=InCity,
    body="FactsToResolve",
    answer=Resolved,
    problems=(403, 409),
)
def preview(call: Call) -> Resolved:
    """Old, new, difference, article, who owes whom; nothing is recorded and no trace is left."""
    return _resolved(call, keep=False, record=False)


@records(
    "/v1/resolve",
    says="Record facts and see what they change 记录并查看影响",
    body="FactsToResolve",
    answer=Resolved,
    problems=(403, 409, 507),
)
def resolve_and_record(call: Call) -> Resolved:
    """Exactly what the preview showed; sending it again changes nothing."""
    return _resolved(call, keep=keeping(call), record=True)


def _resolved(call: Call, *, keep: bool, record: bool) -> Resolved:
    told = call.read(Facts).facts
    if not told:
        raise InputRefused("field_missing", "facts", "send at least one fact")
    city = call.default_city()
    read = [(line, _understood(call, each, city)) for line, each in enumerate(told, 1)]
    found = resolve(call.desk.store, read, keep_recorded=keep, record=record, recorded_by=call.caller.name)
    if record:
        for receipt in found.facts:
            counted(call, receipt)
    return _written(found)


def _understood(call: Call, told: dict[str, Any], city: str) -> Fact | InputRefused:
    try:
        fact = read_fact(with_id(told), city)
    except InputRefused as refusal:
        return refusal
    call.city(fact.city)
    return fact


def _written(found: Resolution) -> Resolved:
    return Resolved(
        facts=found.facts,
        refused=found.refused,
        changes=found.changes,
        debts=tuple(
            Owed(payer=d.payer, payee=d.payee, amount=yuan_text(d.fen), of_time=d.of_time)
            for d in found.debts
        ),
        articles=tuple(Article(**each) for each in found.articles()),
        subjects=found.subjects,
        events=found.events,
        known=found.known,
        recorded=found.recorded,
    )


HANDLERS = (preview, resolve_and_record)
