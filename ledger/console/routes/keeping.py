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
from ledger.console.visit import Asked, There
from ledger.reasons import known_facts
from ledger.statements import statement as statement_of
from ledger.streams.subscriptions import listed

FACTS = 300
"""Facts of one subject on a page."""


@get("/{city:str}", sync_to_thread=True)
def overview(there: There) -> Response[str]:
    """Funds, arrears, discrepancies, streams."""
    with there.reading() as ledger:
        found = funds(ledger, there.code, there.both)
        streams = listed(ledger)
    run = there.visit.room.audits.of(there.code)
    return there.page("overview.html", both=there.both, funds=found, streams=streams, run=run)


@get("/{city:str}/arrears", sync_to_thread=True)
def owing(there: There) -> Response[str]:
    """Employers that owe: part of the overview, read after it because it asks each of them."""
    with there.reading() as ledger:
        found = arrears(ledger, there.code, there.both)
        names = {
            each.employer: name_of(ledger.store, there.code, f"employer:{each.employer}")
            for each in found.debtors
        }
    alone = "HX-Request" not in there.visit.request.headers
    return there.page("arrears.html", both=there.both, found=found, names=names, alone=alone)


@get("/{city:str}/audit", sync_to_thread=True)
def audited(there: There) -> Response[str]:
    """How the last audit stands: a report to print once it is done."""
    return there.page("audit.html", run=there.visit.room.audits.of(there.code))


@post("/{city:str}/audit", status_code=303, sync_to_thread=True)
def start_audit(there: There) -> Redirect:
    """Compute everything of a city again, beside the pages."""
    there.visit.room.audits.start(there.visit.desk.store, there.code)
    return Redirect(url(there.code, "audit"), status_code=303)


@get("/{city:str}/fact", sync_to_thread=True)
def fact(there: There, id: Asked) -> Response[str]:
    """One fact as it was told: where it stands in the log, and what became of it."""
    with there.reading() as ledger:
        both = there.visit.both("", there.known)
        row = ledger.store.fact(there.code, id)
        if row is None:
            raise InputRefused("unknown_reference", "id", f"no fact `{id}` is recorded")
        asked = {"ask": "acceptance", "id": id, "known": str(both.known)}
        outcome = ledger.ask(asked, city=there.code)
    return there.page("fact.html", row=row, fact=row.event, outcome=outcome, both=both)


@get("/{city:str}/facts", sync_to_thread=True)
def facts(there: There, of: Asked) -> Response[str]:
    """Every fact about a subject, the last learned first."""
    with there.reading() as ledger:
        both = there.visit.both("", there.known)
        at = ledger.as_known(there.code, both.moment)
        found = known_facts(at, [of])
    return there.page("facts.html", of=of, both=both, facts=found[::-1][:FACTS], count=len(found))


@get("/{city:str}/statement", sync_to_thread=True)
def statement(there: There, id: Asked) -> Response[str]:
    """A statement of a person's year, to print."""
    with there.reading() as ledger:
        both = there.both
        told = statement_of(ledger, there.code, id, both.on, str(both.known))
        name = named(ledger.as_known(there.code, both.moment), id)
    return there.page("statement.html", told=there.visit.shown.value(told), name=name, both=both)


@get("/{city:str}/proof", sync_to_thread=True)
def proof(there: There) -> Response[bytes]:
    """The proof of an answer as a file; the question is in the address, as `yibao ask` takes it."""
    asked = {name: str(value) for name, value in there.visit.request.query_params.items()}
    read_question(asked)
    with there.reading() as ledger:
        content = proving.proof(ledger, there.visit, asked, there.code)
    name = "-".join(asked[part] for part in ("ask", "claim", "person", "known") if part in asked)
    plain = "".join(
        letter if letter.isascii() and (letter.isalnum() or letter in "-_") else "_" for letter in name
    )
    headers = {"Content-Disposition": f'attachment; filename="{plain}.proof.json"'}
    return Response(content, media_type="application/json", headers=headers)


HANDLERS = (overview, owing, audited, start_audit, fact, facts, statement, proof)
