"""`yibao subscribe`: the event stream on standard output."""

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from domain.errors import InputRefused
from ledger.cli import OK
from ledger.cli.options import EVERYWHERE, Everywhere, opened

if TYPE_CHECKING:
    from ledger.handle import Ledger
    from ledger.streams import CloudEvent, Filter
    from ledger.streams.consuming import Delivery


def subscribe(
    name: str | None = None,
    /,
    *,
    from_: Annotated[str, Parameter(name="--from")] = "",
    type: tuple[str, ...] = (),  # noqa: A002
    subject: tuple[str, ...] = (),
    follow: Annotated[bool, Parameter(negative="")] = False,
    identifiers: Annotated[bool, Parameter(negative="")] = False,
    everywhere: Everywhere = EVERYWHERE,
) -> int:
    """Print events in the order in which they were recorded, each once; with --json one CloudEvent a line.

    With NAME the ledger keeps the position: run it again and it goes on where it stopped. NAME is made when it is
    new; afterwards --from, --type, --city and --subject must not be given.

    Examples: `yibao subscribe --from 2024-03-01 --type determined.settlement --json`;
    `yibao subscribe treasury --type posted --follow --json`

    Parameters
    ----------
    name
        A durable subscription.
    from_
        Start after this position, or at the first event recorded on this day (2024-03-01). Default: the beginning.
    type
        Event type or group of types: `fact`, `determined.settlement`, `posted`; see `yibao contract`. Repeatable.
    subject
        Subject as the events name it, e.g. `provider:H1`. Repeatable.
    follow
        Go on with what is recorded from now on, until Ctrl-C.
    identifiers
        Show identifiers of persons, households, claims and facts, and names, instead of pseudonyms.
    """
    wanted = _wanted(type, subject, everywhere)
    with opened(everywhere) as ledger, until_told() as stop:
        if name is None:
            after = position(ledger, from_)
            for event in _events(ledger, after, wanted, stop, live=follow, identifiers=identifiers):
                show(event, as_json=everywhere.json)
        else:
            _ensure(ledger, name, from_, wanted)
            delivery = _delivery(ledger, name, as_json=everywhere.json, identifiers=identifiers)
            delivery.run(stop, until_caught_up=not follow)
    return OK


@contextmanager
def until_told() -> Iterator[threading.Event]:
    """An event that Ctrl-C and SIGTERM set, so that what was begun is finished."""
    stop = threading.Event()
    before = {each: signal.signal(each, lambda *_: stop.set()) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def position(ledger: "Ledger", start: str) -> int:
    """What `--from` means: a position, or the place of the first event recorded on a day; empty: the beginning."""
    from ledger.streams import position_of

    if not start or (start.isascii() and start.isdigit()):
        return int(start or 0)
    try:
        return position_of(ledger, date.fromisoformat(start))
    except ValueError:
        raise InputRefused(
            "wrong_type", "from", f"`{start}` is no position and no day such as 2024-03-01"
        ) from None


def show(event: "CloudEvent", *, as_json: bool) -> None:
    """One event as one line, at once."""
    import msgspec

    if as_json:
        print(msgspec.json.encode(event).decode(), flush=True)
        return
    on = event.time[:10] if isinstance(event.time, str) else "-" * 10
    replaces = f" replaces 取代 {event.supersedes}" if isinstance(event.supersedes, str) else ""
    what = f"{event.city} {event.type.removeprefix('yibao.')} {event.subject}"
    print(
        f"{event.id:>8} {event.recordedtime[:19]} 生效 {on} {what} because of 因 {event.cause}{replaces}",
        flush=True,
    )


def _wanted(types: tuple[str, ...], subjects: tuple[str, ...], everywhere: Everywhere) -> "Filter":
    from ledger.streams import Filter

    city = everywhere.city_code()
    return Filter(types=types, subjects=subjects, cities=(city,) if city else ())


def _delivery(ledger: "Ledger", name: str, *, as_json: bool, identifiers: bool) -> "Delivery":
    from ledger.streams.consuming import Delivery

    return Delivery(ledger, name, deliver=_printing(as_json), identifiers=identifiers)


def _ensure(ledger: "Ledger", name: str, start: str, wanted: "Filter") -> None:
    """The subscription exists, and is what the command line says it is."""
    from ledger.streams import EVERYTHING
    from ledger.streams.subscriptions import create, listed

    found = [each for each in listed(ledger) if each.name == name]
    if not found:
        create(ledger, name, wanted, after=position(ledger, start))
    elif start or wanted not in (EVERYTHING, found[0].wanted):
        said = f"there is a subscription `{name}`: give no --from and no other filter, or replay or delete it"
        raise InputRefused("subscription_exists", name, said)


def _events(
    ledger: "Ledger", after: int, wanted: "Filter", stop: threading.Event, *, live: bool, identifiers: bool
) -> "Iterator[CloudEvent]":
    from ledger.streams import CloudEvent, Reader, follow

    if live:
        told = follow(ledger, after, wanted, stop, identifiers=identifiers)
        yield from (event for event in told if isinstance(event, CloudEvent))
        return
    reader, more = Reader(ledger.store, wanted, identifiers=identifiers), True
    while more and not stop.is_set():
        found = reader.page(after)
        yield from found.events
        after, more = found.next, found.next < found.head


def _printing(as_json: bool) -> "Callable[[Sequence[CloudEvent]], None]":
    def deliver(events: "Sequence[CloudEvent]") -> None:
        try:
            for event in events:
                show(event, as_json=as_json)
        except BrokenPipeError:  # nobody reads any more: what was printed last comes again the next time
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise SystemExit(OK) from None

    return deliver
