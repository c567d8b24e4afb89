"""A load that is killed loses nothing, doubles nothing, and is finished by the next one."""

import random
from pathlib import Path

import pytest

from graphinv.settings import Settings
from graphinv.worlds import write_world
from tests.load.feeds import feed_files
from tests.load.killing import HASH_KEY, Phase, assert_as_undisturbed, kill_in


@pytest.fixture(scope="module")
def feeds(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The feed files of a tiny world."""
    folder = tmp_path_factory.mktemp("world") / "feeds"
    write_world(folder, "tiny", seed=5)
    return feed_files(folder)


def test_five_kills_in_five_phases_change_nothing(feeds: list[Path], tmp_path: Path) -> None:
    settings = Settings(workspace=tmp_path / "killed", hash_key=HASH_KEY)
    chance = random.Random(1)  # noqa: S311 - the same moments in every run, as far as machines allow
    phases = (Phase.INGEST, Phase.PREPARE, Phase.GRAPH, Phase.GRAPH, Phase.INDEX)
    died = [kill_in(phase, settings, feeds, chance, server=phase is Phase.GRAPH) for phase in phases]
    assert sum(died) >= 4
    assert_as_undisturbed(settings, Settings(workspace=tmp_path / "undisturbed", hash_key=HASH_KEY), feeds)


@pytest.mark.neo4j
def test_a_kill_among_the_batches_changes_nothing_in_neo4j(
    feeds: list[Path], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    neo4j = request.getfixturevalue("neo4j_settings")
    killed = Settings(workspace=tmp_path / "killed", hash_key=HASH_KEY, neo4j=neo4j)
    chance = random.Random(2)  # noqa: S311 - the same moments in every run, as far as machines allow
    assert kill_in(Phase.GRAPH, killed, feeds, chance, server=False)
    assert_as_undisturbed(killed, Settings(workspace=tmp_path / "undisturbed", hash_key=HASH_KEY), feeds)
