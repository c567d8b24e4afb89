"""Parties that are like an entry of a watch list which is in force: a link to an order, by name and place alone."""

from collections.abc import Iterator

import polars as pl

from graphinv.alerting.alert import Change, Kind, LinkedParty, RestsOn, Told
from graphinv.alerting.changes import Changes
from graphinv.alerting.known import Known, UInt64, is_among, pair_keys
from graphinv.alerting.links_found import FoundLink, Rules, entity_of_node
from graphinv.links.answer import EvidencePiece, Path
from graphinv.links.describe import edge_id
from graphinv.links.index import LinkIndex


def in_force(index: LinkIndex, matches: pl.DataFrame) -> pl.DataFrame:
    """Likenesses to entries that count today: one row a party and entry, with the entry's caption and list."""
    listed = index.graph.listed
    ended = pl.col("ended_on").is_null() | (pl.col("ended_on") >= index.meta.clock.date())
    entries = listed.filter(ended).select("uid", "caption", "list", "entry_id").unique("uid")
    return matches.join(entries, left_on="dst", right_on="uid").sort("src", "dst")


def order_keys(orders: pl.DataFrame) -> UInt64:
    """A hash of party and entry for every row."""
    return pair_keys(orders["src"], orders["dst"])


def find_orders(
    index: LinkIndex, orders: pl.DataFrame, known: Known | None, changes: Changes, rules: Rules
) -> Iterator[FoundLink]:
    """The likenesses that are new, of parties of which something is new or to entries that are: the best one each.

    At a workspace's first load those of all parties are told: lists are short, and likenesses few.
    """
    likely = orders.filter(pl.col("score") >= rules.strength)
    fresh = likely.filter(~pl.Series(is_among(order_keys(likely), known.order))) if known else likely
    told: set[tuple[str, str]] = set()
    for row in fresh.sort("score", "src", "dst", descending=[True, False, False]).iter_rows(named=True):
        node = index.node(row["src"])
        if node is None or (entity_of_node(index, node), row["dst"]) in told:
            continue
        told.add((entity_of_node(index, node), row["dst"]))
        first_seen = known is not None and bool(changes.new_node[node])
        yield _found(index, node, row, _change(row, first=known is None, newcomer=first_seen))


def _change(row: dict[str, object], *, first: bool, newcomer: bool) -> Change:
    if first:
        return Change("baseline", "on record when alerts began")
    if newcomer:
        return Change("new_party", "the party was not on record before")
    return Change("new_order", f"{row['list']} {row['entry_id']}")


def _found(index: LinkIndex, node: int, row: dict[str, object], change: Change) -> FoundLink:
    party, entry, strength = str(row["src"]), str(row["dst"]), round(float(str(row["score"])), 4)
    caption = index.nodes.text("caption", node) or ""
    reasons, sources = _texts(row["reasons"]), _texts(row["sources"])
    edge = edge_id(party, "MATCHES", entry)
    sentence = f"{caption} is like {row['caption']} on the list {row['list']}: {'; '.join(reasons)}"
    piece = EvidencePiece(edge, "is like", str(row["caption"]), 1, sources, None, None, strength)
    told = Told(
        party=LinkedParty(party, caption),
        target=LinkedParty(entry, str(row["caption"]), sources),
        seizure=None,
        strength=strength,
        hops=1,
        sentence=sentence,
        also=(),
        path=Path((party, entry), (edge,)),
        evidence=(piece,),
    )
    rests_on = RestsOn((), (entry,))
    return FoundLink(Kind.ORDER, entity_of_node(index, node), entry, party, told, rests_on, (change,))


def _texts(values: object) -> tuple[str, ...]:
    return tuple(str(value) for value in values) if isinstance(values, list) else ()
