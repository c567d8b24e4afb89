"""A workspace that is loaded daily or hourly: the last epoch of each of the last days answers questions as of it."""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from graphinv.ingest import RecordStore, compaction
from graphinv.links import index as link_index
from graphinv.links.answer import LookupAnswer
from graphinv.links.index import DAYS_KEPT, EPOCHS_KEPT, epochs, read_meta, size_of
from graphinv.links.question import LookupRequest
from graphinv.opened import OpenedWorkspace, open_workspace, parse_as_of
from graphinv.past import PastIndexes, forget_past
from graphinv.resolve.judgements import Verdict
from graphinv.resolving import forget_resolution
from graphinv.settings import Settings
from graphinv.workspace import Workspace, open_workspace_folder
from tests.alerting.conftest import BEGINNING as HARBOR_SEIZED
from tests.alerting.conftest import Story
from tests.links.conftest import HARBOR, LUMEN, consignee, importer, shipment
from tests.load.feeds import Row

#: What is on record before: Lumen's registration names no day.
BEGINNING: Mapping[str, Sequence[Row]] = {**HARBOR_SEIZED, "importers": [HARBOR, {**LUMEN, "registered_on": ""}]}
#: The first of the days on which something is loaded, after the beginning of the story.
FIRST = date(2025, 3, 10)
#: Newcomers of each load of each day, by the hour at which they become known; some days have several loads.
HOURS: Sequence[Sequence[int]] = ((9,), (8, 21), (9,), (9,), (9,), (9,), (6, 23), (9,), (9, 17))
QUESTIONS: Mapping[str, Mapping[str, object]] = {
    "a phone": {"phones": ["213 555 0142"]},
    "a name": {"name": "Harbor Gift Inc"},
    "the newest": {"name": "Walnut Arc Imports", "phones": ["213 555 0142"]},
}


def _day(number: int) -> str:
    return (FIRST + timedelta(days=number)).isoformat()


def _come(number: int, hour: int) -> dict[str, list[Row]]:
    """What becomes known at an hour of a day: a newcomer with Harbor's phone, and a parcel of Lumen's or a seizure."""
    known = f"{_day(number)}T{hour:02}:00:00Z"
    names = (
        "Walnut Arc",
        "Tulip Row",
        "Onyx Gate",
        "Birch Lamp",
        "Copper Fen",
        "Velvet Tor",
        "Juniper",
        "Osprey",
        "Quill",
    )
    newcomer = importer(
        f"61-{1000000 + 100 * number + hour}", f"{names[number]} Imports", f"{100 + 7 * number + hour} Mill Rd",
        phone="213 555 0142",
    )  # fmt: skip
    parcel = shipment(f"P{number}-{hour}", _day(number), importer_number=LUMEN["importer_number"], **consignee(LUMEN))
    rows: dict[str, list[Row]] = {
        "importers": [{**newcomer, "registered_on": _day(number), "known_at": known}],
        "shipments": [{**parcel, "known_at": known}],
    }
    if hour == 9:
        seized = {"seizure_id": f"S{number}", "seized_on": _day(number), "shipment_id": f"P{number}-9"}
        rows["seizures"] = [{**seized, "category": "ipr", "known_at": known}]
    return rows


def _story(folder: Path, name: str) -> Story:
    return Story(open_workspace_folder(Settings(workspace=folder / name)), folder / f"{name}-feeds")


def _loaded(story: Story, days: range) -> None:
    story.load(**BEGINNING)
    for number in days:
        for hour in HOURS[number]:
            story.load(**_come(number, hour))


def _copy(story: Story, folder: Path) -> Story:
    shutil.copytree(story.workspace.root, folder / "workspace")
    return _story(folder, "workspace")


def _at_once(folder: Path, days: int) -> Story:
    """A workspace of one load: all up to a day."""
    rows: list[Mapping[str, Sequence[Row]]] = [BEGINNING]
    rows += [_come(number, hour) for number in range(days + 1) for hour in HOURS[number]]
    story = _story(folder, f"up-to-{days}")
    story.load(**{feed: [row for one in rows for row in one.get(feed, ())] for feed in BEGINNING})
    return story


@contextmanager
def _opened(story: Story) -> Iterator[OpenedWorkspace]:
    with open_workspace(settings=Settings(workspace=story.workspace.root)) as opened:
        yield opened


def _answer(opened: OpenedWorkspace, as_of: str | None = None) -> LookupAnswer:
    return opened.lookup(LookupRequest.model_validate({"queries": QUESTIONS, "as_of": as_of, "paths": 5, "limit": 10}))


def _said(answer: LookupAnswer) -> dict[str, Any]:
    """What an answer says, but the ids of identities, which stay what they were when the first of them came."""
    said = asdict(answer)
    del said["took_ms"], said["index"]
    for node in said["graph"]["nodes"].values():
        node["properties"].pop("entity", None)
    return said


def _makes_none(_workspace: Workspace, _moment: object, _folder: Path) -> bool:
    raise AssertionError("an index was made")


