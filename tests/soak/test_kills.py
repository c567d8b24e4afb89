"""Many kills at random moments, one after the other, with and without the server, on both stores."""

import os
import random
from dataclasses import replace
from pathlib import Path

import pytest

from graphinv.settings import Settings
from graphinv.worlds import write_world
from tests.load.feeds import cut, feed_files
from tests.load.killing import HASH_KEY, Phase, assert_as_undisturbed, kill_in

KILLS = int(os.environ.get("GRAPHINV_SOAK_KILLS", "30"))
ROUNDS = 5


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seed", range(ROUNDS))
def test_kills_at_random_moments_change_nothing(store_settings: Settings, seed: int, tmp_path: Path) -> None:
    """Every round kills its share of loads; the feeds grow between kills, so that later loads change what is there."""
    write_world(tmp_path / "world", "tiny", seed)
    pieces = cut(feed_files(tmp_path / "world"), tmp_path / "cut", 3)
    settings = replace(store_settings, hash_key=HASH_KEY)
    if settings.neo4j is None:  # the server is killed too, so it must be this workspace's own
        settings = replace(settings, workspace=tmp_path / "on-its-own")
    chance = random.Random(seed)  # noqa: S311 - the same moments in every run, as far as machines allow
    kills = -(-KILLS // ROUNDS)
    died = 0
    for turn in range(kills):
        known = [path for piece in pieces[: 1 + turn * len(pieces) // kills] for path in piece]
        died += kill_in(chance.choice(list(Phase)), settings, known, chance, server=chance.random() < 0.5)
    assert died >= kills // 2
    files = [path for piece in pieces for path in piece]
    assert_as_undisturbed(settings, Settings(workspace=tmp_path / "undisturbed", hash_key=HASH_KEY), files)
