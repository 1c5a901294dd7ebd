"""People of Dingxi: how they join, pay, fall behind, move, fall ill, have children and retire."""

from typing import Any

from hypothesis import strategies as st

from tests.oracle.dingxi.basics import Fact, day, first_day, last_day, named
from tests.oracle.dingxi.illness import claims, permissions
from tests.oracle.dingxi.life import family, later_life, maternity, spending
from tests.oracle.perturbing import perturbed

JANUARY = 2024 * 12
CREDITS = {
    "employed": {"rate_of_base": "0.02"},
    "flexible": {"rate_of_base": "0.02"},
    "unemployed": {"monthly_amount": "30.00"},
    "retired": {"monthly_amount": "85.50"},
}
OUTPATIENT = {"annual_deductible": "100.00", "rates": {"0": "0.65", "1": "0.62", "2": "0.60", "3": "0.50"}}
DRUGS = {"inpatient": {"upfront_share": "0.05"}, "outpatient": {"upfront_share": "0.10", "rate": "0.70"}}
FIGURES: dict[str, Any] = {
    "base_reference_wage": "7120.50",
    "flexible_average_wage": "7120.50",
    "unemployment_base": "4272.30",
    "late_fee_daily_rate": "0.0005",
    "personal_account_credit": CREDITS,
    "ordinary_outpatient_terms": OUTPATIENT,
    "negotiated_drug_terms": DRUGS,
}
PROVIDERS: list[Fact] = [
    {"provider": "clinic", "place": "621102", "level": 0},
    {"provider": "county", "place": "621126", "level": 2},
    {"provider": "city", "place": "621100", "level": 3},
    {"provider": "lanzhou", "place": "620102", "level": 3},
    {"provider": "xian", "place": "610100", "level": 2, "direct_settlement": False},
    {"provider": "quack", "place": "621102", "level": 1, "designated": False},
]


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Fact], list[Fact]]:
    """Facts as the agency learned them, and questions about them."""
    facts = [*_figures(draw), *_places()]
    facts += draw(st.sampled_from((employee, flexible, newcomer, traveller, jobless)))(draw)
    facts += _fees(draw)
    facts = _for_the_roll(draw, facts)
    for more in draw(
        st.lists(st.sampled_from((later_life, maternity, spending, family)), max_size=3, unique=True)
    ):
        facts += more(draw)
    facts += permissions(draw)
    facts += claims(draw)
    told = sorted(({**each, "id": f"f{n}"} for n, each in enumerate(facts)), key=lambda f: str(f["on"]))
    told = draw(perturbed(told, CHANGES)) if draw(st.booleans()) else told
    return told, questions(draw, told)


CHANGES: dict[str, list[Fact]] = {
    "claim_submitted": [{"lines": [{"class": "A", "amount": "7777.77"}]}, {"cause": "fighting"}],
    "wage_declared": [{"monthly_average": "5000.00"}],
    "contribution_paid": [{"note": "the same again"}],
    "provider_registered": [{"level": 1}],
    "special_disease_approved": [{"disease": "36"}],
}


def _figures(draw: st.DrawFn) -> list[Fact]:
    """Announcements of the years 2024 to 2026; one of them may come late."""
    late = draw(st.sampled_from((None, None, None, *FIGURES)))
    when = draw(st.sampled_from(("2024-05-20", "2024-12-31", "2025-01-01")))
    cap = draw(st.sampled_from((None, "300.00", "2000.00")))
    values = {**FIGURES, "ordinary_outpatient_terms": {**OUTPATIENT, **({"annual_cap": cap} if cap else {})}}
    return [
        {
            "fact": "parameter_announced",
            "on": "2024-01-01",
            "recorded": when if key == late else "2024-01-01",
            "key": key,
            "value": value,
            "to": "2027-01-01",
        }
        for key, value in values.items()
    ]


def _places() -> list[Fact]:
    places = [{"fact": "provider_registered", "on": "2020-01-01", **each} for each in PROVIDERS]
    employers = [
        {"fact": "employer_registered", "on": "2020-01-01", "employer": "E1", "funding": "other"},
        {"fact": "employer_registered", "on": "2020-01-01", "employer": "E2", "funding": "budget"},
    ]
    wages: list[Fact] = [
        {"fact": "wage_declared", "on": f"{year + 1}-01-05", "person": "P", "wage_year": year}
        for year in (2023, 2024)
    ]
    return [*places, *employers, *({**each, "monthly_average": "6850.00"} for each in wages)]


def paid(months: tuple[int, int], on: object, **more: Any) -> Fact:
    start, end = months
    told = f"{named(start)}/{named(end)}" if end > start else named(start)
    return {"fact": "contribution_paid", "on": str(on), "person": "P", "months": [told], **more}


