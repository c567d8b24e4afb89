"""From a walk over the index to what a person reads: the sentence, the evidence of every hop, the drawn graph."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from typing import Any

from graphinv.links.answer import (
    EdgeView,
    EvidencePiece,
    GraphView,
    Link,
    NodeView,
    PartySummary,
    Path,
    SeizureSummary,
)
from graphinv.links.index import LinkIndex
from graphinv.links.question import PartyQuestion
from graphinv.links.sentences import JUDGED, Crossing, SeizureWords, Spot, path_sentence, sentence
from graphinv.links.walks import Walk, is_party, weightiest
from graphinv.links.weights import HINTS, weight_of
from graphinv.schema import PARTY_LABELS

_NODE_COLUMNS = ("uid", "label", "caption", "standing", "entity", "country")


@dataclass(frozen=True)
class Asked:
    """Who was asked about: the key of the query and the question."""

    key: str
    question: PartyQuestion

    @property
    def uid(self) -> str:
        """Id of the virtual node."""
        return f"query:{self.key}"

    @property
    def caption(self) -> str:
        """How a sentence calls the party."""
        return (self.question.name or "").strip() or "The party asked about"


@dataclass(frozen=True)
class Described:
    """A link and the part of the graph that it walks over."""

    link: Link
    view: GraphView


@dataclass(frozen=True)
class DescribedPath:
    """A path between two nodes and the part of the graph that it walks over."""

    strength: float
    hops: int
    sentence: str
    path: Path
    evidence: tuple[EvidencePiece, ...]
    view: GraphView


@dataclass(frozen=True)
class _Drawn:
    """A walk as nodes, hops and spots of a sentence."""

    nodes: list[tuple[str, NodeView]]
    hops: list["_Hop"]
    spots: list[Spot]
    path: Path
    view: GraphView


@dataclass(frozen=True)
class _Hop:
    """One relationship of a walk, in walking order."""

    view: EdgeView
    claim: str
    forward: bool
    value: str
    users: int
    judged: str | None = None


#: Who asks when two parties on record are asked about.
NOBODY = Asked("", PartyQuestion())


def describe_walk(index: LinkIndex, walk: Walk, asked: Asked = NOBODY) -> Described:
    """The link to a seizure that a walk tells, with evidence per hop."""
    drawn = _draw(index, walk, asked)
    seizure = _seizure(index, walk)
    nodes, hops = drawn.nodes, drawn.hops
    link = Link(
        seizure=summary_of(seizure),
        party=PartySummary(nodes[-1][0], nodes[-1][1].caption, _records_of(index, walk, seizure)),
        strength=round(walk.strength, 4),
        hops=walk.hops,
        sentence=sentence(
            drawn.spots, [_crossing(hop) for hop in hops], words_of(seizure), (asked.question.name or "").strip()
        ),
        path=drawn.path,
        evidence=tuple(_piece(hop) for hop in hops),
    )  # fmt: skip
    return Described(link, drawn.view)


def describe_between(index: LinkIndex, walk: Walk) -> DescribedPath:
    """What joins two nodes on record, with evidence per hop."""
    drawn = _draw(index, walk, NOBODY)
    told = path_sentence(drawn.spots, [_crossing(hop) for hop in drawn.hops])
    return DescribedPath(
        round(walk.strength, 4), walk.hops, told, drawn.path, tuple(_piece(hop) for hop in drawn.hops), drawn.view
    )


def merge_views(views: Iterable[GraphView]) -> GraphView:
    """One graph of several: every node and every edge once."""
    nodes: dict[str, NodeView] = {}
    edges: dict[str, EdgeView] = {}
    for view in views:
        nodes.update(view.nodes)
        edges.update({edge.id: edge for edge in view.edges})
    return GraphView(nodes, tuple(edges.values()))


def edge_id(source: str, claim: str, target: str) -> str:
    """The id of a relationship: the same wherever it is drawn."""
    return f"edge:{blake2b(f'{source}|{claim}|{target}'.encode(), digest_size=8).hexdigest()}"


def _draw(index: LinkIndex, walk: Walk, asked: Asked) -> _Drawn:
    nodes = [_node(index, node) for node in walk.nodes]
    hops = _hops(index, walk, nodes, asked)
    uids = [uid for uid, _ in nodes]
    views = dict(nodes)
    if walk.start.claim is not None:
        uids.insert(0, asked.uid)
        views[asked.uid] = NodeView("Query", asked.caption, "unknown")
    path = Path(tuple(uids), tuple(hop.view.id for hop in hops))
    return _Drawn(nodes, hops, _spots(index, walk, asked), path, GraphView(views, tuple(hop.view for hop in hops)))


def _node(index: LinkIndex, node: int) -> tuple[str, NodeView]:
    uid, label, caption, standing, entity, country = (index.nodes.text(name, node) for name in _NODE_COLUMNS)
    properties = {"entity": entity, "country": country} if label in PARTY_LABELS else {}
    return uid or "", NodeView(
        label or "", caption or "", standing, {name: value for name, value in properties.items() if value}
    )


def _hops(index: LinkIndex, walk: Walk, nodes: list[tuple[str, NodeView]], asked: Asked) -> list[_Hop]:
    hops = [_first_hop(index, walk, nodes[0][0], asked)] if walk.start.claim is not None else []
    for at, row in enumerate(walk.edges):
        edge = index.edges.row(row)
        forward = edge["src"] == nodes[at][0]
        value_node = walk.nodes[at + 1] if forward else walk.nodes[at]
        view = EdgeView(
            edge_id(edge["src"], edge["claim"], edge["dst"]), edge["src"], edge["dst"], edge["claim"],
            tuple(edge["sources"]), edge["count"], _day(edge["first_seen"]), _day(edge["last_seen"]),
            round(edge["confidence"], 4),
        )  # fmt: skip
        caption = index.nodes.text("caption", value_node) or ""
        judged = index.judged.words.get((edge["src"], edge["dst"])) if edge["claim"] == "SAME_AS" else None
        hops.append(_Hop(view, edge["claim"], forward, caption, _users(index, walk, value_node), judged))
    return hops


def _first_hop(index: LinkIndex, walk: Walk, uid: str, asked: Asked) -> _Hop:
    """What the question itself claims; its record is the query."""
    claim = walk.start.claim or ""
    day = index.meta.clock.date().isoformat()
    view = EdgeView(
        edge_id(asked.uid, claim, uid),
        asked.uid,
        uid,
        claim,
        (asked.uid, *walk.start.records),
        1 + len(walk.start.records),
        day,
        day,
        round(walk.start.confidence, 4),
    )
    return _Hop(view, claim, True, walk.start.value, walk.start.users or _users(index, walk, walk.nodes[0]))


def _users(index: LinkIndex, walk: Walk, node: int) -> int:
    """Parties that use a value, the asked one included where it brings the value itself."""
    brought = walk.start.claim is not None and walk.start.claim not in HINTS and node == walk.nodes[0]
    known = int(index.graph.users[node])
    return walk.start.users or known + 1 if brought else known


def _spots(index: LinkIndex, walk: Walk, asked: Asked) -> list[Spot]:
    spots = [
        Spot(index.nodes.text("caption", node) or "", is_party(index, node), _users(index, walk, node))
        for node in walk.nodes
    ]
    return [Spot(asked.caption, True, 0), *spots] if walk.start.claim is not None else spots


def _crossing(hop: _Hop) -> Crossing:
    return Crossing(hop.claim, hop.forward, hop.view.confidence, hop.value, hop.users, hop.judged)


def summary_of(seizure: Mapping[str, Any]) -> SeizureSummary:
    """What an answer tells of a seizure; ``seizure`` is a row of the table of seeds."""
    return SeizureSummary(
        id=seizure["seizure"],
        seized_on=_day(seizure["seized_on"]) or "",
        status=seizure["status"] or "seized",
        category=seizure["category"],
        commodity=seizure["commodity"],
        shipment_id=seizure["shipment_id"],
    )


def _piece(hop: _Hop) -> EvidencePiece:
    phrase = weight_of(hop.claim).phrase if hop.judged is None else JUDGED
    return EvidencePiece(
        hop.view.id, phrase, hop.value, hop.users, hop.view.sources, hop.view.first_seen,
        hop.view.last_seen, hop.view.confidence,
    )  # fmt: skip


def _seizure(index: LinkIndex, walk: Walk) -> Mapping[str, Any]:
    seizures = index.seizures_of(walk.nodes[-1])
    return weightiest([row for row in seizures if row["seizure"] == walk.seizure] or seizures)


def words_of(seizure: Mapping[str, Any]) -> SeizureWords:
    """What a sentence says of a seizure; ``seizure`` is a row of the table of seeds."""
    return SeizureWords(
        _day(seizure["seized_on"]) or "", seizure["status"] or "seized", seizure["category"], seizure["commodity"],
        seizure["shipment_id"],
    )  # fmt: skip


def _records_of(index: LinkIndex, walk: Walk, seizure: Mapping[str, Any]) -> tuple[str, ...]:
    """Records that name the seized party: those of the last relationship, and the seizure's own."""
    last = index.edges.row(walk.edges[-1])["sources"] if walk.edges else []
    return tuple(dict.fromkeys([*last, str(seizure["record_id"])]))


def _day(value: object) -> str | None:
    return value.isoformat() if isinstance(value, date) else None
