"""One node of the graph, and its neighbours: what a card shows. All of it from the store; ``search`` finds ids.

A node is an identity as a record declares it; ``same_as`` names the other identities of its party. Numbers are those of
the whole graph: a hub is shown by its totals, never by all of its neighbours.

As of a moment, relationships known later are left out and counted out. What the store keeps only as it is now is named
in ``NOT_AS_OF``; of a standing only "seized" can be told, of a party by all of its identities (``seized_then``).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar

from graphinv import schema
from graphinv.by_label import at_ids, label_of, moment_text, read_by_label
from graphinv.errors import InvalidInput, NotFound
from graphinv.links.describe import edge_id
from graphinv.seized_then import parties_seized_then
from graphinv.store import Store

#: What an answer as of a past moment shows as it is now.
NOT_AS_OF = ("caption", "properties", "entity", "records", "sources", "count", "last_seen", "confidence")

#: How to come by an id, at the command line and over HTTP.
SEARCH_WAYS = "`graphinv show WORDS` or GET /v1/entities?q= finds ids by name"

#: Records that one node names, and the most relationships of one kind that are read for them.
_RECORDS = 20
_READ_FOR_RECORDS = 500
#: Identities of one party that are shown.
_IDENTITIES = 200


class Order(StrEnum):
    """In which order neighbours of one kind come; ties by id."""

    RECENT = "recent"
    OLDEST = "oldest"
    COUNT = "count"
    RARE = "rare"
    CAPTION = "caption"


_ORDER_BY = {
    Order.RECENT: "coalesce(r.last_seen, '') DESC",
    Order.OLDEST: "coalesce(r.first_seen, '9999')",
    Order.COUNT: "coalesce(r.count, 0) DESC",
    Order.RARE: "coalesce(m.parties, 1)",
    Order.CAPTION: "coalesce(m.caption, '')",
}


@dataclass(frozen=True)
class Summary:
    """A node in a list. ``parties``: how many parties use a shared value."""

    id: str
    label: str
    caption: str
    standing: str | None = None
    entity: str | None = None
    country: str | None = None
    parties: int | None = None


@dataclass(frozen=True)
class Edge:
    """A relationship with its provenance; ``properties`` are those that only its type has."""

    id: str
    source: str
    target: str
    type: str
    sources: tuple[str, ...]
    count: int
    first_seen: str | None
    last_seen: str | None
    known_at: str | None
    confidence: float | None
    properties: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Identity(Summary):
    """Another identity of the same party, and how probable that is."""

    probability: float


@dataclass(frozen=True)
class Kind:
    """How many neighbours a node has over one relationship type in one direction: out of it, into it, or both."""

    type: str
    direction: str
    labels: tuple[str, ...]
    total: int


@dataclass(frozen=True, kw_only=True)
class Entity(Summary):
    """One node with everything that fits on a card. ``degree``: its relationships in the whole graph."""

    properties: dict[str, Any]
    degree: int
    same_as: tuple[Identity, ...]
    neighbours: tuple[Kind, ...]
    records: tuple[str, ...]
    as_of: str | None
    not_as_of: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Neighbour(Summary):
    """A node and the relationship that leads to it."""

    edge: Edge


@dataclass(frozen=True)
class LeftOut:
    """How many neighbours of a kind are on none of the pages so far."""

    type: str
    direction: str
    total: int
    left_out: int


@dataclass(frozen=True)
class Neighbours:
    """A page of neighbours, up to a limit of each kind; ``total`` counts all kinds that were asked for."""

    items: tuple[Neighbour, ...]
    next: int | None
    total: int
    kinds: tuple[LeftOut, ...]
    as_of: str | None
    not_as_of: tuple[str, ...]


@dataclass(frozen=True)
class _Touch:
    """A relationship type that may stand at nodes of a label."""

    type: str
    direction: str
    labels: tuple[str, ...]

    def pattern(self, end: str) -> str:
        """The relationship as Cypher, from the node ``n`` to ``end``."""
        left, right = {"out": ("", ">"), "in": ("<", ""), "both": ("", "")}[self.direction]
        return f"(n){left}-[r:{self.type}]-{right}{end}"


def find_entity(store: Store, uid: str, as_of: datetime | None = None) -> Entity:
    """One node. Raises NotFound when there is none of that id, or none was known by then."""
    node, properties, kinds = _node_with_kinds(store, uid, as_of)
    same = _same_as(store, node, as_of) if node.label in schema.PARTY_LABELS else ()
    (node,) = _as_known(store, [node], as_of)
    return Entity(
        **vars(node),
        properties=properties,
        degree=sum(kind.total for kind in kinds),
        same_as=tuple(_as_known(store, same, as_of)),
        neighbours=kinds,
        records=_records(store, node, properties, kinds, as_of),
        as_of=None if as_of is None else as_of.isoformat(),
        not_as_of=() if as_of is None else NOT_AS_OF,
    )


def find_neighbours(
    store: Store,
    uid: str,
    types: Sequence[str] = (),
    *,
    limit: int = 25,
    order: Order = Order.RECENT,
    skip: int = 0,
    as_of: datetime | None = None,
) -> Neighbours:
    """Up to ``limit`` neighbours of each kind, the first ``skip`` of each left out, and how many there are.

    ``types`` are relationship types or labels of neighbours; all by default. Raises NotFound for an unknown id,
    InvalidInput for a type that there is not.
    """
    node, _, kinds = _node_with_kinds(store, uid, as_of)
    wanted = [kind for kind in kinds if _is_wanted(kind, types)]
    asked = {"uid": uid, "skip": skip, "limit": limit, "as_of": moment_text(as_of)}
    rows = [
        row for kind in wanted for row in store.read(_neighbour_query(node.label, kind, order, as_of), asked).dicts()
    ]
    shown = skip + limit
    return Neighbours(
        items=tuple(
            _as_known(store, [Neighbour(**vars(read_summary(row)), edge=read_edge(row)) for row in rows], as_of)
        ),
        next=shown if any(kind.total > shown for kind in wanted) else None,
        total=sum(kind.total for kind in wanted),
        kinds=tuple(LeftOut(kind.type, kind.direction, kind.total, max(kind.total - shown, 0)) for kind in wanted),
        as_of=None if as_of is None else as_of.isoformat(),
        not_as_of=() if as_of is None else NOT_AS_OF,
    )


def summaries(store: Store, uids: Iterable[str]) -> dict[str, Summary]:
    """Nodes by id; ids that there are not are left out."""
    rows = read_by_label(store, uids, lambda label: f"{at_ids(label, 'm')}\nRETURN {SUMMARY}")
    return {row["id"]: read_summary(row) for row in rows}


#: The columns of a summary of the node ``m``.
SUMMARY = (
    "m.uid AS id, labels(m)[0] AS label, m.caption AS caption, m.standing AS standing, m.entity AS entity, "
    "m.country AS country, m.parties AS parties"
)


def read_summary(row: Mapping[str, Any]) -> Summary:
    """A summary from a row with the columns of ``SUMMARY``."""
    caption = row["caption"] or row["id"]
    return Summary(row["id"], row["label"], caption, row["standing"], row["entity"], row["country"], row["parties"])


def read_edge(row: Mapping[str, Any]) -> Edge:
    """An edge from a row with ``source``, ``target``, ``type`` and ``edge``, the relationship's properties."""
    held = dict(row["edge"])
    own = {name: value for name, value in held.items() if name not in _PROVENANCE and value is not None}
    return Edge(
        id=edge_id(row["source"], row["type"], row["target"]),
        source=row["source"],
        target=row["target"],
        type=row["type"],
        sources=tuple(held.get("sources") or ()),
        count=held.get("count") or 1,
        first_seen=held.get("first_seen"),
        last_seen=held.get("last_seen"),
        known_at=held.get("known_at"),
        confidence=held.get("confidence"),
        properties=own,
    )


