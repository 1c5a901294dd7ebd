"""Who may come in, what each may read and do, and that forged forms do nothing."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from msgspec.structs import replace

from ledger.console.router import HEADERS
from ledger.rights.caller import Role
from tests.console.conftest import AUDITOR, BLIND, OPERATOR, Client, Visiting, token_for

PERSON = "/console/510500/person?id=mother&on=2019-07-14&known=2019-08-15"
FORM = {"employer": "restaurant", "on": "2022-12-20", "months": "2022-02/2022-11", "action": "preview"}


def token_in(page: str) -> str:
    """What a form of the page sends to prove that it is the page's own."""
    found = re.search(r'name="_csrf_token" value="([0-9a-f]+)"', page)
    assert found is not None
    return found[1]


def test_without_a_token_one_is_asked_for_and_leads_back(visiting: Visiting, token_key) -> None:
    client = visiting(None)
    turned = client.get(PERSON, follow_redirects=False)
    assert turned.status_code == 303
    asked = urlsplit(turned.headers["location"])
    assert (asked.path, parse_qs(asked.query)["next"]) == ("/console/login", [PERSON])

    page = client.get(turned.headers["location"])
    sent = {"token": token_for(AUDITOR, token_key), "next": PERSON, "_csrf_token": token_in(page.text)}
    taken = client.post("/console/login", data=sent, follow_redirects=False)
    assert (taken.status_code, taken.headers["location"]) == (303, PERSON)
    kept = next(c for c in taken.headers.get_list("set-cookie") if c.startswith("yibao_token="))
    assert "HttpOnly" in kept
    assert "SameSite=strict" in kept
    assert "Path=/console" in kept
    assert client.get(PERSON).status_code == 200

    left = client.post("/console/logout", data={"_csrf_token": sent["_csrf_token"]}, follow_redirects=False)
    assert left.headers["location"] == "/console/login"
    assert client.get(PERSON, follow_redirects=False).status_code == 303


def test_a_token_that_does_not_count_is_refused(visiting: Visiting) -> None:
    client = visiting(None)
    page = client.get("/console/login")
    sent = {"token": "not.a.token", "_csrf_token": token_in(page.text)}
    refused = client.post("/console/login", data=sent)
    assert refused.status_code == 401
    assert "token_invalid" in refused.text


@pytest.mark.parametrize(
    "elsewhere", ["https://example.org/", "//example.org", "/v1/facts", "/console//x.org"]
)
def test_signing_in_never_leads_elsewhere(visiting: Visiting, token_key, elsewhere: str) -> None:
    client = visiting(None)
    page = client.get("/console/login", params={"next": elsewhere})
    assert 'name="next" value=""' in page.text
    sent = {"token": token_for(AUDITOR, token_key), "next": elsewhere, "_csrf_token": token_in(page.text)}
    taken = client.post("/console/login", data=sent, follow_redirects=False)
    assert taken.headers["location"] == "/console"


def test_names_are_hidden_from_whoever_has_no_right_to_them(visiting: Visiting) -> None:
    blind = visiting(BLIND)
    page = blind.get(PERSON).text
    assert "陈静" not in page
    assert "陈*" in page
    for address in (
        "facts?of=person:mother",
        "fact?id=person-mother",
        "statement?id=mother",
        "find?q=mother",
    ):
        assert "陈静" not in blind.get(f"/console/510500/{address}").text, address
    assert "mother" not in blind.get("/console/510500/find?q=陈静").text
    refused = blind.get(
        "/console/510500/proof?ask=benefit_status&person=mother&on=2019-07-14&known=2022-12-31"
    )
    assert (refused.status_code, "陈静" in refused.text) == (403, False)


def test_whoever_reads_a_name_is_recorded_before_it_is_shown(visiting: Visiting) -> None:
    client = visiting(replace(AUDITOR, name="Auditor Sun"))
    assert "陈静" in client.get(PERSON).text
    entries = client.app.state.access.entries(0, 10_000)
    mine = [each.entry for each in entries if each.entry.caller == "Auditor Sun"]
    assert [(each.what, "id:mother" in each.about) for each in mine] == [("identifiers", True)]


def test_a_token_for_another_city_opens_nothing_here(visiting: Visiting) -> None:
    client = visiting(replace(AUDITOR, cities=("421300",)))
    refused = client.get(PERSON)
    assert (refused.status_code, "city_out_of_scope" in refused.text) == (403, True)
    assert "510500" not in client.get("/console/").text


def test_a_consumer_of_streams_has_no_business_in_the_console(visiting: Visiting) -> None:
    client = visiting(replace(AUDITOR, roles=(Role.CONSUMER,)))
    assert client.get("/console/").status_code == 403
    assert client.get(PERSON).status_code == 403


def test_a_form_from_elsewhere_does_nothing(visiting: Visiting) -> None:
    client = visiting(OPERATOR)
    before = client.app.state.desk.store.last_position()
    for address in ("resolve", "audit"):
        refused = client.post(f"/console/510500/{address}", data={**FORM, "action": "record"})
        assert refused.status_code == 403, address
    assert client.app.state.desk.store.last_position() == before


def test_an_auditor_may_look_at_a_back_payment_but_not_record_it(auditor: Client) -> None:
    page = auditor.get("/console/510500/resolve")
    sent = {**FORM, "_csrf_token": token_in(page.text)}
    preview = auditor.post("/console/510500/resolve", data=sent)
    assert preview.status_code == 200
    assert "记录须有经办权限" in preview.text
    assert 'value="record"' not in preview.text
    refused = auditor.post("/console/510500/resolve", data={**sent, "action": "record"})
    assert (refused.status_code, "not_allowed" in refused.text) == (403, True)


def test_every_page_says_that_nothing_else_may_be_loaded(auditor: Client) -> None:
    for address in (
        "/console/",
        PERSON,
        "/console/510500",
        "/console/login",
        "/console/510500/person?id=nobody",
    ):
        headers = auditor.get(address).headers
        assert {name: headers.get(name) for name in HEADERS} == HEADERS, address
    assert "unsafe" not in HEADERS["Content-Security-Policy"]
