"""Do the records and the graph agree? Canonical hashes that do not depend on the order of loading.

The hash of the records covers every accepted version; the hash of the graph covers what the store really holds, read
back over Bolt, without what resolution derives. Social security numbers are hashed with a key that differs between
workspaces, so their tokens are masked in both: two workspaces with the same feeds agree.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import polars as pl

from graphinv import schema
from graphinv.load.generations import as_stored
from graphinv.load.tables import GraphTables
from graphinv.resolve.versions import KEYED, MASKED_TOKEN
from graphinv.store import Store

_SEPARATOR = "\x1f"


@dataclass(frozen=True)
class Verification:
    """``differences`` names tables in which the store and the records disagree, with how many rows."""

    records: str
    graph: str
    differences: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """True when the store holds exactly what the records claim."""
        return not self.differences


def verify(records: Iterable[tuple[str, pl.DataFrame]], wanted: GraphTables, store: Store) -> Verification:
    """Compare the store, read back, with the graph that the records claim now.

    ``records`` are (feed, accepted rows).
    """
    held = read_graph(store)
    stored = GraphTables(
        nodes={name: as_stored(frame) for name, frame in wanted.nodes.items()},
        edges={name: as_stored(frame) for name, frame in wanted.edges.items()},
    )
    return Verification(
        records=records_hash(records), graph=graph_hash(held), differences=tuple(_differences(stored, held))
    )


def records_hash(records: Iterable[tuple[str, pl.DataFrame]]) -> str:
    """Canonical hash of accepted rows, whatever batch and order they came in."""
    return _digest((feed, _lines(frame.drop("content"))) for feed, frame in sorted(records, key=lambda item: item[0]))


def graph_hash(tables: GraphTables) -> str:
    """Canonical hash of a graph as stored, without what resolution derives."""
    return _digest((kind, _lines(frame)) for kind, frame in _told(tables))


def read_graph(store: Store) -> GraphTables:
    """The whole graph as the store holds it, read back over Bolt."""
    nodes = {label.name: _read_nodes(store, label) for label in schema.LABELS}
    edges = {rel.name: _read_edges(store, rel) for rel in schema.RELATIONSHIPS}
    return GraphTables(nodes=nodes, edges=edges)


def _told(tables: GraphTables) -> Iterator[tuple[str, pl.DataFrame]]:
    for name, frame in sorted(tables.nodes.items()):
        yield name, frame.drop(schema.DERIVED_PROPERTIES, strict=False)
    for name, frame in sorted(tables.edges.items()):
        if name not in schema.DERIVED_RELATIONSHIPS:
            yield name, frame


def _differences(wanted: GraphTables, held: GraphTables) -> Iterator[str]:
    pairs = [
        *((name, wanted.nodes.get(name), frame) for name, frame in held.nodes.items()),
        *((name, wanted.edges.get(name), frame) for name, frame in held.edges.items()),
    ]
    for name, should, frame in pairs:
        expected = _raw_lines(should) if should is not None else pl.Series([], dtype=pl.String)
        found = _raw_lines(frame)
        missing = len(expected) - int(expected.is_in(found.implode()).sum())
        extra = len(found) - int(found.is_in(expected.implode()).sum())
        if missing or extra or len(expected) != len(found):
            yield f"{name}: {missing} missing or different in the store, {extra} that the records do not claim"


def _digest(parts: Iterable[tuple[str, pl.Series]]) -> str:
    digest = hashlib.blake2b(digest_size=32)
    for name, lines in parts:
        if len(lines):
            digest.update(f"{name} {len(lines)}\n".encode())
            for chunk in range(0, len(lines), 100_000):
                digest.update("\n".join(lines.slice(chunk, 100_000)).encode())
    return f"blake2b:{digest.hexdigest()}"


def _lines(frame: pl.DataFrame) -> pl.Series:
    """One canonical line a row, keyed tokens masked, sorted."""
    return _raw_lines(frame).str.replace_all(KEYED, MASKED_TOKEN).sort()


def _raw_lines(frame: pl.DataFrame) -> pl.Series:
    """One line a row: column names in alphabetical order, only the columns that have a value."""
    told = [_told_value(name, kind) for name, kind in sorted(frame.schema.items())]
    if not told:
        return pl.Series([], dtype=pl.String)
    return frame.select(pl.concat_str(told, separator="", ignore_nulls=True)).to_series()


def _told_value(name: str, kind: pl.DataType) -> pl.Expr:
    value = pl.col(name)
    if isinstance(kind, pl.List):
        joined = value.list.join(_SEPARATOR + "+")
        text: pl.Expr = pl.when(value.list.len() > 0).then(joined)
    elif isinstance(kind, pl.Datetime):
        text = value.dt.strftime("%Y-%m-%dT%H:%M:%S%.6fZ")
    elif kind.is_float():
        text = value.cast(pl.Float64).cast(pl.String)
    else:
        text = value.cast(pl.String)
    return pl.concat_str([pl.lit(f"{name}="), text, pl.lit(_SEPARATOR)])


_POLARS: dict[schema.Kind, pl.DataType] = {
    schema.Kind.TEXT: pl.String(),
    schema.Kind.INTEGER: pl.Int64(),
    schema.Kind.NUMBER: pl.Float64(),
    schema.Kind.BOOLEAN: pl.Boolean(),
    schema.Kind.DAY: pl.String(),
    schema.Kind.MOMENT: pl.String(),
    schema.Kind.TEXTS: pl.List(pl.String()),
}


def _read_nodes(store: Store, label: schema.NodeLabel) -> pl.DataFrame:
    names = [prop.name for prop in label.all_properties()]
    returned = ", ".join(f"n.{name} AS {name}" for name in names)
    rows = store.read(f"MATCH (n:{label.name}) RETURN {returned}", timeout_s=_WHOLE_GRAPH_S)
    kinds = {prop.name: _POLARS[prop.kind] for prop in label.all_properties()}
    return pl.DataFrame(rows.rows, schema=kinds, orient="row")


def _read_edges(store: Store, rel: schema.RelationshipType) -> pl.DataFrame:
    names = [prop.name for prop in rel.all_properties()]
    returned = ", ".join(f"r.{name} AS {name}" for name in names)
    kinds = {"src": pl.String(), "dst": pl.String()} | {prop.name: _POLARS[prop.kind] for prop in rel.all_properties()}
    frames = [
        pl.DataFrame(
            store.read(
                f"MATCH (a:{start})-[r:{rel.name}]->(b:{end}) RETURN a.uid AS src, b.uid AS dst, {returned}",
                timeout_s=_WHOLE_GRAPH_S,
            ).rows,
            schema=kinds,
            orient="row",
        )
        for start, end in rel.ends
    ]
    return pl.concat(frames)


_WHOLE_GRAPH_S = 3600.0
