"""Who makes the index of a past day: this process, or one beside it where others want to be answered meanwhile.

Making one keeps threads, locks and memory busy as a load does; a process of its own gives all of it back.
"""

import os
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from datetime import datetime
from multiprocessing import get_context
from pathlib import Path

from graphinv.child_process import ends_with_parent
from graphinv.errors import WorkspaceError
from graphinv.settings import Settings
from graphinv.workspace import Workspace, open_workspace_folder

#: A process beside one that answers lets that go first.
_NICER = 10


def make_here(workspace: Workspace, moment: datetime, into: Path) -> bool:
    """Make the index of a moment in a folder; False when nothing was known by then."""
    from graphinv import pipeline  # it brings in everything that loading needs

    return pipeline.write_index_as_of(workspace, moment, into)


@dataclass(frozen=True)
class MakingBeside:
    """``make_here``, by a process beside this one that ends with it."""

    settings: Settings

    def __call__(self, _workspace: Workspace, moment: datetime, into: Path) -> bool:
        """Raises WorkspaceError where that process ended before it was done."""
        with ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_begin) as pool:
            try:
                return pool.submit(_make_there, self.settings, moment, into).result()
            except BrokenProcessPool as error:
                told = "the process that makes the index of a past day ended, perhaps for lack of memory; ask again"
                raise WorkspaceError(told) from error


def _begin() -> None:
    ends_with_parent()
    if hasattr(os, "nice"):
        os.nice(_NICER)


def _make_there(settings: Settings, moment: datetime, into: Path) -> bool:
    workspace = open_workspace_folder(settings)
    try:
        return make_here(workspace, moment, into)
    finally:
        workspace.close()
