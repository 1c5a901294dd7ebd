"""Bills of every sort for the people of a history, near the edges of the tables."""

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

Fact = dict[str, Any]
AMOUNTS = ("450.00", "600.00", "700.01", "1234.56", "8400.00", "30000.00")
LINES: tuple[Fact, ...] = (
    {"item": "examination", "class": "A", "unit_price": "199.99", "quantity": "2"},
    {"item": "examination", "class": "A", "unit_price": "200.00"},
    {"item": "treatment", "class": "A", "unit_price": "520.00", "price_standard": "495.00"},
    {"item": "surgery", "class": "A", "unit_price": "1000.00"},
    {"item": "drug", "class": "B", "unit_price": "64.55", "quantity": "11"},
    {"item": "material", "class": "B", "unit_price": "2600.00", "limit_price": "2000.00"},
    {"item": "drug", "class": "C", "amount": "300.00"},
)


@st.composite
def bills_of(draw: st.DrawFn, life: list[Fact]) -> list[Fact]:
    people = sorted({str(f["person"]) for f in life if "person" in f})
    days = sorted({date.fromisoformat(str(f["on"])) for f in life})
    found = []
    for number in range(draw(st.integers(1, 3))):
        near = draw(st.sampled_from(days)) + timedelta(days=draw(st.sampled_from((-3, 0, 7, 30, 60, 200))))
        when = min(max(near, date(2018, 1, 3)), date(2019, 12, 20))
        if draw(st.integers(0, 5)) == 0:
            when = date(2019, 1, 4)
        found.append(draw(_bill(f"c{number}", draw(st.sampled_from(people)), when)))
    if len(found) > 1 and draw(st.booleans()):
        found += _referred(found, draw(st.sampled_from((0, 2, 3, 4))), draw(st.booleans()))
    paid = [f for f in found if f.get("kind") == "inpatient"]
    if paid and draw(st.integers(0, 3)) == 0:
        when = date.fromisoformat(paid[0]["on"]) + timedelta(days=20)
        layer = {"layer": "supplementary_insurance", "amount": "150.00"}
        found.append({"fact": "layer_paid", "on": str(when), "claim": paid[0]["claim"], **layer})
    return found


def _referred(found: list[Fact], gap: int, linked: bool) -> list[Fact]:
    """The second stay continues the first, sent by its hospital."""
    before, after = found[0], found[1]
    if {before["kind"], after["kind"]} != {"inpatient"} or before["person"] != after["person"]:
        return []
    if before["provider"] == after["provider"]:
        return []
    sent = date.fromisoformat(before["on"])
    shift = date.fromisoformat(after["on"]) - date.fromisoformat(after["admitted_on"])
    admitted = sent + timedelta(days=gap)
    if "recorded" in after or admitted.year != sent.year or (admitted + shift).year != sent.year:
        return []
    if "lines" in after:
        return []
    after |= {"admitted_on": str(admitted), "on": str(admitted + shift)}
    after["totals"] = [after["totals"][-1] | {"year": admitted.year}]
    if linked:
        after["continues"] = before["claim"]
    known = {
        "person": before["person"],
        "from_provider": before["provider"],
        "to_provider": after["provider"],
    }
    return [{"fact": "patient_referred", "on": str(sent), "filed_on": str(sent), **known}]


@st.composite
def _bill(draw: st.DrawFn, name: str, person: str, when: date) -> Fact:
    kind = draw(
        st.sampled_from(
            ("inpatient",) * 5 + ("ordinary_outpatient", "ordinary_outpatient", "pharmacy", "delivery")
        )
    )
    fact: Fact = {"fact": "claim_submitted", "on": str(when), "claim": name, "person": person, "kind": kind}
    if kind == "pharmacy":
        return fact | {
            "provider": "ph",
            "totals": [{"year": when.year, "total": "150.00", "in_scope": "150.00"}],
        }
    if kind == "ordinary_outpatient":
        amount = draw(st.sampled_from(("85.10", "400.00", "1300.00")))
        return fact | {"provider": "h2", "totals": [{"year": when.year, "total": amount, "in_scope": amount}]}
    admitted = max(when - timedelta(days=draw(st.sampled_from((0, 2, 9)))), date(2018, 1, 1))
    provider = draw(st.sampled_from(("h2", "h3", "thc", "out3", "out2")))
    fact |= {"provider": provider, "admitted_on": str(admitted)}
    if kind == "delivery":
        mode = draw(st.sampled_from(("natural", "caesarean")))
        fact["maternity"] = {"event": "birth", "delivery_mode": mode, "babies": draw(st.integers(1, 2))}
    if draw(st.integers(0, 4)) == 0:
        fact["emergency"] = True
    if provider == "out2":
        fact["filed_on"] = str(
            draw(st.sampled_from((when, date(when.year + 1, 3, 31), date(when.year + 1, 4, 1))))
        )
        fact["recorded"] = fact["filed_on"]
    return fact | draw(_amounts(admitted, when))


@st.composite
def _amounts(draw: st.DrawFn, admitted: date, when: date) -> Fact:
    if draw(st.booleans()):
        days = (admitted, when)
        chosen = draw(st.lists(st.sampled_from(LINES), min_size=1, max_size=5))
        return {"lines": [{**line, "on": str(draw(st.sampled_from(days)))} for line in chosen]}
    totals = []
    for year in sorted({admitted.year, when.year}):
        inside = draw(st.sampled_from(AMOUNTS))
        more = draw(st.sampled_from(("0.00", "150.00")))
        total = f"{float(inside) + float(more):.2f}"
        totals.append({"year": year, "total": total, "in_scope": inside})
    return {"totals": totals}
