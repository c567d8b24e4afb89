"""Paths with something left out, asked of an epoch with what came since."""

from pathlib import Path

from graphinv.ingest import ingest
from graphinv.links.between import SEIZED, PathAnswer, Without, find_paths
from graphinv.links.live.index import LiveIndex
from graphinv.opened import OpenedWorkspace
from graphinv.settings import Settings
from tests.current.rebuilding import make_epoch
from tests.load.feeds import SAMPLES

FEEDS = ("importers", "sellers", "shipments", "seizures")


def test_what_is_left_out_is_in_no_path_and_paths_without_it_stay(tmp_path: Path) -> None:
    files = sorted(path for path in SAMPLES.glob("*/*") if path.name.split(".")[0] in FEEDS)
    since = [path for path in files if path.name.startswith("shipments")]
    opened = OpenedWorkspace(Settings(workspace=tmp_path / "workspace"))
    ingest(opened.folder, [path for path in files if path not in since])
    make_epoch(opened)
    ingest(opened.folder, since)
    with opened.reading() as state:
        index = state.index
        assert isinstance(index, LiveIndex)
        assert index.snapshot is not None
        rows = [index.snapshot.node_row(node) for node in range(index.snapshot.size)]
        label = {row["uid"]: row["label"] for row in rows}
        stayed = changed = 0
        for uid in [uid for uid in label if uid.startswith("importer:")][-60:]:
            whole = find_paths(index, uid, SEIZED, 3, 6, Without()).paths
            narrowed = find_paths(index, uid, SEIZED, 3, 6, Without(frozenset({"Shipper"}))).paths
            if not whole:
                assert not narrowed
                continue
            assert not any("Shipper" in _labels(path, label) for path in narrowed)
            if "Shipper" in _labels(whole[0], label):
                changed += 1
                assert not narrowed or narrowed[0].strength <= whole[0].strength
            else:
                stayed += 1
                assert narrowed[0] == whole[0]
    opened.close()
    assert stayed
    assert changed


def _labels(path: PathAnswer, label: dict[str, str]) -> set[str]:
    return {label[node] for node in path.path.nodes if node in label}
