"""What happens to a tidy history on its way to the agency: late, twice, corrected, withdrawn, out of order."""

from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import strategies as st

from domain.values.calendar import Moment

Fact = dict[str, Any]
DAY = 86_400_000_000
# In days: the next day, within the ninety days, about half a year, over a year end, years late.
DELAYS = (1, 20, 89, 90, 91, 180, 200, 366, 800)


@st.composite
def perturbed(
    draw: st.DrawFn, facts: Sequence[Fact], changes: Mapping[str, Sequence[Mapping[str, Any]]] | None = None
) -> list[Fact]:
    """The same facts as the agency might learn them; `changes` names, per kind of fact, fields a correction may tell.

    A withdrawn or corrected fact keeps its place and gets a later fact that says so.
    """
    arrived = [_delayed(draw, {**fact, "id": fact.get("id", f"f{n}")}) for n, fact in enumerate(facts, 1)]
    later: list[Fact] = []
    for fact in arrived:
        fate = draw(st.sampled_from(("plain",) * 9 + ("withdrawn", "corrected", "twice")))
        if fate == "withdrawn":
            later.append({**_after(draw, fact), "fact": fact["fact"], "corrects": fact["id"], "void": True})
        elif fate == "corrected" and (changes or {}).get(fact["fact"]):
            told = draw(st.sampled_from(list((changes or {})[fact["fact"]])))
            later.append({**fact, **told, **_after(draw, fact), "on": fact["on"], "corrects": fact["id"]})
        elif fate == "twice":
            later.append(dict(fact))
    return [*arrived, *later]


def _delayed(draw: st.DrawFn, fact: Fact) -> Fact:
    """The fact, told at once or (one in four) some time after it happened."""
    happened = Moment.parse(str(fact.get("recorded") or fact["on"]))
    days = draw(st.sampled_from((0,) * 3 * len(DELAYS) + DELAYS))
    return {**fact, "recorded": str(Moment(int(happened) + days * DAY))}


def _after(draw: st.DrawFn, fact: Fact) -> Fact:
    """Id, date and time of recording of something told about a fact afterwards."""
    moment = Moment(int(Moment.parse(fact["recorded"])) + draw(st.sampled_from(DELAYS)) * DAY)
    return {"id": f"{fact['id']}.later", "on": str(moment.day), "recorded": str(moment)}
