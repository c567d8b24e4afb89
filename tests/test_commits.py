"""Commits to the state database are told apart, and nothing is told before it can be seen."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, create_engine, text

from graphinv.commits import Commits
from graphinv.state import open_state

_HASH_KEY = text("INSERT INTO hash_keys VALUES (:name, :value, '2024-01-01T00:00:00.000000+00:00')")


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A state database."""
    engine = open_state(tmp_path, None)
    yield engine
    engine.dispose()


@pytest.fixture
def commits(engine: Engine) -> Iterator[Commits]:
    """Its commits."""
    commits = Commits(engine)
    yield commits
    commits.close()


def _write(connection: Connection, name: str, size: int = 1) -> None:
    connection.execute(_HASH_KEY, {"name": name, "value": "x" * size})


def test_every_commit_has_a_stamp_of_its_own(engine: Engine, commits: Commits) -> None:
    stamps = [commits.stamp()]
    assert commits.stamp() == stamps[0] is not None
    for number in range(3):
        with engine.begin() as connection:
            _write(connection, str(number))
        stamps.append(commits.stamp())
    assert len(set(stamps)) == len(stamps)


def test_what_is_written_and_not_committed_has_none(engine: Engine, commits: Commits, tmp_path: Path) -> None:
    log = tmp_path / "state.db-wal"
    with engine.connect() as connection:
        connection.execute(text("PRAGMA cache_size = 1"))  # pages: what does not fit goes to the log at once
        connection.commit()
        before, written = commits.stamp(), log.stat().st_size
        for number in range(20):
            _write(connection, str(number), size=5_000)
        assert log.stat().st_size > written
        assert commits.stamp() == before
        connection.commit()
        assert commits.stamp() != before


def test_a_connection_that_was_given_back_tells_no_old_stamp_again(engine: Engine, commits: Commits) -> None:
    before = commits.stamp()
    commits.close()
    with engine.begin() as connection:
        _write(connection, "meanwhile")
    assert commits.stamp() != before


def test_without_a_file_only_a_question_tells() -> None:
    commits = Commits(create_engine("sqlite://"))
    assert commits.stamp() is None
    commits.close()
