"""Which pairs an investigator judged to be one party, and what a sentence says of that: the relationship itself looks
like one that the match model concluded."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from graphinv.links.mapped_tables import mapped_frame, write_table

_FILE = "judged.arrow"
#: Longer reasons are cut in a sentence; `GET /v1/judgements` has them whole.
_LONGEST_REASON = 200


@dataclass(frozen=True)
class JudgedSame:
    """By pair of uids in their order, when it was judged and why, in words."""

    words: Mapping[tuple[str, str], str] = field(default_factory=dict)

    @classmethod
    def of(cls, judged: pl.DataFrame) -> "JudgedSame":
        """From the table of ``resolve.judgements.judged_same``, or an empty one."""
        if judged.is_empty():
            return cls()
        rows = judged.select("src", "dst", "judged_on", "why").iter_rows()
        return cls({(src, dst): f"on {day} ({_short(why)})" for src, dst, day, why in rows})


def write_judged_same(folder: Path, judged: pl.DataFrame) -> None:
    """Keep them with an epoch; where nothing was judged there is no file."""
    if not judged.is_empty():
        write_table(folder / _FILE, judged)


def open_judged_same(folder: Path) -> JudgedSame:
    """Those kept with an epoch."""
    path = folder / _FILE
    return JudgedSame.of(mapped_frame(path)) if path.exists() else JudgedSame()


def _short(why: str) -> str:
    told = " ".join(why.split())
    return told if len(told) <= _LONGEST_REASON else f"{told[: _LONGEST_REASON - 1].rstrip()}…"
