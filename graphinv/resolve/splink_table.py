"""The records that Splink runs the exported settings over: a row a party, with every column that they name.

Splink compares one value of each column, so a party is told by the value that it declared most often. What the model
takes for a hub's (an agent's phone, a mailbox shop's house number) is left out, since Splink knows no hubs.
"""

import polars as pl

from graphinv.normalise.address_text import address_words_column
from graphinv.normalise.contacts import free_mail_domains
from graphinv.normalise.given_names import person_keys
from graphinv.resolve.comparisons import Attribute
from graphinv.resolve.declared import Declared
from graphinv.resolve.model import Model
from graphinv.resolve.parties import PART, TELLING_LETTERS, WHOLE, initial_forms, rare_limit

_PLAIN = tuple(one for one in Attribute if one not in (Attribute.NAME, Attribute.ADDRESS))
_PLACED = ("building_key", "unit_key", "locality", "postal_code")


def splink_table(declared: Declared, model: Model) -> pl.DataFrame:
    """``unique_id`` and the columns of ``splink_settings``, in the order of the ids. Numbers are hashed as they are
    everywhere; names, addresses and contacts are readable."""
    plain = [_plain(declared, attribute, model.hubs[attribute][WHOLE]) for attribute in _PLAIN]
    frames = [_names(declared.names, model), _addresses(declared.addresses, model), *plain]
    uids = pl.concat([frame["uid"] for frame in frames]).unique().sort().to_frame()
    for frame in frames:
        uids = uids.join(frame, on="uid", how="left", maintain_order="left")
    return uids.with_columns(_of_email(model)).rename({"uid": "unique_id"})


def _plain(declared: Declared, attribute: Attribute, hub: int) -> pl.DataFrame:
    told: pl.DataFrame = getattr(declared, attribute.field)
    usual = _usual(told.filter(_users("value") <= hub), "value")
    return usual.rename({"value": attribute.name.lower()})


def _names(told: pl.DataFrame, model: Model) -> pl.DataFrame:
    usual = _usual(told.filter(_users("key") <= model.hubs[Attribute.NAME][WHOLE]), "key", "kind")
    firm = (usual["kind"] == "organisation").fill_null(value=False)
    words = told.select("uid", word=pl.col("key").str.split(" ")).explode("word").unique()
    rare = words.group_by("word").len().filter(pl.col("len") <= rare_limit(told["uid"].n_unique()))["word"]
    key = pl.col("key")
    return usual.with_columns(
        name_said=pl.when(firm).then(key).otherwise(person_keys(usual["key"])),
        name_words=key.str.split(" "),
        name_initials=initial_forms(usual["key"].set(firm, None)),
    ).select(
        "uid", "name_said", "name_words", "name_initials",
        name_key="key", name_kind="kind",
        name_alike=pl.when(firm).then(key.str.replace_all(" ", "")).otherwise("name_said"),
        name_rare_words=pl.col("name_words").list.eval(pl.element().filter(pl.element().is_in(rare.implode()))),
    )  # fmt: skip


def _addresses(told: pl.DataFrame, model: Model) -> pl.DataFrame:
    """A hub's house number tells no more than its city and postal code."""
    of_unit, of_building = model.hubs[Attribute.ADDRESS]
    hub = (_users("building_key", "unit_key") > of_unit) | (_users("building_key") > of_building)
    usual = _usual(told.with_columns(hub=hub & pl.col("building_key").is_not_null()), *_PLACED, "caption", "hub")
    own = ~pl.col("hub")
    return usual.with_columns(
        building_key=pl.when(own).then("building_key"),
        unit_key=pl.when(own).then("unit_key"),
        address_words=pl.when(own).then(address_words_column(usual["caption"])),
        address_given=pl.lit(value=True),
    ).select(
        "uid", *_PLACED, "address_words", "address_given",
        address=pl.concat_str("building_key", pl.lit("#"), pl.col("unit_key").fill_null("")),
    )  # fmt: skip


def _of_email(model: Model) -> list[pl.Expr]:
    """The own domain of a mailbox, and a name of it that tells something."""
    domain, local = pl.col("email").str.extract("@([^@]*)$"), pl.col("email").str.extract("^(.*)@")
    own = ~domain.is_in(sorted(free_mail_domains())) & (pl.len().over(domain) <= model.hubs[Attribute.EMAIL][PART])
    return [
        pl.when(own).then(domain).alias("email_domain"),
        pl.when(local.str.len_chars() >= TELLING_LETTERS).then(local).alias("email_local"),
    ]


def _users(*columns: str) -> pl.Expr:
    """How many parties declare the same."""
    return pl.col("uid").n_unique().over(*columns)


def _usual(told: pl.DataFrame, *columns: str) -> pl.DataFrame:
    """What every party declared most often; of equals the first in order."""
    counted = told.group_by("uid", *columns).len()
    ranked = counted.sort(["uid", "len", *columns], descending=[False, True, *([False] * len(columns))])
    return ranked.unique("uid", keep="first", maintain_order=True).drop("len")
