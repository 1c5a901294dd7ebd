"""Contribution records in the national platform's names: the period a sum is for, and when it arrived."""

from collections.abc import Iterator, Mapping
from typing import Any

from domain.decisions.as_known import AsKnown
from domain.errors import InputRefused
from domain.facts import ContributionPaid, ResidentContributionPaid
from domain.values.calendar import Month
from domain.values.money import yuan_text
from ledger.exchange.codes import code, value

FIELDS = (
    "poolarea_no",
    "psn_no",
    "emp_no",
    "insutype",
    "clct_type",
    "clct_flag",
    "accrym_begn",
    "accrym_end",
    "clct_time",
    "opt_time",
    "clct_amt",
    "finsubs_amt",
    "psn_type",
)
_REQUIRED = ("insutype", "accrym_begn", "accrym_end", "clct_time")


def contributions(known: AsKnown) -> Iterator[dict[str, str]]:
    """Every contribution recorded in a city by a moment, one row a payment; amounts in decimal yuan."""
    view = known.view()
    seen: set[str] = set()
    for kind, name in (("employer", "employer"), ("person", "person")):
        for subject in known.book.subjects(kind):
            for fact in view.known(subject):
                if fact.id in seen:
                    continue
                seen.add(fact.id)
                if isinstance(fact, ContributionPaid) and fact.months:
                    yield from _employee(known.book.municipality.code, fact)
                elif isinstance(fact, ResidentContributionPaid) and name == "person":
                    yield from _resident(known.book.municipality.code, fact)


def _employee(city: str, fact: ContributionPaid) -> Iterator[dict[str, str]]:
    for first, last in _runs(list(fact.months or ())):
        yield _filled(
            poolarea_no=city,
            psn_no=fact.person or "",
            emp_no=fact.employer or "",
            insutype=code("insutype", "employee"),
            clct_type=code("clct_type", fact.purpose),
            clct_flag=code("clct_flag", "received"),
            accrym_begn=_platform_month(first),
            accrym_end=_platform_month(last),
            clct_time=fact.on.isoformat(),
            opt_time=str(fact.recorded),
            clct_amt="" if fact.amount is None else yuan_text(fact.amount),
            psn_type=code("psn_type", fact.capacity),
        )


def _resident(city: str, fact: ResidentContributionPaid) -> Iterator[dict[str, str]]:
    for person in fact.persons:
        yield _filled(
            poolarea_no=city,
            psn_no=person,
            insutype=code("insutype", "resident"),
            clct_type=code("clct_type", "ordinary"),
            clct_flag=code("clct_flag", "received"),
            accrym_begn=f"{fact.year}01",
            accrym_end=f"{fact.year}12",
            clct_time=fact.on.isoformat(),
            opt_time=str(fact.recorded),
            clct_amt="" if fact.amount is None else yuan_text(fact.amount),
            finsubs_amt="" if fact.subsidy is None else yuan_text(fact.subsidy),
            psn_type=code("psn_type", "resident"),
        )


def fact_of(record: Mapping[str, str]) -> dict[str, Any]:
    """A platform contribution record as a fact; InputRefused names the field that has no meaning here."""
    for field in _REQUIRED:
        if not record.get(field):
            raise InputRefused("field_missing", field, f"a contribution record needs `{field}`")
    unknown = [field for field in record if field not in FIELDS]
    if unknown:
        raise InputRefused("unknown_field", unknown[0], "not a field of contribution records read here")
    if record.get("clct_flag", "1") not in ("", code("clct_flag", "received")):
        raise InputRefused("value_not_allowed", "clct_flag", "only contributions that arrived are recorded")
    scheme = value("insutype", record["insutype"])
    if scheme is None:
        raise InputRefused("value_not_allowed", "insutype", f"no scheme has the code {record['insutype']}")
    told = _resident_fact(record) if scheme == "resident" else _employee_fact(record)
    if record.get("clct_amt"):
        told["amount"] = record["clct_amt"]
    if record.get("opt_time"):
        told["recorded"] = record["opt_time"]
    if record.get("poolarea_no"):
        told["city"] = record["poolarea_no"]
    return {**told, "on": record["clct_time"][:10]}


def _employee_fact(record: Mapping[str, str]) -> dict[str, Any]:
    purpose = value("clct_type", record.get("clct_type") or "10")
    if purpose is None:
        raise InputRefused("value_not_allowed", "clct_type", f"no purpose has the code {record['clct_type']}")
    first, last = _month_text(record, "accrym_begn"), _month_text(record, "accrym_end")
    told: dict[str, Any] = {"fact": "contribution_paid", "months": [f"{first}/{last}"], "purpose": purpose}
    names = {"person": "psn_no", "employer": "emp_no"}
    told.update({ours: record[theirs] for ours, theirs in names.items() if record.get(theirs)})
    capacity = value("psn_type", record.get("psn_type", ""))
    return {**told, "capacity": capacity} if capacity else told


def _resident_fact(record: Mapping[str, str]) -> dict[str, Any]:
    if not record.get("psn_no"):
        raise InputRefused("field_missing", "psn_no", "a resident contribution names the person")
    year = int(_month_text(record, "accrym_begn")[:4])
    told: dict[str, Any] = {"fact": "resident_contribution_paid", "persons": [record["psn_no"]], "year": year}
    return {**told, "subsidy": record["finsubs_amt"]} if record.get("finsubs_amt") else told


def _month_text(record: Mapping[str, str], field: str) -> str:
    text = record[field]
    if len(text) != 6 or not text.isascii() or not text.isdigit() or not 1 <= int(text[4:]) <= 12:
        raise InputRefused("wrong_type", field, f"`{field}` is a month such as 202403, got `{text}`")
    return f"{text[:4]}-{text[4:]}"


def _platform_month(month: Month) -> str:
    return str(month).replace("-", "")


def _runs(months: list[Month]) -> Iterator[tuple[Month, Month]]:
    """Months without gaps between them, as first and last."""
    start = 0
    for place in range(1, len(months) + 1):
        if place == len(months) or months[place] != months[place - 1] + 1:
            yield months[start], months[place - 1]
            start = place


def _filled(**given: str) -> dict[str, str]:
    return {name: given.get(name, "") for name in FIELDS}
