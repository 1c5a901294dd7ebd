"""Looking: find, a person, an employer, a household, a claim, the reason of a cell, two known days side by side."""

from datetime import timedelta

from litestar import Response, get
from litestar.response import Redirect

from domain.errors import InputRefused
from domain.facts import ClaimSubmitted
from ledger.console.dates import Pair, day
from ledger.console.drawing import url
from ledger.console.reading import finding
from ledger.console.reading.comparing import compared
from ledger.console.reading.groups import employer_page, household_page
from ledger.console.reading.person import person_page
from ledger.console.reading.why import why
from ledger.console.visit import Asked, Here, Said
from ledger.handle import Ledger

BILLS = 50
"""Claims on one page; earlier ones are found by an earlier day."""


@get("/{city:str}/find", sync_to_thread=True)
def find(visit: Here, city: Said, q: Asked = "") -> Response[str] | Redirect:
    """Whoever is meant by an identifier or a name; straight to the page where there is only one."""
    with visit.reading(city) as ledger:
        code = visit.code(city)
        names = visit.room.names.of(ledger.store, code)
        hits = finding.found(ledger.store, code, q, names, by_name=visit.shown.all)
    if len(hits) == 1 and q:
        return Redirect(address(code, hits[0]), status_code=303)
    return visit.page(
        "find.html",
        code,
        q=q,
        hits=hits,
        kinds=finding.KINDS,
        most=finding.SHOWN,
        address=address,
        by_name=names is not None,
    )


def address(city: str, hit: finding.Hit) -> str:
    """The page of what was found."""
    page = "facts" if hit.kind == "provider" else hit.kind
    given = {"of": f"provider:{hit.identifier}"} if hit.kind == "provider" else {"id": hit.identifier}
    return url(city, page, **given)


@get("/{city:str}/person", sync_to_thread=True)
def person(
    visit: Here,
    city: Said,
    id: Asked,
    on: Asked = "",
    known: Asked = "",
) -> Response[str]:
    """Everything about a person for both dates."""
    with visit.reading(city) as ledger:
        both = visit.both(on, known)
        page = person_page(ledger, visit.code(city), id, both)
    return visit.page("person.html", visit.code(city), page=page, both=both, most_bills=BILLS)


@get("/{city:str}/employer", sync_to_thread=True)
def employer(
    visit: Here,
    city: Said,
    id: Asked,
    on: Asked = "",
    known: Asked = "",
) -> Response[str]:
    """An employer: what it owes, and its people."""
    with visit.reading(city) as ledger:
        both = visit.both(on, known)
        page = employer_page(ledger, visit.code(city), id, both)
    return visit.page("employer.html", visit.code(city), page=page, both=both)


@get("/{city:str}/household", sync_to_thread=True)
def household(
    visit: Here,
    city: Said,
    id: Asked,
    on: Asked = "",
    known: Asked = "",
) -> Response[str]:
    """A household and its family outpatient account."""
    with visit.reading(city) as ledger:
        both = visit.both(on, known)
        page = household_page(ledger, visit.code(city), id, both)
    return visit.page("household.html", visit.code(city), page=page, both=both)


@get("/{city:str}/claim", sync_to_thread=True)
def claim(
    visit: Here,
    city: Said,
    id: Asked,
    known: Asked = "",
) -> Response[str]:
    """A claim: its reason as a page of its own."""
    with visit.reading(city) as ledger:
        code = visit.code(city)
        submitted = _submitted(ledger, code, id)
        both = visit.both(submitted.on.isoformat(), known)
        found = why(ledger, code, "claim", submitted.person, {"claim": id}, both)
    return visit.page("why.html", code, reason=found, both=both, person=submitted.person, alone=True)


def _submitted(ledger: Ledger, city: str, claim: str) -> ClaimSubmitted:
    facts = ledger.store.facts(city, [f"claim:{claim}"])
    found = next((f for f in facts if isinstance(f, ClaimSubmitted) and f.claim == claim), None)
    if found is None:
        raise InputRefused("unknown_reference", "claim", f"no claim `{claim}` is recorded")
    return found


@get("/{city:str}/why", sync_to_thread=True)
def reason(
    visit: Here,
    city: Said,
    kind: Asked,
    person: Asked,
    on: Asked = "",
    known: Asked = "",
) -> Response[str]:
    """The reason of one cell; beside the page, or, without script, a page of its own."""
    about = {name: str(value) for name, value in visit.request.query_params.items()}
    with visit.reading(city) as ledger:
        both = visit.both(on, known)
        try:
            found = why(ledger, visit.code(city), kind, person, about, both)
        except KeyError as missing:
            raise InputRefused("field_missing", str(missing.args[0]), "say what shall be explained") from None
    alone = "HX-Request" not in visit.request.headers
    return visit.page("why.html", visit.code(city), reason=found, both=both, person=person, alone=alone)


@get("/{city:str}/compare", sync_to_thread=True)
def compare(
    visit: Here,
    city: Said,
    id: Asked,
    on: Asked = "",
    known_before: Asked = "",
    known: Asked = "",
) -> Response[str]:
    """A person as known on two days, side by side."""
    with visit.reading(city) as ledger:
        both = visit.both(on, known)
        before = day(known_before, "known_before") if known_before else both.known - timedelta(days=365)
        page = compared(ledger, visit.code(city), id, both.on, before, both.known)
    return visit.page("compare.html", visit.code(city), page=page, both=both, before=Pair(both.on, before))


HANDLERS = (find, person, employer, household, claim, reason, compare)
