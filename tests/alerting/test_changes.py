"""What is new in the evidence: relationships, and not what an index learned of whole kinds of them."""

from dataclasses import replace

import numpy as np
import pytest

from graphinv.alerting.changes import SAME, STRONGER, changes_since
from graphinv.alerting.known import Known, known_of, live_edges, node_hashes
from graphinv.links.index import LinkIndex, open_index
from graphinv.links.weights import told_reliabilities
from tests.alerting.conftest import Story


def known(index: LinkIndex) -> Known:
    """What an examination of an index knows."""
    return known_of(index, live_edges(index.graph, node_hashes(index.graph)), np.empty(0, np.uint64))


@pytest.mark.parametrize("factor", [0.2, 1.05])
def test_what_is_learned_of_kinds_of_values_is_no_news(story: Story, factor: float) -> None:
    before = open_index(story.workspace.index)
    story.reliability = told_reliabilities() * factor
    examined = story.rebuilt()
    after = open_index(story.workspace.index)
    assert (after.graph.weight != before.graph.weight).any()
    assert (examined.raised, examined.reopened, examined.withdrawn) == (0, 0, 0)
    changes = changes_since(after, known(before))
    assert (changes.row == SAME).all()
    assert not len(changes.gone)


def test_a_relationship_that_is_surer_than_others_of_its_kind_is_news(story: Story) -> None:
    index = open_index(story.workspace.index)
    row = int(index.graph.edge[0])
    cheaper = replace(index.graph, weight=np.where(index.graph.edge == row, 1, index.graph.weight).astype(np.int32))
    changes = changes_since(replace(index, graph=cheaper), known(index))
    assert np.flatnonzero(changes.row == STRONGER).tolist() == [row]
