"""Feeds screened in the order of their arrival: each shipment by what was known when it was filed, and no more.

Time is cut into epochs. An epoch is an index of everything known by its beginning, resolved onward from the last one;
what comes within it is worked into that index as it comes (``Arrivals``). Shipments that have nothing in common are
looked up together. The score's model learns from outcomes that were known when the epoch began, and from what the
look-ups of their shipments had found when these were filed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import polars as pl

from graphinv.current.arrivals import Arrivals, Same
from graphinv.learning import is_outgrown, learned_rows
from graphinv.links.answer import PartyAnswer
from graphinv.links.fitting import fit_score
from graphinv.links.index import LinkIndex
from graphinv.links.lookup import look_up
from graphinv.links.outcomes import PASSED, SEIZURE, Outcomes, StandIn, inspections_tell, outcomes, telling_outcomes
from graphinv.links.question import LookupRequest, question_of
from graphinv.links.score_model import ScoreModel
from graphinv.links.training import SCHEMA, Window, rows_of
from graphinv.links.vetted import scopes
from graphinv.load.additions import Additions, additions
from graphinv.load.evidence import listed_names
from graphinv.load.seeds import seeds
from graphinv.load.tables import clock_of
from graphinv.pipeline import index_of
from graphinv.prepared import known_by
from graphinv.records import FEEDS
from graphinv.replay.known import Arriving
from graphinv.resolve.identities import PreparedRecords, identify, registry_of
from graphinv.resolve.model import MATCH
from graphinv.resolve.statuses import as_they_stood, status_known_at
from graphinv.resolving import Onward
from graphinv.workspace import Workspace

#: An epoch ends when so many records came, or this share of what it began with.
_FEWEST, _SHARE = 2_000, 0.1
#: Most shipments that are looked up together.
_TOGETHER = 50
#: Values that so many share that looking two of their users up together changes nothing.
_COMMON = "broker:"
#: What watch lists and vettings are compared with.
_SCOPES = ("watchlist", "trusted", "importers")


@dataclass(frozen=True)
class Replayed:
    """A shipment's answer, and when it was filed."""

    shipment_id: str
    answer: PartyAnswer
    filed: datetime


def replayed(workspace: Workspace, arriving: Arriving) -> Iterator[Replayed]:
    """An answer for every shipment, in the order of filing."""
    course = _Course(workspace, arriving)
    for together in _between_events(arriving):
        yield from course.file(together)


def _between_events(arriving: Arriving) -> Iterator[pl.DataFrame]:
    """The shipments in order, cut wherever a record became known that changes what others are told; outcomes are
    learned from when an epoch begins."""
    told = [getattr(arriving.records, feed)["known_at"] for feed in FEEDS if feed not in ("shipments", "inspections")]
    told.append(arriving.records.seizures.select(status_known_at()).to_series())
    moments = pl.concat(told).unique().sort()
    piece = moments.search_sorted(arriving.shipments["known_at"], side="right")
    for _, rows in arriving.shipments.group_by(piece.alias("piece"), maintain_order=True):
        yield rows


