"""Answers about claims: every figure, as known."""

from typing import Any

from tests.oracle.jinjiang.bills import admitted, billed, hospital
from tests.oracle.jinjiang.settling import Books, Settled, books, cap, paid_before_finding, refusal
from tests.oracle.jinjiang.verdicts import claims, first_filed, month_after
from tests.oracle.telling import Fact, Unsure, World, fen, of, on, recorded, yuan

Answer = dict[str, Any]


def claim(world: World, question: Fact) -> Answer:
    """Settlement of a claim."""
    fact = claims(world).get(question["claim"])
    if fact is None:
        raise Unsure
    book = books(world, fact["person"])
    said = book.verdicts[fact["claim"]]
    years = list(said.parts or range(max(2018, admitted(fact).year), on(fact).year + 1))
    reasons = [refusal(book, fact["claim"], year) for year in years]
    own = book.alive_of(fact["claim"])
    if all(reasons):
        if len(set(reasons)) > 1:
            raise Unsure  # each year of a split stay for a reason of its own: which one is the claim's is not said
        return _refused(world, fact, str(reasons[0]))
    if said.missing:
        raise said.missing
    if not own:
        raise Unsure
    return {**_paid(fact, own, len(years)), **_adjustment(world, fact, own), **_notes(world, fact)}


def _refused(world: World, fact: Fact, reason: str) -> Answer:
    total = yuan(billed(fact))
    result = {"outcome": "refused", "reason": reason, "pooled": "0.00", "total": total, "member": total}
    if reason == "falsified":
        result["receivable"] = yuan(max(0, _was_paid(world, fact) - _recovered(world, fact)))
    return result


def _was_paid(world: World, fact: Fact) -> int:
    paid = paid_before_finding(world, fact)
    if not paid:
        raise Unsure  # nothing stood on the day before the finding: what had been paid before is another matter
    return sum(s.pooled + s.layers.total for s in paid)


def _recovered(world: World, fact: Fact) -> int:
    told = of(world.facts, "recovery_received")
    named = [f for f in told if fact["claim"] in f.get("claims", [])]
    if any(len(f["claims"]) > 1 for f in named):
        raise Unsure
    return sum(fen(f["amount"]) for f in named)


def _paid(fact: Fact, own: list[Settled], years: int) -> Answer:
    total, pooled = billed(fact), sum(s.pooled for s in own)
    third = sum(s.part.third_party for s in own)
    result: Answer = {
        "outcome": "payable",
        "scheme": "resident",
        "total": yuan(total),
        "pooled": yuan(pooled),
        "left_after_pooled": yuan(total - pooled),
    }
    if third:
        result["other_payers"] = {"third_party": yuan(third)}
    if any(s.layers.pending for s in own):
        result["pending_layers"] = {"critical_illness": "critical_illness_terms"}
    else:
        result["member"] = yuan(max(0, total - third - pooled - sum(s.layers.total for s in own)))
    if fact["kind"] == "delivery":
        return result
    result["in_scope"] = yuan(sum(s.part.in_scope for s in own))
    result["deductible_charged"] = yuan(sum(s.charged for s in own))
    if years > 1:
        result["segments"] = [_segment(s) for s in own]
        return result
    return {**result, **_single(own[0])}


def _segment(one: Settled) -> Answer:
    return {
        "year": one.place.year,
        "total": yuan(one.part.total),
        "in_scope": yuan(one.part.in_scope),
        "deductible_charged": yuan(one.charged),
        "pooled": yuan(one.pooled),
        "outcome": "payable",
    }


def _single(one: Settled) -> Answer:
    result: Answer = {"year": one.place.year, "uncovered": yuan(one.part.uncovered)}
    if not one.part.uncovered:
        result["upfront_share"] = yuan(one.part.upfront)
        result["out_of_scope"] = yuan(one.part.out_of_scope)
    if not one.counted:
        return result
    result["stay_number"] = one.place.number
    result["deductible"] = yuan(one.place.deductible)
    result["cap_left"] = yuan(one.cap_left or 0)
    if one.limit is not None:
        result["limit"] = yuan(one.limit)
    layers = one.layers
    if not layers.pending:
        names = ("critical_illness", "special_group", "serious_disease", "surviving_spouse")
        told = ("medical_assistance", "supplementary_insurance", "accident_insurance")
        some = [name for name in told if getattr(layers, name)]
        result["supplement"] = {name: yuan(getattr(layers, name)) for name in (*names, *some)}
        result["steps"] = [{"step": "in_scope_left", "amount": yuan(layers.left)}]
    return result


def _money(own: list[Settled]) -> dict[str, int]:
    return {
        "resident_pooled": sum(s.pooled for s in own),
        "special_protection": sum(s.layers.special_group + s.layers.serious_disease for s in own),
        "others": sum(s.layers.total - s.layers.special_group - s.layers.serious_disease for s in own),
        "pending": sum(s.layers.pending for s in own),
    }


def _adjustment(world: World, fact: Fact, own: list[Settled]) -> Answer:
    """The change against the version before, where only the fund or the special protection changed."""
    now = _money(own)
    earlier = [at for at in world.learned() if recorded_first(world, fact) <= at < world.at]
    for at in reversed(earlier):
        then = world.seen_on(at)
        told = claims(then).get(fact["claim"])
        if told is None or told != fact:
            return {}
        book = books(then, fact["person"])
        before = _money(book.alive_of(fact["claim"]))
        if before != now:
            if (
                before["others"] != now["others"]
                or before["pending"]
                or now["pending"]
                or not _money_of(before)
            ):
                return {}
            changed = {n: now[n] - before[n] for n in now if now[n] != before[n]}
            changed["member"] = _money_of(before) - _money_of(now)
            return {"adjustment": {name: yuan(amount) for name, amount in changed.items()}}
    return {}


def _money_of(paid: dict[str, int]) -> int:
    return paid["resident_pooled"] + paid["special_protection"] + paid["others"]


def recorded_first(world: World, fact: Fact) -> Any:
    """When a claim was first told."""
    told = [f for f in world.told if f["fact"] == "claim_submitted" and f.get("claim") == fact["claim"]]
    return min(recorded(f) for f in told)


def _notes(world: World, fact: Fact) -> Answer:
    """Area of the hospital, where the text names it; whether filing took more than a month."""
    place = hospital(world, fact)
    if not place.pool and fact.get("emergency"):
        return {"area": "emergency"}
    if place.pool:
        return {"area": "local"}
    first_filed(world, fact)
    month_after(recorded(fact))
    return {}


def year_totals(world: World, question: Fact) -> Answer:
    """Counters of a year."""
    year, person = question["year"], question["person"]
    book: Books = books(world, person)
    alive = book.alive(year)
    counted = [s for s in alive if s.counted]
    result: Answer = {
        "stays": len({s.place.admission for s in counted}),
        "burden": yuan(sum(s.burden for s in counted)),
        "ordinary_outpatient": yuan(sum(s.pooled for s in alive if s.fact["kind"] == "ordinary_outpatient")),
    }
    if not any(s.fact["kind"] == "delivery" for s in alive):
        result["pooled"] = yuan(sum(s.pooled for s in counted))
    if counted:
        left = cap(world, counted[-1].fact) - sum(s.pooled for s in counted)
        result["cap_left"] = yuan(max(0, left))
    paid = {n: sum(getattr(s.layers, n) for s in alive) for n in ("critical_illness", "surviving_spouse")}
    supplement = {n: yuan(amount) for n, amount in paid.items() if amount}
    return {**result, "supplement": supplement} if supplement else result
