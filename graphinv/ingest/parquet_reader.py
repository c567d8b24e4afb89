"""Parquet files in pieces, their typed columns written as the text a CSV cell would hold."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from graphinv.errors import FeedError
from graphinv.ingest.pieces import LINE, ParsedPiece, Piece, piece_digest

PIECE_ROWS = 131_072


def parquet_names(path: Path) -> tuple[str, ...]:
    """Column names of a Parquet file.

    Raises:
        FeedError: it is no readable Parquet file.
    """
    try:
        return tuple(pq.read_schema(path).names)
    except (pa.ArrowException, OSError) as error:
        raise FeedError(f"{path} is no readable Parquet file: {error}") from error


def read_parquet(path: Path, salt: str, piece_rows: int = PIECE_ROWS) -> Iterator[Piece]:
    """Pieces of a Parquet file; ``line`` is the row's number, the first is 1."""
    with path.open("rb") as handle:
        content = hashlib.file_digest(handle, "sha256").hexdigest()
    row = 1
    with pq.ParquetFile(path) as file:
        row_bytes = path.stat().st_size / max(file.metadata.num_rows, 1)
        for batch in file.iter_batches(batch_size=piece_rows):
            yield _piece(batch, row, round(batch.num_rows * row_bytes), f"{salt}\n{content}")
            row += batch.num_rows


def _piece(batch: pa.RecordBatch, row: int, size: int, salt: str) -> Piece:
    def parse() -> ParsedPiece:
        frame = pl.DataFrame(pa.Table.from_batches([batch]))
        return ParsedPiece(_as_text(frame).with_columns(pl.int_range(row, row + pl.len(), dtype=pl.Int64).alias(LINE)))

    return Piece(piece_digest(salt, f"{row}+{batch.num_rows}".encode()), row, size, parse)


def _as_text(frame: pl.DataFrame) -> pl.DataFrame:
    first = {name.strip().lower(): name for name in reversed(frame.columns)}
    return frame.select(
        text_of(pl.col(spelt), frame.schema[spelt]).alias(name)
        for name, spelt in first.items()
        if name and name != LINE
    )


def text_of(value: pl.Expr, kind: pl.DataType) -> pl.Expr:
    """A typed column as text: ISO 8601 for dates and times (UTC), whole numbers without a decimal point."""
    if isinstance(kind, pl.Datetime):
        moment = value.dt.convert_time_zone("UTC") if kind.time_zone else value
        text = moment.dt.strftime("%Y-%m-%dT%H:%M:%S%.f").str.replace(r"\.(\d*?)0*$", ".$1")
        return text.str.strip_chars_end(".") + "Z"
    if isinstance(kind, pl.Date):
        return value.dt.strftime("%Y-%m-%d")
    if kind.is_float() or kind.is_decimal():
        return value.cast(pl.String).str.replace(r"\.0*$", "").str.replace(r"(\.\d*?)0+$", "$1")
    if isinstance(kind, pl.List | pl.Array):
        items = value.arr.to_list() if isinstance(kind, pl.Array) else value
        return items.cast(pl.List(pl.String)).list.join(";")
    if isinstance(kind, pl.Struct):
        return value.struct.json_encode()
    if isinstance(kind, pl.Binary):
        return value.cast(pl.String, strict=False)
    return value.cast(pl.String)
