"""Every kind of fact and consequence comes back from the database as it went in, and is legible there."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

import msgspec
import pytest
from msgspec import inspect

from domain.events.consequences import AnyConsequence, Posting, Settlement
from domain.events.recorded import AnyConsequenceEvent, Determined, Posted
from domain.facts import AnyFact, Withdrawal
from domain.facts.reading import read_fact
from domain.questions.answers import ClaimAnswer
from domain.values.calendar import Moment, Month, Months
from domain.values.money import SignedFen
from domain.values.terms import ClaimOutcome, Layer
from ledger.clock import FixedClock
from ledger.store import DatabaseDamaged, DatabaseVersion, Store, open_store
from ledger.store.encoding import decode, encode
from tests.store.conftest import MONDAY
from tests.store.facts import CITY, CLERK, registered, withdrawn

KNOWN = Moment.parse(MONDAY)
KINDS = [*AnyFact.__args__, *AnyConsequence.__args__]


def example(kind: Any) -> Any:
    """A value of a type with every field filled in."""
    return _of(inspect.type_info(kind))


def _of(info: Any) -> Any:
    match info:
        case inspect.StructType(cls=cls, fields=fields):
            return cls(**{field.name: _of(field.type) for field in fields})
        case inspect.EnumType(cls=cls):
            return list(cls)[-1]
        case inspect.UnionType(types=types):
            return _of(next(one for one in types if not isinstance(one, inspect.NoneType)))
        case inspect.DictType(key_type=key, value_type=value):
            return {_of(key): _of(value)}
        case inspect.VarTupleType(item_type=item):
            return (_of(item), _of(item))
        case inspect.ListType(item_type=item):
            return [_of(item)]
        case inspect.Metadata(type=inner):
            return _of(inner)
        case inspect.LiteralType(values=values):
            return values[0]
        case inspect.CustomType(cls=cls):
            return _own(cls)
        case _:
            return _plain(info)


def _own(cls: type) -> Any:
    if issubclass(cls, Moment):
        return KNOWN
    if issubclass(cls, Month):
        return cls.parse("2024-03")
    if issubclass(cls, Months):
        return cls.parse(["2024-01/2024-03"])
    return cls(-1234 if cls is SignedFen else 1234) if issubclass(cls, int) else cls("0.50")  # type: ignore[call-arg]


def _plain(info: Any) -> Any:
    match info:
        case inspect.IntType(ge=least):
            return max(7, least or 0)
        case inspect.StrType(pattern=pattern):
            return "510500" if pattern else "王芳"
        case inspect.BoolType():
            return True
        case inspect.DateType():
            return date(2024, 2, 29)
        case inspect.DecimalType():
            return Decimal("0.0123")
    raise AssertionError(f"no example of {info}")


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_kind_comes_back_as_it_went_in(kind: Any) -> None:
    made = example(kind)
    event = made if kind in AnyFact.__args__ else Determined(subject="person:P1", cause="f1", record=made)
    columns = encode(event)
    back = decode(columns.topic, columns.state, KNOWN)
    assert back == event
    assert type(back) is type(event)
    assert "recorded" not in json.loads(columns.state)


@pytest.mark.parametrize("kind", AnyConsequenceEvent.__args__, ids=lambda kind: kind.__name__)
def test_every_event_comes_back_as_it_went_in(kind: Any) -> None:
    if kind is Posted:
        sides = (Posting("member:P1", -5, "use"), Posting("fund:resident_pooled", 5))
        event = Posted(subject="person:P1", key="k", on=date(2024, 3, 1), postings=sides, month=Month(24_000))
    else:
        event = (
            example(kind) if kind is not Determined else Determined(subject="s", record=example(Settlement))
        )
    columns = encode(event)
    assert decode(columns.topic, columns.state, KNOWN) == event


def test_a_stored_fact_is_a_fact_of_the_contract() -> None:
    assert read_fact(json.loads(encode(registered("P1")).state)) == registered("P1")
    void = json.loads(encode(withdrawn("w", "f")).state)
    assert (void["fact"], void["void"], void["corrects"]) == ("person_registered", True, "f")
    assert isinstance(read_fact(void), Withdrawal)


def test_money_and_terms_are_legible() -> None:
    answer = ClaimAnswer(
        outcome=next(iter(ClaimOutcome)), supplement={next(iter(Layer)): 12_345}, rate=Decimal("0.85")
    )
    settled = Settlement(claim="c", person="P1", on=date(2024, 5, 6), answer=answer)
    told = json.loads(encode(Determined(subject="person:P1", record=settled)).state)
    assert told["record"]["on"] == "2024-05-06"
    assert told["record"]["answer"]["rate"] == "0.85"
    assert told["record"]["answer"]["supplement"] == {str(next(iter(Layer)).value): 12_345}


def test_what_cannot_be_read_is_refused_and_not_guessed() -> None:
    with pytest.raises(DatabaseVersion):
        decode("invented_tomorrow", b"{}", KNOWN)
    for state in (b"", b"{}", b'{"event":"posted","subject":7}', b"\xff"):
        with pytest.raises(DatabaseDamaged):
            decode("posted", state, KNOWN)


def test_the_stamp_is_the_injected_clocks_whatever_the_machine_says() -> None:
    from freezegun import freeze_time

    with freeze_time("2001-01-01"), open_store(clock=FixedClock(MONDAY)) as store:
        assert isinstance(store, Store)
        assert store.append([registered("P1")], city=CITY, recorded_by=CLERK).recorded == KNOWN


def test_enums_have_stable_names() -> None:
    for kind in KINDS:
        for field in msgspec.structs.fields(kind):
            assert not (isinstance(field.type, type) and issubclass(field.type, Enum)) or issubclass(
                field.type, str
            )
