"""What the server counts, in a registry of its own; no label holds anything of a request's content."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

#: Upper bounds in seconds: look-ups take milliseconds, feeds minutes.
_BUCKETS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 120.0)


class Metrics:
    """The counters of one app."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Histogram(
            "graphinv_request_seconds",
            "Time to answer, by route template.",
            ("method", "route", "status"),
            registry=self.registry,
            buckets=_BUCKETS,
        )
        self._answers = Counter(
            "graphinv_lookups", "Look-ups answered, by band and status.", ("band", "status"), registry=self.registry
        )
        self._rows = Counter(
            "graphinv_feed_rows", "Rows received over the API.", ("feed", "outcome"), registry=self.registry
        )
        self._epoch = Gauge("graphinv_index_epoch", "Epoch of the index that answered last.", registry=self.registry)

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """One request was answered."""
        self._requests.labels(method, route, str(status)).observe(seconds)

    def lookup(self, band: str, status: str) -> None:
        """One query of a look-up was answered."""
        self._answers.labels(band, status).inc()

    def rows(self, feed: str, outcome: str, count: int) -> None:
        """Rows of a feed came in."""
        self._rows.labels(feed, outcome).inc(count)

    def epoch(self, number: int) -> None:
        """The index that answered."""
        self._epoch.set(number)

    def text(self) -> bytes:
        """Everything, in Prometheus' text format."""
        return generate_latest(self.registry)
