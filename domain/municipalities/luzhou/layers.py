"""Who pays after basic insurance: insurers, the top-up for workers from before 1949, other departments."""

from msgspec import Struct

from domain.facts import LayerPaid
from domain.municipalities.luzhou.assessment import Assessment, Part
from domain.municipalities.luzhou.eligibility import in_group
from domain.municipalities.luzhou.policy import figure
from domain.municipalities.luzhou.supplement import covers
from domain.municipalities.luzhou.trail import Trail
from domain.questions.answers import Step
from domain.rulebook.announcements import announcement
from domain.rulebook.citation import rule
from domain.rulebook.view import View
from domain.values.calendar import FAR_FUTURE
from domain.values.money import Ratio, round_fen, share
from domain.values.terms import AnnouncementKey, ClaimKind, Group, Layer, Scheme

INSURERS = (Layer.SUPPLEMENTARY_INSURANCE, Layer.CRITICAL_ILLNESS)


class Above(Struct, frozen=True):
    """What the layers above basic insurance pay for a claim, in fen."""

    paid: dict[Layer, int]
    pending: dict[Layer, str]
    steps: tuple[Step, ...] = ()

    @property
    def total(self) -> int:
        """All layers together."""
        return sum(self.paid.values())


@rule("LZ-53c", article="第五十三条第三款")
def co_payment_within_cap(part: Part, pooled: int) -> int:
    """In-scope co-payment inside the annual cap, without the deductible and what is out of scope (fen)."""
    if not part.rate:
        return 0
    reached = round_fen(Ratio(pooled) / part.rate)
    return max(0, min(max(0, part.in_scope - part.charged), reached) - pooled)


@rule("LZ-53c", article="第五十三条第三款")
def top_up(co_payment: int, supplement: int, rate: Ratio) -> int:
    """The employee fund pays 80% of what the supplement leaves of it, outside the annual cap (fen)."""
    return share(max(0, co_payment - supplement), rate)


@rule("LZ-51a", article="第五十一条")
def told_by_insurer(amount: int, left: int) -> int:
    """Benefits of a layer are not worked out here; what it paid is told, never above the bill (fen)."""
    return min(amount, left)


def above_basic(view: View, draft: Assessment, pooled: list[tuple[Part, int]], trail: Trail) -> Above:
    """Insurers first, then the top-up, then other departments (LZ-40b)."""
    left = draft.total - sum(fen for _, fen in pooled)
    told: dict[Layer, int] = {}
    for fact in view.facts(LayerPaid, claim=draft.claim.claim):
        if fact.claim == draft.claim.claim:
            told[fact.layer] = told.get(fact.layer, 0) + fact.amount
    paid: dict[Layer, int] = {}
    for layer in INSURERS:
        if layer in told:
            paid[layer] = trail.take(told_by_insurer(told.pop(layer), left))
            left -= paid[layer]
    steps: tuple[Step, ...] = ()
    if _topped_up(view, draft):
        supplement = paid.get(Layer.SUPPLEMENTARY_INSURANCE, 0)
        amount, step = _top_up(draft, pooled, supplement, trail)
        paid[Layer.SPECIAL_GROUP] = min(amount, left)
        left -= paid[Layer.SPECIAL_GROUP]
        steps = (step,)
    for layer, amount in told.items():
        trail.note(("LZ-40b",))
        paid[layer] = paid.get(layer, 0) + min(amount, left)
        left -= min(amount, left)
    return Above(paid, _pending(view, draft, paid), steps)


def _topped_up(view: View, draft: Assessment) -> bool:
    stays = draft.claim.kind is ClaimKind.INPATIENT and bool(draft.payable)
    employee = draft.scheme is Scheme.EMPLOYEE
    return stays and employee and in_group(view, draft.claim.person, Group.PRE_1949_WORKER, draft.claim.on)


def _top_up(
    draft: Assessment, pooled: list[tuple[Part, int]], supplement: int, trail: Trail
) -> tuple[int, Step]:
    base = sum(trail.take(co_payment_within_cap(part, fen)) for part, fen in pooled)
    rate: Ratio = figure("pre_1949.top_up_rate", draft.claim.on)
    amount = trail.take(top_up(base, min(supplement, base), rate))
    step = Step(
        step="co_payment_within_cap",
        amount=base,
        formula="min(在册费用 - 起付标准, 统筹支付 / 比例) - 统筹支付",
        rules=("LZ-53c",),
    )
    return amount, step


@rule("LZ-53b", article="第五十三条第二款")
def waits_for_soldier_terms(recognised: bool, announced: bool) -> bool:
    """Disabled soldiers of grade 1 to 6 have the scheme's benefits plus a subsidy, as announced."""
    return recognised and not announced


def _pending(view: View, draft: Assessment, paid: dict[Layer, int]) -> dict[Layer, str]:
    """Layers of which nothing can be said before their terms are announced."""
    claim, found = draft.claim, {}
    if not draft.payable or draft.visit:
        return {}
    if draft.scheme is Scheme.RESIDENT:
        key = AnnouncementKey.CRITICAL_ILLNESS_TERMS
        if Layer.CRITICAL_ILLNESS not in paid and announcement(view, key, claim.on) is None:
            found[Layer.CRITICAL_ILLNESS] = key.value
        return found
    if any(cover.from_ <= claim.on < (cover.to or FAR_FUTURE) for cover in covers(view, claim.person)):
        key = AnnouncementKey.SUPPLEMENT_TERMS
        if Layer.SUPPLEMENTARY_INSURANCE not in paid and announcement(view, key, claim.on) is None:
            found[Layer.SUPPLEMENTARY_INSURANCE] = key.value
    if in_group(view, claim.person, Group.DISABLED_SOLDIER, claim.on):
        key = AnnouncementKey.DISABLED_SOLDIER_TERMS
        if waits_for_soldier_terms(True, announcement(view, key, claim.on) is not None).value:
            found[Layer.SPECIAL_GROUP] = key.value
    return found
