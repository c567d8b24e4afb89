"""How the store differs from what it should hold: the statements and rows that bring it there, in a fixed order.

Every value is absolute, so a batch that runs twice changes nothing, and the same two generations always give the same
plan: after a kill the work goes on at the first row that was not reported as committed. Steps are worked out one at a
time, so that no more than one table is in memory.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain

import polars as pl

from graphinv import schema
from graphinv.load.tables import GraphTables


class Action(StrEnum):
    """What a step does to the store."""

    PUT_NODES = "put nodes"
    PUT_EDGES = "put relationships"
    DROP_EDGES = "remove relationships"
    DROP_NODES = "remove nodes"


@dataclass(frozen=True)
class Step:
    """One statement and its rows. ``rows`` has the columns of the node, or src, dst and the relationship's columns.

    ``ends`` are the labels at the ends of relationships.
    """

    action: Action
    name: str
    cypher: str
    rows: pl.DataFrame
    ends: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What tells the step from every other one of its plan."""
        return " ".join((self.action, self.name, *self.ends))

    def batches(self, size: int, skip: int = 0) -> Iterator[list[dict[str, object]]]:
        """Parameter rows in batches, without the first ``skip``."""
        for at in range(skip, len(self.rows), size):
            yield self._parameters(self.rows.slice(at, size))

    def _parameters(self, rows: pl.DataFrame) -> list[dict[str, object]]:
        if self.action is not Action.PUT_EDGES:
            return rows.to_dicts()
        own = [name for name in rows.columns if name not in ("src", "dst")]
        return rows.select("src", "dst", pl.struct(own).alias("p")).to_dicts()


def plan(held: GraphTables, wanted: GraphTables) -> Iterator[Step]:
    """Steps from what the store holds to what it should hold: nodes, relationships, then removals.

    The order is the schema's, whatever order the tables come in. Raises KeyError for a table that it does not declare.
    """
    labels = _declared([item.name for item in schema.LABELS], held.nodes, wanted.nodes)
    kinds = _declared([item.name for item in schema.RELATIONSHIPS], held.edges, wanted.edges)
    steps = chain(
        (_put_nodes(name, _changed(held.nodes.get(name), wanted.nodes.get(name), _NODE)) for name in labels),
        chain.from_iterable(
            _put_edges(name, _changed(held.edges.get(name), wanted.edges.get(name), _EDGE)) for name in kinds
        ),
        chain.from_iterable(
            _drop_edges(name, _gone(held.edges.get(name), wanted.edges.get(name), _EDGE)) for name in kinds
        ),
        (_drop_nodes(name, _gone(held.nodes.get(name), wanted.nodes.get(name), _NODE)) for name in labels),
    )
    return (step for step in steps if len(step.rows))


_NODE, _EDGE = ["uid"], ["src", "dst"]


def _declared(order: list[str], *tables: Mapping[str, pl.DataFrame]) -> list[str]:
    found = {name for table in tables for name in table}
    if strange := sorted(found.difference(order)):
        raise KeyError(f"the schema declares no {', '.join(strange)}")
    return [name for name in order if name in found]


def label_of(uid: pl.Expr) -> pl.Expr:
    """The label that a uid belongs to, by the word before its colon."""
    return (
        uid.str.split_exact(":", 1)
        .struct.field("field_0")
        .replace_strict(schema.LABEL_OF_PREFIX, return_dtype=pl.String)
    )


def _changed(held: pl.DataFrame | None, wanted: pl.DataFrame | None, key: list[str]) -> pl.DataFrame:
    """Rows that the store lacks or holds otherwise, in the order of their key."""
    if wanted is None:
        return _nothing(key)
    if held is None or held.is_empty() or held.schema != wanted.schema:
        return wanted.sort(key)
    # polars' hash is only stable within one process; both sides are hashed here and the hash is kept nowhere
    before = held.select(*key, held.hash_rows().alias("_row"))
    after = wanted.with_columns(wanted.hash_rows().alias("_row"))
    return after.join(before, on=[*key, "_row"], how="anti").drop("_row").sort(key)


def _gone(held: pl.DataFrame | None, wanted: pl.DataFrame | None, key: list[str]) -> pl.DataFrame:
    if held is None:
        return _nothing(key)
    rows = held.select(key)
    return (rows if wanted is None else rows.join(wanted, on=key, how="anti")).sort(key)


def _nothing(key: list[str]) -> pl.DataFrame:
    return pl.DataFrame(schema=dict.fromkeys(key, pl.String))


def _put_nodes(label: str, rows: pl.DataFrame) -> Step:
    schema.label(label)
    return Step(Action.PUT_NODES, label, f"UNWIND $rows AS row MERGE (n:{label} {{uid: row.uid}}) SET n = row", rows)


def _drop_nodes(label: str, rows: pl.DataFrame) -> Step:
    schema.label(label)
    return Step(
        Action.DROP_NODES, label, f"UNWIND $rows AS row MATCH (n:{label} {{uid: row.uid}}) DETACH DELETE n", rows
    )


def _put_edges(kind: str, rows: pl.DataFrame) -> Iterator[Step]:
    for start, end, part in _by_ends(kind, rows):
        yield Step(
            Action.PUT_EDGES,
            kind,
            f"UNWIND $rows AS row MATCH (a:{start} {{uid: row.src}}) MATCH (b:{end} {{uid: row.dst}}) "
            f"MERGE {_merged(kind, part)} SET r = row.p",
            part,
            (start, end),
        )


def _merged(kind: str, rows: pl.DataFrame) -> str:
    """The relationship, written from the end that has fewer of them: the embedded store looks there whether it exists,
    and an importer's thousands of shipments are searched slower than a shipment's one importer."""
    if rows["src"].n_unique() < rows["dst"].n_unique():
        return f"(b)<-[r:{kind}]-(a)"
    return f"(a)-[r:{kind}]->(b)"


def _drop_edges(kind: str, rows: pl.DataFrame) -> Iterator[Step]:
    for start, end, part in _by_ends(kind, rows):
        yield Step(
            Action.DROP_EDGES,
            kind,
            f"UNWIND $rows AS row MATCH (a:{start} {{uid: row.src}})-[r:{kind}]->(b:{end} {{uid: row.dst}}) DELETE r",
            part,
            (start, end),
        )


def _by_ends(kind: str, rows: pl.DataFrame) -> Iterator[tuple[str, str, pl.DataFrame]]:
    """Rows by the labels at their ends, as the schema declares them; labels stand in the statement, never in data."""
    labelled = rows.with_columns(label_of(pl.col("src")).alias("_start"), label_of(pl.col("dst")).alias("_end"))
    left = len(rows)
    for start, end in schema.relationship(kind).ends:
        part = labelled.filter((pl.col("_start") == start) & (pl.col("_end") == end)).drop("_start", "_end")
        left -= len(part)
        if len(part):
            yield start, end, part
    if left:
        raise ValueError(f"{left} {kind} relationships stand between labels that the schema does not declare")
