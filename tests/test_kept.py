"""Versions are there whole or not at all, and the newest stay."""

from pathlib import Path

import pytest

from graphinv.kept import Versions


def write(versions: Versions, number: int, text: str) -> None:
    with versions.writing(number) as draft:
        (draft / "told").write_text(text)


def told(path: Path) -> str:
    return (path / "told").read_text()


def test_what_is_written_is_read_and_the_newest_stay(tmp_path: Path) -> None:
    versions = Versions(tmp_path / "made", keep=2)
    assert (versions.current, versions.numbers, versions.read(told)) == (None, [], None)
    for number in (1, 2, 3):
        write(versions, number, f"version {number}")
        assert (versions.current, versions.read(told)) == (number, f"version {number}")
    assert versions.numbers == [3, 2]


def test_a_version_that_fails_changes_nothing_and_leaves_nothing(tmp_path: Path) -> None:
    versions = Versions(tmp_path)
    write(versions, 1, "first")

    def interrupted() -> None:
        with versions.writing(2) as draft:
            (draft / "told").write_text("hal")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert (versions.current, versions.numbers, versions.read(told)) == (1, [1], "first")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["1", "CURRENT"]


@pytest.mark.parametrize("pointing", [True, False])
def test_a_process_killed_before_it_named_a_version_leaves_the_one_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, pointing: bool
) -> None:
    versions, replace = Versions(tmp_path), Path.replace
    write(versions, 1, "first")

    def killed(self: Path, target: Path) -> Path:
        if (target.name == "CURRENT") == pointing:
            raise KeyboardInterrupt
        return replace(self, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", killed)
        with pytest.raises(KeyboardInterrupt):
            write(versions, 2, "second")
    assert (versions.current, versions.read(told)) == (1, "first")
    write(versions, 2, "again")
    assert (versions.current, versions.read(told), versions.numbers) == (2, "again", [2])


def test_what_killed_processes_left_is_tidied_by_the_next(tmp_path: Path) -> None:
    for left in ("0", ".7", ".3.123"):
        (tmp_path / left).mkdir()
    write(Versions(tmp_path), 1, "first")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["1", "CURRENT"]


def test_who_reads_while_another_takes_its_place_reads_that(tmp_path: Path) -> None:
    versions = Versions(tmp_path)
    write(versions, 1, "first")
    begun: list[str] = []

    def overtaken(path: Path) -> str:
        begun.append(path.name)
        if path.name == "1":
            write(versions, 2, "second")
        return told(path)

    assert (versions.read(overtaken), begun) == ("second", ["1", "2"])


def test_a_version_of_which_a_file_is_missing_is_none(tmp_path: Path) -> None:
    versions = Versions(tmp_path)
    write(versions, 1, "first")
    (tmp_path / "1" / "told").unlink()
    assert versions.read(told) is None
