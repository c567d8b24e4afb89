"""The demo: an invented world is loaded, and one importer that nobody knew yet is looked up as of the day before."""

import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import polars as pl
from rich.text import Text

from graphinv import terminal
from graphinv.errors import GraphinvError
from graphinv.links.answer import Link, LookupAnswer
from graphinv.links.clues import number_uid
from graphinv.links.question import LookupRequest, PartyQuestion, addresses_of, text_of, texts_of
from graphinv.normalise.identifiers import normalize_importer_number
from graphinv.opened import OpenedWorkspace, open_workspace
from graphinv.resolve.versions import newest
from graphinv.settings import Settings
from graphinv.worlds import write_world

_SEED = 1

#: Newcomers of the truth file that are tried before the demo says that none was found.
_TRIES = 8


@dataclass(frozen=True)
class HiddenLink:
    """A tie that the truth file tells, and what a look-up found of it on the day before the newcomer was known."""

    newcomer: str
    seized: str
    tie: str
    caption: str
    known_at: datetime
    answer: LookupAnswer
    link: Link


def run_demo(settings: Settings, size: str) -> HiddenLink:
    """Write and load the world (what is there already is kept), find a hidden link and print it.

    Raises GraphinvError when no look-up finds a link of the truth file: the demo then shows nothing untrue.
    """
    with open_workspace(settings=settings) as opened:
        folder = _world(opened.folder.root / "demo-world", size)
        _load(opened, folder)
        found = find_hidden_link(opened, folder / "truth")
    _tell(found, folder)
    return found


def find_hidden_link(opened: OpenedWorkspace, truth: Path) -> HiddenLink:
    """The first tie of the truth file that a look-up as of the day before finds, too."""
    tried = 0
    for tie in _ties(truth):
        newcomer = _record(opened, tie["newcomer_id"])
        if newcomer is None or not _visible_now(opened, tie["newcomer_id"], tie["seized_id"]):
            continue
        found = _ask_the_day_before(opened, tie, newcomer)
        if found is not None:
            return found
        tried += 1
        if tried == _TRIES:
            break
    raise GraphinvError(
        "the demo found no hidden link of its world; please report this with the output of `graphinv status`"
    )


def _world(folder: Path, size: str) -> Path:
    if (folder / "truth" / "links.csv").exists():
        terminal.stderr().print(f"the world in {folder} is there already")
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    unfinished = folder.with_name(".demo-world")
    shutil.rmtree(unfinished, ignore_errors=True)
    write_world(unfinished, size, _SEED, progress=lambda text: terminal.stderr().print(text))
    unfinished.rename(folder)
    return folder


def _load(opened: OpenedWorkspace, folder: Path) -> None:
    with terminal.bars(shown=sys.stderr.isatty()) as progress:
        feeds = [path for path in sorted(folder.iterdir()) if path.is_file()]
        loaded = opened.load(feeds, reading=progress, writing=progress.wrote)
    terminal.print_accounting(loaded.accounting)
    counts = opened.store.count()
    terminal.stdout().print(
        f"graph: {counts.nodes:,} nodes, {counts.relationships:,} relationships, {loaded.seconds:.1f} s"
    )


def _ties(truth: Path) -> Iterator[dict[str, str]]:
    """Ties between registered importers that many do not share, most telling first."""
    links = pl.read_csv(truth / "links.csv", infer_schema=False)
    registered = pl.all_horizontal(pl.col(name).str.starts_with("importers:") for name in ("newcomer_id", "seized_id"))
    told = links.filter(registered & pl.col("strength").is_in(["strong", "medium"]))
    best = pl.col("tie").is_in(["phone", "email", "address"])
    users = pl.col("shared_by").cast(pl.Int64, strict=False)
    yield from told.sort(best, users, "newcomer_id", descending=[True, False, False]).iter_rows(named=True)


def _record(opened: OpenedWorkspace, record_id: str) -> dict[str, object] | None:
    versions = opened.records.scan("importers").filter(pl.col("record_id") == record_id).collect()
    rows = newest(versions, "record_id")
    return rows.row(0, named=True) if len(rows) else None


def _visible_now(opened: OpenedWorkspace, newcomer: str, seized: str) -> bool:
    """Whether the graph of today joins the two: asking as of a past day costs more."""
    ends = [_uid(opened, record_id) for record_id in (newcomer, seized)]
    if ends[0] is None or ends[1] is None:
        return False
    return bool(opened.paths(ends[0], ends[1], k=1, max_hops=2).paths)


def _uid(opened: OpenedWorkspace, record_id: str) -> str | None:
    number = normalize_importer_number(record_id.removeprefix("importers:"), opened.folder.hash_key)
    return None if number is None else number_uid(number)


def _ask_the_day_before(opened: OpenedWorkspace, tie: dict[str, str], newcomer: dict[str, object]) -> HiddenLink | None:
    known_at = newcomer["known_at"]
    if not isinstance(known_at, datetime):
        return None
    moment = known_at - timedelta(microseconds=1)
    request = LookupRequest(queries={"newcomer": _question(newcomer)}, as_of=moment.isoformat())
    answer = opened.lookup(request)
    for link in answer.responses["newcomer"].links:
        if tie["seized_id"] in link.party.records or any(tie["seized_id"] in piece.records for piece in link.evidence):
            return HiddenLink(
                tie["newcomer_id"], tie["seized_id"], tie["tie"], str(newcomer["name"]), known_at, answer, link
            )
    return None


def _question(row: dict[str, object]) -> PartyQuestion:
    return PartyQuestion(
        name=text_of(row, "name"),
        addresses=addresses_of(row),
        phones=texts_of(row, "phone"),
        emails=texts_of(row, "email"),
    )


def _tell(found: HiddenLink, folder: Path) -> None:
    out = terminal.stdout()
    day = found.known_at.date().isoformat()
    out.print()
    out.print(
        Text(f"{found.caption} registered on {day}. Asked the moment before, when nobody had seen it:", style="bold")
    )
    answer = found.answer.responses["newcomer"]
    terminal.print_answer("look-up", answer)
    out.print()
    if found.link != answer.links[0]:
        out.print(Text(found.link.sentence, style="bold"))
    truth = folder / "truth" / "links.csv"
    out.print(f"True: {truth} tells that {found.newcomer} is {found.seized} again, tied by {found.tie}.")
