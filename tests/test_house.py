"""The house rules that no off-the-shelf tool checks. Each message says what to do instead."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.municipalities import folders

ROOT = Path(__file__).parents[1]
PACKAGES = ("domain", "projections", "ledger")
EXACT = ("domain", "projections")
CLOCK = "ledger/clock.py"
MAX_FUNCTION_LINES = 60
MAX_FILE_LINES = 300
VAGUE_NAMES = {"common", "helper", "helpers", "misc", "util", "utils"}
CITIES = {
    "luzhou": "luzhou|泸州",
    "suizhou": "suizhou|随州",
    "dingxi": "dingxi|定西",
    "panzhihua": "panzhihua|攀枝花",
    "jinjiang": "jinjiang|quanzhou|晋江|泉州",
}
"""The folder of each city, and the names by which only that folder may call it."""
CITY = re.compile("|".join(CITIES.values()), re.IGNORECASE)
LEFT_BEHIND = re.compile(r"\b(TODO|FIXME|XXX)\b")

# What would tell where a file was fetched, or on whose machine it was made.
PLACES = re.compile(
    r"\w+://|file:|index-url|find-links|(?<![\w.])/(root|home|Users|opt|work|tmp|var|usr)/|\s@\s"
)
LOCK_LINE = re.compile(r"[a-z0-9._-]+==[\w.!+]+( ; [^:/]+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?")

WALL_CLOCK = "take the date as an argument; only ledger/clock.py reads the clock"
SLEEPLESS = {"time", "time_ns", "localtime", "gmtime"}


def violations(path: str, source: str) -> list[str]:
    """What is wrong with one Python file of the three packages; `path` is from the root, with slashes."""
    tree = ast.parse(source)
    found = [(number, what) for node in ast.walk(tree) for number, what in _of_node(path, node)]
    found += _too_long(source)
    for number, line in enumerate(source.splitlines(), 1):
        if LEFT_BEHIND.search(line):
            found.append((number, "finish it, or open an issue"))
    if Path(path).stem in VAGUE_NAMES or VAGUE_NAMES & set(Path(path).parts):
        found.append((1, "a module is named by what it holds"))
    return [f"{path}:{number}: {what}" for number, what in sorted(found)]


def _too_long(source: str) -> list[tuple[int, str]]:
    lines = len(source.splitlines())
    told = f"a file of {lines} lines: split it (at most {MAX_FILE_LINES})"
    return [(lines, told)] if lines > MAX_FILE_LINES else []


def _of_node(path: str, node: ast.AST) -> Iterator[tuple[int, str]]:
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            yield from _of_function(node)
        case ast.Call():
            yield from _of_call(path, node)
        case ast.Name(id="float") if path.startswith(EXACT):
            yield node.lineno, "float: money is integer fen, a rate is a Decimal or a Fraction"
        case ast.Constant(value=float()) if path.startswith(EXACT):
            yield node.lineno, f"{node.value!r}: write Decimal('{node.value!r}')"
        case ast.ImportFrom(module="time") if path != CLOCK:
            if SLEEPLESS & {alias.name for alias in node.names}:
                yield node.lineno, f"time: {WALL_CLOCK}"


def _of_function(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[tuple[int, str]]:
    lines = (node.end_lineno or node.lineno) - node.lineno + 1
    if lines > MAX_FUNCTION_LINES:
        yield node.lineno, f"{node.name} has {lines} lines: aim at 40 (at most {MAX_FUNCTION_LINES})"


def _of_call(path: str, call: ast.Call) -> Iterator[tuple[int, str]]:
    match call.func:
        case ast.Attribute(attr="today" | "now" | "utcnow" as name) if path != CLOCK:
            yield call.lineno, f"{name}(): {WALL_CLOCK}"
        case ast.Attribute(value=ast.Name(id="time"), attr=name) if path != CLOCK and name in SLEEPLESS:
            yield call.lineno, f"time.{name}(): {WALL_CLOCK}"
        case ast.Name(id="print") if not path.startswith("ledger/cli"):
            yield call.lineno, "print: only the command line prints (ledger/cli)"
        case ast.Name(id="round"):
            yield (
                call.lineno,
                "round: it rounds half to even; use domain.values.money, once per posted amount",
            )


def house_files(*suffixes: str) -> Iterator[tuple[str, Path]]:
    """Every file of the three packages, with its path from the root."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*")):
            if (
                path.is_file()
                and "__pycache__" not in path.parts
                and (not suffixes or path.suffix in suffixes)
            ):
                yield path.relative_to(ROOT).as_posix(), path


def test_every_module_keeps_the_house_rules() -> None:
    found = [
        problem for name, path in house_files(".py") for problem in violations(name, path.read_text("utf-8"))
    ]
    assert not found, "\n" + "\n".join(found)


def what_is_read() -> Iterator[tuple[str, Path]]:
    """Every other file that people write and read as code: tests, scripts, style sheets, pages; not what is vendored."""
    yield from (each for each in house_files(".css", ".js", ".html") if "/vendor/" not in each[0])
    for top in ("scripts", "tests"):
        for path in sorted((ROOT / top).rglob("*")):
            if path.is_file() and path.suffix in ("", ".py", ".tmpl") and "__pycache__" not in path.parts:
                yield path.relative_to(ROOT).as_posix(), path


