"""Contribution records in the national platform's names: the period a sum is for, and when it arrived."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import msgspec

from domain.decisions.as_known import AsKnown
from domain.errors import InputRefused
from domain.facts import ContributionPaid, ResidentContributionPaid, SupplementContributionPaid
from domain.facts.reading import encode_hook
from domain.values.calendar import CHINA, Moment, Month
from ledger.exchange.codes import code
from ledger.exchange.records import FIELDS, REST, inferred

Payment = ContributionPaid | ResidentContributionPaid | SupplementContributionPaid
_LOCAL = ("corrects",)
"""Fields that speak of this ledger's own record and mean nothing elsewhere."""


def contributions(known: AsKnown) -> Iterator[dict[str, str]]:
    """Every payment known in a city at a moment, in the order of recording; what is corrected stands once."""
    view = known.view()
    found: dict[str, Payment] = {}
    for kind in ("employer", "person"):
        for subject in known.book.subjects(kind):
            found.update({fact.id: fact for fact in view.known(subject) if isinstance(fact, Payment)})
    for fact in sorted(found.values(), key=lambda each: (each.recorded, view.order(each))):
        yield from rows(fact, known.book.municipality.code)


def rows(fact: Payment, city: str) -> Iterator[dict[str, str]]:
    """One payment as records: one for each person and each run of months.

    The sum stands in the first of them only. Whatever the platform has no name for is in `ledger_fields`, so
    that each record of a payment is read as the same whole fact again.
    """
    told: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(fact, enc_hook=encode_hook))
    told = {name: value for name, value in told.items() if name not in _LOCAL}
    common = {
        "poolarea_no": city,
        "clct_time": fact.on.isoformat(),
        "opt_time": platform_time(fact.recorded),
        "clct_flag": code("clct_flag", "in_full") if fact.amount is None else "",
    }
    for number, part in enumerate(_parts(fact)):
        sums = _sums(told, fact) if number == 0 else {}
        record = {name: {**common, **part, **sums}.get(name, "") for name in FIELDS}
        yield {**record, REST: _rest(told, record)}


def _parts(fact: Payment) -> Iterator[dict[str, str]]:
    match fact:
        case ContributionPaid():
            yield from _employee(fact)
        case ResidentContributionPaid():
            for person in fact.persons:
                ordinary = {"clct_type": code("clct_type", "ordinary")}
                yield {"psn_no": person, "insutype": code("insutype", "resident"), **ordinary} | _year(fact)
        case _:
            layer = {"psn_no": fact.person, "insutype": code("insutype_layer", fact.layer)}
            yield layer | {"clct_type": code("clct_type", "ordinary")} | _year(fact)


def _employee(fact: ContributionPaid) -> Iterator[dict[str, str]]:
    who = {
        "psn_no": fact.person or "",
        "emp_no": fact.employer or "",
        "insutype": code("insutype", "employee"),
        "clct_type": code("clct_type", fact.purpose),
        "psn_type": code("psn_type", fact.capacity),
    }
    if not fact.months:
        yield who
    for first, last in _runs(list(fact.months or ())):
        yield {**who, "accrym_begn": _platform_month(first), "accrym_end": _platform_month(last)}


def _year(fact: ResidentContributionPaid | SupplementContributionPaid) -> dict[str, str]:
    return {"accrym_begn": f"{fact.year}01", "accrym_end": f"{fact.year}12"}


def _sums(told: dict[str, Any], fact: Payment) -> dict[str, str]:
    """What the person paid and what government paid; both shares of an employer's payment have no one name."""
    own = not isinstance(fact, ContributionPaid) or fact.employer is None
    names = {"psn_clct_amt": "amount", "finsubs_amt": "subsidy"} if own else {}
    return {theirs: told[ours] for theirs, ours in names.items() if ours in told}


def _rest(told: dict[str, Any], record: dict[str, str]) -> str:
    """What reading the record alone would not bring back, as JSON."""
    try:
        read = inferred(record)
    except InputRefused:
        return _json(told)
    return _json({name: value for name, value in told.items() if read.get(name) != value})


def _json(value: dict[str, Any]) -> str:
    return msgspec.json.encode(value, order="deterministic").decode()


def platform_time(recorded: Moment) -> str:
    """A moment as the platform writes it: China time to the second."""
    instant = datetime(1970, 1, 1, tzinfo=CHINA) + timedelta(microseconds=recorded)
    return instant.strftime("%Y-%m-%d %H:%M:%S")


def _platform_month(month: Month) -> str:
    return str(month).replace("-", "")


def _runs(months: list[Month]) -> Iterator[tuple[Month, Month]]:
    """Months without gaps between them, as first and last."""
    start = 0
    for place in range(1, len(months) + 1):
        if place == len(months) or months[place] != months[place - 1] + 1:
            yield months[start], months[place - 1]
            start = place
