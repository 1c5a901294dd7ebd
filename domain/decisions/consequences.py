"""Record only the difference between what should hold and what is recorded."""

from collections.abc import Iterable, Iterator
from datetime import date

from msgspec.structs import force_setattr, replace

from domain.errors import Unanswerable
from domain.events.consequences import Consequence, Entry, Posting, Problem, Stalled
from domain.events.recorded import AnyConsequenceEvent, Determined, Posted, Withdrawn
from domain.facts import Fact
from domain.rulebook.contract import Municipality
from domain.rulebook.view import View
from domain.state.held import Held

Place = tuple[date, str, str]
"""Where money was posted: effective day, account, use."""


def desired(municipality: Municipality, view: View, subject: str) -> dict[str, Consequence]:
    """What should hold about a subject, by key. A rule that cannot be answered stalls the subject, visibly."""
    try:
        found: dict[str, Consequence] = {}
        for record in municipality.consequences(view, subject):
            if record.key in found:
                raise AssertionError(f"{subject}: two consequences under {record.key}")
            found[record.key] = record
        return found
    except Unanswerable as problem:
        missing = Problem(code=problem.code, name=problem.name, date=problem.on)
        return {Stalled.KEY: Stalled(problem=missing, because=problem.because)}


def difference(
    subject: str, held: Held, should: dict[str, Consequence], cause: str
) -> Iterator[AnyConsequenceEvent]:
    """The events that lead from what is held to what should hold; nothing when both are the same."""
    yield from _added(subject, held, should, cause)
    for key in held.net:
        if key not in should:
            yield from _reversed(subject, held, key, cause)
    for key in held.records:
        wanted = should.get(key)
        if wanted is None or (isinstance(wanted, Entry) and wanted.postings):
            yield Withdrawn(subject=subject, cause=cause, key=key)


def _added(
    subject: str, held: Held, should: dict[str, Consequence], cause: str
) -> Iterator[AnyConsequenceEvent]:
    for key, record in should.items():
        if isinstance(record, Entry):
            yield from _corrected(subject, held, record, cause)
            if record.postings:
                continue
        before = held.records.get(key)
        if before is not record and before != record:
            yield Determined(
                subject=subject,
                cause=cause,
                record=record,  # type: ignore[arg-type]
                replaces=before is not None,
            )


def _corrected(subject: str, held: Held, entry: Entry, cause: str) -> Iterator[Posted]:
    if held.wanted.get(entry.key) == entry:
        return
    posted = held.net.get(entry.key, {})
    if any(fen and place[0] != entry.on for place, fen in posted.items()):
        yield from _reversed(subject, held, entry.key, cause)
        posted = {}
    wanted: dict[Place, int] = {}
    for posting in entry.postings:
        place = (entry.on, posting.account, posting.use)
        wanted[place] = wanted.get(place, 0) + posting.fen
    lines = _lines(wanted, posted)
    if not lines:
        held.wanted[entry.key] = entry
    else:
        yield Posted(
            subject=subject,
            cause=cause,
            key=entry.key,
            on=entry.on,
            postings=lines,
            kind=entry.kind,
            month=entry.month,
            person=entry.person,
            age=entry.age,
            other=entry.other,
            reversed_as=entry.reversed_as,
            because=entry.because,
        )


def _reversed(subject: str, held: Held, key: str, cause: str) -> Iterator[Posted]:
    """Take back all that was posted under a key, on the days on which it was posted."""
    posted, last = held.net[key], held.entries[key]
    for day in sorted({place[0] for place, fen in posted.items() if fen}):
        lines = _lines({}, {place: fen for place, fen in posted.items() if place[0] == day})
        kind = last.reversed_as if last.kind is not None else None
        yield replace(last, subject=subject, cause=cause, on=day, postings=lines, kind=kind)


def _lines(wanted: dict[Place, int], posted: dict[Place, int]) -> tuple[Posting, ...]:
    places = dict.fromkeys([*wanted, *posted])
    changes = ((place, wanted.get(place, 0) - posted.get(place, 0)) for place in places)
    return tuple(Posting(place[1], fen, place[2]) for place, fen in changes if fen)


def changes(municipality: Municipality, view: View, subject: str, cause: str) -> list[AnyConsequenceEvent]:
    """Everything that changes for one subject on a view, as events that name their cause."""
    held = view.held(subject)
    should = desired(municipality, view, subject)
    if Stalled.KEY not in should:
        return _stamped(municipality, difference(subject, held, should, cause))
    # Nothing is taken back while the rules cannot speak: what was recorded stays as it is.
    stands = {**held.records, **should}
    found = difference(subject, held, stands, cause)
    return _stamped(municipality, (event for event in found if not isinstance(event, Posted)))


def _stamped(municipality: Municipality, events: Iterable[AnyConsequenceEvent]) -> list[AnyConsequenceEvent]:
    """New events with the version of the rulebook that decided them; nobody else has seen them yet."""
    made = list(events)
    for event in made:
        force_setattr(event, "rules", municipality.version)
    return made


def additions(
    municipality: Municipality, view: View, fact: Fact, subject: str
) -> list[AnyConsequenceEvent] | None:
    """What a fact only adds for one subject; None when everything about it must be computed."""
    try:
        more = municipality.continued(view, fact, subject)
    except Unanswerable:
        return None  # the whole computation says what is missing, and to whom it matters
    if more is None:
        return None
    held = view.held(subject)
    should = {record.key: record for record in more}
    if any(key in held.records or key in held.net for key in should):
        return None
    return _stamped(municipality, _added(subject, held, should, fact.id))


def scope(municipality: Municipality, view: View, subjects: Iterable[str]) -> list[str]:
    """The subjects and all that must be computed with them, each once, in a stable order."""
    found: dict[str, None] = {}
    waiting = list(subjects)
    while waiting:
        subject = waiting.pop(0)
        if subject not in found:
            found[subject] = None
            waiting.extend(_related(municipality, view, subject))
    return list(found)


def _related(municipality: Municipality, view: View, subject: str) -> list[str]:
    try:
        return list(municipality.related(view, subject))
    except Unanswerable:
        return []  # the subject itself will say what is missing
