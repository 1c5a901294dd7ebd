"""CI tells the same histories every time: nothing that loads later adds to what they are drawn from."""

from __future__ import annotations

import sys
from importlib.util import find_spec

from tests.oracle.comparing import many_histories
from tests.oracle.conftest import modules


def test_no_module_of_ours_is_left_to_load() -> None:
    assert many_histories.derandomize or many_histories.max_examples > 300
    left = [name for name in modules() if name not in sys.modules]
    assert all(find_spec(name) for name in left)
    assert {name.partition(".")[0] for name in left} <= {"scripts"}
