"""What the command line prints: tables, progress bars, errors. Results go to stdout, everything else to stderr."""

import csv
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic

import orjson
from rich.cells import cell_len
from rich.console import Console, JustifyMethod
from rich.measure import Measurement
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from graphinv.entities import Entity, Neighbour
from graphinv.ingest import Accounting
from graphinv.links.answer import EvidencePiece, LookupAnswer, NumberUsed, PartyAnswer
from graphinv.links.between import PathAnswer, PathsAnswer
from graphinv.queries.run import QueryResult
from graphinv.schema import PARTY_LABELS
from graphinv.search import Page

#: Characters a column that can be broken into lines is left at least, with the gap beside it.
_NARROWEST = 10
#: Where there is no terminal, seconds between two lines that tell how far a screening is.
_BETWEEN_LINES_S = 30.0
#: Wider than any row.
_NO_WIDTH = 1_000_000


def stdout() -> Console:
    """Where results go."""
    return Console(file=sys.stdout, highlight=False, soft_wrap=True)


def stderr() -> Console:
    """Where progress, warnings and errors go."""
    return Console(file=sys.stderr, highlight=False, soft_wrap=True)


class Bars:
    """Progress of a load on stderr: a bar a file with rows a second, then one for the graph."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._file: TaskID | None = None
        self._rows = 0
        self._writing: dict[str, TaskID] = {}
        self._next_line = 0.0

    def start(self, file: Path, total_bytes: int) -> None:
        """A file begins."""
        self._rows = 0
        self._file = self._progress.add_task(f"reading {file.name}", total=max(total_bytes, 1), rate="")

    def advance(self, rows: int, size: int) -> None:
        """So many more rows and bytes are read."""
        if self._file is not None:
            self._rows += rows
            self._progress.advance(self._file, size)
            self._progress.update(self._file, rate=self._rate(self._file, self._rows))

    def finish(self) -> None:
        """The file is done."""
        if self._file is not None:
            task = self._progress.tasks[self._progress.task_ids.index(self._file)]
            self._progress.update(self._file, completed=task.total or 1, rate=self._rate(self._file, self._rows))

    def wrote(self, step: str, done: int, total: int) -> None:
        """So many rows of a step are in the graph."""
        if step not in self._writing:
            self._writing[step] = self._progress.add_task(step, total=total, rate="")
        task = self._writing[step]
        self._progress.update(task, completed=done, rate=self._rate(task, done))

    def screened(self, done: int, total: int | None, filed: datetime | None = None) -> None:
        """So many shipments were looked up, of so many or nearly so; a replay got to what was ``filed`` then."""
        if "screened" not in self._writing:
            self._writing["screened"] = self._progress.add_task("screened", total=total, rate="")
        task = self._writing["screened"]
        told = [self._rate(task, done), *([] if filed is None else [f"filed {filed:%Y-%m-%d}"])]
        elapsed = self._progress.tasks[self._progress.task_ids.index(task)].elapsed
        if total and elapsed and 0 < done < total:
            told.append(f"{timedelta(seconds=round(elapsed / done * (total - done)))} left")
        self._progress.update(task, completed=done, total=total, rate=", ".join(told))
        self._log(", ".join(told))

    def _log(self, told: str) -> None:
        """Say it as a line where no bar can move."""
        now = monotonic()
        if not (self._progress.disable or self._progress.console.is_terminal) and now >= self._next_line:
            if self._next_line:
                self._progress.console.print(f"screened {told}")
            self._next_line = now + _BETWEEN_LINES_S

    def _rate(self, task: TaskID, rows: int) -> str:
        elapsed = self._progress.tasks[self._progress.task_ids.index(task)].elapsed
        return f"{rows:,} rows, {rows / elapsed:,.0f}/s" if elapsed else f"{rows:,} rows"


@contextmanager
def bars(*, shown: bool) -> Iterator[Bars]:
    """Bars while the block runs; ``shown`` False (or no terminal) keeps stderr quiet."""
    progress = Progress(
        TextColumn("{task.description:<34}"),
        BarColumn(bar_width=24),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
        console=stderr(),
        disable=not shown,
    )
    with progress:
        yield Bars(progress)


def print_json(value: object) -> None:
    """JSON on standard output, and nothing else."""
    sys.stdout.write(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode() + "\n")


def print_accounting(accounting: Accounting) -> None:
    """Read = accepted + duplicate + quarantined, per feed, and the warnings."""
    rows = [
        (name, f"{counts.read:,}", f"{counts.accepted:,}", f"{counts.duplicate:,}", f"{counts.quarantined:,}")
        for name, counts in sorted(accounting.feeds.items())
    ]
    print_table(("feed", "read", "accepted", "duplicate", "quarantined"), rows)
    print_warnings(accounting)


def tell_accounting(accounting: Accounting) -> None:
    """The same on stderr, a line a feed, where results go to stdout; with the first refused rows."""
    for name, counts in sorted(accounting.feeds.items()):
        told = f"{counts.read:,} read, {counts.accepted:,} accepted, {counts.duplicate:,} twice"
        stderr().print(f"{name}: {told}, {counts.quarantined:,} refused")
    tell_refused(accounting)


def tell_refused(accounting: Accounting) -> None:
    """Warnings and the first refused rows on stderr: where each is, and why."""
    print_warnings(accounting)
    for row in accounting.refused:
        value = "" if row.value is None else f" ({row.value})"
        place = f"{row.file} line {row.line}{f', {row.field}' if row.field else ''}"
        stderr().print(Text(f"refused: {place}: {row.reason}{value}", style="yellow"))
    more = sum(counts.quarantined for counts in accounting.feeds.values()) - len(accounting.refused)
    if more > 0:
        stderr().print(Text(f"refused: {more:,} more rows", style="yellow"))


def print_warnings(accounting: Accounting) -> None:
    """Warnings on stderr: one line for each column and reason, with the files it was seen in."""
    files: dict[tuple[str, str, str], list[str]] = {}
    rows: Counter[tuple[str, str, str]] = Counter()
    for warning in accounting.warnings:
        key = (warning.feed, warning.column, warning.reason)
        files.setdefault(key, []).append(warning.file)
        rows[key] += warning.count
    for (feed, column, reason), names in files.items():
        place = " ".join(filter(None, (feed, column)))
        told = f"{place}: {reason}" if place else reason
        where = names[0] if len(names) == 1 else f"{len(names)} files, {names[0]} the first"
        number = rows[feed, column, reason]
        count = f"{number:,} {'row' if number == 1 else 'rows'} in " if column else ""
        stderr().print(Text(f"warning: {told} ({count}{where})", style="yellow"))


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A plain table; numbers to the right. Ids, days and other single words stay whole where the terminal is wide
    enough; a file or a pipe, which has no width, gets every row on one line."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    listed = [[_cell(value) for value in row] for row in rows]
    out = stdout()
    whole = _whole_columns(columns, listed, out.width)
    for at, name in enumerate(columns):
        numbers = bool(listed) and all(row[at].replace(",", "").replace(".", "").isdigit() for row in listed)
        justify: JustifyMethod = "right" if numbers else "left"
        table.add_column(name, justify=justify, overflow="fold", no_wrap=at == 0 or at in whole)
    for row in listed:
        table.add_row(*(Text(cell) for cell in row))
    if out.is_terminal:
        out.print(table)
        return
    out.width = max(1, Measurement.get(out, out.options.update(max_width=_NO_WIDTH), table).maximum)
    with out.capture() as padded:
        out.print(table)
    for line in padded.get().splitlines():
        out.out(line.rstrip(), highlight=False)


def _whole_columns(columns: Sequence[str], rows: list[list[str]], width: int) -> set[int]:
    """Columns of single words, from the left, as long as they leave the others room."""
    whole: set[int] = set()
    left = width - _NARROWEST * len(columns)
    for at, name in enumerate(columns):
        widest = max([cell_len(name), *(cell_len(row[at]) for row in rows)])
        if not any(" " in row[at] for row in rows) and widest - _NARROWEST <= left:
            left -= max(0, widest - _NARROWEST)
            whole.add(at)
    return whole


def print_answer(key: str, answer: PartyAnswer) -> None:
    """One look-up answer for a person: the score with its limits, then every link with its evidence."""
    low, high = answer.interval
    calibrated = "" if answer.calibrated else ", not calibrated yet"
    head = (
        f"{key}: score {answer.score:.2f} ({low:.2f} to {high:.2f}{calibrated}), band {answer.band}, {answer.standing}"
    )
    out = stdout()
    out.print(Text(head, style="bold"))
    for link in answer.links:
        out.print(Text(f"  {link.strength:.2f}  {link.sentence}"))
        _print_evidence(link.evidence)
    if not answer.links:
        out.print(Text("  no link to a seizure was found"))
    print_number_used(answer.number_used, "  ")
    if answer.suppressed.hubs:
        hubs = ", ".join(answer.suppressed.hubs)
        out.print(Text(f"  left out: {answer.suppressed.paths} paths through hubs ({hubs})", style="dim"))
    for note in answer.notes:
        out.print(Text(f"  note: {note}", style="yellow"))


def print_paths(answer: PathsAnswer) -> None:
    """Paths with the evidence of every hop."""
    _print_walks(answer.paths)
    if not answer.paths:
        stdout().print("no path was found")
    print_number_used(answer.number_used)


def print_number_used(uses: Iterable[NumberUsed], indent: str = "") -> None:
    """What was seized under a party's importer number on filings of others."""
    for use in uses:
        stdout().print(Text(f"{indent}not counted against its owner: {use.sentence}", style="yellow"))


