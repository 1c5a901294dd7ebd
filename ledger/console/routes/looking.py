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
from ledger.console.visit import Asked, There
from ledger.handle import Ledger

BILLS = 50
"""Claims on one page; earlier ones are found by an earlier day."""


@get("/{city:str}/find", sync_to_thread=True)
def find(there: There, q: Asked = "") -> Response[str] | Redirect:
    """Whoever is meant by an identifier or a name; straight to the page where there is only one."""
    room, shown = there.visit.room, there.visit.shown
    with there.reading() as ledger:
        names = room.names.of(ledger.store, there.code)
        hits = finding.found(ledger.store, there.code, q, names, by_name=shown.all)
    if len(hits) == 1 and q:
        return Redirect(address(there.code, hits[0]), status_code=303)
    return there.page(
        "find.html",
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
def person(there: There, id: Asked) -> Response[str]:
    """Everything about a person for both dates."""
    return there.page_of("person.html", person_page, id, most_bills=BILLS)


@get("/{city:str}/employer", sync_to_thread=True)
def employer(there: There, id: Asked) -> Response[str]:
    """An employer: what it owes, and its people."""
    return there.page_of("employer.html", employer_page, id)


@get("/{city:str}/household", sync_to_thread=True)
def household(there: There, id: Asked) -> Response[str]:
    """A household and its family outpatient account."""
    return there.page_of("household.html", household_page, id)


@get("/{city:str}/claim", sync_to_thread=True)
def claim(there: There, id: Asked) -> Response[str]:
    """A claim: its reason as a page of its own."""
    with there.reading() as ledger:
        submitted = _submitted(ledger, there.code, id)
        both = there.visit.both(submitted.on.isoformat(), there.known)
        found = why(ledger, there.code, "claim", submitted.person, {"claim": id}, both)
    return there.page("why.html", reason=found, both=both, person=submitted.person, alone=True)


def _submitted(ledger: Ledger, city: str, claim: str) -> ClaimSubmitted:
    facts = ledger.store.facts(city, [f"claim:{claim}"])
    found = next((f for f in facts if isinstance(f, ClaimSubmitted) and f.claim == claim), None)
    if found is None:
        raise InputRefused("unknown_reference", "claim", f"no claim `{claim}` is recorded")
    return found


@get("/{city:str}/why", sync_to_thread=True)
def reason(there: There, kind: Asked, person: Asked) -> Response[str]:
    """The reason of one cell; beside the page, or, without script, a page of its own."""
    request = there.visit.request
    about = {name: str(value) for name, value in request.query_params.items()}
    with there.reading() as ledger:
        try:
            found = why(ledger, there.code, kind, person, about, there.both)
        except KeyError as missing:
            raise InputRefused("field_missing", str(missing.args[0]), "say what shall be explained") from None
    alone = "HX-Request" not in request.headers
    return there.page("why.html", reason=found, both=there.both, person=person, alone=alone)


@get("/{city:str}/compare", sync_to_thread=True)
def compare(there: There, id: Asked, known_before: Asked = "") -> Response[str]:
    """A person as known on two days, side by side."""
    with there.reading() as ledger:
        both = there.both
        before = day(known_before, "known_before") if known_before else both.known - timedelta(days=365)
        page = compared(ledger, there.code, id, both.on, before, both.known)
    return there.page("compare.html", page=page, both=both, before=Pair(both.on, before))


HANDLERS = (find, person, employer, household, claim, reason, compare)
