"""Indexes of past days made by this process and by one beside it."""

import logging
import os
from datetime import datetime
from pathlib import Path

import pytest

from graphinv import past_making
from graphinv.errors import WorkspaceError
from graphinv.links.index import open_index
from graphinv.opened import open_workspace, parse_as_of
from graphinv.past_making import MakingBeside, make_here
from graphinv.settings import Settings
from graphinv.workspace import Workspace
from tests.alerting.conftest import BEGINNING
from tests.links.conftest import told

DAY = parse_as_of("2025-04-01")


@pytest.fixture
def records(tmp_path: Path) -> Workspace:
    """The beginning of a story as records."""
    return told(tmp_path, {feed: [dict(row) for row in rows] for feed, rows in BEGINNING.items()})


def test_a_process_beside_this_one_makes_the_same_index(records: Workspace, tmp_path: Path) -> None:
    beside = MakingBeside(Settings(workspace=records.root))
    assert make_here(records, DAY, tmp_path / "here")
    assert beside(records, DAY, tmp_path / "beside")
    here, there = (open_index(tmp_path / name) for name in ("here", "beside"))
    assert here.graph.nodes.equals(there.graph.nodes)
    assert here.graph.edges.equals(there.graph.edges)
    assert not beside(records, parse_as_of("1999-01-01"), tmp_path / "nothing")


def _end(_settings: Settings, _moment: datetime, _into: Path) -> bool:
    os._exit(9)


def test_where_that_process_ends_the_question_is_told_so(
    records: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(past_making, "_make_there", _end)
    with pytest.raises(WorkspaceError, match="ended, perhaps for lack of memory; ask again"):
        MakingBeside(Settings(workspace=records.root))(records, DAY, tmp_path / "beside")


def test_a_server_has_them_made_beside_it_and_the_log_says_so_before_it_begins(
    records: Workspace, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    begun: list[str] = []

    def noted(self: MakingBeside, workspace: Workspace, moment: datetime, into: Path) -> bool:
        begun.extend(record.getMessage() for record in caplog.records)
        return make_here(workspace, moment, into)

    monkeypatch.setattr(MakingBeside, "__call__", noted)
    with (
        open_workspace(settings=Settings(workspace=records.root), serving=True) as opened,
        caplog.at_level(logging.WARNING),
    ):
        assert opened.past_index(DAY).made_in is not None
        assert opened.past_index(DAY).made_in is None
    assert len(begun) == 1
    assert "no index of what was known by 2025-04-01 is there" in begun[0]
    assert len(caplog.records) == 1
