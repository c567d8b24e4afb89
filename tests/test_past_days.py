"""Past days that are made ready ahead of questions."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from graphinv import past
from graphinv.cli import app
from graphinv.errors import InvalidInput, WorkspaceError
from graphinv.links.index import keep_current_epoch, size_of
from graphinv.opened import OpenedWorkspace, open_workspace, parse_as_of
from graphinv.past import forget_past
from graphinv.past_days import ReadyDay, forget_days, prepare_days
from graphinv.settings import Settings
from graphinv.workspace import open_workspace_folder
from tests.alerting.conftest import Story
from tests.links.conftest import HARBOR, LUMEN, consignee, shipment
from tests.load.feeds import Row

#: Parcels of a workspace whose history comes in one load.
_DAYS = ("2025-03-01", "2025-04-01", "2025-05-02", "2025-06-03")
Z1 = {"seizure_id": "Z1", "seized_on": "2025-03-04", "shipment_id": "P0", "category": "ipr"}


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace of one load."""
    folder = tmp_path_factory.mktemp("days")
    story = Story(open_workspace_folder(Settings(workspace=folder / "workspace")), folder / "feeds")
    story.load(importers=[HARBOR, LUMEN], shipments=[_parcel(at) for at in range(len(_DAYS))], seizures=[Z1])
    story.workspace.close()
    return folder / "workspace"


def _parcel(at: int) -> Row:
    number = str(HARBOR["importer_number"])
    return {**shipment(f"P{at}", _DAYS[at], importer_number=number, **consignee(HARBOR))}


@pytest.fixture
def opened(made_once: Path, tmp_path: Path) -> Iterator[OpenedWorkspace]:
    """A copy of it."""
    shutil.copytree(made_once, tmp_path / "workspace")
    with open_workspace(settings=Settings(workspace=tmp_path / "workspace")) as found:
        yield found


def _how(opened: OpenedWorkspace, *days: str) -> dict[str, str]:
    return {day.as_of: day.how for day in prepare_days(opened, days, lambda _text: None)}


def test_days_are_ready_once_they_were_prepared_and_made_anew_where_something_came_that_belongs_to_them(
    opened: OpenedWorkspace, tmp_path: Path
) -> None:
    told: list[str] = []
    days = list(prepare_days(opened, ["2025-04-10", "2025-03-10", "2026-01-01"], told.append))
    assert [(day.as_of, day.how) for day in days] == [
        ("2025-03-10", "made"), ("2025-04-10", "made"), ("2026-01-01", "current"),
    ]  # fmt: skip
    assert all(day.made_in for day in days[:2])
    assert told == ["2025-03-10: making its index, 1 of 2", "2025-04-10: making its index, 2 of 2"]
    with open_workspace(settings=opened.settings) as other:
        assert other.past_index(parse_as_of("2025-04-10")).made_in is None
    late = {**_parcel(1), "shipment_id": "P-late", "known_at": "2025-04-05T00:00:00Z"}
    Story(opened.folder, tmp_path / "late").load(shipments=[late])
    assert _how(opened) == {"2025-03-10": "there", "2025-04-10": "made", "2026-01-01": "current"}


def test_a_day_of_which_a_load_made_the_index_is_ready_when_that_is_removed(
    opened: OpenedWorkspace, tmp_path: Path
) -> None:
    story = Story(opened.folder, tmp_path / "more")
    parcel = {**_parcel(3), "shipment_id": "P4", "filed_at": "2025-06-10"}
    story.load(shipments=[{**parcel, "known_at": "2025-06-10T00:00:00Z"}])
    before = _size(tmp_path)
    assert _how(opened, "2025-06-05") == {"2025-06-05": "there"}
    assert _size(tmp_path) < 1.05 * before
    keep_current_epoch(opened.folder.index)
    assert _ready(opened, "2025-06-05") == [True]
    with open_workspace(settings=opened.settings) as other:
        assert other.past_index(parse_as_of("2025-06-05")).index.meta.clock.date().isoformat() == _DAYS[-1]


def _size(folder: Path) -> int:
    """What files take, of several names of one file one."""
    return sum({(found := path.stat()).st_ino: found.st_size for path in folder.rglob("*") if path.is_file()}.values())