def _career(draw: st.DrawFn, start: int, terms: Fact) -> list[Fact]:
    """Months paid in advance, months missed, perhaps paid back, months paid on time again."""
    before = draw(st.integers(1, 7))
    gap = draw(st.sampled_from((0, 0, 1, 2, 3, 3, 4, 6, 11, 12, 13, 14)))
    after = draw(st.sampled_from((0, 1, 2, 3, 4, 8)))
    facts = [paid((start, start + before - 1), first_day(start).replace(day=5), **terms)]
    begin, back = start + before, start + before + gap
    if gap:
        delay = draw(st.sampled_from((0, 1, 1, 2, 3)))
        on = draw(
            st.sampled_from((last_day(back - 1 + delay), first_day(back + delay), first_day(back + delay)))
        )
        kept = draw(st.sampled_from((0, 0, 0, 0, 1)))
        if draw(st.integers(0, 4)):
            facts.append(paid((begin, back - 1 - min(kept, gap - 1)), on, **terms))
    for number in range(back, back + after):
        of_month = draw(st.sampled_from((10, 10, 10, 10, 0)))
        on = first_day(number).replace(day=of_month) if of_month else first_day(number + 1)
        facts.append(paid((number, number), on, **terms))
    if draw(st.booleans()):
        facts.append(
            paid((back + after, back + after + 11), first_day(back + after).replace(day=20), **terms)
        )
    return facts


def employee(draw: st.DrawFn) -> list[Fact]:
    """Insured by an employer for years, sometimes with months missing when the ledger begins."""
    employer = draw(st.sampled_from(("E1", "E1", "E2")))
    terms = {"employer": employer, "capacity": "employed"}
    end = draw(st.sampled_from(("2023-12", "2023-12", "2023-12", "2023-11", "2023-09", "2023-06")))
    begin = draw(st.sampled_from(("2019-01", "2019-01", "2009-01", "2008-09", "2010-12")))
    history = [{"months": [f"{begin}/{end}"], "mode": "combined", **terms}]
    facts: list[Fact] = [{"fact": "opening_history", "on": "2024-01-01", "person": "P", "history": history}]
    if draw(st.booleans()):
        facts.append({"fact": "opening_account", "on": "2024-01-01", "person": "P", "balance": "500.00"})
    if draw(st.integers(0, 4)) == 0:
        facts.append({"fact": "opening_counters", "on": "2024-01-01", "person": "P", "year": 2024,
                      "pooled_paid": "45000.00"})  # fmt: skip
    return facts + _career(draw, JANUARY, terms)


def flexible(draw: st.DrawFn) -> list[Fact]:
    """A flexible member, perhaps changing the rate, perhaps hired in the middle of a prepaid year."""
    mode = draw(st.sampled_from(("pooling_only", "combined")))
    terms = {"capacity": "flexible", "mode": mode}
    history = [
        {
            "months": [draw(st.sampled_from(("2019-01/2023-12", "2009-07/2023-12", "2019-01/2023-10")))],
            **terms,
        }
    ]
    facts: list[Fact] = [{"fact": "opening_history", "on": "2024-01-01", "person": "P", "history": history}]
    facts += _career(draw, JANUARY, terms)
    if draw(st.booleans()):
        other = {"pooling_only": "combined", "combined": "pooling_only"}[mode]
        month = JANUARY + draw(st.integers(0, 8))
        for each in facts:
            if each["fact"] == "contribution_paid" and day(each["on"]) > first_day(month).replace(day=20):
                each["mode"] = other
        facts.append(
            {
                "fact": "mode_changed",
                "on": str(first_day(month).replace(day=20)),
                "person": "P",
                "mode": other,
            }
        )
        if draw(st.booleans()):
            facts.append(paid((month + 1, month + 3), first_day(month + 1), capacity="flexible", mode=other))
    elif draw(st.booleans()):
        month = JANUARY + draw(st.integers(1, 6))
        facts.append(_enrolled(first_day(month), employer="E1", capacity="employed"))
        facts.append(
            paid((month, month + 4), first_day(month).replace(day=25), employer="E1", capacity="employed")
        )
    return facts


def newcomer(draw: st.DrawFn) -> list[Fact]:
    """Somebody never insured before."""
    start = JANUARY + draw(st.integers(0, 3))
    if draw(st.booleans()):
        terms = {"employer": "E1", "capacity": "employed"}
    else:
        terms = {"capacity": "flexible", "mode": draw(st.sampled_from(("pooling_only", "combined")))}
    first = draw(st.sampled_from((first_day(start).replace(day=15), last_day(start))))
    facts = [_enrolled(first_day(start), **terms), paid((start, start), first, **terms)]
    return facts + (_career(draw, start + 1, terms) if draw(st.booleans()) else [])


