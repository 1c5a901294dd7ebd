"""A city at a glance, its audit, facts as they were told, statements to print, and proofs to take away."""

from litestar import Response, get, post
from litestar.response import Redirect

from domain.errors import InputRefused
from domain.questions.reading import read_question
from ledger.console import proving
from ledger.console.drawing import url
from ledger.console.reading.finding import name_of
from ledger.console.reading.overview import arrears, funds
from ledger.console.reading.person import named
from ledger.console.visit import Asked, Here, Said
from ledger.reasons import known_facts
from ledger.rights.caller import Right
from ledger.statements import statement as statement_of
from ledger.streams.subscriptions import listed

FACTS = 300
"""Facts of one subject on a page."""


@get("/{city:str}", sync_to_thread=True)
def overview(visit: Here, city: Said, on: Asked = "", known: Asked = "") -> Response[str]:
    """Funds, arrears, discrepancies, streams."""
    with visit.reading(city) as ledger:
        both = visit.both(on, known)
        code = visit.code(city)
        found = funds(ledger, code, both)
        streams = listed(ledger)
    run = visit.room.audits.of(code)
    return visit.page("overview.html", code, both=both, funds=found, streams=streams, run=run)


@get("/{city:str}/arrears", sync_to_thread=True)
def owing(visit: Here, city: Said, on: Asked = "", known: Asked = "") -> Response[str]:
    """Employers that owe: part of the overview, read after it because it asks each of them."""
    with visit.reading(city) as ledger:
        both = visit.both(on, known)
        code = visit.code(city)
        found = arrears(ledger, code, both)
        names = {
            each.employer: name_of(ledger.store, code, f"employer:{each.employer}") for each in found.debtors
        }
    alone = "HX-Request" not in visit.request.headers
    return visit.page("arrears.html", code, both=both, found=found, names=names, alone=alone)


@get("/{city:str}/audit", sync_to_thread=True)
def audited(visit: Here, city: Said) -> Response[str]:
    """How the last audit stands: a report to print once it is done."""
    visit.known_caller.need(Right.ASK)
    visit.known_caller.need_city(visit.code(city))
    return visit.page("audit.html", visit.code(city), run=visit.room.audits.of(visit.code(city)))


@post("/{city:str}/audit", status_code=303, sync_to_thread=True)
def start_audit(visit: Here, city: Said) -> Redirect:
    """Compute everything of a city again, beside the pages."""
    visit.known_caller.need(Right.ASK)
    visit.known_caller.need_city(visit.code(city))
    visit.room.audits.start(visit.desk.store, visit.code(city))
    return Redirect(url(visit.code(city), "audit"), status_code=303)


@get("/{city:str}/fact", sync_to_thread=True)
def fact(
    visit: Here,
    city: Said,
    id: Asked,
    known: Asked = "",
) -> Response[str]:
    """One fact as it was told: where it stands in the log, and what became of it."""
    with visit.reading(city) as ledger:
        code = visit.code(city)
        both = visit.both("", known)
        row = ledger.store.fact(code, id)
        if row is None:
            raise InputRefused("unknown_reference", "id", f"no fact `{id}` is recorded")
        outcome = ledger.ask({"ask": "acceptance", "id": id, "known": str(both.known)}, city=code)
    return visit.page("fact.html", code, row=row, fact=row.event, outcome=outcome, both=both)


@get("/{city:str}/facts", sync_to_thread=True)
def facts(visit: Here, city: Said, of: Asked, known: Asked = "") -> Response[str]:
    """Every fact about a subject, the last learned first."""
    with visit.reading(city) as ledger:
        both = visit.both("", known)
        at = ledger.as_known(visit.code(city), both.moment)
        found = known_facts(at, [of])
    return visit.page(
        "facts.html", visit.code(city), of=of, both=both, facts=found[::-1][:FACTS], count=len(found)
    )


@get("/{city:str}/statement", sync_to_thread=True)
def statement(
    visit: Here,
    city: Said,
    id: Asked,
    on: Asked = "",
    known: Asked = "",
) -> Response[str]:
    """A statement of a person's year, to print."""
    with visit.reading(city) as ledger:
        both = visit.both(on, known)
        told = statement_of(ledger, visit.code(city), id, both.on, str(both.known))
        name = named(ledger.as_known(visit.code(city), both.moment), id)
    return visit.page("statement.html", visit.code(city), told=visit.shown.value(told), name=name, both=both)


@get("/{city:str}/proof", sync_to_thread=True)
def proof(visit: Here, city: Said) -> Response[bytes]:
    """The proof of an answer as a file; the question is in the address, as `yibao ask` takes it."""
    asked = {name: str(value) for name, value in visit.request.query_params.items()}
    read_question(asked)
    with visit.reading(city) as ledger:
        content = proving.proof(ledger, visit, asked, visit.code(city))
    name = "-".join(asked[part] for part in ("ask", "claim", "person", "known") if part in asked)
    plain = "".join(
        letter if letter.isascii() and (letter.isalnum() or letter in "-_") else "_" for letter in name
    )
    headers = {"Content-Disposition": f'attachment; filename="{plain}.proof.json"'}
    return Response(content, media_type="application/json", headers=headers)


HANDLERS = (overview, owing, audited, start_audit, fact, facts, statement, proof)
