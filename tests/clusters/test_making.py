"""Clusters of a small story: who belongs together, what a profile says, what stays from load to load."""

import json
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from graphinv.clusters import making
from graphinv.clusters.drawing import draw_cluster
from graphinv.clusters.kept import KeptClusters, current_number, read_clusters
from graphinv.clusters.making import cluster_of_records, renew_clusters
from graphinv.clusters.reading import Cluster, ClusterSearch, cluster_of, find_cluster, heir_of, list_clusters
from graphinv.clusters.resolutions import RESOLUTIONS
from graphinv.errors import InvalidInput, NotFound
from graphinv.links.index import LinkIndex
from graphinv.resolve.identities import PreparedRecords
from tests.links.conftest import TENANTS


def _uid(kept: KeptClusters, name: str) -> str:
    return str(kept.entities.filter(caption=name)["entity"][0])


def _of(kept: KeptClusters, name: str) -> Cluster:
    return find_cluster(kept, cluster_of(kept, _uid(kept, name)))


def test_who_shares_a_rare_phone_is_in_one_cluster(kept: KeptClusters) -> None:
    assert {party.caption for party in _of(kept, "Lumen Parcel LLC").parties} == {"Harbor Gift Inc", "Lumen Parcel LLC"}
    assert {party.caption for party in _of(kept, "Glow Goods LLC").parties} == {"Bright Home LLC", "Glow Goods LLC"}


def test_tenants_of_a_mailbox_shop_are_no_cluster_and_the_hub_is_counted(kept: KeptClusters) -> None:
    tenants = kept.entities.filter(pl.col("caption").is_in(["Maple Toys LLC", "Otter Fabrics LLC", "Drift Goods LLC"]))
    for name in RESOLUTIONS:
        assert tenants[name].n_unique() == len(tenants) == 3
    assert kept.meta.hubs >= 1
    assert kept.meta.hub_uses > TENANTS


def test_a_profile_tells_what_joins_its_members_and_who_is_near_a_seizure(kept: KeptClusters) -> None:
    found = _of(kept, "Lumen Parcel LLC")
    assert [party.caption for party in found.parties] == ["Harbor Gift Inc", "Lumen Parcel LLC"]
    assert found.standings == {"seized": 1, "trusted": 0, "known": 0, "unknown": 1}
    assert found.seized_share == 0.5
    assert found.seized_interval == pytest.approx((0.0945, 0.9055), abs=1e-3)
    assert found.nearest is not None
    assert (found.nearest.caption, found.nearest.seized_caption) == ("Lumen Parcel LLC", "Harbor Gift Inc")
    assert found.unknown_risk == pytest.approx(found.nearest.strength, abs=1e-3)
    assert found.newest is not None
    assert found.newest.caption == "Lumen Parcel LLC"
    assert [(one.id, one.members, one.users) for one in found.joined_by] == [("phone:+12135550142", 2, 2)]
    assert (found.shipments, found.seizures) == (2, 1)
    assert [(one.month, one.shipments, one.seizures) for one in found.timeline] == [
        ("2025-03", 1, 1),
        ("2025-05", 1, 0),
    ]
    assert [event.event for event in found.history] == ["born"]


def test_clusters_are_ranked_by_the_unknown_risk_they_hold(kept: KeptClusters) -> None:
    page = list_clusters(kept, ClusterSearch())
    assert [item.unknown_risk for item in page.items] == sorted(
        (item.unknown_risk for item in page.items), reverse=True
    )
    assert page.items[0].caption == "Harbor Gift Inc and 1 other"
    assert page.total == len(page.items)


def test_a_list_is_narrowed_and_paged(kept: KeptClusters) -> None:
    every = list_clusters(kept, ClusterSearch()).items
    seized, clean = (list_clusters(kept, ClusterSearch(seized=wanted)) for wanted in (True, False))
    assert {item.id for item in (*seized.items, *clean.items)} == {item.id for item in every}
    assert all(item.standings["seized"] for item in seized.items)
    assert not any(item.standings["seized"] for item in clean.items)
    pages = [list_clusters(kept, ClusterSearch(), skip=at, limit=1) for at in range(len(every))]
    assert [page.items[0] for page in pages] == list(every)
    assert [page.next for page in pages] == [*range(1, len(every)), None]
    lumen = _uid(kept, "Lumen Parcel LLC")
    assert [item.caption for item in list_clusters(kept, ClusterSearch(member=lumen)).items] == [every[0].caption]
    assert list_clusters(kept, ClusterSearch(min_size=3)).total == 0


