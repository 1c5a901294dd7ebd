"""What Prometheus may ask: calls, facts, positions, lag. Names are stable; docs/service.md lists them."""

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from ledger.handle import Ledger
from ledger.rights.access import AccessLog
from ledger.service.desk import Desk
from ledger.streams.subscriptions import listed
from projections.rebuild import TABLES

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """Counters of one service."""

    def __init__(self, desk: Desk, access: AccessLog) -> None:
        own = self.registry = CollectorRegistry()
        labels = ("method", "route", "status")
        self.calls = Counter("yibao_http_requests", "Calls answered", labels, registry=own)
        self.seconds = Histogram(
            "yibao_http_request_seconds", "Time of a call", ("method", "route"), buckets=SECONDS, registry=own
        )
        self.facts = Counter("yibao_facts", "Facts told", ("outcome",), registry=own)
        self.streams = Gauge("yibao_open_streams", "Streams that are open", registry=own)
        own.register(_Positions(desk, access))

    def page(self) -> bytes:
        """In the text format of Prometheus."""
        return generate_latest(self.registry)


class _Positions(Collector):
    """Read when they are asked for."""

    def __init__(self, desk: Desk, access: AccessLog) -> None:
        self._desk = desk
        self._access = access

    def describe(self) -> Iterator[Metric]:
        """Nothing in advance: registering asks no database."""
        yield from ()

    def collect(self) -> Iterator[Metric]:
        """Positions of the log, of the tables, and of every subscription."""
        with self._desk.reading() as ledger:
            yield from _positions(ledger)
        lost = GaugeMetricFamily(
            "yibao_access_log_lost", "Entries of the access log that could not be written"
        )
        lost.add_metric((), self._access.lost)
        yield lost


def _positions(ledger: Ledger) -> Iterator[Metric]:
    at = GaugeMetricFamily("yibao_position", "How far the log reaches, and what follows it", labels=("of",))
    head = ledger.store.last_position()
    at.add_metric(("log",), head)
    at.add_metric(("tables",), tables_position(ledger))
    yield at
    lag = GaugeMetricFamily("yibao_subscription_lag", "Positions behind the log", labels=("subscription",))
    parked = GaugeMetricFamily("yibao_subscription_parked", "Events parked", labels=("subscription",))
    for each in listed(ledger):
        lag.add_metric((each.name,), each.lag)
        parked.add_metric((each.name,), each.parked)
    yield lag
    yield parked


def tables_position(ledger: Ledger) -> int:
    """The position up to which the tables have taken in every event."""
    found = ledger.store.select(f"SELECT position FROM projection_position WHERE name = '{TABLES}'", {})
    return int(found[0][0]) if found else 0
