"""A part of the graph around some seeds, as the one subgraph type of every view: readable, and honest about the rest.

Shipments are collapsed: parties that dealt with each other get an edge with how many shipments it stands for and how
many of those were seized (``BUYS_FROM``, ``SUPPLIED_BY``, ``SOURCES_FROM``, ``USES_BROKER``, as in the link index).
Values that more than ``max_users`` parties use, and crowded parties, are shown and named in ``left_out.hubs``, not
followed; ports and commodities, which nearly everybody has in common, appear only as seeds. Each hop asks the store
once a label for relationships and once for dealings, however many nodes. The order is fixed: the same graph gives the
same selection.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import networkx as nx

from graphinv import __version__, schema
from graphinv.by_label import at_ids, moment_text, read_by_label
from graphinv.entities import (
    NOT_AS_OF,
    SEARCH_WAYS,
    SUMMARY,
    Edge,
    Summary,
    read_edge,
    read_summary,
    summaries,
)
from graphinv.errors import InvalidInput, NotFound
from graphinv.links.describe import edge_id
from graphinv.links.weights import HUB_USERS
from graphinv.seized_then import SEIZED_THEN, parties_seized_then
from graphinv.store import Store
from graphinv.views.attributes import Network

MAX_HOPS = 3
MAX_NODES = 1_500

#: A party with more relationships than this is crowded: shown, and followed only as a seed.
CROWDED = 1_000
#: Most relationships of one label's nodes that are read at once, and most of a seed whose dealings are counted.
_READ_MOST = 20_000

_SHARED = frozenset(label.name for label in schema.LABELS if label.shared)
_EVERYBODYS = frozenset({"Port", "Commodity"})
_HABITS = frozenset({"ENTERS_AT", "DECLARES"})

#: The relationship of each role to its shipment.
_ROLES = {
    "Importer": "IMPORTED",
    "Seller": "SOLD_BY",
    "Shipper": "SHIPPED_BY",
    "Manufacturer": "MADE_BY",
    "Broker": "FILED_BY",
}


@dataclass(frozen=True)
class _Dealing:
    """What a shipment says of two roles that it names, as the link index words it."""

    source: str
    claim: str
    target: str


_DEALINGS = (
    _Dealing("Importer", "BUYS_FROM", "Seller"),
    _Dealing("Importer", "SUPPLIED_BY", "Shipper"),
    _Dealing("Seller", "SUPPLIED_BY", "Shipper"),
    _Dealing("Importer", "SOURCES_FROM", "Manufacturer"),
    _Dealing("Seller", "SOURCES_FROM", "Manufacturer"),
    _Dealing("Importer", "USES_BROKER", "Broker"),
)
#: The claim between two roles, and whether it goes from the first to the second.
_CLAIMS = {(one.source, one.target): (one.claim, True) for one in _DEALINGS} | {
    (one.target, one.source): (one.claim, False) for one in _DEALINGS
}
#: Of any two that dealt with each other, one is of these; of any two with a relationship, one is of those.
_DEALING = frozenset(dealing.source for dealing in _DEALINGS)
_SPEAKING = frozenset(start for rel in schema.RELATIONSHIPS for start, _ in rel.ends)
_FILING = frozenset({"IMPORTED", "SOLD_BY", "SHIPPED_BY", "DELIVERED_TO", "FILED_BY", "MADE_BY"})


@dataclass(frozen=True)
class Selection:
    """What to select: nodes up to ``hops`` (1 to 3) from the seeds, at most ``limit`` of them.

    ``shipments`` draws shipments as nodes instead of counting them. ``as_of`` leaves out what was known later; what the
    store cannot tell of a past day is named in ``graph.graph["not_as_of"]``.
    """

    seeds: tuple[str, ...]
    hops: int = 1
    limit: int = 300
    as_of: datetime | None = None
    max_users: int = HUB_USERS
    shipments: bool = False


@dataclass(frozen=True)
class _Found:
    """A node next to one that was expanded, and the relationship between them."""

    node: Summary
    edge: Edge


@dataclass
class _Picture:
    """What is shown so far, in order, and what is not."""

    nodes: dict[str, Summary] = field(default_factory=dict)
    edges: dict[str, Edge] = field(default_factory=dict)
    hubs: dict[str, None] = field(default_factory=dict)
    dropped_nodes: set[str] = field(default_factory=set)
    dropped_edges: set[str] = field(default_factory=set)


def select_network(store: Store, wanted: Selection) -> Network:
    """The selection as a graph with the attributes of ``views.attributes``.

    Raises NotFound for a seed that there is not (or that nobody knew by then), InvalidInput for bounds out of range.
    """
    _check(wanted)
    picture = _Picture(nodes=_seeds(store, wanted))
    frontier = list(picture.nodes.values())
    for hop in range(wanted.hops):
        followed = _followed(store, wanted, picture, frontier, is_seed=hop == 0)
        frontier = _admit(picture, _around(store, wanted, followed), wanted)
    speaking = [node for node in _followed(store, wanted, picture, frontier) if node.label in _SPEAKING]
    _join(picture, _around(store, wanted, speaking, within=picture.nodes))
    return _drawn(store, wanted, picture)


def _check(wanted: Selection) -> None:
    if not 1 <= wanted.hops <= MAX_HOPS:
        raise InvalidInput(f"hops: {wanted.hops} will not do; give 1 to {MAX_HOPS}")
    if not 1 <= wanted.limit <= MAX_NODES:
        raise InvalidInput(f"limit: {wanted.limit} will not do; give 1 to {MAX_NODES}")
    if not wanted.seeds or len(set(wanted.seeds)) > wanted.limit:
        raise InvalidInput("seeds: give at least one, and no more than the limit")


def _seeds(store: Store, wanted: Selection) -> dict[str, Summary]:
    found = summaries(store, wanted.seeds)
    missing = [at for at, uid in enumerate(wanted.seeds) if uid not in found]
    if missing:
        raise NotFound(f"seed {missing[0] + 1}: there is no node of that id; {SEARCH_WAYS}")
    known = set(found) if wanted.as_of is None else _known_then(store, wanted)
    late = [at for at, uid in enumerate(wanted.seeds) if uid not in known]
    if late:
        raise NotFound(f"seed {late[0] + 1}: it was not known by then; choose a later day")
    return {uid: found[uid] for uid in wanted.seeds}


def _known_then(store: Store, wanted: Selection) -> set[str]:
    """Seeds that were known by the moment; a value without a date of its own counts as known."""
    rows = read_by_label(
        store,
        wanted.seeds,
        lambda label: f"{at_ids(label, 'm')}\nWHERE m.known_at IS NULL OR m.known_at <= $as_of\nRETURN m.uid AS id",
        {"as_of": moment_text(wanted.as_of)},
    )
    return {row["id"] for row in rows}


def _followed(
    store: Store, wanted: Selection, picture: _Picture, frontier: Sequence[Summary], *, is_seed: bool = False
) -> list[Summary]:
    """The nodes to go on from; the others are noted as hubs."""
    if is_seed:
        return list(frontier)
    plain = [node for node in frontier if not _is_hub(node, wanted.max_users)]
    crowded = _crowded(store, [node.id for node in plain if node.label in schema.PARTY_LABELS])
    picture.hubs.update(dict.fromkeys(node.id for node in frontier if node not in plain or node.id in crowded))
    return [node for node in plain if node.id not in crowded]


def _is_hub(node: Summary, max_users: int) -> bool:
    return node.label in _EVERYBODYS or (node.label in _SHARED and (node.parties or 0) > max_users)


def _crowded(store: Store, parties: Iterable[str]) -> set[str]:
    """Parties with too many relationships to follow."""
    rows = read_by_label(
        store, parties, lambda label: f"{at_ids(label, 'm')}\nRETURN m.uid AS id, COUNT {{ (m)--() }} AS degree"
    )
    return {row["id"] for row in rows if row["degree"] > CROWDED}


def _around(
    store: Store, wanted: Selection, nodes: Sequence[Summary], within: Iterable[str] | None = None
) -> list[_Found]:
    """What lies one hop from some nodes, or of it only what lies ``within`` others."""
    linked = [node.id for node in nodes if _types_at(node.label, wanted)]
    params: dict[str, Any] = {"as_of": moment_text(wanted.as_of), "most": _READ_MOST}
    params |= {"within": list(within)} if within is not None else {}
    bounds = _bounds(wanted, narrowed=within is not None)
    rows = read_by_label(store, linked, lambda label: _direct_query(label, _types_at(label, wanted), bounds), params)
    found = [_Found(read_summary(row), read_edge(row)) for row in rows]
    if wanted.shipments:
        return found
    dealers = [node.id for node in nodes if node.label in (_ROLES if within is None else _DEALING)]
    dealings = read_by_label(store, dealers, lambda label: _dealing_query(label, bounds), params)
    found += [_Found(read_summary(row), _dealing_edge(row)) for row in dealings]
    return [item for item in found if item.node.label != "Shipment" or item.node.id in wanted.seeds]


def _bounds(wanted: Selection, *, narrowed: bool) -> tuple[str, ...]:
    """Conditions on the relationship ``r`` and its far end ``m``."""
    known = ("r.known_at <= $as_of",) if wanted.as_of else ()
    return (*known, "m.uid IN $within") if narrowed else known


def _types_at(label: str, wanted: Selection) -> list[str]:
    """Relationship types that are drawn at nodes of a label."""
    here = [rel.name for rel in schema.RELATIONSHIPS if any(label in ends for ends in rel.ends)]
    hidden = frozenset() if label in _EVERYBODYS else _HABITS
    if not wanted.shipments and label != "Shipment":
        hidden = hidden | _FILING
    return [name for name in here if name not in hidden]


def _direct_query(label: str, types: Sequence[str], bounds: Sequence[str]) -> str:
    where = f"WHERE {' AND '.join(bounds)}\n" if bounds else ""
    return (
        f"{at_ids(label, 'n')}-[r:{'|'.join(types)}]-(m)\n{where}"
        f"RETURN startNode(r).uid AS source, endNode(r).uid AS target, type(r) AS type, properties(r) AS edge, "
        f"{SUMMARY}\nORDER BY m.uid, n.uid\nLIMIT $most"
    )


def _dealing_query(label: str, bounds: Sequence[str]) -> str:
    """Whom nodes of a label dealt with, by counting shipments, in whichever direction the claim goes."""
    partners = [dealing for dealing in _DEALINGS if label in (dealing.source, dealing.target)]
    others = {dealing.target if dealing.source == label else dealing.source for dealing in partners}
    where = f"WHERE {' AND '.join(bounds)}\n" if bounds else ""
    seized = SEIZED_THEN if "r.known_at <= $as_of" in bounds else "q.status <> 'released'"
    return (
        f"{at_ids(label, 'n')}\nMATCH (n)-[:{_ROLES[label]}]-(s:Shipment)\n"
        f"MATCH (s)-[r:{'|'.join(_ROLES[other] for other in sorted(others))}]-(m)\n{where}"
        f"OPTIONAL MATCH (s)<-[z:SEIZED_FROM]-(q:Seizure)\nWHERE {seized}\n"
        "WITH n, m, s, r, count(z) AS hits\nORDER BY s.uid\n"
        "WITH n, m, count(s) AS shipments, sum(CASE WHEN hits > 0 THEN 1 ELSE 0 END) AS seized, "
        "min(s.filed_on) AS first_seen, max(s.filed_on) AS last_seen, min(r.known_at) AS known_at, "
        f"max(r.confidence) AS confidence, collect(s.shipment_id)[0..{schema.SOURCES_KEPT}] AS named\n"
        "RETURN n.uid AS here, labels(n)[0] AS role, shipments, seized, first_seen, last_seen, known_at, confidence, "
        f"named, {SUMMARY}\nORDER BY m.uid, n.uid\nLIMIT $most"
    )


def _dealing_edge(row: Mapping[str, Any]) -> Edge:
    dealing, outward = _CLAIMS[row["role"], row["label"]]
    source, target = (row["here"], row["id"]) if outward else (row["id"], row["here"])
    return Edge(
        id=edge_id(source, dealing, target),
        source=source,
        target=target,
        type=dealing,
        sources=tuple(f"shipments:{name}" for name in row["named"]),
        count=row["shipments"],
        first_seen=row["first_seen"],
        last_seen=row["last_seen"],
        known_at=row["known_at"],
        confidence=row["confidence"],
        properties={"shipments": row["shipments"], "seized": row["seized"]},
    )


def _admit(picture: _Picture, found: Sequence[_Found], wanted: Selection) -> list[Summary]:
    """Show new nodes while there is room, what tells most first; the rest is counted."""
    new = {item.node.id: item.node for item in found if item.node.id not in picture.nodes}
    telling = {item.node.id for item in found if item.edge.type != "SAME_BUILDING"}
    ranked = sorted(new.values(), key=lambda node: _rank(node, wanted.max_users, near=node.id not in telling))
    room = max(wanted.limit - len(picture.nodes), 0)
    picture.nodes.update({node.id: node for node in ranked[:room]})
    picture.dropped_nodes.update(node.id for node in ranked[room:])
    _join(picture, found)
    return ranked[:room]


#: Parties of the strongest standing come first.
_STANDINGS = ("seized", "trusted", "known", "unknown")


def _rank(node: Summary, max_users: int, *, near: bool) -> tuple[int, int, str]:
    """Seized parties, what few share, other parties by standing, what is merely near, hubs, what nobody else has.

    ``near``: an address that is reached by its building alone; a busy building has hundreds.
    """
    users = node.parties or 0
    if node.standing == "seized" or node.label == "Seizure":
        return 0, users, node.id
    if node.label not in _SHARED:
        standing = _STANDINGS.index(node.standing) if node.standing in _STANDINGS else len(_STANDINGS)
        return 2, standing, node.id
    if users > max_users:
        return 4, users, node.id
    if users <= 1:
        return 5, users, node.id
    return (3 if near else 1), users, node.id


def _join(picture: _Picture, found: Iterable[_Found]) -> None:
    """Show the edges whose ends are both shown."""
    for edge in sorted((item.edge for item in found), key=lambda edge: edge.id):
        if edge.source in picture.nodes and edge.target in picture.nodes:
            picture.edges[edge.id] = edge
        else:
            picture.dropped_edges.add(edge.id)


def _drawn(store: Store, wanted: Selection, picture: _Picture) -> Network:
    """The graph with everything that a view shows of its nodes."""
    graph: Network = nx.MultiDiGraph()
    details = _details(store, wanted, picture.nodes)
    records = _records(picture.edges.values())
    for uid, node in picture.nodes.items():
        graph.add_node(uid, **_node_attributes(node, details[uid], records.get(uid, []), wanted))
    for edge in picture.edges.values():
        graph.add_edge(edge.source, edge.target, key=edge.id, **_edge_attributes(edge))
    cut = bool(picture.dropped_nodes - picture.nodes.keys())
    graph.graph.update(
        seeds=list(wanted.seeds),
        left_out={
            "nodes": len(picture.dropped_nodes - picture.nodes.keys()),
            "edges": len(picture.dropped_edges - picture.edges.keys()),
            "hubs": list(picture.hubs),
            "truncated": cut,
            "status": "truncated" if cut else "complete",
        },
        made_by=f"graphinv {__version__}",
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    if wanted.as_of is not None:
        graph.graph.update(as_of=wanted.as_of.isoformat(), not_as_of=list(NOT_AS_OF))
    return graph


@dataclass(frozen=True)
class _Detail:
    """What only the whole graph tells of a node. ``seized``: whether goods of its party were held on the past day."""

    properties: Mapping[str, Any]
    degree: int
    seized: bool


def _details(store: Store, wanted: Selection, nodes: Mapping[str, Summary]) -> dict[str, _Detail]:
    when = " WHERE r.known_at <= $as_of" if wanted.as_of else ""

    def cypher(label: str) -> str:
        degree = f"COUNT {{ (m)-[r]-(){when} }} AS degree"
        return f"{at_ids(label, 'm')}\nRETURN m, {degree}"

    rows = read_by_label(store, nodes, cypher, {"as_of": moment_text(wanted.as_of)})
    seized = parties_seized_then(store, nodes, wanted.as_of) if wanted.as_of else set()
    return {row["m"].uid: _Detail(row["m"].properties, row["degree"], row["m"].uid in seized) for row in rows}


def _node_attributes(node: Summary, detail: _Detail, records: list[str], wanted: Selection) -> dict[str, Any]:
    shown = {name: value for name, value in detail.properties.items() if name not in _OWN_ATTRIBUTES}
    standing = node.standing
    if wanted.as_of is not None and standing is not None:
        standing = "seized" if detail.seized else None
    return {
        "label": node.label,
        "caption": node.caption,
        "standing": standing,
        "entity": node.entity,
        "degree": detail.degree,
        "properties": shown,
        "records": records,
    }


_OWN_ATTRIBUTES = frozenset({"caption", "standing", "entity", "name_key"})


def _edge_attributes(edge: Edge) -> dict[str, Any]:
    told = {name: value for name, value in vars(edge).items() if name not in ("id", "source", "target")}
    return {**told, "sources": list(edge.sources)}


def _records(edges: Iterable[Edge]) -> dict[str, list[str]]:
    """The smallest few records that a node's shown edges name."""
    named: dict[str, set[str]] = {}
    for edge in edges:
        for end in (edge.source, edge.target):
            named.setdefault(end, set()).update(edge.sources)
    return {uid: sorted(records)[: schema.SOURCES_KEPT] for uid, records in named.items()}
