"""The command line: thin commands that call the package and format what it gives."""

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.text import Text

from graphinv import __version__
from graphinv.cli_alerts import alerts_app
from graphinv.cli_clusters import clusters_command, export_clusters_command
from graphinv.cli_evaluate import evaluate
from graphinv.cli_options import JsonOption, WorkspaceOption
from graphinv.cli_resolve import resolve_app
from graphinv.errors import GraphinvError

app = typer.Typer(
    help="Finds the hidden links between unknown importers and seized parties, with the evidence of every hop.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
quarantine_app = typer.Typer(
    help="Rows that were refused: list them, or export them to be mended.", no_args_is_help=True
)
export_app = typer.Typer(help="Write entities, clusters or a network to a file.", no_args_is_help=True)
app.add_typer(quarantine_app, name="quarantine")
app.add_typer(export_app, name="export")
app.add_typer(resolve_app, name="resolve")
app.add_typer(alerts_app, name="alerts")
app.command("clusters")(clusters_command)
app.command("evaluate")(evaluate)
export_app.command("clusters")(export_clusters_command)


def main() -> None:
    """Run the command line; an error of ours is one line on standard error."""
    try:
        app()
    except GraphinvError as error:
        _complain(f"graphinv: {error}")
        sys.exit(error.exit_status)
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            # whoever read our output has seen enough
            sys.stderr.close()
            sys.exit(0)
        _complain(f"graphinv: {error.filename or 'a file'}: {error.strerror or error}")
        sys.exit(1)
    except KeyboardInterrupt:
        _complain("graphinv: interrupted; what was committed is kept, run the command again to go on")
        sys.exit(130)


def _complain(text: str) -> None:
    Console(file=sys.stderr, highlight=False, soft_wrap=True).print(Text(text, style="red"))


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"graphinv {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Options of graphinv itself."""


@app.command()
def load(
    paths: Annotated[list[str], typer.Argument(help="Files, folders (read recursively) or globs.")],
    feed: Annotated[str | None, typer.Option(help="Read every file as this feed.")] = None,
    mapping: Annotated[
        str | None, typer.Option(help="Mapping file, or the name of one that comes with graphinv.")
    ] = None,
    json_: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Read feeds, resolve, load the graph and build the index; prints what became of every row."""
    from graphinv import terminal
    from graphinv.opened import open_workspace

    with open_workspace(workspace) as opened, terminal.bars(shown=not json_ and sys.stderr.isatty()) as progress:
        loaded = opened.load(paths, feed=feed, mapping=mapping, reading=progress, writing=progress.wrote)
    if json_:
        terminal.print_json({**loaded.accounting.to_json(), "graph": vars(loaded.applied)})
        terminal.print_warnings(loaded.accounting)
        return
    terminal.print_accounting(loaded.accounting)
    applied = loaded.applied
    typer.echo(
        f"graph: {applied.nodes:,} nodes and {applied.relationships:,} relationships written, "
        f"{applied.removed:,} removed; {loaded.seconds:.1f} s"
    )
    if loaded.alerts is not None and loaded.alerts.told:
        typer.echo(f"alerts: {loaded.alerts.told}; `graphinv alerts` lists them")


@app.command()
def lookup(
    queries: Annotated[
        str, typer.Argument(help="A .json or .jsonl file with the API's request body, or - for standard input.")
    ],
    text: Annotated[bool, typer.Option("--text", help="Print sentences for people instead of JSON.")] = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Look parties up: the API's body in, its response out; from .jsonl a body a line, a response a line."""
    from graphinv.lookups import lookup_lines, lookup_text
    from graphinv.opened import open_workspace

    with open_workspace(workspace) as opened:
        if queries.endswith(".jsonl"):
            whole = lookup_lines(opened, Path(queries), text=text)
        else:
            whole = lookup_text(opened, queries, text=text)
    if not whole:
        raise typer.Exit(1)


@app.command()
def screen(
    shipments: Annotated[list[str] | None, typer.Argument(help="Files with rows of the shipments feed.")] = None,
    replay: Annotated[
        Path | None,
        typer.Option(
            help="A folder of feeds instead: all are taken in the order in which they became known, and each shipment "
            "is scored by what was known when it was filed, earlier arrivals included. Nothing is kept."
        ),
    ] = None,
    out: Annotated[Path | None, typer.Option("-o", "--out", help="CSV to write; standard output without it.")] = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Score every shipment of a file: shipment_id, score, band, status, top_seizure, top_party, sentence."""
    from graphinv import terminal
    from graphinv.opened import open_workspace
    from graphinv.screening import screen_arrivals, screen_file

    if bool(shipments) == (replay is not None):
        raise typer.BadParameter("name files with shipments, or a folder with --replay")
    with open_workspace(workspace) as opened, terminal.bars(shown=True) as bars:
        if replay is not None:
            counts = screen_arrivals(opened, replay, out, bars, bars.screened)
        else:
            counts = screen_file(opened, shipments or [], out, bars.screened)
    told = f"{counts.read:,} read, {counts.accepted:,} screened, {counts.quarantined:,} refused"
    if counts.duplicate:
        told += f", {counts.duplicate:,} twice"
    terminal.stderr().print(told if out is None else f"{told}; wrote {out}")


@app.command()
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
    from graphinv.opened import open_workspace

    with open_workspace(workspace) as opened:
        answer = opened.paths(start, end, k=k, max_hops=max_hops, as_of=as_of)
    if json_:
        terminal.print_json(answer)
    else:
        terminal.print_paths(answer)


@app.command()
def show(
    uid: Annotated[str, typer.Argument(metavar="ID", help="Id of a node, or words to search for.")],
    json_: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Show one party or value, what is around it and where it leads; words that are no id are searched for."""
    from graphinv import terminal
    from graphinv.errors import NotFound
    from graphinv.opened import open_workspace
    from graphinv.schema import PARTY_LABELS
    from graphinv.search import Search, search
    from graphinv.showing import show_node

    with open_workspace(workspace) as opened:
        try:
            shown = show_node(opened, uid)
        except NotFound:
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
    terminal.print_records(shown.entity.records)


@app.command()
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
    with open_workspace(workspace) as opened:
        terminal.print_result(opened.query(name, _params(param or [])), format_)


@app.command()
def report(
    uid: Annotated[str, typer.Argument(metavar="ID", help="Id of the party to report on.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="HTML file to write.")] = Path("report.html"),
    hops: Annotated[int, typer.Option(min=1, max=3, help="How far around the party to draw.")] = 1,
    limit: Annotated[int, typer.Option(min=1, max=1500, help="Most nodes around it.")] = 60,
    workspace: WorkspaceOption = None,
) -> None:
    """Write a self-contained report of a party: its links to seizures, drawn, with their evidence."""
    from graphinv.opened import open_workspace
    from graphinv.views.report import write_report

    with open_workspace(workspace) as opened:
        out.write_text(write_report(opened.network([uid], hops=hops, limit=limit, paths=3)), encoding="utf-8")
    typer.echo(f"wrote {out}")


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on; 0 takes a free one.")] = 8000,
    workers: Annotated[
        int, typer.Option(min=1, help="Processes that answer; look-ups use a core each. Metrics are each one's own.")
    ] = 1,
    workspace: WorkspaceOption = None,
) -> None:
    """Serve the API and the pages."""
    from graphinv.serving import serve_workspace
    from graphinv.settings import Settings

    serve_workspace(Settings.from_environment(workspace=workspace), host, port, workers)


@app.command()
def world(
    out: Annotated[Path, typer.Argument(help="New or empty folder.")],
    size: Annotated[str, typer.Option(help="tiny, small, medium, large, or a number of importers.")] = "small",
    seed: Annotated[int, typer.Option(help="The same seed gives the same world.")] = 1,
) -> None:
    """Write an invented customs world: seven dirty feeds, and the truth about them."""
    from graphinv import terminal
    from graphinv.worlds import write_world

    summary = write_world(out, size, seed, progress=lambda text: terminal.stderr().print(text))
    terminal.print_table(
        ("file", "rows", "accepted", "duplicate", "quarantined"),
        [(item.file, item.read, item.accepted, item.duplicate, item.quarantined) for item in summary.files],
    )
    typer.echo(
        f"{summary.importers:,} importers, {summary.offenders:,} offenders, {summary.links:,} hidden ties in {out}"
    )


@app.command()
def demo(
    once: Annotated[bool, typer.Option("--once", help="Stop after the look-up instead of serving the pages.")] = False,
    size: Annotated[str, typer.Option(help="Size of the world.")] = "small",
    port: Annotated[int, typer.Option(help="Port of the pages.")] = 8000,
    workspace: WorkspaceOption = None,
) -> None:
    """A world, loaded; one hidden link looked up and printed; then the pages."""
    from graphinv.demo import run_demo
    from graphinv.serving import serve_workspace
    from graphinv.settings import Settings

    settings = Settings.from_environment(workspace=workspace)
    run_demo(settings, size)
    if not once:
        serve_workspace(settings, "127.0.0.1", port)


@app.command()
def verify(json_: JsonOption = False, workspace: WorkspaceOption = None) -> None:
    """Prove that records and graph agree: canonical hashes of both; exit status 1 if they do not."""
    from graphinv import terminal
    from graphinv.opened import open_workspace

    with open_workspace(workspace) as opened:
        found = opened.verify()
    if json_:
        terminal.print_json({"ok": found.ok, "records": found.records, "graph": found.graph})
    else:
        typer.echo(f"records {found.records}\ngraph   {found.graph}\n{'they agree' if found.ok else 'they disagree'}")
    for difference in found.differences:
        terminal.stderr().print(difference)
    if not found.ok:
        terminal.stderr().print("`graphinv rebuild` makes the graph anew from the records")
        raise typer.Exit(1)


@app.command()
def rebuild(workspace: WorkspaceOption = None) -> None:
    """Make the graph and the index anew from the records."""
    from graphinv import terminal
    from graphinv.opened import open_workspace

    with open_workspace(workspace) as opened, terminal.bars(shown=sys.stderr.isatty()) as progress:
        applied, _ = opened.rebuild(progress.wrote)
    typer.echo(f"{applied.nodes:,} nodes and {applied.relationships:,} relationships written")


@app.command()
def status(json_: JsonOption = False, workspace: WorkspaceOption = None) -> None:
    """What this workspace holds, and whether graph and index are up to date."""
    from graphinv import terminal
    from graphinv.opened import open_workspace
    from graphinv.status import workspace_status

    with open_workspace(workspace) as opened:
        found = workspace_status(opened)
    terminal.print_json(found) if json_ else terminal.print_table(("what", "value"), found.rows())


@app.command()
def doctor(workspace: WorkspaceOption = None) -> None:
    """Check this machine, the workspace and the store; says what is wrong and what to do."""
    from graphinv import terminal
    from graphinv.settings import Settings
    from graphinv.status import examine

    checks = examine(Settings.from_environment(workspace=workspace))
    terminal.print_table(("check", "result", "detail"), [(item.name, item.result, item.detail) for item in checks])
    if any(item.result == "failed" for item in checks):
        raise typer.Exit(1)


@app.command()
def schema(
    format_: Annotated[
        Literal["table", "mermaid", "cypher"], typer.Option("--format", help="How to print it.")
    ] = "table",
) -> None:
    """Print the graph's schema: labels, relationship types and properties."""
    from graphinv import schema as declared
    from graphinv import terminal

    if format_ == "table":
        terminal.print_table(("label or type", "property", "kind", "description"), list(declared.property_rows()))
    elif format_ == "mermaid":
        typer.echo(declared.mermaid(), nl=False)
    else:
        typer.echo(declared.constraint_cypher(), nl=False)


@quarantine_app.command("list")
def quarantine_list(
    feed: Annotated[str | None, typer.Option(help="One feed only.")] = None,
    mended: Annotated[bool, typer.Option("--mended", help="List rows that were mended since, too.")] = False,
    json_: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """List refused rows that wait to be mended, with file, line, field, value and reason."""
    from graphinv import terminal
    from graphinv.ingest import quarantined
    from graphinv.opened import open_workspace

    with open_workspace(workspace) as opened:
        rows = quarantined(opened.folder, feed, mended=mended)
    columns = ("feed", "file", "line", "field", "value", "reason", *(("mended",) if mended else ()))
    if json_:
        terminal.print_json(rows.select(columns).to_dicts())
    else:
        terminal.print_table(columns, rows.select(columns).rows())


@quarantine_app.command("export")
def quarantine_export(
    feed: Annotated[str, typer.Argument(help="Feed to export.")],
    out: Annotated[Path, typer.Option("-o", "--out", help=".csv or .jsonl file to write.")],
    workspace: WorkspaceOption = None,
) -> None:
    """Write refused rows that wait to be mended as a file of their feed, to be mended and loaded again."""
    from graphinv.ingest import export_quarantine
    from graphinv.opened import open_workspace

    with open_workspace(workspace) as opened:
        count = export_quarantine(opened.folder, feed, out)
    typer.echo(f"wrote {count:,} rows to {out}; mend them and run: graphinv load {out} --feed {feed}")


@export_app.command("entities")
def export_entities(
    out: Annotated[Path, typer.Option("-o", "--out", help="CSV to write.")], workspace: WorkspaceOption = None
) -> None:
    """Write record_id,entity_id of importers, sellers, consignees and shippers."""
    from graphinv.opened import open_workspace

    with open_workspace(workspace) as opened:
        rows = opened.entity_of_records()
    rows.write_csv(out)
    typer.echo(f"wrote {len(rows):,} records to {out}")


@export_app.command("network")
def export_network(
    seeds: Annotated[list[str], typer.Argument(help="Ids to draw the network around.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="File to write; its ending tells the format.")],
    hops: Annotated[int, typer.Option(min=1, max=3, help="How far around the ids.")] = 1,
    limit: Annotated[int, typer.Option(min=1, max=1500, help="Most nodes.")] = 300,
    workspace: WorkspaceOption = None,
) -> None:
    """Write the network around some ids as .json, .graphml, .gexf, .csv or .html."""
    from graphinv.opened import open_workspace
    from graphinv.views.exports import export_graph

    with open_workspace(workspace) as opened:
        network = opened.network(seeds, hops=hops, limit=limit)
    out.write_bytes(export_graph(network, out.suffix.removeprefix(".")))
    typer.echo(f"wrote {network.number_of_nodes():,} nodes and {network.number_of_edges():,} relationships to {out}")


def _params(given: list[str]) -> dict[str, object]:
    pairs = [item.partition("=") for item in given]
    wrong = [name for name, equals, _ in pairs if not equals]
    if wrong:
        raise typer.BadParameter(f"{wrong[0]}: write -p name=value")
    return {name: value for name, _, value in pairs}
