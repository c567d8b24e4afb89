"""Mappings: how the columns of a foreign file become the columns of a feed.

A mapping is a YAML file. Ready ones lie in ``graphinv/ingest/mappings`` and go by their name (``ofac_sdn``).

    feed: watchlist
    description: what these files are, and where they come from
    columns: [ent_num, sdn_name]         only for files without a header: their columns in order
    blank: ["-0-"]                       texts that stand for nothing
    beside:                              files in the same folder, joined row by row
      aliases: {file: alt, columns: [ent_num, alt_num, alt_name], key: ent_num, join: {names: {column: alt_name}}}
    ignore: [sdn_comments]               files of the folder that hold nothing for the feed
    fields:
      list: {value: SDN}                 the same for every row
      entry_id: ent_num                  a column as it is
      name: [sdn_name, title]            the first of these columns that is not blank
      address: {join: [street, city], separator: ", "}
      aliases: "aliases:names"           what was joined from beside
      effective_on: {column: date, date: ["%m/%d/%Y"]}

Column names are compared in lower case, with anything but letters and digits as an underscore. What else a field can
do is told at ``FieldRule``; the steps are done in the order in which they stand there.
"""

import hashlib
from functools import reduce
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal

import polars as pl
import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from graphinv.errors import InvalidInput
from graphinv.ingest.pieces import LINE
from graphinv.records import FEEDS, Feed, feed_named

_PACKAGED = resources.files("graphinv.ingest") / "mappings"


def plain_name(name: str) -> str:
    """A column's name as mappings write it: ``Effective Date`` is ``effective_date``."""
    letters = "".join(sign if sign.isalnum() else " " for sign in name.lower())
    return "_".join(letters.split())


