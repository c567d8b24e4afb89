"""``graphinv clusters``: groups of parties that hang together, and one of them; ``graphinv export clusters``."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from graphinv.cli_options import JsonOption, WorkspaceOption, in_place, out_option

if TYPE_CHECKING:  # what is needed to answer is imported by the command that answers
    from graphinv.clusters.kept import ClusterMeta
    from graphinv.clusters.reading import Cluster, ClusterPage, ClusterSummary

_MEMBERS_PRINTED = 25
_MONTHS_PRINTED = 24


def clusters_command(
    cluster: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="Id of a cluster; without it they are listed.")
    ] = None,
    seized: Annotated[
        bool | None, typer.Option("--seized/--not", help="Only those with a seized member, or only those without.")
    ] = None,
    min_size: Annotated[int, typer.Option(min=2, help="Fewest members.")] = 2,
    resolution: Annotated[str, typer.Option(help="fine, middle or coarse: how strongly members are tied.")] = "middle",
    of: Annotated[str | None, typer.Option("--of", help="Only the one that holds this party.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many are listed.")] = 20,
    json_: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """List clusters, the one that holds most unknown risk first; or tell everything of one. They are of now."""
    from graphinv import terminal
    from graphinv.clusters.reading import ClusterSearch, find_cluster, heir_of, list_clusters
    from graphinv.opened import open_workspace

    with open_workspace(workspace, create=False) as opened:
        kept = opened.clusters
        if cluster is not None:
            found = find_cluster(kept, heir_of(kept, cluster))
            terminal.print_json(found) if json_ else _print_cluster(found)
            return
        page = list_clusters(kept, ClusterSearch(seized, min_size, resolution, of), limit=limit)
    terminal.print_json(page) if json_ else _print_list(page, kept.meta)


def export_clusters_command(
    out: Annotated[Path, out_option("CSV to write.")], workspace: WorkspaceOption = None
) -> None:
    """Write record_id,cluster_id of importers, sellers, consignees and shippers, parties that are alone included."""
    from graphinv.opened import open_workspace

    replaced = in_place(out)
    with open_workspace(workspace, create=False) as opened:
        rows = opened.cluster_of_records()
    rows.write_csv(out)
    typer.echo(f"wrote {len(rows):,} records in {rows['cluster_id'].n_unique():,} clusters to {out}{replaced}")


def _print_list(page: "ClusterPage", meta: "ClusterMeta") -> None:
    from graphinv import terminal

    rows = [
        (item.id, item.caption, item.members, item.standings["seized"], f"{item.unknown_risk:.2f}",
         item.last_seen or "", ", ".join(f"{one.label}: {one.caption}" for one in item.joined_by[:2]))
        for item in page.items
    ]  # fmt: skip
    terminal.print_table(("cluster", "members", "size", "seized", "unknown risk", "last seen", "joined by"), rows)
    told = f"{len(page.items):,} of {page.total:,} clusters, as of {meta.as_of}"
    terminal.stderr().print(f"{told}; left out: {meta.hubs:,} hubs with {meta.hub_uses:,} uses")


def _print_cluster(found: "Cluster") -> None:
    from graphinv import terminal

    out = terminal.stdout()
    out.print(Text(found.caption, style="bold"))
    terminal.print_table(("", ""), _facts(found))
    parties = [
        (one.id, one.caption, one.standing, one.first_seen or "", f"{one.strength:.2f}")
        for one in found.parties[:_MEMBERS_PRINTED]
    ]
    terminal.print_table(("member", "caption", "standing", "first seen", "best link"), parties)
    _tell_rest(found.members - len(parties), "more members")
    joins = [(one.label, one.caption, one.members, one.users, f"{one.weight:.2f}") for one in found.joined_by]
    terminal.print_table(("joined by", "value", "members", "of users", "weight"), joins)
    _tell_rest(found.left_out["joins"], "more shared values")
    _print_trade(found)
    history = [(one.at, one.event, one.members, one.moved, ", ".join(one.others)) for one in found.history]
    terminal.print_table(("as of", "event", "members", "moved", "other clusters"), history)


def _print_trade(found: "Cluster") -> None:
    """What its shipments have in common, and when they came; nothing where none is on record."""
    from graphinv import terminal

    lanes = [(lane.origin, lane.port, lane.shipments) for lane in found.lanes]
    commodities = [(one.id, one.shipments) for one in found.commodities]
    ports = [(one.id, one.shipments) for one in found.ports]
    for heads, rows, left, rest in (
        (("from", "port", "shipments"), lanes, found.left_out["lanes"], "more lanes"),
        (("commodity", "shipments"), commodities, found.left_out["commodities"], "more commodities"),
        (("port of entry", "shipments"), ports, found.left_out["ports"], "more ports"),
    ):
        if rows:
            terminal.print_table(heads, rows)
            _tell_rest(left, rest)
    months = [(one.month, one.shipments, one.seizures) for one in found.timeline[-_MONTHS_PRINTED:]]
    if months:
        terminal.print_table(("month", "shipments", "seizures"), months)
        _tell_rest(len(found.timeline) - len(months), "earlier months")


def _tell_rest(number: int, what: str) -> None:
    from graphinv import terminal

    if number:
        terminal.stdout().print(f"and {number:,} {what}")


def _facts(found: "ClusterSummary") -> Sequence[tuple[str, object]]:
    low, high = found.seized_interval
    facts: list[tuple[str, object]] = [
        ("cluster", f"{found.id} ({found.resolution})"),
        ("members", f"{found.members:,}: " + ", ".join(f"{n:,} {name}" for name, n in found.standings.items() if n)),
        ("seized share", f"{found.seized_share:.0%} ({low:.0%} to {high:.0%} with 95%)"),
        ("unknown risk", f"{found.unknown_risk:.2f}"),
        ("shipments", f"{found.shipments:,}, {found.first_seen or '-'} to {found.last_seen or '-'}"),
        ("seizures", f"{found.seizures:,}"),
    ]
    if found.nearest is not None:
        near = found.nearest
        facts.append(("nearest", f"{near.caption} ({near.id}), {near.strength:.2f} to {near.seized_caption}"))
    if found.newest is not None:
        facts.append(("newest", f"{found.newest.caption} ({found.newest.id}), since {found.newest.first_seen}"))
    return facts
