"""Random histories of every city: each page of everybody in them, and the reasons of their cells, can be read."""

import re
from contextlib import suppress
from html import unescape
from pathlib import Path
from urllib.parse import quote

import pytest
from litestar.testing import TestClient
from msgspec.structs import replace

from domain.errors import InputRefused
from ledger.console.router import console_routers
from ledger.handle import Ledger
from ledger.rights.caller import EVERY_CITY
from ledger.service.app import create_app
from ledger.service.settings import Settings
from tests.console.conftest import AUDITOR, UNHURRIED
from tests.scenarios.histories import cities, history

PAGES = ("person", "employer", "household", "claim")
EVERYWHERE = replace(AUDITOR, cities=(EVERY_CITY,))


@pytest.mark.parametrize(("folder", "code"), cities())
def test_every_page_of_a_history_can_be_read(tmp_path: Path, folder: str, code: str) -> None:
    file = tmp_path / "city.db"
    with Ledger.open(str(file), migrate=True) as ledger:
        for seed in (1, 2):
            for fact in history(seed, folder):
                with suppress(InputRefused):  # the second history may contradict the first
                    ledger.record({**fact, "id": f"{seed}-{fact['id']}", "city": code}, keep_recorded=False)
    app = create_app(Settings(database=str(file), anyone=EVERYWHERE, limits=UNHURRIED), console_routers())
    with TestClient(app, base_url="http://console.local") as client:
        found = [key.split(":", 1) for key in app.state.desk.store.keys(code)]
        addresses = [f"/console/{code}", f"/console/{code}/arrears"]
        for kind, name in found:
            if kind in PAGES:
                addresses += [f"/console/{code}/{kind}?id={quote(name)}{on}" for on in ("", "&on=2025-06-01")]
            if kind == "person":
                addresses.append(f"/console/{code}/compare?id={quote(name)}&known_before=2019-01-01")
        assert len(addresses) > 6
        for address in addresses:
            page = client.get(address)
            assert page.status_code == 200, (address, page.text)
            reasons = dict.fromkeys(re.findall(r'hx-get="([^"]*/why[^"]*)"', page.text))
            for reason in list(reasons)[:3]:
                assert client.get(unescape(reason)).status_code == 200, reason
