"""Whose facts and results bear on some subjects: what must be computed again to audit them alone."""

from collections.abc import Iterable, Iterator, Mapping
from heapq import merge

from msgspec import Struct
from msgspec.structs import replace

from domain.decisions.book import FUNDS, Book
from domain.facts import Fact
from domain.rulebook.contract import Municipality
from domain.rulebook.view import RESULT, View
from ledger.store import Recorded, Store
from ledger.stored_book import RUNS

OWN = ("person:", "household:")
ACCOUNTS = {"account:personal_account:": "person:", "account:family_account:": "household:"}


class Part(Struct, frozen=True):
    """Subjects that can be computed without any other, and every key under which they looked for facts."""

    subjects: frozenset[str]
    keys: frozenset[str]


def closure(store: Store, city: str, subjects: Iterable[str]) -> Part:
    """The subjects, everybody whose facts or accounts they looked at, and so on."""
    names, keys = set(subjects), set[str]()
    waiting = set(names)
    while waiting:
        read = store.drawn_from(city, waiting) - keys
        keys |= read
        found = {name for key in read for name in _subjects_of(key)}
        waiting = found - names
        names |= waiting
    return _part(names, keys)


def parts(store: Store, city: str, number: int) -> list[Part]:
    """A whole city in at most so many parts of about the same size, none of which looks at another."""
    looked = store.dependencies(city)
    names = dict.fromkeys([*store.subjects(city), *looked, FUNDS])
    groups = sorted(_groups(names, looked), key=len, reverse=True)
    sized: list[set[str]] = [set() for _ in range(min(number, len(groups)))]
    for group in groups:
        min(sized, key=len).update(group)
    return [_part(some, {key for name in some for key in looked.get(name, ())}) for some in sized if some]


def _groups(names: Iterable[str], looked: Mapping[str, Iterable[str]]) -> Iterator[set[str]]:
    """Subjects that hang together because one looked at the other, by whatever way."""
    neighbours: dict[str, set[str]] = {name: set() for name in names}
    for name, keys in looked.items():
        for other in {other for key in keys for other in _subjects_of(key)}:
            neighbours.setdefault(name, set()).add(other)
            # A shared result that looked at nobody ties nobody together: everyone has a copy of it.
            if not other.startswith(RESULT) or _reaches(other, looked):
                neighbours.setdefault(other, set()).add(name)
    seen: set[str] = set()
    for name in neighbours:
        if name in seen or name.startswith(RESULT):
            continue
        group, waiting = {name}, [name]
        while waiting:
            fresh = neighbours[waiting.pop()] - group
            group |= fresh
            waiting += fresh
        seen |= {each for each in group if not each.startswith(RESULT)}
        yield group


def _reaches(name: str, looked: Mapping[str, Iterable[str]]) -> bool:
    """Whether a shared result looked at any person or household, through other results too."""
    seen, waiting = {name}, [name]
    while waiting:
        found = {other for key in looked.get(waiting.pop(), ()) for other in _subjects_of(key)}
        if any(not other.startswith(RESULT) for other in found):
            return True
        waiting += found - seen
        seen |= found
    return False


def _part(names: Iterable[str], keys: Iterable[str]) -> Part:
    subjects = frozenset(name for name in names if not name.startswith(RESULT))
    return Part(subjects, frozenset((*subjects, *(key for key in keys if not key.startswith(RESULT)))))


def _subjects_of(key: str) -> Iterator[str]:
    """Whoever must be computed too because somebody looked at a key."""
    if key.startswith(RESULT):
        yield key
    elif key.startswith(OWN):
        yield key.partition("|")[0]
    else:
        yield from (
            owner + key.removeprefix(account)
            for account, owner in ACCOUNTS.items()
            if key.startswith(account)
        )


def rows_of(store: Store, city: str, part: Part) -> Iterator[Recorded]:
    """What was recorded about a part, in order: its facts, its consequences, and the runs of time."""
    keys = {*part.keys, *(store.keys(city, "kind:") if FUNDS in part.subjects else ())}
    facts = store.fact_rows_under(city, keys)
    streams = store.streams(city, [*sorted(part.subjects), RUNS]).values()
    others = sorted(
        (row for rows in streams for row in rows if not isinstance(row.event, Fact)),
        key=lambda row: row.position,
    )
    return merge(facts, others, key=lambda row: row.position)


class PartBook(Book):
    """A book that computes some subjects only."""

    def __init__(self, town: Municipality, only: frozenset[str]) -> None:
        self._only = only

        def related(view: View, subject: str) -> list[str]:
            return [each for each in town.related(view, subject) if each in only]

        super().__init__(replace(town, related=related))

    def everybody(self) -> list[str]:
        """Every subject that is computed."""
        return [subject for subject in super().everybody() if subject in self._only]

    def _concerned(self, fact: Fact, before: View, after: View) -> list[str]:
        return [subject for subject in super()._concerned(fact, before, after) if subject in self._only]
