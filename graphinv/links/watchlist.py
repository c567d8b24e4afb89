"""Which watch list entries the asked parties and their shippers look like: all of a request are compared together."""

from collections.abc import Mapping
from dataclasses import dataclass

from graphinv.links.answer import WatchlistHit
from graphinv.links.cells import ListedName
from graphinv.links.clues import Clues
from graphinv.links.index import LinkIndex
from graphinv.resolve.asked import Asked, Told
from graphinv.resolve.comparisons import Attribute
from graphinv.resolve.listing import NAME_AND_COUNTRY


@dataclass(frozen=True)
class _Told:
    """One name that is compared: which query it belongs to, how it is shown, and what is known of its bearer."""

    query: str
    caption: str
    values: Told


def watchlist_hits(index: LinkIndex, asked: Mapping[str, Clues]) -> dict[str, tuple[WatchlistHit, ...]]:
    """The entries that each query's party or one of its shippers looks like, by falling score."""
    told = [one for query, clues in asked.items() for one in _told(query, clues)]
    best: dict[str, dict[str, WatchlistHit]] = {query: {} for query in asked}
    for found in index.listed.like([one.values for one in told]):
        one = told[found.party]
        hit, hits = _hit(index, one.caption, found), best[one.query]
        held = hits.setdefault(hit.id, hit)
        if hit.score > held.score:
            hits[hit.id] = hit
    return {
        query: tuple(sorted(hits.values(), key=lambda hit: (-hit.score, hit.id))) if hits else ()
        for query, hits in best.items()
    }


def one_name(listed: tuple[WatchlistHit, ...]) -> tuple[WatchlistHit, ...]:
    """What of the likenesses counts for the score: a name without a place, however many lists have it, counts once."""
    unplaced = [hit for hit in listed if hit.in_force and hit.score <= NAME_AND_COUNTRY]
    return tuple(hit for hit in listed if hit not in unplaced[1:])


def _told(query: str, clues: Clues) -> list[_Told]:
    """What lists tell of their entries, of the party and of its shippers: of these only the names are known."""
    shippers = [_Told(query, name.caption, Asked(names=((name.key, name.kind),)).told) for name in clues.shippers]
    if clues.name is None:
        return shippers
    told = zip(Attribute, clues.asked.told, strict=True)
    listed = tuple(values if attribute in _LISTED else [] for attribute, values in told)
    return [_Told(query, clues.name.caption, listed), *shippers]


#: What lists tell of their entries.
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
