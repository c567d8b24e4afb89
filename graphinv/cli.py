"""The command line: thin commands that call the package and format what it gives."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.text import Text

from graphinv import __version__
from graphinv.cli_alerts import alerts_app
from graphinv.cli_ask import lookup, paths, query, report, screen, show
from graphinv.cli_clusters import clusters_command
from graphinv.cli_evaluate import evaluate
from graphinv.cli_export import export_app, quarantine_app
from graphinv.cli_options import JsonOption, WorkspaceOption
from graphinv.cli_past import prepare_as_of
from graphinv.cli_resolve import resolve_app
from graphinv.errors import GraphinvError

app = typer.Typer(
    help="Finds the hidden links between unknown importers and seized parties, with the evidence of every hop.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(quarantine_app, name="quarantine")
app.add_typer(export_app, name="export")
app.add_typer(resolve_app, name="resolve")
app.add_typer(alerts_app, name="alerts")


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
    except RuntimeError as error:
        from graphinv.kernels_ready import NO_FOLDER, NO_FOLDER_TOLD

        if NO_FOLDER not in str(error):
            raise
        _complain(f"graphinv: {NO_FOLDER_TOLD}")
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
    from graphinv.kernels_ready import make_kernels_ready
    from graphinv.opened import open_workspace

    make_kernels_ready()
    with open_workspace(workspace) as opened, terminal.bars(shown=not json_ and sys.stderr.isatty()) as progress:
        loaded = opened.load(paths, feed=feed, mapping=mapping, reading=progress, writing=progress.wrote)
    if json_:
        terminal.print_json({**loaded.accounting.to_json(), "waited": loaded.waited, "graph": vars(loaded.applied)})
        terminal.print_warnings(loaded.accounting)
        return
    terminal.print_accounting(loaded.accounting)
    if loaded.waited:
        typer.echo(f"{loaded.waited:,} records that came before and waited went into graph and index, too")
    applied = loaded.applied
    typer.echo(
        f"graph: {applied.nodes:,} nodes and {applied.relationships:,} relationships written, "
        f"{applied.removed:,} removed; {loaded.seconds:.1f} s"
    )
    if loaded.alerts is not None and loaded.alerts.told:
        typer.echo(f"alerts: {loaded.alerts.told}; `graphinv alerts` lists them")


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


def demo(
    once: Annotated[bool, typer.Option("--once", help="Stop after the look-up instead of serving the pages.")] = False,
    size: Annotated[str, typer.Option(help="Size of the world.")] = "small",
    port: Annotated[int, typer.Option(help="Port of the pages.")] = 8000,
    workspace: WorkspaceOption = None,
) -> None:
    """A world, loaded; one hidden link looked up and printed; then the pages."""
    from graphinv.demo import run_demo
    from graphinv.kernels_ready import make_kernels_ready
    from graphinv.serving import serve_workspace
    from graphinv.settings import Settings

    settings = Settings.from_environment(workspace=workspace)
    make_kernels_ready()
    run_demo(settings, size)
    if not once:
        serve_workspace(settings, "127.0.0.1", port)


def verify(json_: JsonOption = False, workspace: WorkspaceOption = None) -> None:
    """Prove that records and graph agree: canonical hashes of both; exit status 1 if they do not."""
    from graphinv import terminal
    from graphinv.opened import open_workspace

    with open_workspace(workspace, create=False) as opened:
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


def rebuild(workspace: WorkspaceOption = None) -> None:
    """Make the graph and the index anew from the records."""
    from graphinv import terminal
    from graphinv.kernels_ready import make_kernels_ready
    from graphinv.opened import open_workspace

    make_kernels_ready()
    with open_workspace(workspace, create=False) as opened, terminal.bars(shown=sys.stderr.isatty()) as progress:
        applied, _ = opened.rebuild(progress.wrote)
    typer.echo(f"{applied.nodes:,} nodes and {applied.relationships:,} relationships written")


def status(json_: JsonOption = False, workspace: WorkspaceOption = None) -> None:
    """What this workspace holds, and whether graph and index are up to date."""
    from graphinv import terminal
    from graphinv.opened import open_workspace
    from graphinv.status import workspace_status

    with open_workspace(workspace, create=False) as opened:
        found = workspace_status(opened)
    terminal.print_json(found) if json_ else terminal.print_table(("what", "value"), found.rows())


def doctor(workspace: WorkspaceOption = None) -> None:
    """Check this machine, the workspace and the store; says what is wrong and what to do."""
    from graphinv import terminal
    from graphinv.settings import Settings
    from graphinv.status import examine

    checks = examine(Settings.from_environment(workspace=workspace))
    terminal.print_table(("check", "result", "detail"), [(item.name, item.result, item.detail) for item in checks])
    if any(item.result == "failed" for item in checks):
        raise typer.Exit(1)


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


#: Commands in the order in which --help lists them.
_COMMANDS: tuple[Callable[..., None], ...] = (
    load, lookup, screen, paths, show, query, report, evaluate, serve, world, demo,
    verify, rebuild, status, doctor, schema,
)  # fmt: skip
for _command in _COMMANDS:
    app.command()(_command)
app.command("clusters")(clusters_command)
app.command("prepare-as-of")(prepare_as_of)
