"""Where the bytes come from: a file, a gzip file, or standard input."""

import gzip
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO, cast

from msgspec import Struct

GZIP = b"\x1f\x8b"
BOM = b"\xef\xbb\xbf"
STANDARD_INPUT = ("-", "<stdin>")
LONGEST_LINE = 16_000_000
"""Bytes; a longer line is not a fact."""


class Line(Struct, frozen=True):
    """One line of a file, without its line end; `whole` says that it had one."""

    number: int
    content: bytes
    whole: bool = True


class Refused(Struct, frozen=True, kw_only=True):
    """A line that could not be read as a fact; `line` 0 speaks of the whole file."""

    line: int
    code: str
    field: str = ""
    message: str
    raw: str = ""


class Source:
    """An open file: its lines, and how far reading has come."""

    def __init__(self, name: str, raw: BufferedReader, size: int | None) -> None:
        self.name = name
        self.size = size
        self._raw = raw
        packed = raw.peek(2)[:2] == GZIP
        self._stream = cast(BinaryIO, gzip.GzipFile(fileobj=raw)) if packed else cast(BinaryIO, raw)

    def done(self) -> int:
        """Bytes of the file read so far."""
        return self._raw.tell() if self.size is not None else 0

    def lines(self) -> Iterator[Line | Refused]:
        """Every line that is not blank; a refusal where the file is damaged, empty, or a line is endless."""
        number = 0
        empty = True
        try:
            while content := self._stream.readline(LONGEST_LINE):
                number += 1
                line = _line(number, content)
                if isinstance(line, Line) and not line.content.strip():
                    continue
                empty = False
                yield line
                if isinstance(line, Refused):
                    return
        except EOFError:
            message = "the gzip file ends too early; get the whole file and import it again"
            yield Refused(line=number + 1, code="truncated_file", message=message)
        except (gzip.BadGzipFile, zlib.error) as damage:
            message = f"the gzip file is damaged ({damage}); get it again"
            yield Refused(line=number + 1, code="damaged_file", message=message)
        else:
            if empty:
                message = "the file holds no facts; check that it was written completely"
                yield Refused(line=0, code="empty_file", message=message)


def _line(number: int, content: bytes) -> Line | Refused:
    if len(content) >= LONGEST_LINE and not content.endswith(b"\n"):
        message = f"longer than {LONGEST_LINE} bytes; one fact is one line"
        return Refused(line=number, code="line_too_long", message=message, raw=shown(content[:200]))
    whole = content.endswith(b"\n")
    content = content.rstrip(b"\r\n")
    return Line(number, content.removeprefix(BOM) if number == 1 else content, whole)


@contextmanager
def opened(name: str) -> Iterator[Source]:
    """Open a file by path, or standard input for `-` or `<stdin>`."""
    if name in STANDARD_INPUT:
        yield Source("standard input", cast(BufferedReader, sys.stdin.buffer), None)
        return
    path = Path(name)
    with path.open("rb") as raw:
        # A pipe has neither a size nor a place to tell.
        yield Source(name, raw, path.stat().st_size if path.is_file() else None)


def shown(content: bytes) -> str:
    """Bytes as text for a reject file; what is not UTF-8 becomes escapes."""
    return content.decode("utf-8", "backslashreplace")
