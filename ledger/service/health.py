"""Is it alive, is it ready, and what does it count."""

from litestar import Response
from msgspec import Struct

from ledger.rights.caller import Right
from ledger.service.call import Call
from ledger.service.metrics import tables_position
from ledger.service.operations import TEXT, operation
from ledger.service.problems import Refused


class Health(Struct, frozen=True):
    """The process answers."""

    ok: bool
    version: str


class Readiness(Struct, frozen=True):
    """The database answers, too, and the tables have taken in the whole log."""

    ready: bool
    position: int
    """The last position of the log."""


@operation("get", "/healthz", says="Alive? 存活检查", right=None, answer=Health)
def health(call: Call) -> Health:
    """The process answers; nothing else is looked at."""
    from importlib.metadata import version

    return Health(True, version("yibao-ledger"))


@operation("get", "/readyz", says="Ready to serve? 就绪检查", right=None, answer=Readiness, problems=(503,))
def readiness(call: Call) -> Readiness:
    """The database answers and the tables are in step; a problem (503) otherwise."""
    with call.desk.reading() as ledger:
        at = tables_position(ledger)
        position = ledger.store.last_position()
    # Rows of facts bring nothing to the tables, so these may rightly stand before the end.
    if at > position:
        raise Refused(
            "tables_ahead", f"the tables stand at {at}, the log ends at {position}; run `yibao rebuild`"
        )
    return Readiness(True, position)


@operation(
    "get", "/metrics", says="For Prometheus. 监控指标", right=Right.KEEP, answer=str, answer_media=TEXT
)
def metrics(call: Call) -> Response[bytes]:
    """Calls, facts, positions, lag of subscriptions."""
    return Response(call.metrics.page(), media_type="text/plain; version=0.0.4")


HANDLERS = (health, readiness, metrics)
