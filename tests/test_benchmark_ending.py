"""A benchmark that is ended leaves no process behind, and no folder unless it is killed."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.processes import alive, ends, soon

ROOT = Path(__file__).parents[1]
_BENCHMARK = """
import os, sys, tempfile, time
from pathlib import Path
from tests.benchmarks.ending import end_in_order, run_beside

def wait(told, scratch):
    with tempfile.TemporaryDirectory(dir=scratch):
        Path(told + ".part").write_text(str(os.getpid()))
        os.rename(told + ".part", told)
        time.sleep(60)

def fail():
    raise SystemExit(3)

if __name__ == "__main__":
    end_in_order()
    with tempfile.TemporaryDirectory(dir=sys.argv[2]):
        run_beside(wait, *sys.argv[1:]) if sys.argv[1] else run_beside(fail)
"""


def started(folder: Path, told: str) -> "subprocess.Popen[bytes]":
    (folder / "scratch").mkdir()
    (folder / "benchmark.py").write_text(_BENCHMARK)
    command = [sys.executable, str(folder / "benchmark.py"), told, str(folder / "scratch")]
    return subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(ROOT)}, stderr=subprocess.DEVNULL)


@pytest.mark.parametrize("ended_by", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_the_process_beside_a_benchmark_ends_with_it(tmp_path: Path, ended_by: signal.Signals) -> None:
    told = tmp_path / "pid"
    with started(tmp_path, str(told)) as benchmark:
        try:
            assert soon(told.exists, 30)
            pid = int(told.read_text())
            assert alive(pid)
            benchmark.send_signal(ended_by)
            assert benchmark.wait(20) != 0
            assert ends(pid)
        finally:
            benchmark.kill()
    if ended_by != signal.SIGKILL:
        assert not list((tmp_path / "scratch").iterdir())


def test_a_benchmark_whose_process_beside_it_fails_ends_too(tmp_path: Path) -> None:
    with started(tmp_path, "") as benchmark:
        assert benchmark.wait(30) == 1