def test_tests_scripts_and_pages_fit_one_look_too() -> None:
    found = []
    for name, path in what_is_read():
        text = path.read_text("utf-8")
        found += [f"{name}:{number}: {what}" for number, what in _too_long(text)]
        if path.suffix == ".py" or text.startswith("#!/usr/bin/env python3"):
            nodes = ast.walk(ast.parse(text))
            functions = (node for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
            found += [f"{name}:{n}: {what}" for each in functions for n, what in _of_function(each)]
    assert not found, "\n" + "\n".join(found)


def test_nothing_is_left_behind_in_the_parameters() -> None:
    found = [name for name, path in house_files(".toml") if LEFT_BEHIND.search(path.read_text("utf-8"))]
    assert not found


def names_of_cities(name: str, text: str) -> list[str]:
    """Where a file names a city that is not its own, and where a module names one by its division code."""
    found = re.match(r"domain/municipalities/([^/]+)/", name)
    own = CITIES.get(found[1], "") if found else ""
    lines = [(0, name), *enumerate(text.splitlines(), 1)]
    named = [(number, city.group()) for number, line in lines for city in CITY.finditer(line)]
    if name.endswith(".py"):
        codes = re.compile("|".join(code for code, folder in folders().items() if folder not in name))
        named += [(number, code.group()) for number, line in lines for code in codes.finditer(line)]
    return [f"{name}:{number}: {what}" for number, what in named if what.lower() not in own.split("|")]


def test_only_a_citys_own_folder_names_it() -> None:
    found = [
        place
        for name, path in house_files()
        for place in names_of_cities(name, path.read_text("utf-8", "ignore"))
    ]
    assert not found, "\n" + "\n".join(found)


def settings_files() -> list[Path]:
    """The files that tools read and write; locks among them."""
    patterns = [
        "*.toml",
        "*.cfg",
        "*.ini",
        "*.json",
        ".git[ai]*",
        ".ci/*",
        "requirements/*",
        "ledger/**/*.ini",
    ]
    return sorted(path for pattern in patterns for path in ROOT.glob(pattern) if path.is_file())


def test_no_settings_or_lock_file_names_a_host_or_a_local_path() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line}"
        for path in settings_files()
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if PLACES.search(line) and not line.startswith("#!")
    ]
    assert not found, "\n" + "\n".join(found)


def locked(name: str) -> dict[str, frozenset[str]]:
    """The hashes of each locked package and version."""
    lines = (ROOT / "requirements" / f"{name}.txt").read_text("utf-8").splitlines()
    strange = [line for line in lines if not LOCK_LINE.fullmatch(line)]
    assert not strange, f"requirements/{name}.txt: {strange}"
    packages = re.split(r"^(?=\S)", "\n".join(lines), flags=re.MULTILINE)[1:]
    return {package.split()[0]: frozenset(re.findall(r"--hash=(\S+)", package)) for package in packages}


def test_the_locks_hold_names_versions_and_hashes_only_and_agree() -> None:
    run, service, dev, tools = map(locked, ["run", "service", "dev", "tools"])
    assert all(hashes for lock in (dev, tools) for hashes in lock.values())
    different = {name for lock in (run, service) for name in lock.items() - dev.items()}
    assert not different, "run scripts/lock: what runs must be what is tested"


@pytest.mark.parametrize(
    ("path", "source", "complaint"),
    [
        ("domain/a.py", "date.today()", "today"),
        ("ledger/a.py", "datetime.now(UTC)", "now"),
        ("projections/a.py", "datetime.datetime.utcnow()", "utcnow"),
        ("ledger/a.py", "import time\nstamp = time.time()", "time.time"),
        ("ledger/a.py", "from time import time_ns", "time"),
        ("ledger/store/a.py", "print(1)", "print"),
        ("domain/a.py", "float('1')", "float"),
        ("projections/a.py", "rate: float", "float"),
        ("domain/a.py", "rate = 0.02", "Decimal"),
        ("ledger/a.py", "round(1, 2)", "round"),
        ("ledger/a.py", "def long():\n" + "    x = 1\n" * 60, "61 lines"),
        ("ledger/a.py", "x = 1\n" * 301, "301 lines"),
        ("ledger/a.py", "x = 1  # TODO", "finish"),
        ("ledger/utils.py", "x = 1", "named"),
        ("ledger/helpers/a.py", "x = 1", "named"),
    ],
)
def test_a_breach_is_caught(path: str, source: str, complaint: str) -> None:
    (found,) = violations(path, source)
    assert complaint in found


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("ledger/clock.py", "datetime.now(UTC)\ntime.time()"),
        ("ledger/cli/ask.py", "print(1)"),
        ("ledger/http.py", "timeout = 0.5\nstarted = time.monotonic()"),
        ("domain/a.py", "known = now\ntime = 1\nclock.time()"),
    ],
)
def test_what_is_allowed_is_not_caught(path: str, source: str) -> None:
    assert violations(path, source) == []


def test_a_citys_name_outside_its_folder_is_caught() -> None:
    assert names_of_cities("ledger/a.py", "x = 'LuZhou'") == ["ledger/a.py:1: LuZhou"]
    assert names_of_cities("ledger/jinjiang.py", "") == ["ledger/jinjiang.py:0: jinjiang"]
    assert names_of_cities("domain/municipalities/__init__.py", "# 定西") != []
    assert names_of_cities("domain/municipalities/dingxi/a.py", "# 定西") == []
    assert names_of_cities("domain/municipalities/dingxi/a.py", "import luzhou") != []
    assert names_of_cities("ledger/a.py", "city = '510500'") == ["ledger/a.py:1: 510500"]
    assert names_of_cities("domain/municipalities/luzhou/a.py", "'510500'") == []


def test_every_city_in_the_house_has_its_names_here() -> None:
    assert set(folders().values()) == set(CITIES)
