"""Refused rows: kept with file, line, field, value and reason, listed, and exported to be mended."""

import os
from collections import Counter
from datetime import datetime
from hashlib import blake2b
from pathlib import Path

import orjson
import polars as pl
from sqlalchemy import select

from graphinv.errors import InvalidInput
from graphinv.ingest.pieces import LINE
from graphinv.ingest.validation import EXPORT_PREFIX, REFUSED_SCHEMA
from graphinv.ingest.values import MOMENT
from graphinv.records import FEEDS, Feed, feed_named
from graphinv.state import BATCHES, CHUNKS
from graphinv.workspace import Workspace

_DIGEST_BYTES = 16

#: Columns of a list of refused rows. ``row`` holds the cells as JSON, ``text`` the line itself where it is no row.
QUARANTINE_SCHEMA = {"id": pl.String, "feed": pl.String, "file": pl.String, **REFUSED_SCHEMA}


class FileQuarantine:
    """Numbers the refused rows of one file, so that a file loaded again does not list them twice.

    A refused row is known by where its file lies, what it says, and which of its equals in the file it is: lines may
    shift when a file grows. A file that came over the API lies nowhere: its name counts.
    """

    def __init__(self, feed: str, path: Path, incoming: Path) -> None:
        self._feed = feed
        self._path = path
        place = Path(os.path.abspath(path))  # noqa: PTH100 - links are left as the user gave them, ".." is not
        self._place = path.name if incoming in place.parents else place.as_posix()
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
            name = f"{self._feed}\x1f{self._place}\x1f{occurrence}".encode()
            ids.append(blake2b(digest + name, digest_size=_DIGEST_BYTES).hexdigest())
            digests.append(digest)
        entered = refused.with_columns(
            pl.Series("id", ids, dtype=pl.String),
            pl.lit(self._feed).alias("feed"),
            pl.lit(str(self._path)).alias("file"),
        )
        return entered.select(*QUARANTINE_SCHEMA), b"".join(digests)


def quarantined(workspace: Workspace, feed: str | None = None, *, mended: bool = False) -> pl.DataFrame:
    """Refused rows (of one feed) that wait to be mended, in the order in which they came; ``mended``: the others too.

    Columns: ``id``, ``feed``, ``file``, ``line``, ``field``, ``value``, ``reason``, ``row`` (the cells as JSON),
    ``text`` (the line itself, where it is no row) and ``mended``. Social security numbers in them are hashed or masked.
    A row counts as mended when one with its key was accepted later; one that has no key, or none that can be read,
    never does.
    """
    feeds = FEEDS.values() if feed is None else [feed_named(feed)]
    found = pl.concat([_EMPTY, *(_refused_of(workspace, one) for one in feeds)]).sort(
        "committed_at", maintain_order=True
    )
    return found.filter(pl.lit(mended) | ~pl.col("mended")).drop("committed_at")


_EMPTY = pl.DataFrame(schema={**QUARANTINE_SCHEMA, "committed_at": MOMENT, "mended": pl.Boolean})


def _refused_of(workspace: Workspace, feed: Feed) -> pl.DataFrame:
    query = select(CHUNKS.c.quarantine, CHUNKS.c.committed_at).where(
        CHUNKS.c.feed == feed.name, CHUNKS.c.quarantine.is_not(None)
    )
    with workspace.engine.connect() as connection:
        entries = connection.execute(query.order_by(CHUNKS.c.committed_at)).all()
    if not entries:
        return _EMPTY
    folder = workspace.quarantine / feed.name
    frames = [
        pl.read_parquet(folder / f"{name}.parquet").with_columns(pl.lit(moment).alias("committed_at"))
        for name, moment in entries
    ]
    rows = pl.concat(frames).with_columns(_record_id(feed).alias("record_id"))
    accepted = _last_accepted(workspace, feed, rows["record_id"].drop_nulls().unique(), after=entries[0][1])
    mended = (pl.col("accepted_at") > pl.col("committed_at")).fill_null(value=False).alias("mended")
    joined = rows.join(accepted, on="record_id", how="left", maintain_order="left").with_columns(mended)
    return joined.select(_EMPTY.columns)


def _record_id(feed: Feed) -> pl.Expr:
    """The record that a refused row would have become; null where a part of its key is missing."""
    parts = [pl.col("row").str.json_path_match(f"$.{name}").str.strip_chars().replace("", None) for name in feed.key]
    return pl.concat_str(pl.lit(f"{feed.name}:"), pl.concat_str(*parts, separator="/"))


def _last_accepted(workspace: Workspace, feed: Feed, wanted: pl.Series, after: datetime) -> pl.DataFrame:
    """(record_id, accepted_at): when the newest version of each of some records was accepted, if later than that."""
    query = select(BATCHES.c.batch, BATCHES.c.committed_at).where(
        BATCHES.c.feed == feed.name, BATCHES.c.committed_at > after
    )
    with workspace.engine.connect() as connection:
        batches = connection.execute(query).all()
    none = pl.LazyFrame(schema={"record_id": pl.String(), "accepted_at": MOMENT})
    found = [
        pl.scan_parquet(workspace.records / feed.name / f"{name}.parquet")
        .select("record_id", pl.lit(moment).alias("accepted_at"))
        .filter(pl.col("record_id").is_in(wanted.implode()))
        for name, moment in batches
    ]
    return pl.concat([none, *found]).group_by("record_id").agg(pl.max("accepted_at")).collect()


def known_quarantine(workspace: Workspace, feed: str) -> set[str]:
    """Ids of the refused rows of a feed."""
    folder = workspace.quarantine / feed
    return set().union(*(pl.read_parquet(path, columns=["id"])["id"] for path in folder.glob("*.parquet")))


def export_quarantine(workspace: Workspace, feed: str, target: Path | str) -> int:
    """Write the refused rows of a feed that wait to be mended as a file of that feed; returns their number.

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
