"""What pays after the basic fund (JJ-6.1m, 6.2a to 6.3b, 7.1e)."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tests.oracle.jinjiang.announcing import announced
from tests.oracle.jinjiang.bills import Hospital, admitted, hospital
from tests.oracle.jinjiang.people import born, groups, member
from tests.oracle.telling import Fact, Unsure, World, fen, of, on, share, since, until, years_after


@dataclass
class Layers:
    """Payments by layer in fen; `left` is R; `pending` while the schedule is not announced."""

    critical_illness: int = 0
    medical_assistance: int = 0
    supplementary_insurance: int = 0
    accident_insurance: int = 0
    special_group: int = 0
    serious_disease: int = 0
    surviving_spouse: int = 0
    left: int = 0
    pending: bool = False

    @property
    def total(self) -> int:
        """Paid by all of them."""
        insurers = self.medical_assistance + self.supplementary_insurance + self.accident_insurance
        special = self.special_group + self.serious_disease + self.surviving_spouse
        return self.critical_illness + insurers + special


def scheduled(terms: dict[str, Any], burden: int) -> int:
    """f(x) of JJ-6.1m, in fen."""
    due = Decimal(0)
    for band in terms["bands"]:
        top = fen(band["to"]) if band.get("to") else burden
        due += max(0, min(burden, top) - fen(band["over"])) * Decimal(band["rate"])
    if terms.get("cap"):
        due = min(due, Decimal(fen(terms["cap"])))
    return int(due.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def critical(world: World, fact: Fact, year: int, layers: Layers, before: int, burden: int) -> None:
    """JJ-6.1m."""
    terms = announced(world.facts, "critical_illness_terms", year, on(fact))
    if terms is None:
        layers.pending = True
    else:
        layers.critical_illness = scheduled(terms, before + burden) - scheduled(terms, before)


def last_layers(world: World, fact: Fact, layers: Layers, burden: int, spouse_paid: int) -> None:
    """Assistance, insurers, 50% or 70%, surviving spouse; each on what the one before has left."""
    if layers.pending:
        return
    told = {name: _told(world, fact, name) for name in ("medical_assistance", "supplementary_insurance")}
    left = burden - layers.critical_illness
    if told["medical_assistance"] > left:
        raise Unsure
    layers.medical_assistance = told["medical_assistance"]
    left -= layers.medical_assistance
    layers.supplementary_insurance = min(told["supplementary_insurance"], left)
    left -= layers.supplementary_insurance
    layers.accident_insurance = min(_told(world, fact, "accident_insurance"), left)
    left -= layers.accident_insurance
    layers.left = left
    if _serious(world, fact, hospital(world, fact)):
        layers.serious_disease = share(left, "0.7")
    elif _special_group(world, fact):
        layers.special_group = share(left, "0.5")
    left -= layers.serious_disease + layers.special_group
    spouse = member(world.facts, fact["person"], "veteran_cadre_surviving_spouse", on(fact))
    if spouse and fact["kind"] == "inpatient":
        limit = max(0, replaced(world, fact, "JJ-6.3a", 50_000) - spouse_paid)
        layers.surviving_spouse = min(share(left, "0.5"), limit)


def _told(world: World, fact: Fact, layer: str) -> int:
    paid = sum(fen(f["amount"]) for f in of(world.facts, "layer_paid", claim=fact["claim"], layer=layer))
    if paid and admitted(fact).year != on(fact).year and fact["kind"] == "inpatient":
        raise Unsure  # which part of a split stay it belongs to is not said
    return paid


def _special_group(world: World, fact: Fact) -> bool:
    """JJ-6.2a."""
    person, at = fact["person"], on(fact)
    if member(world.facts, person, "medical_assistance_recipient", at) or assisted(world, person, at.year):
        return False
    further = announced(world.facts, "special_group_extension", at.year, at) or {"groups": []}
    named = {"hardship_party_member", "disability_certificate", "severe_disability", *further["groups"]}
    for held in groups(world.facts, person, at):
        if held["group"] in named:
            return True
        if held["group"] == "daughter_family" and held.get("daughters") in (1, 2):
            return True
    return False


def assisted(world: World, person: str, year: int) -> bool:
    """Any medical assistance above 0 dated in a year."""
    own = {f["claim"] for f in of(world.facts, "claim_submitted", person=person)}
    return any(
        on(f).year == year and fen(f["amount"]) > 0
        for f in of(world.facts, "layer_paid", layer="medical_assistance")
        if f.get("person") == person or f.get("claim") in own
    )


def _serious(world: World, fact: Fact, place: Hospital) -> bool:
    """JJ-6.2b."""
    listed = fact.get("disease", "") in {str(n) for n in range(1, 26)}
    if fact["kind"] != "inpatient" or not listed or place.pool or place.level != 3:
        return False
    if fact["disease"] in ("7", "8"):
        birth = born(world.facts, fact["person"])
        if birth is None:
            raise Unsure
        if admitted(fact) >= years_after(birth, 15):
            return False
    return bool(fact.get("emergency")) or _referred(world, fact, place, admitted(fact))


def _referred(world: World, fact: Fact, place: Hospital, at: date) -> bool:
    for told in of(world.facts, "patient_referred", person=fact["person"]):
        there = told.get("to_provider") == fact["provider"]
        if there or ("to_place" in told and told["to_place"][:4] == str(place.told["place"])[:4]):
            if on(told) > at:
                raise Unsure
            return True
    return False


def replaced(world: World, fact: Fact, rule: str, yuan: int) -> int:
    """A figure of the text, or what has replaced it on the claim's own date (JJ-11.1a), in fen."""
    found = fen(yuan)
    for told in of(world.facts, "parameter_announced", key="parameter_replaced"):
        if told["value"]["rule"] == rule and since(told) <= on(fact) < until(told):
            found = fen(told["value"]["value"])
    return found
