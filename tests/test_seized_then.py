"""As of a past day a party stands as seized while its goods were held, and not after their release, on both stores."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from graphinv.entities import find_entity
from graphinv.opened import OpenedWorkspace
from graphinv.views.selection import Selection, select_network
from tests.conftest import STORES
from tests.small_case import BRIGHTLINE, opened_case

#: One row tells a seizure and the release a fortnight later; another became known at nine on the day of the release.
FINDINGS = (
    "Z8,2024-07-05,X6,ipr,handbags,released,2024-07-05,2024-07-20",
    "Z9,2024-07-05,X6,ipr,handbags,released,2024-07-25T09:00:00Z,2024-07-25",
)


@pytest.fixture(scope="module", params=STORES)
def opened(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenedWorkspace]:
    """The case in which Brightline got its goods back."""
    with opened_case(request, tmp_path_factory.mktemp("case"), request.param, FINDINGS) as found:
        yield found


@pytest.mark.parametrize(
    ("moment", "standing"),
    [
        (datetime(2024, 7, 4, tzinfo=UTC), None),
        (datetime(2024, 7, 6, tzinfo=UTC), "seized"),
        (datetime(2024, 7, 20, 12, tzinfo=UTC), "seized"),
        (datetime(2024, 7, 21, tzinfo=UTC), None),
        (datetime(2024, 7, 25, 12, tzinfo=UTC), None),
    ],
)
def test_a_party_stands_as_seized_until_the_release(
    opened: OpenedWorkspace, moment: datetime, standing: str | None
) -> None:
    network = select_network(opened.store, Selection((BRIGHTLINE,), as_of=moment))
    assert network.nodes[BRIGHTLINE]["standing"] == standing
    assert find_entity(opened.store, BRIGHTLINE, moment).standing == standing
