"""The same pages over PostgreSQL."""

from litestar.testing import TestClient

from ledger.console.router import console_routers
from ledger.handle import Ledger
from ledger.receipts import Rejected
from ledger.service.app import create_app
from ledger.service.settings import Settings
from tests.console.conftest import AUDITOR
from tests.console.test_pages import read
from tests.console.test_rights import token_in
from tests.resolve.stories import demo_facts


def test_the_story_reads_the_same_on_postgresql(postgres_url: str) -> None:
    with Ledger.open(postgres_url, migrate=True) as ledger:
        told = enumerate(sorted(demo_facts(), key=lambda fact: str(fact.get("recorded", fact["on"]))), 1)
        assert not [outcome for outcome in ledger.import_facts(told) if isinstance(outcome, Rejected)]
    app = create_app(Settings(database=postgres_url, anyone=AUDITOR), console_routers())
    with TestClient(app, base_url="http://console.local") as client:
        address = "/console/510500/person?id=mother&on=2019-07-14&known="
        assert "职工医保 暂停待遇 欠费暂停待遇" in read(client, f"{address}2019-08-15")
        assert "职工医保 正常享受" in read(client, f"{address}2019-09-30")
        asked = "kind=claim&person=mother&claim=mother-stay&known=2019-09-30"
        assert "历次结算 ×2" in read(client, f"/console/510500/why?{asked}")
        assert "陈静" in read(client, "/console/510500/find?q=mother")
        assert "职工统筹基金" in read(client, "/console/510500?on=2020-12-31&known=2020-12-31")
        form = token_in(client.get("/console/510500/resolve").text)
        late = {"employer": "press", "on": "2021-03-01", "months": "2021-01", "_csrf_token": form}
        assert "尚未记录" in client.post("/console/510500/resolve", data=late).text
