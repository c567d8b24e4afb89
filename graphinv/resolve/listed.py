"""Names of watch lists, one row a name: what a party on record, or one that is asked about, is compared with.

Every name and alias of an entry is a party of its own here, with the entry's address and country. A row also says how
many parties use its name and its place, so that a look-up, which knows one party only, weighs a pair as a batch does.
"""

import polars as pl

from graphinv.normalise.address_text import locality_column
from graphinv.normalise.columns import name_columns
from graphinv.normalise.given_names import person_keys
from graphinv.resolve.declared import Declared
from graphinv.resolve.parties import rare_limit

#: How an entry has a name, the surest first.
NAME, ALIAS, WEAK_ALIAS = "name", "alias", "weak alias"
HOW = (NAME, ALIAS, WEAK_ALIAS)

#: What lists call their entries; other words leave it to the name. OFAC says "individual", the feed "entity".
_KINDS = {
    "person": "person", "individual": "person", "natural person": "person",
    "entity": "organisation", "organisation": "organisation", "organization": "organisation", "company": "organisation",
    "firm": "organisation", "business": "organisation",
}  # fmt: skip
#: Entries of these kinds name no party, so no party has their name.
NO_PARTY = ("goods", "product", "region", "country", "vessel", "aircraft")

#: OFAC puts weak aliases into double quotes (FAQ 123); other lists write the word behind.
_QUOTED = '^["“”„«»][^"“”„«»]+["“”«»]$'
_WORD = r"(?:weak(?: a\.?k\.?a\.?| alias)|a\.?k\.?a\.?,? weak)"
_MARKED = rf"(?i)(?:\s*\((?:weak|{_WORD})\)|[\s,]+{_WORD})\s*$"

_ADDRESS = ("building_key", "unit_key", "locality", "postal_code", "address")
_PART = "\x1f"


def listed_names(watchlist: pl.DataFrame, declared: Declared) -> pl.DataFrame:
    """One row a name of an entry, in a fixed order; ``declared`` is what the parties on record say of themselves.

    ``uid`` of the entry; ``how`` it has the name; ``name_key`` and ``name_kind``; ``told_kind``: person or organisation
    where the list or the name itself says so; the entry's address and country; ``users``, ``building_users`` and
    ``unit_users``: parties and entries with the name and at the address; ``rare_words`` of the name; ``named`` and
    ``placed``: parties and entries with any name, and with any address; ``record_id`` and ``known_at``.
    """
    entries = watchlist.filter(~_kind().is_in(NO_PARTY).fill_null(False)).with_columns(_uid(), _locality(watchlist))
    names = pl.concat([_own_names(entries), _aliases(entries)]).drop_nulls("name_key")
    names = names.sort("uid", "how", "name_key", "name_kind", nulls_last=True)
    names = names.unique(["uid", "name_key"], keep="first", maintain_order=True)
    common = entries.select(
        "uid",
        _kind().replace_strict(_KINDS, default=None, return_dtype=pl.String).alias("entry_kind"),
        *(_ADDRESS[:-1]),
        pl.col("address_caption").alias("address"),
        "country",
        "record_id",
        "known_at",
    )
    told = names.join(common, on="uid", maintain_order="left").with_columns(
        told_kind=pl.coalesce("entry_kind", pl.when(pl.col("name_kind") == "organisation").then("name_kind")),
        name_kind=pl.coalesce("entry_kind", "name_kind"),
    )
    return _counted(told.drop("entry_kind"), declared)


def near_listed(listed: pl.DataFrame, declared: Declared) -> pl.Series:
    """The parties on record worth comparing with any entry: a name, a rare word or a building in common.

    Which pairs are compared is decided by their keys; this only spares coding everybody else.
    """
    listed_keys, rare = listed["name_key"].unique(), listed["rare_words"].str.split(" ").explode().unique()
    alike = pl.concat([_joined(listed_keys), person_keys(listed_keys).alias("key")]).unique()
    keys = declared.names["key"].unique().alias("key")
    words = pl.DataFrame({"key": keys, "word": keys.str.split(" ")}).explode("word")
    near = [
        keys.filter(_joined(keys).is_in(alike.implode()) | person_keys(keys).is_in(alike.implode())),
        words.filter(pl.col("word").is_in(rare.implode()))["key"],
    ]
    named = declared.names.filter(pl.col("key").is_in(pl.concat(near).unique().implode()))["uid"]
    buildings = listed["building_key"].drop_nulls().unique()
    housed = declared.addresses.filter(pl.col("building_key").is_in(buildings.implode()))["uid"]
    return pl.concat([named, housed]).unique().sort()


def _joined(keys: pl.Series) -> pl.Series:
    return keys.str.replace_all(" ", "").alias("key")


def as_declared(listed: pl.DataFrame) -> Declared:
    """Every row as a party that declares its name, address and country; its uid is the row's number, padded."""
    rows = listed.with_columns(pl.int_range(pl.len()).cast(pl.String).str.zfill(9).alias("uid"))
    nobody = pl.DataFrame(schema={"uid": pl.String, "value": pl.String})
    return Declared(
        names=rows.select("uid", pl.col("name_key").alias("key"), pl.col("name_kind").alias("kind")),
        addresses=rows.select("uid", *_ADDRESS[:-1], pl.col("address").alias("caption")).drop_nulls("caption"),
        phones=nobody,
        emails=nobody,
        websites=nobody,
        numbers=nobody,
        officers=nobody,
        bank_accounts=nobody,
        mids=nobody,
        countries=rows.select("uid", pl.col("country").alias("value")).drop_nulls(),
        birth_dates=nobody,
    )


