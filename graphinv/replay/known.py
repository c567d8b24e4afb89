"""A folder of feeds, read aside and laid beside what a workspace has on record."""

from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from graphinv.errors import InvalidInput
from graphinv.ingest import Accounting, Progress, RecordStore, ingest
from graphinv.prepared import every_version
from graphinv.records import FEEDS
from graphinv.resolve.identities import PreparedRecords
from graphinv.settings import Settings
from graphinv.workspace import Workspace, open_workspace_folder


@dataclass(frozen=True)
class Arriving:
    """``accounting``: what became of every row of the folder. ``shipments``: raw rows of those accepted, each as it was
    first filed, in the order of filing. ``records``: prepared rows of folder and workspace in every version."""

    accounting: Accounting
    shipments: pl.DataFrame
    records: PreparedRecords


def read_folder(workspace: Workspace, folder: Path, scratch: Path, progress: Progress | None = None) -> Arriving:
    """Read all feeds of a folder into ``scratch``; the workspace stays as it is.

    Raises InvalidInput when the folder has no shipment that can be screened.
    """
    aside = open_workspace_folder(Settings(workspace=scratch))
    with closing(aside):
        own = replace(aside, hash_key=workspace.hash_key)
        accounting = ingest(own, [folder], progress=progress)
        filed = RecordStore(own).scan("shipments").collect().sort("known_at", "record_id", "content")
        if filed.is_empty():
            raise InvalidInput(f"{folder} has no shipment that can be screened{_why(accounting)}")
        both = [every_version(one) for one in (workspace, own)]
        return Arriving(
            accounting=accounting,
            shipments=filed.unique("record_id", keep="first", maintain_order=True),
            records=PreparedRecords(**{feed: pl.concat([getattr(one, feed) for one in both]) for feed in FEEDS}),
        )


def _why(accounting: Accounting) -> str:
    """What is wrong with the first file or row that is none, or how files are named."""
    for warning in accounting.warnings:
        if not warning.column:
            return f": {warning.file}: {warning.reason}"
    for row in accounting.refused:
        return f": {row.file} line {row.line}, {row.field or 'the line'}: {row.reason}"
    return "; feeds are named as in shipments.csv"
