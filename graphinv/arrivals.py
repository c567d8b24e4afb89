"""Advance data in: rows of the shipments feed are kept first, then screened, then answered for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter

from graphinv import resolved
from graphinv.errors import WorkspaceBusy
from graphinv.ingest import Accounting, FeedCounts, FeedWarning, checked_rows, journal
from graphinv.ingest.validation import CheckedPiece
from graphinv.links.answer import GraphView, IndexInfo, PartyAnswer
from graphinv.links.describe import merge_views
from graphinv.links.lookup import look_up
from graphinv.links.question import LookupRequest, PartyQuestion, question_of
from graphinv.opened import OpenedWorkspace

FEED = "shipments"

#: Most rows that are taken at once, and how many of them are looked up together.
MOST_ROWS = 1_000
_TOGETHER = 50


@dataclass(frozen=True)
class Arrived:
    """What became of arrivals, and a look-up for each that is a shipment.

    ``recorded`` is False while a load reads files: the rows are kept in the journal, and which of them are duplicates
    is counted when they are rolled. ``applied`` says whether graph and index hold them by now.
    """

    accounting: Accounting
    responses: dict[str, PartyAnswer]
    graph: GraphView
    as_of: str
    index: IndexInfo
    recorded: bool
    applied: bool
    took_ms: float


def arrive(opened: OpenedWorkspace, rows: Sequence[Mapping[str, object]], *, apply: bool = False) -> Arrived:
    """Keep rows of the shipments feed and screen every valid one; ``apply`` lets graph and index follow.

    They are looked up as ``graphinv screen`` does, in an index that does not hold them: a shipment is no evidence
    for itself. Raises WorkspaceError before the first load: nothing is kept then.
    """
    began = perf_counter()
    index, stale = opened.index, opened.stale()
    kept = journal.append(opened.folder, FEED, rows)
    pieces = list(checked_rows([kept], FEED, opened.folder.hash_key))
    questions = {
        str(row["shipment_id"]): question_of(row) for one in pieces for row in one.accepted.iter_rows(named=True)
    }
    accounting = journal.roll(opened.folder, kept)
    answers = [
        look_up(index, LookupRequest(queries=some), opened.folder.hash_key, stale=stale) for some in _some(questions)
    ]
    applied = apply and _follow(opened)
    return Arrived(
        accounting=_told(accounting or _counted(pieces)),
        responses={key: answer for one in answers for key, answer in one.responses.items()},
        graph=merge_views(answer.graph for answer in answers),
        as_of=index.meta.clock.isoformat(),
        index=answers[0].index if answers else IndexInfo(index.meta.epoch, index.meta.built_at, index.scored_by),
        recorded=accounting is not None,
        applied=applied,
        took_ms=round((perf_counter() - began) * 1000, 3),
    )


def _some(questions: Mapping[str, PartyQuestion]) -> list[dict[str, PartyQuestion]]:
    pairs = list(questions.items())
    return [dict(pairs[at : at + _TOGETHER]) for at in range(0, len(pairs), _TOGETHER)]


def _follow(opened: OpenedWorkspace) -> bool:
    try:
        resolved.bring_up_to_date(opened)
    except WorkspaceBusy:  # somebody loads: the rows are kept, and follow with that load or the next
        return False
    return True


def _counted(pieces: Sequence[CheckedPiece]) -> Accounting:
    """What validation says, where nobody knows yet which rows are duplicates."""
    refused = sum(one.refused.height for one in pieces)
    read = sum(one.read for one in pieces)
    warnings = [FeedWarning(FEED, "", row.column, row.reason, row.count) for one in pieces for row in one.warnings]
    return Accounting({FEED: FeedCounts(read, read - refused, 0, refused)}, tuple(warnings))


def _told(accounting: Accounting) -> Accounting:
    """The accounting without the names of the journal's files, which say nothing to whoever sent the rows."""
    warnings = tuple(FeedWarning(one.feed, "", one.column, one.reason, one.count) for one in accounting.warnings)
    return Accounting({FEED: accounting.feeds.get(FEED, FeedCounts())}, warnings)
