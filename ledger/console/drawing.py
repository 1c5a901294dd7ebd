"""Pages from templates: one environment for each language, escaped by default, nothing inline."""

from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined

from domain.facts import Fact, Withdrawal
from ledger.console.speaking import TAGS, Language, Speaker, translations
from ledger.console.wording import words
from ledger.reasons import fact_rows

ROOT = "/console"


def url(city: str, page: str = "", /, **params: object) -> str:
    """The address of a page of a city; empty parameters are left out."""
    given = {name: str(value) for name, value in params.items() if value not in (None, "")}
    path = "/".join(part for part in (ROOT, city, page) if part)
    return f"{path}?{urlencode(given)}" if given else path


@cache
def environment(language: Language) -> Environment:
    """The templates in a language."""
    found = Environment(
        loader=PackageLoader("ledger.console", "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
    )
    found.policies["ext.i18n.trimmed"] = True
    found.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]
    speaker = Speaker(language)
    found.filters |= {
        "term": speaker.term,
        "field": speaker.field,
        "money": speaker.money,
        "said": speaker.value,
    }
    found.globals |= {"language": language, "lang": TAGS[language], "url": url, **words(speaker)}
    found.globals |= {"fact_row": fact_row, "fact_kind": fact_kind}
    return found


def drawn(language: Language, template: str, context: Mapping[str, Any]) -> str:
    """A page as HTML."""
    return environment(language).get_template(template).render(**context)


def fact_row(fact: Fact) -> dict[str, Any]:
    """A fact as one row: kind, days, fields."""
    return fact_rows([fact])[0]


def fact_kind(fact: Fact, language: Language) -> str:
    """What kind of fact it is, as a reader knows it."""
    row = fact_row(fact)
    if language == "en":
        return ("withdrawal of " if isinstance(fact, Withdrawal) else "") + str(row["fact"]).replace("_", " ")
    return str(row["fact_label"] or row["fact"])
