"""Clusters over HTTP: the list, one of them, and what there is not."""

import httpx
import networkx as nx
import pytest

from api.app import create_app
from api.examples import CLUSTER, IMPORTER, PHONE, SEIZED_IMPORTER
from graphinv.errors import NotFound
from graphinv.opened import OpenedWorkspace
from graphinv.schema import PARTY_LABELS
from graphinv.settings import Settings
from tests.api.problems import problem
from tests.api.serving import serving


def test_a_list_is_paged_by_an_opaque_cursor_in_the_order_of_unknown_risk(client: httpx.Client) -> None:
    seen: list[str] = []
    risks: list[float] = []
    params: dict[str, str | int] = {"limit": 25}
    while True:
        told = client.get("/v1/clusters", params=params).json()
        seen += [item["id"] for item in told["items"]]
        risks += [item["unknown_risk"] for item in told["items"]]
        if told["next"] is None:
            break
        params["cursor"] = told["next"]
    assert len(seen) == len(set(seen)) == told["total"] > 25
    assert risks == sorted(risks, reverse=True)


def test_a_list_is_narrowed_by_seized_members_size_and_resolution(client: httpx.Client) -> None:
    totals = {
        wanted: client.get("/v1/clusters", params={"seized": wanted} if wanted else {}).json()["total"]
        for wanted in ("", "true", "false")
    }
    assert totals[""] == totals["true"] + totals["false"]
    assert min(totals.values()) > 0
    large = client.get("/v1/clusters", params={"min_size": 4, "resolution": "coarse"}).json()["items"]
    assert large
    assert all(item["members"] >= 4 and item["resolution"] == "coarse" for item in large)


def test_the_cluster_of_a_party_is_found_by_any_of_its_identities(client: httpx.Client) -> None:
    for member in (IMPORTER, SEIZED_IMPORTER):
        found = client.get("/v1/clusters", params={"member": member}).json()["items"]
        assert [item["id"] for item in found] == [CLUSTER]


def test_one_cluster_tells_its_members_what_joins_them_and_its_drawing(client: httpx.Client) -> None:
    told = client.get(f"/v1/clusters/{CLUSTER}").json()
    assert len(told["parties"]) == told["members"]
    assert told["standings"]["seized"] == 1
    assert told["joined_by"][0]["id"] == PHONE
    assert {party["id"] for party in told["parties"]} | {PHONE} <= told["graph"]["nodes"].keys()
    ends = {end for edge in told["graph"]["edges"] for end in (edge["source"], edge["target"])}
    assert PHONE in ends <= told["graph"]["nodes"].keys()
    assert told["seizures"] == sum(month["seizures"] for month in told["timeline"])
    assert told["history"][0]["event"] == "born"


def test_a_cluster_is_a_network_for_notebooks_whole_or_cut_to_its_first_members(workspace: OpenedWorkspace) -> None:
    network = workspace.cluster_network(CLUSTER)
    seeds = network.graph["seeds"]
    assert {uid for uid in network if network.nodes[uid]["label"] in PARTY_LABELS} == set(seeds)
    assert {IMPORTER, SEIZED_IMPORTER} <= set(seeds)
    assert {IMPORTER, SEIZED_IMPORTER} <= set(network.predecessors(PHONE))
    assert nx.is_weakly_connected(network)
    cut = workspace.cluster_network(CLUSTER, limit=1)
    assert cut.graph["seeds"] == seeds[:1]
    assert cut.graph["left_out"]["nodes"] == len(seeds) - 1
    with pytest.raises(NotFound):
        workspace.cluster_network("cluster:0000000000000000")


def test_what_cannot_be_asked_is_a_problem_with_the_way_out(client: httpx.Client) -> None:
    problem(client.get("/v1/clusters/cluster:0000"), 404)
    problem(client.get("/v1/clusters", params={"member": "importer:nobody"}), 404)
    problem(client.get("/v1/clusters", params={"resolution": "finest"}), 422)
    problem(client.get("/v1/clusters", params={"min_size": 1}), 422)
    cursor = client.get("/v1/clusters", params={"limit": 1}).json()["next"]
    problem(client.get("/v1/clusters", params={"limit": 1, "seized": True, "cursor": cursor}), 422)
    for path in ("/v1/clusters", f"/v1/clusters/{CLUSTER}"):
        refused = problem(client.get(path, params={"as_of": "2024-01-01"}), 422)
        assert "clusters are of now" in refused["detail"]


def test_before_the_first_load_the_way_out_is_told(empty_workspace: Settings) -> None:
    with serving(create_app(empty_workspace)) as client:
        assert "graphinv load" in problem(client.get("/v1/clusters"), 503)["detail"]
