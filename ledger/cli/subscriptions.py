"""`yibao subscriptions`: where each durable consumer stands, and what to do when one stands still."""

from typing import TYPE_CHECKING, Any

import msgspec
from cyclopts import App
from rich.table import Table

from ledger.cli import OK
from ledger.cli.options import EVERYWHERE, Everywhere, opened
from ledger.cli.screen import console, print_json, say

if TYPE_CHECKING:
    from ledger.streams.subscriptions import Parked, Subscription

app = App(
    name="subscriptions",
    help_format="plaintext",
    help="""Durable subscriptions 订阅: position, lag, failures; pause, resume, replay, retry.

Example: yibao subscriptions list
""",
)


@app.command(name="list")
def list_(*, everywhere: Everywhere = EVERYWHERE) -> int:
    """Every subscription: where it stands and how far behind the log. Example: `yibao subscriptions list`."""
    from ledger.streams.subscriptions import listed

    with opened(everywhere) as ledger:
        found = listed(ledger)
    if everywhere.json:
        print_json([_told(each) for each in found])
        return OK
    table = Table(title="subscriptions 订阅", title_justify="left")
    heads = (
        "name\n名称",
        "state\n状态",
        "position\n位置",
        "lag\n滞后",
        "parked\n搁置",
        "failures\n失败",
        "error\n原因",
    )
    for head in heads:
        table.add_column(head)
    for each in found:
        numbers = (each.position, each.lag, each.parked, each.failures)
        state = f"{each.state} {_STATES[each.state]}"
        table.add_row(each.name, state, *map(str, numbers), each.error)
    console().print(table)
    return OK


@app.command
def create(
    name: str,
    *,
    from_: str = "",
    type: tuple[str, ...] = (),  # noqa: A002
    subject: tuple[str, ...] = (),
    park_after: int | None = None,
    everywhere: Everywhere = EVERYWHERE,
) -> int:
    """Make a subscription. Example: `yibao subscriptions create treasury --type posted --park-after 5`.

    Parameters
    ----------
    name
        What the consumer is called.
    from_
        Start after this position, or at the first event recorded on this day; default: the beginning.
    type
        Event type or group of types, repeatable; see `yibao contract`.
    subject
        Subject, repeatable.
    park_after
        Failures after which an event is parked 搁置 and passed over; without it the consumer stops at it.
    """
    from ledger.cli.subscribe import position
    from ledger.streams import Filter
    from ledger.streams.subscriptions import create as made

    city = everywhere.city_code()
    wanted = Filter(types=type, subjects=subject, cities=(city,) if city else ())
    with opened(everywhere) as ledger:
        found = made(ledger, name, wanted, after=position(ledger, from_), park_after=park_after)
    return _show(found, everywhere)


@app.command
def pause(name: str, *, everywhere: Everywhere = EVERYWHERE) -> int:
    """Deliver nothing more until it is resumed. Example: `yibao subscriptions pause treasury`."""
    from ledger.streams.subscriptions import pause as paused

    with opened(everywhere) as ledger:
        return _show(paused(ledger, name), everywhere)


@app.command
def resume(name: str, *, everywhere: Everywhere = EVERYWHERE) -> int:
    """Go on where it was paused or failed. Example: `yibao subscriptions resume treasury`."""
    from ledger.streams.subscriptions import resume as resumed

    with opened(everywhere) as ledger:
        return _show(resumed(ledger, name), everywhere)


@app.command
def replay(name: str, *, from_: str, everywhere: Everywhere = EVERYWHERE) -> int:
    """Deliver again. Example: `yibao subscriptions replay treasury --from 2024-03-01`.

    Parameters
    ----------
    from_
        Everything after this position, or from the first event recorded on this day.
    """
    from ledger.cli.subscribe import position
    from ledger.streams.subscriptions import replay as replayed

    with opened(everywhere) as ledger:
        return _show(replayed(ledger, name, position(ledger, from_)), everywhere)


@app.command
def parked(name: str, *, everywhere: Everywhere = EVERYWHERE) -> int:
    """Events that were passed over after failing. Example: `yibao subscriptions parked treasury`."""
    from ledger.streams.subscriptions import parked as held

    with opened(everywhere) as ledger:
        found: list[Parked] = held(ledger, name)
    if everywhere.json:
        print_json([msgspec.to_builtins(each) for each in found])
        return OK
    for each in found:
        again = " marked to come again 将重投" if each.again else ""
        say(
            f"{each.position:>8} parked 搁置 {each.parked} after {each.failures} failures: {each.error}{again}"
        )
    if not found:
        say("nothing is parked 无搁置")
    return OK


@app.command
def retry(name: str, *, position: int | None = None, everywhere: Everywhere = EVERYWHERE) -> int:
    """Parked events come again, before anything else. Example: `yibao subscriptions retry treasury --position 1042`.

    Parameters
    ----------
    position
        Which one; default: all that are parked.
    """
    from ledger.streams.subscriptions import retry as retried

    with opened(everywhere) as ledger:
        count = retried(ledger, name, position)
    if everywhere.json:
        print_json({"name": name, "again": count})
    else:
        say(f"{name}: {count} parked events will come again 将重投")
    return OK


@app.command
def delete(name: str, *, everywhere: Everywhere = EVERYWHERE) -> int:
    """Forget a subscription and its position. Example: `yibao subscriptions delete treasury`."""
    from ledger.streams.subscriptions import delete as forget

    with opened(everywhere) as ledger:
        forget(ledger, name)
    if everywhere.json:
        print_json({"deleted": name})
    else:
        say(f"{name}: deleted 已删除")
    return OK


_STATES = {"live": "同步", "behind": "滞后", "paused": "暂停", "failing": "失败"}


def _told(subscription: "Subscription") -> dict[str, Any]:
    return {**msgspec.to_builtins(subscription), "lag": subscription.lag}


def _show(subscription: "Subscription", everywhere: Everywhere) -> int:
    if everywhere.json:
        print_json(_told(subscription))
    else:
        state = f"{subscription.state} {_STATES[subscription.state]}"
        say(
            f"{subscription.name}: {state}, position 位置 {subscription.position}, lag 滞后 {subscription.lag}"
        )
    return OK
