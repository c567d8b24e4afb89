"""How near every node is to seizures over all paths at once, not over the best one alone.

A personalised PageRank from the seized parties (Page, Brin, Motwani, Winograd, 1999) over weights that know rarity:
what a node passes on is divided by its degree, so a hub spreads its share thin, and what weak evidence does not carry
is lost on the way instead of being forced along it.
"""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from graphinv.links.kernels import UNREACHABLE
from graphinv.links.weights import COST_UNIT

if TYPE_CHECKING:
    from graphinv.links.evidence import EvidenceGraph

#: What is passed on at each step, and how many steps are taken: the rest is below a thousandth.
_PASSED_ON, _STEPS = 0.8, 12


def closeness(graph: "EvidenceGraph") -> NDArray[np.float32]:
    """By node: what reaches it from others' seizures. A party's own seizure is not counted on itself."""
    from scipy.sparse import csr_array

    size = len(graph.ptr) - 1
    worth = np.exp(-graph.weight.astype(np.float64) / COST_UNIT)
    passing = csr_array((worth, graph.adj, graph.ptr), shape=(size, size))
    degree = np.maximum(np.asarray(passing.sum(axis=1)).ravel(), 1.0)
    own = np.where(graph.seed_cost != UNREACHABLE, np.exp(-graph.seed_cost.astype(np.float64) / COST_UNIT), 0.0)
    reached = own.copy()
    for _ in range(_STEPS):
        reached = own + _PASSED_ON * (passing @ (reached / degree))
    return (reached - own).astype(np.float32)
