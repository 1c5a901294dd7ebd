"""docs/errors.md knows every code that the edge can say."""

import re
from pathlib import Path

import pytest

from domain.values.terms.codes import CODE_LABELS

ROOT = Path(__file__).parents[2]
CATALOGUE = (ROOT / "docs" / "errors.md").read_text("utf-8")
SAID = re.compile(r'code="(\w+)"|InputRefused\(\s*"(\w+)"|CODE = "(\w+)"|refused\(\s*"(\w+)"')


def codes_in_the_source() -> set[str]:
    """Codes that the edge and the store write as literals."""
    sources = [path.read_text("utf-8") for path in (ROOT / "ledger").rglob("*.py")]
    found = (group for source in sources for match in SAID.findall(source) for group in match if group)
    return set(found) | set(CODE_LABELS)


@pytest.mark.parametrize("code", sorted(codes_in_the_source()))
def test_every_code_is_in_the_catalogue(code: str) -> None:
    assert f"`{code}`" in CATALOGUE
