"""What resolution keeps from one load to the next: ``resolution/<number>/``, a version (``graphinv.kept``) a pass.

The model and the pairs are made again by ``graphinv rebuild``; the entities' names outlive it.
"""

from pathlib import Path

import polars as pl

from graphinv.errors import InvalidInput
from graphinv.kept import Versions
from graphinv.resolve.model import Model
from graphinv.resolve.resolution import Kept

_TABLES = ("pairs", "prints", "entities", "holding", "review")


def read_kept(folder: Path) -> Kept | None:
    """What the last pass kept; None before the first, and when the table of comparisons has changed since."""
    try:
        return Versions(folder).read(_read)
    except InvalidInput:
        return None


def _read(current: Path) -> Kept:
    return Kept(
        model=Model.from_json((current / "model.json").read_text()),
        trained_for=int((current / "trained_for").read_text()),
        **{name: pl.read_parquet(current / f"{name}.parquet") for name in _TABLES},
    )


def read_entities(folder: Path) -> pl.DataFrame | None:
    """(uid, entity) of the last pass, whatever table it was made with: names go on."""
    return Versions(folder).read(lambda current: pl.read_parquet(current / "entities.parquet"))


def write_kept(folder: Path, kept: Kept) -> None:
    """Keep what a pass concluded; the one before is removed once the new one is named."""
    passes = Versions(folder)
    with passes.writing((passes.current or 0) + 1) as draft:
        (draft / "model.json").write_text(kept.model.to_json())
        (draft / "trained_for").write_text(str(kept.trained_for))
        for name in _TABLES:
            getattr(kept, name).write_parquet(draft / f"{name}.parquet")


def forget_pairs(folder: Path) -> None:
    """Have the next pass train and compare anew; entities keep their names."""
    passes = Versions(folder)
    if passes.current is not None:
        (passes.path(passes.current) / "model.json").unlink(missing_ok=True)
