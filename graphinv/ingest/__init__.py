"""Feeds in: read, validate, quarantine, and keep as records."""

from graphinv.ingest.accounting import Accounting, FeedCounts, FeedWarning, RefusedRow
from graphinv.ingest.loading import checked_pieces, checked_rows, ingest
from graphinv.ingest.progress import Progress
from graphinv.ingest.quarantine import export_quarantine, quarantined
from graphinv.ingest.record_store import Batch, RecordStore

__all__ = [
    "Accounting",
    "Batch",
    "FeedCounts",
    "FeedWarning",
    "Progress",
    "RecordStore",
    "RefusedRow",
    "checked_pieces",
    "checked_rows",
    "export_quarantine",
    "ingest",
    "quarantined",
]
