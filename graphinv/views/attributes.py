"""The one subgraph type of every view and export: a ``networkx.MultiDiGraph`` with the attributes below.

A node's key is its ``uid``, an edge's key is its edge id (unique in the graph). Every attribute may be missing; views
then show less. Dates and moments are ISO 8601 texts. Values are plain, so that a graph survives JSON unchanged.

    graph.graph                  GraphAttributes
    graph.nodes[uid]             NodeAttributes
    graph.edges[from, to, id]    EdgeAttributes
"""

from typing import TYPE_CHECKING, Literal, TypeAlias, TypedDict

import networkx as nx

# networkx itself is not generic while running; its stubs are.
if TYPE_CHECKING:
    Network: TypeAlias = nx.MultiDiGraph[str]
else:
    Network = nx.MultiDiGraph

#: What a party is known as. Only parties have a standing; everything else has ``None``.
Standing = Literal["seized", "trusted", "known", "unknown"]

#: "No link" is not "gave up": how the selection ended.
Status = Literal["complete", "truncated", "timed_out", "degraded"]

Scalar = str | int | float | bool | None

#: A property: a scalar or a list of text (``aliases``).
PropertyValue = Scalar | list[str]


class Evidence(TypedDict, total=False):
    """Why one edge of a path may be believed."""

    #: Id of the edge that it supports.
    edge: str
    #: What it says, as a verb: ``shares phone``.
    claim: str
    #: The value that both sides have, as people write it; identity numbers arrive masked.
    value: str | None
    #: How many parties of the whole graph have this value; few makes a strong link.
    shared_by: int | None
    #: Source records, ``<feed>:<natural key>``.
    records: list[str]
    first_seen: str | None
    last_seen: str | None
    #: 0..1.
    confidence: float | None


class Path(TypedDict, total=False):
    """One way from a party to another, in walk order."""

    nodes: list[str]
    #: Edge ids; ``edges[i]`` joins ``nodes[i]`` and ``nodes[i + 1]``, in either direction.
    edges: list[str]
    sentence: str
    #: 0..1: how probable it is that the path joins the same hands.
    strength: float | None
    hops: int
    evidence: list[Evidence]


class LeftOut(TypedDict, total=False):
    """What was found and is not in the graph; it can be asked for."""

    #: Paths that ran through hubs only.
    paths: int
    #: Nodes beyond the limit.
    nodes: int
    #: Edges beyond the limit.
    edges: int
    #: Captions (or uids) of hidden hubs: values so common that sharing them says nothing.
    hubs: list[str]
    truncated: bool
    status: Status


class GraphAttributes(TypedDict, total=False):
    """``graph.graph``."""

    title: str
    #: The day or moment whose knowledge the graph shows.
    as_of: str
    #: Uids that the selection started from.
    seeds: list[str]
    #: Best path first.
    paths: list[Path]
    left_out: LeftOut
    #: Whether ``strength`` was calibrated on inspection outcomes; missing means it was not.
    calibrated: bool
    #: Who or what made the selection, and when.
    made_by: str
    made_at: str
    #: Epoch and model of the evidence index.
    epoch: int
    model: str


class NodeAttributes(TypedDict, total=False):
    """``graph.nodes[uid]``."""

    #: Label of the graph schema: ``Importer``, ``Address``, ``Phone``, ...
    label: str
    #: The name that people know it by.
    caption: str
    standing: Standing | None
    #: Id of the resolved entity that this identity belongs to.
    entity: str | None
    #: Relationships in the whole graph, not only in this selection.
    degree: int | None
    properties: dict[str, PropertyValue]
    records: list[str]


class EdgeAttributes(TypedDict, total=False):
    """``graph.edges[from, to, id]``.

    An edge that stands for shipments between two parties carries the counts ``shipments`` and ``seized`` in its
    properties.
    """

    #: Relationship type of the graph schema: ``LOCATED_AT``, ``HAS_PHONE``, ...
    type: str
    #: The smallest few source records; ``count`` is their true number.
    sources: list[str]
    count: int
    first_seen: str | None
    last_seen: str | None
    known_at: str | None
    #: 0..1.
    confidence: float | None
    properties: dict[str, PropertyValue]
