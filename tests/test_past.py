"""Questions as of a past day: what a workspace that was loaded up to that day says, and which of them cost nothing."""

import threading
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from graphinv import past
from graphinv.errors import InvalidInput, NotFound, WorkspaceBusy
from graphinv.ingest import ingest
from graphinv.known import known_by
from graphinv.links.answer import LookupAnswer
from graphinv.links.lookup import look_up
from graphinv.links.question import LookupRequest
from graphinv.opened import OpenedWorkspace, open_workspace, parse_as_of
from graphinv.past import PastIndexes
from graphinv.pipeline import write_index_as_of
from graphinv.resolve.judgements import Decision, JudgementStore, Verdict
from graphinv.settings import Settings
from graphinv.store import Store
from graphinv.workspace import Workspace
from tests.alerting.conftest import Story
from tests.conftest import empty, on_running_server
from tests.links.conftest import (
    BRIGHT,
    BRIGHT_FRIEND,
    CEDAR,
    DRIFT,
    HARBOR,
    LUMEN,
    seizures,
    shipments,
    tenants,
    told,
)
from tests.load.feeds import Row, feed_files, feeds_known_by, write_rows

#: Before and after: the releases of Bright's and Drift's goods and the order on Nightjar; Lumen's new phone and the
#: correction of a parcel; everything that is on record. The judgement is of today.
DAYS = ("2025-03-10", "2025-04-15", "2025-05-10", "2025-12-31")
QUESTIONS: Mapping[str, Mapping[str, object]] = {
    "its own contacts": {"name": "Lumen Parcel LLC", "phones": ["213 555 0142"]},
    "a phone alone": {"phones": ["312 555 0111"]},
    "an address alone": {
        "addresses": [{"address_line1": "50 Anchor Rd", "address_line2": "PMB 7", "city": "Springfield"}]
    },
    "a name that is listed": {"name": "Nightjar Supply"},
    "who got its goods back": {"importer_number": "22-1111111"},
    "a number alone": {"importer_number": "44-3333333"},
    "somebody new": {"name": "Quiet Harbor Gifts", "phones": ["213 555 0149"], "emails": ["desk@harborgift.example"]},
}


def _feeds() -> dict[str, list[Row]]:
    """The story with what became known later of it."""
    bright = {**seizures()[2], "status": "seized"}
    parcel = next(row for row in shipments() if row["shipment_id"] == "X77")
    return {
        "importers": [
            *(HARBOR, LUMEN, DRIFT, BRIGHT, BRIGHT_FRIEND, CEDAR, *tenants()),
            {**LUMEN, "phone": "312 555 0111", "known_at": "2025-05-20T00:00:00Z"},
        ],
        "shipments": [
            *shipments(),
            {**parcel, "consignee_phone": "815 555 0177", "known_at": "2025-04-20T00:00:00Z"},
        ],
        "seizures": [
            *(row for row in seizures() if row["seizure_id"] not in ("Z2", "Z3")),
            {**seizures()[1], "status": "released", "status_on": "2025-04-11"},
            bright,
            {**bright, "status": "released", "status_on": "2025-04-10", "known_at": "2025-04-10T12:00:00Z"},
        ],
        "inspections": [
            {"inspection_id": "E1", "inspected_on": "2025-04-02", "shipment_id": "X79", "result": "no_violation"}
        ],
        "watchlist": [{"list": "WRO", "entry_id": "1", "name": "Nightjar Supply", "effective_on": "2025-03-15"}],
        "trusted": [{"importer_number": "44-3333333", "program": "CTPAT", "vetted_on": "2025-04-12"}],
    }


def _request(as_of: str | None = None) -> LookupRequest:
    return LookupRequest.model_validate({"queries": QUESTIONS, "as_of": as_of, "paths": 5, "limit": 10})


def _said(answer: LookupAnswer) -> dict[str, Any]:
    """All that an answer says, but when and by which epoch, and how long it took."""
    said = asdict(answer)
    del said["took_ms"], said["index"]["epoch"], said["index"]["built_at"]
    for one in said["responses"].values():
        one["notes"] = [note for note in one["notes"] if not note.startswith("as_of:")]
    return said


@pytest.fixture(scope="module")
def feeds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The story's feeds."""
    return write_rows(tmp_path_factory.mktemp("past") / "feeds", **_feeds())


@pytest.fixture(scope="module")
def whole(feeds: Path, embedded_store: Store, embedded_folder: Path) -> Iterator[OpenedWorkspace]:
    """A workspace of everything, in which somebody judged afterwards."""
    empty(embedded_store)
    settings = on_running_server(feeds.parent / "whole", embedded_folder)
    with open_workspace(settings=settings) as opened:
        opened.load(feed_files(feeds))
        _judge(opened.folder)
        opened.rebuild()
        yield opened


