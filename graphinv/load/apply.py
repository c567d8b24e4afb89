"""Bring the store from the generation it holds to the one it should hold, resumable after a kill at any moment."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from graphinv import schema
from graphinv.errors import StoreError
from graphinv.load.generations import drop_generations, read_generation
from graphinv.load.plan import Action, Step, plan
from graphinv.load.progress import Pending, Progress, forget_progress, read_progress, write_progress
from graphinv.store import Store
from graphinv.workspace import Workspace

#: Tells which workspace a graph belongs to, so that two never mix in one database.
_OWNER = "MERGE (n:Projection {uid: 'projection'}) SET n.workspace = $workspace"


@dataclass(frozen=True)
class Applied:
    """How many rows of each kind a load sent to the store."""

    nodes: int = 0
    relationships: int = 0
    removed: int = 0


#: Called with the step's name, rows done and rows in all.
Watch = Callable[[str, int, int], None]


def apply_pending(workspace: Workspace, store: Store, name: str, watch: Watch | None = None) -> Applied:
    """Finish the pending generation, if there is one: every batch is absolute, so doing one twice changes nothing."""
    progress = read_progress(workspace, name)
    if progress.pending is None:
        return Applied()
    claim_store(workspace, store, name)
    steps = plan(
        read_generation(workspace.projection, progress.applied),
        read_generation(workspace.projection, progress.pending.generation),
    )
    with store.writing():
        for number, step in enumerate(steps):
            if number >= progress.pending.step:
                skip = progress.pending.row if number == progress.pending.step else 0
                _run(workspace, store, name, progress, number, step, skip, watch)
    done = Progress(progress.pending.generation, progress.pending.batch_seq)
    write_progress(workspace, name, done)
    drop_generations(workspace.projection, keep={progress.pending.generation})
    return _counted(steps)


def claim_store(workspace: Workspace, store: Store, name: str) -> None:
    """Make the database this workspace's, with its schema.

    A database that another workspace filled is emptied and filled anew: a graph is a projection, nothing is lost by it.
    Raises StoreError when the database holds a graph that is none of ours.
    """
    owner = store.read("MATCH (n:Projection {uid: 'projection'}) RETURN n.workspace", timeout_s=60).rows
    if owner and owner[0][0] == workspace.id:
        return
    if not owner and store.count().nodes:
        raise StoreError(
            "the database holds a graph that graphinv did not load; name an empty one with GRAPHINV_NEO4J_DATABASE"
        )
    clear_store(store)
    store.apply_schema(schema.uniqueness_constraints(), schema.fulltext_indexes())
    progress = read_progress(workspace, name)
    restarted = replace(progress.pending, step=0, row=0) if progress.pending else None
    write_progress(workspace, name, Progress(None, 0, restarted))
    store.write(_OWNER, {"workspace": workspace.id})


def clear_store(store: Store) -> None:
    """Remove every node and relationship of ours, in pieces."""
    labels = [*(label.name for label in schema.LABELS), "Projection"]
    for label in labels:
        while store.read(f"MATCH (n:{label}) RETURN count(n)", timeout_s=600).scalar():
            store.write(f"MATCH (n:{label}) WITH n LIMIT 5000 DETACH DELETE n")


def forget_graph(workspace: Workspace, store: Store, name: str) -> None:
    """Empty the store and forget what it held."""
    clear_store(store)
    forget_progress(workspace, name)


def _run(
    workspace: Workspace,
    store: Store,
    name: str,
    progress: Progress,
    number: int,
    step: Step,
    skip: int,
    watch: Watch | None,
) -> None:
    edges = step.action in (Action.PUT_EDGES, Action.DROP_EDGES)
    size = store.dialect.relationship_rows if edges else store.dialect.node_rows
    pending = progress.pending
    if pending is None:
        raise ValueError("nothing is pending")

    def committed(rows: int) -> None:
        at = Pending(pending.generation, pending.batch_seq, number, skip + rows)
        write_progress(workspace, name, Progress(progress.applied, progress.batch_seq, at))
        if watch is not None:
            watch(f"{step.action} {step.name}", skip + rows, len(step.rows))

    store.write_batches(step.cypher, step.batches(size, skip), on_commit=committed)


def _counted(steps: list[Step]) -> Applied:
    def rows(*actions: Action) -> int:
        return sum(len(step.rows) for step in steps if step.action in actions)

    return Applied(rows(Action.PUT_NODES), rows(Action.PUT_EDGES), rows(Action.DROP_EDGES, Action.DROP_NODES))