def _as_tuple(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def _plain_path(name: str) -> str:
    """A column's plain name; what was joined from beside keeps its colon."""
    return ":".join(plain_name(part) for part in name.split(":"))


def _as_columns(value: object) -> object:
    names = _as_tuple(value)
    return tuple(_plain_path(str(name)) for name in names) if isinstance(names, list | tuple) else names


def _as_limits(value: object) -> object:
    return {_plain_path(str(name)): allowed for name, allowed in value.items()} if isinstance(value, dict) else value


def _as_rule(value: object) -> object:
    return {"column": value} if isinstance(value, str | list) else value


Texts = Annotated[tuple[str, ...], BeforeValidator(_as_tuple)]
Columns = Annotated[tuple[str, ...], BeforeValidator(_as_columns)]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Factor(_Strict):
    """Multiply a number by a factor that another column tells: weights in pounds become kilograms."""

    column: Columns
    factors: dict[str, float]


class FieldRule(_Strict):
    """How one column of the feed comes from the row of a foreign file."""

    value: str | None = None  # the same text for every row
    column: Columns = ()  # the first of these columns that is not blank
    join: Columns = ()  # these columns, blank ones left out, with the separator between them
    separator: str = ", "
    digest: Columns = ()  # a key made of these columns, where the file has none: 12 hex digits
    only: Annotated[dict[str, Texts], BeforeValidator(_as_limits)] = Field(
        default_factory=dict
    )  # blank unless that column holds one of these values
    extract: str | None = None  # the first group of a regular expression; blank where it does not match
    replace: tuple[tuple[str, str], ...] = ()  # regular expressions and what takes their place, one after another
    map: dict[str, str] = Field(default_factory=dict)  # whole values, compared without case
    date: Texts = ()  # formats of a day (strptime); what fits none stays as it is
    times: Factor | None = None
    default: str | None = None  # where the result is blank

    @model_validator(mode="after")
    def _one_source(self) -> "FieldRule":
        if sum(map(bool, (self.value, self.column, self.join, self.digest))) != 1:
            raise ValueError("give exactly one of value, column, join and digest")
        return self

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column the rule looks at."""
        other = self.times.column if self.times else ()
        return (*self.column, *self.join, *self.digest, *self.only, *other)


class JoinedField(_Strict):
    """One text from several rows of a file beside."""

    column: Columns
    separator: str = ", "
    rows: Literal["all", "first"] = "all"  # all rows, with semicolons between them, or the first that is not blank


class Beside(_Strict):
    """A file in the same folder whose rows belong to rows of the main file."""

    file: str  # the stem of its name
    columns: Columns = ()  # only without a header
    key: str  # the column both files have
    join: dict[str, JoinedField]


class Mapping(_Strict):
    """A whole mapping, checked."""

    feed: str
    description: str
    columns: Columns = ()
    blank: tuple[str, ...] = ()
    beside: dict[str, Beside] = Field(default_factory=dict)
    ignore: tuple[str, ...] = ()
    fields: dict[str, Annotated[FieldRule, BeforeValidator(_as_rule)]]

    @model_validator(mode="after")
    def _fits_the_feed(self) -> "Mapping":
        if self.feed not in FEEDS:
            raise ValueError(f"there is no feed {self.feed!r}; the feeds are {', '.join(FEEDS)}")
        names = [column.name for column in FEEDS[self.feed].all_columns]
        if unknown := sorted(set(self.fields) - set(names)):
            raise ValueError(f"the feed {self.feed} has no column {', '.join(unknown)}")
        if missing := sorted(set(FEEDS[self.feed].required) - set(self.fields)):
            raise ValueError(f"the feed {self.feed} requires {', '.join(missing)}")
        return self

    @property
    def target(self) -> Feed:
        """The feed the rows become."""
        return feed_named(self.feed)

    @property
    def sources(self) -> frozenset[str]:
        """The columns of the main file that the mapping looks at."""
        return frozenset(name for rule in self.fields.values() for name in rule.columns if ":" not in name)

    @property
    def digest(self) -> str:
        """Changes whenever the mapping does."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()

    def is_main(self, path: Path) -> bool:
        """Whether a file is one to load, and not one beside it."""
        return _stem(path) not in {*(one.file for one in self.beside.values()), *self.ignore}


def _stem(path: Path) -> str:
    return path.name.lower().removesuffix(".gz").rpartition(".")[0]


def packaged_mappings() -> list[str]:
    """Names of the ready mappings."""
    return sorted(entry.name.removesuffix(".yml") for entry in _PACKAGED.iterdir() if entry.name.endswith(".yml"))


def read_mapping(mapping: Path | str) -> Mapping:
    """A mapping from a file, or a ready one by its name.

    Raises:
        InvalidInput: there is none of that name, or it cannot be used; says what is wrong and where.
    """
    path = Path(mapping)
    if path.is_file():
        text = path.read_text(encoding="utf-8")
    elif str(mapping) in packaged_mappings():
        text = (_PACKAGED / f"{mapping}.yml").read_text(encoding="utf-8")
    else:
        known = ", ".join(packaged_mappings())
        raise InvalidInput(f"{mapping}: no such mapping file, and none of the ready mappings ({known})")
    try:
        return Mapping.model_validate(yaml.safe_load(text))
    except yaml.YAMLError as error:
        raise InvalidInput(f"{mapping} is no YAML: {error}") from error
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        raise InvalidInput(f"{mapping}: {faults}") from error


def blank_to_null(rows: pl.DataFrame, blank: tuple[str, ...]) -> pl.DataFrame:
    """Trimmed cells under plain names; blank ones, and those that stand for nothing, are null."""
    nothing = ["", *blank]
    first = {plain_name(name): name for name in reversed(rows.columns) if name != LINE}
    cells = {name: pl.col(spelt).str.strip_chars() for name, spelt in first.items()}
    return rows.select(
        *([LINE] if LINE in rows.columns else []),
        *(pl.when(~cell.is_in(nothing)).then(cell).alias(name) for name, cell in cells.items()),
    )


def gather_beside(beside: Beside, rows: pl.DataFrame, prefix: str) -> pl.DataFrame:
    """One row per key of a file beside: ``key`` and ``<prefix>:<name>`` for every joined field."""
    texts = {name: _joined(rows, field.column, field.separator) for name, field in beside.join.items()}
    whole = rows.select(pl.col(beside.key).alias("key"), *(text.alias(name) for name, text in texts.items()))
    return whole.group_by("key", maintain_order=True).agg(
        (
            pl.col(name).drop_nulls().str.join(";").replace("", None)
            if field.rows == "all"
            else pl.col(name).drop_nulls().first()
        ).alias(f"{prefix}:{name}")
        for name, field in beside.join.items()
    )


def apply_mapping(mapping: Mapping, rows: pl.DataFrame, beside: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """Rows of a foreign file as rows of the feed; ``line`` stays.

    Args:
        rows: the file's columns as text.
        beside: what ``gather_beside`` made of the files beside, by their name in the mapping.
    """
    clean = blank_to_null(rows, mapping.blank)
    for name, gathered in beside.items():
        clean = clean.join(gathered, left_on=mapping.beside[name].key, right_on="key", how="left")
    return clean.select(LINE, *(_field(clean, rule).alias(name) for name, rule in mapping.fields.items()))


def _field(rows: pl.DataFrame, rule: FieldRule) -> pl.Expr:
    """The expression of one rule, step by step."""
    value = _source(rows, rule)
    for column, allowed in rule.only.items():
        low = [one.lower() for one in allowed]
        value = pl.when(_column(rows, column).str.to_lowercase().is_in(low)).then(value)
    if rule.extract:
        value = value.str.extract(rule.extract, 1)
    value = reduce(lambda text, step: text.str.replace_all(*step), rule.replace, value)
    if rule.map:
        low_map = {one.lower(): other for one, other in rule.map.items()}
        value = value.str.to_lowercase().replace_strict(low_map, default=value, return_dtype=pl.String)
    if rule.date:
        days = [value.str.strptime(pl.Date, form, strict=False).dt.strftime("%Y-%m-%d") for form in rule.date]
        value = pl.coalesce(*days, value)
    if rule.times:
        unit = pl.coalesce(_column(rows, name) for name in rule.times.column).str.to_lowercase()
        factors = {one.lower(): factor for one, factor in rule.times.factors.items()}
        product = value.cast(pl.Float64, strict=False) * unit.replace_strict(
            factors, default=None, return_dtype=pl.Float64
        )
        value = pl.coalesce(product.round(4).cast(pl.String), value)
    return value if rule.default is None else value.fill_null(rule.default)


def _source(rows: pl.DataFrame, rule: FieldRule) -> pl.Expr:
    if rule.value is not None:
        return pl.lit(rule.value)
    if rule.column:
        return pl.coalesce(_column(rows, name) for name in rule.column)
    if rule.join:
        return _joined(rows, rule.join, rule.separator)
    names = rule.digest

    def key(row: dict[str, Any]) -> str:
        text = "\x1f".join(row[name] or "" for name in names)
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    # Row by row, for lists of a few thousand entries: no hash of polars is the same in every version.
    whole = pl.struct(_column(rows, name).alias(name) for name in names)
    return whole.map_elements(key, return_dtype=pl.String)


def _column(rows: pl.DataFrame, name: str) -> pl.Expr:
    return pl.col(name) if name in rows.columns else pl.lit(None, pl.String)


def _joined(rows: pl.DataFrame, names: tuple[str, ...], separator: str) -> pl.Expr:
    text = pl.concat_str([_column(rows, name) for name in names], separator=separator, ignore_nulls=True)
    return pl.when(text != "").then(text)
