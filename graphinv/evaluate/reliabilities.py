"""Do the reliabilities of links hold? How often two parties who share a value share another too; no truth is needed."""

from dataclasses import dataclass

import numpy as np

from graphinv.links.evidence import corroborated_pairs
from graphinv.links.index import LinkIndex
from graphinv.links.weights import CLAIMS, WEIGHTS

#: Fewer pairs say nothing of a kind.
ENOUGH = 10


@dataclass(frozen=True)
class Corroborated:
    """Pairs of parties that alone share a value of a kind, and the share of them that another value of their own joins
    as well. ``table`` is the reliability before any record was seen, ``told`` the one that the index weighs by."""

    claim: str
    pairs: int
    table: float
    told: float
    corroborated: float


def corroborated(index: LinkIndex, enough: int = ENOUGH) -> tuple[Corroborated, ...]:
    """By kind of shared value, the most corroborated first; kinds with fewer than ``enough`` pairs are left out."""
    graph = index.graph
    found = corroborated_pairs(graph.nodes, graph.edges, graph.claim.astype(np.int64))
    rows = [
        Corroborated(CLAIMS[at], pairs, WEIGHTS[at].reliability, float(graph.reliability[at]), others / pairs)
        for at, (pairs, others) in enumerate(zip(found.pairs.tolist(), found.corroborated.tolist(), strict=True))
        if pairs >= max(enough, 1)
    ]
    return tuple(sorted(rows, key=lambda row: (-row.corroborated, row.claim)))
