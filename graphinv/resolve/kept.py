"""What resolution keeps from one load to the next: ``resolution/<number>/``, the newest named by ``CURRENT``.

A pass writes a folder of its own and is there from the moment ``CURRENT`` names it, so a process that is killed leaves
the one before. The model and the pairs are made again by ``graphinv rebuild``; the entities' names outlive it.
"""

import shutil
from pathlib import Path

import polars as pl

from graphinv.errors import InvalidInput
from graphinv.resolve.model import Model
from graphinv.resolve.resolution import Kept

_CURRENT = "CURRENT"
_TABLES = ("pairs", "prints", "entities", "holding", "review")


def read_kept(folder: Path) -> Kept | None:
    """What the last pass kept; None before the first, and when the table of comparisons has changed since."""
    current = _current(folder)
    if current is None:
        return None
    try:
        return _read(current)
    except InvalidInput:
        return None
    except FileNotFoundError:
        newer = _current(folder)  # a load may have put another pass in its place while this one was read
        return None if newer is None or newer == current else _read(newer)


def _read(current: Path) -> Kept:
    return Kept(
        model=Model.from_json((current / "model.json").read_text()),
        trained_for=int((current / "trained_for").read_text()),
        **{name: pl.read_parquet(current / f"{name}.parquet") for name in _TABLES},
    )


def read_entities(folder: Path) -> pl.DataFrame | None:
    """(uid, entity) of the last pass, whatever table it was made with: names go on."""
    current = _current(folder)
    return None if current is None else pl.read_parquet(current / "entities.parquet")


def write_kept(folder: Path, kept: Kept) -> None:
    """Keep what a pass concluded; the one before is removed once the new one is named."""
    before = _current(folder)
    number = 1 if before is None else int(before.name) + 1
    draft = folder / f".{number}"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    (draft / "model.json").write_text(kept.model.to_json())
    (draft / "trained_for").write_text(str(kept.trained_for))
    for name in _TABLES:
        getattr(kept, name).write_parquet(draft / f"{name}.parquet")
    shutil.rmtree(folder / str(number), ignore_errors=True)
    draft.replace(folder / str(number))
    pointer = folder / f".{_CURRENT}"
    pointer.write_text(str(number))
    pointer.replace(folder / _CURRENT)
    for old in folder.iterdir():  # the one before, and what killed passes left
        if old.is_dir() and old.name != str(number):
            shutil.rmtree(old, ignore_errors=True)


def forget_pairs(folder: Path) -> None:
    """Have the next pass train and compare anew; entities keep their names."""
    current = _current(folder)
    if current is not None:
        (current / "model.json").unlink(missing_ok=True)


def _current(folder: Path) -> Path | None:
    try:
        return folder / (folder / _CURRENT).read_text().strip()
    except FileNotFoundError:
        return None
