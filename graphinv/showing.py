"""What ``graphinv show`` tells of a node: itself, the values and parties around it, and its best links to seizures."""

from dataclasses import dataclass
from typing import Any

from graphinv import schema
from graphinv.entities import Entity, Neighbour, Order, find_entity, find_neighbours
from graphinv.errors import NotFound
from graphinv.links.answer import NumberUsed
from graphinv.links.between import PathAnswer, PathsAnswer
from graphinv.links.index import current_epoch
from graphinv.opened import OpenedWorkspace, parse_as_of

#: Neighbours of each kind that are told, the rarest values first; the totals say how many there are.
_OF_A_KIND = 10
_LINKS = 3

#: Shipments, ports and commodities are told by their numbers alone.
_TOLD = tuple(
    label.name for label in schema.LABELS if label.party or label.shared or label.name in ("Seizure", "WatchlistEntry")
)


@dataclass(frozen=True)
class Shown:
    """``around``: neighbours with how many parties use each; ``links``: a party's strongest paths to seizures;
    ``number_used``: what was seized under its importer number on filings of others."""

    entity: Entity
    around: tuple[Neighbour, ...]
    links: tuple[PathAnswer, ...]
    number_used: tuple[NumberUsed, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The entity's own fields, then ``around``, ``links`` and ``number_used``."""
        beside = {"around": self.around, "links": self.links, "number_used": self.number_used}
        return {**vars(self.entity), **beside}


def show_node(opened: OpenedWorkspace, uid: str, as_of: str | None = None) -> Shown:
    """Everything that is told of a node, now or as of a day or moment. Raises NotFound when there is none of that id,
    or none was known by then."""
    moment = None if as_of is None else parse_as_of(as_of)
    entity = find_entity(opened.graph, uid, moment)
    found = find_neighbours(opened.graph, entity.id, _TOLD, limit=_OF_A_KIND, order=Order.RARE, as_of=moment)
    same = {identity.id for identity in entity.same_as}
    around = [item for item in found.items if item.label in _TOLD and item.id not in same]
    links = _links(opened, entity.id, as_of) if entity.label in schema.PARTY_LABELS else None
    placed = tuple(sorted(around, key=_place))
    return Shown(entity, placed, ()) if links is None else Shown(entity, placed, links.paths, links.number_used)


def _place(item: Neighbour) -> tuple[int, int, str]:
    """Seized parties and seizures first, then what a few share, other parties, and last what nobody else has."""
    users = item.parties or 0
    if item.standing == "seized" or item.label == "Seizure":
        return 0, users, item.id
    if item.parties is None:
        return 2, users, item.id
    return (1 if users > 1 and item.edge.type != "SAME_BUILDING" else 3), users, item.id


def _links(opened: OpenedWorkspace, uid: str, as_of: str | None) -> PathsAnswer | None:
    if current_epoch(opened.folder.index) is None:
        return None
    try:
        return opened.paths(uid, k=_LINKS, as_of=as_of)
    except NotFound:
        return None  # the evidence graph holds no ports, commodities, shipments or seizures
