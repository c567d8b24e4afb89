"""What alerts have seen of the evidence: which relationships, seizures and parties an examination knew, as hashes.

It is kept in ``alerts/known.npz`` of the workspace, beside the index and not in it: an index that was built anew, by
another version or after a kill, is compared with what was told before, so nothing is told twice and nothing is lost.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import polars as pl
from numpy.typing import NDArray

from graphinv.drafts import draft_of
from graphinv.links.evidence import EvidenceGraph, text_hash
from graphinv.links.index import IndexMeta, LinkIndex
from graphinv.links.weights import learned_costs

UInt64 = NDArray[np.uint64]

_FILE = "known.npz"
_ARRAYS = ("edge", "cost", "seed", "party", "order")
#: Odd constants that spread the bits of hashes which are put together (D. Knuth, TAOCP 3, section 6.4).
_SPREAD, _SPREAD_AGAIN = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)


@dataclass(frozen=True)
class Known:
    """``edge`` (sorted) and ``cost``: relationships and what they cost by the table (``LiveEdges``); ``seed``: seized
    party and seizure; ``party``: uids of parties, ``of_seized``: of those of seized parties; ``order``: party and the
    watch list entry in force that it is like. All sorted."""

    index: str
    judged: str
    edge: UInt64
    cost: NDArray[np.int32]
    seed: UInt64
    party: UInt64
    order: UInt64
    of_seized: UInt64


@dataclass(frozen=True)
class LiveEdges:
    """The relationships of an index, each once: the two nodes, the row of ``edges``, the cost, and the hash.

    ``by_table`` is the cost by the table of weights: what an index learned of a kind as such makes none of its
    relationships stronger or weaker than the others, and is no news of any.
    """

    left: NDArray[np.int64]
    right: NDArray[np.int64]
    row: NDArray[np.int64]
    cost: NDArray[np.int32]
    by_table: NDArray[np.int32]
    key: UInt64


def index_id(meta: IndexMeta) -> str:
    """Which index that is, among all that a workspace ever had."""
    return f"{meta.epoch} {meta.built_at} {meta.records} {meta.judged}"


def known_of(index: LinkIndex, edges: LiveEdges, orders: UInt64) -> Known:
    """What an examination of this index knows."""
    order, hashes = np.argsort(edges.key, kind="stable"), node_hashes(index.graph)
    return Known(
        index=index_id(index.meta),
        judged=index.meta.judged,
        edge=edges.key[order],
        cost=edges.by_table[order],
        seed=np.unique(seed_keys(index.graph)),
        party=np.sort(hashes[index.graph.party]),
        order=np.unique(orders),
        of_seized=np.sort(hashes[of_seized(index.graph)]),
    )


def read_known(folder: Path) -> Known | None:
    """What the last examination knew; None before the first, or where the file is damaged."""
    try:
        with np.load(folder / _FILE, allow_pickle=False) as stored:
            index, judged = (str(text) for text in stored["told"])
            of_seized = stored.get("of_seized", np.empty(0, np.uint64))  # alerts that began before it was kept go on
            return Known(index, judged, **{name: stored[name] for name in _ARRAYS}, of_seized=of_seized)
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return None


def known_index(folder: Path) -> str | None:
    """Which index was examined last, without reading what was known of it."""
    try:
        with np.load(folder / _FILE, allow_pickle=False) as stored:
            return str(stored["told"][0])
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return None


def write_known(folder: Path, known: Known) -> None:
    """Replace what was known, whole or not at all."""
    arrays = {name: getattr(known, name) for name in (*_ARRAYS, "of_seized")}
    with draft_of(folder / _FILE) as draft, draft.open("wb") as handle:
        np.savez(handle, told=np.array([known.index, known.judged]), **arrays)
        handle.flush()
        os.fsync(handle.fileno())


def node_hashes(graph: EvidenceGraph) -> UInt64:
    """The hash of every node's uid, by position."""
    hashes = np.empty(len(graph.uid_node), np.uint64)
    hashes[graph.uid_node] = graph.uid_hash
    return hashes


def of_seized(graph: EvidenceGraph) -> NDArray[np.bool_]:
    """Which nodes are identities of parties from whom goods were seized, under whichever identity."""
    entity = graph.nodes["entity"]
    seized = entity.gather(np.unique(graph.seed_node).tolist()).drop_nulls().unique()
    return np.asarray(graph.party & entity.is_in(seized.implode()).fill_null(value=False).to_numpy(), np.bool_)


def live_edges(graph: EvidenceGraph, hashes: UInt64) -> LiveEdges:
    """Every relationship that paths may use, with a hash that says nothing of positions."""
    count = graph.stop - graph.start
    near = np.repeat(np.arange(len(count), dtype=np.int64), count)
    slot = np.arange(len(near), dtype=np.int64) + np.repeat(graph.start - (np.cumsum(count) - count), count)
    far = graph.adj[slot].astype(np.int64)
    once = near < far
    left, right, slot = near[once], far[once], slot[once]
    row = graph.edge[slot].astype(np.int64)
    low, high = np.minimum(hashes[left], hashes[right]), np.maximum(hashes[left], hashes[right])
    key = _together(_together(low, high), graph.claim[row].astype(np.uint64))
    by_table = graph.weight[slot] - np.rint(learned_costs(graph.reliability))[graph.claim[row]].astype(np.int32)
    return LiveEdges(left, right, row, graph.weight[slot], by_table, key)


def seed_keys(graph: EvidenceGraph) -> UInt64:
    """A hash of party and seizure for every row of ``seeds``."""
    return pair_keys(graph.seeds["party"], graph.seeds["seizure"])


def pair_keys(left: pl.Series, right: pl.Series) -> UInt64:
    """A hash of two texts, row by row."""
    return _together(_hashes(left), _hashes(right))


def is_among(keys: UInt64, among: UInt64) -> NDArray[np.bool_]:
    """Which keys are among sorted ones."""
    if not len(among):
        return np.zeros(len(keys), bool)
    at = np.minimum(np.searchsorted(among, keys), len(among) - 1)
    return np.asarray(among[at] == keys, np.bool_)


def _hashes(texts: pl.Series) -> UInt64:
    return np.fromiter(map(text_hash, texts.to_list()), np.uint64, len(texts))


def _together(left: UInt64, right: UInt64) -> UInt64:
    mixed = (left * _SPREAD) ^ (right + (left >> np.uint64(29))) * _SPREAD_AGAIN
    return mixed ^ (mixed >> np.uint64(31))
