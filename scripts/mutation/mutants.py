"""The small changes: chosen operators of cosmic-ray, applied to one file in memory."""

import random
from collections.abc import Iterator
from pathlib import Path

from cosmic_ray.ast import Visitor, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators import (
    binary_operator_replacement,
    boolean_replacer,
    break_continue,
    comparison_operator_replacement,
    number_replacer,
    unary_operator_replacement,
    zero_iteration_for_loop,
)
from msgspec import Struct

HOUSE = Path(__file__).resolve().parents[2]
CITIES = HOUSE / "domain" / "municipalities"
VALUES = "values"
# Boundaries and opposites; the other pairs change so much that any case would notice.
BOUNDARIES = ("Lt_LtE", "LtE_Lt", "Gt_GtE", "GtE_Gt")
OPPOSITES = ("Eq_NotEq", "NotEq_Eq", "Lt_GtE", "GtE_Lt", "Gt_LtE", "LtE_Gt", "Is_IsNot", "IsNot_Is")
COUNTED = ("Add_Sub", "Sub_Add", "Mul_Div", "Div_Mul", "FloorDiv_Mul", "Mod_Mul")


class Mutant(Struct, frozen=True):
    """One change: the file, the operator, which of its places, and the line it stands on."""

    area: str
    path: Path
    operator: str
    occurrence: int
    line: int

    def source(self) -> str:
        """The whole file with the change."""
        text = self.path.read_text("utf-8")
        changed = mutate_code(text, OPERATORS[self.operator](), self.occurrence)
        assert changed is not None
        return str(changed)

    def place(self) -> str:
        """File and line, from the house."""
        return f"{self.path.relative_to(HOUSE)}:{self.line}"

    def said(self) -> str:
        """The line as it is and as the mutant has it."""
        before = self.path.read_text("utf-8").splitlines()
        after = self.source().splitlines()
        apart = [(old, new) for old, new in zip(before, after, strict=False) if old != new]
        old, new = apart[0] if apart else (before[self.line - 1], "")
        return f"{old.strip()} -> {new.strip()}"


def _operators() -> dict[str, type]:
    found = {
        f"ReplaceComparisonOperator_{pair}": comparison_operator_replacement
        for pair in BOUNDARIES + OPPOSITES
    }
    found |= {f"ReplaceBinaryOperator_{pair}": binary_operator_replacement for pair in COUNTED}
    found |= dict.fromkeys(
        ("ReplaceTrueWithFalse", "ReplaceFalseWithTrue", "ReplaceAndWithOr", "ReplaceOrWithAnd", "AddNot"),
        boolean_replacer,
    )
    found |= dict.fromkeys(("ReplaceBreakWithContinue", "ReplaceContinueWithBreak"), break_continue)
    found |= dict.fromkeys(
        ("ReplaceUnaryOperator_Delete_Not", "ReplaceUnaryOperator_USub_UAdd"), unary_operator_replacement
    )
    found |= {"NumberReplacer": number_replacer, "ZeroIterationForLoop": zero_iteration_for_loop}
    return {name: getattr(module, name) for name, module in found.items()}


OPERATORS = _operators()


class _Places(Visitor):  # type: ignore[misc]
    """Where an operator can change something."""

    def __init__(self, operator: object) -> None:
        self.operator = operator
        self.lines: list[int] = []

    def visit(self, node: object) -> object:
        """Note the line of each place."""
        self.lines += [start[0] for start, _ in self.operator.mutation_positions(node)]  # type: ignore[attr-defined]
        return node


def areas() -> dict[str, list[Path]]:
    """The files of each area: every city, and the values of money and calendar."""
    found = {
        folder.name: sorted(folder.rglob("*.py"))
        for folder in sorted(CITIES.iterdir())
        if (folder / "municipality.toml").exists()
    }
    found[VALUES] = [HOUSE / "domain" / "values" / f"{name}.py" for name in ("money", "calendar", "period")]
    return found


def mutants(area: str, files: list[Path]) -> Iterator[Mutant]:
    """Every change that can be made in an area; annotations and imports are passed over."""
    for path in files:
        text = path.read_text("utf-8")
        lines, tree = text.splitlines(), get_ast(text)
        for name, operator in OPERATORS.items():
            places = _Places(operator())
            places.walk(tree)
            for occurrence, line in enumerate(places.lines):
                if not lines[line - 1].lstrip().startswith(("def ", "@", "from ", "import ", "class ")):
                    yield Mutant(area, path, name, occurrence, line)


def sampled(found: list[Mutant], number: int, seed: int) -> list[Mutant]:
    """So many of them, by chance of a seed, in the order of the files; all when the number is 0."""
    if not number or number >= len(found):
        return found
    chosen = set(random.Random(seed).sample(range(len(found)), number))
    return [mutant for place, mutant in enumerate(found) if place in chosen]
