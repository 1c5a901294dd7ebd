"""The tables that answers are read from, against the log: the same records, postings and sums, or a finding."""

from collections.abc import Iterable, Iterator

import msgspec

from domain.events.recorded import AnyConsequenceEvent
from domain.facts import Fact
from domain.state.held import Held, folded
from domain.values.calendar import Moment
from ledger.audit.findings import Cause, Difference, plain
from ledger.store import Store
from projections.tables.reading import Tables
from projections.tables.sums import by_subject

MANY = 500
Net = dict[str, dict[str, int]]
"""Fen by subject, then by account and effective day."""


def table_differences(
    store: Store, city: str, subjects: Iterable[str], known: Moment
) -> Iterator[Difference]:
    """Every record and amount of the tables that is not what the log says."""
    names = sorted(subjects)
    tables = Tables(store.select, store.dialect, city)
    journal = _journal(store, city, known)
    for first in range(0, len(names), MANY):
        some = names[first : first + MANY]
        streams = store.streams(city, some)
        for subject in some:
            events: list[tuple[AnyConsequenceEvent, Moment]] = [
                (row.event, row.recorded)
                for row in streams.get(subject, ())
                if not isinstance(row.event, Fact) and row.recorded <= known
            ]
            log = folded(events)
            try:
                yield from _of_subject(city, subject, known, log, tables.held(subject, known))
            except (msgspec.MsgspecError, AssertionError) as damage:
                yield _difference(city, subject, "tables", known, f"cannot be read: {damage}", None, {})
            yield from _of_journal(city, subject, known, log, journal.get(subject, {}))


def _of_subject(city: str, subject: str, known: Moment, log: Held, table: Held) -> Iterator[Difference]:
    for key in dict.fromkeys([*log.records, *table.records]):
        one, other = log.records.get(key), table.records.get(key)
        if one != other:
            yield _difference(city, subject, key, known, plain(other), plain(one), {})
    for key in dict.fromkeys([*log.net, *table.net]):
        right, wrong = _by_account(log, key), _by_account(table, key)
        if right != wrong:
            yield _difference(city, subject, key, known, wrong, right, _less(right, wrong))


def _of_journal(
    city: str, subject: str, known: Moment, log: Held, journal: dict[str, int]
) -> Iterator[Difference]:
    right: dict[str, int] = {}
    for line in log.journal:
        for posting in line.event.postings:
            place = f"{posting.account} {line.event.on}"
            right[place] = right.get(place, 0) + posting.fen
    if apart := _less(right, journal):
        wrong = {place: journal.get(place, 0) for place in apart}
        told = {place: right.get(place, 0) for place in apart}
        yield _difference(city, subject, "journal", known, wrong, told, _whole_accounts(apart))


def _whole_accounts(apart: dict[str, int]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for place, fen in apart.items():
        account = place.rpartition(" ")[0]
        sums[account] = sums.get(account, 0) + fen
    return sums


def _journal(store: Store, city: str, known: Moment) -> Net:
    """What the journal holds in all."""
    found: Net = {}
    parameters = {"in_city": city, "moment": int(known)}
    for subject, account, effective, fen in store.select(by_subject(store.dialect), parameters):
        found.setdefault(subject, {})[f"{account} {effective}"] = int(fen)
    return found


def _by_account(held: Held, key: str) -> dict[str, int]:
    sums: dict[str, int] = {}
    for (_, account, _), fen in held.net.get(key, {}).items():
        sums[account] = sums.get(account, 0) + fen
    return {account: fen for account, fen in sums.items() if fen}


def _less(right: dict[str, int], wrong: dict[str, int]) -> dict[str, int]:
    accounts = dict.fromkeys([*right, *wrong])
    sums = {account: right.get(account, 0) - wrong.get(account, 0) for account in accounts}
    return {account: fen for account, fen in sums.items() if fen}


def _difference(
    city: str, subject: str, key: str, known: Moment, wrong: object, right: object, money: dict[str, int]
) -> Difference:
    return Difference(
        city=city,
        subject=subject,
        key=key,
        why=Cause.ALTERED_TABLE,
        known=str(known),
        fact="",
        recorded=wrong,
        recomputed=right,
        money=money,
    )
