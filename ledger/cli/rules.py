"""`yibao rules` and `yibao cities`: what is in the house."""

from typing import Annotated, Any

from cyclopts import Parameter

from domain.errors import InputRefused
from ledger.cli import OK
from ledger.cli.options import EVERYWHERE, Everywhere
from ledger.cli.reasons import Rows, load_articles, table
from ledger.cli.screen import console, print_json


def rules(
    *wanted: str,
    without_effect: Annotated[bool, Parameter(negative="")] = False,
    everywhere: Everywhere = EVERYWHERE,
) -> int:
    """The rules of a city, each with its article and what it says in one sentence.

    Examples: `yibao rules --city CODE`; `yibao rules LZ-30a LZ-30b --city CODE`.

    Parameters
    ----------
    wanted
        Rule IDs, or their beginnings; all when none is given.
    without_effect
        Also the rules that move nothing in the ledger, and why.
    """
    rows = _rules(_municipality(everywhere), without_effect=without_effect)
    if wanted:
        rows = [row for row in rows if row["rule"].startswith(wanted)]
        if not rows:
            raise InputRefused("unknown_reference", "rule", f"no rule begins with {' or '.join(wanted)}")
    if everywhere.json:
        print_json(rows)
    else:
        console().print(table("rules 条文", rows, ("rule", "article", "says")))
    return OK


def _municipality(everywhere: Everywhere) -> Any:
    from domain.municipalities import folders, municipality

    code = everywhere.city_code()
    if not code:
        known = ", ".join(f"{each} {name}" for each, name in sorted(folders().items()))
        raise InputRefused("field_missing", "city", f"say which city with --city; known: {known}")
    town = municipality(code)
    load_articles(town.code)
    return town


def _rules(town: Any, *, without_effect: bool) -> Rows:
    from domain.rulebook.citation import CITATIONS

    own = (cited for rule, cited in CITATIONS.items() if rule.startswith(f"{town.prefix}-"))
    rows = [{"rule": cited.rule, "article": cited.article, "says": cited.says} for cited in own]
    if without_effect:
        rows += [{"rule": rule, "article": "", "says": says} for rule, says in town.without_effect.items()]
    return sorted(rows, key=lambda row: row["rule"])


def cities(*, everywhere: Everywhere = EVERYWHERE) -> int:
    """The cities whose policies are in the house.

    Example: `yibao cities --json`
    """
    from domain.municipalities import folders, municipality

    rows: Rows = []
    for code, name in sorted(folders().items()):
        row = {"code": code, "name": name, "label": "", "in_force_from": "", "version": ""}
        try:
            town = municipality(code)
        except (ImportError, AttributeError):
            row["label"] = "rules not in this house yet"
        else:
            row |= {"label": town.label, "version": town.version}
            row["in_force_from"] = town.in_force_from.isoformat()
        rows.append(row)
    if everywhere.json:
        print_json(rows)
    else:
        console().print(table("cities 统筹区", rows, ("code", "name", "label", "in_force_from", "version")))
    return OK
