"""Nobody waits for a compiler: what serving calls was compiled ahead, once, and whoever waits for that is told."""

import gc
import subprocess
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from graphinv import cli, kernels_ready
from graphinv.kernels_ready import NO_FOLDER, make_kernels_ready

Compiled = dict[str, set[object]]


class Ran:
    """Stands for the process that compiles."""

    def __init__(self, status: int = 0) -> None:
        self.status, self.calls = status, 0

    def __call__(self, command: list[str], **_: object) -> "subprocess.CompletedProcess[str]":
        self.calls += 1
        return subprocess.CompletedProcess(command, self.status, "", "Traceback\nMemoryError: no more\n")


@pytest.fixture
def mark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder where nothing is compiled."""
    found = tmp_path / "cache" / "kernels-1.compiled"
    monkeypatch.setattr(kernels_ready, "_mark", lambda: found)
    return found


def test_kernels_are_compiled_once_and_it_is_said(
    mark: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(subprocess, "run", ran := Ran())
    make_kernels_ready()
    assert mark.exists()
    assert "compiling kernels, once per installation" in capsys.readouterr().err
    make_kernels_ready()
    assert (ran.calls, capsys.readouterr().err) == (1, "")


def test_what_could_not_be_compiled_ahead_is_said_and_tried_again(
    mark: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(subprocess, "run", ran := Ran(1))
    make_kernels_ready()
    assert "kernels were not compiled ahead (MemoryError: no more)" in capsys.readouterr().err
    make_kernels_ready()
    assert ran.calls == 2
    assert not mark.exists()


def test_a_cache_folder_that_cannot_be_written_is_named(mark: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mark.parent.write_text("no folder")
    make_kernels_ready()
    assert f"{mark.parent} cannot be written" in capsys.readouterr().err


def test_the_command_line_tells_what_to_set_where_compiled_code_cannot_be_kept(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refused() -> None:
        raise RuntimeError(f"{NO_FOLDER} 'f': no locator available for file 'kernels.py'")

    monkeypatch.setattr(cli, "app", refused)
    with pytest.raises(SystemExit):
        cli.main()
    assert "NUMBA_CACHE_DIR" in capsys.readouterr().err


def test_everything_that_serving_calls_was_compiled_ahead(tmp_path: Path) -> None:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:  # other tests call kernels with other arrays
        assert pool.submit(_compiled_late, tmp_path / "workspace").result() == {}


def _compiled_late(folder: Path) -> dict[str, list[str]]:
    """Signatures of kernels that serving another workspace calls, and that compiling ahead had not called."""
    from graphinv.kernels_compiling import compile_kernels

    compile_kernels()
    ahead = _compiled()
    _serve(folder)
    late = {name: sorted(map(str, found - ahead.get(name, set()))) for name, found in _compiled().items()}
    return {name: found for name, found in late.items() if found}


def _compiled() -> Compiled:
    from numba.core.dispatcher import Dispatcher

    kernels: list[Any] = [one for one in gc.get_objects() if isinstance(one, Dispatcher)]
    ours = (one for one in kernels if one.py_func.__module__.startswith("graphinv"))
    return {f"{one.py_func.__module__}.{one.py_func.__name__}": set(one.signatures) for one in ours}


def _serve(folder: Path) -> None:
    from graphinv.arrivals import arrive
    from graphinv.links.question import LookupRequest, question_of
    from graphinv.opened import OpenedWorkspace
    from graphinv.resolve.judgements import Decision, JudgementStore, Verdict
    from graphinv.settings import Settings
    from tests.current.rebuilding import make_epoch
    from tests.current.test_splits import record, sample_rows

    feeds = sample_rows()
    arriving = feeds["shipments"][-20:]
    with OpenedWorkspace(Settings(workspace=folder)) as opened:
        for feed, rows in feeds.items():
            record(opened, feed, rows[:-20] if feed == "shipments" else rows)
        make_epoch(opened)
        opened.warm().wait()
        questions = {str(at): question_of(row) for at, row in enumerate(arriving)}
        opened.lookup(LookupRequest(queries=questions))
        arrive(opened, arriving)
        arrive(opened, [{**arriving[0], "consignee_name": "Plover Reach"}])
        opened.lookup(LookupRequest(queries=questions))
        uids = opened.index.graph.nodes.drop_nulls("entity")["uid"].to_list()
        JudgementStore(opened.folder).judge(Decision(uids[0], uids[-1], Verdict.SAME, "officer", "seen the papers"))
        opened.lookup(LookupRequest(queries=questions))