def test_they_stay_beside_those_that_questions_had_made_until_they_are_forgotten(
    opened: OpenedWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(past, "KEPT", 1)
    _how(opened, "2025-03-02", "2025-04-10")
    for asked in ("2025-03-10", "2025-05-10"):
        opened.past_index(parse_as_of(asked))
    assert _ready(opened, "2025-03-02", "2025-04-10", "2025-03-10", "2025-05-10") == [True, True, False, True]
    with pytest.raises(InvalidInput, match=r"2025-05-10 is none of the days .*2025-03-02, 2025-04-10"):
        forget_days(opened, ["2025-05-10"])
    assert forget_days(opened, ["2025-03-02"]) == ["2025-03-02"]
    opened.past_index(parse_as_of("2025-03-10"))
    assert _ready(opened, "2025-03-02", "2025-04-10", "2025-03-10", "2025-05-10") == [False, True, True, False]
    assert forget_days(opened, []) == ["2025-04-10"]


def _ready(opened: OpenedWorkspace, *days: str) -> list[bool | None]:
    with open_workspace(settings=opened.settings) as other:
        return [other.past_indexes.is_ready(parse_as_of(day)) for day in days]


def test_after_a_load_they_give_way_to_what_the_next_needs_those_to_be_ready_last(
    opened: OpenedWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    _how(opened, "2025-03-02")
    for asked in ("2025-03-10", "2025-05-10"):
        opened.past_index(parse_as_of(asked))
    days = ("2025-03-02", "2025-03-10", "2025-05-10")
    opened.past_indexes.make_room()
    assert _ready(opened, *days) == [True, True, True]
    size, past_folder = size_of(opened.folder.index), opened.folder.root / "past"

    def usage(_path: Path) -> SimpleNamespace:
        """Too little by a half once one of them went."""
        gone = 3 - sum(path.is_dir() for path in past_folder.iterdir())
        return SimpleNamespace(free=int((past._LEFT + gone - 1.5) * size))

    monkeypatch.setattr(shutil, "disk_usage", usage)
    opened.past_indexes.make_room()
    assert _ready(opened, *days) == [True, False, False]
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=0))
    opened.past_indexes.make_room()
    assert _ready(opened, *days) == [False, False, False]


def test_a_rebuild_forgets_the_indexes_and_not_which_days_are_to_be_ready(opened: OpenedWorkspace) -> None:
    _how(opened, "2025-03-10")
    forget_past(opened.folder)
    assert _ready(opened, "2025-03-10") == [False]
    assert opened.past_indexes.days == [parse_as_of("2025-03-10")]


def test_what_cannot_be_is_refused_before_anything_is_made(
    opened: OpenedWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day, told in {
        "2999-01-01": "2999-01-01 is not over yet",
        "1999-01-01": "1999-01-01: nothing was known by then",
        "yesterday": "no ISO 8601 day or moment",
    }.items():
        with pytest.raises(InvalidInput, match=told):
            _how(opened, "2025-03-10", day)
    with pytest.raises(InvalidInput, match="no day is to be ready yet"):
        _how(opened)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=1))
    with pytest.raises(WorkspaceError, match=r"2 indexes of past days take up to .* enough for 0: name fewer days"):
        _how(opened, "2025-03-10", "2025-04-10")
    assert not opened.past_indexes.days
    assert _ready(opened, "2025-03-10") == [False]


def test_the_command_tells_each_day_and_its_seconds(opened: OpenedWorkspace) -> None:
    command = ["prepare-as-of", "-w", str(opened.folder.root)]
    first = CliRunner().invoke(app, [*command, "2025-03-10"])
    assert first.exit_code == 0
    assert first.stderr == "2025-03-10: making its index, 1 of 1\n"
    assert first.stdout.startswith("2025-03-10: made in ")
    again = CliRunner().invoke(app, [*command, "--json"])
    assert json.loads(again.stdout) == {"days": [vars(ReadyDay("2025-03-10", "there"))]}
    forgotten = CliRunner().invoke(app, [*command, "--forget"])
    assert forgotten.stdout.startswith("2025-03-10: ready no longer")
