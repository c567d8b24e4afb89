"""Advance data in: rows of the shipments feed are kept first, then screened, then answered for."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from time import perf_counter

import polars as pl

from graphinv import resolved
from graphinv.current.arriving import Arriving, Recognised
from graphinv.current.keeping import Reading
from graphinv.errors import WorkspaceBusy, WorkspaceError
from graphinv.ingest import Accounting, FeedCounts, checked_pieces, journal
from graphinv.ingest.validation import CheckedPiece
from graphinv.links.answer import GraphView, IndexInfo, LookupAnswer, PartyAnswer
from graphinv.links.describe import merge_views
from graphinv.links.lookup import look_up
from graphinv.links.question import LookupRequest, PartyQuestion, question_of
from graphinv.opened import OpenedWorkspace

FEED = "shipments"

_AGAIN = "what came since the last load, since this shipment itself is among it"
_ON_RECORD = "shipment_id: on record since an earlier load; its own record is among what it was compared with"

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

    They are looked up in a state that does not hold them: a shipment is no evidence for itself. The next look-up knows
    them. Raises WorkspaceError before the first load, and where the index is of another version: nothing is kept then,
    and the message says so.
    """
    began = perf_counter()
    with _reading(opened) as state:  # what is rolled meanwhile, by whomever, is not in it
        kept = journal.append(opened.folder, FEED, rows)
        pieces = checked_pieces(kept, FEED, opened.folder.hash_key)
        accepted = {
            str(row["shipment_id"]): row for one in pieces.values() for row in one.accepted.iter_rows(named=True)
        }
        answers = list(_screened(opened, state, accepted))
        index = state.index
        arriving = Arriving(pl.concat(one.accepted for one in pieces.values()), _recognised(accepted, answers))
        as_of, info = index.meta.clock, IndexInfo(index.meta.epoch, index.meta.built_at, index.scored_by)
    keeping = opened.keeping
    with keeping.working():
        accounting = journal.roll(opened.folder, kept, pieces)
        keeping.catch_up(wait=True, arriving=arriving, before=state.seq)
    applied = apply and _follow(opened)
    responses = {key: answer for one in answers for key, answer in one.responses.items()}
    return Arrived(
        accounting=_told(accounting or _counted(pieces.values())),
        responses={key: responses[key] for key in accepted},
        graph=merge_views(answer.graph for answer in answers),
        as_of=as_of.isoformat(),
        index=info,
        recorded=accounting is not None,
        applied=applied,
        took_ms=round((perf_counter() - began) * 1000, 3),
    )


@contextmanager
def _reading(opened: OpenedWorkspace) -> Iterator[Reading]:
    """What arrivals are screened by; an error says what became of the rows where there is nothing to screen by."""
    with ExitStack() as stack:
        try:
            state = stack.enter_context(opened.reading())
        except WorkspaceError as error:
            raise type(error)(f"{error}; no shipment of this request was kept: send it again after that") from error
        yield state


def _screened(
    opened: OpenedWorkspace, state: Reading, accepted: Mapping[str, Mapping[str, object]]
) -> Iterator[LookupAnswer]:
    """Answers a few at a time. Shipments that came since the epoch and are sent again are looked up in the epoch
    alone, which does not hold them; answers for those that the epoch holds say that it does."""
    questions = {key: question_of(row) for key, row in accepted.items()}
    again = state.came(questions)
    for index, keys, behind in (
        (state.index, questions.keys() - again, state.behind),
        (state.epoch, again, _AGAIN),
    ):
        for some in _some({key: question for key, question in questions.items() if key in keys}):
            answer = look_up(index, LookupRequest(queries=some), opened.folder.hash_key, behind=behind)
            yield answer.with_note(_ON_RECORD, state.of_epoch(some))


def _recognised(accepted: Mapping[str, Mapping[str, object]], answers: Sequence[LookupAnswer]) -> Recognised:
    """By record: whom on record the consignee is in all likelihood."""
    best = {
        key: next(((found.id, found.score) for found in answer.candidates if found.match), None)
        for one in answers
        for key, answer in one.responses.items()
    }
    return {str(row["record_id"]): best[key] for key, row in accepted.items()}


def _some(questions: Mapping[str, PartyQuestion]) -> list[dict[str, PartyQuestion]]:
    pairs = list(questions.items())
    return [dict(pairs[at : at + _TOGETHER]) for at in range(0, len(pairs), _TOGETHER)]


def _follow(opened: OpenedWorkspace) -> bool:
    try:
        resolved.bring_up_to_date(opened)
    except WorkspaceBusy:  # somebody loads: the rows are kept, and follow with that load or the next
        return False
    return True


def _counted(pieces: Collection[CheckedPiece]) -> Accounting:
    """What validation says, where nobody knows yet which rows are duplicates."""
    return sum((one.accounted(FEED, "") for one in pieces), Accounting())


def _told(accounting: Accounting) -> Accounting:
    """The accounting without the names of the journal's files, which say nothing to whoever sent the rows."""
    return Accounting({FEED: FeedCounts()}) + accounting.located("")
