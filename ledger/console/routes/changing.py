"""Facts on trial: what a back-payment or any other fact would change, and then recording exactly that."""

import json
from typing import Annotated, Any

from litestar import Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body
from msgspec import Struct

from domain.errors import InputRefused
from domain.facts.reading import read_fact
from ledger.console.visit import Visit
from ledger.imports.json_lines import with_id
from ledger.receipts import Rejected
from ledger.resolve import Resolution, resolve
from ledger.resolve.page import page as report_of
from ledger.rights.caller import Right

SHOWN = 400
"""Changes on one page; the command line and the HTTP interface have them all."""


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
def ask_fact(
    visit: Visit, city: str, employer: str = "", person: str = "", months: str = ""
) -> Response[str]:
    """The empty form, or one that already names who pays."""
    visit.known_caller.need(Right.ASK)
    visit.known_caller.need_city(visit.code(city))
    sent = Sent(employer=employer, person=person, months=months, on=str(visit.both("", "").known))
    return _page(visit, city, sent)


@post("/{city:str}/resolve", status_code=200, sync_to_thread=True)
def try_fact(visit: Visit, city: str, data: Form) -> Response[str]:
    """Show what the fact would change; record it when that was asked for, exactly as shown."""
    caller, code = visit.known_caller, visit.code(city)
    record = data.action == "record"
    caller.need(Right.RECORD if record else Right.ASK)
    caller.need_city(code)
    try:
        told = with_id(_told(data, code))
        read = read_fact(told, code)
    except InputRefused as refused:
        return _page(visit, city, data, problem=refused)
    if read.city != code:
        caller.need_city(read.city)
    found = resolve(visit.desk.store, [(1, read)], record=record, recorded_by=caller.name)
    return _page(visit, city, data, found=found, told=json.dumps(told, ensure_ascii=False, indent=2))


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
    city: str,
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
        visit.code(city),
        status=422 if refused else 200,
        sent=sent,
        found=found,
        told=told,
        refused=refused,
        report=None if found is None else report_of(found, visit.language),
        may_record=visit.known_caller.may(Right.RECORD),
        shown_changes=SHOWN,
    )


HANDLERS = (ask_fact, try_fact)