def _print_walks(walks: Iterable[PathAnswer]) -> None:
    for walk in walks:
        stdout().print(Text(f"{walk.strength:.2f}  {walk.sentence}"))
        _print_evidence(walk.evidence)


def print_found(page: Page) -> None:
    """What a search found."""
    rows = [(item.id, item.label, item.caption, item.standing, item.country) for item in page.items]
    print_table(("id", "type", "caption", "standing", "country"), rows)
    if page.next is not None:
        stderr().print(Text("there are more; search for more words", style="dim"))


def _standing(entity: Entity) -> str:
    """As of a past day only "seized" can be told."""
    otherwise = "no party" if entity.as_of is None or entity.label not in PARTY_LABELS else "not seized then"
    return entity.standing or otherwise


def print_entity(entity: Entity) -> None:
    """One node: what is known of it, who else it is, and how much is around it."""
    stdout().print(Text(f"{entity.caption} ({entity.label}, {_standing(entity)})", style="bold"))
    if entity.as_of is not None:
        now = ", ".join(entity.not_as_of)
        stdout().print(Text(f"as of {entity.as_of}, but as now: {now}", style="yellow"))
    facts = [(name, value) for name, value in entity.properties.items() if value not in (None, [], "")]
    print_table(("property", "value"), facts)
    if entity.same_as:
        same = [(item.id, item.caption, item.probability) for item in entity.same_as]
        print_table(("same party as", "caption", "probability"), same)
    around = [(kind.type, kind.direction, ", ".join(kind.labels), f"{kind.total:,}") for kind in entity.neighbours]
    print_table(("relationship", "direction", "to", "how many"), around)


