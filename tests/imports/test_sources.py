"""Where facts are read from: a pipe has no size and cannot be asked how far it has been read."""

import os
import threading
from pathlib import Path

from ledger.imports.sources import Line, opened


def test_a_named_pipe_is_read_like_a_file(tmp_path: Path) -> None:
    pipe = tmp_path / "facts"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(b'{"a": 1}\n{"b": 2}\n',))
    writer.start()

    with opened(str(pipe)) as source:
        lines = list(source.lines())
        done = source.done()
    writer.join()

    assert [line.content for line in lines if isinstance(line, Line)] == [b'{"a": 1}', b'{"b": 2}']
    assert (source.size, done) == (None, 0)
