"""The evaluation of a tiny world: everything is told, of arrivals after the day alone, and a picture is drawn of it."""

from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import orjson
import polars as pl
import pytest

from graphinv.cli_evaluate import _print
from graphinv.errors import InvalidInput, NotFound
from graphinv.evaluate.baselines import NAMES as BASELINES
from graphinv.evaluate.evaluation import MOST, ORACLE, OURS, Evaluation, evaluate
from graphinv.evaluate.measures import ranking, reliability
from graphinv.evaluate.picture import picture_html, picture_svg
from graphinv.evaluate.truth import Truth, read_truth, ties_on_paper
from graphinv.ingest import RecordStore, ingest
from graphinv.links.evidence import build
from graphinv.links.index import write_index
from graphinv.load.evidence import evidence_tables
from graphinv.load.tables import clock_of, graph_tables
from graphinv.opened import OpenedWorkspace
from graphinv.prepared import prepared_records
from graphinv.resolve.identities import identify
from graphinv.resolve.same_as import concluded
from graphinv.resolving import resolve_alone
from graphinv.settings import Settings
from graphinv.worlds import write_world

AS_OF = datetime(2025, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny world."""
    folder = tmp_path_factory.mktemp("evaluated")
    write_world(folder / "world", "tiny", seed=3)
    return folder


@pytest.fixture(scope="module")
def opened(folder: Path) -> OpenedWorkspace:
    """The world as a workspace with an index; no graph store is needed for it."""
    opened = OpenedWorkspace(Settings(workspace=folder / "workspace"))
    ingest(opened.folder, [path for path in sorted((folder / "world").iterdir()) if path.is_file()])
    records = identify(prepared_records(opened.folder))
    clock = clock_of(records)
    assert clock is not None
    resolution = resolve_alone(records)
    graph = graph_tables(records, concluded(records, resolution), clock)
    write_index(opened.folder.index, build(evidence_tables(records, graph, clock)), resolution, 1)
    return opened


@pytest.fixture(scope="module")
def found(opened: OpenedWorkspace, folder: Path) -> Evaluation:
    """All arrivals of half a year, beside the truth."""
    return evaluate(opened, AS_OF, truth=read_truth(folder / "world" / "truth"), after=timedelta(days=181))


def test_every_scorer_is_told_for_all_arrivals_and_for_newcomers(found: Evaluation, opened: OpenedWorkspace) -> None:
    rows = RecordStore(opened.folder).scan("shipments").collect().unique("record_id")
    arrived = int(((rows["known_at"] > AS_OF) & (rows["known_at"] <= AS_OF + timedelta(days=181))).sum())
    for ranked in (found.everyone, found.newcomers):
        assert set(ranked.by) == {OURS, ORACLE, *BASELINES}
    assert found.everyone.by[OURS].arrivals == pytest.approx(arrived, abs=2)
    assert 0 < found.newcomers.by[OURS].arrivals < found.everyone.by[OURS].arrivals
    assert 0 < found.everyone.by[OURS].violations < arrived


def test_who_sees_every_tie_on_paper_ranks_well(found: Evaluation) -> None:
    assert found.everyone.by[ORACLE].auc > 0.6


def test_a_gap_is_read_only_where_the_oracle_ranks_better(found: Evaluation) -> None:
    for ranked in (found.everyone, found.newcomers):
        auc = {name: one.auc for name, one in ranked.by.items()}
        better = auc[ORACLE] > max(auc[name] for name in (OURS, *BASELINES))
        assert (ranked.closed is not None) == better
        assert ranked.closed is None or ranked.closed < 1.0


def test_the_oracle_puts_ties_before_a_seized_party_itself_and_more_seizures_first() -> None:
    """N is tied to S and R to T; goods of S were seized once, of T twice; Q has no tie."""
    names = ("N", "S", "R", "T", "Q")
    parties = pl.DataFrame(
        {"record_id": [f"shipments:{name}#consignee" for name in (*names, "T2")],
         "hands_id": list("NSRTQT"), "business_id": list("NSRTQT")}
    )  # fmt: skip
    links = pl.DataFrame(
        {"newcomer_id": ["shipments:N#consignee", "shipments:R#consignee"],
         "seized_id": ["shipments:S#consignee", "shipments:T#consignee"], "pattern": ["same_phone"] * 2}
    )  # fmt: skip
    truth = Truth(parties, links, pl.DataFrame(), pl.Series("shipment_id", [], dtype=pl.String))
    filed = {"shipment_id": pl.String(), "platform": pl.String(), "seller_id": pl.String()}
    seizures = pl.DataFrame([("S", None, None), ("T", None, None), ("T2", None, None)], schema=filed, orient="row")
    told = ties_on_paper(
        truth, pl.DataFrame([(name, None, None) for name in names], schema=filed, orient="row"), seizures
    )
    assert [names[at] for at in np.argsort(-told)] == ["R", "N", "T", "S", "Q"]
    assert told[-1] == 0.0


def test_reliability_is_told_by_tier_and_covers_all(found: Evaluation) -> None:
    arrivals = found.everyone.by[OURS].arrivals
    assert sum(one.arrivals for one in found.reliability.bins) == arrivals
    assert sum(one.arrivals for told in found.tiers.values() for one in told.bins) == arrivals


def test_with_outcomes_too_few_to_learn_from_nothing_is_called_calibrated(found: Evaluation) -> None:
    assert not found.calibrated
    assert "noisy-or" in found.notes[0]
    assert found.bands == ()


def test_innocents_and_link_strengths_are_told_from_the_truth(found: Evaluation) -> None:
    assert found.innocents
    assert all(0.0 <= story.alarmed <= 1.0 for story in found.innocents)
    assert sum(one.links for one in found.strengths) > 0
    orjson.dumps(asdict(found))


def test_without_truth_the_examined_shipments_are_the_outcomes(
    opened: OpenedWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graphinv.links.outcomes.FEWEST_RANDOM", 1)  # a tiny world has few
    told = evaluate(opened, datetime(2024, 1, 1, tzinfo=UTC), after=timedelta(days=540))
    assert told.labels == "examined shipments"
    assert ORACLE not in told.everyone.by
    assert told.everyone.closed is None
    assert told.disguises == ()


def test_where_too_little_was_inspected_arrivals_that_passed_are_told_beside_those_seized(
    opened: OpenedWorkspace,
) -> None:
    told = evaluate(opened, datetime(2024, 1, 1, tzinfo=UTC), after=timedelta(days=540))
    assert told.labels == "seizures stand in, against arrivals that passed, since too little was inspected"
    came = RecordStore(opened.folder).scan("shipments").filter(pl.col("known_at") > datetime(2024, 1, 1, tzinfo=UTC))
    ours = told.everyone.by[OURS]
    assert ours.arrivals > 0.9 * min(came.collect()["record_id"].n_unique(), MOST)
    assert 0.0 < ours.violations < 0.2 * ours.arrivals
    assert all(0.0 <= one.auc <= 1.0 for one in told.everyone.by.values())


def test_arrivals_of_which_nothing_is_known_are_an_error_of_the_world(
    opened: OpenedWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graphinv.links.outcomes.FEWEST_RANDOM", 1)
    with pytest.raises(NotFound, match="--as-of") as refused:
        evaluate(opened, opened.index.meta.clock - timedelta(minutes=1))
    assert refused.value.exit_status == 1


def test_a_day_after_the_last_record_is_refused(opened: OpenedWorkspace) -> None:
    with pytest.raises(InvalidInput, match="--as-of"):
        evaluate(opened, datetime(2026, 1, 1, tzinfo=UTC))


def test_a_folder_without_truth_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"parties\.csv"):
        read_truth(tmp_path)


def test_the_picture_has_a_plot_for_every_tier(found: Evaluation) -> None:
    drawn = picture_svg(found)
    assert drawn.startswith("<svg")
    assert all(tier in drawn for tier in found.tiers)
    assert drawn in picture_html(found)


def test_what_cannot_be_told_is_said_so_and_never_nan(found: Evaluation, capsys: pytest.CaptureFixture[str]) -> None:
    nobody, none = np.zeros(0), np.zeros(0, np.bool_)
    ranked = replace(found.newcomers, by={OURS: ranking(nobody, none, nobody)})
    untold = replace(
        found, newcomers=ranked, everyone=ranked, reliability_of_newcomers=reliability(nobody, none, nobody)
    )
    _print(untold)
    printed = capsys.readouterr().out
    assert "n/a: cannot be told without arrivals in violation and others" in printed
    assert "nan" not in printed.replace("tenan", "")
    assert "nan" not in picture_html(untold)


@pytest.mark.parametrize("parties", ["", "record_id,hands_id\n"])
def test_truth_without_a_column_is_refused(tmp_path: Path, parties: str) -> None:
    (tmp_path / "parties.csv").write_text(parties, encoding="utf-8")
    with pytest.raises(InvalidInput, match=r"parties\.csv has no column (record_id|business_id): another version"):
        read_truth(tmp_path)
