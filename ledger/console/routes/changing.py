"""Facts on trial: what a back-payment or any other fact would change, and then recording exactly that."""

import json
from itertools import groupby
from typing import Annotated, Any

from litestar import Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body
from msgspec import Struct

from domain.errors import InputRefused
from domain.facts.reading import read_fact
from domain.values.money import SignedFen
from ledger.console.speaking import Language
from ledger.console.visit import Asked, Here, Said, There, Visit
from ledger.imports.json_lines import with_id
from ledger.receipts import Rejected
from ledger.reports import word
from ledger.resolve import Change, Resolution, resolve
from ledger.rights.caller import Right

SUBJECTS, SHOWN = 100, 40
"""Subjects on one page, and changes of each; the command line and the HTTP interface have them all."""


UNTOLD = ("prevails", "entered_on", "local", "count", "notes", "account", "covered_from", "waiting_from")
"""Fields of records that say nothing to whoever looks at a change."""


class Group(Struct, frozen=True):
    """What changes about one subject."""

    subject: str
    count: int
    gains: dict[str, int]
    """In fen, by account."""
    rows: tuple["Row", ...]


class Row(Struct, frozen=True):
    """One change, its values as they are."""

    what: str
    key: str
    field: str
    old: Any
    new: Any
    difference: str


class Sent(Struct):
    """The form: either its own fields, or a fact as JSON, which then counts alone."""

    fact: str = ""
    employer: str = ""
    person: str = ""
    on: str = ""
    months: str = ""
    clears: str = ""
    action: str = "preview"


Form = Annotated[Sent, Body(media_type=RequestEncodingType.URL_ENCODED)]


@get("/{city:str}/resolve", sync_to_thread=True)
def ask_fact(there: There, employer: Asked = "", person: Asked = "", months: Asked = "") -> Response[str]:
    """The empty form, or one that already names who pays."""
    visit = there.visit
    sent = Sent(employer=employer, person=person, months=months, on=str(visit.both("", "").known))
    return _page(visit, there.code, sent)


@post("/{city:str}/resolve", status_code=200, sync_to_thread=True)
def try_fact(visit: Here, city: Said, data: Form) -> Response[str]:
    """Show what the fact would change; record it when that was asked for, exactly as shown."""
    record = data.action == "record"
    code = visit.code(city, Right.RECORD if record else Right.ASK)
    caller = visit.known_caller
    try:
        told = with_id(_told(data, code))
        read = read_fact(told, code)
    except InputRefused as refused:
        return _page(visit, code, data, problem=refused)
    if read.city != code:
        caller.need_city(read.city)
    found = resolve(visit.desk.store, [(1, read)], record=record, recorded_by=caller.name)
    return _page(visit, code, data, found=found, told=json.dumps(told, ensure_ascii=False, indent=2))


def _told(sent: Sent, city: str) -> dict[str, Any]:
    """The fact that the form describes; InputRefused names the field that is wrong."""
    if sent.fact.strip():
        try:
            told = json.loads(sent.fact)
        except ValueError as broken:
            raise InputRefused("not_json", "fact", str(broken)) from None
        if not isinstance(told, dict):
            raise InputRefused("wrong_type", "fact", "a fact is one JSON object")
        return told
    months = sent.months.replace("，", ",").replace(",", " ").split()
    who = {name: value for name, value in (("employer", sent.employer), ("person", sent.person)) if value}
    capacity = {"capacity": "employed"} if sent.employer else {}
    clears = {"clears_arrears": True} if sent.clears else {}
    kind = {"fact": "contribution_paid", "on": sent.on, "city": city}
    return {**kind, **who, **capacity, "months": months, **clears}


def _page(
    visit: Visit,
    code: str,
    sent: Sent,
    found: Resolution | None = None,
    told: str = "",
    problem: InputRefused | None = None,
) -> Response[str]:
    refused: Rejected | InputRefused | None = problem or (
        found.refused[0] if found and found.refused else None
    )
    return visit.page(
        "resolve.html",
        code,
        status=422 if refused else 200,
        sent=sent,
        found=found,
        told=told,
        refused=refused,
        groups=[] if found is None else _groups(found, visit.language),
        articles=[] if found is None else list(found.articles()),
        may_record=visit.known_caller.may(Right.RECORD),
        most=(SUBJECTS, SHOWN),
    )


def _groups(found: Resolution, language: Language) -> list[Group]:
    """Changes by subject; of each its rows as text and what its accounts gain or lose in all."""
    groups = []
    for subject, own in groupby(found.changes, key=lambda change: change.subject):
        changes = list(own)
        gains: dict[str, int] = {}
        for change in changes:
            if change.what == "account" and change.difference:
                fen = int(SignedFen.parse(change.difference.removeprefix("+")))
                gains[change.field] = gains.get(change.field, 0) + fen
        rows = tuple(_row(change, language) for change in changes[:SHOWN])
        groups.append(Group(subject, len(changes), {k: v for k, v in gains.items() if v}, rows))
    return groups


def _row(change: Change, language: Language) -> Row:
    key = change.key.partition("/")[2] or change.key
    values = (_told_of(change.old), _told_of(change.new), change.difference or "")
    return Row(word(change.what, language), key, change.field, *values)


def _told_of(value: Any) -> Any:
    """A value without what only the rules need to remember."""
    return {k: v for k, v in value.items() if k not in UNTOLD} if isinstance(value, dict) else value


HANDLERS = (ask_fact, try_fact)
