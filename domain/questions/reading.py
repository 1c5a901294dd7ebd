"""The door for questions."""

from collections.abc import Mapping
from typing import Any

from domain.errors import InputRefused
from domain.facts.reading import converted
from domain.facts.requirements import REQUIREMENTS
from domain.questions.kinds import AnyQuestion, Question

_KINDS: dict[object, type[Question]] = {kind.__struct_config__.tag: kind for kind in AnyQuestion.__args__}


def read_question(asked: object) -> Question:
    """A question from a decoded JSON object (`expect` is not part of it); InputRefused otherwise."""
    if not isinstance(asked, Mapping):
        raise InputRefused("wrong_type", "ask", "a question is a JSON object")
    kind = asked.get("ask")
    if kind is None:
        raise InputRefused("field_missing", "ask", "name the kind of question in the field `ask`")
    if not isinstance(kind, str) or kind not in _KINDS:
        raise InputRefused("unknown_fact", str(kind), f"`{kind}` is not a question of facts v1")
    question: Question = converted(asked, _KINDS[kind], str(kind))
    _check(asked, str(kind))
    return question


def _check(asked: Mapping[str, Any], kind: str) -> None:
    for requirement in REQUIREMENTS.get(kind, ()):
        if name := requirement.missing_in(asked):
            raise InputRefused("field_missing", name, f"{kind}: {requirement.says}")