def print_around(neighbours: Iterable[Neighbour]) -> None:
    """Nodes next to one: how many parties use each value, and the id to go on with."""
    rows = [(item.id, item.label, "" if item.parties is None else item.parties, item.caption) for item in neighbours]
    if rows:
        print_table(("next to it", "type", "parties", "caption"), rows)


def print_links(links: Iterable[PathAnswer]) -> None:
    """Links to seizures, each with its evidence."""
    told = list(links)
    stdout().print(Text("links to seizures" if told else "no link to a seizure was found", style="bold"))
    _print_walks(told)


def print_records(records: Sequence[str]) -> None:
    """Ids of the records behind something."""
    stdout().print(Text(f"records: {', '.join(records)}", style="dim"))


def print_result(result: QueryResult, form: str) -> None:
    """Rows of a query as a table, CSV or JSON."""
    names = [column.name for column in result.columns]
    if form == "json":
        print_json([dict(zip(names, row, strict=True)) for row in result.rows])
    elif form == "csv":
        writer = csv.writer(sys.stdout)
        writer.writerow(names)
        writer.writerows([_cell(value) for value in row] for row in result.rows)
    else:
        print_table(names, result.rows)
        more = ", more were left out" if result.truncated else ""
        stderr().print(Text(f"{len(result.rows):,} rows{more}, {result.took_ms:.0f} ms", style="dim"))


def print_answers(answer: LookupAnswer) -> None:
    """Every answer of a request, and which index gave it."""
    for key, item in answer.responses.items():
        print_answer(key, item)
    stderr().print(Text(f"as of {answer.as_of}, index {answer.index.epoch}, {answer.took_ms:.1f} ms", style="dim"))


def _print_evidence(pieces: Iterable[EvidencePiece]) -> None:
    for piece in pieces:
        days = piece.first_seen if piece.first_seen == piece.last_seen else f"{piece.first_seen} to {piece.last_seen}"
        told = f"        {piece.claim}: {piece.value} · {', '.join(piece.records)} · {days}"
        stdout().print(Text(told, style="dim"))


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return "; ".join(_cell(item) for item in value)
    return f"{value:g}" if isinstance(value, float) else str(value)
