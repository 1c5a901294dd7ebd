"""What the console is made of: vendored files as they were taken, no script inside pages, every text in Chinese."""

import re
from gettext import GNUTranslations
from hashlib import sha256
from importlib.resources import files

from babel.messages.extract import extract_from_dir

from ledger.console.speaking import Speaker, translations

ROOM = files("ledger.console")
TEMPLATES = [each for each in ROOM.joinpath("templates").iterdir() if each.name.endswith(".html")]


def test_vendored_files_are_what_they_are_said_to_be() -> None:
    told = ROOM.joinpath("static", "vendored.md").read_text("utf-8")
    listed = dict(re.findall(r"\| `vendor/([^`]+)` \|.*\| `([0-9a-f]{64})` \|", told))
    there = {
        each.name for each in ROOM.joinpath("static", "vendor").iterdir() if not each.name.endswith("LICENSE")
    }
    assert set(listed) == there
    for name, digest in listed.items():
        content = ROOM.joinpath("static", "vendor", name).read_bytes()
        assert sha256(content).hexdigest() == digest, name


def test_pages_carry_no_script_and_no_style_of_their_own() -> None:
    for template in TEMPLATES:
        text = template.read_text("utf-8")
        assert not re.search(r"<script(?![^>]*\ssrc=)", text), template.name
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=[\"']|javascript:|https?://", text), template.name


def test_every_text_of_the_pages_is_there_in_chinese() -> None:
    chinese = translations("zh")
    assert isinstance(chinese, GNUTranslations)
    method = [("**.html", "jinja2")]
    options = {"**.html": {"trimmed": "true"}}
    place = str(ROOM.joinpath("templates"))
    found = {text for _, _, text, _, _ in extract_from_dir(place, method, options)}
    assert len(found) > 150
    missing = [text for text in found if chinese.gettext(text) == text]
    assert missing == []


def test_values_read_as_each_language_writes_them() -> None:
    chinese, english = Speaker("zh"), Speaker("en")
    assert chinese.money(-123456789) == "−1,234,567.89"
    assert (chinese.term("suspended"), english.term("not_enrolled")) == ("欠费暂停待遇", "not enrolled")
    assert (
        chinese.value({"pooled": "6630.00", "outcome": "payable"}) == "统筹基金支付 6,630.00，结果 予以支付"
    )
