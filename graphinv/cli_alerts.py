"""``graphinv alerts``: the digest of new links to seized parties, one of them in full, and what you decide of it."""

import getpass
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.text import Text

from graphinv.cli_options import JsonOption, WorkspaceOption, refuse_before

if TYPE_CHECKING:  # what is needed to answer is imported by the command that answers
    from graphinv.alerting.alert import Alert
    from graphinv.alerting.digest import Digest

alerts_app = typer.Typer(
    help="New links to seized parties: the digest, one alert in full, and what you decide of it.",
    invoke_without_command=True,
)

StatusName = Literal["undecided", "open", "watching", "confirmed", "cleared", "withdrawn", "all"]
AlertArgument = Annotated[str, typer.Argument(metavar="ID", help="Id of the alert.")]
WhyOption = Annotated[str, typer.Option("--why", help="What the decision rests on.")]
ByOption = Annotated[str | None, typer.Option("--by", help="Who decides; default: your login name.")]


@alerts_app.callback()
def alerts_command(
    context: typer.Context,
    status: Annotated[StatusName, typer.Option("--status", help="undecided: open and watching.")] = "undecided",
    since: Annotated[str | None, typer.Option("--since", help="Changed since this day or moment.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many.")] = 20,
    json_: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """How many alerts there are, and the most certain ones. `graphinv alerts show ID` tells one in full."""
    if context.invoked_subcommand is not None:
        refuse_before(context, "status", "since", "limit")
        return
    from graphinv import terminal
    from graphinv.alerting.alert import Status
    from graphinv.alerting.alert_store import AlertStore
    from graphinv.alerting.digest import digest, parse_since
    from graphinv.opened import open_workspace

    several = {"all": (), "undecided": (Status.OPEN, Status.WATCHING)}
    statuses = several[status] if status in several else (Status(status),)
    moment = None if since is None else parse_since(since)
    with open_workspace(workspace, create=False) as opened:
        found = digest(AlertStore(opened.folder), statuses, moment, limit)
    terminal.print_json(found) if json_ else _print_digest(found)


@alerts_app.command("show")
def show_command(alert: AlertArgument, json_: JsonOption = False, workspace: WorkspaceOption = None) -> None:
    """One alert: the sentence, its evidence, what changed, and everything that happened to it."""
    from graphinv import terminal
    from graphinv.alerting.alert_store import AlertStore
    from graphinv.opened import open_workspace

    with open_workspace(workspace, create=False) as opened:
        store = AlertStore(opened.folder)
        found, history = store.find(alert), store.history(alert)
    if json_:
        terminal.print_json({**vars(found), "history": history})
        return
    _print_alert(found)
    told = found.told
    for piece in told.evidence:
        terminal.stdout().print(Text(f"  {piece.claim}: {piece.value} ({', '.join(piece.records)})"))
    for sentence in told.also:
        terminal.stdout().print(Text(f"also: {sentence}"))
    terminal.print_table(
        ("when", "what", "status", "who", "why"),
        [
            (f"{one.at:%Y-%m-%d %H:%M}", one.kind, str(one.status), one.who or "",
             one.why or "; ".join(f"{change.kind}: {change.detail}" for change in one.changes))
            for one in history
        ],
    )  # fmt: skip


@alerts_app.command("dispose")
def dispose_command(
    alert: AlertArgument,
    as_: Annotated[Literal["open", "watching", "confirmed", "cleared"], typer.Option("--as", help="What it is.")],
    why: WhyOption,
    by: ByOption = None,
    json_: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Say what an alert is. A cleared one stays cleared until evidence comes that it does not rest on now."""
    from graphinv import terminal
    from graphinv.alerting.alert import Status
    from graphinv.alerting.alert_store import AlertStore
    from graphinv.alerting.dispositions import Say, dispose
    from graphinv.opened import open_workspace

    say = Say(Status(as_), by or getpass.getuser(), why)
    with open_workspace(workspace, create=False) as opened:
        found = dispose(AlertStore(opened.folder), alert, say)
    terminal.print_json(found) if json_ else typer.echo(f"{found.id} is {found.status}")


@alerts_app.command("undo")
def undo_command(
    alert: AlertArgument,
    why: WhyOption = "undone",
    by: ByOption = None,
    json_: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Take the last disposition of an alert back."""
    from graphinv import terminal
    from graphinv.alerting.alert_store import AlertStore
    from graphinv.alerting.dispositions import undo
    from graphinv.opened import open_workspace

    with open_workspace(workspace, create=False) as opened:
        found = undo(AlertStore(opened.folder), alert, by or getpass.getuser(), why)
    terminal.print_json(found) if json_ else typer.echo(f"{found.id} is {found.status} again")


def _print_digest(found: "Digest") -> None:
    from graphinv import terminal

    out = terminal.stdout()
    since = f" changed since {found.since:%Y-%m-%d %H:%M}" if found.since is not None else ""
    out.print(Text(f"alerts{since}: {', '.join(f'{number:,} {status}' for status, number in found.counts.items())}"))
    if found.examined is not None and found.examined_at is not None:
        told = found.examined.told or "nothing new"
        out.print(Text(f"last examination, {found.examined_at:%Y-%m-%d %H:%M} UTC: {told}"))
    for alert in found.items:
        out.print()
        _print_alert(alert)
    if found.total > len(found.items):
        out.print(Text(f"\n{found.total - len(found.items):,} more; --limit shows them"))


def _print_alert(alert: "Alert") -> None:
    from graphinv import terminal

    out, said = terminal.stdout(), alert.disposition
    by = f", {said.who}: {said.why}" if said is not None and alert.status == said.status else ""
    out.print(Text(f"{alert.id}  {alert.status}  strength {alert.told.strength:.2f}{by}", style="bold"))
    out.print(Text(f"  {alert.told.sentence}"))
    for change in alert.changes:
        out.print(Text(f"  {change.kind.replace('_', ' ')}: {change.detail}", style="dim"))