def traveller(draw: st.DrawFn) -> list[Fact]:
    """Months from elsewhere, told late, with a shorter or longer gap before the first month here."""
    terms = {"employer": "E1", "capacity": "employed"}
    end = draw(st.sampled_from(("2023-12", "2023-11", "2023-10", "2023-09", "2024-01")))
    start = JANUARY + draw(st.integers(0, 3))
    facts = [_enrolled(first_day(start), **terms), *_career(draw, start, terms)]
    facts.append({"fact": "transferred_in", "on": draw(st.sampled_from(("2024-02-15", "2024-03-05", "2024-06-30"))),
                  "person": "P", "history": [{"months": [f"2015-03/{end}"]}],
                  "account_amount": draw(st.sampled_from(("0.00", "3480.25")))})  # fmt: skip
    return facts


def _for_the_roll(draw: st.DrawFn, facts: list[Fact]) -> list[Fact]:
    """Sometimes the employer pays for its whole roll, or the money comes in two parts."""
    way = draw(st.sampled_from(("alone", "alone", "roll", "parts")))
    found: list[Fact] = []
    for each in facts:
        single = each["fact"] == "contribution_paid" and each.get("employer") and "/" not in each["months"][0]
        if each["fact"] == "contribution_paid" and each.get("employer") and way == "roll":
            found.append({name: value for name, value in each.items() if name != "person"})
        elif single and way == "parts":
            amount = draw(st.sampled_from(("595.95", "595.94", "575.40", "575.39", "300.00")))
            found.append({**each, "amount": amount})
            if draw(st.booleans()):
                found.append(
                    {**each, "amount": "300.00", "on": draw(st.sampled_from((each["on"], "2025-01-20")))}
                )
        else:
            found.append(each)
    return found


def jobless(draw: st.DrawFn) -> list[Fact]:
    """An employment, unemployment benefit, an employment again."""
    terms = {"employer": "E1", "capacity": "employed"}
    start = JANUARY + draw(st.integers(0, 4))
    count = draw(st.integers(1, 5))
    history = [{"months": [f"2019-01/{named(start)}"], **terms}]
    opened = {"fact": "opening_history", "on": "2024-01-01", "person": "P", "history": history}
    ended = {"fact": "enrolment_ended", "on": str(last_day(start)), "person": "P", **terms}
    facts: list[Fact] = [opened, ended, _enrolled(first_day(start + 1), capacity="unemployed")]
    for number in range(start + 1, start + 1 + count):
        facts.append(paid((number, number), first_day(number).replace(day=20), capacity="unemployed"))
    begin = start + 1 + count + draw(st.sampled_from((0, 0, 1, 3)))
    return [*facts, _enrolled(first_day(begin), **terms), *_career(draw, begin, terms)]


def _enrolled(on: object, **terms: Any) -> Fact:
    return {"fact": "enrolled", "on": str(on), "person": "P", **terms}


def _fees(draw: st.DrawFn) -> list[Fact]:
    """The large-amount fee: in time, late in the year, after the year, in part or not at all."""
    facts = []
    for year in (2024, 2025):
        on = draw(
            st.sampled_from((f"{year}-01-10", f"{year}-01-10", f"{year}-12-31", f"{year + 1}-01-01", None))
        )
        if on is not None:
            amount = draw(st.sampled_from(({}, {}, {}, {"amount": "120.00"}, {"amount": "180.00"})))
            facts.append({"fact": "supplement_contribution_paid", "on": on, "person": "P", "year": year,
                          "layer": "large_amount", **amount})  # fmt: skip
    return facts


def questions(draw: st.DrawFn, told: list[Fact]) -> list[Fact]:
    """Everything once at the end of what is known, and a few things on other days."""
    days = sorted({str(f["recorded"])[:10] if f.get("recorded") else str(f["on"]) for f in told})
    days = [each for each in days if each > "2024-01-01"] or ["2024-01-02"]
    some = st.sampled_from(days)
    known = [days[-1], draw(some)]
    names = sorted({str(f["claim"]) for f in told if f.get("claim") and f["fact"] == "claim_submitted"})
    asked: list[Fact] = [{"ask": "claim", "claim": c, "known": k} for k in known for c in names]
    person = {"person": "P"}
    employee_scheme = {**person, "scheme": "employee"}
    for k in known:
        for on in (k, draw(some)):
            asked.append({"ask": "benefit_status", **employee_scheme, "on": on, "known": k})
        asked.append({"ask": "contribution_months", **person, "on": draw(some), "known": k})
        asked.append({"ask": "personal_account", **person, "on": k, "known": k})
        asked += [
            {"ask": "year_totals", **employee_scheme, "year": year, "known": k} for year in (2024, 2025)
        ]
        asked += [{"ask": "allowance", **person, "on": k, "known": k}]
        asked += [
            {"ask": ask, **person, "on": k, "known": k}
            for ask in ("retirement", "lump_sum_due", "transfer_out")
        ]
        month = named(JANUARY + draw(st.integers(0, 14)))
        asked.append({"ask": "contribution_due", **person, "months": [month], "on": k, "known": k})
        asked.append({"ask": "back_payment", **person, "months": [month], "on": k, "known": k})
        asked.append({"ask": "refund_due", **employee_scheme, "on": k, "known": k})
    return asked
