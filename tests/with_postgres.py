"""`scripts/with-postgres CMD...`: run a command with a fresh PostgreSQL database in YIBAO_DATABASE."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from types import FrameType

from tests.postgres import postgres_server
from tests.postgres_process import NoPostgres


def main(command: list[str]) -> int:
    """The command's own exit code, after the server has stopped."""
    signal.signal(signal.SIGTERM, _leave)
    try:
        with postgres_server() as server, server.database() as url:
            return run(command, {**os.environ, "YIBAO_DATABASE": url})
    except NoPostgres as error:
        sys.stderr.write(f"{error}\n")
        return 69


def run(command: list[str], environment: dict[str, str]) -> int:
    """Run the command to its end; if we are told to stop, so is it."""
    try:
        process = subprocess.Popen(command, env=environment)
    except OSError as error:
        sys.stderr.write(f"with-postgres: {command[0]}: {error.strerror}\n")
        return 127
    while True:
        try:
            code = process.wait()
        except KeyboardInterrupt:
            continue  # the terminal has told the command, too: it decides when to end
        except SystemExit:
            process.terminate()
            process.wait()
            raise
        return code if code >= 0 else 128 - code


def _leave(signum: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + signum)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
