"""Vetted importers and the scope of what they were vetted for: goods and origins, none named means all."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from graphinv.normalise.goods import normalize_hts
from graphinv.normalise.places import normalize_country

if TYPE_CHECKING:
    from datetime import datetime

    from graphinv.links.index import LinkIndex
    from graphinv.links.question import PartyQuestion
    from graphinv.resolve.identities import PreparedRecords


@dataclass(frozen=True)
class Scope:
    """Goods by the first digits of their tariff number, and countries of origin."""

    goods: tuple[str, ...]
    origins: tuple[str, ...]


def scopes(records: "PreparedRecords", clock: "datetime") -> dict[str, list[Scope]]:
    """By uid of the importer: the scopes of its vettings in force on the clock's day."""
    day = clock.date()
    current = records.trusted.filter(
        (pl.col("vetted_on") <= day) & (pl.col("expires_on").is_null() | (pl.col("expires_on") >= day))
    )
    found: dict[str, list[Scope]] = {}
    for uid, goods, origins in current.select("uid", "scope_hts", "scope_origins").drop_nulls("uid").iter_rows():
        found.setdefault(uid, []).append(Scope(_digits(goods), _countries(origins)))
    return found


def vetted_for(
    vetted: Mapping[str, list[Scope]], index: "LinkIndex", own: frozenset[int], asked: "PartyQuestion"
) -> bool:
    """Is the party vetted, and are the goods asked about within the scope? What is not said of them is within none."""
    held = [scope for node in own for scope in vetted.get(index.nodes.text("uid", node) or "", [])]
    goods = [code for text in asked.hts if (code := normalize_hts(text)) is not None]
    origin = normalize_country(asked.origin_country) if asked.origin_country else None
    return any(
        (not scope.goods or (bool(goods) and all(code.startswith(scope.goods) for code in goods)))
        and (not scope.origins or origin in scope.origins)
        for scope in held
    )


def _digits(goods: list[str] | None) -> tuple[str, ...]:
    told = ("".join(letter for letter in text if letter.isdigit()) for text in goods or [])
    return tuple(digits for digits in told if digits)


def _countries(origins: list[str] | None) -> tuple[str, ...]:
    return tuple(country for text in origins or [] if (country := normalize_country(text)) is not None)
