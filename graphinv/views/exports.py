"""The network as a file: JSON, GraphML, GEXF, CSV or the HTML report.

``json`` keeps everything and :func:`read_json` brings it back. Its shape is a node map and an edge list::

    {"graph": {"title": ..., "as_of": ..., "seeds": [...], "paths": [...], "left_out": {...}, ...},
     "nodes": {"<uid>": {"label": ..., "caption": ..., "standing": ..., "properties": {...}, "records": [...], ...}},
     "edges": [{"id": ..., "source": "<uid>", "target": "<uid>", "type": ..., "sources": [...], "properties": {...}}]}

``graphml`` and ``gexf`` are for other tools, so they are flat: ``label`` is the caption (of an edge its type), for
that is what tools show, and ``kind`` is the label in the schema; properties become ``property_<name>``; lists are
joined with ``"; "``; ``None`` and empty text are left out. GEXF also carries our colours and places.

``csv`` has one row an edge, ``csv_nodes`` one row a node. Text that a spreadsheet would run as a formula gets an
apostrophe in front.
"""

import csv
import io
import json
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import networkx as nx

from graphinv.errors import InvalidInput
from graphinv.views import look
from graphinv.views.attributes import Network
from graphinv.views.text import document_id, document_text

Plain = str | int | float | bool
Row = dict[str, Plain]

#: A cell that begins so is a formula to Excel, LibreOffice or Google Sheets.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@dataclass(frozen=True)
class Format:
    """One way to write a network."""

    media_type: str
    suffix: str
    write: Callable[[Network], bytes]


def export_graph(graph: Network, name: str) -> bytes:
    """``graph`` in one of :data:`FORMATS`, UTF-8. InvalidInput for a name that is none of them."""
    chosen = FORMATS.get(name)
    if chosen is None:
        raise InvalidInput(f"There is no export format {name!r}; choose one of {', '.join(FORMATS)}.")
    return chosen.write(graph)


def read_json(data: bytes | str) -> Network:
    """The graph that ``export_graph(graph, "json")`` wrote. InvalidInput when the data has another shape."""
    try:
        document = json.loads(data)
        graph: Network = nx.MultiDiGraph(**document["graph"])
        graph.add_nodes_from(document["nodes"].items())
        for edge in document["edges"]:
            attributes = {name: value for name, value in edge.items() if name not in ("id", "source", "target")}
            if edge["source"] not in graph or edge["target"] not in graph:
                raise InvalidInput(f"Edge {edge['id']!r} joins a node that is not in the export's node map.")
            graph.add_edge(edge["source"], edge["target"], key=edge["id"])
            graph.edges[edge["source"], edge["target"], edge["id"]].update(attributes)
    except (ValueError, KeyError, TypeError, AttributeError, nx.NetworkXError) as problem:
        raise InvalidInput("This is no graphinv JSON export: it needs graph, nodes and edges.") from problem
    return graph


def _json(graph: Network) -> bytes:
    document = {
        "graph": _jsonable(graph.graph),
        "nodes": {uid: _jsonable(data) for uid, data in graph.nodes(data=True)},
        "edges": [
            {**_jsonable(data), "id": key, "source": start, "target": end}
            for start, end, key, data in graph.edges(keys=True, data=True)
        ],
    }
    # Not orjson: it refuses the broken surrogates and the large integers that dirty records bring.
    return json.dumps(document, allow_nan=False).encode()


