"""Seized parties under another number, account or name: a firm that comes back is told of, though it is nobody else.

Shippers are left out, who register nothing; so is what a party filed under a name that it has on record already.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from graphinv.alerting.alert import Kind
from graphinv.alerting.changes import NEW, Changes, cost_limit
from graphinv.alerting.known import of_seized
from graphinv.alerting.links_found import (
    FoundLink,
    Links,
    Members,
    Rules,
    entity_of_node,
    told_link,
)
from graphinv.links.index import LinkIndex
from graphinv.links.walks import WEAKEST, Start, Walk, find_walks
from graphinv.links.weights import SAME_AS
from graphinv.normalise.names import normalize_name
from graphinv.resolve.arrays import UInt8
from graphinv.resolve.likeness import within_one
from graphinv.resolve.word_likeness import words_alike

#: How the uids of importers without a number begin.
_UNNUMBERED = "importer:p"
_SPACE = ord(" ")


def find_identities(index: LinkIndex, changes: Changes, rules: Rules, told: Collection[int] = ()) -> Links:
    """The identities of seized parties that are new as such, whose own goods were not seized, most certain first.

    An identity is new when its record is, or when it was not taken for a seized party before, or when goods of its
    party were seized under another one. ``told`` are identities that alerts are about: of these any seizure is news.
    """
    seized = _identities_of_seized(index, changes, cost_limit(rules.strength))
    names = _Names(index)
    own = [one.node for one in seized if one.node in told or _is_news(names, one)]
    chosen, who = own[: rules.examined], Members(index)
    who.fill(entity_of_node(index, node) for node in chosen)
    found = (identity_link(who, node, changes, rules, rules.strength) for node in chosen)
    links = sorted((one for one in found if one is not None and one.fresh), key=lambda one: -one.told.strength)
    return Links(tuple(links), len(own) - len(chosen))


def identity_link(
    who: Members, node: int, changes: Changes, rules: Rules, weakest: float = WEAKEST
) -> FoundLink | None:
    """What says that an identity is a seized party: the best path by conclusions alone, then what the two share."""
    index, entity = who.index, entity_of_node(who.index, node)
    found = find_walks(index, [Start(node, 0, None, entity)], rules.paths, rules.max_hops, weakest=weakest).walks
    within = [walk for walk in found if walk.edges and entity_of_node(index, walk.nodes[-1]) == entity]
    straight = [walk for walk in within if _is_straight(index, walk)]
    if not straight:
        return None
    uid = index.nodes.text("uid", node) or ""
    ordered = [straight[0], *(walk for walk in within if walk is not straight[0])]
    link = told_link(who, changes, Kind.IDENTITY, uid, [node], ordered)
    caption = link.told.party.caption
    aside = f", {_how(link.record, uid, new=not changes.first and bool(changes.new_node[node]))},"
    return replace(link, told=replace(link.told, sentence=caption + aside + link.told.sentence.removeprefix(caption)))


def _is_straight(index: LinkIndex, walk: Walk) -> bool:
    return all(index.graph.claim[row] == SAME_AS for row in walk.edges)


def _how(record: str, uid: str, *, new: bool) -> str:
    """In what an identity differs from the other ones of its party."""
    if uid.startswith(_UNNUMBERED):
        return "filing under another name"
    of_its_own = "a new {}" if new else "{} of its own"
    if uid.startswith("seller:"):
        return f"selling under {of_its_own.format('account' if new else 'an account')}"
    does = "registered" if record.startswith("importers:") else "filing"
    return f"{does} under {of_its_own.format('number' if new else 'a number')}"


@dataclass(frozen=True)
class _Identity:
    """An identity of a seized party of which something is new. ``came``: it is new, or new as one of that party, whose
    goods were ``seized_before``; ``judged``: people said so. ``newly``: the others from whom goods were seized now,
    ``older``: the others that have a number or an account, or that were there when it came."""

    node: int
    came: bool
    judged: bool
    seized_before: bool
    newly: tuple[int, ...]
    older: tuple[int, ...]


def _is_news(names: "_Names", one: _Identity) -> bool:
    """Whether an identity has something of its own: a number or an account, or a name that its party did not have. A
    seizure of a party is news of those other ones of its identities that have what the seized one has otherwise."""
    if one.judged:
        return True
    if one.came and one.seized_before and (names.declared(one.node) or names.is_another(one.node, one.older)):
        return True
    return any(names.tells_apart(one.node, other) for other in one.newly)


def _identities_of_seized(index: LinkIndex, changes: Changes, limit: int) -> list[_Identity]:
    """Importers and sellers of seized parties about whom anything is new, the nearest first; their own goods were not
    seized."""
    graph = index.graph
    fresh = np.isin(np.arange(len(graph.party)), graph.seed_node[changes.seed])
    came = changes.new_node | changes.joined
    judged = _judged(index, changes)
    nodes = np.flatnonzero(of_seized(graph))
    every = graph.nodes.select("entity", "label", "uid")[nodes.tolist()].with_columns(
        pl.Series("node", nodes),
        pl.Series("came", came[nodes]),
        pl.Series("judged", judged[nodes]),
        pl.Series("fresh", fresh[nodes]),
        pl.Series("own", np.isin(nodes, graph.seed_node)),
        pl.Series("before", np.isin(nodes, graph.seed_node[~changes.seed])),
        pl.Series("cost", graph.cost[nodes]),
        declared=~pl.col("uid").str.starts_with(_UNNUMBERED),
    )
    parties = every.group_by("entity").agg(
        pl.col("node").filter("fresh").alias("newly"),
        pl.col("before").any(),
        pl.col("node").filter(pl.col("declared") | ~pl.col("came")).alias("standing"),
        pl.col("node").filter("came").alias("arrived"),
    )
    news = pl.col("came") | pl.col("judged") | (pl.col("newly").list.len() > 0)
    told_of = pl.col("label").is_in(["Importer", "Seller"]) & ~pl.col("own") & (pl.col("cost") <= limit) & news
    rows = every.drop("before").join(parties, on="entity").filter(told_of).sort("cost", "uid")
    return [_identity(row) for row in rows.iter_rows(named=True)]


def _identity(row: Mapping[str, Any]) -> _Identity:
    node = row["node"]
    earlier = [other for other in row["arrived"] if other < node]  # of several under one new name the first counts
    older = tuple(other for other in {*row["standing"], *earlier} if other != node)
    return _Identity(node, row["came"], row["judged"], row["before"], tuple(row["newly"]), older)


def _judged(index: LinkIndex, changes: Changes) -> NDArray[np.bool_]:
    """Nodes of which people newly said that they are the same as another."""
    judged = np.zeros(len(index.graph.party), bool)
    if changes.said:
        for row in np.flatnonzero((changes.row == NEW) & (index.graph.claim == SAME_AS)).tolist():
            edge = index.edges.row(row)
            if frozenset((edge["src"], edge["dst"])) in changes.said:
                judged[[edge["a"], edge["b"]]] = True
    return judged


@dataclass(frozen=True)
class _Names:
    """The names of identities, keyed once each."""

    index: LinkIndex
    _keys: dict[int, UInt8 | None] = field(default_factory=dict)

    def declared(self, node: int) -> bool:
        """Whether an identity is a number or an account."""
        return not self._uid(node).startswith(_UNNUMBERED)

    def is_another(self, node: int, others: Iterable[int]) -> bool:
        """Whether an identity has a name, and none of the others one like it."""
        return self._key(node) is not None and all(self._unlike(node, other) for other in others)

    def tells_apart(self, node: int, other: int) -> bool:
        """Whether one identity has another number, account or name than the other."""
        kinds = {self._uid(one).partition(":")[0] for one in (node, other)}
        both = len(kinds) == 1 and self.declared(node) and self.declared(other)
        return both or self.is_another(node, [other])

    def _unlike(self, node: int, other: int) -> bool:
        key, theirs = self._key(node), self._key(other)
        if key is None or theirs is None:
            return theirs is not None
        as_many = (key == _SPACE).sum() == (theirs == _SPACE).sum()
        return not (within_one(key, theirs) or (as_many and words_alike(key, theirs, False)))

    def _uid(self, node: int) -> str:
        return self.index.nodes.text("uid", node) or ""

    def _key(self, node: int) -> UInt8 | None:
        if node not in self._keys:
            name = normalize_name(self.index.nodes.text("caption", node))
            self._keys[node] = None if name is None else np.frombuffer(bytearray(name.key.encode()), np.uint8)
        return self._keys[node]
