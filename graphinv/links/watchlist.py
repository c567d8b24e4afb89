"""Which watch list entries an asked party and its shippers look like."""

from collections.abc import Iterator, Sequence

from graphinv.links.answer import WatchlistHit
from graphinv.links.cells import ListedName
from graphinv.links.clues import Clues
from graphinv.links.index import LinkIndex
from graphinv.normalise.names import Name
from graphinv.resolve.asked import nothing_told, parties_named
from graphinv.resolve.comparisons import Attribute
from graphinv.resolve.listing import NAME_AND_COUNTRY
from graphinv.resolve.parties import Parties


def watchlist_hits(index: LinkIndex, clues: Clues) -> tuple[WatchlistHit, ...]:
    """The entries that a query's party or one of its shippers looks like, by falling score."""
    hits: dict[str, WatchlistHit] = {}
    for parties, names in _compared(clues):
        for found in index.listed.like(parties):
            hit = _hit(index, names[found.party].caption, found)
            held = hits.setdefault(hit.id, hit)
            if hit.score > held.score:
                hits[hit.id] = hit
    return tuple(sorted(hits.values(), key=lambda hit: (-hit.score, hit.id)))


def one_name(listed: tuple[WatchlistHit, ...]) -> tuple[WatchlistHit, ...]:
    """What of the likenesses counts for the score: a name without a place, however many lists have it, counts once."""
    unplaced = [hit for hit in listed if hit.in_force and hit.score <= NAME_AND_COUNTRY]
    return tuple(hit for hit in listed if hit not in unplaced[1:])


def _compared(clues: Clues) -> Iterator[tuple[Parties, Sequence[Name]]]:
    """The party with what lists tell of their entries, and its shippers, of whom only the names are known."""
    if clues.name is not None:
        told, nothing = clues.asked.parties, nothing_told(1)
        listed = [values if attribute in _LISTED else nothing for attribute, values in enumerate(told.attributes)]
        yield Parties(told.uids, tuple(listed)), [clues.name]
    if clues.shippers:
        yield parties_named(*((name.key, name.kind) for name in clues.shippers)), clues.shippers


#: What lists tell of their entries, by its place among the attributes.
_LISTED = frozenset({Attribute.NAME, Attribute.ADDRESS, Attribute.COUNTRY})


def _hit(index: LinkIndex, caption: str, found: ListedName) -> WatchlistHit:
    row = found.row
    return WatchlistHit(
        id=row["uid"],
        list=row["list"],
        caption=row["caption"],
        score=found.score,
        reason=f"{caption} is like {row['caption']}: {'; '.join(found.reasons)}",
        in_force=row["ended_on"] is None or row["ended_on"] >= index.meta.clock.date(),
        records=(row["record_id"],),
        reference_url=row["reference_url"],
        reasons=found.reasons,
    )