def _judge(workspace: Workspace) -> None:
    one, other = (f"importers:{row['importer_number']}" for row in (BRIGHT, BRIGHT_FRIEND))
    JudgementStore(workspace).judge(Decision(one, other, Verdict.SAME, "a. nalyst", "one owner"))


@pytest.mark.parametrize("day", DAYS)
def test_every_answer_as_of_a_day_is_that_of_a_workspace_loaded_up_to_that_day(
    day: str, whole: OpenedWorkspace, embedded_folder: Path, tmp_path: Path
) -> None:
    as_of_then = whole.lookup(_request(day))
    known = feeds_known_by(parse_as_of(day), whole.records, tmp_path / "feeds")
    settings = on_running_server(tmp_path / "then", embedded_folder)
    with open_workspace(settings=settings) as then:
        then.load([known])
        assert _said(as_of_then) == _said(then.lookup(_request()))
        party = as_of_then.responses["its own contacts"].links[0].party.id
        assert whole.paths(party, as_of=day).paths == then.paths(party).paths
    assert _said(as_of_then)["responses"] != _said(whole.lookup(_request()))["responses"]


def test_paths_of_a_party_that_came_later_say_that_it_was_not_known_by_then(whole: OpenedWorkspace) -> None:
    asked = LookupRequest.model_validate({"queries": {"q": {"name": "Lumen Parcel LLC"}}})
    later = whole.lookup(asked).responses["q"].candidates[0].id
    assert whole.paths(later).paths
    with pytest.raises(NotFound, match=f"{later} is on record, but was not known by 2025-03-10"):
        whole.paths(later, as_of="2025-03-10")
    with pytest.raises(NotFound, match="not in the evidence graph"):
        whole.paths("importer:nobody", as_of="2025-03-10")


def test_the_days_differ_in_what_became_known_between_them(whole: OpenedWorkspace) -> None:
    before, released, corrected, _ = (whole.lookup(_request(day)).responses for day in DAYS)
    phone = "a phone alone"
    assert before[phone].links
    assert not released[phone].links
    assert [one["who got its goods back"].standing for one in (before, released)] == ["seized", "unknown"]
    assert not before["a name that is listed"].watchlist
    assert released["a name that is listed"].watchlist
    assert released["its own contacts"].links != corrected["its own contacts"].links


def test_the_day_of_an_earlier_load_is_answered_by_the_epoch_of_then(
    feeds: Path, whole: OpenedWorkspace, embedded_folder: Path, tmp_path: Path
) -> None:
    day = "2025-03-10"
    first = feeds_known_by(parse_as_of(day), whole.records, tmp_path / "feeds")
    with open_workspace(settings=on_running_server(tmp_path / "daily", embedded_folder)) as daily:
        daily.load([first])
        then = daily.lookup(_request())
        daily.load(feed_files(feeds))
        assert daily.index.meta.epoch == 2
        answer = daily.lookup(_request(day))
        assert answer.index.epoch == 1
        assert _said(answer) == _said(then)
        assert not _made(answer)
        assert not (daily.folder.root / "past").exists()


def test_an_index_that_had_to_be_made_says_so_once_and_is_there_for_other_processes(whole: OpenedWorkspace) -> None:
    day = "2025-02-20"
    made, again = whole.lookup(_request(day)), whole.lookup(_request(day))
    assert _made(made)
    assert not _made(again)
    with open_workspace(settings=Settings(workspace=whole.folder.root)) as other:
        answer = other.lookup(_request(day))
        assert not _made(answer)
        assert _said(answer) == _said(made) == _said(again)
    with pytest.raises(InvalidInput, match="nothing was known by then"):
        whole.lookup(_request("1999-01-01"))


def _made(answer: LookupAnswer) -> bool:
    noted = {any("one was made" in note for note in one.notes) for one in answer.responses.values()}
    assert len(noted) == 1
    return noted.pop()


@pytest.fixture
def records(tmp_path: Path) -> Workspace:
    """The story as records alone."""
    return told(tmp_path, {feed: [dict(row) for row in rows] for feed, rows in _feeds().items()})


@pytest.fixture
def counted(records: Workspace) -> "_Counted":
    """Its indexes of past days, and how often one was made."""
    return _Counted(records)


class _Counted:
    def __init__(self, workspace: Workspace) -> None:
        self.made: list[datetime] = []
        self.indexes = PastIndexes(workspace, self._make)

    def _make(self, workspace: Workspace, moment: datetime, folder: Path) -> bool:
        self.made.append(moment)
        return write_index_as_of(workspace, moment, folder)


