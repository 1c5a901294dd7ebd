"""Which layers above the basic fund cover a person, and when."""

from collections.abc import Iterator
from datetime import date

from domain.events.consequences import LayerCover
from domain.municipalities.jinjiang.cover import pieces
from domain.municipalities.jinjiang.layers import in_special_groups, years_with_assistance
from domain.municipalities.jinjiang.people import in_group, memberships
from domain.rulebook.view import View
from domain.values.period import Period, merged, split_at
from domain.values.terms import Group, Layer, Status

LAYERS = (Layer.CRITICAL_ILLNESS, Layer.SUPPLEMENTARY_INSURANCE, Layer.ACCIDENT_INSURANCE)


def layer_covers(view: View, person: str) -> Iterator[LayerCover]:
    """The layers bought or run for every enrolled person, and the local ones for members of their groups."""
    days = [d for _, p in memberships(view, person) for d in (p.from_, p.to) if d is not None]
    for piece in pieces(view, person):
        if piece.status is not Status.COVERED:
            continue
        whole = Period(piece.from_, piece.to)
        for layer in LAYERS:
            yield _layer(person, layer, whole, "JJ-6.2f")
        parts = split_at(whole, days)
        spouse = [p for p in parts if in_group(view, person, Group.VETERAN_CADRE_SURVIVING_SPOUSE, p.from_)]
        for period in merged(spouse):
            yield _layer(person, Layer.SURVIVING_SPOUSE, period, "JJ-6.3a")
        for period in merged(p for p in parts if _protected(view, person, p.from_)):
            yield _layer(person, Layer.SPECIAL_GROUP, period, "JJ-6.2a")


def _protected(view: View, person: str, day: date) -> bool:
    """A member of the special groups without medical assistance on the day or in its year (JJ-6.2a)."""
    if in_group(view, person, Group.MEDICAL_ASSISTANCE_RECIPIENT, day):
        return False
    return in_special_groups(view, person, day) and day.year not in years_with_assistance(view, person)


def _layer(person: str, layer: Layer, period: Period, rule_id: str) -> LayerCover:
    return LayerCover(person=person, layer=layer, from_=period.from_, to=period.to, because=(rule_id,))
