"""What differs between the stores; everything else is one code path.

Spelling that works on both stores is not here: write queries in it (see the queries in ``cypher/``).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from graphinv.errors import GraphinvError, QueryError, QueryRefused, QueryTimeout, StoreError, StoreUnavailable
from graphinv.schema import FulltextIndex
from graphinv.store.server import Endpoint, Server

# What the driver raises is imported where it is looked at: see ``store.connection``.


class Failure(Enum):
    """Why a store did not do as told."""

    UNREACHABLE = "unreachable"
    AUTH = "auth"
    DATABASE = "database"
    TIMEOUT = "timeout"
    MEMORY = "memory"
    UNIQUE = "unique"
    READ_ONLY = "read-only"
    QUERY = "query"
    TRANSIENT = "transient"
    OTHER = "other"


class OutOfMemory(StoreError):
    """The server gives one transaction no more memory."""


@dataclass(frozen=True)
class Dialect:
    """One store's ways. ``node_rows``, ``relationship_rows`` and ``delete_rows``: how long a write batch should be."""

    name: str
    node_rows: int
    relationship_rows: int
    delete_rows: int
    #: Seconds that the server gives any query by itself; 0 when each query's own limit holds.
    server_limit_s: float

    def create_fulltext(self, server: Server, index: FulltextIndex) -> tuple[str, ...]:
        """Create a full-text index as far as that goes beside Bolt; the Cypher that remains to be run."""
        raise NotImplementedError

    def ready_statements(self) -> tuple[str, ...]:
        """What waits until new indexes are complete."""
        return ()

    def classify(self, error: Exception) -> Failure:
        """Which kind of failure a driver's exception is."""
        from neo4j import exceptions as of_neo4j

        if isinstance(error, of_neo4j.ServiceUnavailable | of_neo4j.SessionExpired):
            return Failure.UNREACHABLE
        if isinstance(error, of_neo4j.AuthError) and not _has_code(error, "Security.Forbidden"):
            return Failure.AUTH
        if isinstance(error, of_neo4j.ConstraintError):
            return Failure.UNIQUE
        for failure, codes in _CODES:
            if _has_code(error, *codes):
                return failure
        if isinstance(error, of_neo4j.CypherSyntaxError | of_neo4j.CypherTypeError) or _has_code(
            error, "ClientError.Statement."
        ):
            return Failure.QUERY
        if isinstance(error, of_neo4j.Neo4jError) and error.is_retryable():
            return Failure.TRANSIENT
        return Failure.OTHER


_CODES: tuple[tuple[Failure, tuple[str, ...]], ...] = (
    (Failure.DATABASE, ("Database.DatabaseNotFound",)),
    (Failure.TIMEOUT, ("TransactionTimedOut", "Transaction.Terminated", "LockClientStopped")),
    (Failure.MEMORY, ("OutOfMemory",)),
    (Failure.READ_ONLY, ("Statement.AccessMode", "Security.Forbidden", "Request.Invalid.ReadOnly")),
    (Failure.QUERY, ("ClientError.Procedure.", "Statement.ParameterMissing")),
)


@dataclass(frozen=True)
class Neo4jDialect(Dialect):
    """Neo4j 5.26 and the calendar line."""

    def create_fulltext(self, server: Server, index: FulltextIndex) -> tuple[str, ...]:  # noqa: ARG002 - all is Cypher
        """All of it is Cypher."""
        properties = ", ".join(f"n.{quoted(name)}" for name in index.properties)
        target = f"FOR (n:{quoted(index.label)}) ON EACH [{properties}]"
        return (f"CREATE FULLTEXT INDEX {quoted(index.name)} IF NOT EXISTS {target}",)

    def ready_statements(self) -> tuple[str, ...]:
        """Indexes fill in the background."""
        return ("CALL db.awaitIndexes(300)",)


@dataclass(frozen=True)
class ArcadeDialect(Dialect):
    """ArcadeDB, embedded."""

    def create_fulltext(self, server: Server, index: FulltextIndex) -> tuple[str, ...]:
        """All of it is SQL; the properties must be declared first."""
        label = quoted(index.label)
        server.sql(f"CREATE VERTEX TYPE {label} IF NOT EXISTS")
        for name in index.properties:
            server.sql(f"CREATE PROPERTY {label}.{quoted(name)} IF NOT EXISTS STRING")
        names = ", ".join(map(quoted, index.properties))
        server.sql(f"CREATE INDEX {quoted(index.name)} IF NOT EXISTS ON {label} ({names}) FULL_TEXT")
        return ()

    def classify(self, error: Exception) -> Failure:
        """ArcadeDB words some refusals as errors of the statement."""
        if _says(error, "queryMaxHeapElements", "queryMaxRangeSize", "heap space"):
            return Failure.MEMORY
        if _says(error, "ConcurrentModification", "NeedRetry"):
            return Failure.TRANSIENT
        failure = super().classify(error)
        # Its passwords are ours: one that is refused belongs to a server that ends or has a successor.
        return Failure.UNREACHABLE if failure is Failure.AUTH else failure


