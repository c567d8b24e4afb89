"""Refused rows: kept with file, line, field, value and reason, listed, and exported to be mended."""

from collections import Counter
from hashlib import blake2b
from pathlib import Path

import orjson
import polars as pl
from sqlalchemy import select

from graphinv.errors import InvalidInput
from graphinv.ingest.pieces import LINE
from graphinv.ingest.validation import EXPORT_PREFIX, REFUSED_SCHEMA
from graphinv.records import feed_named
from graphinv.workspace import CHUNKS, Workspace

_DIGEST_BYTES = 16

#: Columns of a list of refused rows. ``row`` holds the cells as JSON, ``text`` the line itself where it is no row.
QUARANTINE_SCHEMA = {"id": pl.String, "feed": pl.String, "file": pl.String, **REFUSED_SCHEMA}


class FileQuarantine:
    """Numbers the refused rows of one file, so that a file loaded again does not list them twice.

    A refused row is known by its file's name, what it says, and which of its equals in the file it is: lines may
    shift when a file grows.
    """

    def __init__(self, feed: str, path: Path) -> None:
        self._feed = feed
        self._path = path
        self._seen: Counter[bytes] = Counter()

    def skip(self, digests: bytes) -> None:
        """Count the refused rows of a piece that was committed before and is not read again."""
        for at in range(0, len(digests), _DIGEST_BYTES):
            self._seen[digests[at : at + _DIGEST_BYTES]] += 1

    def enter(self, refused: pl.DataFrame) -> tuple[pl.DataFrame, bytes]:
        """The refused rows of a piece with their ids, and their digests for ``skip``."""
        digests: list[bytes] = []
        ids: list[str] = []
        said = refused.select(pl.coalesce("text", "row")).to_series()
        for text in said:
            digest = blake2b(text.encode(), digest_size=_DIGEST_BYTES).digest()
            occurrence = self._seen[digest]
            self._seen[digest] += 1
            name = f"{self._feed}\x1f{self._path.name}\x1f{occurrence}".encode()
            ids.append(blake2b(digest + name, digest_size=_DIGEST_BYTES).hexdigest())
            digests.append(digest)
        entered = refused.with_columns(
            pl.Series("id", ids, dtype=pl.String),
            pl.lit(self._feed).alias("feed"),
            pl.lit(str(self._path)).alias("file"),
        )
        return entered.select(*QUARANTINE_SCHEMA), b"".join(digests)


def quarantined(workspace: Workspace, feed: str | None = None) -> pl.DataFrame:
    """All refused rows (of one feed), in the order in which they came.

    Columns: ``id``, ``feed``, ``file``, ``line``, ``field``, ``value``, ``reason``, ``row`` (the cells as JSON) and
    ``text`` (the line itself, where it is no row). Social security numbers in them are hashed or masked.
    """
    if feed is not None:
        feed_named(feed)
    query = select(CHUNKS.c.feed, CHUNKS.c.quarantine).where(CHUNKS.c.quarantine.is_not(None))
    query = query.order_by(CHUNKS.c.committed_at)
    with workspace.engine.connect() as connection:
        entries = connection.execute(query).all()
    frames = [
        pl.read_parquet(workspace.quarantine / entry.feed / f"{entry.quarantine}.parquet")
        for entry in entries
        if feed in (None, entry.feed)
    ]
    return pl.concat([pl.DataFrame(schema=QUARANTINE_SCHEMA), *frames])


def known_quarantine(workspace: Workspace, feed: str) -> set[str]:
    """Ids of the refused rows of a feed."""
    folder = workspace.quarantine / feed
    return set().union(*(pl.read_parquet(path, columns=["id"])["id"] for path in folder.glob("*.parquet")))


def export_quarantine(workspace: Workspace, feed: str, target: Path | str) -> int:
    """Write the refused rows of a feed as a file of that feed, to be mended and loaded again; returns their number.

    The feed's own columns come first, then ``quarantine_file``, ``_line``, ``_field``, ``_reason`` and ``_text`` (the
    raw line, where it was no row); a load ignores those. Name the file after the feed, or load it with ``--feed``.

    Raises:
        InvalidInput: the target's name ends neither in .csv nor in .jsonl.
    """
    path = Path(target)
    declared = feed_named(feed)
    rows = quarantined(workspace, feed)
    names = [column.name for column in declared.all_columns]
    cells = [orjson.loads(row) if row else {} for row in rows["row"]]
    columns = {name: [row.get(name) for row in cells] for name in names}
    frame = pl.DataFrame(columns, schema=dict.fromkeys(names, pl.String)).with_columns(
        rows.select(pl.col(name).alias(EXPORT_PREFIX + name) for name in ("file", LINE, "field", "reason", "text"))
    )
    if path.suffix == ".csv":
        frame.write_csv(path)
    elif path.suffix == ".jsonl":
        frame.write_ndjson(path)
    else:
        raise InvalidInput(f"{path.name}: the quarantine is exported as .csv or .jsonl")
    return frame.height
