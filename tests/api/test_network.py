"""Networks over HTTP."""

import xml.etree.ElementTree as ElementTree
from typing import Any

import httpx
import pytest

from api.examples import IMPORTER, PHONE

ASKED: dict[str, Any] = {"seeds": [IMPORTER], "hops": 2}


def test_a_network_is_a_node_map_and_an_edge_list(client: httpx.Client) -> None:
    told = client.post("/v1/network", json=ASKED).json()
    assert {IMPORTER, PHONE} <= told["nodes"].keys()
    assert told["nodes"][PHONE]["degree"] >= 5
    assert told["graph"]["seeds"] == [IMPORTER]
    assert told["graph"]["epoch"] >= 1
    assert told["graph"]["left_out"]["status"] == "complete"


def test_paths_to_seizures_can_be_drawn_in(client: httpx.Client) -> None:
    told = client.post("/v1/network", json={**ASKED, "paths": 2}).json()
    edges = {edge["id"] for edge in told["edges"]}
    assert told["graph"]["paths"]
    for path in told["graph"]["paths"]:
        assert set(path["nodes"]) <= told["nodes"].keys()
        assert set(path["edges"]) <= edges


@pytest.mark.parametrize(
    ("form", "kind", "name"),
    [
        ("graphml", "application/graphml+xml", "network.graphml"),
        ("gexf", "application/gexf+xml", "network.gexf"),
        ("csv", "text/csv", "network.csv"),
        ("html", "text/html", "network.html"),
    ],
)
def test_other_formats_come_as_files(client: httpx.Client, form: str, kind: str, name: str) -> None:
    answered = client.post("/v1/network", json={**ASKED, "format": form})
    assert answered.headers["content-type"].partition(";")[0] == kind
    assert answered.headers["content-disposition"] == f'attachment; filename="{name}"'
    if form in ("graphml", "gexf"):
        assert ElementTree.fromstring(answered.content).tag.endswith(form)  # noqa: S314 - our own answer
    if form == "html":
        assert "sandbox" in answered.headers["content-security-policy"]


def test_a_past_day_says_what_is_as_now(client: httpx.Client) -> None:
    told = client.post("/v1/network", json={"seeds": [PHONE], "as_of": "2023-12-31"}).json()
    assert told["graph"]["as_of"].startswith("2023-12-31T23:59:59")
    assert "caption" in told["graph"]["not_as_of"]
    assert IMPORTER not in told["nodes"]
