"""An invented customs world from size and seed: the steps in order."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

import numpy as np
import polars as pl

from graphinv.errors import InvalidInput
from graphinv.worlds.cast import draw_cast
from graphinv.worlds.disguises import apply_disguises
from graphinv.worlds.draws import Bools, Ints, stream
from graphinv.worlds.evidence import seen_in_importers, seen_in_sellers, seen_in_shipments, telling_shipments
from graphinv.worlds.feeds import FileCount, write_feed
from graphinv.worlds.findings import seized_rows, write_inspections, write_seizures, write_trusted, write_watchlist
from graphinv.worlds.lookalikes import add_lookalikes
from graphinv.worlds.manifests import write_manifest
from graphinv.worlds.marketplaces import draw_sellers
from graphinv.worlds.model import World
from graphinv.worlds.offences import draw_careers
from graphinv.worlds.parties import draw_parties
from graphinv.worlds.plan import WORLD_DAYS, WORLD_START, plan_for
from graphinv.worlds.reference import read_reference
from graphinv.worlds.registrations import write_importers, write_sellers
from graphinv.worlds.shipments import draw_shipments
from graphinv.worlds.trade import draw_trade
from graphinv.worlds.truth import append_csv, owners_of_importers, owners_of_sellers, owners_of_shipments, write_truth

#: Called before each step with a line for people.
Progress = Callable[[str], None]


@dataclass(frozen=True)
class WorldSummary:
    """What was written: where, how many rows each file has and must count as, and what is hidden in it."""

    folder: Path
    size: str
    seed: int
    files: tuple[FileCount, ...]
    importers: int
    shipments: int
    offenders: int
    seizures: int
    links: int

    def rows(self, feed: str) -> int:
        """Rows of a feed in all its files, dirty ones included."""
        return sum(file.read for file in self.files if file.feed == feed)


def write_world(out: Path, size: str, seed: int, progress: Progress | None = None) -> WorldSummary:
    """Write the seven feeds of an invented world into ``out`` and the truth into ``out/truth``.

    The same size and seed give the same bytes. ``out`` must be new or empty (``InvalidInput`` otherwise).
    Sizes are those of ``plan.plan_for``; shipments are written a month at a time.
    """
    tell = progress or (lambda _: None)
    plan_for(size)
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise InvalidInput(f"{out} is not an empty folder; name a new one for the world")
    (out / "truth").mkdir(parents=True)
    tell(f"inventing a {size} world from seed {seed}")
    world = invent(size, seed)
    with (out / "truth" / "parties.csv").open("wb") as parties:
        files, seen = _write_feeds(world, out, parties, tell)
    tell("writing the truth")
    links = write_truth(world, out / "truth", seen, files)
    return WorldSummary(
        folder=out,
        size=size,
        seed=seed,
        files=tuple(files),
        importers=int((world.cast.role == 0).sum()),
        shipments=len(world.shipments),
        offenders=world.plan.offenders,
        seizures=len(seized_rows(world)),
        links=links,
    )


def invent(size: str, seed: int) -> World:
    """The whole world in memory. Each step draws from its own stream."""
    plan, reference = plan_for(size), read_reference()

    def draws(step: str) -> np.random.Generator:
        return stream(seed, size, step)

    careers = draw_careers(draws("careers"), plan)
    cast = draw_cast(draws("cast"), plan, careers)
    trade = draw_trade(draws("trade"), plan, reference)
    parties, pools = draw_parties(draws("parties"), plan, reference, cast, trade)
    parties, pools, disguises = apply_disguises(draws("disguises"), cast, parties, pools)
    cast, parties, lookalikes = add_lookalikes(draws("lookalikes"), cast, parties)
    shipments = draw_shipments(draws("shipments"), plan, reference, cast, parties, trade, careers)
    sellers = draw_sellers(draws("sellers"), reference, cast, parties, pools, trade, disguises, shipments.reopened_on)
    return World(plan, seed, reference, trade, cast, parties, pools, disguises, lookalikes, shipments, sellers)


def _write_feeds(world: World, out: Path, parties: BinaryIO, tell: Progress) -> tuple[list[FileCount], pl.DataFrame]:
    rng, plan = world.stream("feeds"), world.plan
    tell("writing importers, sellers, inspections, seizures, watchlist and trusted")
    importers, sellers = write_importers(world), write_sellers(world)
    append_csv(parties, owners_of_importers(world, importers))
    append_csv(parties, owners_of_sellers(world, sellers))
    seen = [seen_in_importers(world, importers), seen_in_sellers(world, sellers)]
    tables = {
        "importers.csv": importers,
        "sellers.jsonl.gz": sellers,
        "inspections.csv": write_inspections(world),
        "seizures.csv": write_seizures(world),
        "watchlist.csv": write_watchlist(world),
        "trusted.csv": write_trusted(world),
    }
    files = [write_feed(rng, plan, out, name, table) for name, table in tables.items()]
    telling, party_hands = telling_shipments(world), world.party_hands()
    for month, rows in _months(world):
        tell(f"writing shipments of {month}")
        files.append(_write_month(world, out, parties, month, rows, telling, party_hands, seen))
    return files, pl.concat(seen)


def _write_month(
    world: World,
    out: Path,
    parties: BinaryIO,
    month: str,
    rows: Ints,
    telling: Bools,
    party_hands: pl.Series,
    seen: list[pl.DataFrame],
) -> FileCount:
    frame = write_manifest(world, rows, month)
    append_csv(parties, owners_of_shipments(world, frame, party_hands))
    seen.append(seen_in_shipments(frame, telling))
    frame = frame.with_columns(known_at=pl.lit(None, pl.String))
    name = f"shipments-{month}.{world.plan.shipment_format}"
    return write_feed(world.stream(f"feed {month}"), world.plan, out, name, frame)


def _months(world: World) -> Iterator[tuple[str, Ints]]:
    """The first month of each file, with the rows filed in it."""
    days = [WORLD_START + timedelta(days=day) for day in range(WORLD_DAYS + 1)]
    starts = [i for i, day in enumerate(days) if day.day == 1 and i < WORLD_DAYS]
    starts = starts[:: world.plan.months_per_file]
    edges = np.searchsorted(world.shipments.filed, [*starts, WORLD_DAYS + 1])
    for start, first, last in zip(starts, edges[:-1], edges[1:], strict=True):
        yield f"{days[start]:%Y-%m}", np.arange(first, last, dtype=np.int64)
