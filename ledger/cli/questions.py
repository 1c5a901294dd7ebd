"""A verb for each of the 22 questions, made from the question structs: an option for every field."""

import inspect
import types
import typing
from collections.abc import Callable, Iterator, Sequence
from typing import Annotated, Any

from cyclopts import App, Parameter
from msgspec import NODEFAULT
from msgspec.structs import FieldInfo, fields

from domain.questions.kinds import AnyQuestion, Question
from domain.values.calendar import Months
from domain.values.terms.term import Term
from ledger.cli.options import EVERYWHERE, Everywhere

LEFT_OUT = ("city", "note")
MEANING = {
    "person": "Identifier of the person 人员.",
    "employer": "Identifier of the employer 用人单位.",
    "household": "Identifier of the household 家庭户.",
    "provider": "Identifier of the provider 医药机构.",
    "claim": "Identifier of the claim 费用单据.",
    "id": "Identifier of the fact 事实.",
    "on": "In force on this day 生效日, e.g. 2024-03-31.",
    "known": "As known at this date or time 已知日; a date is the end of that day.",
    "known_before": "The earlier moment of knowledge 较早的已知日.",
    "year": "Calendar year 年度.",
    "months": "Months and ranges, e.g. 2024-01/2024-03 月份.",
}
Answer = Callable[[dict[str, Any], Everywhere], int]


def add_verbs(
    app: App, answer: Answer, *, earlier: bool = False, more: Sequence[inspect.Parameter] = ()
) -> None:
    """Give an application one verb per kind of question; `earlier` adds --known-before to each, `more` others."""
    added = [*more, *([_known_before()] if earlier else [])]
    for kind in AnyQuestion.__args__:
        if earlier and "known_before" in kind.__struct_fields__:
            continue
        app.command(_verb(kind, answer, added), name=tag_of(kind).replace("_", "-"), alias=_alias(kind))


def tag_of(kind: type[Question]) -> str:
    """The name of a question in the contract."""
    tag = kind.__struct_config__.tag
    assert isinstance(tag, str)
    return tag


def _alias(kind: type[Question]) -> list[str]:
    return [tag_of(kind)] if "_" in tag_of(kind) else []


def _verb(kind: type[Question], answer: Answer, added: Sequence[inspect.Parameter]) -> Callable[..., int]:
    tag = tag_of(kind)

    def ask(everywhere: Everywhere = EVERYWHERE, **given: Any) -> int:
        asked = {name: value for name, value in given.items() if value is not None and value != ()}
        return answer({"ask": tag, **asked}, everywhere)

    options = [*(_option(field) for field in asked_fields(kind)), *added]
    options.append(
        inspect.Parameter(
            "everywhere", inspect.Parameter.KEYWORD_ONLY, default=EVERYWHERE, annotation=Everywhere
        )
    )
    options.sort(key=lambda option: option.default is not inspect.Parameter.empty)
    ask.__name__ = tag
    ask.__doc__ = inspect.cleandoc(kind.__doc__ or tag)
    ask.__signature__ = inspect.Signature(options, return_annotation=int)  # type: ignore[attr-defined]
    ask.__annotations__ = {option.name: option.annotation for option in options} | {"return": int}
    return ask


def _known_before() -> inspect.Parameter:
    return _parameter("known_before", str, inspect.Parameter.empty, MEANING["known_before"])


def asked_fields(kind: type[Question]) -> Iterator[FieldInfo]:
    """The fields of a question that the command line asks for."""
    return (field for field in fields(kind) if field.name not in LEFT_OUT)


def _option(field: FieldInfo) -> inspect.Parameter:
    optional = field.default is not NODEFAULT
    return _parameter(field.name, *_shape(field.type, optional), _meaning(field))


def _parameter(name: str, annotation: Any, default: Any, meaning: str) -> inspect.Parameter:
    says = Parameter(help=meaning, negative="", consume_multiple=annotation == tuple[str, ...])
    return inspect.Parameter(
        name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=Annotated[annotation, says]
    )


def _shape(hint: Any, optional: bool) -> tuple[Any, Any]:
    """Annotation and default of an option. Values are checked by the contract, not twice."""
    required = inspect.Parameter.empty
    inner = [each for each in _parts(hint) if each is not type(None)]
    if Months in inner:
        return tuple[str, ...], () if optional else required
    if bool in inner:
        return (bool | None, None) if optional else (bool, required)
    if int in inner:
        return (int | None, None) if optional else (int, required)
    return (str | None, None) if optional else (str, required)


def _parts(hint: Any) -> list[Any]:
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        return [part for each in typing.get_args(hint) for part in _parts(each)]
    if hasattr(hint, "__metadata__"):
        return _parts(hint.__origin__)
    return [hint]


def _meaning(field: FieldInfo) -> str:
    terms = [each for each in _parts(field.type) if isinstance(each, type) and issubclass(each, Term)]
    if terms:
        return "One of: " + ", ".join(f"{term.value} {term.label}" for term in terms[0]) + "."
    return MEANING.get(field.name, field.name.replace("_", " ").capitalize() + ".")