def _uid() -> pl.Expr:
    return pl.concat_str([pl.lit("watchlist:"), "list", pl.lit("/"), "entry_id"]).alias("uid")


def _kind() -> pl.Expr:
    return pl.col("kind").str.strip_chars().str.to_lowercase()


def _locality(watchlist: pl.DataFrame) -> pl.Expr:
    """The place of an address as ``declared`` has it: that of its building, else what city or state say."""
    streetless = locality_column(watchlist)
    return pl.coalesce(pl.col("building_key").str.split("|").list.get(1, null_on_oob=True), streetless).alias(
        "locality"
    )


def _own_names(entries: pl.DataFrame) -> pl.DataFrame:
    """(uid, how, name_key, name_kind) of the names in the name column ("A dba B" has two)."""
    own = entries.select("uid", _how(NAME), "name_key", "name_kind")
    also = entries.select("uid", _how(ALIAS), pl.col("name_also").alias("name_key")).explode("name_key")
    return pl.concat([own, also.with_columns(name_kind=pl.lit("organisation"))])


def _aliases(entries: pl.DataFrame) -> pl.DataFrame:
    """The same of the aliases, which may be marked as weak."""
    told = entries.select("uid", pl.col("aliases").alias("text")).explode("text").drop_nulls("text")
    weak = pl.col("text").str.contains(_QUOTED) | pl.col("text").str.contains(_MARKED)
    marked = told.select(
        "uid",
        pl.when(weak).then(_how(WEAK_ALIAS)).otherwise(_how(ALIAS)).alias("how"),
        pl.col("text").str.replace(_MARKED, ""),
    )
    keyed = name_columns(marked["text"]).select("name_key", "name_kind", "name_also")
    named = pl.concat([marked.drop("text"), keyed], how="horizontal")
    also = named.select("uid", "how", pl.col("name_also").alias("name_key")).explode("name_key")
    return pl.concat(
        [named.select("uid", "how", "name_key", "name_kind"), also.with_columns(name_kind=pl.lit("organisation"))]
    )


def _how(how: str) -> pl.Expr:
    return pl.lit(how, dtype=pl.Enum(HOW)).alias("how")


def _counted(listed: pl.DataFrame, declared: Declared) -> pl.DataFrame:
    """How many use each name, word and place: parties on record and entries together."""
    names = pl.concat([declared.names.select("uid", "key"), listed.select("uid", pl.col("name_key").alias("key"))])
    places = pl.concat([declared.addresses, listed.select("uid", *_ADDRESS[:-1])], how="diagonal")
    housed = _among(places.select("uid", "building_key", "unit_key"), "building_key", listed["building_key"])
    rare = _rare_words(listed, names)
    called = _among(names, "key", listed["name_key"])
    return (
        listed.join(_sharing(called, "key", "users"), left_on="name_key", right_on="key", how="left")
        .join(_sharing(housed, "building_key", "building_users"), on="building_key", how="left")
        .with_columns(_unit())
        .join(_sharing(housed.with_columns(_unit()), "unit", "unit_users"), on="unit", how="left")
        .drop("unit")
        .join(rare, on="name_key", how="left")
        .with_columns(
            pl.lit(names["uid"].n_unique(), pl.Int64).alias("named"),
            pl.lit(places["uid"].n_unique(), pl.Int64).alias("placed"),
            pl.col("users", "building_users", "unit_users").fill_null(0),
            pl.col("rare_words").fill_null(""),
            pl.col("how").cast(pl.String),
        )
        .sort(pl.col("uid"), pl.col("how").cast(pl.Enum(HOW)), pl.col("name_key"))
    )


def _unit() -> pl.Expr:
    return pl.concat_str(["building_key", pl.lit(_PART), pl.col("unit_key").fill_null("")]).alias("unit")


def _among(told: pl.DataFrame, column: str, wanted: pl.Series) -> pl.DataFrame:
    """Of everything on record what a list names, too: a small part, so that little is counted."""
    return told.filter(pl.col(column).is_in(wanted.drop_nulls().unique().implode()))


def _sharing(told: pl.DataFrame, column: str, name: str) -> pl.DataFrame:
    return told.select("uid", column).unique().group_by(column).agg(pl.len().cast(pl.Int32).alias(name))


def _rare_words(listed: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    """(name_key, rare_words): the words of each name that hardly anyone on record or on the lists has."""
    words = listed.select("name_key", pl.col("name_key").str.split(" ").alias("word")).unique().explode("word")
    keys = names.select("key").unique()
    spread = _among(keys.with_columns(word=pl.col("key").str.split(" ")).explode("word"), "word", words["word"])
    counted = _sharing(names.join(spread, on="key"), "word", "users")
    rare = counted.filter(pl.col("users") <= rare_limit(names["uid"].n_unique()))
    return (
        words.join(rare, on="word", how="semi")
        .group_by("name_key")
        .agg(pl.col("word").unique().sort().str.join(" ").alias("rare_words"))
    )
