"""What else is known of an invented person: earlier years, groups, other cover, departures, places of care."""

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from tests.oracle.telling import Fact

HISTORY: tuple[list[int] | None, ...] = (None, [2023], [2023], [2023], [2022], [2022, 2023])
GROUPS: tuple[dict[str, Any], ...] = (
    {"group": "minimum_living", "hardship": True},
    {"group": "severe_disability", "hardship": True},
    {"group": "orphan", "hardship": True},
    {"group": "extreme_poverty", "hardship": True},
    {"group": "rural_low_income"},
    {"group": "former_employee"},
)


def day_of(draw: st.DrawFn, first: str, last: str, *edges: str) -> date:
    """A day of a span, or one of its edges."""
    begins, ends = date.fromisoformat(first), date.fromisoformat(last)
    anywhere = st.integers(0, (ends - begins).days).map(lambda n: begins + timedelta(days=n))
    return draw(st.one_of(anywhere, st.sampled_from([date.fromisoformat(e) for e in edges or (first,)])))


def standing(draw: st.DrawFn, birth: str | None) -> list[Fact]:
    """Earlier years, groups, other cover, departures, residence elsewhere, referrals."""
    told: list[Fact] = []
    years = None if birth else draw(st.sampled_from(HISTORY))
    if years:
        told.append({"fact": "opening_history", "on": "2023-01-01", "person": "M", "resident_years": years})
    for group in draw(st.lists(st.sampled_from(GROUPS), max_size=2, unique_by=lambda g: str(g["group"]))):
        since = max(str(day_of(draw, "2023-09-01", "2024-06-01", "2023-10-10", "2024-04-01")), birth or "")
        told.append({"fact": "group_recognised", "on": since, "person": "M", **group})
    fate, at = (
        draw(st.integers(0, 11)),
        str(day_of(draw, "2023-10-01", "2025-04-01", "2023-12-31", "2024-01-01")),
    )
    if fate == 0 and at > (birth or ""):
        told.append({"fact": "person_died", "on": at, "person": "M"})
    elif fate in (1, 2, 3):
        until = draw(st.sampled_from((None, "2024-03-01", "2024-09-01", "2025-01-01")))
        kind = draw(st.sampled_from(("employee", "employee", "other", "employee_due")))
        if until is None or until > at:
            told.append(
                {
                    "fact": "other_cover_recorded",
                    "on": at,
                    "person": "M",
                    "cover": kind,
                    "from": at,
                    "to": until,
                }
            )
    elif fate == 4:
        reason = draw(st.sampled_from(("moved_away", "settled_abroad", "moved_within_area")))
        told.append(
            {"fact": "enrolment_ended", "on": at, "person": "M", "scheme": "resident", "reason": reason}
        )
    return [*told, *_elsewhere(draw)]


def _elsewhere(draw: st.DrawFn) -> list[Fact]:
    """A residence elsewhere, and referrals."""
    told: list[Fact] = []
    if not draw(st.integers(0, 2)):
        lives = {"category": "long_term_resident", "place": draw(st.sampled_from(("510100", "530000")))}
        until = draw(st.sampled_from((None, "2024-06-01")))
        told.append(
            {"fact": "out_of_area_registered", "on": "2024-02-01", "person": "M", "to": until, **lives}
        )
    for number in range(draw(st.integers(0, 2))):
        sent: Fact = draw(
            st.sampled_from(({"from_level": 2}, {"from_level": 3}, {"from_provider": "level2"}))
        )
        sent = {**sent, "to_provider": draw(st.sampled_from(("chengdu3", "chengdu2", "kunming3")))}
        told.append({"fact": "patient_referred", "on": f"2024-0{3 + number}-10", "person": "M", **sent})
    return told
