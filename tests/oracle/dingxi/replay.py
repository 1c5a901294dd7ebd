"""Claims settled one recorded day after the other, never re-ordered (DX-20f), from an empty book."""

from copy import copy
from datetime import datetime

from .adjudicating import adjudicate
from .basics import CHINA, day
from .fees import supplement, topped_up
from .known import World
from .settling import Book, Settled, direct, shape


def settled(world: World) -> Book:
    """The book as it stands at a moment."""
    return world.once("book", None, lambda: _settled(world))


def _settled(world: World) -> Book:
    """One recorded day after the other; the days before the last are the same whatever was learned on it."""
    book = Book()
    for each in world.recorded_days:
        end = min(datetime.combine(each, datetime.max.time(), CHINA), world.known)
        book = _after(world.at(end), book)
    return book


def _after(world: World, before: Book) -> Book:
    """The book at the end of a day that began with another, which stays as it was."""

    def day_by_day() -> Book:
        book = {claim: copy(found) for claim, found in before.items()}
        _one_day(world, book)
        return book

    return world.once("after", None, day_by_day)


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
