"""Bring the store from the generation it holds to the one it should hold, resumable after a kill at any moment."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from graphinv.load.generations import drop_generations, read_generation
from graphinv.load.ownership import mark_store
from graphinv.load.plan import Action, Step, plan
from graphinv.load.progress import Pending, Progress, read_progress, write_progress
from graphinv.store import Store
from graphinv.workspace import Workspace


@dataclass(frozen=True)
class Applied:
    """How many rows of each kind a load sent to the store."""

    nodes: int = 0
    relationships: int = 0
    removed: int = 0

    def __add__(self, other: "Applied") -> "Applied":
        return Applied(self.nodes + other.nodes, self.relationships + other.relationships, self.removed + other.removed)


#: Called with the step's name, rows done and rows in all.
Watch = Callable[[str, int, int], None]


def apply_pending(workspace: Workspace, store: Store, name: str, watch: Watch | None = None) -> Applied:
    """Finish the pending generation, if there is one: every batch is absolute, so doing one twice changes nothing.

    The store must be claimed (``ownership.claim_store``).
    """
    progress = read_progress(workspace, name)
    pending = progress.pending
    if pending is None:
        return Applied()
    run = _Run(workspace, store, name, progress, pending, watch)
    with store.writing():
        mark_store(workspace, store, progress, pending.generation)
        applied = run.steps()
        done = replace(progress, applied=pending.generation, batch_seq=pending.batch_seq, pending=None)
        write_progress(workspace, name, done)
    drop_generations(workspace.projection, keep={pending.generation})
    return applied


@dataclass(frozen=True)
class _Run:
    """One way from a generation to the next."""

    workspace: Workspace
    store: Store
    name: str
    progress: Progress
    pending: Pending
    watch: Watch | None

    def steps(self) -> Applied:
        """Write what is left to be written; how much that was."""
        applied, found = Applied(), not self.pending.step
        for step in self._plan():
            here = step.key == self.pending.step
            found = found or here
            if found:
                applied += self._step(step, skip=self.pending.row if here else 0)
        if not found:  # another version made another plan: from the beginning, since every batch may run twice
            return replace(self, pending=replace(self.pending, step="", row=0)).steps()
        return applied

    def _plan(self) -> Iterator[Step]:
        folder = self.workspace.projection
        return plan(read_generation(folder, self.progress.applied), read_generation(folder, self.pending.generation))

    def _step(self, step: Step, skip: int) -> Applied:
        def committed(rows: int) -> None:
            at = replace(self.pending, step=step.key, row=skip + rows)
            write_progress(self.workspace, self.name, replace(self.progress, pending=at))
            if self.watch is not None:
                self.watch(f"{step.action} {step.name}", skip + rows, len(step.rows))

        size = self._batch_rows(step)
        sent = self.store.write_batches(step.cypher, step.batches(size, skip), on_commit=committed)
        match step.action:
            case Action.PUT_NODES:
                return Applied(nodes=sent)
            case Action.PUT_EDGES:
                return Applied(relationships=sent)
            case Action.DROP_EDGES | Action.DROP_NODES:
                return Applied(removed=sent)

    def _batch_rows(self, step: Step) -> int:
        dialect = self.store.dialect
        match step.action:
            case Action.PUT_NODES:
                return dialect.node_rows
            case Action.PUT_EDGES:
                return dialect.relationship_rows
            case Action.DROP_EDGES | Action.DROP_NODES:
                return dialect.delete_rows