@pytest.fixture(scope="module")
def daily(tmp_path_factory: pytest.TempPathFactory) -> Story:
    """Nine days of loads, whose small batches are put together now and then.

    Weights of matches are learned at each load, as one load of everything learns them; daily ones keep them a while.
    """
    story = _story(tmp_path_factory.mktemp("daily"), "workspace")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(compaction, "MANY", 5)
        story.load(**BEGINNING)
        for number, hours in enumerate(HOURS):
            for hour in hours:
                forget_resolution(story.workspace)
                story.load(**_come(number, hour))
                compaction.compact(story.workspace, RecordStore(story.workspace).newest_seq())
    return story


def test_each_of_the_last_days_is_answered_at_once_as_a_workspace_loaded_up_to_it(
    daily: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graphinv.past_making.make_here", _makes_none)
    told = []
    with _opened(daily) as opened:
        for number in range(len(HOURS) - 1 - DAYS_KEPT, len(HOURS)):
            answer = _answer(opened, _day(number))
            with _opened(_at_once(tmp_path, number)) as then:
                assert _said(answer) == _said(_answer(then)), _day(number)
            told.append(_said(answer)["responses"])
    assert all(one != other for one, other in pairwise(told))
    assert not (daily.workspace.root / "past").exists()


def test_no_more_epochs_stay_than_the_newest_and_the_last_of_each_of_the_last_days(daily: Story) -> None:
    folder, last = daily.workspace.index, len(HOURS) - 1
    there = [read_meta(folder, epoch).since.date() for epoch in epochs(folder)]
    newest = [FIRST + timedelta(days=last)] * 2 + [FIRST + timedelta(days=last - 1)]
    assert there == newest + [FIRST + timedelta(days=last - back) for back in range(2, DAYS_KEPT + 1)]


def test_a_late_row_has_the_index_of_its_days_made_and_no_epoch_taken_for_it(tmp_path: Path) -> None:
    story = _story(tmp_path, "workspace")
    _loaded(story, range(3))
    late = shipment("P-late", _day(1), importer_number=HARBOR["importer_number"], **consignee(HARBOR))
    rows: list[Row] = [{**late, "known_at": f"{_day(1)}T10:00:00Z"}]
    story.load(shipments=rows, importers=_come(3, 9)["importers"])
    made: list[str] = []

    def counted(_workspace: Workspace, moment: Any, _folder: Path) -> bool:
        made.append(moment.date().isoformat())
        return False

    indexes = PastIndexes(story.workspace, counted)
    for number in range(4):
        indexes.index(parse_as_of(_day(number)))
    assert made == [_day(1), _day(2)]


def test_rows_of_an_earlier_day_alone_make_the_epoch_that_answers_as_of_it(tmp_path: Path) -> None:
    story = _story(tmp_path, "workspace")
    _loaded(story, range(2))
    late = shipment("P-late", _day(1), importer_number=HARBOR["importer_number"], **consignee(HARBOR))
    story.load(shipments=[{**late, "known_at": f"{_day(1)}T10:00:00Z"}])
    newest = epochs(story.workspace.index)[0]
    story.load(**_come(2, 9))
    found = PastIndexes(story.workspace, _makes_none).index(parse_as_of(_day(1)))
    assert found is not None
    assert found.index.meta.epoch == newest


def test_the_epoch_before_a_judgement_stays_for_the_days_before_it(tmp_path: Path) -> None:
    """The judgement is of today, long after all that is on record: later loads of that day take no day's place."""
    story = _story(tmp_path, "workspace")
    _loaded(story, range(1))
    before = epochs(story.workspace.index)[0]
    left, right = (f"importers:{row['importer_number']}" for row in (HARBOR, LUMEN))
    for verdict in (Verdict.SAME, Verdict.DIFFERENT, Verdict.SAME, Verdict.DIFFERENT):
        story.judged(left, right, verdict)
    assert before not in epochs(story.workspace.index)[:EPOCHS_KEPT]
    found = PastIndexes(story.workspace, _makes_none).index(parse_as_of(_day(0)))
    assert found is not None
    assert found.index.meta.epoch == before


def test_where_the_disk_has_no_room_the_oldest_days_go_first_and_before_the_next_is_written(
    daily: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = _copy(daily, tmp_path)
    folder = story.workspace.index
    before = epochs(folder)
    size, there = size_of(folder / str(before[0])), [epoch for epoch in before if epoch > before[0] - EPOCHS_KEPT]

    def usage(_path: Path) -> SimpleNamespace:
        """A disk on which two and a half epochs fit beside those that are there, if the oldest two go."""
        kept = [epoch for epoch in epochs(folder) if epoch <= before[0]]
        return SimpleNamespace(free=int((link_index.ROOM - 1.5 + len(before) - len(kept)) * size))

    monkeypatch.setattr(shutil, "disk_usage", usage)
    story.load(**_come(8, 22))
    days = [epoch for epoch in before if epoch not in there]
    assert epochs(folder) == [before[0] + 1, *there, *days[:-2]]


def test_a_rebuild_has_them_made_anew(daily: Story, tmp_path: Path) -> None:
    story = _copy(daily, tmp_path)
    current = epochs(story.workspace.index)[0]
    forget_past(story.workspace)
    assert epochs(story.workspace.index) == [current]
