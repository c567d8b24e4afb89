"""Tables on the command line."""

import re

import pytest
from rich.console import Console

from graphinv import terminal

_IDS = [f"importer:p21f4734abd1e4ad{at}" for at in range(3)]


def _table(capsys: pytest.CaptureFixture[str], columns: list[str], rows: list[list[str]]) -> list[str]:
    terminal.print_table(columns, rows)
    return capsys.readouterr().out.splitlines()


def test_a_pipe_gets_every_row_on_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    address = "a very long address, " * 20
    lines = _table(capsys, ["seized", "newcomer", "address"], [[_IDS[0], _IDS[1], address], [_IDS[2], _IDS[0], "here"]])
    assert len(lines) == 3
    assert [part.strip() for part in lines[1].split(maxsplit=2)] == [_IDS[0], _IDS[1], address.strip()]
    assert lines == [line.rstrip() for line in lines]


def test_ids_stay_whole_on_a_terminal_while_words_are_broken(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    wide = Console(force_terminal=True, width=80, color_system=None, soft_wrap=True, highlight=False)
    monkeypatch.setattr(terminal, "stdout", lambda: wide)
    lines = _table(capsys, ["id", "of", "caption"], [[_IDS[0], _IDS[1], "Torsil Products Company of California"]])
    assert _IDS[0] in lines[1]
    assert _IDS[1] in lines[1]
    assert max(map(len, lines)) <= 80
    assert re.sub(r"\s+", " ", " ".join(line[54:] for line in lines[1:])).strip().endswith("California")


def test_no_letter_is_lost_on_a_terminal_too_narrow_for_all_ids(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    narrow = Console(force_terminal=True, width=60, color_system=None, soft_wrap=True, highlight=False)
    monkeypatch.setattr(terminal, "stdout", lambda: narrow)
    lines = _table(capsys, ["a", "b", "c"], [_IDS])
    letters = "".join(lines[1:]).replace(" ", "")
    assert sorted(letters) == sorted("".join(_IDS))


def test_an_empty_table_has_its_head(capsys: pytest.CaptureFixture[str]) -> None:
    assert _table(capsys, ["id", "caption"], []) == ["id  caption"]
