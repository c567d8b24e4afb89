"""What happened to each record on its way into a feed, told from the written values and the true ones.

The marks say which dirt a record carries, so that a resolver's misses can be counted by kind. A change of case or of
spaces alone is no mark.
"""

import polars as pl

from graphinv.worlds.dirt import MOJIBAKE, SHORT

#: The columns of both frames; each may be missing from both.
NAME, LINES, PLACE = "name", ("line1", "line2"), ("city", "postal_code")
CONTACTS = ("phone", "email", "number", "mid")

_SHORT = {long.lower(): short.lower() for long, short in SHORT.items()}
_WHOLE = {broken.lower(): letter.lower() for letter, broken in MOJIBAKE.items()}


def spelling(written: pl.DataFrame, true: pl.DataFrame) -> pl.Series:
    """The marks of every record in alphabetic order, joined by ``;``; empty for a record written as it should be.

    Both frames have the same rows and columns, all text (or null).
    """
    both = pl.concat([written, true.select(pl.all().name.prefix("true_"))], how="horizontal")
    marks = [mark for column in written.columns for mark in _marks_of(column, written.columns)]
    named = [pl.when(when).then(pl.lit(name)) for name, when in sorted(marks, key=lambda mark: mark[0])]
    return both.select(pl.concat_list(named).list.drop_nulls().list.join(";").alias("spelling")).to_series()


def _marks_of(column: str, columns: list[str]) -> list[tuple[str, pl.Expr]]:
    """Marks and when each holds; the address is told from both its lines at once."""
    if column == NAME:
        return [_missing(NAME), *_text_marks(NAME, _bare(NAME), _bare("true_name"))]
    if column == LINES[0]:
        return _line_marks(LINES[1] in columns)
    if column == PLACE[0]:
        return [_missing(column), ("city_mistyped", _bare(column) != _bare(f"true_{column}"))]
    if column == PLACE[1]:  # a longer code (ZIP+4) is right too
        return [_missing(column), ("postal_code_shorn", ~pl.col(column).str.starts_with(pl.col(f"true_{column}")))]
    return [_missing(column)] if column in CONTACTS else []


def _missing(column: str) -> tuple[str, pl.Expr]:
    return f"{column}_missing", pl.col(column).is_null() & pl.col(f"true_{column}").is_not_null()


def _bare(column: str) -> pl.Expr:
    """Without case, doubled spaces and broken encoding."""
    whole = pl.col(column).str.to_lowercase().str.replace_many(list(_WHOLE), list(_WHOLE.values()))
    return whole.str.replace_all(" +", " ").str.strip_chars()


def _text_marks(column: str, bare: pl.Expr, true: pl.Expr) -> list[tuple[str, pl.Expr]]:
    """How one text differs from the true one; what is neither reordered nor shortened was mistyped."""
    turned = true.str.replace(r"^(\S+) (\S+)$", "${2} ${1}")
    as_it_is, reordered = _short(bare) == _short(true), _short(bare) == _short(turned)
    lower = pl.col(column).str.to_lowercase()
    return [
        (f"{column}_misread", lower.str.contains_any(list(_WHOLE))),
        (f"{column}_reordered", reordered & ~as_it_is),
        (f"{column}_abbreviated", (bare != true) & (bare != turned) & (as_it_is | reordered)),
        (f"{column}_mistyped", ~as_it_is & ~reordered),
    ]


def _short(text: pl.Expr) -> pl.Expr:
    return text.str.replace_many(list(_SHORT), list(_SHORT.values()))


def _line_marks(with_unit: bool) -> list[tuple[str, pl.Expr]]:
    first, unit = LINES
    missing = ("street_missing", pl.col(first).is_null() & pl.col(f"true_{first}").is_not_null())
    if not with_unit:
        marks = _text_marks(first, _bare(first), _bare(f"true_{first}"))
        return [missing, *(_street(mark) for mark in marks[2:])]
    true, told = _joined(f"true_{first}", f"true_{unit}"), _joined(first, unit)
    turned = _short(told) == _short(_joined(f"true_{unit}", f"true_{first}"))
    straight = _short(told) == _short(true)
    there = pl.col(first).is_not_null() & pl.col(f"true_{first}").is_not_null()
    return [
        missing,
        ("street_abbreviated", there & straight & (told != true)),
        ("street_mistyped", there & ~straight & ~turned),
        ("lines_swapped", there & turned & ~straight),
        ("unit_in_line", there & pl.col(unit).is_null() & pl.col(f"true_{unit}").is_not_null()),
    ]


def _street(mark: tuple[str, pl.Expr]) -> tuple[str, pl.Expr]:
    return mark[0].replace(LINES[0], "street"), mark[1]


def _joined(first: str, second: str) -> pl.Expr:
    return pl.concat_str([_bare(first), _bare(second)], separator=" ", ignore_nulls=True)
