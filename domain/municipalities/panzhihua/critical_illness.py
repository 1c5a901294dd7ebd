"""Critical illness above basic insurance (art. 24)."""

from typing import Any

from msgspec.structs import replace

from domain.municipalities.panzhihua.announced import terms
from domain.municipalities.panzhihua.benefits import counted_kinds, critical_illness_due
from domain.municipalities.panzhihua.contribution import groups_on
from domain.municipalities.panzhihua.reckoning import Care, Counters, Reckoned
from domain.questions.answers import Step
from domain.rulebook.citation import joined
from domain.rulebook.view import View
from domain.values.terms import AnnouncementKey as Key
from domain.values.terms import ClaimKind


def with_critical_illness(view: View, care: Care, done: Reckoned, counters: Counters) -> Reckoned:
    """Add the burden of the claim to the year's and pay what is due above what was paid before."""
    if care.claim.kind is ClaimKind.DELIVERY:
        return done
    announced = terms(view, Key.CRITICAL_ILLNESS_TERMS, care.day, ("PZ-24b",))
    if str(care.claim.kind) not in counted_kinds(announced):
        return done
    year = care.day.year
    own = done.bill.in_scope - done.pooled
    burden = counters.of("burden", year) + own
    bands, cap = _schedule(view, care, announced)
    due = critical_illness_due(burden, bands, cap)
    paid = max(0, min(due.value - counters.of("critical_illness", year), own))
    step = Step(step="critical_illness_burden", amount=burden, rules=due.because)
    return replace(
        done,
        critical_illness=paid,
        used={**done.used, "burden": own, "critical_illness": paid},
        steps=(*done.steps, step),
        because=joined(done.because, due.because),
    )


def _schedule(view: View, care: Care, announced: Any) -> tuple[Any, Any]:
    """The bands and cap that apply to the person on the attribution date."""
    preferred = announced.get("preferred")
    if preferred:
        groups = {str(group) for group in groups_on(view, care.claim.person, care.day)}
        if not groups.isdisjoint(preferred.get("groups", ())):
            return preferred["bands"], preferred.get("cap")
    return announced["bands"], announced.get("cap")
