"""Which files a load reads, of which feed, and in which format."""

import glob
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from graphinv.errors import FeedError
from graphinv.ingest.accounting import FeedWarning
from graphinv.records import FEEDS, Feed, feed_named
from graphinv.workspace import WORKSPACE_MARKER


class FileFormat(StrEnum):
    """How a file is written."""

    CSV = "csv"
    JSON_LINES = "jsonl"
    PARQUET = "parquet"


_FORMATS = {
    ".csv": FileFormat.CSV,
    ".jsonl": FileFormat.JSON_LINES,
    ".ndjson": FileFormat.JSON_LINES,
    ".parquet": FileFormat.PARQUET,
}


@dataclass(frozen=True)
class Source:
    """One file to read as one feed."""

    path: Path
    feed: Feed
    format: FileFormat
    gzipped: bool = False


@dataclass(frozen=True)
class Sources:
    """The files of a load, and what was skipped."""

    files: tuple[Source, ...]
    warnings: tuple[FeedWarning, ...]


def find_sources(paths: Sequence[Path | str], feed: str | None = None) -> Sources:
    """All feed files that the paths (files, folders, globs) name, each once, in a fixed order.

    Args:
        paths: folders are read recursively.
        feed: read every file as this feed; otherwise the first word of its name tells.

    Raises:
        FeedError: a path that names nothing.
        InvalidInput: no such feed.
    """
    given = feed_named(feed) if feed else None
    files: dict[Path, Source] = {}
    warnings: list[FeedWarning] = []
    for path in dict.fromkeys(found for one in paths for found in _expand(Path(one))):
        source = _source(path, given)
        if isinstance(source, Source):
            files[path] = source
        else:
            warnings.append(source)
    if not files:
        asked = ", ".join(str(path) for path in paths)
        names = ", ".join(FEEDS)
        warnings.append(FeedWarning("", asked, "", f"nothing to read: no file's name starts with a feed's ({names})"))
    return Sources(tuple(files.values()), tuple(warnings))


def _expand(path: Path) -> Iterator[Path]:
    if path.is_dir():
        if (path / WORKSPACE_MARKER).exists():
            raise FeedError(f"{path} is a graphinv workspace; name the folder with the feeds instead")
        workspaces = {marker.parent for marker in path.rglob(WORKSPACE_MARKER)}
        files = (one for one in path.rglob("*") if one.is_file() and not one.name.startswith("."))
        yield from sorted(one for one in files if workspaces.isdisjoint(one.parents))
    elif path.exists():
        yield path
    else:
        matches = sorted(glob.glob(str(path.expanduser()), recursive=True))  # noqa: PTH207 - absolute globs too
        if not matches:
            raise FeedError(f"{path}: no such file, folder or pattern")
        for match in matches:
            yield from _expand(Path(match))


def _source(path: Path, given: Feed | None) -> Source | FeedWarning:
    form, gzipped = source_format(path)
    feed = given or FEEDS.get(re.split(r"[^a-z]+", path.name.lower())[0])
    if form is None:
        return FeedWarning(feed.name if feed else "", str(path), "", "skipped: no CSV, JSON Lines or Parquet file")
    if feed is None:
        return FeedWarning("", str(path), "", "skipped: its name starts with no feed's name")
    return Source(path, feed, form, gzipped)


def source_format(path: Path) -> tuple[FileFormat | None, bool]:
    """How a file is written, by its name (None: in no way that is read), and whether it is gzipped."""
    name = path.name.lower()
    gzipped = name.endswith(".gz")
    form = _FORMATS.get(Path(name.removesuffix(".gz")).suffix)
    return (None if gzipped and form is FileFormat.PARQUET else form), gzipped
