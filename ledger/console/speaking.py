"""Both languages of the console: texts by gettext, terms and codes by their own labels, days, months and money.

The catalogue is compiled in memory when it is first asked for, so that an editable install needs no build step.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from io import BytesIO
from typing import Any, Literal

from domain.values.calendar import Month
from domain.values.money import yuan_text
from domain.values.terms import ClaimOutcome, Fund, MovementKind, Scheme, Status
from domain.values.terms.codes import CODE_LABELS
from domain.values.terms.term import Term

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
FIRST: tuple[type[Term], ...] = (Scheme, Status, ClaimOutcome, MovementKind, Fund)
"""What a plain value most likely is."""
TAGS: dict[Language, str] = {"zh": "zh-CN", "en": "en"}
"""What `lang` says in HTML."""


@cache
def translations(language: Language) -> NullTranslations:
    """The catalogue of a language; texts are written in English, so English needs none."""
    if language == "en":
        return NullTranslations()
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    source = files("ledger.console").joinpath("locale", language, "console.po").read_bytes()
    compiled = BytesIO()
    write_mo(compiled, read_po(BytesIO(source), locale=language))
    compiled.seek(0)
    return GNUTranslations(compiled)


@cache
def _field_names() -> dict[str, str]:
    return tomllib.loads(files("ledger.cli").joinpath("labels.toml").read_text("utf-8"))


@cache
def _terms() -> dict[str, str]:
    """Chinese labels by stored value, for values that arrive as plain text; where kinds differ, FIRST counts."""
    found: dict[str, set[str]] = {}
    for kind in Term.__subclasses__():
        for term in kind:
            found.setdefault(term.value, set()).add(term.label)
    unique = {value: next(iter(labels)) for value, labels in found.items() if len(labels) == 1}
    return unique | {term.value: term.label for kind in reversed(FIRST) for term in kind}


class Speaker:
    """Says values in one language."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.catalogue = translations(language)

    def text(self, message: str) -> str:
        """A text of the console."""
        return self.catalogue.gettext(message) if message else ""

    def term(self, value: object) -> str:
        """A term or code of the contract as a reader knows it."""
        if value is None or value == "":
            return ""
        if self.language == "en":
            return str(value).replace("_", " ")
        if isinstance(value, Term):
            return value.label
        return CODE_LABELS.get(str(value)) or _terms().get(str(value)) or str(value)

    def field(self, name: str) -> str:
        """The name of a field of an answer."""
        plain = name.replace("_", " ")
        return plain if self.language == "en" else _field_names().get(name) or self.text(plain)

    def money(self, fen: int | None) -> str:
        """Fen as yuan with two decimals, thousands set apart."""
        return "" if fen is None else grouped(yuan_text(fen))

    def value(self, value: Any, name: str = "") -> str:
        """Any value of an answer in one line. Money must come as text in yuan."""
        if value is None:
            return ""
        if isinstance(value, bool):
            return self.text("yes") if value else self.text("no")
        if isinstance(value, Month):
            return str(value)
        if isinstance(value, Mapping):
            inside = (f"{self._name(str(key))} {self.value(each, str(key))}" for key, each in value.items())
            return "，".join(inside) if self.language == "zh" else ", ".join(inside)
        if isinstance(value, (list, tuple)):
            joined = (self.value(each, name) for each in value)
            return "、".join(joined) if self.language == "zh" else ", ".join(joined)
        return grouped(value) if isinstance(value, str) and _is_money(value) else self.term(value)

    def _name(self, key: str) -> str:
        name = self.field(key)
        return name if name != key.replace("_", " ") else self.term(key)


def grouped(yuan: str) -> str:
    """`-1234567.89` as `-1,234,567.89`, with a true minus sign."""
    sign, digits = ("−", yuan[1:]) if yuan.startswith("-") else ("", yuan)
    whole, _, rest = digits.partition(".")
    return f"{sign}{int(whole):,}.{rest}" if rest else f"{sign}{int(whole):,}"


def _is_money(text: str) -> bool:
    whole, dot, rest = text.lstrip("-").partition(".")
    return bool(dot) and len(rest) == 2 and whole.isdigit() and rest.isdigit() and whole.isascii()
