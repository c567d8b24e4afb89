"""Whose graph a database holds, and which state of it: one node beside the graph tells.

Without it two workspaces could mix in one database, and a database that was emptied or restored from a backup would be
taken for what the workspace last wrote. A graph is a projection, so what does not fit is emptied and filled anew.
"""

import secrets
from dataclasses import dataclass, replace

from graphinv import schema
from graphinv.errors import StoreError
from graphinv.load.progress import Progress, read_progress, write_progress
from graphinv.store import Store
from graphinv.workspace import Workspace

#: Label of the node that tells; it is bookkeeping and no part of the graph.
MARK = "Projection"

_READ = f"MATCH (n:{MARK} {{uid: 'projection'}}) RETURN n.workspace AS workspace, n.holds AS holds"
_WRITE = f"MERGE (n:{MARK} {{uid: 'projection'}}) SET n.workspace = $workspace, n.holds = $holds"
_ANY = "MATCH (n) RETURN n.uid LIMIT 1"
_COUNT_S = 600.0


@dataclass(frozen=True)
class Holding:
    """What the database says of itself: whose graph it holds, and which generation of which filling."""

    workspace: str
    holds: str


def claim_store(workspace: Workspace, store: Store, name: str) -> Progress:
    """Make sure that the database holds what the progress says; empty it, with a new filling to come, where not.

    A database that another workspace filled is emptied as well: nothing is lost by it, since every graph can be made
    again from its records. Returns the progress, perhaps from the beginning.
    Raises StoreError when the database holds a graph that graphinv did not load.
    """
    progress = read_progress(workspace, name)
    held = read_holding(store)
    if held is not None and _fits(held, workspace, progress):
        return progress
    if held is None and _count_nodes(store):
        raise StoreError(
            "the database holds a graph that graphinv did not load; name an empty one with GRAPHINV_NEO4J_DATABASE"
        )
    return start_filling(workspace, store, name)


def start_filling(workspace: Workspace, store: Store, name: str) -> Progress:
    """Empty the database of every graph of ours and make it this workspace's.

    The new filling is written down first: killed anywhere in between, the database fits no progress and is emptied
    again.
    """
    before = read_progress(workspace, name)
    pending = replace(before.pending, step="", row=0) if before.pending else None
    progress = Progress(None, 0, pending, filling=secrets.token_hex(8), maker=before.maker)
    with store.writing():
        write_progress(workspace, name, progress)
        clear_store(store)
        store.apply_schema(schema.uniqueness_constraints(), schema.fulltext_indexes())
        mark_store(workspace, store, progress, 0)
    return progress


def mark_store(workspace: Workspace, store: Store, progress: Progress, generation: int) -> None:
    """Write into the database which generation it holds or is being brought to."""
    store.write(_WRITE, {"workspace": workspace.id, "holds": _holds(progress, generation)})


def check_owner(workspace: Workspace, store: Store, name: str) -> None:
    """For those who read: StoreError unless the database holds this workspace's graph (or nothing, before a load)."""
    progress, held = read_progress(workspace, name), read_holding(store)
    if held is not None and held.workspace != workspace.id:
        raise StoreError(
            "the database holds the graph of another workspace; `graphinv rebuild` fills it with this workspace's, "
            "or name another database with GRAPHINV_NEO4J_DATABASE"
        )
    if progress.pending is not None:
        return  # somebody is loading, or the next load goes on with it
    if held is None and progress.applied is None:
        return
    if held is None or not _fits(held, workspace, progress):
        raise StoreError(
            "the database does not hold what this workspace loaded: it was emptied or restored; "
            "`graphinv rebuild` fills it anew"
        )


def read_holding(store: Store) -> Holding | None:
    """What the database says of itself; None when it says nothing."""
    rows = store.read(_READ, timeout_s=_COUNT_S).rows
    return Holding(str(rows[0][0]), str(rows[0][1])) if rows else None


def clear_store(store: Store) -> None:
    """Remove every relationship and node of ours, in pieces that fit a small server's memory; the mark goes last."""
    if not store.read(_ANY, timeout_s=_COUNT_S).rows:
        return  # a new database: one question in place of one for every label and kind of relationship
    size = store.dialect.delete_rows
    for rel in schema.RELATIONSHIPS:
        for start, end in rel.ends:
            pattern = f"(a:{start})-[r:{rel.name}]->(b:{end})"
            while store.read(f"MATCH {pattern} RETURN a.uid LIMIT 1", timeout_s=_COUNT_S).rows:
                store.write(f"MATCH {pattern} WITH r LIMIT {size} DELETE r")
    for label in (*(item.name for item in schema.LABELS), MARK):
        while store.read(f"MATCH (n:{label}) RETURN n.uid LIMIT 1", timeout_s=_COUNT_S).rows:
            store.write(f"MATCH (n:{label}) WITH n LIMIT {size} DETACH DELETE n")


def _fits(held: Holding, workspace: Workspace, progress: Progress) -> bool:
    expected = {_holds(progress, progress.applied or 0)}
    if progress.pending is not None:
        expected.add(_holds(progress, progress.pending.generation))
    return bool(progress.filling) and held.workspace == workspace.id and held.holds in expected


def _holds(progress: Progress, generation: int) -> str:
    return f"{progress.filling}/{generation}"


def _count_nodes(store: Store) -> int:
    return int(store.read("MATCH (n) RETURN count(n)", timeout_s=_COUNT_S).scalar() or 0)
