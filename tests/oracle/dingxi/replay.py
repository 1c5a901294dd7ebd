"""Claims settled one recorded day after the other, never re-ordered (DX-20f), from an empty book."""

from collections.abc import Sequence
from datetime import datetime

from .adjudicating import adjudicate
from .basics import CHINA, Fact, day
from .fees import supplement, topped_up
from .known import World
from .settling import Book, Settled, direct, shape

LAST: list[tuple[Sequence[Fact], int, dict[datetime, tuple[World, Book]]]] = []


def settled(facts: Sequence[Fact], known: datetime) -> tuple[World, Book]:
    """The book as it stood at a moment; the same question about the same facts is not worked out twice."""
    if not LAST or LAST[0][0] is not facts or LAST[0][1] != len(facts):
        LAST[:] = [(facts, len(facts), {})]
    if known not in LAST[0][2]:
        LAST[0][2][known] = _settled(facts, known)
    return LAST[0][2][known]


def _settled(facts: Sequence[Fact], known: datetime) -> tuple[World, Book]:
    world, book = World(facts, known), Book()
    for each in world.recorded_days:
        end = datetime.combine(each, datetime.max.time(), CHINA)
        _one_day(world.at(min(end, known)), book)
    return world, book


def _one_day(world: World, book: Book) -> None:
    claims = {str(f["claim"]): f for f in world.of("claim_submitted")}
    shapes = {claim: shape(world, claim, fact) for claim, fact in claims.items()}
    for claim in [
        c for c in book if c not in claims or book[c].shape != shapes[c] or _changed(world, book[c])
    ]:
        del book[claim]
    for claim, fact in sorted(claims.items(), key=lambda each: (day(each[1]["on"]), each[0])):
        if claim not in book or book[claim].open:
            found = adjudicate(world, book, fact)
            found.shape = shapes[claim]
            mates = (s for s in book.values() if s.layer == found.layer and s.year == found.year)
            found.before = sum(s.own for s in mates if s.payer == found.payer and not s.open)
            found.order = 1 + max((each.order for each in book.values()), default=0)
            book.pop(claim, None)
            book[claim] = found
    for found in sorted(book.values(), key=lambda each: each.order):
        if found.topped != topped_up(world, found):
            found.topped = not found.topped
            found.supplement = supplement(world, book, found) if found.topped else 0


def _changed(world: World, found: Settled) -> bool:
    """A manual claim whose terms are known otherwise by now (DX-27e); a direct one is final."""
    if found.open or found.merged_into is not None or direct(world, found.fact):
        return False
    return adjudicate(world, {}, found.fact).terms() != found.terms()
