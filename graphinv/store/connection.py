"""Connections over Bolt with the official driver: transactions, parameters, and answers within their caps."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graphinv.errors import InvalidInput
from graphinv.store.server import Endpoint
from graphinv.store.values import Rows, size_of

# Importing the driver takes a tenth of what a server begins with, and look-ups do without a store: it is imported with
# the first connection.
if TYPE_CHECKING:
    from neo4j import Driver, Result, Transaction

_FETCH_ROWS = 5_000

#: The driver reports every lost connection, also those we mend; without a handler that would land on standard error.
logging.getLogger("neo4j").addHandler(logging.NullHandler())

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Link:
    """The drivers of one endpoint; a new endpoint gets a new link."""

    endpoint: Endpoint
    driver: "Driver"
    reader: "Driver"

    def close(self) -> None:
        """Close the connections."""
        self.driver.close()
        if self.reader is not self.driver:
            self.reader.close()


@dataclass(frozen=True)
class Caps:
    """How much a query may take."""

    timeout_s: float
    rows: int | None
    size: int | None


def connect(endpoint: Endpoint) -> Link:
    """Drivers for an endpoint's accounts; nothing is sent yet."""
    driver = _driver(endpoint.uri, endpoint.user, endpoint.password)
    if (endpoint.user, endpoint.password) == (endpoint.reader_user, endpoint.reader_password):
        return Link(endpoint, driver, driver)
    return Link(endpoint, driver, _driver(endpoint.uri, endpoint.reader_user, endpoint.reader_password))


def _driver(uri: str, user: str, password: str) -> "Driver":
    from neo4j import GraphDatabase, NotificationMinimumSeverity

    return GraphDatabase.driver(
        uri,
        auth=(user, password),
        user_agent="graphinv",
        connection_timeout=5.0,
        connection_acquisition_timeout=15.0,
        max_transaction_retry_time=0.0,
        notifications_min_severity=NotificationMinimumSeverity.OFF,
        telemetry_disabled=True,
    )


@contextmanager
def begin(
    driver: "Driver", link: Link, timeout_s: float | None = None, *, write: bool = False
) -> Iterator["Transaction"]:
    """A transaction for a ``with`` block, undone unless it is committed there."""
    from neo4j import READ_ACCESS, WRITE_ACCESS

    access = WRITE_ACCESS if write else READ_ACCESS
    with (
        driver.session(database=link.endpoint.database, default_access_mode=access, fetch_size=_FETCH_ROWS) as session,
        session.begin_transaction(timeout=timeout_s) as transaction,
    ):
        yield transaction


def run(transaction: "Transaction", cypher: str, params: Row | None) -> "Result":
    """Send a query; InvalidInput when a parameter has a value that cannot be sent."""
    try:
        return transaction.run(cypher, dict(params or {}))
    except (OverflowError, TypeError, ValueError) as error:  # raised by the driver before anything is sent
        raise InvalidInput(
            "a parameter has a value that no graph store takes: integers have at most 64 bits, and values are text, "
            f"numbers, truth values, days, moments, or lists and maps of them ({type(error).__name__})"
        ) from error


def fetch(link: Link, driver: "Driver", cypher: str, params: Row | None, caps: Caps) -> Rows:
    """All rows of a query, up to the caps."""
    from graphinv.store.plain import plain_row

    with begin(driver, link, caps.timeout_s) as transaction:
        result = run(transaction, cypher, params)
        columns = tuple(result.keys())
        rows: list[tuple[Any, ...]] = []
        size = 0
        for record in result:
            row = plain_row(record.values())
            size += size_of(row) if caps.size is not None else 0
            if (caps.rows is not None and len(rows) >= caps.rows) or (caps.size is not None and size > caps.size):
                return Rows(columns, rows, truncated=True)
            rows.append(row)
        return Rows(columns, rows)
