"""A path reads in the order in which it is walked, whatever the order of its evidence."""

from collections.abc import Callable

import networkx as nx
import pytest

from graphinv import schema
from graphinv.views import reading
from graphinv.views.attributes import Network
from graphinv.views.wording import VERBS, counted, spaced, verb

Case = Callable[[int], Network]


def test_hops_are_sentences_in_walk_order(case: Case) -> None:
    first = reading.walks(case(12))[0]
    assert [f"{hop.number}. {hop.start} {hop.words} {hop.end}" for hop in first.hops] == [
        "1. Brightline Home Goods LLC is located at 1180 Foundry Row, Suite 14, Los Angeles CA 90021",
        "2. 1180 Foundry Row, Suite 14, Los Angeles CA 90021 is the address of Orchid Lane Trading Company",
        "3. Orchid Lane Trading Company has the phone number +1 213 555 0148",
        "4. +1 213 555 0148 is the phone number of Kestrel Bay Imports Inc",
    ]


def test_a_hop_brings_its_own_evidence(case: Case) -> None:
    hop = reading.walks(case(12))[0].hops[1]
    assert hop.claim == "same suite"
    assert hop.records == ("importers:98-7654321",)
    assert {fact.name: fact.value for fact in hop.facts} == {
        "Value": "1180 Foundry Row, Suite 14",
        "Shared by": "3 parties",
        "Seen": "2023-02-11 to 2025-03-02",
        "Confidence": "88 %",
    }


def test_a_hop_without_evidence_falls_back_on_its_edge(case: Case) -> None:
    hop = reading.walks(case(12))[1].hops[0]
    assert hop.unsure
    assert hop.records
    assert ("Confidence", "71 %") in [(fact.name, fact.value) for fact in hop.facts]


def test_a_path_over_an_edge_that_was_left_out_still_reads(case: Case) -> None:
    graph = case(12)
    graph.graph["paths"][0]["edges"][2] = "gone"
    assert reading.walks(graph)[0].hops[2].words == "is linked to"


def test_the_question_names_both_ends_when_the_graph_has_no_title(case: Case) -> None:
    graph = case(12)
    del graph.graph["title"]
    assert reading.question(graph) == "Why is Brightline Home Goods LLC linked to Kestrel Bay Imports Inc?"
    graph.graph["paths"] = []
    assert reading.question(graph) == "The network around Brightline Home Goods LLC"
    assert reading.question(nx.MultiDiGraph()) == "Network"


def test_what_was_left_out_is_counted_and_named(case: Case) -> None:
    graph = case(12)
    assert reading.left_out(graph) == [
        "The search was complete: everything within its limits was looked at.",
        "12 paths through hubs only, which say little.",
        "140 nodes beyond the limit.",
    ]
    assert reading.hidden_hubs(graph) == ["PO Box 4400, Wilmington DE", "Filer 9XK"]


@pytest.mark.parametrize("status", ["truncated", "timed_out", "degraded"])
def test_a_search_that_gave_up_says_so(case: Case, status: str) -> None:
    graph = case(12)
    graph.graph["left_out"] = {"status": status}
    assert "more" in reading.left_out(graph)[0]


def test_nothing_is_rounded_up_to_certainty() -> None:
    assert [reading.percent(p) for p in (0.0, 0.745, 0.999, 1.0)] == ["0 %", "75 %", "99 %", "100 %"]


def test_properties_read_as_people_write_them() -> None:
    data = {"properties": {"mail_drop": False, "aliases": ["A", "B"], "score": 0.5, "empty": "", "none": None}}
    found = [(fact.name, fact.value) for fact in reading.properties(data)]
    assert found == [("Mail drop", "no"), ("Aliases", "A; B"), ("Score", "0.5")]


def test_every_relationship_of_the_schema_has_its_words() -> None:
    dealings = {"BUYS_FROM", "SUPPLIED_BY", "SOURCES_FROM", "USES_BROKER"}
    assert {item.name for item in schema.RELATIONSHIPS} | dealings == set(VERBS)
    assert verb("KNOWS_OF") == "knows of"


def test_numbers_and_names_read_as_words() -> None:
    assert (counted(1, "hub"), counted(1200, "party", "parties")) == ("1 hub", "1,200 parties")
    assert (spaced("WatchlistEntry"), spaced("postal_code")) == ("Watchlist entry", "Postal code")
