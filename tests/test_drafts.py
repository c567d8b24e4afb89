"""Whoever reads a file finds it whole."""

from pathlib import Path

import pytest

from graphinv.drafts import draft_of


def test_until_a_draft_is_done_the_file_stays_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "score" / "model.json"
    with draft_of(path) as draft:
        draft.write_text("first")
        assert not path.exists()
    with draft_of(path) as draft:
        draft.write_text("second")
        assert path.read_text() == "first"
    assert path.read_text() == "second"


def test_a_draft_that_fails_leaves_the_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    path.write_text("whole")

    def interrupted() -> None:
        with draft_of(path) as draft:
            draft.write_text("hal")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert path.read_text() == "whole"
    assert list(tmp_path.iterdir()) == [path]
