"""What is appended is read again: in order, stamped, once, and found from every side."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from msgspec.structs import replace

from domain.values.calendar import Moment
from ledger.clock import FixedClock
from ledger.store import Conflict, DuplicateFact, Group, NotInOrder, Store, home
from tests.store.conftest import MONDAY
from tests.store.facts import CITY, CLERK, credited, registered, withdrawn


def test_a_fact_and_its_consequence_are_read_as_they_were_written(store: Store) -> None:
    fact, credit = registered("P1", name="王芳"), credited("P1", 12_345, cause="reg-P1")
    receipt = store.append([fact, credit], city=CITY, recorded_by=CLERK)
    assert (receipt.first, receipt.last, receipt.recorded) == (1, 2, Moment.parse(MONDAY))
    first, second = store.stream(CITY, "person:P1")
    assert first.event == replace(fact, recorded=receipt.recorded)
    assert (first.name, first.by, first.version, first.cause) == ("person_registered", CLERK, 1, None)
    assert second.event == credit
    assert (second.name, second.position, second.version, second.cause) == ("posted", 2, 2, "reg-P1")
    assert list(store.since()) == [first, second]


def test_what_was_closed_is_there_when_opened_again(store: Store, open_again: Callable[[], Store]) -> None:
    store.append([registered("P1")], city=CITY, recorded_by=CLERK)
    store.close()
    other = open_again()
    assert other.last_position() == other.version(CITY, "person:P1") == 1
    assert other.last_recorded() == Moment.parse(MONDAY)
    assert other.append([credited("P1", 5)], city=CITY, recorded_by=CLERK).first == 2


def test_a_stream_can_be_read_from_a_version_and_the_log_from_a_position(store: Store) -> None:
    store.append([credited("P1", fen) for fen in range(5)], city=CITY, recorded_by=CLERK)
    assert [e.version for e in store.stream(CITY, "person:P1", after_version=3)] == [4, 5]
    assert [e.position for e in store.since(2)] == [3, 4, 5]
    assert [e.position for e in store.since(1, limit=2)] == [2, 3]
    assert store.stream(CITY, "person:nobody") == []
    assert store.version(CITY, "person:nobody") == 0


def test_the_events_alone_are_the_events_of_the_log(store: Store) -> None:
    store.append([registered("P1"), *(credited("P1", fen) for fen in range(5))], city=CITY, recorded_by=CLERK)
    assert list(store.events()) == [row.event for row in store.since()]
    assert list(store.events(4)) == [row.event for row in store.since(4)]
    assert [event for _, _, _, event in store.bulk(4)] == list(store.events(4))
    assert list(store.events(6)) == []


def test_facts_are_found_under_everybody_they_speak_of(store: Store) -> None:
    one, two = registered("P1"), registered("P2")
    store.append([one, two], city=CITY, recorded_by=CLERK)
    assert [fact.id for fact in store.facts(CITY, ["person:P2"])] == ["reg-P2"]
    assert [fact.id for fact in store.facts(CITY, ["person:P2", "person:P1"])] == ["reg-P1", "reg-P2"]
    assert store.facts("421300", ["person:P1"]) == []
    assert store.keys(CITY) == ["person:P1", "person:P2"]
    assert store.keys(CITY, "person:P2") == ["person:P2"]
    assert store.keys(CITY, "employer:") == []
    assert store.cities() == [CITY]
    assert store.subjects(CITY, "person:") == ["person:P1", "person:P2"]


def test_a_withdrawal_is_found_under_the_person_whose_fact_it_withdraws(store: Store) -> None:
    store.append([registered("P1")], city=CITY, recorded_by=CLERK)
    void = withdrawn("w1", of="reg-P1")
    store.append([void], city=CITY, recorded_by=CLERK)
    assert [fact.id for fact in store.facts(CITY, ["person:P1"])] == ["reg-P1", "w1"]
    found = store.fact(CITY, "w1")
    assert found is not None
    assert found.event == replace(void, recorded=Moment.parse(MONDAY))


def test_a_correction_in_the_same_append_is_found_too(store: Store) -> None:
    both = [registered("P1"), registered("P2", "fix", corrects="reg-P1")]
    store.append(both, city=CITY, recorded_by=CLERK)
    assert [fact.id for fact in store.facts(CITY, ["person:P1"])] == ["reg-P1", "fix"]


def test_the_same_fact_id_is_refused_and_nothing_of_the_append_remains(store: Store) -> None:
    store.append([registered("P1")], city=CITY, recorded_by=CLERK)
    with pytest.raises(DuplicateFact) as refused:
        store.append([registered("P2"), registered("P1")], city=CITY, recorded_by=CLERK)
    assert refused.value.code == "duplicate_id"
    assert store.last_position() == 1
    assert store.subjects(CITY) == ["person:P1"]
    assert list(store.facts_known(CITY, ["reg-P1", "reg-P2"])) == ["reg-P1"]
    assert store.append([registered("P2")], city=CITY, recorded_by=CLERK).first == 2, "no position is lost"


def test_the_same_id_in_another_city_is_another_fact(store: Store) -> None:
    store.append([registered("P1")], city=CITY, recorded_by=CLERK)
    store.append([registered("P1", city="421300")], city="421300", recorded_by=CLERK)
    assert store.cities() == ["421300", CITY]


def test_whoever_read_an_older_version_must_read_again(store: Store) -> None:
    store.append([credited("P1", 1)], city=CITY, recorded_by=CLERK, expected={"person:P1": 0})
    with pytest.raises(Conflict) as refused:
        store.append(
            [credited("P2", 1), credited("P1", 2)],
            city=CITY,
            recorded_by=CLERK,
            expected={"person:P1": 0, "person:P2": 0},
        )
    assert (refused.value.code, refused.value.expected, refused.value.found) == ("conflict", 0, 1)
    with pytest.raises(Conflict):
        store.append([credited("P1", 2)], city=CITY, recorded_by=CLERK, expected={"person:P1": 7})
    with pytest.raises(Conflict):  # read but not written
        store.append([credited("P2", 2)], city=CITY, recorded_by=CLERK, expected={"person:P1": 0})
    assert store.last_position() == 1


def test_another_process_is_noticed(store: Store, open_again: Callable[[], Store]) -> None:
    other = open_again()
    store.append([credited("P1", 1)], city=CITY, recorded_by=CLERK)
    other.append([credited("P1", 2)], city=CITY, recorded_by=CLERK, expected={"person:P1": 1})
    with pytest.raises(Conflict):
        store.append([credited("P1", 3)], city=CITY, recorded_by=CLERK, expected={"person:P1": 1})
    store.append([credited("P1", 3)], city=CITY, recorded_by=CLERK, expected={"person:P1": 2})
    assert [e.version for e in store.stream(CITY, "person:P1")] == [1, 2, 3]


def test_the_recorded_time_never_goes_back_though_the_clock_does(store: Store, clock: FixedClock) -> None:
    monday = store.append([credited("P1", 1)], city=CITY, recorded_by=CLERK).recorded
    clock.pass_(timedelta(hours=-3))
    assert store.append([credited("P1", 1)], city=CITY, recorded_by=CLERK).recorded == monday
    clock.pass_(timedelta(days=1))
    assert store.append([credited("P1", 1)], city=CITY, recorded_by=CLERK).recorded > monday
    assert [row.ingested_at for row in store.rows()][1] < monday, "the clock's own time is kept"


def test_an_import_brings_its_own_times_in_order(store: Store, clock: FixedClock) -> None:
    march, april = Moment.parse("2019-03-01"), Moment.parse("2019-04-01")
    store.append([registered("P1")], city=CITY, recorded_by=CLERK, recorded=march)
    store.append([registered("P2")], city=CITY, recorded_by=CLERK, recorded=april)
    store.append([registered("P3")], city=CITY, recorded_by=CLERK, recorded=april)
    with pytest.raises(NotInOrder) as refused:
        store.append([registered("P4")], city=CITY, recorded_by=CLERK, recorded=march)
    assert refused.value.code == "recorded_out_of_order"
    assert [(row.recorded_at, row.ingested_at) for row in store.rows()] == [
        (march, clock.read()),
        (april, clock.read()),
        (april, clock.read()),
    ]


def test_a_transaction_reads_what_it_has_written_and_is_written_whole(
    store: Store, open_again: Callable[[], Store]
) -> None:
    other = open_again()
    with store.transaction() as writing:
        assert writing.now == Moment.parse(MONDAY)
        writing.append([registered("P1")], city=CITY, recorded_by=CLERK)
        writing.append([credited("P1", 9, "reg-P1")], city=CITY, recorded_by=CLERK, expected={"person:P1": 1})
        writing.depend(CITY, "person:P1", ["employer:E1", "household:H1"])
        writing.track("journal", 2)
        assert [e.position for e in store.since()] == [1, 2]
        assert other.last_position() == 0
    assert other.last_position() == 2
    assert other.dependents(CITY, ["employer:E1", "employer:E2"]) == {"employer:E1": ["person:P1"]}
    assert other.tracked("journal") == 2


def test_a_transaction_that_fails_leaves_nothing(store: Store) -> None:
    def fail() -> None:
        with store.transaction() as writing:
            writing.append([registered("P1")], city=CITY, recorded_by=CLERK)
            writing.depend(CITY, "person:P1", ["employer:E1"])
            writing.track("journal", 1)
            writing.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert (store.last_position(), store.tracked("journal"), list(store.rows())) == (0, 0, [])
    assert store.dependents(CITY, ["employer:E1"]) == store.dependents(CITY, []) == {}
    assert store.append([registered("P1")], city=CITY, recorded_by=CLERK).first == 1


def test_a_read_models_table_is_written_with_the_events_or_not_at_all(store: Store) -> None:
    with store.transaction() as writing:
        writing.connection.execute("CREATE TABLE seen (position BIGINT)")
    for position, fails in [(1, False), (2, True)]:
        try:
            with store.transaction() as writing:
                writing.append([credited("P1", 1)], city=CITY, recorded_by=CLERK)
                writing.connection.execute(f"INSERT INTO seen VALUES ({position})")
                writing.track("seen", position)
                if fails:
                    raise ZeroDivisionError
        except ZeroDivisionError:
            pass
    assert store.query("SELECT position FROM seen") == [(1,)]
    assert (store.tracked("seen"), store.last_position()) == (1, 1)


def test_many_groups_are_cut_between_groups(store: Store) -> None:
    groups = [Group([credited(f"P{n}", 1)] * 70, CITY) for n in range(150)]
    receipts = list(store.append_groups(groups, recorded_by=CLERK))
    assert [r.last - r.first + 1 for r in receipts] == [70] * 150
    assert store.last_position() == 10_500
    assert list(store.verify()) == []


def test_groups_before_a_refused_one_are_kept_up_to_the_cut(store: Store) -> None:
    groups = [Group([credited("P1", 1)] * 3_000, CITY), Group([credited("P1", 1)] * 3_000, CITY)]
    broken = Group([registered("P1")], CITY, {"person:P1": 99})
    with pytest.raises(Conflict):
        list(store.append_groups([*groups, broken], recorded_by=CLERK))
    assert store.last_position() == 3_000


def test_two_writers_at_once_lose_nothing_and_a_reader_passes_over_nothing(
    store: Store, open_again: Callable[[], Store]
) -> None:
    writers = [(open_again(), name) for name in ("P1", "P2", "P3")]
    seen: list[int] = []

    def write(own: Store, name: str) -> None:
        for fen in range(40):
            own.append([credited(name, fen)] * 3, city=CITY, recorded_by=CLERK)

    threads = [threading.Thread(target=write, args=writer) for writer in writers]
    for thread in threads:
        thread.start()
    while len(seen) < 360 and (any(t.is_alive() for t in threads) or store.last_position() > len(seen)):
        seen.extend(event.position for event in store.since(seen[-1] if seen else 0))
    for thread in threads:
        thread.join()
    assert seen == list(range(1, 361))
    assert [store.version(CITY, f"person:{name}") for _, name in writers] == [120] * 3
    assert list(store.verify()) == []


def test_one_store_serves_many_threads(store: Store) -> None:
    def write(name: str) -> None:
        for _ in range(30):
            store.append([credited(name, 1)], city=CITY, recorded_by=CLERK)
            assert store.stream(CITY, f"person:{name}")

    threads = [threading.Thread(target=write, args=(f"P{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [e.position for e in store.since()] == list(range(1, 121))
    assert list(store.verify()) == []


def test_waiting_ends_when_somebody_else_writes(store: Store, open_again: Callable[[], Store]) -> None:
    assert store.wait_for(1, timeout=0.01) == 0
    other = open_again()
    timer = threading.Timer(0.1, lambda: other.append([credited("P1", 1)], city=CITY, recorded_by=CLERK))
    timer.start()
    assert store.wait_for(1, timeout=20) == 1
    timer.join()


def test_the_home_of_a_fact_is_the_first_subject_it_speaks_of() -> None:
    assert home(registered("P1")) == "person:P1"
    assert home(withdrawn("w", of="x")) == "fund:city"
