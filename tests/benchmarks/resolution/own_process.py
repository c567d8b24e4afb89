"""One resolver in a process of its own, so that what it takes is its own.

    python -m tests.benchmarks.resolution.own_process RIVAL RECORDS.parquet FOLDER [--least W] [--model FILE]

Writes the answer and ``usage.json`` into FOLDER: processor seconds (user and system, of the process and of all it
started, imports included) and the peak of resident memory. ``train`` as RIVAL writes Splink's model instead.
"""

import argparse
import json
import logging
import resource
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from tests.benchmarks.memory import peak_mib
from tests.benchmarks.resolution.answers import Answer

RIVALS = ("graphinv", "splink", "token_sort", "exact", "train")


@dataclass(frozen=True)
class Usage:
    """Processor seconds and peak memory (MiB) of a process with all it started."""

    cpu_seconds: float
    peak_mib: float


@dataclass(frozen=True)
class Measured:
    """An answer and what it took."""

    answer: Answer
    usage: Usage


def measured(
    rival: str, records: pl.DataFrame, folder: Path, least: float = 0.0, model: Path | None = None
) -> Measured:
    """Resolve in a process of its own; ``folder`` is new and keeps the files."""
    usage = in_own_process(rival, records, folder, least, model)
    return Measured(Answer.read(folder), usage)


def in_own_process(rival: str, records: pl.DataFrame, folder: Path, least: float, model: Path | None) -> Usage:
    """The same without reading the answer."""
    folder.mkdir(parents=True)
    source = folder / "records.parquet"
    records.write_parquet(source)
    command = [sys.executable, "-m", __name__, rival, str(source), str(folder), f"--least={least}"]
    subprocess.run([*command, *([f"--model={model}"] if model else [])], check=True)
    return Usage(**json.loads((folder / "usage.json").read_text()))


def resolved(rival: str, records: pl.DataFrame, least: float, model: Path | None) -> Answer:
    """The rival's answer; its libraries are loaded only here."""
    if rival == "splink":
        from tests.benchmarks.resolution import splink_rival

        return splink_rival.resolve(records, least, model)
    if rival == "graphinv":
        from graphinv.resolve.resolution import resolve_records

        ours = resolve_records(records)
        return Answer(ours.pairs, ours.entities)
    from tests.benchmarks.resolution import rivals

    return rivals.exact_rules(records) if rival == "exact" else rivals.token_sort(records, least)


def main() -> None:
    """Do what the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rival", choices=RIVALS)
    parser.add_argument("records", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--least", type=float, default=0.0, help="weight from which two records are one party")
    parser.add_argument("--model", type=Path, help="Splink's model to use, or with train to write")
    asked = parser.parse_args()
    logging.getLogger("splink").setLevel(logging.ERROR)  # it tells every level that no pair reached
    records = pl.read_parquet(asked.records)
    if asked.rival == "train":
        from tests.benchmarks.resolution import splink_rival

        splink_rival.train(records, asked.model)
    else:
        resolved(asked.rival, records, asked.least, asked.model).write(asked.folder)
    (asked.folder / "usage.json").write_text(json.dumps(_usage().__dict__))


def _usage() -> Usage:
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    seconds = own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime
    return Usage(seconds, max(peak_mib(), children.ru_maxrss / 1024))


if __name__ == "__main__":
    main()
