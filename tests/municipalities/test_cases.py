"""Every case file in the cities' folders, through the real write path, on both databases."""

import json
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest

from domain.municipalities import folders


def every_case() -> Iterator[Any]:
    """Each case of each city as one test."""
    for code, folder in sorted(folders().items()):
        cases = files("domain.municipalities") / folder / "cases"
        for file in sorted(cases.iterdir(), key=lambda each: each.name):
            if file.name.endswith(".json"):
                content = json.loads(file.read_text("utf-8"))
                if content["city"] == code:
                    for case in content["cases"]:
                        yield pytest.param(case, code, id=f"{folder}-{file.name[:-5]}-{case['id']}")
