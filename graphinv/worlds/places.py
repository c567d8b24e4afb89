"""Addresses: homes and offices, the shared buildings that mislead, and suppliers' addresses abroad."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import polars as pl

from graphinv.worlds.draws import Bools, Floats, Ints, chance, either, joined, take, weighted, where, words, zipf
from graphinv.worlds.plan import WorldPlan
from graphinv.worlds.reference import Reference

_STREETS = words(
    "Oak Maple Cedar Pine Elm Washington Lake Hill Park Main Church Highland Sunset Valley Spring Mill River Ridge"
    " Forest Meadow Lincoln Jackson Franklin Madison Jefferson Monroe Harbor Industrial Commerce Market Union Grove"
    " Willow Chestnut Walnut Cherry Birch Magnolia Canyon Prospect Center College Railroad Airport Mission Orchard"
    " Fairview Garden Crescent Bay Summit Clinton Grant Liberty Broad Front Water State High Court Peachtree Lakeview"
    " 1st 2nd 3rd 4th 5th 6th 7th 8th 9th 10th 12th 15th 21st 34th 42nd"
)
_SUFFIXES = words("Street Street Avenue Avenue Road Drive Boulevard Lane Court Way Place Parkway")
_DIRECTIONS = words("N S E W")

# Where goods come from: country, weight, cities (China's are in the packaged table).
_ABROAD = (
    ("CN", 68.0, ""),
    ("HK", 9.0, "Kowloon Tsuen_Wan Kwun_Tong Mong_Kok Kwai_Chung Sha_Tin"),
    ("VN", 4.0, "Ho_Chi_Minh_City Hanoi Hai_Phong Da_Nang"),
    ("TR", 4.0, "Istanbul Izmir Bursa Denizli"),
    ("IN", 4.0, "Mumbai New_Delhi Tiruppur Surat Jaipur"),
    ("PK", 2.0, "Karachi Sialkot Lahore Faisalabad"),
    ("BD", 2.0, "Dhaka Chittagong Gazipur"),
    ("TH", 2.0, "Bangkok Chiang_Mai"),
    ("MX", 2.0, "Tijuana Monterrey Guadalajara"),
    ("KR", 1.5, "Seoul Busan Incheon"),
    ("GB", 1.5, "London Manchester Leicester"),
)
_CHINA_ROADS = words(
    "Renmin Jiefang Zhongshan Jianshe Heping Xinhua Fuhua Longhua Bao'an Huafeng Dongfeng Nanhuan Beihuan Xingye"
    " Gongye_2nd Keji_3rd Chuangye Minzhu Shennan Yanhe Fumin Changqing Qianjin Guangming"
)


class Kind(IntEnum):
    """What stands at an address."""

    HOME = 0
    OFFICE = 1
    MAILBOX = 2
    FORWARDER = 3
    SHARED_OFFICE = 4
    WAREHOUSE = 5


@dataclass(frozen=True)
class Addresses:
    """US addresses by row. ``unit`` is null where there is none; one ``building`` has one line and place."""

    line1: pl.Series
    unit: pl.Series
    place: Ints  # row of ``Reference.us``
    building: Ints
    kind: Ints

    def with_units(self, like: Ints, unit: pl.Series) -> "Addresses":
        """Further rows: the buildings of rows ``like`` with other units."""
        return Addresses(
            line1=pl.concat([self.line1, take(self.line1, like)]),
            unit=pl.concat([self.unit, unit]),
            place=np.concatenate([self.place, self.place[like]]),
            building=np.concatenate([self.building, self.building[like]]),
            kind=np.concatenate([self.kind, self.kind[like]]),
        )


@dataclass(frozen=True)
class Abroad:
    """Foreign addresses by row."""

    street: pl.Series
    city: pl.Series
    region: pl.Series
    country: pl.Series


def _lines(rng: np.random.Generator, n: int) -> pl.Series:
    number = pl.Series(rng.integers(1, 9, n) * 10 ** rng.integers(1, 4, n) + rng.integers(0, 99, n)).cast(pl.String)
    direction = either(
        chance(rng, 0.2, n),
        joined(" ", take(_DIRECTIONS, rng.integers(0, 4, n))),
        pl.Series([""]).new_from_index(0, n),
    )
    street = take(_STREETS, rng.integers(0, len(_STREETS), n))
    return joined(number, direction, " ", street, " ", take(_SUFFIXES, rng.integers(0, len(_SUFFIXES), n)))


def _own_units(rng: np.random.Generator, kind: Ints) -> pl.Series:
    n = len(kind)
    number = pl.Series(rng.integers(1, 400, n)).cast(pl.String)
    mark = either(kind == Kind.HOME, pl.Series(["Apt "]).new_from_index(0, n), _suite_marks(rng, n))
    has = np.where(kind == Kind.HOME, chance(rng, 0.25, n), chance(rng, 0.6, n))
    return where(has, joined(mark, number))


def _suite_marks(rng: np.random.Generator, n: int) -> pl.Series:
    marks = words("Suite_ Ste_ Unit_ #_")
    return take(marks, weighted(rng, [4, 3, 2, 1], n))


def _tenant_units(rng: np.random.Generator, building: Ints, kind: Ints) -> pl.Series:
    """Each tenant's own box or suite; a shared office lets one suite to several firms."""
    n = len(building)
    order = rng.permutation(n)
    order = order[np.argsort(building[order], kind="stable")]
    rank = np.zeros(n, np.int64)
    first = np.flatnonzero(np.r_[True, np.diff(building[order]) != 0]) if n else np.zeros(0, np.int64)
    rank[order] = np.arange(n) - np.repeat(first, np.diff(np.r_[first, n]))
    box = joined(take(words("PMB_ #_ PMB_ Box_"), building % 4), pl.Series(101 + rank).cast(pl.String))
    forwarder = joined("Suite ", take(words("A- FX- K"), building % 3), pl.Series(20_417 + 7 * rank).cast(pl.String))
    suite = joined("Suite ", pl.Series(100 * (1 + rank % 7) + rank // 14).cast(pl.String))
    return either(kind == Kind.MAILBOX, box, either(kind == Kind.FORWARDER, forwarder, suite))


def _kinds(rng: np.random.Generator, consumers: Bools) -> Ints:
    n = len(consumers)
    business = weighted(rng, [0.12, 0.68, 0.12, 0.0, 0.08], n)
    private = weighted(rng, [0.88, 0.0, 0.04, 0.08, 0.0], n)
    return np.where(consumers, private, business)


def draw_addresses(
    rng: np.random.Generator, plan: WorldPlan, reference: Reference, consumers: Bools
) -> tuple[Addresses, Ints]:
    """An address for every party (its row is the party's), then the warehouses' rows, returned as the second value."""
    n, shared_counts = len(consumers), (plan.mailbox_shops, plan.forwarders, plan.shared_offices)
    kind = np.concatenate([_kinds(rng, consumers), np.full(plan.warehouses, int(Kind.WAREHOUSE))])
    rows = len(kind)
    building = np.arange(rows, dtype=np.int64)
    first = rows
    for shared, count in zip((Kind.MAILBOX, Kind.FORWARDER, Kind.SHARED_OFFICE), shared_counts, strict=True):
        tenants = np.flatnonzero(kind == shared)
        building[tenants] = first + weighted(rng, zipf(count, 0.6), len(tenants))
        first += count
    line1, place = _lines(rng, first), weighted(rng, reference.us_weight, first)
    tenant = building >= rows
    units = _own_units(rng, kind)
    shared_units = _tenant_units(rng, building[tenant], kind[tenant])
    units = units.scatter(np.flatnonzero(tenant), shared_units)
    units = where(kind != Kind.WAREHOUSE, units)
    return Addresses(take(line1, building), units, place[building], building, kind), np.arange(n, rows)


def countries() -> tuple[str, ...]:
    """The countries that goods come from."""
    return tuple(country for country, _, _ in _ABROAD)


def draw_abroad(rng: np.random.Generator, reference: Reference, n: int) -> Abroad:
    """``n`` addresses of factories and sellers outside the US."""
    country = weighted(rng, [weight for _, weight, _ in _ABROAD], n)
    china = weighted(rng, reference.china["weight"].to_numpy(), n)
    number = pl.Series(rng.integers(1, 2000, n)).cast(pl.String)
    road = take(_CHINA_ROADS, rng.integers(0, len(_CHINA_ROADS), n))
    district = take(reference.china["district"], china)
    street, city = joined("No. ", number, " ", road, " Road, ", district), take(reference.china["city"], china)
    region = take(reference.china["province"], china)
    elsewhere = joined(number, " ", take(_STREETS, rng.integers(0, len(_STREETS), n)), " Road")
    for i, (_, _, names) in enumerate(_ABROAD):
        mine = country == i
        if i and mine.any():
            pool = words(names)
            city = either(mine, take(pool, rng.integers(0, len(pool), n)), city)
    chinese = country == 0
    return Abroad(
        either(chinese, street, elsewhere), city, where(chinese, region), take(pl.Series(countries()), country)
    )


def weights_by_country(countries: pl.Series, weights: Floats, country: str, factor: float) -> Floats:
    """The weights with one country's multiplied by ``factor``."""
    return np.where((countries == country).to_numpy(), weights * factor, weights)
