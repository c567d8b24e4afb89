"""Files that commands write: told to be impossible before the work is begun, and told to be replaced."""

import sys
from pathlib import Path
from typing import Any

import pytest
import typer

from graphinv import cli
from tests.small_case import ORCHID

WRITING = (
    ("screen", "shipments.csv", "-o"),
    ("report", ORCHID, "-o"),
    ("evaluate", "--picture"),
    ("quarantine", "export", "shipments", "-o"),
    ("export", "entities", "-o"),
    ("export", "clusters", "-o"),
    ("export", "network", ORCHID, "-o"),
)


def refused(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str | Path) -> str:
    """What a command says that ends with 1."""
    monkeypatch.setattr(sys, "argv", ["graphinv", *map(str, words)])
    with pytest.raises(SystemExit) as end:
        cli.main()
    assert end.value.code == 1
    told = capsys.readouterr()
    assert told.out == ""
    return told.err


def commands(command: Any, *names: str) -> list[tuple[tuple[str, ...], Any]]:
    """Every command with the words that call it."""
    if not hasattr(command, "commands"):
        return [(names, command)]
    return [found for name, one in command.commands.items() for found in commands(one, *names, name)]


@pytest.mark.parametrize("words", WRITING, ids=" ".join)
def test_a_folder_that_is_missing_is_told_before_anything_is_done(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out, workspace = tmp_path / "no dir" / "x.svg", tmp_path / "workspace"
    said = refused(monkeypatch, capsys, *words, out, "--workspace", workspace)
    folder = out.parent
    assert said == f"graphinv: {out}: there is no folder {folder}; make it first: mkdir -p '{folder}'\n"
    assert not workspace.exists()


def test_a_folder_is_no_file_to_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said = refused(monkeypatch, capsys, "export", "entities", "-o", tmp_path)
    assert said == f"graphinv: {tmp_path} is a folder; name the file to write\n"


def test_a_file_that_screening_cannot_replace_is_told_before_anything_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The file is the user's own, the folder is not."""
    out, workspace = tmp_path / "scores.csv", tmp_path / "workspace"
    out.write_text("of yesterday\n")
    monkeypatch.setattr("os.access", lambda path, _mode: Path(path) != tmp_path)
    said = refused(monkeypatch, capsys, "screen", "shipments.csv", "-o", out, "--workspace", workspace)
    assert said.startswith(f"graphinv: {out} may not be replaced by you: {tmp_path} is closed to you")
    assert not workspace.exists()
    assert out.read_text() == "of yesterday\n"


def test_every_command_that_writes_a_file_is_tried_here() -> None:
    writing = {
        names
        for names, command in commands(typer.main.get_command(cli.app))
        for one in command.params
        if {"-o", "--picture"} & set(one.opts)
    }
    groups = ("export", "quarantine")
    writing.remove(("resolve", "export-splink"))  # it writes a folder, which it makes
    assert writing == {words[: 2 if words[0] in groups else 1] for words in WRITING}
