"""A disk that fails when told to: the library of `_sqlite3` gets a file system (VFS) of ours, through ctypes.

Every file that SQLite opens while it is registered goes to the real file system, but each write, fsync, truncation and
deletion of a ledger's files is counted first, and the one that was chosen fails, is done by half, or is the last thing
that the process does. Needs no compiler; needs a Python whose `_sqlite3` lets its library be reached.
"""

from __future__ import annotations

import _sqlite3
import ctypes
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ctypes import CFUNCTYPE, POINTER, Structure, c_char_p, c_int, c_int64, c_void_p
from typing import Any, Literal

from msgspec import Struct

IOERR_WRITE, IOERR_FSYNC, IOERR_TRUNCATE, IOERR_DELETE, FULL = 778, 1034, 1546, 2570, 13
Way = Literal["fail", "half", "full", "kill", "kill after", "kill half"]
"""What happens at the chosen operation: it fails, is half done and fails, finds no room; or the process is killed."""


class NoFaults(RuntimeError):
    """This Python hides the library of its `_sqlite3`."""


class Fault(Struct):
    """What shall go wrong, and what happened."""

    at: int = 0
    """The operation, counted from 1; 0: none."""
    way: Way = "fail"
    lasting: bool = False
    """Every operation from there on, as on a full disk."""
    count: int = 0
    hit: bool = False

    def strikes(self) -> bool:
        """Count one operation; whether it is the one."""
        self.count += 1
        struck = self.at > 0 and (self.count == self.at or (self.lasting and self.count > self.at))
        self.hit = self.hit or struck
        return struck


class _Methods(Structure):
    """`sqlite3_io_methods`, version 3."""


_Open = CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p, c_int, c_void_p)
_Delete = CFUNCTYPE(c_int, c_void_p, c_char_p, c_int)
_Write = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_int64)
_Truncate = CFUNCTYPE(c_int, c_void_p, c_int64)
_Sync = CFUNCTYPE(c_int, c_void_p, c_int)

_Methods._fields_ = [
    ("version", c_int),
    ("close", c_void_p),
    ("read", c_void_p),
    ("write", _Write),
    ("truncate", _Truncate),
    ("sync", _Sync),
    ("others", c_void_p * 13),
]


class _VFS(Structure):
    """`sqlite3_vfs`, version 3."""

    _fields_ = [
        ("version", c_int),
        ("size_of_file", c_int),
        ("longest_path", c_int),
        ("next", c_void_p),
        ("name", c_char_p),
        ("data", c_void_p),
        ("open", _Open),
        ("delete", _Delete),
        ("others", c_void_p * 14),
    ]


_made: list[Disk] = []
"""Every one of this process: SQLite, and whatever is still open, keeps pointers to it."""


class Disk:
    """The failing file system."""

    def __init__(self) -> None:
        _made.append(self)
        self.fault = Fault()
        self._kept: dict[int, _Methods] = {}
        self._library = _library()
        found = self._library.sqlite3_vfs_find(None)
        self._real = found
        self._ours = _VFS()
        ctypes.memmove(ctypes.byref(self._ours), found, ctypes.sizeof(_VFS))
        self._open_real, self._delete_real = found.contents.open, found.contents.delete
        self._ours.name = b"yibao-faults"
        self._ours.open, self._ours.delete = _Open(self._open), _Delete(self._delete)

    @contextmanager
    def failing(self, fault: Fault) -> Iterator[Fault]:
        """Within the block one thing goes wrong."""
        self.fault = fault
        try:
            yield fault
        finally:
            self.fault = Fault()

    @contextmanager
    def registered(self) -> Iterator[Disk]:
        """Within the block every file of SQLite is opened through us."""
        self._library.sqlite3_vfs_register(ctypes.byref(self._ours), 1)
        try:
            yield self
        finally:
            self._library.sqlite3_vfs_register(self._real, 1)
            self._library.sqlite3_vfs_unregister(ctypes.byref(self._ours))

    def _open(self, vfs: int, name: int, file: int, flags: int, out: int) -> int:
        code: int = self._open_real(vfs, name, file, flags, out)
        place = ctypes.cast(file, POINTER(c_void_p))
        if code == 0 and place[0]:
            place[0] = ctypes.addressof(self._wrapped(place[0]))
        return code

    def _wrapped(self, real: int) -> _Methods:
        """The methods of a file with ours in the place of those that change it."""
        found = self._kept.get(real)
        if found is None:
            found = self._kept[real] = _Methods()
            ctypes.memmove(ctypes.byref(found), real, ctypes.sizeof(_Methods))
            methods = _Methods.from_address(real)
            found.write = _Write(self._writing(methods.write))
            found.truncate = _Truncate(self._one(methods.truncate, IOERR_TRUNCATE))
            found.sync = _Sync(self._one(methods.sync, IOERR_FSYNC))
        return found

    def _writing(self, real: Callable[[int, int, int, int], int]) -> Callable[[int, int, int, int], int]:
        def write(file: int, data: int, size: int, offset: int) -> int:
            if not self.fault.strikes():
                return real(file, data, size, offset)
            way = self.fault.way
            if way in ("half", "kill half"):
                real(file, data, size // 2, offset)
            return self._struck(way, lambda: real(file, data, size, offset), IOERR_WRITE)

        return write

    def _one(self, real: Callable[[int, int], int], error: int) -> Callable[[int, int], int]:
        def change(file: int, argument: int) -> int:
            if not self.fault.strikes():
                return real(file, argument)
            return self._struck(self.fault.way, lambda: real(file, argument), error)

        return change

    def _delete(self, vfs: int, name: bytes, sync: int) -> int:
        if not self.fault.strikes():
            return int(self._delete_real(vfs, name, sync))
        return self._struck(self.fault.way, lambda: self._delete_real(vfs, name, sync), IOERR_DELETE)

    def _struck(self, way: Way, does: Callable[[], Any], error: int) -> int:
        if way == "full":  # what needs no room still works: fsync, truncation, deletion
            return FULL if error == IOERR_WRITE else int(does())
        if way == "kill after":
            does()
        if way.startswith("kill"):
            os.kill(os.getpid(), signal.SIGKILL)
        return error


def _library() -> Any:
    """The SQLite that `_sqlite3` uses, and no other; NoFaults where it cannot be reached."""
    try:
        # Looks into the module itself and whatever it is linked to.
        library = ctypes.CDLL(getattr(_sqlite3, "__file__", None))
        library.sqlite3_vfs_find.argtypes, library.sqlite3_vfs_find.restype = [c_char_p], POINTER(_VFS)
        library.sqlite3_vfs_register.argtypes, library.sqlite3_vfs_register.restype = [c_void_p, c_int], c_int
        library.sqlite3_vfs_unregister.argtypes, library.sqlite3_vfs_unregister.restype = [c_void_p], c_int
        library.sqlite3_libversion.restype = c_char_p
    except (AttributeError, OSError) as error:
        raise NoFaults(f"the SQLite inside `_sqlite3` cannot be reached: {error}") from error
    if library.sqlite3_libversion().decode() != _sqlite3.sqlite_version:
        raise NoFaults("the SQLite that ctypes finds is not the one that `_sqlite3` uses")
    return library
