"""Runs the `console` blocks of a document in an empty folder; `python -m tests.docs.walk` writes their output anew.

`yibao` runs in this process; what stands behind a `|`, and any other command, in a real shell. What differs from run to
run (hashes, signatures, the time of a checkpoint) is compared by its shape only.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

from ledger.cli import run

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)
VARYING = (
    (re.compile(r"\b[0-9a-f]{64,}\b"), "<hash>"),
    (re.compile(r"\b[0-9a-f]{16}\b"), "<key>"),
    (re.compile(r"\b20\d\d-\d\d-\d\dT(?!23:59:59\+)\d\d:\d\d:\d\d(\.\d{6})?\+08:00"), "<now>"),
)
LINKED = ("ledger", "scripts")
"""Folders of this house that the commands of a document may name."""


def steps(document: str) -> Iterator[tuple[str, str]]:
    """Every command of the document and the output that it shows."""
    for block in BLOCK.findall(document):
        for step in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, shown = step.partition("\n")
            yield command, shown


def shape(output: str) -> str:
    """An output without what differs from run to run."""
    for pattern, name in VARYING:
        output = pattern.sub(name, output)
    return output


@contextlib.contextmanager
def empty_folder() -> Iterator[Path]:
    """A folder of its own, in which commands run as in the root of the house."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for linked in LINKED:
            (folder / linked).symlink_to(ROOT / linked)
        os.chdir(folder)
        kept = {key: value for key, value in os.environ.items() if not key.startswith("YIBAO_")}
        kept["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{kept['PATH']}"
        try:
            with patch.dict(os.environ, kept, clear=True):
                yield folder
        finally:
            os.chdir(before)


def output_of(command: str) -> str:
    """What a command says, on both streams."""
    first, _, rest = command.partition(" | ")
    words = shlex.split(first)
    if words[0] != "yibao":
        return _shell(command, "")
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        run(words[1:])
    return _shell(rest, said.getvalue()) if rest else said.getvalue()


def _shell(command: str, given: str) -> str:
    ran = subprocess.run(
        ["bash", "-c", command],
        input=given,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return ran.stdout


def written_anew(document: str) -> str:
    """The document with the output that its commands now have."""

    def block(match: re.Match[str]) -> str:
        done = [f"$ {command}\n{_clean(output_of(command))}" for command, _ in steps(match.group(0))]
        return "```console\n" + "".join(done) + "```"

    with empty_folder():
        return BLOCK.sub(block, document)


def _clean(output: str) -> str:
    """No white space at the ends of lines: editors take it away."""
    return "".join(f"{line.rstrip()}\n" for line in output.splitlines())


def differences(document: str) -> list[str]:
    """Every command whose output is not the one shown."""
    found = []
    with empty_folder():
        for command, shown in steps(document):
            now = _clean(output_of(command))
            if shape(now) != shape(_clean(shown)):
                found.append(f"$ {command}\n--- shown\n{shown}--- now\n{now}")
    return found


def main() -> None:
    """Write the output in docs/audit.md anew."""
    file = ROOT / "docs" / "audit.md"
    file.write_text(written_anew(file.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
