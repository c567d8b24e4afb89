"""How the index lies on disk."""

import json
import shutil
from collections.abc import Iterable
from pathlib import Path

import polars as pl
import pyarrow as pa
import pytest

from graphinv.links.cells import Cells
from graphinv.links.index import files_of_lookups
from graphinv.links.mapped_tables import mapped_table, write_table
from graphinv.opened import OpenedWorkspace
from graphinv.read_ahead import ReadingAhead
from graphinv.settings import Settings

_ROWS = 300_000


def test_tables_are_read_where_they_lie(tmp_path: Path) -> None:
    write_table(tmp_path / "edges.arrow", pl.DataFrame({"src": range(_ROWS)}))
    before = pa.total_allocated_bytes()
    cells = Cells.of(mapped_table(tmp_path / "edges.arrow"))
    assert pa.total_allocated_bytes() - before < _ROWS
    assert cells.cell("src", _ROWS - 1) == _ROWS - 1


@pytest.fixture
def copied(sample_workspace: Path, tmp_path: Path) -> Path:
    """A loaded workspace without its store, to do with as one likes."""
    shutil.copytree(sample_workspace, tmp_path / "workspace", ignore=shutil.ignore_patterns("store"))
    return tmp_path / "workspace"


def test_look_ups_jump_about_in_everything_but_what_loads_remember(copied: Path) -> None:
    files = files_of_lookups(copied / "index", 1)
    sizes = [path.stat().st_size for path in files]
    assert sizes == sorted(sizes)
    assert {"adj.npy", "nodes.arrow", "edges.arrow", "blocks-keys.npy"} <= {path.name for path in files}
    assert (copied / "index" / "1" / "ledger").is_dir()
    assert "ledger" not in {path.parent.name for path in files}
    assert files_of_lookups(copied / "index", 99) == []


def test_who_asked_once_to_be_warm_has_every_new_epoch_read_ahead(
    copied: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[set[str]] = []

    def begin(_: ReadingAhead, files: Iterable[Path]) -> None:
        begun.append({path.relative_to(copied / "index").parts[0] for path in files})

    monkeypatch.setattr(ReadingAhead, "begin", begin)
    with OpenedWorkspace(Settings(workspace=copied)) as opened:
        assert (opened.index.meta.epoch, begun) == (1, [])
        opened.warm().wait()
        opened.warm()
        assert begun == [{"1"}]
        _next_epoch(copied / "index")
        assert (opened.index.meta.epoch, begun) == (2, [{"1"}, {"2"}])


def _next_epoch(folder: Path) -> None:
    shutil.copytree(folder / "1", folder / "2")
    meta = json.loads((folder / "2" / "meta.json").read_text())
    (folder / "2" / "meta.json").write_text(json.dumps({**meta, "epoch": 2}))
    (folder / "CURRENT").write_text("2")
