"""``graphinv load`` in a process of its own, killed in a chosen phase of its work."""

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from enum import Enum
from pathlib import Path

from graphinv.load.progress import graph_name, read_progress
from graphinv.opened import open_workspace
from graphinv.settings import Settings
from graphinv.store.server import ServerFile
from graphinv.workspace import Workspace, open_workspace_folder
from tests.load.evidence import assert_same_evidence
from tests.processes import ends

#: One key for all workspaces of a test, so that their indexes can be compared.
HASH_KEY = "one key for all"
_PATIENCE_S = 120.0
_POLL_S = 0.002


class Phase(Enum):
    """What a load is doing when it is killed, and the longest time after the phase's first sign."""

    START = 1.5
    INGEST = 0.3
    PREPARE = 0.3
    GRAPH = 1.5
    INDEX = 0.15


def kill_in(phase: Phase, settings: Settings, files: Sequence[Path], chance: random.Random, *, server: bool) -> bool:
    """Start a load and kill it in a phase, with the embedded server too if so wanted; whether it died of that."""
    child = start_load(settings, files)
    try:
        workspace = _soon_open(settings, child)
        shown = _sign_of(phase, workspace, graph_name(settings))
        deadline = time.monotonic() + _PATIENCE_S
        while child.poll() is None and not shown() and time.monotonic() < deadline:
            time.sleep(_POLL_S)
        time.sleep(chance.random() * phase.value)
        workspace.close()
    finally:
        found = ServerFile.read(settings.workspace / "store" / "server.json")
        child.kill()
        status = child.wait()
        if found is not None and settings.neo4j is None:
            if server:
                _kill(found.pid)
            assert ends(found.pid, within_s=10.0)
    return status != 0


def start_load(settings: Settings, files: Sequence[Path]) -> "subprocess.Popen[bytes]":
    """``graphinv load`` of these files as a process."""
    environment = {**os.environ, "GRAPHINV_WORKSPACE": str(settings.workspace), "GRAPHINV_HASH_KEY": HASH_KEY}
    if settings.neo4j is not None:
        environment["GRAPHINV_NEO4J_URI"] = settings.neo4j.uri
        environment["GRAPHINV_NEO4J_USER"] = settings.neo4j.user
        environment["GRAPHINV_NEO4J_PASSWORD"] = settings.neo4j.password
    command = [sys.executable, "-c", "from graphinv.cli import main; main()", "load", "--json", *map(str, files)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def assert_as_undisturbed(settings: Settings, undisturbed: Settings, files: Sequence[Path]) -> None:
    """Load once more, and compare records, graph and index with a workspace that was never killed."""
    with open_workspace(settings=undisturbed) as opened:
        opened.load(files)
        expected, evidence = opened.verify(), opened.index.graph
    with open_workspace(settings=settings) as opened:
        opened.load(files)
        assert opened.verify() == expected
        assert expected.ok
        assert_same_evidence(opened.index.graph, evidence)
        opened.records.check_files()


def _sign_of(phase: Phase, workspace: Workspace, graph: str) -> Callable[[], bool]:
    match phase:
        case Phase.START:
            return lambda: True
        case Phase.INGEST:
            return lambda: any(workspace.records.glob("*/*"))
        case Phase.PREPARE:
            return lambda: any(workspace.projection.glob("prepared-*/*/*"))
        case Phase.GRAPH:
            return lambda: (pending := read_progress(workspace, graph).pending) is not None and bool(pending.step)
        case Phase.INDEX:
            return lambda: any(workspace.index.glob(".[0-9]*"))


def _soon_open(settings: Settings, child: "subprocess.Popen[bytes]") -> Workspace:
    """The workspace that the child makes, as soon as its first load has begun."""
    while not (settings.workspace / "keys" / "load.lock").exists() and child.poll() is None:
        time.sleep(_POLL_S)
    return open_workspace_folder(settings)


def _kill(pid: int) -> None:
    try:
        os.kill(pid, 9)
    except ProcessLookupError:  # it noticed its parent's end before us
        return
