"""What templates may call beside the words of a language: names of things, and addresses that belong to them."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from domain.facts import Fact
from domain.facts.references import references
from domain.municipalities import municipality
from domain.values.calendar import Month
from ledger.console.dates import Pair
from ledger.console.reading.bands import Strip
from ledger.console.reading.comparing import Comparison
from ledger.console.reading.why import Reason
from ledger.console.speaking import Speaker
from ledger.reports import word

STRIPS = 14
"""States of knowledge drawn at once."""


def words(speaker: Speaker) -> dict[str, Callable[..., Any]]:
    """The functions of one language, by the name under which templates call them."""

    def town_name(city: str) -> str:
        town = municipality(city)
        return town.label if speaker.language == "zh" else town.name

    def step_name(step: str) -> str:
        name, _, year = step.rpartition("_")
        return f"{speaker.field(name)} {year}" if year.isdigit() else speaker.field(step)

    def field_path(path: str) -> str:
        return " · ".join(_part(part) for part in path.split("."))

    def _part(part: str) -> str:
        kind, _, rest = part.partition("/")
        return (
            " ".join(map(speaker.term, rest.split("/"))) if kind == "year" and rest else speaker.field(part)
        )

    def account_name(account: str) -> str:
        kind, _, of = account.partition(":")
        name = speaker.field(kind) if speaker.language == "en" else speaker.text(f"account of {kind}")
        return f"{name} {speaker.term(of) if kind in ('fund', 'insurer', 'treasury', 'area') else of}"

    def report_word(name: str) -> str:
        return word(name, speaker.language)

    def question_name(ask: str) -> str:
        return speaker.text(ask.replace("_", " "))

    def subject_name(subject: str) -> str:
        kind, _, of = subject.partition(":")
        return f"{speaker.text(kind)} {of}"

    named = (town_name, account_name, subject_name, step_name, field_path, report_word, question_name)
    plain = (shown_strips, month_ranges, two_stops, proof_of, subjects_of)
    return {each.__name__: each for each in (*named, *plain)}


def shown_strips(strips: Sequence[Strip], known: Any) -> Sequence[Strip]:
    """The states of knowledge around a day, the last below."""
    if len(strips) <= STRIPS:
        return strips
    now = max((n for n, strip in enumerate(strips) if strip.since <= known), default=0)
    first = min(max(now - STRIPS // 2, 0), len(strips) - STRIPS)
    return strips[first : first + STRIPS]


def month_ranges(months: Iterable[object]) -> str:
    """Months as the contract writes them: single ones and inclusive ranges."""
    numbers = sorted(int(Month.parse(str(month))) for month in months)
    found: list[list[int]] = []
    for number in numbers:
        if found and found[-1][1] + 1 == number:
            found[-1][1] = number
        else:
            found.append([number, number])
    return ", ".join(str(Month(a)) if a == b else f"{Month(a)}/{Month(b)}" for a, b in found)


def two_stops(page: Comparison) -> list[Any]:
    """Where both sliders of knowledge stop."""
    return sorted({*page.before.known_stops, *page.after.known_stops})


def proof_of(reason: Reason, both: Pair) -> dict[str, Any]:
    """The question whose proof belongs to a cell; empty where the contract has none for it."""
    about, known = reason.about, both.known
    match reason.kind:
        case "status":
            told = {"ask": "benefit_status", "person": about["person"], "scheme": about["scheme"]}
            return {**told, "on": about["on"], "known": known}
        case "claim":
            return {"ask": "claim", "claim": about["claim"], "known": known}
        case "month" | "block":
            told = {"ask": "contribution_months", "person": about["person"]}
            return {**told, "scheme": str(about["key"]).split("/")[1], "on": both.on, "known": known}
        case "entry":
            return {"ask": "personal_account", "person": about["person"], "on": both.on, "known": known}
    return {}


def subjects_of(fact: Fact) -> tuple[str, ...]:
    """Whom a fact speaks of."""
    return references(fact)
