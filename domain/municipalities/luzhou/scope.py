"""What of a bill is in scope: catalogues, class B shares, price standards and limits (chapter 10.1)."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from msgspec import Struct

from domain.errors import FactMissing
from domain.facts.parts import Line, YearTotalLine
from domain.municipalities.luzhou.policy import figure
from domain.municipalities.luzhou.trail import Trail
from domain.rulebook.announcements import announcement, fen_in
from domain.rulebook.citation import rule
from domain.rulebook.view import View
from domain.values.money import Ratio, round_fen
from domain.values.terms import AnnouncementKey, ItemClass, ItemKind, Scheme

WHOLE = Ratio(1)
NOTHING = Ratio(0)


class Charge(Struct, frozen=True):
    """A line of a bill on its day; `payable` is False where a rule keeps it out of the stay."""

    day: date
    line: Line
    payable: bool = True


class Bill(Struct, frozen=True):
    """Everything billed for one stay or visit: lines, or ready totals by calendar year."""

    charges: tuple[Charge, ...] = ()
    totals: tuple[YearTotalLine, ...] = ()

    @property
    def years(self) -> list[int]:
        """The calendar years in which something was billed."""
        return sorted({charge.day.year for charge in self.charges} | {each.year for each in self.totals})

    def of(self, year: int) -> "Bill":
        """The part of one calendar year."""
        return Bill(
            tuple(charge for charge in self.charges if charge.day.year == year),
            tuple(each for each in self.totals if each.year == year),
        )

    def with_(self, other: "Bill") -> "Bill":
        """Both bills as one."""
        return Bill(self.charges + other.charges, self.totals + other.totals)

    @property
    def total(self) -> int:
        """Billed in all, in fen."""
        lines = sum((_billed(charge.line) for charge in self.charges), Decimal(0))
        return round_fen(lines) + sum(each.total for each in self.totals)


class Scope(Struct, frozen=True):
    """Fen of a bill inside the catalogues, and the class B shares that stay with the member."""

    in_scope: int
    upfront: int


@rule("LZ-34b", article="第三十四条（二）")
def class_b_share(scheme: Scheme, tier: int | None, on: date) -> Ratio:
    """Class B counts with 90% for employees, 70% for residents of tier 1 and 80% of tier 2."""
    shares: Mapping[str, Ratio] = figure("scope.class_b_share", on)
    if scheme is Scheme.RESIDENT and tier is None:
        raise FactMissing("resident_contribution_paid.tier", on, ("LZ-34b",))
    return shares["employee" if scheme is Scheme.EMPLOYEE else f"resident_{tier}"]


@rule("LZ-27a", article="第二十七条")
def price_in_scope(unit_price: int, standard: int | None) -> int:
    """An item counts up to its price standard or negotiated price, in fen for one unit."""
    return unit_price if standard is None else min(unit_price, standard)


@rule("LZ-34c", article="第三十四条（三）")
def limited_price(price: int, limit: int) -> int:
    """A material counts up to its limit price; the excess is non-basic. Fen for one unit."""
    return min(price, limit)


@rule("LZ-34a", article="第三十四条（一）")
def class_b_by_price(item: ItemKind, tested: int, on: date) -> bool:
    """An examination from 200, a treatment from 500, an operation from 1,000 yuan is class B, tested on one item."""
    thresholds: Mapping[str, int] = figure("scope.class_b_threshold", on)
    threshold = thresholds.get(f"{item}_yuan")
    return threshold is not None and tested >= threshold


@rule("LZ-31c", article="第三十一条")
def outside_test_counts(approved: bool) -> bool:
    """A test done outside during a stay counts only if the hospital's insurance office approved it."""
    return approved


@rule("LZ-34d", article="第三十四条（三）")
def catalogued(line: Line, entry: Mapping[str, Any]) -> Line:
    """A dated catalogue announcement gives class, price standard and limit price; before it a new item is class C."""
    given: dict[str, Any] = {name: getattr(line, name) for name in Line.__struct_fields__}
    if "class" in entry:
        given["class_"] = _class(str(entry["class"]))
    for name in ("price_standard", "limit_price"):
        if name in entry and given[name] is None:
            given[name] = fen_in(entry[name])
    return Line(**given)


def scope_of(view: View, bill: Bill, scheme: Scheme, tier: int | None, on: date, trail: Trail) -> Scope:
    """In-scope expense of a bill for a scheme and tier, summed unrounded and rounded once (fen)."""
    counted = Decimal(0)
    upfront = Decimal(0)
    for charge in bill.charges:
        worth, share = _line_scope(view, charge, scheme, tier, on, trail)
        counted += worth * share
        upfront += worth * (WHOLE - share) if share else 0
    ready = 0
    for each in bill.totals:
        if each.in_scope is None:
            raise FactMissing("claim_submitted.totals.in_scope", on, ("LZ-27a",))
        ready += each.in_scope
    return Scope(round_fen(counted) + ready, round_fen(counted + upfront) - round_fen(counted))


def _line_scope(
    view: View, charge: Charge, scheme: Scheme, tier: int | None, on: date, trail: Trail
) -> tuple[Decimal, Ratio]:
    """What a line is worth within the price limits, and the share of it that counts."""
    line = _from_catalogue(view, charge, trail)
    if line.outside is not None and not trail.take(outside_test_counts(line.outside.approved)):
        return Decimal(0), NOTHING
    if not charge.payable or line.class_ is ItemClass.C:
        trail.note(("LZ-27a",))
        return Decimal(0), NOTHING
    billed = line.unit_price if line.amount is None else line.amount
    price = trail.take(price_in_scope(int(billed or 0), line.price_standard))
    if line.limit_price is not None:
        price = trail.take(limited_price(price, line.limit_price))
    tested = int(billed or 0) if line.price_standard is None else line.price_standard
    quantity = WHOLE if line.amount is not None else line.quantity
    by_price = _by_price(line, tested, on, trail)
    share = WHOLE if line.class_ is ItemClass.A and not by_price else None
    return price * quantity, share if share is not None else trail.take(class_b_share(scheme, tier, on))


def _by_price(line: Line, tested: int, on: date, trail: Trail) -> bool:
    if line.class_ is not ItemClass.A:
        return False
    finding = class_b_by_price(line.item, tested, on)
    return trail.take(finding) if finding.value else False


def _from_catalogue(view: View, charge: Charge, trail: Trail) -> Line:
    if charge.line.name is None:
        return charge.line
    found = announcement(view, AnnouncementKey.ITEM_CATALOGUE, charge.day)
    entry = found.value.get(charge.line.name) if found and isinstance(found.value, dict) else None
    return trail.take(catalogued(charge.line, entry)) if isinstance(entry, dict) else charge.line


def _class(name: str) -> ItemClass:
    return next(each for each in ItemClass if each.value == name)


def _billed(line: Line) -> Decimal:
    if line.amount is not None:
        return Decimal(line.amount)
    return int(line.unit_price or 0) * line.quantity
