"""Reading the log as a consumer does: pages, filters, following live, and what must never be passed over in silence."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator

import pytest

from domain.errors import InputRefused
from ledger.handle import Ledger
from ledger.store import DatabaseDamaged
from ledger.streams import CloudEvent, Filter, Heartbeat, follow, follow_async, page
from ledger.streams.waking import POLL, Watcher, watcher
from projections.tables.schema import OPEN, RECORD_TABLES
from tests.streams.conftest import CITY

NEWCOMER = {"fact": "person_registered", "on": "2026-03-02", "person": "N1"}


def read(told: Ledger, wanted: Filter, limit: int = 7) -> list[CloudEvent]:
    """Everything wanted, page by page."""
    found: list[CloudEvent] = []
    after, head = 0, told.store.last_position()
    while after < head:
        some = page(told, after, wanted, limit)
        assert some.next > after
        assert len(some.events) <= limit
        found += some.events
        after = some.next
    return found


@pytest.mark.parametrize(
    ("types", "fits"),
    [
        (("fact",), lambda name: name.startswith("fact.")),
        (("posted", "yibao.advanced"), lambda name: name in ("posted", "advanced")),
        (("determined.settlement",), lambda name: name == "determined.settlement"),
        (
            ("determined", "fact.enrolled"),
            lambda name: name.startswith("determined.") or name == "fact.enrolled",
        ),
        (("withdrawn",), lambda name: name.startswith("withdrawn.")),
    ],
)
def test_pages_of_a_filter_are_the_whole_log_without_the_rest(told: Ledger, types, fits) -> None:  # type: ignore[no-untyped-def]
    whole = read(told, Filter(), 1_000)
    wanted = [event for event in whole if fits(event.type.removeprefix("yibao."))]
    assert [event.id for event in whole] == [str(n + 1) for n in range(told.store.last_position())]
    assert read(told, Filter(types=types)) == wanted
    assert wanted


def test_a_filter_by_city_and_by_subject(told: Ledger) -> None:
    told.record({**NEWCOMER, "id": "elsewhere"}, city="421300")
    whole = read(told, Filter(), 1_000)
    assert {event.city for event in read(told, Filter(cities=("421300",)))} == {"421300"}
    employer = Filter(subjects=("employer:press",))
    assert read(told, employer) == [event for event in whole if event.subject == "employer:press"]
    assert read(told, Filter(cities=("421300",), subjects=("employer:press",))) == []


def test_a_reader_beyond_the_end_is_told_so(told: Ledger) -> None:
    with pytest.raises(InputRefused) as refused:
        page(told, told.store.last_position() + 1)
    assert refused.value.code == "position_unknown"


def test_a_cut_off_end_stops_the_reader(told: Ledger) -> None:
    last = told.store.last_position()
    with told.store.transaction() as writing:
        writing.cursor().execute(f"DELETE FROM stored_events WHERE notification_id > {last - 3}")
    with pytest.raises(DatabaseDamaged, match=f"position {last - 2}"):
        page(told, last - 20)


def test_a_hole_in_the_log_stops_the_reader(told: Ledger) -> None:
    with told.store.transaction() as writing:
        writing.cursor().execute("DELETE FROM stored_events WHERE notification_id = 50")
    assert len(page(told, 0, limit=49).events) == 49
    with pytest.raises(DatabaseDamaged, match="position 50"):
        page(told, 40)


def following(events: Iterator[CloudEvent | Heartbeat], count: int) -> list[CloudEvent | Heartbeat]:
    """The next few things that a follower says."""
    return [next(events) for _ in range(count)]


def test_a_follower_catches_up_and_then_hears_what_is_recorded(told: Ledger) -> None:
    stop = threading.Event()
    events = follow(told, 0, stop=stop, heartbeat=30, limit=50)
    known = told.store.last_position()
    assert [event.id for event in following(events, known)] == [  # type: ignore[union-attr]
        str(number + 1) for number in range(known)
    ]
    threading.Timer(0.1, lambda: told.record({**NEWCOMER, "id": "n"}, city=CITY)).start()
    heard = next(events)
    assert isinstance(heard, CloudEvent)
    assert heard.position == known + 1
    stop.set()
    rest = list(events)
    assert len(rest) <= told.store.last_position() - known


def test_in_silence_a_heartbeat_says_where_to_go_on(told: Ledger) -> None:
    stop = threading.Event()
    events = follow(told, 0, Filter(types=("advanced",)), stop, heartbeat=0.05)
    assert following(events, 2) == [Heartbeat(told.store.last_position())] * 2
    stop.set()
    assert list(events) == []


def test_a_lost_wake_up_delays_and_nothing_more(told: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Watcher, "_watch", lambda self: None)  # nobody ever wakes anybody
    events = follow(told, told.store.last_position(), stop=threading.Event(), heartbeat=60)
    threading.Timer(0.05, lambda: told.record({**NEWCOMER, "id": "n"}, city=CITY)).start()
    assert isinstance(next(events), CloudEvent)


def test_another_programs_facts_are_heard_as_well(told: Ledger, place: str) -> None:
    events = follow(told, told.store.last_position(), stop=threading.Event(), heartbeat=60)
    with Ledger.open(place) as other:
        threading.Timer(0.05, lambda: other.record({**NEWCOMER, "id": "n"}, city=CITY)).start()
        assert isinstance(next(events), CloudEvent)
        events.close()  # type: ignore[attr-defined]


def test_in_an_event_loop_many_follow_without_a_thread_each(told: Ledger) -> None:
    known, followers = told.store.last_position(), 30

    async def one_event() -> CloudEvent | Heartbeat:
        async for event in follow_async(told, known, heartbeat=60):
            return event
        raise AssertionError

    async def all_of_them() -> list[CloudEvent | Heartbeat]:
        waiting = [asyncio.create_task(one_event()) for _ in range(followers)]
        await asyncio.sleep(0.3)
        await asyncio.to_thread(told.record, {**NEWCOMER, "id": "n"}, city=CITY)
        return await asyncio.gather(*waiting)

    heard = asyncio.run(all_of_them())
    assert [getattr(event, "position", 0) for event in heard] == [known + 1] * followers


def test_the_watcher_ends_with_its_last_follower(book: Ledger) -> None:
    with watcher(book.store).following():
        assert [thread for thread in threading.enumerate() if thread.name == "yibao-watcher"]
    give_up = time.monotonic() + 10 * POLL
    while watcher(book.store)._running and time.monotonic() < give_up:
        time.sleep(0.02)
    assert not watcher(book.store)._running


def test_whoever_applies_every_replacement_holds_what_the_tables_hold(told: Ledger) -> None:
    holds: dict[str, CloudEvent] = {}
    for event in read(told, Filter(types=("determined", "withdrawn"))):
        if isinstance(event.supersedes, str):
            del holds[event.supersedes]
        if event.type.startswith("yibao.determined."):
            holds[event.id] = event
    current = [
        str(position)
        for table in RECORD_TABLES
        for (position,) in told.store.select(
            f"SELECT known_position FROM {table.name} WHERE known_to = {OPEN}", {}
        )
    ]
    entries = {each for each, event in holds.items() if event.type == "yibao.determined.entry"}
    assert set(current) <= set(holds)
    assert set(holds) - set(current) <= entries  # of entries the tables keep those that wait
    assert len(current) > 50
