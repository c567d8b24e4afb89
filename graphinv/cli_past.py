"""``graphinv prepare-as-of``: past days made ready ahead of questions."""

from typing import Annotated

import typer

from graphinv.cli_options import JsonOption, WorkspaceOption

_HOW = {
    "there": "was ready",
    "current": "the current index answers, nothing to make",
}


def prepare_as_of(
    days: Annotated[
        list[str] | None,
        typer.Argument(help="Days such as 2024-06-15, each meant to its end in UTC, or moments."),
    ] = None,
    forget: Annotated[
        bool, typer.Option("--forget", help="Keep these days ready no longer; all of them if none is named.")
    ] = False,
    json_: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Make past days ready, so that questions as of then cost nothing, in a running server too.

    Each day whose index is not there takes about as long and as much memory as the last steps of a load, and as much
    disk as the current index: seconds for 5,000 importers, a minute for 50,000, 2.5 minutes and 4.2 GiB for 300,000.
    They stay, while the disk has room, beside those that questions had made. Without days, those that were to be ready
    are made anew where records came that belong to them: run it so after loads.
    """
    from graphinv import terminal
    from graphinv.opened import open_workspace
    from graphinv.past_days import forget_days, prepare_days

    with open_workspace(workspace, create=False) as opened:
        if forget:
            gone = forget_days(opened, days or [])
            terminal.print_json({"forgotten": gone}) if json_ else typer.echo(
                f"{', '.join(gone) or 'no day'}: ready no longer; their indexes go when others need the place"
            )
            return
        done = []
        for day in prepare_days(opened, days or [], terminal.stderr().print):
            done.append(day)
            if not json_:
                typer.echo(f"{day.as_of}: {_HOW.get(day.how) or f'made in {day.made_in or 0.0:.1f} s'}")
    if json_:
        terminal.print_json({"days": done})
