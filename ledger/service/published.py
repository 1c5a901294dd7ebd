"""The schemas of the API: one component for each struct, and the unions of facts, questions and answers."""

from collections.abc import Iterable
from typing import Any

import msgspec
from msgspec import UNSET, Struct, UnsetType

from domain.facts import AnyFact
from domain.facts.requirements import REQUIREMENTS, Requirement
from domain.questions import answers
from domain.questions.kinds import AnyQuestion
from ledger.service import shapes
from ledger.service.mirrors import Withdrawn, mirrored, written
from ledger.service.recording import MOST

REF = "#/components/schemas/"
Schema = dict[str, Any]
FACTS = {str(kind.__struct_config__.tag): mirrored(kind, True) for kind in AnyFact.__args__}
QUESTIONS = {str(kind.__struct_config__.tag): mirrored(kind, True) for kind in AnyQuestion.__args__}
ANSWERS: dict[str, type[Struct]] = {
    str(kind.__struct_config__.tag): mirrored(getattr(answers, f"{kind.__name__}Answer"), False)
    for kind in AnyQuestion.__args__
}
SHAPES = (shapes.Unanswered, shapes.Explained, shapes.Statement, shapes.Changes, shapes.Compared)


def ref(name: str) -> Schema:
    """A reference to a component."""
    return {"$ref": REF + name}


def components(types: Iterable[Any]) -> tuple[dict[int, Schema], dict[str, Schema]]:
    """Schemas of types (by `id`) and every component they, facts, questions and answers need."""
    answered = {kind: _answered(kind, answer) for kind, answer in ANSWERS.items()}
    fixed = [*FACTS.values(), *QUESTIONS.values(), *answered.values(), *SHAPES, Withdrawn]
    wanted = list(types)
    schemas, found = msgspec.json.schema_components(
        [*wanted, *fixed], schema_hook=written, ref_template=REF + "{name}"
    )
    by_type = {id(each): schema for each, schema in zip(wanted, schemas, strict=False)}
    names = dict(
        zip(map(id, fixed), (s["$ref"].removeprefix(REF) for s in schemas[len(wanted) :]), strict=True)
    )
    for kind, struct in {**FACTS, **QUESTIONS}.items():
        _require(found[names[id(struct)]], REQUIREMENTS.get(kind, ()))
    found[names[id(Withdrawn)]]["properties"]["fact"] = {"enum": list(FACTS)}
    return by_type, {**found, **_unions(names, answered)}


def _unions(names: dict[int, str], answered: dict[str, type[Struct]]) -> dict[str, Schema]:
    given = _tagged("fact", {tag: names[id(struct)] for tag, struct in FACTS.items()})
    fact = ref("Fact")
    facts = {"type": "array", "items": fact}
    single = {
        f"Answered_{kind}": {"anyOf": [ref(names[id(struct)]), ref("Unanswered")]}
        for kind, struct in answered.items()
    }
    return {
        "GivenFact": given,
        "Fact": {"anyOf": [ref("GivenFact"), ref(names[id(Withdrawn)])]},
        "Facts": {**facts, "maxItems": MOST},
        "FactLines": {"type": "string", "description": "JSON Lines: one `Fact` a line"},
        "FactsToResolve": {
            "type": "object",
            "properties": {"facts": {**facts, "minItems": 1}},
            "required": ["facts"],
            "additionalProperties": False,
        },
        "Question": _tagged("ask", {tag: names[id(struct)] for tag, struct in QUESTIONS.items()}),
        "Answered": {"anyOf": [*(ref(names[id(struct)]) for struct in answered.values()), ref("Unanswered")]},
        **single,
    }


def _tagged(field: str, names: dict[str, str]) -> Schema:
    mapping = {tag: REF + name for tag, name in names.items()}
    return {
        "oneOf": [ref(name) for name in names.values()],
        "discriminator": {"propertyName": field, "mapping": mapping},
    }


def _answered(kind: str, answer: type[Struct]) -> type[Struct]:
    return msgspec.defstruct(
        f"{answer.__name__.removesuffix('Answer')}Answered",
        [("answer", answer), ("because", list[str]), ("pending", bool | UnsetType, UNSET)],
        forbid_unknown_fields=True,
        namespace={"__doc__": f"The answer to `{kind}`, and the rules it rests on."},
    )


def _require(schema: Schema, requirements: Iterable[Requirement]) -> None:
    """Fields of which one, or at least one, must be given; null counts as left out."""
    rules = [_required(each) for each in requirements]
    if rules:
        schema["allOf"] = rules


def _required(of: Requirement) -> Schema:
    ways = [_given(names) for names in of.fields]
    rule = {"oneOf" if of.exactly else "anyOf": ways}
    if of.when is None:
        return rule
    field, value = of.when
    if value is None:
        return {"if": {"not": _given((field,))}, "then": rule}
    return {"if": {"properties": {field: {"const": value}}, "required": [field]}, "then": rule}


def _given(names: tuple[str, ...]) -> Schema:
    present = {name: {"not": {"type": "null"}} for name in names}
    return {"properties": present, "required": list(names)}
