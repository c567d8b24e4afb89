"""How fast a long file is screened, and whether memory stays the same from its first rows to its last.

    python -m tests.benchmarks.bench_screen [--rows 1000000] [--size small] [--folder DIR]

A world is invented, recorded and indexed; the rows are shipments of another world, written again under other ids until
there are enough. ``graphinv screen`` runs as users run it, in processes of its own. Their memory is told together:
what they share counts once (PSS, where the system tells it). ``--folder`` keeps what was made for the next run.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from graphinv.worlds import write_world
from tests.benchmarks.bounds import end_with
from tests.benchmarks.indexed import index_records, model_of, recorded

#: By how much memory may grow from the first quarter of the time to the last, and how much it may be at all.
GROWTH, MOST_MIB = 1.2, 1536.0

_PAUSE_S = 2.0


@dataclass(frozen=True)
class _Run:
    """What it said at its end, the seconds it took, of the processors too, and the memory of all processes from time to
    time."""

    said: str
    wall: float
    cpu: float
    mib: list[float]


def main() -> None:
    """Print the figures; ends with status 1 when memory grows or rows are lost."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--size", default="small", help="size of the world that is on record")
    parser.add_argument("--folder", type=Path, help="keep what is made here, and take it from here the next time")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() if asked.folder is None else nullcontext(asked.folder) as place:
        folder = Path(place)
        workspace = _indexed(folder, asked.size)
        rows = _rows(folder / f"shipments-{asked.rows}.csv", asked.rows)
        scores = folder / "scores.csv"
        scores.unlink(missing_ok=True)
        run = _screened(workspace, rows, scores)
        told = pl.scan_csv(scores).select(pl.len()).collect().item()
    print(run.said)
    read, screened, refused = (
        int(count.replace(",", "")) for count in re.findall(r"([\d,]+) (?:read|scr|ref)", run.said)
    )
    quarter = max(1, len(run.mib) // 4)
    first, last = max(run.mib[:quarter]), max(run.mib[-quarter:])
    rate, per_cpu = asked.rows / run.wall, asked.rows / run.cpu
    print(f"{asked.rows:,} rows in {run.wall:,.0f} s: {rate:,.0f} a second, {per_cpu:,.0f} a second of a processor")
    print(f"memory of all processes: at most {max(run.mib):,.0f} MiB, {first:,.0f} at first, {last:,.0f} at last")
    held = {
        f"memory grows by at most {GROWTH - 1:.0%}": last <= GROWTH * first,
        f"at most {MOST_MIB:,.0f} MiB": max(run.mib) <= MOST_MIB,
        "every row has its score, or was refused": read == asked.rows and told == screened == read - refused,
    }
    end_with(held.items())


def _indexed(folder: Path, size: str) -> Path:
    workspace = folder / "workspace"
    if not (workspace / "index" / "CURRENT").exists():
        write_world(folder / "world", size, seed=31)
        with recorded(workspace, folder / "world") as opened:
            index_records(opened, model_of(opened))
    return workspace


def _rows(path: Path, count: int) -> Path:
    """A file of so many shipments of another world."""
    if path.exists():
        return path
    with tempfile.TemporaryDirectory(dir=path.parent) as other:
        write_world(Path(other), "medium", seed=32)
        filed = pl.concat([pl.read_parquet(part) for part in sorted(Path(other).glob("shipments-*.parquet"))])
    filed = filed.unique("shipment_id", keep="first", maintain_order=True)
    ids = pl.col("shipment_id")
    with path.with_suffix(".part").open("wb") as out:
        for start in range(0, count, len(filed)):
            again = filed.head(count - start).with_columns(pl.format("{}-{}", ids, start).alias("shipment_id"))
            again.write_csv(out, include_header=start == 0)
    path.with_suffix(".part").rename(path)
    return path


def _screened(workspace: Path, rows: Path, scores: Path) -> _Run:
    graphinv = Path(sys.executable).with_name("graphinv")
    order = [str(graphinv), "screen", str(rows), "-o", str(scores), "-w", str(workspace)]
    began, before, mib = time.perf_counter(), os.times(), []
    with tempfile.TemporaryFile("w+", encoding="utf-8") as log:
        process = subprocess.Popen(order, stdout=log, stderr=subprocess.STDOUT)
        try:
            while process.poll() is None:
                time.sleep(_PAUSE_S)
                mib.append(_memory_mib(process.pid))
        finally:
            process.kill()
            process.wait()
        log.seek(0)
        said = log.read()
    if process.returncode:
        raise SystemExit(f"screening ended with status {process.returncode}: {said}")
    after = os.times()
    cpu = after.children_user - before.children_user + after.children_system - before.children_system
    end = next(line for line in reversed(said.splitlines()) if " screened" in line)
    return _Run(end, time.perf_counter() - began, cpu, mib)


def _memory_mib(pid: int) -> float:
    """Of a process and all that it started; 0 when it has ended meanwhile."""
    kib = 0
    for one in _with_children(pid):
        try:
            told = Path(f"/proc/{one}/smaps_rollup").read_text(encoding="utf-8")
        except OSError:
            continue
        found = re.search(r"^Pss:\s+(\d+)", told, re.MULTILINE)
        kib += int(found[1]) if found else 0
    return kib / 1024


def _with_children(pid: int) -> list[int]:
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = task.read_text(encoding="utf-8").split()
        except OSError:
            continue
        for child in children:
            found += _with_children(int(child))
    return found


if __name__ == "__main__":
    main()
