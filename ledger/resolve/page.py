"""A resolution as a report to print, in one language."""

import json
from typing import Any

from domain.municipalities import municipality
from domain.rulebook.citation import CITATIONS
from domain.values.money import yuan_text
from domain.values.terms.codes import CODE_LABELS
from ledger.reports import Language, Report, Section, word
from ledger.resolve.changed import Change
from ledger.resolve.trial import Resolution

COLUMNS = ("subject", "what", "key", "field", "old", "new", "difference", "rule", "cause")


def page(found: Resolution, language: Language) -> Report:
    """Everything that changes, who owes whom, and the articles it rests on."""
    cities = dict.fromkeys(fact.city for fact in found.facts)
    towns = [municipality(code) for code in cities]
    names = ", ".join(f"{town.label if language == 'zh' else town.name} {town.code}" for town in towns)
    state = "recorded" if found.recorded else "previewed"
    about = f"{names}  ·  {word('known', language)} {found.known}  ·  {word(state, language)}"
    return Report(
        title=word("resolution", language),
        lines=(about, ", ".join(fact.id for fact in found.facts)),
        sections=tuple(section for section in _sections(found, language) if section.rows),
    )


def _sections(found: Resolution, language: Language) -> tuple[Section, ...]:
    def head(*names: str) -> tuple[str, ...]:
        return tuple(word(name, language) for name in names)

    return (
        Section(
            title=word("debts", language),
            columns=head("payer", "payee", "amount", "why"),
            rows=tuple(
                (d.payer, d.payee, yuan_text(d.fen), word("of_time" if d.of_time else "of_facts", language))
                for d in found.debts
            ),
            numbers=(2,),
        ),
        Section(
            title=word("changes", language),
            columns=head(*COLUMNS),
            rows=tuple(cells(change, language) for change in found.changes),
            numbers=(6,),
        ),
        Section(
            title=word("refused", language),
            columns=head("line", "code", "field", "message"),
            rows=tuple((str(r.line), r.code, r.field, r.message) for r in found.refused),
        ),
        Section(
            title=word("rules", language),
            columns=head("rule", "article", "says"),
            rows=tuple((r["rule"], r.get("article", ""), r.get("says", "")) for r in found.articles()),
        ),
    )


def cells(change: Change, language: Language | None = None) -> tuple[str, ...]:
    """One change as text, in the order of COLUMNS."""
    rules = (f"{rule} {CITATIONS[rule].article}" if rule in CITATIONS else rule for rule in change.rules)
    return (
        change.subject,
        word(change.what, language or "en"),
        change.key.partition("/")[2] or change.key,
        change.field,
        plain(change.old, language),
        plain(change.new, language),
        change.difference or "",
        "; ".join(rules),
        ", ".join(change.cause),
    )


def plain(value: Any, language: Language | None = None) -> str:
    """A value in one line; codes with their Chinese label unless the page is English."""
    if value is None:
        return ""
    if isinstance(value, dict):
        return ", ".join(
            f"{name} {plain(each, language)}" for name, each in value.items() if each is not None
        )
    if isinstance(value, (list, tuple)):
        if all(not isinstance(each, (dict, list)) for each in value):
            return ", ".join(plain(each, language) for each in value)
        return json.dumps(value, ensure_ascii=False)
    text = str(value)
    label = CODE_LABELS.get(text) or getattr(value, "label", None)
    return f"{text} {label}" if label and language != "en" else text