_PROVENANCE = frozenset(prop.name for prop in schema.PROVENANCE)


@cache
def _touching(label: str) -> tuple[_Touch, ...]:
    """Every kind of relationship that the schema allows at nodes of a label."""
    found: list[_Touch] = []
    for rel in schema.RELATIONSHIPS:
        ahead = tuple(end for start, end in rel.ends if start == label)
        back = tuple(start for start, end in rel.ends if end == label)
        if rel.name == "SAME_AS" and ahead:
            found.append(_Touch(rel.name, "both", ahead))
            continue
        found.extend([_Touch(rel.name, "out", ahead)] if ahead else [])
        found.extend([_Touch(rel.name, "in", back)] if back else [])
    return tuple(found)


def _node_with_kinds(
    store: Store, uid: str, as_of: datetime | None
) -> tuple[Summary, dict[str, Any], tuple[Kind, ...]]:
    """A node, its properties, and how many neighbours of each kind it has: one question."""
    label = label_of(uid)
    touches = _touching(label) if label else ()
    when = " WHERE r.known_at <= $as_of" if as_of else ""
    counts = [f"COUNT {{ {touch.pattern('()')}{when} }} AS k{at}" for at, touch in enumerate(touches)]
    known = "(m.known_at IS NULL OR m.known_at <= $as_of)" if as_of else "true"
    cypher = f"MATCH (n:{label} {{uid: $uid}})\nWITH n, n AS m\nWHERE {known}\nRETURN "
    asked = {"uid": uid, "as_of": moment_text(as_of)}
    rows = store.read(cypher + ",\n       ".join(["n", SUMMARY, *counts]), asked).dicts() if label else []
    totals = [(touch, rows[0][f"k{at}"]) for at, touch in enumerate(touches)] if rows else []
    kinds = tuple(Kind(touch.type, touch.direction, touch.labels, total) for touch, total in totals if total)
    if not rows or (as_of is not None and not kinds and not rows[0]["n"].properties.get("known_at")):
        by_then = " that was known by then" if as_of else ""
        raise NotFound(f"there is no node of that id{by_then}; {SEARCH_WAYS}")
    return read_summary(rows[0]), dict(rows[0]["n"].properties), kinds


