"""Machinery of the columnar normalisers: unique values, expressions from rule tables, the rows that are declined."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from graphinv.normalise.text import ENTITY, Rewrite

#: Plain ASCII text; anything else needs transliteration or repair, value by value.
_PLAIN = r"^[\x20-\x7e\t\n\r]*$"

#: Among so few rows none is looked for that is there twice.
_HARDLY_ANY = 4

Schema = Mapping[str, "pl.DataType | type[pl.DataType]"]
Row = Callable[..., tuple[Any, ...] | None]


def rewrite_expr(text: pl.Expr, rules: Iterable[Rewrite]) -> pl.Expr:
    """A rule table as an expression (``text.rewrite`` on columns)."""
    for rule in rules:
        text = text.str.replace_all(rule.pattern, rule.replacement)
    return text


def value_frame(values: pl.Series) -> pl.DataFrame:
    return pl.DataFrame({"value": values.cast(pl.String)})


def field_frame(frame: pl.DataFrame, fields: Sequence[str]) -> pl.DataFrame:
    return frame.select(
        pl.col(name).cast(pl.String) if name in frame.columns else pl.lit(None, pl.String).alias(name)
        for name in fields
    )


def on_unique(frame: pl.DataFrame, compute: Callable[[pl.DataFrame], pl.DataFrame]) -> pl.DataFrame:
    if frame.height <= _HARDLY_ANY:
        return compute(frame)
    unique = frame.unique()
    if unique.height == frame.height:
        return compute(frame)
    keys = [f"__{name}" for name in frame.columns]
    result = compute(unique).hstack(unique.rename(dict(zip(unique.columns, keys, strict=True))))
    joined = frame.join(
        result,
        left_on=frame.columns,
        right_on=keys,
        how="left",
        nulls_equal=True,
        maintain_order="left",
        suffix="__new",
    )
    overlap = {name for name in frame.columns if f"{name}__new" in joined.columns}
    return joined.select(
        pl.col(f"{name}__new").alias(name) if name in overlap else pl.col(name)
        for name in result.columns
        if not name.startswith("__")
    )


def run_steps(frame: pl.DataFrame, *steps: Mapping[str, pl.Expr]) -> pl.DataFrame:
    """Add columns step by step, on all cores (the streaming engine cuts the frame into pieces)."""
    lazy = frame.lazy()
    for step in steps:
        lazy = lazy.with_columns(**step)
    return lazy.collect(engine="streaming")


#: So few rows cost less one by one than the steps of their columns do: an address 40 us, its columns 15 ms and more.
FEW = 128


def are_few(frame: pl.DataFrame) -> bool:
    """Whether the scalar functions do the rows of a frame faster."""
    return frame.height <= FEW


def scalar_rows(frame: pl.DataFrame, row: Row, schema: Schema) -> pl.DataFrame:
    """The scalar function on every row; None becomes a row of nulls."""
    nothing = (None,) * len(schema)
    columns = [frame[name].to_list() for name in frame.columns]
    rows = [row(*values) or nothing for values in zip(*columns, strict=True)]
    return pl.DataFrame(rows, schema=schema, orient="row") if rows else pl.DataFrame(schema=schema)


def with_declined(done: pl.DataFrame, given: pl.DataFrame, row: Row, schema: Schema) -> pl.DataFrame:
    """The columns of ``schema`` with the rows marked in ``declined`` done by the scalar function."""
    result = done.select(list(schema))
    where = done["declined"].fill_null(False)
    if not where.any():
        return result
    index = done.select(row=pl.int_range(pl.len())).filter(where)["row"]
    scalars = scalar_rows(given.filter(where), row, schema)
    order = pl.concat([done.select(row=pl.int_range(pl.len())).filter(~where)["row"], index])
    return pl.concat([result.filter(~where), scalars]).with_columns(__row=order).sort("__row").drop("__row")


def cleaned(name: str) -> pl.Expr:
    """``text.clean`` on plain ASCII text."""
    return pl.col(name).str.replace_all(r"[\t\n\r]", " ").str.replace_all("  +", " ").str.strip_chars(" ")


def is_plain(name: str) -> pl.Expr:
    """Whether ``cleaned`` does all that ``text.clean`` does."""
    text = pl.col(name).fill_null("")
    return text.str.contains(_PLAIN) & ~text.str.contains(ENTITY)


def padded(words: pl.Expr) -> pl.Expr:
    """Words with spaces of their own on both sides, so that whole words can be found as literal text."""
    return pl.concat_str(pl.lit(" "), words.str.replace_all(" ", "  ", literal=True), pl.lit(" "))


def unpadded(words: pl.Expr) -> pl.Expr:
    return words.str.replace_all("  ", " ", literal=True).str.strip_chars(" ")


def mapped(padded: pl.Expr, table: Mapping[str, str]) -> pl.Expr:
    return padded.str.replace_many([f" {word} " for word in table], [f" {short} " for short in table.values()])


def without_words(padded: pl.Expr, words: Iterable[str]) -> pl.Expr:
    return padded.str.replace_many([f" {word} " for word in sorted(words)], [""])


def has_word(padded: pl.Expr, words: Iterable[str]) -> pl.Expr:
    return padded.str.contains_any([f" {word} " for word in sorted(words)])


def sorted_words(words: pl.Series) -> pl.Series:
    """The words of every value in alphabetic order (sorting each list for itself would take eight times as long)."""
    long = pl.DataFrame({"word": words.fill_null("").str.split(" ")}).with_row_index("row")
    ordered = long.explode("word", empty_as_null=True, keep_nulls=True).sort("row", "word")
    return ordered.group_by("row", maintain_order=True).agg("word").select(pl.col("word").list.join(" ")).to_series()
