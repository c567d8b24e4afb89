"""The story of the link index (see there), and the clusters that it makes.

Harbor Gift Inc was seized and Lumen Parcel LLC uses its phone; Bright Home LLC and Glow Goods LLC share another one.
Forty tenants of a mailbox shop share a street number and nothing else.
"""

from pathlib import Path

import pytest

from graphinv.clusters.kept import KeptClusters, read_before
from graphinv.clusters.making import make_clusters
from graphinv.clusters.resolutions import RESOLUTIONS
from graphinv.links.index import LinkIndex
from graphinv.prepared import prepared_records
from graphinv.resolve.identities import PreparedRecords, identify
from graphinv.workspace import Workspace
from tests.links.conftest import index, workspace

__all__ = ["index", "workspace"]


@pytest.fixture(scope="session")
def records(workspace: Workspace) -> PreparedRecords:
    """The story's records with their identities."""
    return identify(prepared_records(workspace))


@pytest.fixture(scope="session")
def kept(index: LinkIndex, records: PreparedRecords) -> KeptClusters:
    """The first clusters of the story."""
    return make_clusters(index.graph, records, read_before(Path("nowhere"), RESOLUTIONS))
