"""What is kept between loads: whole or not at all, and names go on whatever becomes of the rest."""

import json
from dataclasses import fields
from pathlib import Path

import polars as pl
import pytest

from graphinv.resolve.kept import forget_pairs, read_entities, read_kept, write_kept
from graphinv.resolve.resolution import Kept, resolve
from tests.resolve.crowd import at, declared, firm

ARLEN = firm("arlen goods", phone="+19375550142", **at(12))


@pytest.fixture
def kept() -> Kept:
    return resolve(declared(a1=ARLEN, a2=ARLEN)).kept


@pytest.fixture
def more() -> Kept:
    return resolve(declared(a1=ARLEN, a2=ARLEN, a3=ARLEN)).kept


def equal(one: Kept, other: Kept) -> bool:
    pairs = [(getattr(one, field.name), getattr(other, field.name)) for field in fields(Kept)]
    return all(a.equals(b) if isinstance(a, pl.DataFrame) else a == b for a, b in pairs)


def read(folder: Path) -> Kept:
    found = read_kept(folder)
    assert found is not None
    return found


def test_what_is_written_is_read(tmp_path: Path, kept: Kept, more: Kept) -> None:
    assert (read_kept(tmp_path), read_entities(tmp_path)) == (None, None)
    write_kept(tmp_path, kept)
    assert equal(read(tmp_path), kept)
    write_kept(tmp_path, more)
    assert equal(read(tmp_path), more)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["2", "CURRENT"]


def test_a_model_of_another_table_is_not_used_and_names_go_on(tmp_path: Path, kept: Kept) -> None:
    write_kept(tmp_path, kept)
    path = tmp_path / "1" / "model.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "table": [["firm_name", "same", "different"]]}))
    assert read_kept(tmp_path) is None
    entities = read_entities(tmp_path)
    assert entities is not None
    assert entities.equals(kept.entities)


def test_pairs_that_are_forgotten_are_compared_anew_and_names_go_on(tmp_path: Path, kept: Kept) -> None:
    forget_pairs(tmp_path)
    write_kept(tmp_path, kept)
    forget_pairs(tmp_path)
    assert read_kept(tmp_path) is None
    entities = read_entities(tmp_path)
    assert entities is not None
    assert entities.equals(kept.entities)
