"""Durable subscriptions: one's own, which begin with one's name; an administrator keeps everybody's."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Annotated, Any

from msgspec import Meta, Struct

from domain import municipalities as towns
from domain.errors import InputRefused
from ledger.handle import Ledger
from ledger.rights.caller import Right
from ledger.rights.refusals import NotAllowed
from ledger.service.call import Call
from ledger.service.feed import within
from ledger.service.operations import Decorator, Nothing, operation
from ledger.streams import Filter, position_of
from ledger.streams import subscriptions as kept
from ledger.streams.subscriptions import Parked, Subscription

PROBLEMS = (403, 404, 409)
Name = Annotated[str, Meta(min_length=1, max_length=128)]
Position = Annotated[int, Meta(ge=0, le=2**63 - 1)]


class Wish(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A subscription to be made: from a position, or from a recorded day on."""

    name: Name
    """The caller's own name, or that, a dot and more."""
    types: tuple[str, ...] = ()
    cities: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    after: Position = 0
    since: date | None = None
    park_after: Annotated[int, Meta(ge=1)] | None = None
    """Failures after which an event is parked; null: never, the consumer stops at it."""


class Replay(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Deliver again what stands after a position."""

    after: Position


class Retry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which parked event to deliver again; null: all."""

    position: Position | None = None


class Retried(Struct, frozen=True):
    """How many parked events will be delivered again."""

    count: int


def of_one(method: str, then: str, **told: Any) -> Decorator:
    """An operation on the subscription that the address names."""
    path = f"/v1/subscriptions/{{name:str}}{then}"
    return operation(method, path, right=Right.FOLLOW, problems=PROBLEMS, **told)


@operation(
    "get", "/v1/subscriptions", says="Subscriptions 订阅列表", right=Right.FOLLOW, answer=list[Subscription]
)
def subscriptions(call: Call) -> list[Subscription]:
    """Position, lag, state; one's own, or everybody's for an administrator."""
    with call.desk.reading() as ledger:
        return [each for each in kept.listed(ledger) if _owns(call, each.name)]


@operation(
    "post",
    "/v1/subscriptions",
    says="Subscribe 新建订阅",
    right=Right.FOLLOW,
    body=Wish,
    answer=Subscription,
    status=201,
    problems=PROBLEMS,
)
def subscribe(call: Call) -> Subscription:
    """Making it again as it is changes nothing."""
    wish = call.read(Wish)
    _own(call, wish.name)
    cities = tuple(towns.municipality(each).code for each in wish.cities)
    wanted = within(call.caller, Filter(types=wish.types, cities=cities, subjects=wish.subjects))
    with call.desk.reading() as ledger:
        after = wish.after if wish.since is None else position_of(ledger, wish.since)
        return kept.create(ledger, wish.name, wanted, after=after, park_after=wish.park_after)


@of_one("delete", "", says="Forget a subscription 删除订阅", answer=Nothing)
def unsubscribe(call: Call) -> Nothing:
    """With its position and what it had parked."""
    with _mine(call) as (ledger, name):
        kept.delete(ledger, name)
    return Nothing()


@of_one("post", "/pause", says="Pause 暂停订阅", answer=Subscription)
def pause(call: Call) -> Subscription:
    """Nothing more is delivered until it is resumed."""
    with _mine(call) as (ledger, name):
        return kept.pause(ledger, name)


@of_one("post", "/resume", says="Resume 恢复订阅", answer=Subscription)
def resume(call: Call) -> Subscription:
    """Go on where it was paused, or try again where its consumer failed."""
    with _mine(call) as (ledger, name):
        return kept.resume(ledger, name)


@of_one("post", "/replay", says="Replay 重放", body=Replay, answer=Subscription)
def replay(call: Call) -> Subscription:
    """Deliver again everything after a position."""
    with _mine(call) as (ledger, name):
        return kept.replay(ledger, name, call.read(Replay).after)


@of_one("get", "/parked", says="Parked events 搁置的事件", answer=list[Parked])
def parked(call: Call) -> list[Parked]:
    """Events that were passed over by the subscription's policy."""
    with _mine(call) as (ledger, name):
        return kept.parked(ledger, name)


@of_one("post", "/retry", says="Retry parked events 重试搁置的事件", body=Retry, answer=Retried)
def retry(call: Call) -> Retried:
    """The consumer takes them before anything else."""
    with _mine(call) as (ledger, name):
        return Retried(kept.retry(ledger, name, call.read(Retry).position))


def _owns(call: Call, name: str) -> bool:
    own = call.caller.name
    return call.caller.may(Right.KEEP) or name == own or name.startswith(f"{own}.")


def _own(call: Call, name: str) -> None:
    if not _owns(call, name):
        own = call.caller.name
        raise NotAllowed(f"subscriptions of {own} are called `{own}` or `{own}.something`", "name")


@contextmanager
def _mine(call: Call) -> Iterator[tuple[Ledger, str]]:
    """The subscription of the address; one that is not the caller's is refused, whether it exists or not."""
    name = call.path["name"]
    with call.desk.reading() as ledger:
        if not name or len(name) > 128:
            raise InputRefused("wrong_type", "name", "a name has 1 to 128 characters")
        _own(call, name)
        yield ledger, name


HANDLERS = (subscriptions, subscribe, unsubscribe, pause, resume, replay, parked, retry)
