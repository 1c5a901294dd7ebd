"""Lives in Suizhou: jobs, flexible years, residents, births, retirements and their bills, near every limit."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from tests.oracle.perturbing import perturbed
from tests.oracle.suizhou.bill_drawing import PROVIDERS
from tests.oracle.suizhou.careers import LIVES
from tests.oracle.suizhou.lives import Draw, Life
from tests.oracle.suizhou.surroundings import surroundings
from tests.oracle.suizhou.text import Fact, day, first, month_of, recorded

CORRECTIONS: dict[str, list[dict[str, Any]]] = {
    "contribution_paid": [{"base": "6100.00"}, {"base": "4200.00"}],
    "claim_submitted": [
        {"lines": [{"class": "A", "amount": "9000.00"}]},
        {"lines": [{"class": "A", "amount": "700.00"}, {"class": "B", "amount": "33333.33"}]},
    ],
    "personal_account_spent": [{"amount": "50.00"}],
    "group_recognised": [{"group": "returned_to_poverty"}],
    "insured_counted": [{"count": 4321}],
    "employer_wages_declared": [{"monthly_average": "7777.77"}],
}
LOOSE = (
    *CORRECTIONS,
    "resident_contribution_paid",
    "special_disease_approved",
    "transferred_in",
    "opening_counters",
)


JUDGED = ("resident_contribution_paid", "personal_account_spent", "refund_requested", "enrolled")


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Fact], list[Fact]]:
    """One person's facts as the agency learned them, and questions around every change."""
    life = Life(Draw(draw))
    draw(st.sampled_from(LIVES))(life)
    surroundings(life)
    loose = [f for f in life.facts if f["fact"] in LOOSE]
    fixed = [f for f in life.facts if f["fact"] not in LOOSE]
    if draw(st.integers(0, 2)):
        loose = perturbed_in_order(draw, loose)
    used = {f.get("provider") for f in life.facts}
    facts = [
        {**f, "fact": "provider_registered", "on": "2024-01-01"} for f in PROVIDERS if f["provider"] in used
    ]
    facts += fixed + loose
    facts = [{**f, "id": f.get("id", f"x{n}")} for n, f in enumerate(facts)]
    return facts, questions(draw, facts)


def perturbed_in_order(draw: st.DrawFn, loose: Sequence[Fact]) -> list[Fact]:
    """Late, twice, corrected, withdrawn; times of recording cut to days, as agencies do."""
    told = draw(perturbed(loose, CORRECTIONS))
    return [{**f, "recorded": recorded(f).date().isoformat()} for f in told]


def questions(draw: st.DrawFn, facts: Sequence[Fact]) -> list[Fact]:
    """Everything that can be asked about the one person, at several (E, K)."""
    moments = sorted({recorded(f).date() for f in facts})
    asked: list[Fact] = []

    def known() -> str:
        when = draw(st.sampled_from(moments)) - timedelta(
            days=draw(st.sampled_from((0, 0, 0, 1, -1, -31, -95)))
        )
        return when.isoformat()

    end = moments[-1].isoformat()
    claims = sorted({f["claim"] for f in facts if "claim" in f})
    judged = [f["id"] for f in facts if f["fact"] in JUDGED and not f.get("void")]
    asked += [{"ask": "acceptance", "id": name, "known": end} for name in dict.fromkeys(judged)]
    for claim in claims:
        asked += [{"ask": "claim", "claim": claim, "known": k} for k in dict.fromkeys((known(), end))]
    schemes = ("employee", "employee", "employee", "resident")
    if "resident_contribution" in {f.get("key") for f in facts}:
        schemes = ("employee", "employee", "resident", "resident")
    for scheme in schemes:
        who = {"person": "P", "scheme": scheme, "known": known()}
        asked.append({"ask": "benefit_status", **who, "on": edge(draw, moments).isoformat()})
    k = known()
    asked.append({"ask": "personal_account", "person": "P", "on": k, "known": k})
    return asked + at(draw, facts, end)


def at(draw: st.DrawFn, facts: Sequence[Fact], k: str) -> list[Fact]:
    """Questions about a day as known on that day, as far as the facts give reason to ask."""
    kinds = {f["fact"] for f in facts}
    about = ["personal_account", "contribution_months"]
    about += ["allowance"] if "maternity_event_reported" in kinds else []
    about += ["retirement", "lump_sum_due"] if "retired" in kinds else []
    who = {"person": "P", "known": k}
    asked: list[Fact] = [{"ask": kind, **who, "on": k} for kind in about]
    resident = "resident_contribution" in {f.get("key") for f in facts}
    for scheme in ("employee", "resident") if resident else ("employee",):
        own = {**who, "scheme": scheme, "year": draw(st.sampled_from((2024, 2025, 2025, 2026)))}
        asked += [{"ask": "year_totals", **own}] if "claim_submitted" in kinds else []
        asked += [{"ask": "refund_due", **own, "on": k}] if "refund_requested" in kinds else []
    if resident:
        asked.append({"ask": "contribution_due", **who, "scheme": "resident", "year": 2026, "on": k})
    return asked


def edge(draw: st.DrawFn, moments: Sequence[date]) -> date:
    """A day at the edge of a month near something told, or the very day."""
    near = draw(st.sampled_from(moments))
    if draw(st.booleans()):
        return near
    start = first(month_of(near) + draw(st.integers(-4, 6)))
    return start - timedelta(days=draw(st.sampled_from((0, 0, 1, 10))))


__all__ = ["day", "histories"]
