"""How far the graph has come, kept in the state database so that a killed load goes on where it was.

``Progress.applied`` is the generation that the store holds whole; ``pending`` one that it is being brought to, with
the first step and row that were not reported as committed.
"""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, insert, select

from graphinv.workspace import PROJECTIONS, Workspace


@dataclass(frozen=True)
class Pending:
    """A generation on its way into the store."""

    generation: int
    batch_seq: int
    step: int = 0
    row: int = 0


@dataclass(frozen=True)
class Progress:
    """``batch_seq``: every record batch up to it is in the applied generation."""

    applied: int | None = None
    batch_seq: int = 0
    pending: Pending | None = None


def read_progress(workspace: Workspace, name: str) -> Progress:
    """Progress of the projection of that name; nothing done yet when there is none."""
    with workspace.engine.connect() as connection:
        row = connection.execute(select(PROJECTIONS).where(PROJECTIONS.c.name == name)).one_or_none()
    if row is None:
        return Progress()
    detail = json.loads(row.detail)
    pending = Pending(**detail["pending"]) if detail["pending"] else None
    return Progress(detail["applied"], row.batch_seq, pending)


def write_progress(workspace: Workspace, name: str, progress: Progress) -> None:
    """Replace the projection's progress, in one transaction."""
    detail = {"applied": progress.applied, "pending": asdict(progress.pending) if progress.pending else None}
    with workspace.engine.begin() as connection:
        connection.execute(delete(PROJECTIONS).where(PROJECTIONS.c.name == name))
        connection.execute(
            insert(PROJECTIONS).values(
                name=name, batch_seq=progress.batch_seq, detail=json.dumps(detail), updated_at=datetime.now(UTC)
            )
        )


def forget_progress(workspace: Workspace, name: str) -> None:
    """The projection will be made from nothing."""
    with workspace.engine.begin() as connection:
        connection.execute(delete(PROJECTIONS).where(PROJECTIONS.c.name == name))
