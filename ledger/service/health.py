"""Is it alive, is it ready, and what does it count."""

from typing import Any, Literal

from msgspec import Struct

from ledger.service.call import Call
from ledger.service.operations import operation


class Health(Struct, frozen=True):
    """The process answers."""

    ok: bool
    version: str


class Readiness(Struct, frozen=True):
    """The database answers, too."""

    ready: bool
    position: int
    """The last position of the log."""
    tables: Literal["in_step", "behind"]


@operation("get", "/healthz", says="Alive? 存活检查", right=None, answer=Health)
def health(call: Call) -> dict[str, Any]:
    """The process answers; nothing else is looked at."""
    from importlib.metadata import version

    return {"ok": True, "version": version("yibao-ledger")}


@operation("get", "/readyz", says="Ready to serve? 就绪检查", right=None, answer=Readiness, problems=(503,))
def readiness(call: Call) -> dict[str, Any]:
    """The database answers; a problem (503) otherwise."""
    return {"ready": True, "position": call.desk.store.last_position(), "tables": "in_step"}


HANDLERS = (health, readiness)
