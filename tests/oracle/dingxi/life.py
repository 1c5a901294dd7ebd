"""Retirement, death, moves, births and the personal account."""

from datetime import timedelta

from hypothesis import strategies as st

from tests.oracle.dingxi.basics import Fact, day, plus_months


def later_life(draw: st.DrawFn) -> list[Fact]:
    """One of the things that end an active membership."""
    on = draw(st.sampled_from(("2024-04-30", "2024-06-15", "2024-08-01", "2024-12-31", "2025-03-10")))
    person = {"on": on, "person": "P"}
    what = draw(st.sampled_from(("retired", "retired", "died", "resident", "moved", "group")))
    if what == "retired":
        facts: list[Fact] = [{"fact": "retired", **person}]
        paid = draw(st.sampled_from((None, on, "2024-08-05", "2025-01-15")))
        return facts + ([{"fact": "lump_sum_paid", **person, "on": max(paid, on)}] if paid else [])
    if what == "died":
        return [{"fact": "person_died", **person}]
    if what == "resident":
        return [{"fact": "enrolled", "scheme": "resident", "capacity": "resident", **person}]
    if what == "moved":
        return [{"fact": "transfer_out_requested", **person}]
    return [{"fact": "group_recognised", "group": "red_army_veteran", **person}]


def maternity(draw: st.DrawFn) -> list[Fact]:
    """A birth or its early end, with the employer's average wage perhaps told late."""
    on = draw(st.sampled_from(("2024-03-18", "2024-06-30", "2024-07-01", "2024-12-20", "2025-01-05")))
    leave = draw(st.sampled_from((on, f"{on[:8]}01")))
    event = draw(st.sampled_from((
        {"event": "birth", "delivery_mode": "natural"},
        {"event": "birth", "delivery_mode": "caesarean", "babies": 2},
        {"event": "termination", "gestation_months": "3.5"},
        {"event": "miscarriage", "gestation_months": "1.5"},
        {"event": "induced_labour", "gestation_months": "7"},
    )))  # fmt: skip
    facts: list[Fact] = [
        {"fact": "person_registered", "on": "2024-01-01", "person": "P", "sex": "female"},
        {
            "fact": "maternity_event_reported",
            "on": on,
            "person": "P",
            "leave_from": leave,
            "maternity": event,
        },
    ]
    for year, average in ((2023, "5980.00"), (2024, "6543.21")):
        for employer in ("E1", "E2"):
            facts.append({"fact": "employer_wages_declared", "on": f"{year + 1}-01-02", "employer": employer,
                          "year": year, "monthly_average": average})  # fmt: skip
    return facts


def spending(draw: st.DrawFn) -> list[Fact]:
    """Money of the personal account, spent where it may be and where it may not."""
    facts: list[Fact] = []
    for amount in draw(
        st.lists(st.sampled_from(("50.00", "113.93", "500.00", "3480.25")), min_size=1, max_size=2)
    ):
        on = draw(st.sampled_from(("2024-02-01", "2024-07-01", "2024-12-31")))
        provider = draw(st.sampled_from(("clinic", "clinic", "quack")))
        facts.append({"fact": "personal_account_spent", "on": on, "person": "P", "amount": amount,
                      "purpose": "pharmacy", "provider": provider})  # fmt: skip
    return facts


def family(draw: st.DrawFn) -> list[Fact]:
    """A spouse without insurance of her own, and a newborn that may not live."""
    on = draw(st.sampled_from(("2024-03-10", "2024-06-30", "2024-11-30")))
    died = draw(st.sampled_from((None, plus_months(day(on), 3), plus_months(day(on), 3) + timedelta(days=1))))
    cover = draw(st.sampled_from(("none", "none", "resident", None)))
    told = {"relative_cover": cover} if cover else {}
    bill = {"fact": "claim_submitted", "provider": draw(st.sampled_from(("county", "lanzhou"))), "on": on}
    lines = [{"class": "A", "amount": draw(st.sampled_from(("3499.99", "5600.00", "75000.00")))}]
    facts: list[Fact] = [
        {"fact": "relationship_recorded", "on": "2024-01-01", "person": "P", "relative": "W",
         "relationship": "spouse", **told},
        {**bill, "claim": "w", "person": "W", "insured_through": "P", "kind": "delivery", "admitted_on": on,
         "lines": lines, "maternity": {"event": "birth", "delivery_mode": "natural"}},
        {"fact": "person_registered", "on": on, "person": "B", "born_on": on},
        {**bill, "claim": "b", "person": "B", "insured_through": "P", "kind": "inpatient", "admitted_on": on,
         "lines": lines},
    ]  # fmt: skip
    return facts + ([{"fact": "person_died", "on": str(died), "person": "B"}] if died else [])
