"""One person over all cities of the ledger, side by side: cover, months, money that moved, and what does not fit.

Each city answers for itself, by its own policy and facts; here their answers are only laid beside each other.
"""

from collections.abc import Iterator
from datetime import date
from itertools import combinations
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from domain.decisions.as_known import AsKnown
from domain.events.consequences import BenefitPeriod, CountedMonths
from domain.facts import OtherCoverRecorded
from domain.values.calendar import Moment, Month
from domain.values.money import yuan_text
from domain.values.period import Period, merged
from domain.values.terms import CountedAs, MovementKind, Scheme, Status

if TYPE_CHECKING:
    from ledger.handle import Ledger

MOVES = (MovementKind.TRANSFER_OUT, MovementKind.TRANSFER_IN)


class Stay(Struct, frozen=True, kw_only=True):
    """Days of one status in one scheme of one city."""

    city: str
    scheme: Scheme
    days: Period
    status: Status
    reason: str | None


class Move(Struct, frozen=True, kw_only=True):
    """Money of the personal account that left a city (negative) or arrived."""

    city: str
    on: date
    recorded: Moment
    fen: int


class InCity(Struct, frozen=True, kw_only=True):
    """What one city knows of the person."""

    city: str
    name: str
    stays: tuple[Stay, ...]
    local: frozenset[Month]
    transferred: frozenset[Month]
    months: dict[str, int]
    """Months that count: total, local (paid here) and transferred."""
    moves: tuple[Move, ...]


def history(ledger: "Ledger", person: str, known: Moment) -> dict[str, Any]:
    """The person's history in every city that knows the person, with findings, as plain JSON values."""
    books = [ledger.as_known(city, known) for city in ledger.cities()]
    cities = [_in_city(book, person) for book in books if book.view().known(f"person:{person}")]
    stays = sorted((s for each in cities for s in each.stays), key=lambda s: (s.days.from_, s.city))
    moves = sorted((m for each in cities for m in each.moves), key=lambda m: (m.on, m.recorded))
    return {
        "person": person,
        "known": str(known),
        "periods": [_stay_json(stay) for stay in stays],
        "months": [{"city": each.city, "name": each.name, **each.months} for each in cities],
        "account_moves": [_move_json(move) for move in moves],
        "findings": [*overlaps(stays), *counted_twice(cities), *unmatched(moves)],
    }


def _in_city(known: AsKnown, person: str) -> InCity:
    """A city's own answers; cover of which it has only heard is another city's."""
    held = known.current(f"person:{person}")
    city, name = known.book.municipality.code, known.book.municipality.name
    heard = [
        (str(fact.cover), fact.from_ or fact.on)
        for fact in known.view().facts(OtherCoverRecorded, person=person)
    ]
    stays = tuple(
        Stay(city=city, scheme=p.scheme, days=Period(p.from_, p.to), status=p.status, reason=p.reason)
        for p in held.of(BenefitPeriod)
        if p.person == person and (str(p.scheme), p.from_) not in heard
    )
    blocks = [b for b in held.of(CountedMonths) if b.person == person and b.to is None]
    paid = [b for b in blocks if b.month is not None and b.counted_as is CountedAs.PAID]
    return InCity(
        city=city,
        name=name,
        stays=stays,
        local=frozenset(b.month for b in paid if b.month is not None and not b.transferred),
        transferred=frozenset(b.month for b in paid if b.month is not None and b.transferred),
        months={
            "total": sum(b.count for b in blocks),
            "local": sum(b.count for b in blocks if not b.transferred),
            "transferred": sum(b.count for b in blocks if b.transferred),
        },
        moves=tuple(_moves(known, person, city)),
    )


def _moves(known: AsKnown, person: str, city: str) -> Iterator[Move]:
    """What each transfer has come to, corrections and reversals included."""
    account = f"personal_account:{person}"
    lines = known.current(f"person:{person}").journal
    for key in dict.fromkeys(line.event.key for line in lines if line.event.kind in MOVES):
        own = [line for line in lines if line.event.key == key]
        fen = sum(p.fen for line in own for p in line.event.postings if p.account == account)
        if fen:
            yield Move(city=city, on=own[-1].event.on, recorded=own[-1].recorded, fen=fen)


def overlaps(stays: list[Stay]) -> Iterator[dict[str, Any]]:
    """Days covered in two cities."""
    covered: dict[str, list[Period]] = {}
    for stay in stays:
        if stay.status is Status.COVERED:
            covered.setdefault(stay.city, []).append(stay.days)
    for (one, own), (other, others) in combinations(covered.items(), 2):
        for days in (a.within(b) for a in merged(own) for b in merged(others)):
            if not days.is_empty:
                told = {"finding": "overlapping_cover", "cities": [one, other]}
                yield {**told, "from": days.from_.isoformat(), "to": days.to and days.to.isoformat()}


def counted_twice(cities: list[InCity]) -> Iterator[dict[str, Any]]:
    """Months paid in two cities: each counts them as its own."""
    for one, other in combinations(cities, 2):
        twice = sorted(one.local & other.local - one.transferred - other.transferred)
        if twice:
            months = [str(month) for month in twice]
            yield {"finding": "month_paid_twice", "cities": [one.city, other.city], "months": months}


def unmatched(moves: list[Move]) -> Iterator[dict[str, Any]]:
    """Money that left one city and arrived in no other in the same amount, or the reverse."""
    left = [move for move in moves if move.fen < 0]
    for arrived in (move for move in moves if move.fen > 0):
        same = next((m for m in left if m.fen == -arrived.fen and m.city != arrived.city), None)
        if same is not None:
            left.remove(same)
        else:
            yield {"finding": "money_not_released", **_move_json(arrived)}
    yield from ({"finding": "money_not_arrived", **_move_json(move)} for move in left)


def _stay_json(stay: Stay) -> dict[str, Any]:
    told = {
        "city": stay.city,
        "scheme": str(stay.scheme),
        "from": stay.days.from_.isoformat(),
        "to": None if stay.days.to is None else stay.days.to.isoformat(),
        "status": str(stay.status),
    }
    return told if stay.reason is None else {**told, "reason": stay.reason}


def _move_json(move: Move) -> dict[str, Any]:
    return {
        "city": move.city,
        "on": move.on.isoformat(),
        "recorded": str(move.recorded),
        "amount": yuan_text(move.fen),
    }
