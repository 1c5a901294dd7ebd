"""Contribution records of the national platform read as facts."""

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from domain.errors import InputRefused
from domain.values.calendar import Months
from domain.values.money import Fen, yuan_text
from ledger.exchange.codes import code, tables, value, wider_value
from ledger.imports.json_lines import with_id

REST = "ledger_fields"
"""Our own column: the fields of the fact that the platform has no verified name or code for, as JSON."""
FIELDS = (
    "poolarea_no",
    "psn_no",
    "emp_no",
    "insutype",
    "psn_type",
    "clct_type",
    "clct_flag",
    "accrym_begn",
    "accrym_end",
    "clct_time",
    "opt_time",
    "psn_clct_amt",
    "finsubs_amt",
    REST,
)
READ_ALSO = ("emp_clct_amt", "revs_flag")
"""Fields of other systems' records that are understood but never written."""
_REQUIRED = ("insutype", "accrym_begn", "accrym_end", "clct_time")
_TIME = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2}:\d{2}))?", re.ASCII)
_MONTH = re.compile(r"(\d{4})(0[1-9]|1[0-2])", re.ASCII)


def fact_of(record: Mapping[str, Any]) -> dict[str, Any]:
    """A contribution record as a fact with an id: its own, or one made from its content.

    InputRefused names the field that is missing or has no meaning here.
    """
    given = _given(record)
    rest = _rest(given)
    told = _envelope(given) if "fact" in rest else inferred(given)
    return with_id({**told, **rest})


def inferred(record: Mapping[str, str]) -> dict[str, Any]:
    """What the platform's own fields of a record say."""
    for field in _REQUIRED:
        if not record.get(field):
            raise InputRefused("field_missing", field, f"a contribution record needs `{field}`")
    insutype = record["insutype"]
    scheme, layer = value("insutype", insutype), value("insutype_layer", insutype)
    if scheme is None and layer is None:
        message = f"no scheme or layer has the code {insutype} ({_codes('insutype', 'insutype_layer')})"
        raise InputRefused("value_not_allowed", "insutype", message)
    told = _employee(record) if scheme == "employee" else _yearly(record)
    return {**told, **({"layer": layer} if layer else {}), **_amounts(record), **_envelope(record)}


def _given(record: Mapping[str, Any]) -> dict[str, str]:
    """The fields that say something, all of them text and known here, of a line that counts."""
    for field, content in record.items():
        if field not in FIELDS and field not in READ_ALSO:
            message = "not a field of contribution records read here; remove it"
            raise InputRefused("unknown_field", field, message)
        if content is not None and not isinstance(content, str):
            raise InputRefused("wrong_type", field, f"`{field}` is text, e.g. sums as decimal text")
    given = {field: content for field, content in record.items() if content}
    if given.get("clct_flag", code("clct_flag", "in_full")) != code("clct_flag", "in_full"):
        raise InputRefused("value_not_allowed", "clct_flag", "only contributions that arrived are recorded")
    if given.get("revs_flag", "Z") != "Z":
        raise InputRefused("value_not_allowed", "revs_flag", "a reversed line is not a contribution")
    return given


def _rest(given: Mapping[str, str]) -> dict[str, Any]:
    try:
        return msgspec.json.decode(given.get(REST) or "{}", type=dict[str, Any])
    except msgspec.DecodeError as problem:
        raise InputRefused("wrong_type", REST, f"`{REST}` is a JSON object: {problem}") from None


def _envelope(record: Mapping[str, str]) -> dict[str, Any]:
    told: dict[str, Any] = {"on": _time(record, "clct_time")[0]}
    if record.get("opt_time"):
        day, hour = _time(record, "opt_time")
        told["recorded"] = day if hour in ("", "23:59:59") else f"{day}T{hour}+08:00"
    if record.get("poolarea_no"):
        told["city"] = record["poolarea_no"]
    return told


def _employee(record: Mapping[str, str]) -> dict[str, Any]:
    kind = record.get("clct_type", "")
    if not kind:
        raise InputRefused("field_missing", "clct_type", "an employee contribution says its kind")
    purpose = value("clct_type", kind)
    if purpose is None:
        message = f"no purpose has the code {kind} ({_codes('clct_type')})"
        raise InputRefused("value_not_allowed", "clct_type", message)
    told: dict[str, Any] = {"fact": "contribution_paid", "months": _months(record)}
    if purpose != "ordinary":
        told["purpose"] = purpose
    names = {"person": "psn_no", "employer": "emp_no"}
    told |= {ours: record[theirs] for ours, theirs in names.items() if record.get(theirs)}
    if standing := record.get("psn_type"):
        told["capacity"] = wider_value("psn_type", standing)
        if told["capacity"] is None:
            message = f"no capacity has the code {standing} ({_codes('psn_type')})"
            raise InputRefused("value_not_allowed", "psn_type", message)
    return told


def _yearly(record: Mapping[str, str]) -> dict[str, Any]:
    if not record.get("psn_no"):
        raise InputRefused("field_missing", "psn_no", "a yearly contribution names the person")
    if record.get("clct_type", code("clct_type", "ordinary")) not in ("", code("clct_type", "ordinary")):
        raise InputRefused("value_not_allowed", "clct_type", "a yearly contribution is of kind 10")
    first, last = (_month(record, field) for field in ("accrym_begn", "accrym_end"))
    if first[:4] != last[:4]:
        message = f"a yearly contribution is for one year, got {first} to {last}"
        raise InputRefused("value_not_allowed", "accrym_end", message)
    year = int(first[:4])
    if value("insutype_layer", record["insutype"]):
        return {"fact": "supplement_contribution_paid", "person": record["psn_no"], "year": year}
    return {"fact": "resident_contribution_paid", "persons": [record["psn_no"]], "year": year}


def _amounts(record: Mapping[str, str]) -> dict[str, str]:
    given = [field for field in ("emp_clct_amt", "psn_clct_amt") if record.get(field)]
    told = {"amount": yuan_text(sum(_fen(record, field) for field in given))} if given else {}
    if record.get("finsubs_amt"):
        told["subsidy"] = yuan_text(_fen(record, "finsubs_amt"))
    return told


def _fen(record: Mapping[str, str], field: str) -> int:
    try:
        return int(Fen.parse(record[field]))
    except ValueError as problem:
        raise InputRefused("wrong_type", field, f"`{field}`: {problem}") from None


def _months(record: Mapping[str, str]) -> list[str]:
    first, last = _month(record, "accrym_begn"), _month(record, "accrym_end")
    try:
        return Months.parse([f"{first}/{last}"]).texts()
    except ValueError as problem:
        raise InputRefused("value_not_allowed", "accrym_end", str(problem)) from None


def _month(record: Mapping[str, str], field: str) -> str:
    found = _MONTH.fullmatch(record[field])
    if found is None:
        message = f"`{field}` is a month such as 202403, got `{record[field]}`"
        raise InputRefused("wrong_type", field, message)
    return f"{found[1]}-{found[2]}"


def _time(record: Mapping[str, str], field: str) -> tuple[str, str]:
    found = _TIME.fullmatch(record.get(field, ""))
    if found is None:
        message = f"`{field}` is a day or time such as 2024-03-31 09:00:00, got `{record.get(field, '')}`"
        raise InputRefused("wrong_type", field, message)
    return found[1], found[2] or ""


def _codes(*names: str) -> str:
    return ", ".join(f"{theirs} {ours}" for name in names for ours, theirs in tables()[name].items())