class _Course:
    """Where the replay stands: the epoch, what came since, and what was learned so far."""

    def __init__(self, workspace: Workspace, arriving: Arriving) -> None:
        self._hash_key = workspace.hash_key
        self._onward = Onward(workspace)
        self._records = arriving.records
        self._examined, self._withdrawn = _examined(arriving)
        self._learned = learned_rows(workspace)
        self._stand_in = _stand_in(arriving.records, self._learned)
        self._model: ScoreModel | None = None
        self._epochs = 0
        self._open(arriving.shipments["known_at"][0])

    def file(self, rows: pl.DataFrame) -> Iterator[Replayed]:
        """Answer shipments between which nothing else became known, and remember them."""
        now = rows["known_at"][0]
        if self._arrivals.rows > max(_FEWEST, _SHARE * self._began_with):
            self._open(now)
        registered = self._hear(now)
        came = identify(replace(registered, shipments=self._of_shipments(rows)), self._registry)
        added = additions(came, now)
        if len(registered.importers) + len(registered.sellers):
            self._arrivals.add(replace(came, shipments=came.shipments.clear()), added, {})
        filed = replace(came, importers=came.importers.clear(), sellers=came.sellers.clear())
        named = _named(added, filed.shipments)
        for some in _apart(named, _told_first(self._arrivals.new_claims(added), filed.shipments)):
            mine = replace(filed, shipments=filed.shipments[some])
            yield from self._answer(rows[some], mine, added, set().union(*named[some]))

    def _open(self, moment: datetime) -> None:
        """Begin an epoch with everything known before a moment."""
        known = known_by(self._records, moment)
        known = replace(known, shipments=known.shipments.filter(pl.col("known_at") < moment))
        self._registry = registry_of(known)
        identified = identify(known, self._registry)
        clock = clock_of(identified) or moment
        resolution = self._onward.resolve(identified, moment)
        self._learn(moment)
        self._epochs += 1
        self._arrivals = Arrivals(index_of(identified, resolution, clock, self._epochs, self._model))
        self._began = self._heard = moment
        self._began_with = sum(len(getattr(known, feed)) for feed in FEEDS)

    def _learn(self, moment: datetime) -> None:
        """A model of the outcomes that are known, when there are a quarter more than it was learned from."""
        withdrawn = self._withdrawn.filter(pl.col("withdrawn_at") <= moment)
        told = self._learned.filter(pl.col("known_at") <= moment).join(withdrawn, on="shipment_id", how="anti")
        found = _telling(told, self._stand_in)
        if is_outgrown(self._model, found):
            self._model = fit_score(found.rows, len(found.rows), found.stand_in) or self._model

    def _hear(self, now: datetime) -> PreparedRecords:
        """Take in what became known since the last shipments, other than shipments; the registrations among it."""
        fresh = pl.col("known_at").is_between(self._heard, now, closed="right")
        heard = {feed: getattr(self._records, feed).filter(fresh) for feed in FEEDS if feed != "shipments"}
        seizures = self._records.seizures.filter(fresh | status_known_at().is_between(self._heard, now, closed="right"))
        self._heard = now
        registered = self._rows(importers=heard["importers"], sellers=heard["sellers"])
        if len(registered.importers):
            self._registry = replace(
                self._registry, importers=pl.concat([self._registry.importers, registered.importers])
            )
        if len(seizures):
            self._seize(seizures, now)
        if len(heard["watchlist"]) or len(heard["trusted"]):
            known = identify(known_by(self._rows(**{feed: getattr(self._records, feed) for feed in _SCOPES}), now))
            self._arrivals.screen_by(listed_names(known), scopes(known, now))
        return registered

    def _seize(self, heard: pl.DataFrame, now: datetime) -> None:
        """Seizures come, change or go: of each its newest version counts."""
        ids = heard["seizure_id"].unique()
        current = known_by(self._rows(seizures=self._of("seizures", "seizure_id", ids)), now).seizures
        filed = known_by(self._rows(shipments=self._of("shipments", "shipment_id", current["shipment_id"])), now)
        identified = identify(replace(filed, seizures=current), self._registry)
        come = seeds(identified)
        self._arrivals.seize(additions(identified, now).nodes, come, "seizure:" + ids)

    def _answer(
        self, rows: pl.DataFrame, filed: PreparedRecords, added: Additions, named: set[str]
    ) -> Iterator[Replayed]:
        now = rows["known_at"][0]
        questions = {row["record_id"]: question_of(row) for row in rows.iter_rows(named=True)}
        with self._arrivals.index(now, named) as index:
            answers = look_up(index, LookupRequest(queries=questions, paths=1, limit=1), self._hash_key).responses
            same = _recognised(index, filed.shipments, answers)
            self._remember(index, rows)
        self._arrivals.add(filed, added, same)
        for shipment_id, moment, answer in zip(rows["shipment_id"], rows["known_at"], answers.values(), strict=True):
            yield Replayed(shipment_id, answer, moment)

    def _remember(self, index: LinkIndex, rows: pl.DataFrame) -> None:
        """Of shipments that are examined some day, what is known of them now: the score learns from it then."""
        examined = rows.join(self._examined, on="shipment_id")
        if len(examined):
            start = self._began - timedelta(microseconds=1)
            found = rows_of(Window(start, datetime.max.replace(tzinfo=UTC)), examined, index, self._hash_key)
            quarter = pl.lit(self._began).dt.truncate("1q").cast(SCHEMA["window"])
            self._learned = pl.concat([self._learned, found.with_columns(window=quarter)])

    def _of_shipments(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Prepared rows of shipments as they were filed, in their order."""
        prepared = self._records.shipments.join(
            rows.select("record_id", "content"), on=["record_id", "content"], how="semi"
        ).unique("record_id")
        ordered = rows.select("record_id").join(prepared, on="record_id", how="left", maintain_order="left")
        return ordered.select(prepared.columns)

    def _of(self, feed: str, column: str, values: pl.Series) -> pl.DataFrame:
        rows: pl.DataFrame = getattr(self._records, feed)
        return rows.filter(pl.col(column).is_in(values.drop_nulls().implode()))

    def _rows(self, **some: pl.DataFrame) -> PreparedRecords:
        """Some feeds, the others empty."""
        return PreparedRecords(**{feed: some.get(feed, getattr(self._records, feed).clear()) for feed in FEEDS})


def _stand_in(records: PreparedRecords, learned: pl.DataFrame) -> StandIn | None:
    """Why the workspace learned from seizures, and for how many each shipment stands that merely passed; None where
    inspections told."""
    newest = learned.filter(pl.col("selection") == PASSED)["known_at"].max()
    return telling_outcomes(known_by(records, newest)).stand_in if isinstance(newest, datetime) else None


def _telling(learned: pl.DataFrame, stand_in: StandIn | None) -> Outcomes:
    """What to learn from: seizures against what passed, as the workspace did, until there are inspections enough.

    What is examined while the replay runs has nothing beside it that merely passed, so it waits for those.
    """
    inspected = learned.filter(~pl.col("selection").is_in([PASSED, SEIZURE]))
    if stand_in is None or inspections_tell(inspected["selection"]):
        return Outcomes(learned.filter(pl.col("selection") != PASSED))
    newest = learned.filter(pl.col("selection") == PASSED)["known_at"].max()
    return Outcomes(learned.filter(pl.col("known_at") <= newest), stand_in)


def _examined(arriving: Arriving) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(shipment_id, outcome_known_at, selection, violation) of all that is examined some day; and (shipment_id,
    withdrawn_at) of those among them that are no outcomes any more since their goods were released."""
    newest = known_by(arriving.records, datetime.max.replace(tzinfo=UTC))
    held = _held(arriving.records.seizures)
    found = outcomes(replace(newest, seizures=held))
    gone = found.join(outcomes(newest), on="shipment_id", how="anti").select("shipment_id")
    gone = gone.join(held.select("shipment_id", "record_id"), on="shipment_id")
    gone = gone.join(_released(arriving.records.seizures), on="record_id")
    withdrawn = gone.group_by("shipment_id").agg(pl.col("withdrawn_at").max())
    return found.rename({"known_at": "outcome_known_at"}), withdrawn


def _held(seizures: pl.DataFrame) -> pl.DataFrame:
    """Of rows in every version the first one, for each seizure and shipment, by which the goods were held."""
    told = as_they_stood(seizures, pl.col("known_at")).filter(pl.col("status") != "released")
    return told.sort("known_at", "content").unique(["record_id", "shipment_id"], keep="first", maintain_order=True)


def _released(seizures: pl.DataFrame) -> pl.DataFrame:
    """(record_id, withdrawn_at) of rows in every version: when the first row since the goods were held last told of the
    release; rows that tell of it again change nothing."""
    released = pl.col("status") == "released"
    day = status_known_at().dt.date()
    held = seizures.filter(~released).group_by("record_id").agg(day.max().alias("held_on"))
    told = seizures.filter(released).join(held, on="record_id", how="left")
    told = told.filter(pl.col("held_on").is_null() | (day >= pl.col("held_on")))
    return told.group_by("record_id").agg(status_known_at().min().alias("withdrawn_at"))


def _named(added: Additions, shipments: pl.DataFrame) -> list[set[str]]:
    """The parties, values and names that each shipment gives."""
    parties = shipments.select("importer_uid", "shipper_uid", "seller_uid", "consignee_name_key", "shipper_name_key")
    names = [pl.concat_str([pl.lit("name:"), name]).alias(name) for name in parties.columns if name.endswith("_key")]
    told = parties.with_columns(names).rows()
    found = {record: set(row) for record, row in zip(shipments["record_id"], told, strict=True)}
    claimed = added.claims.filter(pl.col("root").is_in(shipments["record_id"].implode()))
    for root, src, dst in claimed.select("root", "src", "dst").iter_rows():
        found[root].update((src, dst))
    return [named - {None} for named in found.values()]


def _told_first(claims: pl.DataFrame, shipments: pl.DataFrame) -> list[set[str]]:
    """The parties and values of which each shipment claims something new; of a busy broker that says nothing."""
    found: dict[str, set[str]] = {record: set() for record in shipments["record_id"]}
    claimed = claims.filter(pl.col("root").is_in(shipments["record_id"].implode()))
    for root, src, dst in claimed.select("root", "src", "dst").iter_rows():
        found[root].update((src,) if dst.startswith(_COMMON) else (src, dst))
    return list(found.values())


def _apart(named: list[set[str]], told_first: list[set[str]]) -> Iterator[slice]:
    """Cut shipments into runs within which none names anything of which one before it claims something new."""
    start, new = 0, set[str]()
    for at, (mine, fresh) in enumerate(zip(named, told_first, strict=True)):
        if at - start >= _TOGETHER or not new.isdisjoint(mine):
            yield slice(start, at)
            start, new = at, set()
        new |= fresh
    yield slice(start, len(named))


def _recognised(index: LinkIndex, shipments: pl.DataFrame, answers: Mapping[str, PartyAnswer]) -> dict[str, Same]:
    """Consignees that are somebody on record in all likelihood."""
    found: dict[str, Same] = {}
    for record, uid, moment in shipments.select("record_id", "importer_uid", "known_at").iter_rows():
        best = next(iter(answers[record].candidates), None)
        if best is not None and best.score >= MATCH and best.id != uid:
            found[uid] = Same.told_by(index, best.id, best.score, record, moment)
    return found