_Told = TypeVar("_Told", bound=Summary)


def _as_known(store: Store, nodes: Sequence[_Told], as_of: datetime | None) -> list[_Told]:
    """The nodes with the standing that can be told of a past day: "seized", where goods of the party were held then."""
    if as_of is None:
        return list(nodes)
    seized = parties_seized_then(store, [node.id for node in nodes], as_of)
    return [replace(node, standing="seized" if node.id in seized else None) for node in nodes]


def _same_as(store: Store, node: Summary, as_of: datetime | None) -> tuple[Identity, ...]:
    """The other identities of a party: whatever SAME_AS leads to, with the least probable step on the way."""
    when = "WHERE r.known_at <= $as_of\n" if as_of else ""

    def cypher(label: str) -> str:
        named = f"RETURN n.uid AS before, r.probability AS probability, {SUMMARY}"
        return f"{at_ids(label, 'n')}-[r:SAME_AS]-(m)\n{when}{named}"

    found: dict[str, Identity] = {node.id: Identity(**vars(node), probability=1.0)}
    frontier = [node.id]
    while frontier and len(found) < _IDENTITIES:
        rows = read_by_label(store, frontier, cypher, {"as_of": moment_text(as_of)})
        frontier = []
        for row in sorted(rows, key=lambda row: (row["id"], row["before"])):
            if row["id"] not in found:
                step = min(found[row["before"]].probability, row["probability"] or 0.0)
                found[row["id"]] = Identity(**vars(read_summary(row)), probability=step)
                frontier.append(row["id"])
    return tuple(identity for uid, identity in found.items() if uid != node.id)


def _records(
    store: Store, node: Summary, properties: Mapping[str, Any], kinds: Sequence[Kind], as_of: datetime | None
) -> tuple[str, ...]:
    """The node's own record, then the smallest few that its relationships name; crowded kinds are not read."""
    own = [_OWN_RECORD[node.label].format_map(properties)] if node.label in _OWN_RECORD else []
    few = [_Touch(kind.type, kind.direction, kind.labels) for kind in kinds if kind.total <= _READ_FOR_RECORDS]
    every = sum(kind.total for kind in kinds) <= _READ_FOR_RECORDS
    patterns = ["(n)-[r]-()"] if every else [touch.pattern("()") for touch in few]
    when = "WHERE r.known_at <= $as_of\n" if as_of else ""
    asked = {"uid": node.id, "as_of": moment_text(as_of)}
    named: set[str] = set()
    for pattern in patterns:
        match = f"MATCH (n:{node.label} {{uid: $uid}})\nMATCH {pattern}\n{when}"
        named.update(store.read(f"{match}UNWIND r.sources AS record\nRETURN DISTINCT record", asked).column("record"))
    return tuple(dict.fromkeys([*own, *sorted(named)]))[:_RECORDS]


_OWN_RECORD = {
    "Shipment": "shipments:{shipment_id}",
    "Seizure": "seizures:{seizure_id}",
    "WatchlistEntry": "watchlist:{list}/{entry_id}",
}


def _is_wanted(kind: Kind, types: Sequence[str]) -> bool:
    """Whether a kind of neighbour was asked for, by relationship type or by label."""
    for name in types:
        if name not in _KINDS:
            raise InvalidInput(f"types: there is no such type; give some of {', '.join(sorted(_KINDS))}")
    return not types or kind.type in types or bool(set(kind.labels) & set(types))


_KINDS = frozenset([*(rel.name for rel in schema.RELATIONSHIPS), *(label.name for label in schema.LABELS)])


def _neighbour_query(label: str, kind: Kind, order: Order, as_of: datetime | None) -> str:
    pattern = _Touch(kind.type, kind.direction, kind.labels).pattern("(m)")
    when = "WHERE r.known_at <= $as_of\n" if as_of else ""
    return (
        f"MATCH (n:{label} {{uid: $uid}})\nMATCH {pattern}\n{when}"
        f"RETURN startNode(r).uid AS source, endNode(r).uid AS target, '{kind.type}' AS type, "
        f"properties(r) AS edge, {SUMMARY}\n"
        f"ORDER BY {_ORDER_BY[order]}, m.uid\nSKIP $skip\nLIMIT $limit"
    )
