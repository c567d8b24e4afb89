"""An epoch's comparisons go on in a live index."""

from graphinv.links.index import LinkIndex
from graphinv.links.live.match import LiveMatch
from graphinv.resolve.comparisons import Attribute


def test_an_epoch_that_answered_already_is_taken_over(index: LinkIndex) -> None:
    told = index.match.telling(Attribute.PHONE)
    assert told > 0
    assert LiveMatch.of(index.match, None).telling(Attribute.PHONE) == told
