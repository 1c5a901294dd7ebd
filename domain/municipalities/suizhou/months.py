"""Contribution months that count for years (articles 15 and 16)."""

from collections.abc import Iterator
from datetime import date

from msgspec import Struct

from domain.events.consequences import CountedMonths
from domain.facts import LumpSumPaid, OpeningHistory, TransferredIn
from domain.facts.parts import HistoryItem
from domain.municipalities.suizhou.payments import paid_months
from domain.municipalities.suizhou.policy import in_force
from domain.rulebook.citation import rule
from domain.rulebook.view import View, per_view
from domain.values.calendar import Month
from domain.values.terms import Capacity, CountedAs, LumpSumPurpose, Mode, Scheme, Where


class Block(Struct, frozen=True):
    """Months that count from a day on: one named month, or a number of unnamed ones."""

    since: date
    month: Month | None
    count: int
    counted_as: CountedAs
    local: bool
    transferred: bool
    mode: Mode
    label: str = ""
    capacity: Capacity | None = None
    because: tuple[str, ...] = ()


@rule("SZ-15d", article="第十五条、第十六条")
def counts_once(local: Block | None, other: Block | None) -> Block | None:
    """A calendar month counts once, from its payment on; one held here and elsewhere counts as local."""
    if local is None or other is None:
        return local or other
    return local if local.since <= other.since else _earlier(local, other.since)


@rule("SZ-16a", article="第十六条")
def counts_towards(counted_as: CountedAs, local: bool) -> tuple[bool, bool]:
    """Months from elsewhere and deemed months count for the total, never for the ten local years."""
    return True, counted_as is CountedAs.PAID and local


def _earlier(block: Block, since: date) -> Block:
    from msgspec.structs import replace

    return replace(block, since=since)


@per_view
def blocks(view: View, person: str) -> tuple[Block, ...]:
    """Everything that counts, bought months included."""
    return (*named_blocks(view, person), *_bought(view, person))


@per_view
def named_blocks(view: View, person: str) -> tuple[Block, ...]:
    """Everything that counts apart from lump sums, each calendar month once."""
    named: dict[Month, Block] = {}
    unnamed: list[Block] = []
    for month, paid in paid_months(view, person).items():
        named[month] = Block(
            paid.paid_on,
            month,
            1,
            CountedAs.PAID,
            True,
            False,
            paid.mode,
            capacity=paid.capacity,
            because=("SZ-15d",),
        )
    for block in _given(view, person):
        if block.month is None:
            unnamed.append(block)
            continue
        known = named.get(block.month)
        first, second = (
            (block, known) if block.local and (known is None or not known.local) else (known, block)
        )
        once = counts_once(first, second).value
        assert once is not None
        named[block.month] = once
    return (*named.values(), *unnamed)


def _given(view: View, person: str) -> Iterator[Block]:
    for opened in view.facts(OpeningHistory, person=person):
        for number, item in enumerate(opened.history or ()):
            local = item.where in (None, Where.LOCAL)
            yield from _of_item(item, opened.on, f"{opened.id}/{number}", local, transferred=not local)
    for moved in view.facts(TransferredIn, person=person):
        if moved.scheme is Scheme.EMPLOYEE:
            for number, item in enumerate(moved.history or ()):
                local = item.where is Where.LOCAL
                yield from _of_item(item, moved.on, f"{moved.id}/{number}", local, transferred=not local)


def _of_item(item: HistoryItem, since: date, label: str, local: bool, transferred: bool) -> Iterator[Block]:
    counts = counts_towards(item.counted_as, local)
    mode = Mode.COMBINED if item.counted_as is CountedAs.DEEMED else item.mode
    named: list[tuple[Month | None, int]] = [(month, 1) for month in item.months or ()]
    for month, count in named or [(None, int(item.month_count or 0))]:
        yield Block(
            since,
            month,
            count,
            item.counted_as,
            counts.value[1],
            transferred and item.counted_as is CountedAs.PAID,
            mode,
            label if month is None else "",
            item.capacity,
            counts.because,
        )


def _bought(view: View, person: str) -> Iterator[Block]:
    """Months bought in one sum count as local actual months in the mode in which they are paid (SZ-17b)."""
    from domain.municipalities.suizhou.lump_sum import bought

    for paid in view.facts(LumpSumPaid, person=person):
        if paid.purpose is LumpSumPurpose.RETIREMENT and in_force(view, paid.on):
            count, mode, because = bought(view, person, paid)
            if count:
                yield Block(
                    paid.on,
                    None,
                    count,
                    CountedAs.PAID,
                    True,
                    False,
                    mode,
                    f"lump/{paid.id}",
                    because=because,
                )


def counted(view: View, person: str) -> Iterator[CountedMonths]:
    """The records of all counting months."""
    for block in blocks(view, person):
        yield CountedMonths(
            person=person,
            scheme=Scheme.EMPLOYEE,
            from_=block.since,
            month=block.month,
            label=block.label,
            count=block.count,
            counted_as=block.counted_as,
            local=block.local,
            transferred=block.transferred,
            mode=block.mode,
            capacity=block.capacity,
            because=block.because,
        )


class Total(Struct, frozen=True):
    """Months held on a day."""

    total: int
    paid: int
    local: int
    combined: int


def held_on(found: tuple[Block, ...], day: date | None) -> Total:
    """Sums of the months that count on a day (None = all known)."""
    total = paid = local = combined = 0
    for block in found:
        if day is not None and block.since > day:
            continue
        total += block.count
        paid += block.count if block.counted_as is CountedAs.PAID else 0
        local += block.count if block.local else 0
        combined += block.count if block.mode is Mode.COMBINED else 0
    return Total(total, paid, local, combined)
