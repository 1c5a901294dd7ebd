"""How somebody comes to be insured, stops and goes on: the lives behind the histories."""

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

Fact = dict[str, Any]
NEAR = (-1, 0, 1)


def month(year: int, number: int) -> str:
    year, number = year + (number - 1) // 12, (number - 1) % 12 + 1
    return f"{year}-{number:02d}"


def first(year: int, number: int) -> date:
    return date.fromisoformat(month(year, number) + "-01")


def person(name: str = "P", **fields: Any) -> Fact:
    known = {"sex": "male", "born_on": "1978-05-05", "household_registration": "510502"}
    return {"fact": "person_registered", "on": "2017-11-01", "person": name, **known, **fields}


def paid(on: date, months: list[str], **fields: Any) -> Fact:
    return {"fact": "contribution_paid", "on": str(on), "months": months, **fields}


def own(on: date, months: list[str], mode: str = "combined", **fields: Any) -> Fact:
    return paid(on, months, person="P", capacity="flexible", mode=mode, **fields)


def resident(on: date, year: int, tier: int, persons: list[str], household: str = "H") -> Fact:
    kind = "resident_contribution_paid"
    return {
        "fact": kind,
        "on": str(on),
        "persons": persons,
        "year": year,
        "tier": tier,
        "household": household,
    }


@st.composite
def careers(draw: st.DrawFn) -> list[Fact]:
    kind = draw(st.sampled_from((employed, employed, individual, residents, residents, retiring, newborn)))
    return draw(kind())


@st.composite
def employed(draw: st.DrawFn) -> list[Fact]:
    """A unit's member: paid by quarters, perhaps in arrears for a time, perhaps leaving."""
    found = [person()]
    start = draw(st.integers(1, 7))
    wage = draw(st.sampled_from(("4200.00", "5000.00", "6000.00", "6235.50", "18000.00")))
    if draw(st.booleans()):
        start = 1
        found.append(_opening(wage))
    else:
        on = first(2018, start) + timedelta(days=draw(st.integers(0, 20)))
        found.append(_enrolment(on, "E", wage))
    if draw(st.booleans()):
        found.append({"fact": "opening_account", "on": "2018-01-01", "person": "P", "balance": "1200.00"})
    missing = draw(st.integers(start, 12))
    if missing > start:
        on = first(2018, start) + timedelta(days=24)
        found.append(paid(on, [f"{month(2018, start)}/{month(2018, missing - 1)}"], employer="E"))
    if draw(st.booleans()):
        found += draw(_arrears(missing))
    else:
        found += _rest(first(2018, missing) + timedelta(days=9), "E")
    if draw(st.booleans()):
        found += draw(_leaving())
    return found


def _rest(on: date, employer: str, start: str = "") -> list[Fact]:
    """The rest of the year at once, and half of the next year in January."""
    start = start or str(on)[:7]
    if on.year == 2019:
        return [paid(on, [f"{start}/2019-06"], employer=employer)]
    following = paid(date(2019, 1, 10), ["2019-01/2019-06"], employer=employer)
    return [paid(on, [f"{start}/2018-12"], employer=employer), following]


def _opening(wage: str) -> Fact:
    known = {"person": "P", "status": "covered", "capacity": "employed", "employer": "E", "mode": "combined"}
    return {"fact": "opening_status", "on": "2018-01-01", "base": wage, **known}


def _enrolment(on: date, employer: str, wage: str = "6000.00") -> Fact:
    known = {"person": "P", "capacity": "employed", "employer": employer, "wage": wage}
    return {"fact": "enrolled", "on": str(on), **known}