def test_what_there_is_not_is_told_with_the_way_out(kept: KeptClusters) -> None:
    with pytest.raises(InvalidInput, match="fine, middle, coarse"):
        list_clusters(kept, ClusterSearch(resolution="finest"))
    with pytest.raises(NotFound, match="no party of that id"):
        list_clusters(kept, ClusterSearch(member="importer:nobody"))
    with pytest.raises(NotFound, match="graphinv clusters"):
        find_cluster(kept, "cluster:0000")
    alone = _uid(kept, "Cedar Trade Inc")
    with pytest.raises(NotFound, match=f"one member, {alone}"):
        find_cluster(kept, cluster_of(kept, alone))


def test_every_record_has_one_cluster_also_of_parties_that_came_later(kept: KeptClusters) -> None:
    lumen, cedar = _uid(kept, "Lumen Parcel LLC"), _uid(kept, "Cedar Trade Inc")
    entities = {
        "a": lumen,
        "b": _uid(kept, "Harbor Gift Inc"),
        "c": cedar,
        "d": "importer:later",
        "e": "importer:later",
    }
    rows = pl.DataFrame({"record_id": list(entities), "entity_id": list(entities.values())})
    found = dict(cluster_of_records(kept, rows).iter_rows())
    assert list(found) == list("abcde")
    assert found["a"] == found["b"] == cluster_of(kept, lumen)
    assert found["d"] == found["e"]
    assert len({found["a"], found["c"], found["d"]}) == 3


def test_ids_and_history_go_on_when_the_clusters_are_made_again(
    index: LinkIndex, records: PreparedRecords, tmp_path: Path
) -> None:
    for number in (1, 2):
        meta = renew_clusters(tmp_path, index.graph, records)
        assert meta is not None
        assert meta.number == number == current_number(tmp_path)
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == ["2"]
    again = read_clusters(tmp_path)
    assert again is not None
    assert set(again.events["event"]) == {"born"}


def test_clusters_of_another_format_are_made_anew_and_keep_their_ids(
    index: LinkIndex, records: PreparedRecords, tmp_path: Path
) -> None:
    renew_clusters(tmp_path, index.graph, records)
    first = read_clusters(tmp_path)
    meta = tmp_path / "1" / "meta.json"
    meta.write_text(json.dumps({**json.loads(meta.read_text()), "format": 0}))
    assert read_clusters(tmp_path) is None
    renew_clusters(tmp_path, index.graph, records)
    second = read_clusters(tmp_path)
    assert first is not None
    assert second is not None
    assert second.entities.equals(first.entities)


def test_a_killed_load_leaves_the_clusters_that_were_there(
    index: LinkIndex, records: PreparedRecords, tmp_path: Path
) -> None:
    renew_clusters(tmp_path, index.graph, records)
    (tmp_path / ".2").mkdir()
    (tmp_path / ".2" / "entities.parquet").write_bytes(b"half")
    assert read_clusters(tmp_path) is not None
    renew_clusters(tmp_path, index.graph, records)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["2", "CURRENT"]


def test_without_igraph_a_load_makes_none_and_says_nothing_wrong(
    index: LinkIndex, records: PreparedRecords, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "igraph_is_there", lambda: False)
    assert renew_clusters(tmp_path / "clusters", index.graph, records) is None
    assert not (tmp_path / "clusters").exists()


def test_a_merged_cluster_leads_to_its_heir_over_several_merges(kept: KeptClusters) -> None:
    living = cluster_of(kept, _uid(kept, "Lumen Parcel LLC"))
    row = {"resolution": "middle", "event": "merged", "at": kept.events["at"][0], "members": 0, "moved": 2}
    merged = [
        {**row, "cluster": one, "others": [into]} for one, into in (("cluster:x", "cluster:y"), ("cluster:y", living))
    ]
    events = pl.concat([kept.events, pl.DataFrame(merged, schema=kept.events.schema)])
    now = replace(kept, events=events)
    assert heir_of(now, "cluster:x") == heir_of(now, "cluster:y") == heir_of(now, living) == living
    assert heir_of(now, "cluster:unknown") == "cluster:unknown"


def test_a_drawing_shows_each_member_once_and_what_they_share(index: LinkIndex, kept: KeptClusters) -> None:
    view = draw_cluster(index, _of(kept, "Lumen Parcel LLC"))
    phone, harbor, lumen = "phone:+12135550142", _uid(kept, "Harbor Gift Inc"), _uid(kept, "Lumen Parcel LLC")
    assert set(view.nodes) == {phone, harbor, lumen}
    assert {(edge.source, edge.type, edge.target) for edge in view.edges} == {
        (harbor, "HAS_PHONE", phone),
        (lumen, "HAS_PHONE", phone),
    }
    assert all(edge.sources and edge.count for edge in view.edges)
    assert view.nodes[harbor].standing == "seized"
    assert view.nodes[phone].properties == {"parties": 2}
