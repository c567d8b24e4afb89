"""Feeds for tests: the sample feeds, invented worlds, small stories, and the same files cut into pieces."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import polars as pl

from graphinv.ingest import RecordStore
from graphinv.load.verify import Verification
from graphinv.opened import open_workspace
from graphinv.records import FEEDS, KNOWN_AT
from graphinv.settings import Settings

SAMPLES = Path(__file__).resolve().parent.parent / "data" / "sample_feeds"

Row = Mapping[str, str]


def feed_files(folder: Path) -> list[Path]:
    """The feed files of a folder, without those that explain it."""
    found = [path for path in folder.rglob("*") if path.name.split(".")[0].split("-")[0] in FEEDS]
    return sorted(path for path in found if "truth" not in path.parts)


def cut(files: Iterable[Path], into: Path, parts: int) -> list[list[Path]]:
    """The same rows in so many folders: every CSV file is cut, every other file goes to one of them."""
    into.mkdir()
    groups: list[list[Path]] = [[] for _ in range(parts)]
    for number, path in enumerate(files):
        if path.suffix != ".csv":
            groups[number % parts].append(path)
            continue
        header, *lines = path.read_bytes().splitlines(keepends=True)
        for part, (start, end) in enumerate(_spans(lines, parts)):
            if start < end:
                piece = into / f"{path.stem}-{number}-{part}.csv"
                piece.write_bytes(header + b"".join(lines[start:end]))
                groups[part].append(piece)
    return groups


def _spans(lines: Sequence[bytes], parts: int) -> list[tuple[int, int]]:
    """Where to cut: only between two lines without quotes, since a quoted field may run over lines."""
    edges = [0]
    for part in range(1, parts):
        at = len(lines) * part // parts
        while at < len(lines) and b'"' in lines[at - 1] + lines[at]:
            at += 1
        edges.append(max(at, edges[-1]))
    return list(zip(edges, [*edges[1:], len(lines)], strict=True))


def write_rows(folder: Path, **feeds: Sequence[Row]) -> Path:
    """A folder with one CSV file per feed, with the columns that its rows name."""
    folder.mkdir(parents=True, exist_ok=True)
    for feed, rows in feeds.items():
        names = list(dict.fromkeys(name for row in rows for name in row))
        with (folder / f"{feed}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, names)
            writer.writeheader()
            writer.writerows(rows)
    return folder


def loaded(settings: Settings, *loads: Sequence[Path]) -> Verification:
    """Load one group of files after the other, and compare the records with the graph."""
    with open_workspace(settings=settings) as opened:
        for paths in loads:
            opened.load(paths)
        return opened.verify()


def _as_seized(seizures: pl.DataFrame, moment: datetime) -> pl.DataFrame:
    end = pl.col("status_on_ts").dt.truncate("1d") + timedelta(days=1)
    later = (pl.col("status_on_ts").dt.date() > pl.col(KNOWN_AT).dt.date()) & (end > moment)
    return seizures.with_columns(
        status=pl.when(later).then(pl.lit("seized")).otherwise("status"),
        status_on=pl.when(~later.fill_null(value=False)).then("status_on"),
    )


def feeds_known_by(moment: datetime, records: RecordStore, folder: Path) -> Path:
    """The feeds as far as they were known by a moment, every row as it was written; but goods whose status came later
    are written as seized, since that is how their row stood then."""
    folder.mkdir()
    for name, feed in FEEDS.items():
        known = records.scan(name).filter(pl.col(KNOWN_AT) <= moment).collect()
        if name == "seizures":
            known = _as_seized(known, moment)
        known.select(*feed.names, pl.col("known_at_text").alias(KNOWN_AT)).write_csv(folder / f"{name}.csv")
    return folder