@st.composite
def _arrears(draw: st.DrawFn, missing: int) -> list[Fact]:
    """Months assessed and not paid; cleared inside the limit, on it, beyond it, in part or never."""
    owed = draw(st.integers(1, 8))
    found: list[Fact] = [
        {
            "fact": "contribution_assessed",
            "on": str(first(2018, missing) + timedelta(days=19)),
            "employer": "E",
            "months": [f"{month(2018, missing)}/{month(2018, missing + owed - 1)}"],
        }
    ]
    cleared = first(2018, missing + owed) + timedelta(days=draw(st.sampled_from((-1, 0, 1, 14))))
    ending = draw(st.sampled_from(("cleared", "cleared", "never", "part")))
    months = [f"{month(2018, missing)}/{month(2018, missing + owed - 1)}"]
    if ending == "part":
        part = [month(2018, missing)]
        found.append(paid(first(2018, missing + 1) + timedelta(days=5), part, employer="E"))
        months = [f"{month(2018, missing + 1)}/{month(2018, missing + owed - 1)}"] if owed > 1 else []
    if ending != "never" and months:
        found.append(paid(cleared, months, employer="E", clears_arrears=True))
    return found


@st.composite
def _leaving(draw: st.DrawFn) -> list[Fact]:
    """Employment ends; goes on elsewhere on day 89 to 91, or not at all."""
    ended = date(2018, draw(st.integers(3, 11)), draw(st.sampled_from((1, 15, 28))))
    found: list[Fact] = [
        {
            "fact": "enrolment_ended",
            "on": str(ended),
            "person": "P",
            "capacity": "employed",
            "employer": "E",
            "reason": "resigned",
        }
    ]
    on = ended + timedelta(days=draw(st.sampled_from((10, 40, 89, 90, 91))))
    went = draw(st.sampled_from(("nowhere", "individual", "unit", "resident", "resident")))
    gap = [month(2018, n) for n in range(ended.month + 1, on.month + 12 * (on.year - 2018))]
    if gap and went in ("individual", "unit") and draw(st.booleans()):
        found.append(own(on, gap, purpose="gap"))
    if went == "individual":
        enrolled = {"person": "P", "capacity": "flexible", "entry": "continuation", "previous_employer": "E"}
        found.append({"fact": "enrolled", "on": str(on), "first_month": str(on)[:7], **enrolled})
        found.append(own(on, [f"{str(on)[:7]}/{on.year}-12"]))
    elif went == "unit":
        found.append(_enrolment(on, "F"))
        found += _rest(on + timedelta(days=draw(st.sampled_from((0, 1, 5)))), "F", str(on)[:7])
    elif went == "resident":
        tier = draw(st.sampled_from((1, 2)))
        for year in draw(st.sampled_from(((2018,), (2018, 2019), (2019,)))):
            found.append(resident(on, year, tier, ["P"]))
    return found


@st.composite
def individual(draw: st.DrawFn) -> list[Fact]:
    found = [person()]
    mode = draw(st.sampled_from(("combined", "pooling_only")))
    if draw(st.booleans()):
        known = {"person": "P", "status": "covered", "capacity": "flexible", "mode": mode}
        found.append(own(date(2017, 12, 15), ["2018-01/2018-12"], mode))
        found.append({"fact": "opening_status", "on": "2018-01-01", **known})
    else:
        on = date(2018, draw(st.integers(1, 12)), draw(st.sampled_from((1, 12, 28))))
        enrolled = {"person": "P", "capacity": "flexible", "mode": mode, "first_month": str(on)[:7]}
        found.append({"fact": "enrolled", "on": str(on), **enrolled})
        found.append(own(on, [f"{str(on)[:7]}/2018-12"], mode))
    renewed = draw(
        st.sampled_from((date(2018, 9, 1), date(2018, 12, 31), date(2019, 1, 2), date(2018, 8, 31), None))
    )
    if renewed is not None:
        mode = draw(st.sampled_from(("combined", "pooling_only")))
        found.append(own(renewed, ["2019-01/2019-12"], mode))
    if draw(st.booleans()):
        found.append({"fact": "opening_account", "on": "2018-01-01", "person": "P", "balance": "300.00"})
    if draw(st.integers(0, 3)) == 0:
        on = date(2018, draw(st.integers(9, 12)), 20)
        found.append(resident(on, 2019, 1, ["P"]))
    return found


