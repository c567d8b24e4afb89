"""A file made ready to be read: its header checked, its mapping at hand; then its pieces, one after another."""

import gzip
import hashlib
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO, cast

import polars as pl

from graphinv.errors import FeedError
from graphinv.ingest.accounting import FeedWarning
from graphinv.ingest.csv_reader import CsvHeader, headerless, read_csv, read_header
from graphinv.ingest.json_reader import read_json_lines
from graphinv.ingest.mapping import Beside, Mapping, apply_mapping, blank_to_null, gather_beside, plain_name
from graphinv.ingest.parquet_reader import PIECE_ROWS, parquet_names, read_parquet
from graphinv.ingest.pieces import BLOCK_BYTES, LINE, ParsedPiece, Piece
from graphinv.ingest.sources import FileFormat, Source, source_format

_DAMAGED_ARCHIVE = (EOFError, gzip.BadGzipFile, zlib.error)


@dataclass(frozen=True)
class Translation:
    """A mapping with what the files beside one file hold. ``salt`` changes whenever either does."""

    mapping: Mapping
    beside: dict[str, pl.DataFrame]
    salt: str

    def of(self, piece: Piece) -> Piece:
        """The piece, its rows in the feed's columns."""

        def parse() -> ParsedPiece:
            parsed = piece.parse()
            return replace(parsed, rows=apply_mapping(self.mapping, parsed.rows, self.beside))

        return replace(piece, parse=parse)


@dataclass(frozen=True)
class Reading:
    """A file ready to be read. ``header`` is None for formats without one, and for an empty file."""

    source: Source
    header: CsvHeader | None = None
    translation: Translation | None = None
    warnings: tuple[FeedWarning, ...] = field(default=())

    def pieces(self, block_bytes: int = BLOCK_BYTES) -> Iterator[tuple[Piece, int]]:
        """The file's pieces, each with how many bytes of the file on disk it took. Digests tell of pieces of the usual
        size; smaller ones take less memory.

        Raises:
            FeedError: the file cannot be read to its end.
        """
        translation = self.translation
        salt = self.source.feed.name + (translation.salt if translation else "")
        for piece, size in _pieces(self.source, self.header, salt, block_bytes):
            yield (translation.of(piece) if translation else piece), size


def make_ready(sources: Sequence[Source], mapping: Mapping | None) -> list[Reading]:
    """Check every file before anything is read.

    Raises:
        FeedError: a file that cannot be one of its feed; says which, and the way out.
    """
    return [_ready(source, mapping) for source in sources]


def _ready(source: Source, mapping: Mapping | None) -> Reading:
    header: CsvHeader | None = None
    names: tuple[str, ...] | None = None
    if source.format is FileFormat.PARQUET:
        names = tuple(parquet_names(source.path))
    elif source.format is FileFormat.CSV:
        columns = mapping.columns if mapping else ()
        with opened(source.path, source.gzipped) as (stream, _):
            header = headerless(stream, columns) if columns else read_header(stream)
        names = header.names if header else None
    warnings: list[FeedWarning] = []
    if source.format is FileFormat.CSV and header is None:
        warnings.append(FeedWarning(source.feed.name, str(source.path), "", "empty file"))
    if names is not None:
        _check_names(source, names, mapping)
    translation = _translation(source, mapping, warnings) if mapping else None
    return Reading(source, header, translation, tuple(warnings))


def _check_names(source: Source, names: tuple[str, ...], mapping: Mapping | None) -> None:
    if mapping:
        wanted, found = mapping.sources, {plain_name(name) for name in names}
        way_out = f"the mapping needs some of {', '.join(sorted(wanted))}"
    else:
        wanted = frozenset(column.name for column in source.feed.all_columns)
        found = {name.strip().lower() for name in names}
        required = ", ".join(source.feed.required)
        way_out = f"it needs a header with comma-separated names ({required}, ...), or a --mapping for its shape"
    if not wanted & found:
        raise FeedError(f"{source.path}: its first line names no column of the feed {source.feed.name}; {way_out}")


def _translation(source: Source, mapping: Mapping, warnings: list[FeedWarning]) -> Translation:
    """The mapping with the files beside; one that is missing or has broken lines is told as a warning."""
    gathered: dict[str, pl.DataFrame] = {}
    salt = hashlib.sha256(mapping.digest.encode())
    for name, beside in mapping.beside.items():
        rows = pl.DataFrame(schema=dict.fromkeys((beside.key, *beside.columns), pl.String))
        path = _find_beside(source.path, beside)
        if path is None:
            reason = f"no file {beside.file} beside it: loaded without its {name}"
            warnings.append(FeedWarning(mapping.feed, str(source.path), "", reason))
        else:
            rows, broken, digest = _read_beside(path, beside)
            salt.update(digest.encode())
            if broken:
                warnings.append(FeedWarning(mapping.feed, str(path), "", "broken line, left out", broken))
        gathered[name] = gather_beside(beside, blank_to_null(rows, mapping.blank), name)
    return Translation(mapping, gathered, salt.hexdigest())


def _find_beside(path: Path, beside: Beside) -> Path | None:
    for one in sorted(path.parent.iterdir()):
        form, _ = source_format(one)
        if form is FileFormat.CSV and one.name.lower().split(".")[0] == beside.file:
            return one
    return None


def _read_beside(path: Path, beside: Beside) -> tuple[pl.DataFrame, int, str]:
    """A whole file beside (they are lists of some thousand rows), its broken lines, and its digest."""
    with opened(path, path.name.lower().endswith(".gz")) as (stream, _):
        header = headerless(stream, beside.columns) if beside.columns else read_header(stream)
    if header is None:
        return pl.DataFrame(schema=dict.fromkeys((beside.key, *beside.columns), pl.String)), 0, ""
    with opened(path, path.name.lower().endswith(".gz")) as (stream, _):
        pieces = list(read_csv(stream, header, beside.file))
    parsed = [piece.parse() for piece in pieces]
    rows = pl.concat([one.rows.drop(LINE) for one in parsed])
    return rows, sum(len(one.broken) for one in parsed), "".join(piece.digest for piece in pieces)


@contextmanager
def opened(path: Path, gzipped: bool) -> Iterator[tuple[BinaryIO, BinaryIO]]:
    """The (unzipped) bytes of a file, and the file as it lies on disk."""
    try:
        with path.open("rb") as raw:
            yield (cast(BinaryIO, gzip.GzipFile(fileobj=raw)) if gzipped else raw), raw
    except _DAMAGED_ARCHIVE as error:
        raise FeedError(
            f"{path}: the archive is damaged or cut short ({error}); the rows before that are loaded; "
            "get the file again and load it"
        ) from error
    except OSError as error:
        raise FeedError(f"{path} cannot be read: {error.strerror or error}") from error


def _pieces(source: Source, header: CsvHeader | None, salt: str, block_bytes: int) -> Iterator[tuple[Piece, int]]:
    if source.format is FileFormat.PARQUET:
        for piece in read_parquet(source.path, salt, PIECE_ROWS * block_bytes // BLOCK_BYTES):
            yield piece, piece.size
        return
    with opened(source.path, source.gzipped) as (stream, raw):
        done = 0
        if source.format is FileFormat.JSON_LINES:
            pieces = read_json_lines(stream, salt, block_bytes)
        elif header is None:
            return
        else:
            pieces = read_csv(stream, header, salt, block_bytes)
        for piece in pieces:
            position = raw.tell()
            yield piece, position - done
            done = position
