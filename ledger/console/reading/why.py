"""Why a cell says what it says: steps, rules with articles, the fact that decided it, facts behind, money moved."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from msgspec import Struct

from domain.decisions.as_known import AsKnown
from domain.errors import InputRefused
from domain.events.consequences import BenefitPeriod, Consequence, CountedMonths, Settlement, YearTotal
from domain.facts import ClaimSubmitted, Fact
from domain.questions.answers import Answer
from domain.questions.answers.claims import Step
from domain.questions.writing import answer_json
from domain.state.held import Held, Line, Version
from domain.values.calendar import FAR_FUTURE
from domain.values.terms import Scheme
from ledger.console.dates import FIRST, Pair
from ledger.console.reading.bands import strips
from ledger.handle import Ledger
from ledger.reasons import Rows, articles, known_facts, load_articles, posting_rows

SHOWN = 12
"""Facts behind an answer that are shown at once; the others are folded away."""
TIME = "time"
LEFT_OUT = ("because", "steps", "segments", "scheme", "person", "counters", "entered_on", "prevails", "is")


class Known(Struct, frozen=True):
    """What the same cell said from some day of knowledge on."""

    since: date
    status: object
    reason: object
    causes: tuple[str, ...]


class Reason(Struct, frozen=True, kw_only=True):
    """Everything behind one cell."""

    kind: str
    """`status`, `month`, `block`, `entry`, `claim` or `year`: which words stand above it."""
    about: dict[str, Any]
    """What is asked, for the title and the proof."""
    result: dict[str, Any] = {}
    steps: tuple[Step, ...] = ()
    rules: Rows = []
    decided_by: Fact | None = None
    by_time: bool = False
    facts: tuple[Fact, ...] = ()
    history: tuple[Known, ...] = ()
    versions: tuple[Version, ...] = ()
    postings: Rows = []


def why(ledger: Ledger, city: str, kind: str, person: str, about: dict[str, str], both: Pair) -> Reason:
    """The reason of one cell of a person's page; InputRefused when there is no such cell."""
    load_articles(city)
    at = ledger.as_known(city, both.moment)
    held = at.current(f"person:{person}")
    match kind:
        case "status":
            return _status(ledger, city, at, held, person, about, both)
        case "claim":
            return _claim(at, held, person, about["claim"])
        case "entry":
            return _entry(at, held, person, about["key"])
        case "month" | "block" | "year":
            return _record(at, held, person, kind, about["key"])
    raise InputRefused("value_not_allowed", "kind", f"nothing can be explained by `{kind}`")


def _decided(at: AsKnown, held: Held, key: str) -> dict[str, Any]:
    cause = held.causes.get(key, TIME)
    return {"decided_by": at.fact(cause), "by_time": cause == TIME}


def _status(
    ledger: Ledger, city: str, at: AsKnown, held: Held, person: str, about: dict[str, str], both: Pair
) -> Reason:
    scheme = about["scheme"]
    there = (p for p in held.of(BenefitPeriod) if p.scheme == scheme and _inside(p, both.on))
    period = next(there, None)
    rows = ledger.store.stream(city, f"person:{person}")
    history = [
        Known(strip.since, band.status if band else "none", band.reason if band else None, strip.causes)
        for strip in strips(rows, period.scheme if period else _scheme(scheme))
        for band in (strip.on(both.on),)
    ]
    told = {"person": person, "scheme": scheme, "on": both.on}
    if period is None:
        return Reason(kind="status", about=told, result={"status": "none"}, history=_changes(history))
    keys = [f"person:{person}", *([f"employer:{period.employer}"] if period.employer else [])]
    facts = [f for f in known_facts(at, keys) if not isinstance(f, ClaimSubmitted)]
    return Reason(
        kind="status",
        about=told,
        result=_result(period),
        rules=articles(period.because),
        facts=_nearest(facts, both.on),
        history=_changes(history),
        **_decided(at, held, period.key),
    )


def _scheme(text: str) -> Scheme:
    found = next((scheme for scheme in Scheme if scheme == text), None)
    if found is None:
        raise InputRefused("value_not_allowed", "scheme", f"there is no scheme `{text}`")
    return found


def _inside(period: BenefitPeriod, on: date) -> bool:
    return period.from_ <= on < (period.to or FAR_FUTURE)