@st.composite
def residents(draw: st.DrawFn) -> list[Fact]:
    """A household of up to three; paid in the window, late, in part, or not the next year."""
    people = ["P", "Q", "R"][: draw(st.integers(1, 3))]
    found = [person(name) for name in people]
    found.append({"fact": "household_registered", "on": "2017-12-01", "household": "H", "members": people})
    if draw(st.booleans()):
        balance = draw(st.sampled_from(("402.25", "100.00", "0.01")))
        found.append(
            {
                "fact": "opening_account",
                "on": "2018-01-01",
                "account": "family",
                "household": "H",
                "balance": balance,
            }
        )
    tier = draw(st.sampled_from((1, 2)))
    in_time = st.sampled_from(
        (date(2017, 9, 1), date(2017, 12, 31), date(2018, 1, 1), date(2018, 3, 15), date(2017, 8, 31))
    )
    for name in people:
        if draw(st.integers(0, 4)):
            found.append(resident(draw(in_time), 2018, tier, [name]))
    next_time = st.sampled_from(
        (date(2018, 10, 10), date(2018, 12, 31), date(2019, 2, 20), date(2019, 12, 31))
    )
    for name in people:
        if draw(st.booleans()):
            other = draw(st.sampled_from((tier, tier, 3 - tier)))
            found.append(resident(draw(next_time), 2019, other, [name]))
    if draw(st.integers(0, 2)) == 0:
        moved = draw(_moving(people[-1]))
        if moved["to_household"] is None:
            found = [f for f in found if f.get("persons") != [people[-1]] or f["year"] == 2018]
        found.append(moved)
    return found


@st.composite
def _moving(draw: st.DrawFn, name: str) -> Fact:
    on = date(2018, draw(st.integers(2, 11)), draw(st.sampled_from((2, 20))))
    reason = draw(st.sampled_from(("registration_change", "registration_change", "left_city")))
    target = "H2" if reason == "registration_change" else None
    known = {"person": name, "from_household": "H", "to_household": target, "reason": reason}
    return {"fact": "household_member_moved", "on": str(on), **known}


@st.composite
def newborn(draw: st.DrawFn) -> list[Fact]:
    born = draw(st.sampled_from((date(2018, 11, 20), date(2018, 5, 5), date(2018, 10, 2))))
    on = born + timedelta(days=draw(st.sampled_from((0, 30, 89, 90, 91))))
    found = [person(born_on=str(born)) | {"on": str(born)}]
    for year in draw(st.sampled_from(((2018,), (2018, 2019), (2019,)))):
        found.append(resident(on, year, draw(st.sampled_from((1, 2))), ["P"]))
    return found


@st.composite
def retiring(draw: st.DrawFn) -> list[Fact]:
    """A unit's member retires in 2018; years enough or short; settled on day 89 to 91."""
    sex, need = draw(st.sampled_from((("male", 360), ("female", 300))))
    ended = date(2018, draw(st.integers(2, 11)), draw(st.sampled_from((1, 12, 28))))
    short = draw(st.sampled_from((0, 0, 25)))
    deemed = draw(st.sampled_from((142, need - 118)))
    counts = need - deemed - ended.month - short
    found = [person(sex=sex, statutory_retirement_on=str(ended)), _opening("6480.00")]
    history = [{"month_count": deemed, "counted_as": "deemed"}, {"month_count": counts, "counted_as": "paid"}]
    found.append({"fact": "opening_history", "on": "2018-01-01", "person": "P", "history": history})
    found.append(paid(date(2018, 1, 25), [f"2018-01/{month(2018, ended.month)}"], employer="E"))
    known = {"person": "P", "capacity": "employed", "base": "6480.00", "mode": "combined"}
    found.append({"fact": "retired", "on": str(ended), **known})
    on = ended + timedelta(days=draw(st.sampled_from((5, 89, 90, 91, 120))))
    if short and draw(st.booleans()):
        found.append({"fact": "lump_sum_paid", "on": str(on), "person": "P", "month_count": short})
    if draw(st.integers(0, 4)):
        found.append({"fact": "retirement_processed", "on": str(on), "person": "P"})
    if draw(st.integers(0, 4)) == 0:
        found.append({"fact": "person_died", "on": str(on + timedelta(days=60)), "person": "P"})
    return found