def _jsonable(value: object) -> Any:
    """``value`` with what JSON has no word for turned into text, and numbers that are none into null."""
    if isinstance(value, Mapping):
        return {str(name): _jsonable(item) for name, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_jsonable(item) for item in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if value is None or isinstance(value, (str, int)) else str(value)


def _graphml(graph: Network) -> bytes:
    out = io.BytesIO()
    nx.write_graphml_xml(flat_graph(graph), out, encoding="utf-8")
    return out.getvalue()


def _gexf(graph: Network) -> bytes:
    flat = flat_graph(graph)
    from graphinv.views.layout import layout  # brings scipy, which a server need not wait for

    places = layout(graph)
    for uid, data in graph.nodes(data=True):
        hue = look.FAMILIES[look.symbol(data.get("label")).family].light
        red, green, blue = (int(hue[i : i + 2], 16) for i in (1, 3, 5))
        x, y = places[uid]
        # GEXF has y upwards.
        flat.nodes[document_id(uid)]["viz"] = {
            "color": {"r": red, "g": green, "b": blue},
            "position": {"x": x, "y": -y, "z": 0.0},
            "size": look.RADIUS,
        }
    for _, _, key, data in flat.edges(keys=True, data=True):
        data["id"] = key
    out = io.BytesIO()
    nx.write_gexf(flat, out, encoding="utf-8")
    return out.getvalue()


def flat_graph(graph: Network) -> Network:
    """``graph`` with flat attributes only, every attribute of one type, as GraphML and GEXF want it."""
    nodes = [
        _flat_row({"label": data.get("caption") or uid, "kind": data.get("label")}, data, ("label", "caption"))
        for uid, data in graph.nodes(data=True)
    ]
    edges = [_flat_row({"label": data.get("type")}, data, ("type",)) for _, _, data in graph.edges(data=True)]
    about = {"name": graph.graph.get("title"), "as_of": graph.graph.get("as_of")}
    flat: Network = nx.MultiDiGraph()
    flat.graph.update({name: document_text(value) for name, value in about.items() if value})
    for uid, row in zip(graph, _one_type_a_column(nodes), strict=True):
        flat.add_node(document_id(uid))
        flat.nodes[document_id(uid)].update(row)
    for (start, end, key), row in zip(graph.edges(keys=True), _one_type_a_column(edges), strict=True):
        ends = document_id(start), document_id(end), document_id(key)
        flat.add_edge(ends[0], ends[1], key=ends[2])
        flat.edges[ends].update(row)
    return flat


def _flat_row(first: Mapping[str, object], data: Mapping[str, object], named: tuple[str, ...]) -> Row:
    """One node or edge as scalars: ``first``, the attributes except ``named`` and properties, then the properties."""
    attributes = {name: value for name, value in data.items() if name not in (*named, "properties")}
    properties = data.get("properties")
    if isinstance(properties, Mapping):
        attributes |= {f"property_{name}": value for name, value in properties.items()}
    row = {document_text(name): _scalar(value) for name, value in {**first, **attributes}.items()}
    return {name: value for name, value in row.items() if value is not None}


def _scalar(value: object) -> Plain | None:
    """One value that fits an XML attribute or a cell; None when there is nothing to write."""
    if isinstance(value, (list, tuple)):
        value = "; ".join(document_text(item) for item in value)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        return str(value)
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return document_text(value) or None


def _one_type_a_column(rows: list[Row]) -> list[Row]:
    """The rows with every column of one type: mixed numbers become floats, any other mixture text."""
    types: dict[str, set[type]] = {}
    for row in rows:
        for name, value in row.items():
            types.setdefault(name, set()).add(type(value))
    casts: dict[str, Callable[[Plain], Plain]] = {
        name: float if found == {int, float} else str for name, found in types.items() if len(found) > 1
    }
    return [{name: casts[name](value) if name in casts else value for name, value in row.items()} for row in rows]


_EDGE_COLUMNS: tuple[str, ...] = ("id", "source", "source_caption", "type", "target", "target_caption", "count")
_EDGE_COLUMNS += ("first_seen", "last_seen", "known_at", "confidence", "sources")
_NODE_COLUMNS = ("uid", "label", "caption", "standing", "entity", "degree", "records")


def _csv_edges(graph: Network) -> bytes:
    def rows() -> Iterable[Row]:
        for start, end, key, data in graph.edges(keys=True, data=True):
            ends = {"id": key, "source": start, "target": end}
            captions = {f"{side}_caption": graph.nodes[ends[side]].get("caption") for side in ("source", "target")}
            yield _flat_row({**ends, **captions}, data, ())

    return _csv(_EDGE_COLUMNS, list(rows()))


def _csv_nodes(graph: Network) -> bytes:
    return _csv(_NODE_COLUMNS, [_flat_row({"uid": uid}, data, ()) for uid, data in graph.nodes(data=True)])


def _csv(columns: tuple[str, ...], rows: list[Row]) -> bytes:
    """The rows under ``columns`` and whatever else they have, by name."""
    more = sorted({name for row in rows for name in row}.difference(columns))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([_cell(name) for name in (*columns, *more)])
    for row in rows:
        writer.writerow([_cell(row.get(name, "")) for name in (*columns, *more)])
    return out.getvalue().encode()


def _cell(value: Plain) -> Plain:
    """A cell that no spreadsheet runs as a formula; numbers stay numbers."""
    if isinstance(value, str) and value.lstrip(" \u00a0").startswith(_FORMULA_STARTS):
        return "'" + value
    return value


def _html(graph: Network) -> bytes:
    # Here, because pyvis brings IPython along, which other formats should not wait for.
    from graphinv.views.report import write_report

    return write_report(graph).encode()


FORMATS: dict[str, Format] = {
    "json": Format("application/json", ".json", _json),
    "graphml": Format("application/graphml+xml", ".graphml", _graphml),
    "gexf": Format("application/gexf+xml", ".gexf", _gexf),
    "csv": Format("text/csv; charset=utf-8", ".csv", _csv_edges),
    "csv_nodes": Format("text/csv; charset=utf-8", ".csv", _csv_nodes),
    "html": Format("text/html; charset=utf-8", ".html", _html),
}
