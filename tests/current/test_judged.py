"""Judgements count for look-ups as soon as they are made: parties are who a whole resolution would say they are."""

import random
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from graphinv import record_parties
from graphinv.current.naming import OnFile
from graphinv.links.judged_same import JudgedSame
from graphinv.links.live.index import LiveIndex
from graphinv.opened import OpenedWorkspace
from graphinv.prepared import prepared_records
from graphinv.resolve.declared import declared_by
from graphinv.resolve.identities import PreparedRecords, identify
from graphinv.resolve.judgements import Decision, Judgement, JudgementStore, Verdict, judged_same
from graphinv.resolve.resolution import Resolution, resolve
from graphinv.resolve.same_as import apart, declared_uids
from graphinv.settings import Settings
from tests.current.rebuilding import conclusions, make_epoch
from tests.current.test_splits import record, sample_rows

Pair = tuple[str, str]


@pytest.fixture(scope="module")
def epoch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample feeds, with an epoch."""
    folder = tmp_path_factory.mktemp("judged") / "workspace"
    with OpenedWorkspace(Settings(workspace=folder)) as opened:
        for feed, rows in sample_rows().items():
            record(opened, feed, rows)
        make_epoch(opened)
    return folder


@pytest.fixture
def opened(epoch: Path, tmp_path: Path) -> Iterator[OpenedWorkspace]:
    """A copy, to judge in."""
    shutil.copytree(epoch, tmp_path / "workspace")
    with OpenedWorkspace(Settings(workspace=tmp_path / "workspace")) as found:
        yield found


def judged(opened: OpenedWorkspace, pair: Pair, verdict: Verdict) -> Judgement:
    return JudgementStore(opened.folder).judge(Decision(*pair, verdict, "officer", "seen the papers"))


def resolved_anew(opened: OpenedWorkspace) -> Resolution:
    """What resolving all records with all judgements concludes."""
    records = identify(prepared_records(opened.folder))
    pairs: dict[Verdict, list[Pair]] = {Verdict.SAME: [], Verdict.DIFFERENT: []}
    for one in JudgementStore(opened.folder).current():
        pairs[one.verdict].append((one.left, one.right))
    told = [pair for pair in apart(records).iter_rows() if pair not in pairs[Verdict.SAME]]
    different = pairs[Verdict.DIFFERENT] + told
    return resolve(
        declared_by(records), same=pairs[Verdict.SAME], different=different, uids=declared_uids(records)
    )  # fmt: skip


def groups(entities: pl.DataFrame) -> set[frozenset[str]]:
    """Who is one party, whatever it is called."""
    return {frozenset(uids) for (uids,) in entities.group_by("entity").agg("uid").select("uid").iter_rows()}


def joins(pairs: pl.DataFrame) -> dict[Pair, float]:
    """What joins two, and how surely."""
    told = pairs.select("src", "dst", pl.col("probability").round(5)).iter_rows()
    return {(src, dst): probability for src, dst, probability in told}


def assert_as_resolved(opened: OpenedWorkspace) -> None:
    """Parties and what joins them are those of a whole resolution."""
    with opened.reading() as state:
        assert state.behind is None
        assert isinstance(state.index, LiveIndex)
        found = conclusions(state.index)
        judged = state.index.judged
    current = JudgementStore(opened.folder).current()
    assert judged == JudgedSame.of(
        judged_same(current, record_parties.table(identify(prepared_records(opened.folder))))
    )
    expected = resolved_anew(opened)
    assert groups(found.entities) == groups(expected.entities)
    told, wanted = (
        {(src, dst): round(probability, 5) for src, dst, probability in some.iter_rows()}
        for some in (
            found.same_as.select("src", "dst", "confidence"),
            expected.pairs.select("src", "dst", "probability"),
        )
    )
    assert told == wanted


def test_a_judgement_is_told_as_such_and_once_withdrawn_no_more(opened: OpenedWorkspace) -> None:
    two = sides(opened, random.Random(0))[1]  # noqa: S311 - not for secrets
    same = judged(opened, two, Verdict.SAME)
    (path,) = opened.paths(*two, k=1).paths
    assert path.sentence.endswith(f"by an investigator on {same.judged_at.date()} (seen the papers)")
    assert [piece.claim for piece in path.evidence] == ["was judged the same party as"]
    JudgementStore(opened.folder).withdraw(same.id, "officer", "a mistake")
    assert not any("investigator" in path.sentence for path in opened.paths(*two, k=3).paths)


def sides(opened: OpenedWorkspace, chance: random.Random) -> tuple[Pair, Pair]:
    """Two who are one party, and two who are not."""
    graph = opened.index.graph
    joined = graph.edges.filter(pl.col("claim") == "SAME_AS").select("src", "dst").rows()
    uids = graph.nodes.drop_nulls("entity")["uid"].to_list()
    one, (left, right) = chance.choice(joined), chance.sample(uids, 2)
    return (one[0], one[1]), (left, right)


@pytest.mark.parametrize("seed", range(2))
def test_judging_and_withdrawing_is_as_resolving_anew(opened: OpenedWorkspace, seed: int) -> None:
    joined, two = sides(opened, random.Random(seed))  # noqa: S311 - not for secrets
    parted = judged(opened, joined, Verdict.DIFFERENT)
    assert_as_resolved(opened)
    judged(opened, two, Verdict.SAME)
    assert_as_resolved(opened)
    JudgementStore(opened.folder).withdraw(parted.id, "officer", "a mistake")
    assert_as_resolved(opened)


def test_a_judgement_of_a_record_that_was_corrected_waits_for_the_next_load(opened: OpenedWorkspace) -> None:
    row = next(row for row in sample_rows()["shipments"] if row.get("consignee_name") and row.get("consignee_phone"))
    name = f"shipments:{row['shipment_id']}#consignee"
    other = str(opened.index.graph.nodes.filter(pl.col("label") == "Seller")["uid"][0])
    judged(opened, (name, other), Verdict.SAME)
    assert_behind(opened, None)
    record(opened, "shipments", [{**row, "consignee_name": "Plover Reach", "known_at": "2031-01-01T00:00:00Z"}])
    assert_behind(opened, "judgements")


def test_judgements_that_wait_are_not_looked_for_again_with_every_batch(
    opened: OpenedWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    row, other = (row for row in sample_rows()["shipments"][:2])
    record(opened, "shipments", [{**row, "consignee_name": "Plover Reach", "known_at": "2031-01-01T00:00:00Z"}])
    seller = str(opened.index.graph.nodes.filter(pl.col("label") == "Seller")["uid"][0])
    assert_behind(opened, None)
    judged(opened, (f"shipments:{row['shipment_id']}#consignee", seller), Verdict.SAME)
    assert_behind(opened, "judgements")
    monkeypatch.setattr("graphinv.current.judged.judged_since", lambda *_: pytest.fail("looked for again"))
    record(opened, "shipments", [{**other, "shipment_id": "NEW-1", "known_at": "2031-01-02T00:00:00Z"}])
    assert_behind(opened, "judgements")


def test_a_judgement_reads_no_records_of_those_before_it(
    opened: OpenedWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    filed = [row for row in sample_rows()["shipments"] if row.get("consignee_name") and row.get("consignee_phone")]
    sellers = opened.index.graph.nodes.filter(pl.col("label") == "Seller")["uid"]
    read: list[set[str]] = []
    versions = OnFile.versions

    def watched(on_file: OnFile, record_ids: pl.Series, numbers: pl.Series) -> PreparedRecords:
        read.append(set(record_ids))
        return versions(on_file, record_ids, numbers)

    monkeypatch.setattr(OnFile, "versions", watched)
    told = []
    for row, seller in zip(filed[:3], sellers[:3], strict=True):
        judged(opened, (f"shipments:{row['shipment_id']}#consignee", str(seller)), Verdict.DIFFERENT)
        read.clear()
        assert_behind(opened, None)
        told.append(set().union(*read))
    names = [f"shipments:{row['shipment_id']}" for row in filed[:3]]
    assert [[name in found for name in names] for found in told] == np.eye(3, dtype=bool).tolist()


def test_as_of_a_moment_before_it_a_judgement_does_not_count(opened: OpenedWorkspace) -> None:
    two = sides(opened, random.Random(0))[1]  # noqa: S311 - not for secrets
    before = datetime.now(UTC).isoformat()
    assert not ways(opened, two, before)
    judged(opened, two, Verdict.SAME)
    assert ways(opened, two, None) == ways(opened, two, datetime.now(UTC).isoformat()) == 1
    assert not ways(opened, two, before)


@pytest.mark.parametrize("key", ["AB#7", "S1#consignee"])
def test_a_record_whose_key_holds_the_sign_of_a_role_is_known_to_be_corrected(
    opened: OpenedWorkspace, key: str
) -> None:
    row = next(row for row in sample_rows()["shipments"] if row.get("consignee_name") and row.get("consignee_phone"))
    row = {**row, "shipment_id": key}
    record(opened, "shipments", [{**row, "known_at": "2031-01-01T00:00:00Z"}])
    other = str(opened.index.graph.nodes.filter(pl.col("label") == "Seller")["uid"][0])
    judged(opened, (f"shipments:{key}#consignee", other), Verdict.SAME)
    assert_behind(opened, None)
    record(opened, "shipments", [{**row, "consignee_name": "Plover Reach", "known_at": "2031-02-01T00:00:00Z"}])
    assert_behind(opened, "judgements")


def ways(opened: OpenedWorkspace, pair: Pair, as_of: str | None) -> int:
    """How many ways lead from one to the other, for which no index had to be made."""
    found = opened.paths(*pair, k=1, as_of=as_of)
    assert not any(note.startswith("as_of:") for note in found.notes)
    return len(found.paths)


def assert_behind(opened: OpenedWorkspace, what: str | None) -> None:
    with opened.reading() as state:
        said = state.behind
    assert (said and said.partition(" ")[0]) == what