def _changes(history: Sequence[Known]) -> tuple[Known, ...]:
    """Only those that say something else than the one before."""
    kept: list[Known] = []
    for each in history:
        if not kept or (kept[-1].status, kept[-1].reason) != (each.status, each.reason):
            kept.append(each)
    return tuple(kept)


def _nearest(facts: Iterable[Fact], on: date) -> tuple[Fact, ...]:
    """Facts in order of their distance from the day that is asked about."""
    return tuple(sorted(facts, key=lambda fact: (fact.on > on, abs((fact.on - on).days))))


def _claim(at: AsKnown, held: Held, person: str, claim: str) -> Reason:
    facts = known_facts(at, [f"claim:{claim}"])
    submitted = next((f for f in facts if isinstance(f, ClaimSubmitted) and f.claim == claim), None)
    if submitted is None:
        raise InputRefused("unknown_reference", "claim", f"no claim `{claim}` is known")
    periods = [period for period in held.of(BenefitPeriod) if _inside(period, submitted.on)]
    told = [*(p for p in periods if p.status != "none"), *periods]
    scheme = {"scheme": str(told[0].scheme)} if told else {}
    paying = [f"employer:{period.employer}" for period in periods if period.employer]
    keys = [f"person:{person}", f"provider:{submitted.provider}", *paying]
    standing = [
        f for f in known_facts(at, keys) if not isinstance(f, ClaimSubmitted) and f.on <= submitted.on
    ]
    settlement = held.settlement(claim)
    answer = None if settlement is None else settlement.answer
    entries = (f"entry/claim/{claim}", f"entry/claim:{claim}")
    moved = [line for line in held.journal if line.event.key in entries or _names(line, claim)]
    return Reason(
        kind="claim",
        about={"person": person, "claim": claim, "on": submitted.on, **scheme},
        result=_result(settlement),
        steps=() if answer is None else answer.steps,
        rules=articles(() if settlement is None else settlement.because),
        facts=(*facts, *_nearest((f for f in standing if f not in facts), submitted.on)),
        versions=tuple(held.settlements.get(claim, ())),
        postings=posting_rows(moved),
        **_decided(at, held, f"claim/{claim}"),
    )


def _names(line: Line, claim: str) -> bool:
    return claim in line.event.key.replace(":", "/").split("/")


def _entry(at: AsKnown, held: Held, person: str, key: str) -> Reason:
    lines = [line for line in held.journal if line.event.key == key]
    if not lines:
        raise InputRefused("unknown_reference", "key", f"no entry `{key}` of {person} is known")
    causes = dict.fromkeys(line.event.cause for line in lines)
    facts = [fact for cause in causes if (fact := at.fact(cause)) is not None]
    last = lines[-1].event
    return Reason(
        kind="entry",
        about={"person": person, "key": key, "on": last.on},
        result={"kind": last.kind, "month": last.month, "on": last.on},
        rules=articles(rule for line in lines for rule in line.event.because),
        decided_by=at.fact(last.cause),
        by_time=last.cause == TIME,
        facts=tuple(facts),
        postings=posting_rows(lines),
    )


def _record(at: AsKnown, held: Held, person: str, kind: str, key: str) -> Reason:
    record = held.records.get(key)
    if not isinstance(record, (CountedMonths, YearTotal)):
        raise InputRefused("unknown_reference", "key", f"nothing is held of {person} under `{key}`")
    return Reason(
        kind=kind,
        about={"person": person, "key": key},
        result=_result(record),
        rules=articles(record.because),
        **_decided(at, held, key),
    )


def _result(record: Consequence | None) -> dict[str, Any]:
    """The fields of a record or of its answer that say something, money as yuan."""
    if record is None:
        return {}
    answer: Answer | Consequence = record
    if isinstance(record, (Settlement, YearTotal)):
        problem = record.problem
        if record.answer is None:
            return {"error": problem.code, "name": problem.name} if problem else {}
        answer = record.answer
    written = answer_json(answer)
    early = FIRST.isoformat()
    return {
        name: value
        for name, value in written.items()
        if name not in LEFT_OUT and value not in (None, "", [], {}, "0.00", 0) and not _early(value, early)
    }


def _early(value: object, first: str) -> bool:
    return isinstance(value, date) and value.isoformat() < first
