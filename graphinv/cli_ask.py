"""``graphinv lookup``, ``screen``, ``paths``, ``show``, ``query``, ``report``: what is asked of a loaded workspace."""

from datetime import timedelta
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from graphinv.cli_options import JsonOption, WorkspaceOption, in_place, out_option

if TYPE_CHECKING:  # what is needed to answer is imported by the command that answers
    from graphinv.screening import Screening


def lookup(
    queries: Annotated[
        str, typer.Argument(help="A .json or .jsonl file with the API's request body, or - for standard input.")
    ],
    text: Annotated[bool, typer.Option("--text", help="Print sentences for people instead of JSON.")] = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Look parties up: the API's body in, its response out; from .jsonl a body a line, a response a line."""
    from graphinv.kernels_ready import make_kernels_ready
    from graphinv.lookups import lookup_lines, lookup_text
    from graphinv.opened import open_workspace

    make_kernels_ready()
    with open_workspace(workspace, create=False) as opened:
        if queries.endswith(".jsonl"):
            whole = lookup_lines(opened, Path(queries), text=text)
        else:
            whole = lookup_text(opened, queries, text=text)
    if not whole:
        raise typer.Exit(1)


def screen(
    shipments: Annotated[list[str] | None, typer.Argument(help="Files with rows of the shipments feed.")] = None,
    replay: Annotated[
        Path | None,
        typer.Option(
            help="A folder of feeds instead: all are taken in the order in which they became known, and each shipment "
            "is scored by what was known when it was filed, earlier arrivals included. Nothing is kept."
        ),
    ] = None,
    out: Annotated[Path | None, out_option("CSV to write; standard output without it.", replaced=True)] = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Score every shipment of a file: shipment_id, score, band, status, top_seizure, top_party, sentence, and what the
    score is: a calibrated probability, or an order by what stands in for one."""
    from graphinv import terminal
    from graphinv.kernels_ready import make_kernels_ready
    from graphinv.links.uncalibrated import in_a_column
    from graphinv.opened import open_workspace
    from graphinv.screening import screen_arrivals, screen_file, unfinished

    if replay is not None and shipments:
        raise typer.BadParameter("both files with shipments and a folder with --replay are named: leave one out")
    if replay is None and not shipments:
        raise typer.BadParameter("name files with shipments, or a folder with --replay")
    began, replaced = perf_counter(), in_place(out)
    part = None if out is None else unfinished(out)
    before = _changed_at(part)
    make_kernels_ready()
    alone = replay is not None  # the folder brings all feeds
    try:
        with open_workspace(workspace, create=alone) as opened, terminal.bars(shown=True) as bars:
            if replay is not None:
                found = screen_arrivals(opened, replay, out, bars, bars.screened, terminal.tell_accounting)
            else:
                found = screen_file(opened, shipments or [], out, bars.screened)
                terminal.tell_refused(found.accounting)
    except KeyboardInterrupt as stopped:
        done = "" if _changed_at(part) == before else f"; what was done is in {part}"
        terminal.stderr().print(f"graphinv: stopped{done}")
        raise typer.Exit(130) from stopped
    took = timedelta(seconds=round(perf_counter() - began))
    for what, scores in found.scores.items():
        if what != in_a_column(None):
            terminal.stderr().print(f"{scores:,} scores only order, {what}")
    terminal.stderr().print(f"{_counted(found)}; took {took}" + ("" if out is None else f"; wrote {out}{replaced}"))


def _changed_at(part: Path | None) -> int | None:
    """When what an unfinished screening wrote was changed last: an earlier one may have left such a file."""
    return part.stat().st_mtime_ns if part is not None and part.exists() else None


def _counted(found: "Screening") -> str:
    """What became of the shipments that were read."""
    counts = found.counts
    told = f"{counts.read:,} read, {found.screened:,} screened, {counts.quarantined:,} refused"
    if counts.duplicate:
        told += f", {counts.duplicate:,} twice"
    if found.versions:
        told += f", {found.versions:,} newer versions of a shipment that was screened as first filed"
    return told


def paths(
    start: Annotated[str, typer.Argument(metavar="FROM", help="Id of a party or value.")],
    end: Annotated[str, typer.Argument(metavar="TO|seized", help="Another id, or the word seized.")] = "seized",
    k: Annotated[int, typer.Option("-k", min=1, max=10, help="How many paths.")] = 3,
    max_hops: Annotated[int, typer.Option(min=1, max=10, help="Longest path, in edges.")] = 6,
    as_of: Annotated[str | None, typer.Option(help="As of this day or moment.")] = None,
    json_: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Why are these two linked? The strongest paths, with the evidence of every hop."""
    from graphinv import terminal
    from graphinv.kernels_ready import make_kernels_ready
    from graphinv.opened import open_workspace

    make_kernels_ready()
    with open_workspace(workspace, create=False) as opened:
        answer = opened.paths(start, end, k=k, max_hops=max_hops, as_of=as_of)
    if json_:
        terminal.print_json(answer)
    else:
        terminal.print_paths(answer)


def show(
    uid: Annotated[str, typer.Argument(metavar="ID", help="Id of a node, or words to search for.")],
    as_of: Annotated[str | None, typer.Option(help="As of this day or moment; words find what is there now.")] = None,
    json_: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Show one party or value, what is around it and where it leads; words that are no id are searched for."""
    from graphinv import terminal
    from graphinv.by_label import label_of
    from graphinv.errors import NotFound
    from graphinv.opened import open_workspace
    from graphinv.schema import PARTY_LABELS
    from graphinv.search import Search, search
    from graphinv.showing import show_node

    with open_workspace(workspace, create=False) as opened:
        try:
            shown = show_node(opened, uid, as_of)
        except NotFound:
            if as_of is not None and label_of(uid) is not None:
                raise
            found = search(opened.graph, Search(uid, limit=20))
            if not found.items:
                raise
            terminal.print_json(found) if json_ else terminal.print_found(found)
            return
    if json_:
        terminal.print_json(shown.to_json())
        return
    terminal.print_entity(shown.entity)
    terminal.print_around(shown.around)
    if shown.entity.label in PARTY_LABELS:
        terminal.print_links(shown.links)
        terminal.print_number_used(shown.number_used)
    terminal.print_records(shown.entity.records)


def query(
    name: Annotated[str | None, typer.Argument(help="Name of a saved query; without it they are listed.")] = None,
    param: Annotated[list[str] | None, typer.Option("-p", "--param", help="Parameter as name=value.")] = None,
    format_: Annotated[Literal["table", "csv", "json"], typer.Option("--format", help="How to print rows.")] = "table",
    workspace: WorkspaceOption = None,
) -> None:
    """Run a saved query, or list them."""
    from graphinv import terminal
    from graphinv.opened import open_workspace
    from graphinv.queries.saved import find_query, load_queries

    if name is None:
        terminal.print_table(("query", "title"), [(item.name, item.title) for item in load_queries()])
        return
    find_query(name)
    with open_workspace(workspace, create=False) as opened:
        terminal.print_result(opened.query(name, _params(param or [])), format_)


def report(
    uid: Annotated[str, typer.Argument(metavar="ID", help="Id of the party to report on.")],
    out: Annotated[Path, out_option("HTML file to write.")] = Path("report.html"),
    hops: Annotated[int, typer.Option(min=1, max=3, help="How far around the party to draw.")] = 1,
    limit: Annotated[int, typer.Option(min=1, max=1500, help="Most nodes around it.")] = 60,
    workspace: WorkspaceOption = None,
) -> None:
    """Write a self-contained report of a party: its links to seizures, drawn, with their evidence."""
    from graphinv.opened import open_workspace
    from graphinv.views.report import write_report

    replaced = in_place(out)
    with open_workspace(workspace, create=False) as opened:
        out.write_text(write_report(opened.network([uid], hops=hops, limit=limit, paths=3)), encoding="utf-8")
    typer.echo(f"wrote {out}{replaced}")


def _params(given: list[str]) -> dict[str, object]:
    pairs = [item.partition("=") for item in given]
    wrong = [name for name, equals, _ in pairs if not equals]
    if wrong:
        raise typer.BadParameter(f"{wrong[0]}: write -p name=value")
    return {name: value for name, _, value in pairs}
