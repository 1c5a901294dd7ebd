"""One claim by the rules of its kind, in the order of the refusal checks (section 0)."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction

from .basics import STARTS, Fact, Refused, Unanswered, day, fen, part, rounded
from .bills import bill, excluded, place
from .fees import in_arrears, newborn_condition, opened
from .known import World
from .settling import Book, Settled, first_care, governing_day, merged, outcome_of, part_of, split, stays_over
from .special import check, yearly_limit
from .standing import entitled

CAP = "70000.00"
MATERNITY = ("delivery", "termination", "prenatal_check", "family_planning")


def adjudicate(world: World, book: Book, fact: Fact) -> Settled:
    """The settlement of a claim with what is left of the limits now."""
    found = Settled(fact, None, day(fact["on"]).year, fact.get("insured_through") or fact["person"])
    others = merged(world, fact["claim"])
    found.merged_into = part_of(world, fact)
    if found.merged_into is not None:
        found.outcome, found.unsure = "payable", True
        return found
    decided = [f for f in world.of("claims_decided") if fact["claim"] in f["claims"]]
    found.unsure = any(f["decision"] != "split_stay" for f in decided)
    try:
        _checked(world, fact, others, found)
        _computed(world, book, fact, others, found)
    except Refused as refusal:
        found.outcome, found.reason = "refused", refusal.code
    except Unanswered as missing:
        found.error = missing
    return found


def _checked(world: World, fact: Fact, others: list[Fact], found: Settled) -> None:
    """Everything that is asked before anything is computed."""
    served = max(day(each["on"]) for each in (fact, *others))
    found.year = served.year
    if not STARTS <= served < world.ends:
        raise Unanswered("rules_not_in_force", day=served)
    when = min(first_care(each) for each in (fact, *others))
    standing = entitled(world, found.payer, when)
    found.capacity = standing.capacity
    if fact["kind"] == "special_disease" and in_arrears(world, found.payer, when):
        raise Refused("in_arrears")
    provider = world.provider(fact["provider"], governing_day(fact))
    if provider is None:
        raise Unanswered("fact_missing", "provider_registered.provider", served)
    if not provider.get("designated", True):
        raise Refused("provider_not_designated")
    if excluded(fact):
        raise Refused("cause_excluded")


def _computed(world: World, book: Book, fact: Fact, others: list[Fact], found: Settled) -> None:
    kind = fact["kind"]
    if fact.get("insured_through"):
        _through(world, fact, kind)
    ended = outcome_of(world, fact["claim"])
    died = "died" in ((ended or {}).get("outcome"), fact.get("outcome"))
    found.place = place(world, fact, governing_day(fact))
    setting = "outpatient" if kind == "negotiated_drug" else "inpatient"
    if kind == "special_disease":
        _special(world, book, fact, found)
        return
    if kind == "negotiated_drug":
        _drug(world, book, fact, found)
        return
    for each in (fact, *others):
        found.bill += bill(world, each, max(day(one["on"]) for one in (fact, *others)), setting)
    if kind == "inpatient" or (kind in ("emergency", "emergency_rescue") and died):
        served = max(day(each["on"]) for each in (fact, *others))
        _stay(world, book, found, served, waived=kind != "inpatient")
    elif kind in ("emergency", "emergency_rescue", "ordinary_outpatient"):
        _outpatient(world, book, found)
    elif kind in MATERNITY:
        _maternity(world, book, fact, found)
    else:
        found.unsure = True


def _through(world: World, fact: Fact, kind: str) -> None:
    """Conditions of a newborn or a spouse (DX-37a, 39a)."""
    if kind == "inpatient":
        if not newborn_condition(world, fact):
            raise Refused("newborn_condition_not_met")
        return
    told = world.of(
        "relationship_recorded",
        person=fact["insured_through"],
        relative=fact["person"],
        relationship="spouse",
    )
    if not told or told[-1].get("relative_cover") is None:
        raise Unanswered("fact_missing", "relationship_recorded.relative_cover", day(fact["on"]))
    if told[-1]["relative_cover"] != "none":
        raise Refused("spouse_insured")


def left_of_cap(world: World, book: Book, person: str, year: int, when: date) -> int:
    """What is left of the 70,000 of a year (DX-22c)."""
    return max(0, fen(world.replaced("DX-22c", when, CAP)) - used_of_cap(world, book, person, year))


def used_of_cap(world: World, book: Book, person: str, year: int) -> int:
    """What was paid in a year; more than the cap when use before the ledger was learned late (DX-20f)."""
    counted = {c: s.pooled for c, s in book.items() if s.counted and (s.payer, s.year) == (person, year)}
    spent = opened(world, person, year, "pooled_paid") + sum(counted.values())
    for fact in world.of("sanction_decided"):
        back = sum(counted.get(claim, 0) for claim in fact.get("claims") or [])
        spent -= min(fen(fact.get("recovered") or 0), back)
    return spent


def _others(book: Book, found: Settled, layer: Callable[[Settled], bool]) -> list[Settled]:
    mine = [s for s in book.values() if not s.open and s.merged_into is None and layer(s)]
    return [s for s in mine if s.fact["person"] == found.fact["person"] and s.year == found.year]


def _stay(world: World, book: Book, found: Settled, served: date, waived: bool) -> None:
    assert found.place is not None
    found.deductible = 0 if waived else found.place.deductible
    found.rate = found.place.rate
    found.charged = min(found.deductible, found.bill.in_scope)
    left = left_of_cap(world, book, found.payer, found.year, served)
    exact = max(0, found.bill.in_scope - found.deductible) * found.rate
    found.pooled = min(rounded(exact), left)
    found.cap_left = left - found.pooled
    found.counted = True
    newborn = bool(found.fact.get("insured_through"))
    found.layer, found.own = (None, 0) if newborn else ("stay", found.bill.catalogue - found.pooled)


def _outpatient(world: World, book: Book, found: Settled) -> None:
    """DX-21b."""
    assert found.place is not None
    when = day(found.fact["on"])
    terms = world.announced("ordinary_outpatient_terms", when)
    retired = found.capacity == "retired"
    rates = (terms.get("rates_retired") if retired else None) or terms["rates"]
    provider = world.provider(found.fact["provider"], when)
    key = str((provider or {}).get("level") or 0)
    graded = [key + str((provider or {}).get("grade")), key, str(found.place.level)]
    rate = part(next(rates[each] for each in graded if each in rates)) - found.place.points
    kinds = ("emergency", "emergency_rescue", "ordinary_outpatient")
    mates = _others(book, found, lambda s: s.fact["kind"] in kinds and not s.counted)
    found.deductible = fen(terms.get("annual_deductible") or 0)
    left = max(0, found.deductible - sum(s.charged for s in mates))
    found.charged = min(left, found.bill.in_scope)
    found.rate = rate
    found.pooled = rounded(max(0, found.bill.in_scope - left) * rate)
    cap = (terms.get("annual_cap_retired") if retired else None) or terms.get("annual_cap")
    if cap is not None:
        found.limit = fen(cap)
        found.cap_left = max(0, found.limit - sum(s.pooled for s in mates))
        found.pooled = min(found.pooled, found.cap_left)
        found.cap_left -= found.pooled


def _special(world: World, book: Book, fact: Fact, found: Settled) -> None:
    """DX-30, 31, 34, 45c."""
    when, person = day(fact["on"]), fact["person"]
    check(world, person, str(fact["disease"]), when)
    if stays_over(world, fact):
        raise Refused("during_stay")
    found.bill = bill(world, fact, when, "outpatient")
    found.rate, found.limit, found.layer = part("0.70"), yearly_limit(world, person, when), "special"
    paid = sum(s.pooled for s in _others(book, found, lambda s: s.layer == "special"))
    paid += opened(world, person, when.year, "special_disease_paid")
    left = max(0, found.limit - paid)
    exact = found.bill.in_scope * part("0.70")
    found.pooled = min(rounded(exact), left)
    within = exact <= left
    found.own = (found.bill.in_scope - found.pooled) if within else rounded(left / part("0.7")) - left


def _drug(world: World, book: Book, fact: Fact, found: Settled) -> None:
    """DX-45d."""
    when = day(fact["on"])
    terms = world.announced("negotiated_drug_terms", when, fact.get("disease"))["outpatient"]
    found.bill = bill(world, fact, when, "outpatient")
    drugs = bill(
        world, {**fact, "lines": [x for x in fact["lines"] if x["class"] == "negotiated"]}, when, "outpatient"
    )
    share = 1 - part(terms["upfront_share"])
    found.rate, found.layer = part(terms["rate"]), "drug"
    found.pooled = rounded(drugs.catalogue * share * found.rate)
    if terms.get("annual_cap") is not None:
        mates = _others(book, found, lambda s: s.layer == "drug")
        found.pooled = min(found.pooled, max(0, fen(terms["annual_cap"]) - sum(s.pooled for s in mates)))
    found.own = drugs.catalogue - found.pooled


def _maternity(world: World, book: Book, fact: Fact, found: Settled) -> None:
    """DX-36, 38."""
    told = fact.get("maternity") or {}
    if fact["kind"] == "family_planning" or told.get("reason") == "family_planning":
        found.rate = part("0.85")
        found.pooled = rounded(found.bill.in_scope * found.rate)
        return
    if fact["kind"] == "prenatal_check":
        if told.get("pregnancy") is None:
            raise Unanswered("fact_missing", "claim_submitted.maternity.pregnancy", day(fact["on"]))
        mates = [s for s in book.values() if s.fact["kind"] == "prenatal_check" and not s.open]
        same = [s for s in mates if (s.fact.get("maternity") or {}).get("pregnancy") == told["pregnancy"]]
        found.limit = 200_000
        found.pooled = min(found.bill.in_scope, max(0, found.limit - sum(s.pooled for s in same)))
        return
    found.limit = _limit_of_birth(told, fact["kind"], day(fact["on"]))
    found.pooled = min(found.bill.in_scope, found.limit)


def _limit_of_birth(told: Fact, kind: str, when: date) -> int:
    if kind == "termination":
        if told.get("gestation_months") is None:
            raise Unanswered("fact_missing", "claim_submitted.maternity.gestation_months", when)
        months = Fraction(str(told["gestation_months"]))
        return 350_000 if months >= 7 else 250_000 if months >= 4 else 200_000
    if told.get("delivery_mode") is None:
        raise Unanswered("fact_missing", "claim_submitted.maternity.delivery_mode", when)
    single = {"natural": 350_000, "difficult": 450_000, "caesarean": 550_000}[told["delivery_mode"]]
    return single + 100_000 * ((told.get("babies") or 1) - 1)


def parts_of(world: World, fact: Fact) -> list[Fact]:
    """All bills settled with this one."""
    return (
        [fact, *merged(world, fact["claim"])]
        if not split(world, fact["claim"])
        else split(world, fact["claim"])
    )
