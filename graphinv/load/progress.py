"""How far the graph has come, kept in the state database so that a killed load goes on where it was.

``Progress.applied`` is the generation that the store holds whole; ``pending`` one that it is being brought to, with
the first row that was not reported as committed.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from sqlalchemy import insert, select, update

from graphinv.settings import Settings
from graphinv.state import PROJECTIONS
from graphinv.workspace import Workspace


@dataclass(frozen=True)
class Pending:
    """A generation on its way into the store. ``step`` is the step being written, empty before the first."""

    generation: int
    batch_seq: int
    step: str = ""
    row: int = 0


@dataclass(frozen=True)
class Progress:
    """``batch_seq``: every record batch up to it is in the applied generation.

    ``filling`` names one filling of an emptied store, so that a store that was emptied or restored behind our back is
    noticed. ``maker`` is the version of the code that made the generations: another one may make others.
    """

    applied: int | None = None
    batch_seq: int = 0
    pending: Pending | None = None
    filling: str = ""
    maker: str = ""


def graph_name(settings: Settings) -> str:
    """Which graph's progress is meant: the embedded store's, or that of one Neo4j database."""
    if settings.neo4j is None:
        return "graph embedded"
    address = f"{settings.neo4j.uri} {settings.neo4j.database}"
    return f"graph neo4j {hashlib.sha256(address.encode()).hexdigest()[:16]}"


def read_progress(workspace: Workspace, name: str) -> Progress:
    """Progress of the projection of that name; nothing done yet when there is none."""
    with workspace.engine.connect() as connection:
        row = connection.execute(select(PROJECTIONS).where(PROJECTIONS.c.name == name)).one_or_none()
    if row is None:
        return Progress()
    detail = json.loads(row.detail)
    pending = Pending(**detail["pending"]) if detail["pending"] else None
    return Progress(detail["applied"], row.batch_seq, pending, detail.get("filling", ""), detail.get("maker", ""))


def write_progress(workspace: Workspace, name: str, progress: Progress) -> None:
    """Replace the projection's progress, in one transaction."""
    detail = {
        "applied": progress.applied,
        "pending": asdict(progress.pending) if progress.pending else None,
        "filling": progress.filling,
        "maker": progress.maker,
    }
    values = {"batch_seq": progress.batch_seq, "detail": json.dumps(detail), "updated_at": datetime.now(UTC)}
    with workspace.engine.begin() as connection:
        done = connection.execute(update(PROJECTIONS).where(PROJECTIONS.c.name == name).values(values))
        if done.rowcount == 0:
            connection.execute(insert(PROJECTIONS).values(name=name, **values))
