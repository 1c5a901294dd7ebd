"""Bad input at the edge: each gives a stable code and an exit code, and the ledger stays as it was."""

import gzip
import json
import sqlite3
from pathlib import Path

import pytest

from tests.cli.conftest import FACTS, Yibao
from tests.toytown import CODE

GOOD = json.dumps({**FACTS[0], "city": CODE}).encode()
PAID = {
    "fact": "contribution_paid",
    "on": "2018-02-25",
    "person": "P1",
    "capacity": "flexible",
    "months": ["2018-02"],
    "city": CODE,
}


PACKED = gzip.compress(
    b"".join(GOOD.replace(b"who", b"who%d" % number) + b"\n" for number in range(2000)), mtime=0
)


def line(**changed: object) -> bytes:
    """The payment with some fields changed."""
    return json.dumps({**PAID, **changed}).encode()


@pytest.mark.parametrize(
    ("content", "code", "field", "number"),
    [
        (line(fact="paid"), "unknown_fact", "paid", 2),
        (line(colour="red"), "unknown_field", "colour", 2),
        (line(months=None), "field_missing", "months", 2),
        (b'{"fact": "person_died", "person": "P1", "city": "990100"}', "field_missing", "on", 2),
        (line(on="25.2.2018"), "wrong_type", "on", 2),
        (line(months="2018-02"), "wrong_type", "months", 2),
        (line(amount=12.5), "wrong_type", "amount", 2),
        (line(amount="12.505"), "wrong_type", "amount", 2),
        (line(amount="-1.00"), "wrong_type", "amount", 2),
        (line(amount="NaN"), "wrong_type", "amount", 2),
        (line()[:-1] + b', "amount": NaN}', "wrong_type", "", 2),
        (line(capacity="boss"), "value_not_allowed", "capacity", 2),
        (line(city="123456"), "value_not_allowed", "city", 2),
        (line(id="who"), "duplicate_id", "id", 2),
        (line(recorded="2017-01-01"), "recorded_out_of_order", "recorded", 2),
        (line(corrects="nothing"), "unknown_reference", "corrects", 2),
        (line(corrects="who"), "wrong_correction", "corrects", 2),
        (b"nonsense", "not_json", "", 2),
        (b"[1, 2]", "wrong_type", "fact", 2),
        (b'{"fact": "person_\xff"}', "not_utf8", "", 2),
    ],
)
def test_a_bad_line_is_refused_alone(
    yibao: Yibao, tmp_path: Path, content: bytes, code: str, field: str, number: int
) -> None:
    file, rejects = tmp_path / "facts.jsonl", tmp_path / "refused.jsonl"
    after = json.dumps({"fact": "person_registered", "on": "2018-01-02", "person": "P2", "city": CODE})
    file.write_bytes(GOOD + b"\n" + content + b"\n" + after.encode() + b"\n")
    said = yibao("import", str(file), "--rejects", str(rejects), "--json")
    assert said.code == 2
    assert (said.json["recorded"], said.json["rejected"]) == (2, 1)
    (refused,) = [json.loads(each) for each in rejects.read_text("utf-8").splitlines()]
    assert (refused["code"], refused["line"]) == (code, number)
    assert field in refused["field"]
    assert refused["message"]
    assert refused["raw"] == content.decode("utf-8", "backslashreplace")


@pytest.mark.parametrize(
    ("content", "code", "recorded"),
    [
        (b"", "empty_file", 0),
        (b"\n\n", "empty_file", 0),
        (GOOD + b'\n{"fact": "person_di', "truncated_line", 1),
        (PACKED[:-20], "truncated_file", None),
        (PACKED[:100] + b"\xff" * 200 + PACKED[300:], "damaged_file", None),
        (gzip.compress(b"", mtime=0), "empty_file", 0),
    ],
    ids=["nothing", "blank lines", "cut line", "cut gzip", "damaged gzip", "empty gzip"],
)
def test_a_damaged_file(
    yibao: Yibao, tmp_path: Path, content: bytes, code: str, recorded: int | None
) -> None:
    file = tmp_path / "facts.jsonl"
    file.write_bytes(content)
    said = yibao("import", str(file), "--json")
    assert said.code == 2
    assert code in {each["code"] for each in said.json["rejects"]}
    assert recorded is None or said.json["recorded"] == recorded
    assert yibao("verify").code == 0


def test_what_is_good_in_spite_of_its_looks(yibao: Yibao, tmp_path: Path) -> None:
    file = tmp_path / "facts.jsonl.gz"
    other = json.dumps({**FACTS[0], "id": "other", "city": CODE}).encode()
    file.write_bytes(gzip.compress(b"\xef\xbb\xbf" + GOOD + b"\r\n\r\n" + GOOD + b"\n" + other))
    said = yibao("import", str(file), "--json")
    assert said.code == 0
    assert (said.json["recorded"], said.json["repeated"]) == (2, 1)


def test_running_an_import_again_records_nothing_twice(yibao: Yibao, tmp_path: Path) -> None:
    file = tmp_path / "facts.jsonl"
    without_ids = [{name: value for name, value in fact.items() if name != "id"} for fact in FACTS]
    file.write_text("".join(json.dumps({**fact, "city": CODE}) + "\n" for fact in without_ids), "utf-8")
    assert yibao("import", str(file), "--json").json["recorded"] == len(FACTS)
    again = yibao("import", str(file), "--json")
    assert again.code == 0
    assert (again.json["recorded"], again.json["repeated"]) == (0, len(FACTS))


