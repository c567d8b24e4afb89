"""What look-ups and clusters answer, as networks: paths drawn into a selection, and whole drawings."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any, Protocol

from graphinv.links import answer
from graphinv.views.attributes import Network


class Told(Protocol):
    """A path as a look-up (``Link``) or a question between two (``PathAnswer``) answers it."""

    @property
    def strength(self) -> float: ...
    @property
    def hops(self) -> int: ...
    @property
    def sentence(self) -> str: ...
    @property
    def path(self) -> answer.Path: ...
    @property
    def evidence(self) -> tuple[answer.EvidencePiece, ...]: ...


def add_paths(graph: Network, paths: Sequence[Told], view: answer.GraphView) -> None:
    """Add paths, and what of their nodes and edges the graph does not show yet, to ``graph``; strongest first."""
    used = {uid for path in paths for uid in path.path.nodes}
    for uid in (uid for uid in view.nodes if uid in used and uid not in graph):
        graph.add_node(uid, **_node(view.nodes[uid]))
    _add_edges(graph, view.edges)
    told = [*graph.graph.get("paths", ()), *(_path(path) for path in paths)]
    graph.graph["paths"] = sorted(told, key=lambda path: -path["strength"])


def network_of(view: answer.GraphView) -> Network:
    """All nodes and edges of an answer's drawing."""
    graph = Network()
    for uid, node in view.nodes.items():
        graph.add_node(uid, **_node(node))
    _add_edges(graph, view.edges)
    return graph


def _add_edges(graph: Network, edges: Iterable[answer.EdgeView]) -> None:
    for edge in edges:
        if edge.source in graph and edge.target in graph and not graph.has_edge(edge.source, edge.target, edge.id):
            graph.add_edge(edge.source, edge.target, key=edge.id, **_edge(edge))


def _node(node: answer.NodeView) -> dict[str, Any]:
    properties = dict(node.properties)
    return {
        "label": node.label,
        "caption": node.caption,
        "standing": node.standing,
        "entity": properties.pop("entity", None),
        "degree": None,
        "properties": properties,
        "records": [],
    }


def _edge(edge: answer.EdgeView) -> dict[str, Any]:
    return {
        "type": edge.type,
        "sources": list(edge.sources),
        "count": edge.count,
        "first_seen": edge.first_seen,
        "last_seen": edge.last_seen,
        "known_at": None,
        "confidence": edge.confidence,
        "properties": {},
    }


def _path(told: Told) -> dict[str, Any]:
    return {
        "nodes": list(told.path.nodes),
        "edges": list(told.path.edges),
        "sentence": told.sentence,
        "strength": told.strength,
        "hops": told.hops,
        "evidence": [{**asdict(piece), "records": list(piece.records)} for piece in told.evidence],
    }
