"""`yibao diff`: one question at two moments of knowledge, and the facts that made the difference."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from cyclopts import App
from rich.text import Text

from domain.decisions.as_known import AsKnown
from domain.facts import ClaimSubmitted
from domain.questions.kinds import AnyQuestion
from domain.questions.reading import read_question
from domain.values.calendar import Moment
from ledger.cli import OK
from ledger.cli.explain import moment
from ledger.cli.options import Everywhere, opened
from ledger.cli.questions import add_verbs
from ledger.cli.screen import console, print_json
from ledger.differing import different

if TYPE_CHECKING:
    from ledger.handle import Ledger

SUBJECTS = ("person", "employer", "household", "provider")

app = App(
    name="diff",
    help_format="plaintext",
    help="""The same question at two moments of knowledge: what changed, and which fact caused it.

Example: yibao diff claim --claim c1 --known-before 2024-03-31 --known 2024-06-30
""",
)


def diff(asked: dict[str, Any], everywhere: Everywhere) -> int:
    """Ask at both moments and at every moment between at which something was learned."""
    before = moment(str(asked.pop("known_before")))
    with opened(everywhere) as ledger:
        city = everywhere.one_city(ledger)
        question: AnyQuestion = read_question(asked)  # type: ignore[assignment]
        at = ledger.as_known(city, question.known, source="replay")
        learned = _learned(at, asked, before)
        steps = list(_steps(ledger, city, asked, before, learned))
        old = ledger.ask({**asked, "known": str(before)}, city=city)
        new = ledger.ask(asked, city=city)
    told = {
        "ask": asked["ask"],
        "known_before": str(before),
        "known": asked["known"],
        "before": old,
        "after": new,
        "changes": _different(old, new),
        "steps": steps,
    }
    if everywhere.json:
        print_json(told)
    else:
        _print(told)
    return OK


def _steps(
    ledger: "Ledger", city: str, asked: dict[str, Any], before: Moment, learned: dict[Moment, list[str]]
) -> Iterator[dict[str, Any]]:
    """Each moment at which the answer changed, with the facts learned then."""
    last = ledger.ask({**asked, "known": str(before)}, city=city)
    for at, facts in sorted(learned.items()):
        now = ledger.ask({**asked, "known": str(at)}, city=city)
        changes = _different(last, now)
        if changes:
            yield {"known": str(at), "because_of": facts, "changes": changes}
        last = now


def _different(before: dict[str, Any], after: dict[str, Any]) -> list[dict[str, Any]]:
    """Differences of two answers; whether a run of time is outstanding is not one."""
    return [change for change in different(before, after) if change["path"] != "pending"]


def _learned(known: AsKnown, asked: dict[str, Any], before: Moment) -> dict[Moment, list[str]]:
    """When something about the subject of a question was recorded, and the facts behind it.

    A consequence names the fact that caused it; facts without one count where no other was recorded then.
    """
    told: dict[Moment, dict[str, None]] = {}
    caused: dict[Moment, dict[str, None]] = {}
    for subject in _subjects(known, asked):
        for event, recorded in known.book.events_of(subject):
            if before < recorded <= known.moment and event.cause != "time":
                caused.setdefault(recorded, {})[event.cause] = None
        for fact in known.facts(subject):
            if before < fact.recorded <= known.moment:
                told.setdefault(fact.recorded, {})[fact.id] = None
    for fact in known.facts("kind:parameter_announced"):
        if before < fact.recorded <= known.moment:
            told.setdefault(fact.recorded, {}).setdefault(fact.id)
    return {at: list(caused.get(at) or told[at]) for at in {*told, *caused}}


def _subjects(known: AsKnown, asked: dict[str, Any]) -> list[str]:
    """The subjects a question is about, and the one whose claim or fact it names."""
    found = {f"{kind}:{asked[kind]}": None for kind in SUBJECTS if kind in asked}
    if "claim" in asked:
        found[f"claim:{asked['claim']}"] = None
        submitted = (f for f in known.facts(f"claim:{asked['claim']}") if isinstance(f, ClaimSubmitted))
        found.update({f"person:{fact.person}": None for fact in submitted})
    if "fund" in asked:
        found["fund:city"] = None
    return list(found)


def _print(told: dict[str, Any]) -> None:
    out = console()
    out.print(Text(f"{told['ask']}: known {told['known_before']} -> {told['known']}"))
    if not told["changes"]:
        out.print("no difference 无差异")
    for change in told["changes"]:
        before, after = (_brief(change[side]) for side in ("before", "after"))
        out.print(Text(f"  {change['path'].removeprefix('answer.')}: {before} -> {after}"))
    for step in told["steps"]:
        facts = ", ".join(step["because_of"]) or "the passing of time 时间推移"
        paths = ", ".join(change["path"].removeprefix("answer.") for change in step["changes"])
        out.print(Text(f"because of 起因 {facts} (learned {step['known']}): {paths}"))


def _brief(value: Any) -> str:
    if isinstance(value, list) and any(isinstance(each, dict) for each in value):
        return f"{len(value)} lines"
    return ", ".join(map(str, value)) if isinstance(value, list) else "-" if value is None else str(value)


add_verbs(app, diff, earlier=True)
