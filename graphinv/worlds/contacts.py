"""Phones, emails, websites, importer numbers and bank accounts, all invented."""

import numpy as np
import polars as pl

from graphinv.worlds.draws import Bools, Ints, chance, digits, either, joined, scrambled, take, weighted, words, zipf
from graphinv.worlds.names import People, plain
from graphinv.worlds.reference import Reference

_FREE_MAIL = words("postfly.example mailhub.example inboxly.example quickpost.example letterly.example")
_SHOP_HOSTS = words("shops.kartly.example sites.vendoro.example store.openstall.example")
_TAGS = words("aff tag ref pid")
_EIN_PREFIXES = np.array([p for p in range(10, 99) if p not in (17, 18, 19, 28, 29, 49, 69, 70, 78, 79, 89, 96, 97)])


def draw_phones(rng: np.random.Generator, reference: Reference, places: Ints) -> Ints:
    """Ten-digit numbers with an area code of each place's state and an assignable exchange."""
    n = len(places)
    area = np.zeros(n, np.int64)
    state = reference.us_state[places]
    for row, codes in enumerate(reference.area_codes):
        mine = np.flatnonzero(state == row)
        area[mine] = codes[rng.integers(0, len(codes), len(mine))]
    exchange = rng.integers(220, 989, n)
    exchange += (exchange % 100 == 11) | (exchange == 555)  # N11 and 555 serve other uses
    return area * 10_000_000 + exchange * 10_000 + rng.integers(0, 10_000, n)


def emails(rng: np.random.Generator, people: People, names: pl.Series, firms: Bools) -> pl.Series:
    """Addresses at a free host, or at the firm's own domain for some firms."""
    n = len(names)
    free = joined(
        people.handle(),
        pl.Series(rng.integers(1, 9999, n)).cast(pl.String),
        "@",
        take(_FREE_MAIL, weighted(rng, zipf(len(_FREE_MAIL)), n)),
    )
    desk = take(words("info sales import orders admin"), rng.integers(0, 5, n))
    own = joined(desk, "@", slugs(names), ".example")
    return either(firms & chance(rng, 0.45, n), own, free)


def slugs(names: pl.Series) -> pl.Series:
    """The name without its legal form, fit for a host name."""
    return plain(names.str.replace(r" (LLC|Inc|Corp|Co|Ltd)$", "")).str.replace_all(".", "", literal=True)


def websites(rng: np.random.Generator, names: pl.Series) -> pl.Series:
    """An own host, a shop's name under a shared host, or its path there."""
    n = len(names)
    slug = slugs(names)
    host = take(_SHOP_HOSTS, rng.integers(0, len(_SHOP_HOSTS), n))
    number = pl.Series(rng.integers(10, 9999, n)).cast(pl.String)
    own = joined(take(words("https://www. www. http:// https://"), rng.integers(0, 4, n)), slug, ".example")
    below = joined("https://", slug, number, ".", host)
    path = joined("https://", host, "/", slug, number)
    return either(chance(rng, 0.4, n), either(chance(rng, 0.7, n), below, path), own)


def importer_numbers(rng: np.random.Generator, n: int, ports: pl.Series) -> pl.Series:
    """``n`` different numbers: EIN shapes, numbers assigned by CBP, and a few SSN shapes.

    The SSN shapes lie in the never-issued 9xx-01..49 range, so that no number can be a person's.
    """
    row = np.arange(n, dtype=np.int64)
    serial = scrambled(row, 10_000_000, 7_368_787, int(rng.integers(0, 10_000_000)))
    prefix = digits(_EIN_PREFIXES[rng.integers(0, len(_EIN_PREFIXES), n)].astype(np.int64), 2)
    dash = either(chance(rng, 0.75, n), pl.Series(["-"]).new_from_index(0, n), pl.Series([""]).new_from_index(0, n))
    ein = joined(prefix, dash, digits(serial, 7))
    year = digits(np.clip(15 + 2 * (row // 100_000) + rng.integers(0, 2, n), 15, 25), 2)
    port = take(ports, rng.integers(0, len(ports), n))
    assigned = joined(year, port, dash, digits(scrambled(row, 100_000, 77_773, 11), 5))
    person = scrambled(row, 49 * 10_000 * 100, 7_368_787, 4_321)
    group = digits(1 + person // 10_000 % 49, 2)
    private = joined("9", digits(person // 490_000, 2), "-", group, "-", digits(person % 10_000, 4))
    kind = weighted(rng, [0.84, 0.11, 0.05], n)
    return either(kind == 0, ein, either(kind == 1, assigned, private))


def bank_accounts(rng: np.random.Generator, n: int) -> pl.Series:
    """``n`` different account numbers of 14 digits."""
    serial = scrambled(np.arange(n, dtype=np.int64), 1_000_000_000, 736_338_717, int(rng.integers(0, 1_000_000_000)))
    return joined(digits(rng.integers(10_000, 99_999, n), 5), digits(serial, 9))


def affiliate_tags(rng: np.random.Generator, n: int) -> pl.Series:
    """Query fragments such as ``aff=k48213``; each is one affiliate's."""
    serial = digits(scrambled(np.arange(n, dtype=np.int64), 9_999_991, 736_338, 99), 7)
    return joined(take(_TAGS, rng.integers(0, len(_TAGS), n)), "=k", serial)


def written_phones(rng: np.random.Generator, phones: Ints) -> pl.Series:
    """Each number in one of the ways people write it, sometimes with an extension; null for none."""
    n = len(phones)
    area, exchange, line = (
        digits(np.abs(phones) // 10_000_000, 3),
        digits(np.abs(phones) // 10_000 % 1000, 3),
        digits(np.abs(phones) % 10_000, 4),
    )
    style = weighted(rng, [30, 25, 15, 10, 8, 8, 4], n)
    written = joined(area, "-", exchange, "-", line)
    others = (
        joined("(", area, ") ", exchange, "-", line),
        joined(area, exchange, line),
        joined("+1 ", area, " ", exchange, " ", line),
        joined("1-", area, "-", exchange, "-", line),
        joined(area, ".", exchange, ".", line),
        joined(area, "-", exchange, "-", line, " x", pl.Series(rng.integers(1, 500, n)).cast(pl.String)),
    )
    for i, other in enumerate(others, start=1):
        written = either(style == i, other, written)
    return written.set(pl.Series(phones < 0), None)
