"""However records come, look-ups know the same: an epoch with what was worked in equals the whole built at once."""

import csv
import gzip
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from graphinv.ingest import journal
from graphinv.links.live.index import LiveIndex
from graphinv.opened import OpenedWorkspace
from graphinv.settings import Settings
from tests.current.rebuilding import make_epoch, told_anew, told_by
from tests.load.feeds import SAMPLES

Row = dict[str, object]
#: Feeds and what tells their records apart; registrations first, since a shipment may name them.
KEYS = {
    "importers": ("importer_number",), "sellers": ("platform", "seller_id"), "shipments": ("shipment_id",),
    "seizures": ("seizure_id",), "inspections": ("shipment_id",), "trusted": ("importer_number",),
}  # fmt: skip
#: Feeds of which several versions of a record may come.
_SEVERAL = ("seizures", "inspections", "trusted")
#: One shipment in so many is taken: the feeds are larger than the claim needs.
_THINNED = 10


def sample_rows() -> dict[str, list[Row]]:
    """The sample feeds."""
    found: dict[str, list[Row]] = {}
    for feed in KEYS:
        for path in sorted(SAMPLES.glob(f"*/{feed}.*")):
            found.setdefault(feed, []).extend(_rows(path))
    found["shipments"] = found["shipments"][::_THINNED]
    return found


def _rows(path: Path) -> Iterator[Row]:
    if path.suffix == ".gz":
        yield from (orjson.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines() if line[:1] == b"{")
        return
    with path.open(newline="", encoding="utf-8") as file:
        yield from ({name: text for name, text in row.items() if name and text} for row in csv.DictReader(file))


def split(
    rows: dict[str, list[Row]], chance: random.Random
) -> tuple[dict[str, list[Row]], list[tuple[str, list[Row]]]]:
    """An epoch, and batches that can be worked in: a number is registered before it is named, and a registration or
    shipment comes once."""
    late = {_number(row) for row in rows["importers"] if chance.random() < 0.1}
    epoch: dict[str, list[Row]] = {feed: [] for feed in rows}
    after: list[tuple[str, list[Row]]] = []
    for feed, all_rows in rows.items():
        times = Counter(_key(feed, row) for row in all_rows)
        waiting: list[Row] = []
        for row in all_rows:
            named = "importer_number" in row and _number(row) in late
            wanted = named or (feed != "importers" and chance.random() < 0.15)
            once = feed in _SEVERAL or times[_key(feed, row)] == 1
            (waiting if wanted and once else epoch[feed]).append(row)
        while waiting:
            size = chance.choice(((len(waiting) + 1) // 2, len(waiting)))
            after.append((feed, waiting[:size]))
            waiting = waiting[size:]
    registered = [one for one in after if one[0] == "importers"]
    others = [one for one in after if one[0] != "importers"]
    chance.shuffle(others)
    return epoch, [*registered, *others]


def _key(feed: str, row: Row) -> tuple[object, ...]:
    return tuple(row.get(name) for name in KEYS[feed])


def _number(row: Row) -> str:
    return "".join(letter for letter in str(row.get("importer_number", "")) if letter.isalnum())[:9]


def record(opened: OpenedWorkspace, feed: str, rows: list[Row]) -> None:
    """Make rows of a feed records."""
    if rows:
        journal.append(opened.folder, feed, rows)
        journal.roll(opened.folder)


@settings(max_examples=2, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_any_sequence_of_batches_equals_all_at_once(seed: int) -> None:
    epoch, batches = split(sample_rows(), random.Random(seed))  # noqa: S311 - not for secrets
    with TemporaryDirectory() as folder, OpenedWorkspace(Settings(workspace=Path(folder) / "workspace")) as opened:
        for feed, rows in epoch.items():
            record(opened, feed, rows)
        make_epoch(opened)
        for feed, rows in batches:
            record(opened, feed, rows)
            with opened.reading() as state:
                assert state.behind is None
        with opened.reading() as state:
            assert isinstance(state.index, LiveIndex)
            found, expected = told_by(state.index), told_anew(opened, state)
    assert {key: found[key] for key in found if found[key] != expected.get(key)} == {}
    assert found.keys() == expected.keys()