@pytest.mark.parametrize(
    ("words", "code", "exit_code"),
    [
        (("import", "missing.jsonl"), "file_unreadable", 2),
        (("import",), "field_missing", 2),
        (("ask", "{"), "not_json", 2),
        (("ask", "[1]"), "wrong_type", 2),
        (("ask", '{"ask": "weather"}'), "unknown_fact", 2),
        (("ask", '{"ask": "claim", "claim": "c1"}'), "field_missing", 2),
        (("ask", '{"ask": "claim", "claim": "c1", "known": 2018}'), "wrong_type", 2),
        (("status", "--person", "P1", "--on", "2018-02-30", "--known", "2018-03-01"), "wrong_type", 2),
        (("status", "--person", "P1", "--on", "2018-02-03", "--known", "soon"), "wrong_type", 2),
        (
            ("status", "--person", "P1", "--on", "2018-02-03", "--known", "2018-03-01", "--scheme", "x"),
            "value_not_allowed",
            2,
        ),
        (("status", "--on", "2018-02-03", "--known", "2018-03-01"), "wrong_usage", 2),
        (("explain", "claim", "nothing", "--known", "2018-03-01"), "", 1),
        (("explain", "claim", "c1", "--known", "soon"), "wrong_type", 2),
        (("explain", "posting", "x", "--person", "P1", "--known", "2018-03-01"), "unknown_reference", 2),
        (("advance", "--to", "tomorrow"), "wrong_type", 2),
        (("rules",), "field_missing", 2),
        (("rules", "--city", "Atlantis"), "value_not_allowed", 2),
        (("statuss",), "wrong_usage", 2),
        (("status", "--colour", "red"), "wrong_usage", 2),
        (("case", "run"), "field_missing", 2),
        (("case", "run", "missing.json"), "file_unreadable", 2),
    ],
)
def test_a_wrong_command_is_refused_in_one_line(
    told: Yibao, words: tuple[str, ...], code: str, exit_code: int
) -> None:
    said = told(*words)
    assert said.code == exit_code
    if code:
        assert said.err.startswith(f"yibao: {code}")
        assert said.err.count("\n") == 1
        assert said.out == ""


def test_refusals_for_machines(told: Yibao) -> None:
    said = told("advance", "--to", "tomorrow", "--json")
    assert json.loads(said.err)["error"]["code"] == "wrong_type"


@pytest.mark.parametrize(
    ("make", "words", "code"),
    [
        ("nothing", ("verify",), "database_missing"),
        ("text", ("verify",), "database_foreign"),
        ("text", ("init",), "database_foreign"),
        ("other", ("verify",), "database_foreign"),
        ("other", ("record", GOOD.decode()), "database_foreign"),
        ("folder", ("init",), "database_unreachable"),
    ],
)
def test_a_database_that_is_not_a_ledger(
    yibao: Yibao, database: str, make: str, words: tuple[str, ...], code: str
) -> None:
    path = Path(database)
    if make == "text":
        path.write_text("This is a letter, not a database.\n" * 100, "utf-8")
    elif make == "other":
        with sqlite3.connect(path) as other:
            other.execute("CREATE TABLE birds (name TEXT)")
        other.close()
    elif make == "folder":
        path.mkdir()
    before = path.read_bytes() if path.is_file() else None
    said = yibao(*words)
    assert said.code == 3
    assert said.err.startswith(f"yibao: {code}"), said.err
    assert (path.read_bytes() if path.is_file() else None) == before


def test_a_server_that_does_not_answer(yibao: Yibao) -> None:
    said = yibao("verify", "--database", "postgresql://nobody@127.0.0.1:1/nothing")
    assert said.code == 3
    assert said.err.startswith("yibao: database_unreachable"), said.err


def test_a_locked_database(told: Yibao, database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from ledger.store.errors import DatabaseLocked

    def locked(*_: object, **__: object) -> None:
        raise DatabaseLocked("ledger.db is locked")

    monkeypatch.setattr("ledger.handle.Ledger.record", locked)
    said = told("record", GOOD.decode())
    assert said.code == 3
    assert said.err.startswith("yibao: database_locked")


def test_an_interrupted_import_says_so_and_keeps_whole_facts(
    yibao: Yibao, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "facts.jsonl"
    file.write_bytes(
        b"".join(line(id=f"f{n}", months=[f"20{10 + n // 12}-{n % 12 + 1:02d}"]) + b"\n" for n in range(60))
    )
    from ledger.handle import Ledger

    whole = Ledger._import_chunk

    def interrupted(self: Ledger, chunk: list[object], *rest: object) -> object:
        if chunk[0][0] > 20:  # type: ignore[index]
            raise KeyboardInterrupt
        return whole(self, chunk, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr("ledger.handle.CHUNK", 20)
    with monkeypatch.context() as once:
        once.setattr(Ledger, "_import_chunk", interrupted)
        said = yibao("import", str(file))
        assert said.code == 130
        assert "run it again" in said.err
    assert yibao("verify").code == 0
    again = yibao("import", str(file), "--json").json
    assert (again["repeated"], again["recorded"]) == (20, 40)
