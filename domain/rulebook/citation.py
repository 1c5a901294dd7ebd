"""Rules that carry their ID and article, and findings that carry the rules they rest on."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Generic, ParamSpec, Protocol, TypeVar, overload

from msgspec import Struct

P = ParamSpec("P")
T = TypeVar("T")


class Finding(Struct, Generic[T], frozen=True):
    """A value and the IDs of the rules it rests on, in the order in which they were applied."""

    value: T
    because: tuple[str, ...] = ()


class Citation(Struct, frozen=True):
    """Where a rule stands: its permanent ID, its article, and what it says in one sentence."""

    rule: str
    article: str
    says: str


CITATIONS: dict[str, Citation] = {}
"""Every rule of every municipality that has been loaded, by ID."""

_speaking: dict[str, tuple[str, tuple[object, ...]]] = {}
"""By rule: the folder that declared it first, and how specific the declaration is that speaks for it."""

_witness: list[Callable[[str], None]] = []


def witness(observer: Callable[[str], None] | None) -> None:
    """Let a coverage run see which rules are applied (None stops it)."""
    _witness[:] = [observer] if observer else []


def joined(*reasons: tuple[str, ...]) -> tuple[str, ...]:
    """Rule IDs of several findings, each once, in order."""
    return tuple(dict.fromkeys(rule for because in reasons for rule in because))


def _cite(citation: Citation, function: Callable[..., Any], specific: tuple[int, int]) -> None:
    """Of several functions that declare a rule the most specific speaks for it, in whatever order they are loaded.

    The folder that comes first stays: the present version of a city is loaded before an older one.
    """
    folder = ".".join(function.__module__.split(".")[:3])
    rank = (*specific, function.__module__, function.__qualname__)
    known = _speaking.get(citation.rule)
    if known is None or (known[0] == folder and rank < known[1]):
        _speaking[citation.rule] = (folder, rank)
        CITATIONS[citation.rule] = citation


class Declaration(Protocol):
    """What `rule(...)` gives: a decorator that keeps the arguments and wraps the result in a Finding."""

    @overload
    def __call__(self, function: Callable[P, Finding[T]]) -> Callable[P, Finding[T]]: ...
    @overload
    def __call__(self, function: Callable[P, T]) -> Callable[P, Finding[T]]: ...


def rule(*ids: str, article: str) -> Declaration:
    """Declare a function to be one or more rules of a document.

    Calling it gives a `Finding` whose `because` begins with these IDs, followed by those of the findings
    it rests on (return a `Finding` to pass them on). The docstring's first line is what auditors read.
    """

    def declare(function: Callable[..., Any]) -> Callable[..., Finding[Any]]:
        if not function.__doc__:
            raise AssertionError(f"{ids}: a rule without a docstring cannot be explained")
        for place, each in enumerate(ids):
            says = function.__doc__.strip().splitlines()[0]
            _cite(Citation(each, article, says), function, (len(ids), place))

        @wraps(function)
        def apply(*args: Any, **kwargs: Any) -> Finding[Any]:
            for observer in _witness:
                for each in ids:
                    observer(each)
            result = function(*args, **kwargs)
            if isinstance(result, Finding):
                return Finding(result.value, joined(ids, result.because))
            return Finding(result, ids)

        return apply

    return declare
