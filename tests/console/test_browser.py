"""The console in a real browser: sliders by keyboard, reasons, proof, narrow and dark, and not one request elsewhere."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ledger.demo.showing import key_of
from tests.console.conftest import AUDITOR, serving, token_for

PERSON = "510500/person?id=mother&on=2019-07-14&known=2019-08-15"
VERIFIER = Path(__file__).parents[2] / "scripts" / "verify-proof"
Window = Callable[..., Any]


@pytest.fixture(scope="module")
def address(town: Path, token_key: Path) -> Iterator[str]:
    """The console of the small town, on a real port."""
    with serving(town, AUDITOR, token_key) as address:
        yield address


@pytest.fixture
def watched(browser: Window, address: str) -> Iterator[Callable[..., Any]]:
    """Opens pages; at the end none of them may have complained or asked anybody else for anything."""
    complaints: list[str] = []
    asked: list[str] = []

    windows: list[Any] = []

    def opened(path: str = "", **options: Any) -> Any:
        windows.append(browser(**options))
        page = windows[-1].new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type != "log" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(address + path)
        page.wait_for_load_state("networkidle")
        return page

    yield opened
    for window in windows:
        window.close()
    assert complaints == []
    assert [url for url in asked if not url.startswith((address.removesuffix("console/"), "data:"))] == []


def test_moving_the_known_date_by_keyboard_changes_the_answer(watched: Callable[..., Any]) -> None:
    page = watched(PERSON)
    sentence = page.locator("#panels .sentence")
    assert "暂停待遇" in sentence.inner_text()
    slider = page.locator("#known-range")
    slider.focus()
    for _ in range(40):
        if page.input_value("#known") >= "2019-09-16":
            break
        page.keyboard.press("ArrowRight")
    assert page.input_value("#known") == "2019-09-16"
    assert slider.get_attribute("aria-valuetext") == "2019-09-16"
    sentence.get_by_text("正常享受").wait_for()
    assert "known=2019-09-16" in page.url
    assert page.evaluate("document.activeElement.id") == "known-range"


def test_an_exact_date_moves_the_slider_along(watched: Callable[..., Any]) -> None:
    page = watched(PERSON)
    page.fill("#known", "2019-10-01")
    page.keyboard.press("Tab")
    page.locator("#panels .sentence").get_by_text("正常享受").wait_for()
    days = (page.get_attribute("#known-range", "data-days") or "").split()
    at = days[int(page.input_value("#known-range"))]
    assert at == max(day for day in days if day <= "2019-10-01")


def test_from_the_refused_claim_to_a_proof_that_holds(
    watched: Callable[..., Any], town: Path, tmp_path: Path
) -> None:
    page = watched(PERSON, accept_downloads=True)
    page.click(".claims a:has-text('mother-stay')")
    why = page.locator("#why")
    why.get_by_text("第六条").first.wait_for()
    assert "欠费暂停待遇" in why.inner_text()
    assert page.evaluate("document.getElementById('why').contains(document.activeElement)")
    with page.expect_download() as told:
        why.get_by_text("下载证明包").click()
    bundle = tmp_path / "proof.json"
    told.value.save_as(bundle)
    public = key_of(town).with_name(f"{key_of(town).name}.pub")
    command = [sys.executable, str(VERIFIER), str(bundle), str(public)]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_reason_closes_by_escape_and_gives_the_focus_back(watched: Callable[..., Any]) -> None:
    page = watched(PERSON)
    cell = page.locator("a.cell.owed").first
    cell.focus()
    page.keyboard.press("Enter")
    page.locator("#why.open").wait_for()
    page.keyboard.press("Escape")
    assert page.locator("#why.open").count() == 0
    assert cell.evaluate("each => each === document.activeElement")


def test_keyboard_users_may_skip_to_the_content(watched: Callable[..., Any]) -> None:
    page = watched(PERSON)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


@pytest.mark.parametrize("width", [390, 640])
def test_narrow_or_twice_as_large_nothing_is_cut_off(watched: Callable[..., Any], width: int) -> None:
    """640 wide is a window of 1280 at 200%."""
    page = watched(PERSON, viewport={"width": width, "height": 800})
    paths = [PERSON, "510500?on=2022-12-31&known=2022-12-31", "510500/resolve", "", "510500/find?q=m"]
    for path in paths:
        page.goto(page.url.partition("/console/")[0] + "/console/" + path)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


def test_dark_where_the_system_is_dark(watched: Callable[..., Any]) -> None:
    light, dark = (
        watched(PERSON, color_scheme=scheme).evaluate(
            "getComputedStyle(document.documentElement).backgroundColor"
        )
        for scheme in ("light", "dark")
    )
    assert light != dark


def test_the_chart_of_funds_is_drawn_from_its_table(watched: Callable[..., Any]) -> None:
    page = watched("510500?on=2022-12-31&known=2022-12-31")
    assert page.locator("[data-plot] canvas").count() == 1
    assert page.locator("#funds-table tbody tr").count() == 13
    page.locator("#arrears-table").wait_for()
    assert "滨江饭店" in page.inner_text("#arrears-table")


def test_every_field_and_picture_has_a_name(watched: Callable[..., Any]) -> None:
    page = watched(PERSON)
    unnamed = page.evaluate(
        """() => [...document.querySelectorAll('input:not([type=hidden]), select, textarea, button, a[href]')]
            .filter(e => !(e.labels?.length || e.ariaLabel || e.textContent.trim() || e.title)).map(e => e.outerHTML)"""
    )
    assert unnamed == []


def test_without_script_the_same_pages_work(watched: Callable[..., Any]) -> None:
    page = watched(PERSON, java_script_enabled=False)
    page.fill("#known", "2019-09-30")
    page.click("button.without-script")
    assert "正常享受" in page.inner_text("#panels .sentence")
    page.click(".claims a:has-text('mother-stay')")
    assert "为何如此结算" in page.inner_text("main")


def test_signing_in_with_a_token(browser: Window, town: Path, token_key: Path) -> None:
    with serving(town, None, token_key) as address:
        window = browser()
        page = window.new_page()
        page.goto(address + PERSON)
        page.fill("#token", token_for(AUDITOR, token_key))
        page.keyboard.press("Enter")
        page.wait_for_url("**/person?**")
        assert "陈静" in page.inner_text("h1")
        assert page.evaluate("document.cookie") == ""
        window.close()
