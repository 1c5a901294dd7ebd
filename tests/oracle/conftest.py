"""The same histories in CI, whatever else runs in the same process."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module

import pytest

from tests.oracle import keeping

PACKAGES = ("domain", "projections", "ledger", "scripts")
PROGRAMS = ("__main__", "env")
"""Modules that run when they are imported: programs, and Alembic's environment, which Alembic keeps to itself."""


def modules() -> Iterator[str]:
    """Every module that a test could load before a history is told, but those of the tests: Hypothesis passes by them."""
    for package in PACKAGES:
        for found in pkgutil.walk_packages(import_module(package).__path__, f"{package}."):
            if found.name.rpartition(".")[2] not in PROGRAMS:
                yield found.name


@pytest.fixture(scope="session", autouse=True)
def every_module_loaded() -> None:
    """Hypothesis draws constants from whatever modules of ours are loaded, also where it is derandomized.

    It has no setting against that (6.170), so all of them are loaded: then it cannot matter which tests came before.
    """
    for name in modules():
        with suppress(ImportError):  # one that needs what is not installed, no test can have loaded
            import_module(name)


@pytest.fixture(autouse=True)
def nothing_put_by() -> Iterator[None]:
    """A test whose failing histories were put by, for the soak to go on, fails all the same, when it has ended."""
    before = len(keeping.kept)
    yield
    if failing := keeping.kept[before:]:
        pytest.fail("\n".join(["failing histories, put by:", *map(str, failing)]), pytrace=False)
