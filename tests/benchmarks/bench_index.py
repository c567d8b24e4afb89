"""How long the whole index takes from records, how much memory, and how both grow with the number of importers.

    python -m tests.benchmarks.bench_index [--importers 30000 300000]

For each size a world is invented (ten shipments an importer) and ingested in a temporary folder: what is prepared of
its rows lies on disk then, as after every load. Then a process of its own reads the records, identifies and resolves
all parties, makes the evidence graph with its best-evidence pass and writes the index; another opens it and answers a
question. The graph store is not needed for look-ups. The exponent is that of the power of the size which the wall-clock
seconds (and CPU seconds) follow from the smallest size to the largest: 1 is linear.
"""

import argparse
import json
import math
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from graphinv.ingest import ingest
from graphinv.links.index import open_index, write_index
from graphinv.links.lookup import look_up
from graphinv.links.question import LookupRequest, PartyQuestion
from graphinv.load.tables import clock_of
from graphinv.pipeline import claimed_and_resolved, evidence_of, kept_and_scored
from graphinv.prepared import prepared_records
from graphinv.resolve.identities import identify, registry_of
from graphinv.resolving import resolve_alone
from graphinv.settings import Settings
from graphinv.workspace import open_workspace_folder
from graphinv.worlds import write_world
from tests.benchmarks.bounds import end_with
from tests.benchmarks.memory import peak_mib

#: Seconds that the index of the largest world may take, seconds to open one, and how steeply seconds may grow.
BUILD_S, OPEN_S, EXPONENT = 120.0, 1.0, 1.15

#: Importers of a world that is indexed first and not told: compiling, once an installation, would flatter the growth.
_TO_COMPILE = 1_000


@dataclass(frozen=True)
class Step:
    """Seconds of the clock and of all processors that a step took."""

    name: str
    wall: float
    cpu: float


@dataclass(frozen=True)
class Measured:
    """One size. ``peak_mib`` is the most memory that the building process held, ``on_disk_mib`` the index's files."""

    importers: int
    shipments: int
    nodes: int
    edges: int
    steps: list[Step]
    peak_mib: float
    on_disk_mib: float

    @property
    def wall(self) -> float:
        """Seconds of the clock, of all steps."""
        return sum(step.wall for step in self.steps)

    @property
    def cpu(self) -> float:
        """Seconds of processors, of all steps."""
        return sum(step.cpu for step in self.steps)


def main() -> None:
    """Print the table; ends with status 1 when a bound is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--importers", type=int, nargs="+", default=[30_000, 300_000])
    parser.add_argument("--in-process", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--open", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.in_process:
        print(json.dumps(asdict(_built(asked.in_process))))
        return
    if asked.open:
        print(_opened(asked.open))
        return
    _measured(_TO_COMPILE)
    told = [_told(size) for size in sorted(asked.importers)]
    sizes = [one for one, _ in told]
    largest, opening = told[-1]
    held = [
        (f"index of {largest.importers:,} importers within {BUILD_S:g} s", largest.wall <= BUILD_S),
        (f"another process opens it within {OPEN_S:g} s", opening <= OPEN_S),
    ]
    if len(sizes) > 1:
        wall, cpu = (_exponent(sizes[0].importers, a, largest.importers, b) for a, b in _ends(sizes))
        print(f"growth from {sizes[0].importers:,} to {largest.importers:,} importers: seconds grow with the size to")
        print(f"the power of {wall:.2f} (CPU {cpu:.2f})")
        held.append((f"grows with at most the power of {EXPONENT:g}", wall <= EXPONENT))
    end_with(held)


def _told(importers: int) -> tuple[Measured, float]:
    """One size, as it is measured and printed."""
    found, opening = _measured(importers)
    print(f"\n{found.importers:,} importers, {found.shipments:,} shipments", end=": ")
    print(f"{found.nodes:,} nodes, {found.edges:,} relationships")
    for step in found.steps:
        print(f"  {step.name:<44} {step.wall:8.1f} s {step.cpu:8.1f} s CPU")
    print(f"  {'the whole index':<44} {found.wall:8.1f} s {found.cpu:8.1f} s CPU", end="")
    print(f"   peak {found.peak_mib:,.0f} MiB, {found.on_disk_mib:,.0f} MiB on disk, opened in {opening:.2f} s")
    return found, opening


def _measured(importers: int) -> tuple[Measured, float]:
    """One size, and the seconds in which another process opened its index."""
    with tempfile.TemporaryDirectory() as folder:
        world, workspace = Path(folder) / "world", Path(folder) / "workspace"
        write_world(world, str(importers), seed=7)
        opened = open_workspace_folder(Settings(workspace=workspace))
        ingest(opened, [path for path in sorted(world.iterdir()) if path.is_file()])
        prepared_records(opened)
        told = json.loads(_own_process("--in-process", workspace))
        found = Measured(**{**told, "steps": [Step(**step) for step in told["steps"]]})
        opening = float(_own_process("--open", workspace))
    return found, opening


def _own_process(flag: str, workspace: Path) -> str:
    """What this program prints last in a process of its own: its memory and its imports are its own."""
    ran = subprocess.run([sys.executable, "-m", __spec__.name, flag, str(workspace)], check=True, capture_output=True)
    return ran.stdout.decode().splitlines()[-1]


def _built(folder: Path) -> Measured:
    """Build the index of a workspace's records, step by step as a load does."""
    workspace = open_workspace_folder(Settings(workspace=folder))
    steps: list[Step] = []
    with _step("records read", steps):
        prepared = prepared_records(workspace)
    with _step("identities", steps):
        registry = registry_of(prepared)
        records = identify(prepared, registry)
        del prepared
        clock = clock_of(records)
        assert clock is not None  # a world has records
    with _step("resolution, and what records claim beside it", steps):
        claimed, resolution = claimed_and_resolved(records, clock, lambda: resolve_alone(records))
    with _step("evidence, weighed, and its best paths", steps):
        evidence = evidence_of(records, resolution, clock, claimed)
        del claimed
    with _step("what scores rest on", steps):
        kept, scored = kept_and_scored(records, registry, evidence, clock)
    with _step("written", steps):
        write_index(workspace.index, evidence, resolution, 1, scoring=scored, ledger=kept)
    on_disk = sum(path.stat().st_size for path in workspace.index.rglob("*") if path.is_file()) / 2**20
    counts = len(records.importers), len(records.shipments), len(evidence.nodes), len(evidence.edges)
    return Measured(*counts, steps, peak_mib(), on_disk)


@contextmanager
def _step(name: str, steps: list[Step]) -> Iterator[None]:
    wall, cpu = time.perf_counter(), time.process_time()
    yield
    steps.append(Step(name, time.perf_counter() - wall, time.process_time() - cpu))


def _opened(folder: Path) -> float:
    """Seconds until an index that another process built has answered a first question; imports are not counted."""
    workspace = open_workspace_folder(Settings(workspace=folder))
    asked = LookupRequest(queries={"k": PartyQuestion(name="Harbor Lane Trading LLC", phones=["+12485648157"])})
    began = time.perf_counter()
    look_up(open_index(workspace.index), asked, workspace.hash_key)
    return time.perf_counter() - began


def _ends(sizes: list[Measured]) -> list[tuple[float, float]]:
    return [(sizes[0].wall, sizes[-1].wall), (sizes[0].cpu, sizes[-1].cpu)]


def _exponent(small: int, few: float, large: int, many: float) -> float:
    return math.log(many / few) / math.log(large / small)


if __name__ == "__main__":
    main()
