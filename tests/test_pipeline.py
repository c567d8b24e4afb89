"""Any order of loading gives one graph; loading again writes nothing; what was interrupted is finished."""

import random
from dataclasses import replace
from pathlib import Path

import pytest

from graphinv import pipeline
from graphinv.errors import WorkspaceBusy
from graphinv.ingest import ingest
from graphinv.load import apply
from graphinv.load.apply import Applied
from graphinv.load.progress import graph_name, read_progress
from graphinv.load.verify import Verification
from graphinv.opened import open_workspace, parse_as_of
from graphinv.settings import Settings
from graphinv.worlds import write_world
from tests.conftest import on_running_server
from tests.load.evidence import assert_same_evidence
from tests.load.feeds import SAMPLES, cut, feed_files, feeds_known_by, loaded, write_rows

#: The node that tells whose graph it is.
THE_MARK = 1


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The feed files of a tiny world."""
    folder = tmp_path_factory.mktemp("world") / "feeds"
    write_world(folder, "tiny", seed=3)
    return feed_files(folder)


def _elsewhere(settings: Settings, name: str) -> Settings:
    """Another workspace, with a hash key of its own, on the same store."""
    root = settings.workspace.with_name(name)
    if settings.neo4j is None:
        return on_running_server(root, (settings.workspace / "store").resolve().parent)
    return replace(settings, workspace=root)


def _same(verifications: list[Verification]) -> bool:
    return all(one.ok for one in verifications) and len({(one.records, one.graph) for one in verifications}) == 1


def test_pieces_in_any_order_give_the_graph_of_one_load(
    store_settings: Settings, world: list[Path], tmp_path: Path
) -> None:
    pieces = cut(world, tmp_path / "cut", 6 if store_settings.neo4j is None else 2)
    verifications = [loaded(store_settings, world), loaded(_elsewhere(store_settings, "pieces"), *pieces)]
    for seed in (1, 2) if store_settings.neo4j is None else (3,):
        files = [path for piece in pieces for path in piece]
        random.Random(seed).shuffle(files)  # noqa: S311 - the same orders in every run
        verifications.append(loaded(_elsewhere(store_settings, f"shuffled-{seed}"), files))
    assert _same(verifications)


def test_dirty_feeds_with_hashed_numbers_give_one_graph_under_any_hash_key(
    embedded_settings: Settings, sample_workspace: Path
) -> None:
    files = feed_files(SAMPLES)
    with open_workspace(settings=Settings(workspace=sample_workspace)) as opened:
        verifications = [opened.verify()]
    verifications.append(loaded(embedded_settings, files[len(files) // 2 :][::-1], files[: len(files) // 2]))
    assert _same(verifications)


def test_loading_again_writes_nothing(store_settings: Settings, world: list[Path]) -> None:
    with open_workspace(settings=store_settings) as opened:
        first = opened.load(world)
        before = _files_of(opened.folder.root)
        again = opened.load(world)
        assert first.applied.nodes
        assert first.applied.relationships
        assert again.applied == Applied()
        assert again.index is None
        counts = again.accounting.feeds.values()
        assert all(count.accepted == 0 and count.read == count.duplicate + count.quarantined for count in counts)
        assert _files_of(opened.folder.root) == before


def test_what_came_before_the_first_load_is_told_to_have_waited(embedded_settings: Settings, tmp_path: Path) -> None:
    def rows(name: str, count: int) -> list[dict[str, str]]:
        return [
            {"shipment_id": f"{name}{at}", "filed_at": "2024-03-01", "consignee_name": "Orchid Row"}
            for at in range(count)
        ]

    with open_workspace(settings=embedded_settings) as opened:
        ingest(opened.folder, [write_rows(tmp_path / "before", shipments=rows("B", 3)) / "shipments.csv"])
        assert opened.load([write_rows(tmp_path / "now", shipments=rows("N", 2))]).waited == 3
        assert opened.load([write_rows(tmp_path / "later", shipments=rows("L", 1))]).waited == 0


def _files_of(root: Path) -> dict[str, int]:
    """What a workspace's records, projections and index hold, with the times of the last change."""
    kept = (root / name for name in ("records", "quarantine", "projection", "index"))
    return {
        str(path.relative_to(root)): path.stat().st_mtime_ns
        for folder in kept
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_load_killed_between_graph_and_index_leaves_the_index_to_the_next_one(
    embedded_settings: Settings, world: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with open_workspace(settings=embedded_settings) as opened:
        opened.load(world[:4])
        old = opened.index.meta
        with monkeypatch.context() as patch:
            patch.setattr(pipeline, "write_index", killed)
            with pytest.raises(KeyboardInterrupt):
                opened.load(world)
        assert opened.index.meta == old
        again = opened.load(world)
        assert again.applied == Applied()
        assert again.index is not None
        assert again.index.clock > old.clock
        assert opened.index.meta == again.index


def test_an_interrupted_load_goes_on_at_the_first_row_that_was_not_committed(
    store_settings: Settings, world: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_workspace(settings=store_settings) as opened:
        monkeypatch.setattr(apply._Run, "_batch_rows", lambda _run, _step: 50)
        sent: list[tuple[str, int]] = []

        def stop_after_forty(step: str, done: int, _total: int) -> None:
            sent.append((step, done))
            if len(sent) == 40:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            opened.load(world, writing=stop_after_forty)
        assert read_progress(opened.folder, graph_name(store_settings)).pending is not None
        assert not opened.verify().ok
        rest: list[tuple[str, int]] = []
        applied = opened.load(world, writing=lambda step, done, _: rest.append((step, done))).applied
        assert not set(sent) & set(rest)
        assert opened.verify().ok
        held = opened.store.count()
        before = sum(dict(sent).values())  # of every step the rows that were committed last
        assert before + applied.nodes + applied.relationships == held.nodes - THE_MARK + held.relationships


def test_a_second_load_at_once_is_told_to_wait(embedded_settings: Settings, world: list[Path]) -> None:
    with open_workspace(settings=embedded_settings) as opened, open_workspace(settings=embedded_settings) as second:

        def meanwhile(_step: str, _done: int, _total: int) -> None:
            with pytest.raises(WorkspaceBusy, match=r"another process holds the load lock .*wait until it is done"):
                second.load(world)
            assert second.query("addresses/busiest", {"limit": 5}).columns

        opened.load(world, writing=meanwhile)
        assert opened.verify().ok


@pytest.mark.parametrize("day", ["2023-08-01", "2024-06-14"])
def test_the_index_as_of_a_day_is_that_of_a_workspace_loaded_up_to_that_day(
    day: str, sample_workspace: Path, tmp_path: Path
) -> None:
    moment = parse_as_of(day)
    with open_workspace(settings=Settings(workspace=sample_workspace)) as whole:
        known_then = feeds_known_by(moment, whole.records, tmp_path / "then-known")
        looked_back = whole.index_as_of(moment).graph
        one_key = whole.folder.hash_key.decode()
    with open_workspace(settings=Settings(workspace=tmp_path / "then", hash_key=one_key)) as then:
        then.load([known_then])
        assert_same_evidence(looked_back, then.index.graph)
