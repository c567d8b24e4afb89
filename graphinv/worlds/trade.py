"""Suppliers, foreign marketplace sellers, marketplaces, brokers and carriers."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from graphinv.worlds.draws import Bools, Floats, Ints, chance, sample, take, weighted, words, zipf
from graphinv.worlds.mids import build_mids
from graphinv.worlds.names import factory_names
from graphinv.worlds.places import draw_abroad, weights_by_country
from graphinv.worlds.plan import WORLD_DAYS, WorldPlan
from graphinv.worlds.reference import Reference

PLATFORMS = words("bazario shopluma tradenest vendoro kartly")
MODES = ("air", "express", "mail", "truck", "rail", "vessel")
_FILER_SIGNS = words(" ".join("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"))


@dataclass(frozen=True)
class Trade:
    """The other side of the parcels. Suppliers and foreign sellers are rows of these columns."""

    suppliers: pl.DataFrame  # name, street, city, region, country, mid
    supplier_weight: Floats
    offender_supplier_weight: Floats  # seizures come more often from Hong Kong than trade does
    listed_on: Floats  # by supplier: day it was put on the watchlist; nan: never
    slot_supplier: Ints  # by foreign seller
    slot_weight: Floats
    slot_offends: Bools
    slot_opened: Floats  # day of the first account; nobody buys before
    filers: pl.Series
    filer_weight: Floats
    carriers: pl.DataFrame  # carrier, mode


_CARRIERS = (
    ("Northlane Express", "express"),
    ("Swiftarc Couriers", "express"),
    ("Parcelion", "express"),
    ("Meridian Air Cargo", "air"),
    ("Skybridge Freight", "air"),
    ("Intl Postal Service", "mail"),
    ("Bluecrest Lines", "vessel"),
    ("Oriona Container Line", "vessel"),
    ("Estrella Trucking", "truck"),
    ("Great Plains Rail", "rail"),
)


def _suppliers(rng: np.random.Generator, reference: Reference, n: int) -> pl.DataFrame:
    abroad = draw_abroad(rng, reference, n)
    names = factory_names(rng, abroad.city)
    mids = build_mids(abroad.country, names, abroad.street, abroad.city)
    return pl.DataFrame(
        {
            "name": names,
            "street": abroad.street,
            "city": abroad.city,
            "region": abroad.region,
            "country": abroad.country,
            "mid": mids,
        }
    )


def draw_trade(rng: np.random.Generator, plan: WorldPlan, reference: Reference) -> Trade:
    """Suppliers, sellers and brokers; a few serve very many, most serve few."""
    n, slots = plan.suppliers, plan.foreign_sellers
    suppliers = _suppliers(rng, reference, n)
    weight = rng.permutation(zipf(n, 0.6))
    offends = np.zeros(slots, np.bool_)
    offends[sample(rng, np.arange(slots), max(1, round(plan.offending_seller_share * slots)))] = True
    listed = np.where(chance(rng, 0.004, n), rng.uniform(0, WORLD_DAYS, n), np.nan)
    listed[rng.integers(0, n)] = WORLD_DAYS / 3
    signs = [take(_FILER_SIGNS, rng.integers(0, len(_FILER_SIGNS), 3 * plan.brokers)) for _ in range(3)]
    filers = (signs[0] + signs[1] + signs[2]).unique(maintain_order=True).head(plan.brokers)
    return Trade(
        suppliers=suppliers,
        supplier_weight=weight,
        offender_supplier_weight=weights_by_country(suppliers["country"], weight, "HK", 4.0),
        listed_on=listed,
        slot_supplier=weighted(rng, weight, slots),
        slot_weight=rng.permutation(zipf(slots, 0.8)),
        slot_offends=offends,
        slot_opened=np.where(
            chance(rng, 0.6, slots), rng.uniform(-1500, 0, slots), rng.uniform(0, WORLD_DAYS - 60, slots)
        ),
        filers=filers,
        filer_weight=zipf(len(filers), 1.0),
        carriers=pl.DataFrame(_CARRIERS, schema=["carrier", "mode"], orient="row"),
    )
