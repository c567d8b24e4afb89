"""As of a past day a party stands as seized while its goods were held, and not after their release, on both stores."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from graphinv.entities import find_entity, find_neighbours
from graphinv.opened import OpenedWorkspace
from graphinv.resolve.identities import importer_uid
from graphinv.views.selection import Selection, select_network
from tests.conftest import STORES
from tests.small_case import BRIGHTLINE, KESTREL, ORCHID, PHONE, opened_case

#: One row tells a seizure and the release a fortnight later; another became known at nine on the day of the release.
FINDINGS = (
    "Z8,2024-07-05,X6,ipr,handbags,released,2024-07-05,2024-07-20",
    "Z9,2024-07-05,X6,ipr,handbags,released,2024-07-25T09:00:00Z,2024-07-25",
)


#: Kestrel Bay, seized from in May 2023, registered again in September under another number.
AGAIN = "55-6667778AA,Kestrel Bay Imports Inc,77 Old Quay Road,,San Pedro,CA,90731,US,+1 213 555 0148,,2023-09-01"
SECOND = importer_uid("556667778AA")


@pytest.fixture(scope="module", params=STORES)
def opened(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenedWorkspace]:
    """The case in which Brightline got its goods back, and Kestrel Bay has two numbers."""
    with opened_case(request, tmp_path_factory.mktemp("case"), request.param, FINDINGS, (AGAIN,)) as found:
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


def test_a_party_that_was_seized_from_under_another_number_stands_as_seized_under_all(opened: OpenedWorkspace) -> None:
    then, before = datetime(2023, 10, 1, tzinfo=UTC), datetime(2023, 5, 9, tzinfo=UTC)
    second = find_entity(opened.store, SECOND, then)
    assert [(one.id, one.standing) for one in second.same_as] == [(KESTREL, "seized")]
    assert second.standing == find_entity(opened.store, SECOND).standing == "seized"
    assert select_network(opened.store, Selection((SECOND,), as_of=then)).nodes[SECOND]["standing"] == "seized"
    assert find_entity(opened.store, KESTREL, before).standing is None
    by_phone = {one.id: one.standing for one in find_neighbours(opened.store, PHONE, as_of=then).items}
    assert by_phone.items() >= {KESTREL: "seized", SECOND: "seized"}.items()


def test_a_neighbour_that_is_seized_from_later_does_not_stand_as_seized(opened: OpenedWorkspace) -> None:
    then = datetime(2024, 2, 1, tzinfo=UTC)
    standings = {one.id: one.standing for one in find_neighbours(opened.store, PHONE, as_of=then).items}
    assert standings == {KESTREL: "seized", SECOND: "seized", ORCHID: None}