def test_moments_between_which_nothing_became_known_have_one_index(counted: _Counted) -> None:
    one, other = parse_as_of("2025-03-06"), parse_as_of("2025-03-14")
    found = [counted.indexes.index(moment) for moment in (other, one, one + timedelta(seconds=1))]
    assert len({id(past_index.index) for past_index in found if past_index is not None}) == 1
    assert counted.made == [other]
    counted.indexes.index(other + timedelta(days=1))
    assert len(counted.made) == 2


def test_a_record_or_judgement_that_belongs_to_the_day_makes_its_index_anew(
    counted: _Counted, records: Workspace, tmp_path: Path
) -> None:
    day = parse_as_of("2025-03-10")
    before = counted.indexes.index(day)
    late = {**seizures()[0], "seizure_id": "Z9", "shipment_id": "X90", "seized_on": "2025-03-02"}
    ingest(records, [write_rows(tmp_path / "late", seizures=[late]) / "seizures.csv"])
    after = counted.indexes.index(day)
    assert before is not None
    assert after is not None
    assert len(after.index.graph.seed_node) == len(before.index.graph.seed_node) + 1
    ingest(
        records,
        [
            write_rows(tmp_path / "new", seizures=[{**late, "seizure_id": "Z10", "seized_on": "2025-06-02"}])
            / "seizures.csv"
        ],
    )
    assert counted.indexes.index(day) is not None
    assert len(counted.made) == 2
    now = datetime.now(UTC)
    earlier = known_by(records, now)
    _judge(records)
    assert known_by(records, now) == earlier
    assert known_by(records, datetime.now(UTC)) != earlier


def test_only_the_days_asked_for_last_stay_on_disk(
    counted: _Counted, records: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(past, "KEPT", 2)
    for day in ("2025-02-05", "2025-03-05", "2025-02-05", "2025-04-05"):
        counted.indexes.index(parse_as_of(day))
    assert len(list((records.root / "past").iterdir())) == 2
    fresh = _Counted(records)
    for day in ("2025-04-05", "2025-02-05"):
        fresh.indexes.index(parse_as_of(day))
    assert fresh.made == []


def test_threads_that_ask_for_one_day_at_once_make_it_once_and_others_are_not_kept_waiting(
    records: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(past, "_WAITING", 2)
    begun, go_on = threading.Event(), threading.Event()
    made: list[datetime] = []

    def slowly(workspace: Workspace, moment: datetime, folder: Path) -> bool:
        made.append(moment)
        done = write_index_as_of(workspace, moment, folder)
        if moment != ready:
            begun.set()
            assert go_on.wait(30)
        return done

    ready, wanted = parse_as_of("2025-02-05"), parse_as_of("2025-03-10")
    indexes = PastIndexes(records, slowly)
    indexes.index(ready)
    found: list[object] = []
    threads = [threading.Thread(target=lambda: found.append(indexes.index(wanted))) for _ in range(2)]
    for thread in threads:
        thread.start()
        assert begun.wait(30)
    try:
        _until_all_wait(indexes, wanted)
        kept = indexes.index(ready)  # does not wait for the day that is being made
        assert kept is not None
        assert kept.made_in is None
        assert look_up(kept.index, _request(), records.hash_key).responses
    finally:
        go_on.set()
        for thread in threads:
            thread.join()
    assert made == [ready, wanted]
    assert len(found) == 2


def _until_all_wait(indexes: PastIndexes, moment: datetime) -> None:
    """The second thread may not have come to wait yet: then this one is not refused, and waits in its place."""
    for _ in range(200):
        if indexes._waiting._value == 0:
            break
        threading.Event().wait(0.05)
    with pytest.raises(WorkspaceBusy, match="ask again"):
        indexes.index(moment)


def test_a_status_of_a_later_day_than_every_row_is_not_known_before_that_day(
    records: Workspace, tmp_path: Path
) -> None:
    """The newest record is of May, the release of June: between them the goods were held."""
    released = {
        "seizure_id": "Z5", "seized_on": "2025-02-07", "shipment_id": "X78", "category": "ipr", "status": "released",
        "status_on": "2025-06-01",
    }  # fmt: skip
    Story(records, tmp_path).load(seizures=[released])
    before, after = parse_as_of("2025-05-31"), parse_as_of("2025-06-01")
    with open_workspace(settings=Settings(workspace=records.root)) as opened:
        assert opened.index.meta.clock < before
        assert opened.index_as_of(after) is opened.index
        held, free = (opened.lookup(_request(day.date().isoformat())) for day in (before, after))
    told = [answer.responses["who got its goods back"].standing for answer in (held, free)]
    assert told == ["seized", "unknown"]
    assert [_made(answer) for answer in (held, free)] == [True, False]