# Rows a second by batch length on two busy cores: 40,000 nodes of five properties, 60,000 relationships with sources
# (tests/benchmarks/bench_store.py --sizes measures the like with full-text indexes):
#
#   rows a batch              1,000   2,500   5,000  10,000  20,000
#   ArcadeDB nodes            7,000   9,600  13,200  17,100  15,600
#   ArcadeDB relationships    2,200   5,000   7,900   7,600   7,100
#   Neo4j nodes              10,400  15,500  18,900  13,000  25,500
#   Neo4j relationships       5,100   8,400   5,800  11,500  out of memory at 128 MB a transaction
#
# What else counts: SET n += row is as fast as naming each property; CREATE gains a fifth over MERGE and cannot be
# repeated, so it is not used. A moment as parameter costs the driver 40 microseconds and ArcadeDB 140 more, so send
# milliseconds and write datetime({epochMillis: row.known_at}): three times the rows. Deleting 5,000 nodes of a
# full-text index takes ArcadeDB 9 s in one transaction and 2 s in ten.
NEO4J = Neo4jDialect("Neo4j", node_rows=10_000, relationship_rows=5_000, delete_rows=5_000, server_limit_s=0.0)
ARCADEDB = ArcadeDialect(
    "the embedded database", node_rows=10_000, relationship_rows=5_000, delete_rows=500, server_limit_s=30.0
)


def dialect_of(endpoint: Endpoint) -> Dialect:
    """The dialect that an endpoint speaks."""
    return NEO4J if endpoint.kind == "neo4j" else ARCADEDB


def quoted(name: str) -> str:
    """A label, property or index name as Cypher and SQL write it."""
    return "`" + name.replace("`", "``") + "`"


def constraint_statements(constraints: Iterable[tuple[str, str]]) -> list[str]:
    """What makes (label, property) pairs unique, the same for both stores."""
    return [
        f"CREATE CONSTRAINT {quoted(f'{label.lower()}_{name}')} IF NOT EXISTS "
        f"FOR (n:{quoted(label)}) REQUIRE n.{quoted(name)} IS UNIQUE"
        for label, name in constraints
    ]


def fulltext_terms(text: str) -> str:
    """What a user typed, as words for a full-text query: any of them may match, and none is an operator.

    Both stores read Lucene's syntax, and a word like ``AND`` or a lone quote is an error there, so every word is
    quoted and everything but letters and digits separates words. Empty when nothing is left to look for.
    """
    return " ".join(f'"{word}"' for word in re.findall(r"\w+", text.replace("_", " ")))


def explain(failure: Failure, error: Exception, dialect: Dialect, endpoint: Endpoint) -> GraphinvError:
    """A failure as an error of ours: one line, what happened, where, the way out; no values and no passwords."""
    where = dialect.name if endpoint.kind == "arcadedb" else f"{dialect.name} at {endpoint.address}"
    match failure:
        case Failure.UNREACHABLE:
            return StoreUnavailable(f"{where} does not answer; {_way_out(endpoint)}")
        case Failure.AUTH:
            return StoreUnavailable(
                f"{where} refuses user {endpoint.user}; check GRAPHINV_NEO4J_USER and GRAPHINV_NEO4J_PASSWORD"
            )
        case Failure.DATABASE:
            return StoreUnavailable(f"{where} has no database {endpoint.database}; check GRAPHINV_NEO4J_DATABASE")
        case Failure.TIMEOUT:
            return QueryTimeout(f"{where} stopped the query at its time limit; narrow it, or allow more time")
        case Failure.MEMORY:
            return OutOfMemory(f"{where} has not enough memory for this query; narrow it, or add a LIMIT earlier")
        case Failure.UNIQUE:
            return StoreError(f"{where} already has {_unique_key(error)}; use MERGE to update what is there")
        case Failure.READ_ONLY:
            return QueryRefused(
                "the query would change the graph, and this connection may only read; leave the writing part out"
            )
        case Failure.QUERY:
            return QueryError(f"{where} cannot run the query: {clean(_message(error))}")
        case Failure.TRANSIENT:
            return StoreError(f"{where} was too busy and gave up; try again")
        case Failure.OTHER:
            return StoreError(f"{where}: {type(error).__name__}: {clean(_message(error))}")


def clean(message: str) -> str:
    """The first line of a server's message without the values that it may quote: they can be identity numbers."""
    line = message.strip().partition("\n")[0]
    line = re.sub(r"\[[^\]]*\]|'[^']*'|\"[^\"]*\"", _without_values, line)
    return re.sub(r"\d[\d -]{5,}\d", "…", line)[:300]


def _without_values(quote: re.Match[str]) -> str:
    inner = quote.group()[1:-1]
    return quote.group() if re.fullmatch(r"[A-Za-z_]{1,40}", inner) else f"{quote.group()[0]}…{quote.group()[-1]}"


def _unique_key(error: Exception) -> str:
    """Label and property of a violated constraint, as either store names them."""
    found = re.search(r"index '(\w+)\[(\w+)\]'|label `(\w+)` and property `(\w+)`", _message(error))
    if found is None:
        return "a node with one of these keys"
    label, name = (found[1], found[2]) if found[1] else (found[3], found[4])
    return f"{label} with one of these values of {name}"


def _way_out(endpoint: Endpoint) -> str:
    if endpoint.kind == "arcadedb":
        return "it is started again by the next attempt"
    return "check that it runs and that GRAPHINV_NEO4J_URI names it"


def of_driver(error: Exception) -> bool:
    """Whether an exception is the driver's, of whatever kind."""
    from neo4j.exceptions import DriverError, Neo4jError

    return isinstance(error, Neo4jError | DriverError)


def _message(error: Exception) -> str:
    return _of_server(error, "message") or str(error)


def _has_code(error: Exception, *parts: str) -> bool:
    code = _of_server(error, "code")
    return any(part in code for part in parts)


def _of_server(error: Exception, told: str) -> str:
    """What a server's own error tells under a name; empty for others."""
    from neo4j.exceptions import Neo4jError

    return str(getattr(error, told) or "") if isinstance(error, Neo4jError) else ""


def _says(error: Exception, *parts: str) -> bool:
    return of_driver(error) and any(part in str(error) for part in parts)
