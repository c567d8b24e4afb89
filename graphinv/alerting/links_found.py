"""New links: parties that are not seized themselves, and how something new joins them to seized parties."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import product

import numpy as np
import polars as pl
from numpy.typing import NDArray

from graphinv.alerting.alert import Change, Kind, LinkedParty, RestsOn, Told
from graphinv.alerting.changes import NEW, SAME, Changes, cost_limit
from graphinv.links.describe import describe_walk
from graphinv.links.index import LinkIndex
from graphinv.links.walks import WEAKEST, Start, Walk, find_walks, is_party
from graphinv.links.weights import SAME_AS, WEIGHTS

#: Records that name a party are looked for among so many of its relationships.
_LOOKED_THROUGH = 50


@dataclass(frozen=True)
class Rules:
    """How certain a link must be to be told of, and how many at most.

    ``strength``: a link below it raises no alert (in our worlds every other party between it and twice as much is of
    the same hands, and nearly all above 0.7). ``paths``: how many paths are followed from a party. ``examined``:
    parties that one load may have looked at, ``raised``: alerts that it may raise, ``first``: those of a workspace's
    first load.
    """

    strength: float = 0.2
    max_hops: int = 6
    paths: int = 5
    examined: int = 5_000
    raised: int = 1_000
    first: int = 100


@dataclass(frozen=True)
class FoundLink:
    """A link between a party (``entity``; of kind ``identity`` it is the identity) and a target (``target_entity``),
    strongest path first.

    ``record`` names the party in the records; ``fresh`` is False where no path runs over anything new.
    """

    kind: Kind
    entity: str
    target_entity: str
    record: str
    told: Told
    rests_on: RestsOn
    changes: tuple[Change, ...]

    @property
    def fresh(self) -> bool:
        """Whether anything of it is new."""
        return bool(self.changes)


@dataclass(frozen=True)
class Members:
    """The nodes of the identities of parties, looked up once for many parties: each look-up reads all nodes."""

    index: LinkIndex
    _held: dict[str, list[int]] = field(default_factory=dict)

    def fill(self, entities: Iterable[str]) -> None:
        """Look these parties up together."""
        wanted = {entity for entity in entities if entity not in self._held}
        if wanted:
            self._held.update({entity: [] for entity in wanted} | members_of(self.index, wanted))

    def of(self, entity: str) -> list[int]:
        """The nodes of a party."""
        self.fill([entity])
        return self._held[entity]

    def seizures(self, entity: str) -> list[int]:
        """The rows of ``seeds`` that are of a party."""
        nodes = np.array(sorted(self.of(entity)), np.int64)
        start, end = (np.searchsorted(self.index.graph.seed_node, nodes, side) for side in ("left", "right"))
        return [row for first, last in zip(start, end, strict=True) for row in range(int(first), int(last))]


@dataclass(frozen=True)
class Links:
    """Links found, most certain first, and how many parties were left unexamined."""

    links: tuple[FoundLink, ...]
    left_out: int = 0


def find_links(index: LinkIndex, changes: Changes, rules: Rules) -> Links:
    """The links that run over something new; at first, those of unknown parties."""
    limit = cost_limit(rules.strength)
    parties = _reached(index, changes, limit, only_unknown=changes.first)
    chosen, left_out = parties[: rules.examined], len(parties) - min(len(parties), rules.examined)
    towards = replace(index, graph=changes.seized)
    found: dict[tuple[str, str], list[Walk]] = {}
    for entity, members in chosen:
        if not changes.first and _reach(changes.by_seizure, members, limit):
            _collect(found, index, entity, _walks(towards, entity, members, rules, rules.strength))
        if _reach(changes.by_value, members, limit):
            _collect(found, index, entity, _walks(index, entity, members, rules, rules.strength))
    who = Members(index)
    who.fill(entity for pair in found for entity in pair)
    links = [_link(who, changes, entity, walks) for (entity, _), walks in found.items()]
    return Links(tuple(sorted((one for one in links if one.fresh), key=_certainty)), left_out)


def links_between(
    who: Members, entity: str, seizures: Iterable[str], changes: Changes, rules: Rules
) -> FoundLink | None:
    """The link of a party to the party that some seizures weigh on, however weak it is by now; None without one."""
    index, members = who.index, who.of(entity)
    seeds = index.graph.seeds
    nodes = seeds.filter(pl.col("seizure").is_in(list(seizures)))["node"].unique().to_list()
    if not nodes or not members:
        return None
    others = np.setdiff1d(index.graph.seed_node, nodes)
    walks = _walks(index, entity, members, rules, WEAKEST, muted=others)
    apart = [walk for walk in walks if entity_of_node(index, walk.nodes[-1]) != entity]
    return _link(who, changes, entity, apart) if apart else None


def members_of(index: LinkIndex, entities: Iterable[str]) -> dict[str, list[int]]:
    """The nodes of every identity of some entities."""
    nodes = index.graph.nodes
    wanted = pl.Series(list(entities), dtype=pl.String).implode()
    held = nodes.select("node", "entity").filter(pl.col("entity").is_in(wanted))
    return dict(held.group_by("entity").agg("node").iter_rows())


def entity_of_node(index: LinkIndex, node: int) -> str:
    """The party that an identity belongs to; a value is its own."""
    return index.nodes.text("entity", node) or index.nodes.text("uid", node) or ""


def seized_entities(index: LinkIndex) -> pl.Series:
    """Parties whose own goods were seized."""
    nodes = index.graph.nodes
    return nodes["entity"].gather(np.unique(index.graph.seed_node).tolist()).drop_nulls().unique()


def _reached(index: LinkIndex, changes: Changes, limit: int, *, only_unknown: bool) -> list[tuple[str, list[int]]]:
    """Parties within the limit of anything new, nearest first, with the nodes of their identities."""
    graph = index.graph
    cost = np.minimum(changes.by_seizure, changes.by_value)
    near = np.flatnonzero(graph.party & (cost <= limit))
    standing = graph.nodes["standing"].gather(near.tolist())
    rows = pl.DataFrame(
        {"entity": graph.nodes["entity"].gather(near.tolist()), "cost": cost[near], "standing": standing}
    )
    unseized = rows.filter(~pl.col("entity").is_in(seized_entities(index).implode()))
    if only_unknown:
        unseized = unseized.filter(pl.col("standing") == "unknown")
    nearest = unseized.group_by("entity").agg(pl.col("cost").min()).sort("cost", "entity")["entity"].to_list()
    members = members_of(index, nearest)
    return [(entity, members[entity]) for entity in nearest]


def _walks(
    index: LinkIndex,
    entity: str,
    members: list[int],
    rules: Rules,
    weakest: float,
    muted: NDArray[np.int32] | None = None,
) -> tuple[Walk, ...]:
    starts = [Start(node, 0, None, entity) for node in members]
    return find_walks(index, starts, rules.paths, rules.max_hops, weakest=weakest, muted=muted).walks


def _reach(cost: NDArray[np.int32], members: list[int], limit: int) -> bool:
    return bool((cost[members] <= limit).any())


def _collect(found: dict[tuple[str, str], list[Walk]], index: LinkIndex, entity: str, walks: Iterable[Walk]) -> None:
    """Walks by the two parties that they join."""
    for walk in walks:
        target = entity_of_node(index, walk.nodes[-1])
        if target != entity:
            held = found.setdefault((entity, target), [])
            if walk.edges not in [one.edges for one in held]:
                held.append(walk)


def _link(who: Members, changes: Changes, entity: str, walks: list[Walk]) -> FoundLink:
    ordered = sorted(walks, key=lambda walk: -walk.strength)
    return told_link(who, changes, Kind.SEIZURE, entity, who.of(entity), ordered)


def told_link(
    who: Members, changes: Changes, kind: Kind, subject: str, members: list[int], ordered: list[Walk]
) -> FoundLink:
    """The link of a party (``subject``, with the nodes of its identities) that some walks tell, the first above all."""
    index = who.index
    links = [describe_walk(index, walk).link for walk in ordered]
    best, first = links[0], ordered[0].nodes[0]
    target = entity_of_node(index, ordered[0].nodes[-1])
    record = _record_of(index, first)
    records = (record,) if record != best.path.nodes[0] else ()
    told = Told(
        party=LinkedParty(best.path.nodes[0], index.nodes.text("caption", first) or "", records),
        target=LinkedParty(best.party.id, best.party.caption, best.party.records),
        seizure=best.seizure,
        strength=best.strength,
        hops=best.hops,
        sentence=best.sentence,
        also=tuple(link.sentence for link in links[1:]),
        path=best.path,
        evidence=best.evidence,
    )  # fmt: skip
    own = entity_of_node(index, first)
    rests_on = RestsOn(_values(index, own, ordered), seizures_of(who, target), _keys(changes, ordered))
    new = tuple(_changes(who, changes, members, target, ordered))
    return FoundLink(kind, subject, target, record, told, rests_on, new)


def _values(index: LinkIndex, entity: str, walks: list[Walk]) -> tuple[str, ...]:
    """Shared values, and sellers or shippers dealt with; who is probably who is no evidence of its own."""
    found = {node for walk in walks for node in walk.nodes if not is_party(index, node)}
    for walk in walks:
        for row in walk.edges:
            if not WEIGHTS[int(index.graph.claim[row])].shared and index.graph.claim[row] != SAME_AS:
                found.add(int(index.edges.row(row)["b"]))
    return tuple(sorted(index.nodes.text("uid", node) or "" for node in found if entity_of_node(index, node) != entity))


def seizures_of(who: Members, entity: str) -> tuple[str, ...]:
    """Every seizure that weighs on a party."""
    return tuple(sorted({who.index.seeds.text("seizure", row) or "" for row in who.seizures(entity)}))


def _keys(changes: Changes, walks: list[Walk]) -> tuple[int, ...]:
    return tuple(sorted({int(changes.row_key[row]) for walk in walks for row in walk.edges}))


def _changes(who: Members, changes: Changes, members: list[int], target: str, walks: list[Walk]) -> Iterator[Change]:
    """What is new about a link, the weightiest first."""
    index = who.index
    if changes.first:
        yield Change("baseline", "on record when alerts began")
        return
    fresh = (index.seeds.row(row) for row in who.seizures(target) if changes.seed[row])
    for seizure, day in sorted({(row["seizure"], row["seized_on"]) for row in fresh}):
        yield Change("new_seizure", f"{seizure.removeprefix('seizure:')} of {day}")
    marks = {row: changes.row[row] for walk in walks for row in walk.edges if changes.row[row] != SAME}
    if any(changes.new_node[node] for node in members):
        yield Change("new_party", f"{index.nodes.text('caption', walks[0].nodes[0])} was not on record before")
    elif new := [row for row, mark in marks.items() if mark == NEW and index.graph.claim[row] != SAME_AS]:
        yield Change("new_value", "; ".join(dict.fromkeys(_crossed(index, row) for row in new)))
    if joined := [row for row in marks if index.graph.claim[row] == SAME_AS]:
        ends = [(int(index.edges.row(row)["a"]), int(index.edges.row(row)["b"])) for row in joined]
        told = _said(index, changes, ends) or "people judged who is who"
        yield Change("judgement", told) if changes.judged else Change("same_party", _TURNED_OUT)
    if any(changes.parted[node] for node in members):
        told = _said(index, changes, product(members, who.of(target)))
        yield Change("judgement", told) if told else Change("parted", "no longer taken for a seized party itself")
    if any(mark != NEW and index.graph.claim[row] != SAME_AS for row, mark in marks.items()):
        yield Change("stronger", "what is shared was seen again, or fewer share it")


_TURNED_OUT = "records turned out to be of one party"


def _said(index: LinkIndex, changes: Changes, pairs: Iterable[tuple[int, int]]) -> str:
    """What people judged of pairs of identities, in words; nothing where they did not."""
    if not changes.said:
        return ""
    named = (frozenset(index.nodes.text("uid", node) or "" for node in pair) for pair in pairs)
    return "; ".join(dict.fromkeys(changes.said[pair] for pair in named if pair in changes.said))


def _crossed(index: LinkIndex, row: int) -> str:
    """A relationship in a few words: the claim and the value."""
    weight = WEIGHTS[int(index.graph.claim[row])]
    return f"{weight.phrase} {index.nodes.text('caption', int(index.edges.row(row)['b']))}"


def _record_of(index: LinkIndex, node: int) -> str:
    """The first of the records that name an identity; its id where none does by itself."""
    span = slice(int(index.graph.start[node]), int(index.graph.stop[node]))
    rows = [index.edges.row(int(row)) for row in index.graph.edge[span][:_LOOKED_THROUGH]]
    names = (source for row in rows if row["a"] == node and row["claim"] != "SAME_AS" for source in row["sources"])
    naming = [name for name in names if name.startswith(("importers:", "sellers:")) or "#" in name]
    return min(naming, default=index.nodes.text("uid", node) or "")


def _certainty(link: FoundLink) -> tuple[float, str, str]:
    return (-link.told.strength, link.told.party.id, link.told.target.id)
