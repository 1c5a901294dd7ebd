"""`yibao serve` as a process of its own: it starts safely, speaks JSON lines, and stops within three seconds."""

from __future__ import annotations

import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from ledger.cli import run
from ledger.rights.caller import Role
from ledger.service.app import create_app
from ledger.service.running import Place
from ledger.service.settings import Settings
from tests.service.conftest import Keys, listening

STOP = 3.0
YIBAO = [sys.executable, "-c", "from ledger.cli import main; main()"]


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def serving(database: str, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The process and its address, once it answers."""
    port = free_port()
    command = [*YIBAO, "serve", "--database", database, "--port", str(port), *options]
    root = str(Path(__file__).parents[2])
    environment = {**os.environ, "PYTHONPATH": root}
    process = subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    )
    try:
        url, until = f"http://127.0.0.1:{port}", time.monotonic() + 60
        while True:
            try:
                httpx.get(f"{url}/healthz")
                break
            except httpx.TransportError:
                assert process.poll() is None, process.stderr and process.stderr.read()
                assert time.monotonic() < until
                time.sleep(0.05)
        yield process, url
    finally:
        process.kill()
        process.communicate()


def test_it_stops_within_three_seconds_though_streams_are_open(database: str, keys: Keys) -> None:
    headers = keys.headers(Role.OPERATOR, Role.CONSUMER)
    ended: list[str] = []
    with serving(database, "--token-key", str(keys.public)) as (process, url):
        opened, before = threading.Barrier(3), httpx.get(f"{url}/readyz").json()["position"]

        def follow() -> None:
            with httpx.stream("GET", f"{url}/v1/events/stream", headers=headers, timeout=30) as answer:
                lines = answer.iter_lines()
                next(lines)
                opened.wait(20)
                for _ in lines:
                    pass
                ended.append("followed to the end")

        def send() -> None:
            def body() -> Iterator[bytes]:
                yield b'{"fact": "person_registered", "on": "2019-01-01", "person": "N1"}\n'
                opened.wait(20)
                for _ in range(400):
                    time.sleep(0.05)
                    yield b"\n"

            try:
                answer = httpx.post(
                    f"{url}/v1/facts/stream",
                    content=body(),
                    headers={**headers, "Content-Type": "application/jsonl"},
                    timeout=30,
                )
                ended.append(json.loads(answer.text.splitlines()[-1])["code"])
            except httpx.TransportError:
                ended.append("stopping")  # cut off while it was still sending: httpx does not read until then

        threads = [threading.Thread(target=each, daemon=True) for each in (follow, send)]
        for thread in threads:
            thread.start()
        opened.wait(20)
        while httpx.get(f"{url}/readyz").json()["position"] == before:
            time.sleep(0.05)  # until the first fact of the stream is safe
        told = time.monotonic()
        process.send_signal(signal.SIGTERM)
        process.wait(20)
        took = time.monotonic() - told
        for thread in threads:
            thread.join(20)
        _, log = process.communicate()
    assert took < STOP, f"{took:.1f} s\n{log[-2000:]}"
    assert sorted(ended) == ["followed to the end", "stopping"]
    assert "timeout graceful shutdown exceeded" not in log
    lines = [json.loads(line) for line in log.splitlines()]
    calls = {line["route"]: line for line in lines if line.get("event") == "call"}
    assert calls["/v1/facts/stream"]["caller"] == "wang"
    assert calls["/v1/facts/stream"]["facts"]
    assert {"request", "status", "ms", "timestamp"} <= set(calls["/v1/events/stream"])


@pytest.mark.parametrize(
    "options",
    [
        [],
        ["--host", "0.0.0.0"],
        ["--host", "0.0.0.0", "--open-loopback"],
        ["--host", "0.0.0.0", "--token-key", "KEY"],
        ["--host", "0.0.0.0", "--behind-proxy"],
        ["--host", "192.0.2.7", "--token-key", "KEY", "--tls-certificate", "cert.pem"],
    ],
)
def test_it_does_not_start_where_somebody_could_come_in_or_read_along(
    database: str, keys: Keys, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    given = [str(keys.public) if word == "KEY" else word for word in options]
    assert run(["serve", "--database", database, *given]) == 2
    assert "unsafe_place" in capsys.readouterr().err


def test_without_its_packages_it_says_how_to_get_them(
    database: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in [each for each in sys.modules if each.startswith(("litestar", "ledger.service"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "litestar", None)
    assert run(["serve", "--database", database, "--open-loopback"]) == 2
    said = capsys.readouterr().err
    assert "service_not_installed" in said
    assert "pip install 'yibao-ledger[service]'" in said


def test_a_token_of_the_command_line_opens_the_door(
    database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = str(tmp_path / "k.pem")
    assert run(["key", "new", key]) == 0
    capsys.readouterr()
    assert run(["token", "--role", "auditor", "--name", "li", "--city", "510500", "--key", key]) == 0
    token = capsys.readouterr().out.strip()
    with serving(database, "--token-key", f"{key}.pub") as (_, url):
        asked = {"claim": "c1", "known": "2099-01-01"}
        headers = {"Authorization": f"Bearer {token}"}
        assert (
            httpx.get(f"{url}/v1/claim", params=asked, headers=headers).json()["answer"]["outcome"]
            == "refused"
        )
        assert httpx.get(f"{url}/v1/claim", params=asked).status_code == 401


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--name", "li", "--cities", "all"], "field_missing"),
        (["--role", "auditor", "--cities", "all"], "field_missing"),
        (["--role", "auditor", "--name", "li"], "field_missing"),
        (["--role", "auditor", "--name", "li", "--cities", "atlantis"], "value_not_allowed"),
        (["--role", "auditor", "--name", "li", "--cities", "all", "--days", "0"], "value_not_allowed"),
        (["--role", "king", "--name", "li", "--cities", "all"], "wrong_usage"),
        (["--role", "auditor", "--name", "li", "--cities", "all", "--key", "missing.pem"], "key_missing"),
    ],
)
def test_a_token_that_would_not_be_clear_is_not_issued(
    words: list[str],
    code: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["token", *words]) == 2
    assert code in capsys.readouterr().err


def test_a_key_that_others_may_read_signs_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    key = tmp_path / "k.pem"
    assert run(["key", "new", str(key)]) == 0
    key.chmod(0o644)
    assert run(["token", "--role", "auditor", "--name", "li", "--cities", "all", "--key", str(key)]) == 2
    assert "key_open_to_others" in capsys.readouterr().err


def test_over_tls(settings: Settings, keys: Keys, tmp_path: Path) -> None:
    certificate, key = self_signed(tmp_path)
    place = Place(host="127.0.0.1", port=0, certificate=certificate, key=key)
    with listening(create_app(settings), place) as port:
        trusted = ssl.create_default_context(cafile=str(certificate))
        url = f"https://127.0.0.1:{port}/v1/subscriptions"
        assert httpx.get(url, headers=keys.headers(Role.CONSUMER), verify=trusted).json() == []
        with pytest.raises(httpx.ConnectError):
            httpx.get(url)


def self_signed(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    start = datetime(2020, 1, 1, tzinfo=UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(start.replace(year=2120))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    files = folder / "cert.pem", folder / "cert.key"
    files[0].write_bytes(made.public_bytes(Encoding.PEM))
    files[1].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return files
