"""Which party every record names: the identity that an importer's, a seller's, a consignee's or a shipper's record
declares, kept in ``projection/record-parties/<maker>-<batches>.parquet``, sorted by identity.

It is made again from the records when others came in, by whoever asks first, and is there whole or not at all.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from graphinv.drafts import draft_of
from graphinv.errors import InvalidInput
from graphinv.ingest import RecordStore
from graphinv.ingest.privacy import hash_numbers
from graphinv.records import FEEDS, PARTY_ROLES
from graphinv.workspace import Workspace

if TYPE_CHECKING:
    from graphinv.resolve.identities import PreparedRecords

_FOLDER = "record-parties"
#: Part of the file's name; raise it whenever this file changes what it gives.
_VERSION = 1
_SEVERAL = "shipments"


def record_parties(workspace: Workspace) -> pl.LazyFrame:
    """(record_id, uid, role, first_seen, last_seen, known_at), sorted by uid and record_id.

    A row a record and party: ``shipments:X1#consignee`` and ``shipments:X1#shipper`` are two records. ``role`` is
    importer, seller, consignee or shipper; the days are those of the record's versions.
    """
    newest = RecordStore(workspace).newest_seq()
    path = _path(workspace, newest)
    if not path.exists():
        from graphinv.prepared import prepared_records
        from graphinv.resolve.identities import identify

        write_record_parties(workspace, identify(prepared_records(workspace)), newest)
    return pl.scan_parquet(path)


def write_record_parties(workspace: Workspace, identified: "PreparedRecords", newest: int) -> None:
    """Keep the table of records that hold every batch up to ``newest``; of older tables only the last one stays, for
    whoever reads it now."""
    path = _path(workspace, newest)
    with draft_of(path) as draft:
        table(identified).write_parquet(draft, compression="zstd", compression_level=1, row_group_size=50_000)
    for old in sorted(path.parent.glob("*.parquet"), key=lambda old: old.stat().st_mtime)[:-2]:
        old.unlink(missing_ok=True)


def _path(workspace: Workspace, newest: int) -> Path:
    from graphinv.resolve.prepare import PREPARED_VERSION

    return workspace.projection / _FOLDER / f"{PREPARED_VERSION}.{_VERSION}-{newest}.parquet"


def table(identified: "PreparedRecords") -> pl.DataFrame:
    """The table itself, of identified records."""
    shipments = identified.shipments
    roles = [
        _role(identified.importers, "uid", "importer", ""),
        _role(identified.sellers, "uid", "seller", ""),
        _role(shipments, "importer_uid", "consignee", "#consignee"),
        _role(shipments, "shipper_uid", "shipper", "#shipper"),
    ]
    rows = pl.concat([_merged(roles[0]), _merged(roles[1]), *roles[2:]])
    return rows.sort("uid", "record_id").select("record_id", "uid", "role", "first_seen", "last_seen", "known_at")


def _merged(registrations: pl.DataFrame) -> pl.DataFrame:
    """One row for all versions of a registration; of a shipment there is one version anyway."""
    days = (pl.col("first_seen").min(), pl.col("last_seen").max(), pl.col("known_at").min())
    return registrations.group_by("record_id", "uid", "role").agg(*days)


def _role(rows: pl.DataFrame, uid: str, role: str, suffix: str) -> pl.DataFrame:
    return rows.select(
        pl.col("record_id") + suffix,
        pl.col(uid).alias("uid"),
        pl.lit(role).alias("role"),
        pl.col("seen").alias("first_seen"),
        pl.col("seen").alias("last_seen"),
        "known_at",
    ).drop_nulls("uid")


def records_of(names: pl.Series) -> pl.Series:
    """The records behind names, without the role of a party in them: the last one, as a shipment's own id may end like
    one, too. Names that are uids, or records of one party, are left as they are."""
    return names.str.replace(rf"(?s)^({_SEVERAL}:.*)(?:{'|'.join(PARTY_ROLES)})$", "${1}")


def uids_of(workspace: Workspace, names: Iterable[str]) -> Mapping[str, str]:
    """The identity behind each name, which is a record id or already a uid; names of nobody are left out."""
    wanted = pl.Series(list(dict.fromkeys(names)), dtype=pl.String).implode()
    parties = record_parties(workspace)
    records = parties.filter(pl.col("record_id").is_in(wanted)).select("record_id", "uid")
    known = parties.filter(pl.col("uid").is_in(wanted)).select(pl.col("uid").alias("record_id"), "uid").unique()
    return dict(pl.concat([records, known]).sort("uid").collect().iter_rows())


def kept_name(workspace: Workspace, name: str) -> str:
    """A record id or uid as it is kept: a social security number in it hashed, as in the records themselves.

    Raises InvalidInput for a shipment without a word on which of its parties is meant.
    """
    text = name.strip()
    feed, _, key = text.partition(":")
    if feed == _SEVERAL and not text.endswith(PARTY_ROLES):
        raise InvalidInput("a shipment names two parties: write its id with #consignee or #shipper")
    if feed not in FEEDS or feed == _SEVERAL:
        return text
    return f"{feed}:{hash_numbers(pl.Series([key]), workspace.hash_key)[0]}"
