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

    ``records`` are (feed, accepted rows), in alphabetical order of the feeds. Of them, and of what the store holds, one
    table is in memory at a time.
    """
    differences: list[str] = []

    def told() -> Iterator[tuple[str, pl.Series]]:
        for name, should, held in _tables(wanted, store):
            differences.extend(_differences(name, as_stored(should), held))
            if name not in schema.DERIVED_RELATIONSHIPS:
                yield name, _lines(held.drop(schema.DERIVED_PROPERTIES, strict=False) if name in _LABELS else held)

    graph = _digest(told())
    found = _digest((feed, _lines(frame.drop("content"))) for feed, frame in records)
    return Verification(records=found, graph=graph, differences=tuple(differences))


def _tables(wanted: GraphTables, store: Store) -> Iterator[tuple[str, pl.DataFrame, pl.DataFrame]]:
    """(label or type, what the records claim, what the store holds), labels first, in alphabetical order."""
    for name, label in sorted(_LABELS.items()):
        should = wanted.nodes.get(name, pl.DataFrame({"uid": []}, schema={"uid": pl.String}))
        yield name, should, _read_nodes(store, label, should["uid"])
    for name, rel in sorted((rel.name, rel) for rel in schema.RELATIONSHIPS):
        should = wanted.edges.get(name, pl.DataFrame({"src": []}, schema={"src": pl.String}))
        yield name, should, _read_edges(store, rel, should["src"])


_LABELS = {label.name: label for label in schema.LABELS}


def _differences(name: str, wanted: pl.DataFrame, held: pl.DataFrame) -> Iterator[str]:
    expected, found = _raw_lines(wanted), _raw_lines(held)
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


def _read_nodes(store: Store, label: schema.NodeLabel, expected: pl.Series) -> pl.DataFrame:
    names = [prop.name for prop in label.all_properties()]
    returned = ", ".join(f"n.{name} AS {name}" for name in names)
    kinds = {prop.name: _POLARS[prop.kind] for prop in label.all_properties()}
    return _read(store, f"MATCH (n:{label.name})", "n.uid", f"RETURN {returned}", expected, kinds)


def _read_edges(store: Store, rel: schema.RelationshipType, expected: pl.Series) -> pl.DataFrame:
    names = [prop.name for prop in rel.all_properties()]
    returned = ", ".join(f"r.{name} AS {name}" for name in names)
    kinds = {"src": pl.String(), "dst": pl.String()} | {prop.name: _POLARS[prop.kind] for prop in rel.all_properties()}
    wanted = f"RETURN a.uid AS src, b.uid AS dst, {returned}"
    return pl.concat(
        _read(store, f"MATCH (a:{start})-[r:{rel.name}]->(b:{end})", "a.uid", wanted, expected, kinds)
        for start, end in rel.ends
    )


def _read(
    store: Store, match: str, key: str, returned: str, expected: pl.Series, kinds: dict[str, pl.DataType]
) -> pl.DataFrame:
    """The rows of a table, read in parts between keys, since rows from the server take many times their room here."""
    frames = []
    cuts = _cuts(expected)
    for first, last in zip([None, *cuts], [*cuts, None], strict=True):
        bounds = [f"{key} >= $first"] if first is not None else []
        if last is not None:
            bounds.append(f"{key} < $last" if first is not None else f"({key} IS NULL OR {key} < $last)")
        where = f" WHERE {' AND '.join(bounds)}" if bounds else ""
        params = {name: value for name, value in (("first", first), ("last", last)) if value is not None}
        rows = store.read(f"{match}{where} {returned}", params, timeout_s=_WHOLE_GRAPH_S).rows
        frames.append(pl.DataFrame(rows, schema=kinds, orient="row"))
    return pl.concat(frames)


def _cuts(keys: pl.Series) -> list[str]:
    """Keys that part a table into pieces of about ``_PART`` rows: ASCII ones, which every server orders alike."""
    plain = keys.filter(keys.str.len_bytes() == keys.str.len_chars())
    return plain.sort().gather_every(_PART)[1:].unique(maintain_order=True).to_list()


_WHOLE_GRAPH_S = 3600.0
#: Rows that are read at once.
_PART = 100_000
