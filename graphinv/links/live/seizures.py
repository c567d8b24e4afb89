"""Seizures come and go: which ones weigh on a party, and what the one that weighs most costs."""

from datetime import datetime

import numpy as np

from graphinv.links.evidence import ages
from graphinv.links.kernels import UNREACHABLE, Int32
from graphinv.links.live.changes import SEED, Changes, refuse
from graphinv.links.live.placed import Placed
from graphinv.links.live.snapshot import Row, Snapshot
from graphinv.links.weights import cost_of, recency


def changed_seeds(changes: Changes, placed: Placed, held: Snapshot) -> dict[int, tuple[Row, ...]]:
    """For each party that a change touches, the seizures that weigh on it afterwards.

    Raises InvalidInput when a seizure that goes does not weigh on the party.
    """
    weighing = {
        node: {row["seizure"]: row for row in held.seizures_of(node)}
        for node in np.union1d(placed.seeds, placed.seeds_gone).tolist()
    }
    if len(placed.seeds_gone):
        seizures = changes.seeds_gone["seizure"].to_list()
        found = [
            weighing[node].pop(seizure, None) is not None
            for node, seizure in zip(placed.seeds_gone.tolist(), seizures, strict=True)
        ]
        refuse("seeds_gone", ~np.array(found), f"no such {', '.join(SEED)}")
    for node, row in zip(placed.seeds.tolist(), changes.seeds.iter_rows(named=True), strict=True):
        weighing[node][row["seizure"]] = row
    return {node: tuple(rows.values()) for node, rows in weighing.items()}


def seed_costs(seeds: dict[int, tuple[Row, ...]], clock: datetime) -> tuple[Int32, Int32]:
    """(nodes, what their cheapest seizure costs, UNREACHABLE for none)."""
    nodes = np.fromiter(seeds, np.int32, len(seeds))
    costs = np.full(len(seeds), UNREACHABLE, np.int32)
    at = np.repeat(np.arange(len(seeds)), [len(rows) for rows in seeds.values()])
    rows = [row for held in seeds.values() for row in held]
    days = np.array([row["seized_on"] for row in rows], "datetime64[D]")
    worth = np.array([row["confidence"] for row in rows], np.float64) * recency(ages(days, clock))
    np.minimum.at(costs, at, cost_of(worth))
    return nodes, costs
