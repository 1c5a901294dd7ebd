"""A back-payment is looked at without a trace, and then recorded exactly as it was shown."""

import sqlite3
import time
from contextlib import closing
from pathlib import Path

from litestar.testing import TestClient

from ledger.console.router import console_routers
from ledger.service.app import create_app
from tests.console.conftest import OPERATOR, settings
from tests.console.test_pages import words
from tests.console.test_rights import FORM, token_in

ADDRESS = "/console/510500/resolve"
EMPLOYER = "/console/510500/employer?id=restaurant&on=2022-12-31"


def test_preview_leaves_no_trace_and_recording_does_what_was_shown(own_town: Path, token_key: Path) -> None:
    app = create_app(settings(own_town, OPERATOR, token_key), console_routers())
    with TestClient(app, base_url="http://console.local") as client:
        store = app.state.desk.store
        start = store.last_position()
        page = client.get(f"{ADDRESS}?employer=restaurant&months=2022-02/2022-11")
        assert 'value="2022-02/2022-11"' in page.text
        sent = {**FORM, "_csrf_token": token_in(page.text)}

        shown = client.post(ADDRESS, data=sent).text
        assert store.last_position() == start
        assert "尚未记录" in shown
        told = words(shown)
        assert "用人单位 restaurant 基金 职工统筹基金" in told
        assert "2022-02" in told

        fact = shown.partition('name="fact" value="')[2].partition('"')[0].replace("&#34;", '"')
        again = {"_csrf_token": sent["_csrf_token"], "fact": fact, "action": "record"}
        recorded = client.post(ADDRESS, data=again).text
        assert "已记录" in words(recorded)
        assert store.last_position() > start
        assert "无欠费" in words(client.get(f"{EMPLOYER}").text)

        end = store.last_position()
        repeated = client.post(ADDRESS, data=again).text
        assert "此前已记录，无变动" in words(repeated)
        assert store.last_position() == end


def test_a_fact_that_is_wrong_is_said_to_be(own_town: Path, token_key: Path) -> None:
    app = create_app(settings(own_town, OPERATOR, token_key), console_routers())
    with TestClient(app, base_url="http://console.local") as client:
        form = token_in(client.get(ADDRESS).text)
        for fact, code in (
            ("{", "not_json"),
            ("[]", "wrong_type"),
            ('{"fact": "nonsense", "on": "2022-01-01"}', "unknown_fact"),
            ('{"fact": "contribution_paid", "on": "2022-01-01", "months": []}', "wrong_type"),
            ('{"fact": "contribution_paid", "on": "2022-01-01", "extra": 1}', "unknown_field"),
        ):
            answer = client.post(ADDRESS, data={"_csrf_token": form, "fact": fact})
            assert answer.status_code == 422, fact
            assert f"<code>{code}</code>" in answer.text, answer.text


def test_an_audit_runs_beside_the_pages_and_finds_what_was_altered(story: Path, token_key: Path) -> None:
    with closing(sqlite3.connect(story)) as altered, altered:
        changed = altered.execute("UPDATE claim_settlement SET record = replace(record, '663000', '663001')")
        assert changed.rowcount
    app = create_app(settings(story, OPERATOR, token_key), console_routers())
    with TestClient(app, base_url="http://console.local") as client:
        page = client.get("/console/510500/audit")
        assert "服务启动后尚未稽核" in page.text
        client.post("/console/510500/audit", data={"_csrf_token": token_in(page.text)})
        end = time.monotonic() + 120
        while "hx-trigger" in (page := client.get("/console/510500/audit")).text and time.monotonic() < end:
            time.sleep(0.2)
        told = words(page.text)
        assert "查询表与日志不符,请重建 person:mother claim/mother-stay" in told
        assert "处差异" in words(client.get("/console/510500?on=2022-12-31&known=2022-12-31").text)
