"""What a process of the server begins with."""

import os
import subprocess
import sys
from pathlib import Path

_TOLD = """
import gc, sys
from api.process import app_of_process

app = app_of_process()
print(app.title, "neo4j" in sys.modules, gc.isenabled(), gc.get_freeze_count() > 100_000)
"""


def test_a_process_makes_the_app_without_the_graph_driver_and_searches_no_import_for_garbage(tmp_path: Path) -> None:
    environment = {**os.environ, "GRAPHINV_WORKSPACE": str(tmp_path / "workspace")}
    told = subprocess.run(
        [sys.executable, "-c", _TOLD], env=environment, capture_output=True, text=True, check=True, timeout=120
    )
    assert told.stdout.split() == ["graphinv", "False", "True", "True"]
