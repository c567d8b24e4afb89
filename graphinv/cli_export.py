"""``graphinv quarantine`` and ``graphinv export``: what a workspace gives away as files."""

from pathlib import Path
from typing import Annotated

import typer

from graphinv.cli_clusters import export_clusters_command
from graphinv.cli_options import JsonOption, WorkspaceOption, in_place, out_option

quarantine_app = typer.Typer(
    help="Rows that were refused: list them, or export them to be mended.", no_args_is_help=True
)
export_app = typer.Typer(help="Write entities, clusters or a network to a file.", no_args_is_help=True)
export_app.command("clusters")(export_clusters_command)


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

    with open_workspace(workspace, create=False) as opened:
        rows = quarantined(opened.folder, feed, mended=mended)
    columns = ("feed", "file", "line", "field", "value", "reason", *(("mended",) if mended else ()))
    if json_:
        terminal.print_json(rows.select(columns).to_dicts())
    else:
        terminal.print_table(columns, rows.select(columns).rows())


@quarantine_app.command("export")
def quarantine_export(
    feed: Annotated[str, typer.Argument(help="Feed to export.")],
    out: Annotated[Path, out_option(".csv or .jsonl file to write.")],
    workspace: WorkspaceOption = None,
) -> None:
    """Write refused rows that wait to be mended as a file of their feed, to be mended and loaded again."""
    from graphinv.ingest import export_quarantine
    from graphinv.opened import open_workspace

    replaced = in_place(out)
    with open_workspace(workspace, create=False) as opened:
        count = export_quarantine(opened.folder, feed, out)
    typer.echo(f"wrote {count:,} rows to {out}{replaced}; mend them and run: graphinv load {out} --feed {feed}")


@export_app.command("entities")
def export_entities(out: Annotated[Path, out_option("CSV to write.")], workspace: WorkspaceOption = None) -> None:
    """Write record_id,entity_id of importers, sellers, consignees and shippers."""
    from graphinv.opened import open_workspace

    replaced = in_place(out)
    with open_workspace(workspace, create=False) as opened:
        rows = opened.entity_of_records()
    rows.write_csv(out)
    typer.echo(f"wrote {len(rows):,} records to {out}{replaced}")


@export_app.command("network")
def export_network(
    seeds: Annotated[list[str], typer.Argument(help="Ids to draw the network around.")],
    out: Annotated[Path, out_option("File to write; its ending tells the format.")],
    hops: Annotated[int, typer.Option(min=1, max=3, help="How far around the ids.")] = 1,
    limit: Annotated[int, typer.Option(min=1, max=1500, help="Most nodes.")] = 300,
    workspace: WorkspaceOption = None,
) -> None:
    """Write the network around some ids as .json, .graphml, .gexf, .csv or .html."""
    from graphinv.opened import open_workspace
    from graphinv.views.exports import export_graph

    replaced = in_place(out)
    with open_workspace(workspace, create=False) as opened:
        network = opened.network(seeds, hops=hops, limit=limit)
    out.write_bytes(export_graph(network, out.suffix.removeprefix(".")))
    told = f"{network.number_of_nodes():,} nodes and {network.number_of_edges():,} relationships"
    typer.echo(f"wrote {told} to {out}{replaced}")
