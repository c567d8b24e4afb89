"""Honest parties that share something with an offender, and what it is."""

import numpy as np
import polars as pl

from graphinv.worlds.disguises import PATTERNS
from graphinv.worlds.draws import NONE, Bools, Ints, take
from graphinv.worlds.links import party_records
from graphinv.worlds.model import World
from graphinv.worlds.places import Kind
from graphinv.worlds.roles import Role

_BUILDINGS = {
    Kind.MAILBOX: "mailbox_tenant",
    Kind.FORWARDER: "forwarder_customer",
    Kind.SHARED_OFFICE: "shared_office_neighbour",
}


def _shares(world: World, values: Ints) -> Bools:
    """Honest parties whose value an offender has too."""
    guilty = world.cast.offender
    return np.asarray(~guilty & (values != NONE) & np.isin(values, values[guilty & (values != NONE)]), dtype=np.bool_)


def _by_phone(world: World) -> dict[str, Bools]:
    phone, n = world.parties.phone, len(world.cast)
    _, inverse, counts = np.unique(phone, return_inverse=True, return_counts=True)
    shares = _shares(world, phone)
    reassigned = np.zeros(n, np.bool_)
    reassigned[world.lookalikes.reassigned] = True
    family = world.cast.role == Role.CONSUMER  # consumers share phones with relatives only
    hub = counts[inverse] > 8
    return {
        "reassigned_phone": shares & reassigned,
        "family_phone": shares & ~reassigned & family,
        "accountant_client": shares & ~reassigned & ~family & hub,
        "phone_shared_otherwise": shares & ~reassigned & ~family & ~hub,
    }


def _by_building(world: World) -> dict[str, Bools]:
    addresses = world.pools.addresses
    shares = _shares(world, addresses.building[world.parties.address])
    kind = addresses.kind[world.parties.address]
    found = {name: shares & (kind == number) for number, name in _BUILDINGS.items()}
    stored = _shares(world, world.parties.warehouse) & (world.cast.role == Role.REGISTERED)
    return {**found, "warehouse_customer": stored}


def _by_name(world: World) -> dict[str, Bools]:
    """The same full name without being the same person, and clients of the same formation agent."""
    officers = take(world.pools.officers, world.parties.officer)
    names = take(world.pools.names, world.parties.name)
    guilty = pl.Series(world.cast.offender)
    person = _shares(world, world.parties.officer)
    namesake = officers.is_in(officers.filter(guilty).drop_nulls().implode()).fill_null(value=False).to_numpy()
    same_name = names.is_in(names.filter(guilty).implode()).fill_null(value=False).to_numpy()
    same_name = same_name & ~np.isin(np.arange(len(world.cast)), world.disguises.victims)
    honest = ~world.cast.offender
    registered = world.cast.role == Role.REGISTERED
    return {
        "formation_agent_client": person & registered,
        "same_franchise": _shares(world, world.parties.franchise),
        "common_name": honest & ((namesake & ~person & registered) | same_name),
    }


def _by_trade(world: World) -> dict[str, Bools]:
    p, s = world.parties, world.shipments
    lane = (p.broker * 1_000 + p.port) * 1_000 + p.commodity
    cheated = np.zeros(len(world.cast), np.bool_)
    bought = s.slot != NONE
    cheated[s.party[bought][world.trade.slot_offends[s.slot[bought]]]] = True
    return {
        "same_broker_port_goods": _shares(world, lane) & (world.cast.role == Role.REGISTERED),
        "customer_of_offending_seller": cheated & ~world.cast.offender,
    }


def innocents(world: World) -> pl.DataFrame:
    """``record_id, kind`` of every honest party that looks linked; a party can be of several kinds."""
    victims = np.zeros(len(world.cast), np.bool_)
    victims[world.disguises.victims] = True
    kinds = {
        **_by_phone(world),
        **_by_building(world),
        **_by_name(world),
        **_by_trade(world),
        "stolen_number_owner": victims,
    }
    record = party_records(world, np.arange(len(world.shipments)))
    parts = [
        pl.DataFrame({"record_id": record.filter(pl.Series(mask))}).with_columns(kind=pl.lit(kind))
        for kind, mask in kinds.items()
    ]
    return pl.concat(parts).drop_nulls().sort("record_id", "kind")


def hands(world: World) -> pl.DataFrame:
    """``hands_id, kind, businesses, disguise``: every pair of hands, with its disguises in order."""
    cast, d = world.cast, world.disguises
    named = pl.Series([pattern.name for pattern in PATTERNS])
    worn = pl.DataFrame(
        {
            "hands": cast.hands[d.newcomer],
            "generation": cast.generation[d.newcomer],
            "pattern": take(named, d.pattern),
            "role": take(pl.Series(["registered", "no_number", "consumer", "stolen_number"]), cast.role[d.newcomer]),
        }
    ).sort("hands", "generation")
    disguise = worn.group_by("hands", maintain_order=True).agg(
        disguise=pl.format("{}/{}", "pattern", "role").str.join(";")
    )
    parties = pl.DataFrame({"hands": cast.hands, "offender": cast.offender, "_id": world.party_hands()})
    people = parties.group_by("hands").agg(
        pl.col("offender").any(), pl.len().alias("businesses"), pl.col("_id").first()
    )
    kind = pl.when("offender").then(pl.lit("offender")).otherwise(pl.lit("honest"))
    own = people.join(disguise, on="hands", how="left").select(
        hands_id="_id", kind=kind, businesses=pl.col("businesses").cast(pl.Int64), disguise="disguise"
    )
    return pl.concat([own, _other_hands(world)]).sort("hands_id")


def _other_hands(world: World) -> pl.DataFrame:
    slots = np.arange(len(world.trade.slot_weight))
    suppliers = np.arange(world.trade.suppliers.height)
    moved = np.isfinite(world.shipments.reopened_on)
    sellers = pl.DataFrame(
        {
            "hands_id": world.slot_hands(slots),
            "kind": np.where(world.trade.slot_offends, "offending_seller", "seller"),
            "businesses": (1 + moved).astype(np.int64),
            "disguise": take(pl.Series(["seller_account_reopened/abroad"]), np.where(moved, 0, NONE)),
        }
    )
    listed = np.isfinite(world.trade.listed_on)
    makers = pl.DataFrame(
        {
            "hands_id": world.supplier_hands(suppliers),
            "kind": np.where(listed, "listed_supplier", "supplier"),
            "businesses": np.ones(len(suppliers), np.int64),
            "disguise": pl.Series([None], dtype=pl.String).new_from_index(0, len(suppliers)),
        }
    )
    return pl.concat([sellers, makers])
