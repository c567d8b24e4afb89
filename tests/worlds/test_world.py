"""Writing a world."""

import hashlib
import time
from pathlib import Path

import pytest

from graphinv.errors import InvalidInput
from graphinv.worlds import SIZES, write_world
from tests.worlds.conftest import Written


def digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_the_same_size_and_seed_give_the_same_bytes(tiny: Written, small: Written, tmp_path: Path) -> None:
    write_world(tmp_path / "tiny", "tiny", 3)
    write_world(tmp_path / "small", "small", 7)
    assert digests(tmp_path / "tiny") == digests(tiny.folder)
    assert digests(tmp_path / "small") == digests(small.folder)


def test_another_seed_gives_another_world(tiny: Written, tmp_path: Path) -> None:
    write_world(tmp_path / "other", "tiny", 4)
    assert digests(tmp_path / "other")["importers.csv"] != digests(tiny.folder)["importers.csv"]


def test_a_tiny_world_is_written_at_once(tiny: Written, tmp_path: Path) -> None:
    started = time.process_time()
    summary = write_world(tmp_path / "tiny", "tiny", 5)
    assert time.process_time() - started < 3.0  # about 0.5 s on an idle machine
    assert summary.importers == 60


@pytest.mark.parametrize("seed", range(8))
def test_a_tiny_world_of_any_seed_can_be_written(tmp_path: Path, seed: int) -> None:
    assert write_world(tmp_path / "w", "tiny", seed).shipments == 600


def test_the_summary_counts_what_was_written(small: Written) -> None:
    summary = small.summary
    assert summary.rows("shipments") == small.shipments.height
    assert summary.rows("importers") == small.importers.height
    assert summary.seizures == small.csv("seizures.csv")["seizure_id"].n_unique()
    assert summary.links == small.truth("links").height


def test_progress_is_told_in_words(tmp_path: Path) -> None:
    told: list[str] = []
    write_world(tmp_path / "w", "tiny", 1, told.append)
    assert told[0] == "inventing a tiny world from seed 1"
    assert "writing shipments of 2022-07" in told


def test_a_folder_with_something_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "importers.csv").write_text("mine")
    with pytest.raises(InvalidInput, match="not an empty folder"):
        write_world(tmp_path, "tiny", 1)
    assert (tmp_path / "importers.csv").read_text() == "mine"


def test_an_unknown_size_is_refused_with_the_sizes_there_are(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=", ".join(SIZES)):
        write_world(tmp_path / "w", "huge", 1)
    assert not (tmp_path / "w").exists()


def test_a_size_can_be_a_number_of_importers(tmp_path: Path) -> None:
    written = write_world(tmp_path / "w", "120", 3)
    assert written.importers >= 120
    assert written.shipments >= 1_100
    with pytest.raises(InvalidInput, match="from 60"):
        write_world(tmp_path / "few", "59", 3)


def test_truth_files_are_no_feeds(small: Written) -> None:
    feeds = {"importers", "shipments", "sellers", "seizures", "inspections", "watchlist", "trusted"}
    for path in (small.folder / "truth").iterdir():
        assert path.stem.split("-")[0] not in feeds
