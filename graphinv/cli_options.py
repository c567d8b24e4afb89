"""Options that commands of several groups share."""

import os
import shlex
from pathlib import Path
from typing import Annotated, Any

import typer

from graphinv.errors import GraphinvError
from graphinv.settings import DEFAULT_WORKSPACE


def _of_the_group(context: typer.Context, option: typer.CallbackParam, value: Any) -> Any:
    """An option that stands before a command's own name counts for it, too: `graphinv alerts -w W show ID`."""
    before = context.parent.params if context.parent is not None else {}
    return value or before.get(option.name or "") or value


WorkspaceOption = Annotated[
    Path | None,
    typer.Option(
        "--workspace",
        "-w",
        callback=_of_the_group,
        help=f"Workspace folder (or GRAPHINV_WORKSPACE; default ./{DEFAULT_WORKSPACE}).",
    ),
]
JsonOption = Annotated[
    bool,
    typer.Option("--json", callback=_of_the_group, help="Print JSON, and nothing else, on standard output."),
]


def refuse_before(context: typer.Context, *names: str) -> None:
    """Refuse options of a list that stand before a command of its group, which would do nothing."""
    for option in context.command.params:
        source = context.get_parameter_source(option.name or "")
        if option.name in names and source is not None and source.name == "COMMANDLINE":
            raise typer.BadParameter(
                f"{option.opts[0]} is for the list; leave it out before {context.invoked_subcommand}"
            )


def out_option(help_: str, *names: str, replaced: bool = False) -> Any:
    """An option that names a file to write, ``-o`` and ``--out`` if not named otherwise. A file that cannot be written
    is told before the command begins its work. ``replaced``: what is there stays until a file that is written beside it
    takes its place, so the folder has to be open, too."""
    callback = _replaceable if replaced else _writable
    return typer.Option(*(names or ("-o", "--out")), help=help_, callback=callback)


def _replaceable(out: Path | None) -> Path | None:
    writable = _writable(out)
    if writable is not None and writable.is_file() and not os.access(writable.parent, os.W_OK):
        folder = writable.parent
        raise GraphinvError(f"{writable} may not be replaced by you: {folder} is closed to you; name a file in another")
    return writable


def _writable(out: Path | None) -> Path | None:
    if out is None:
        return None
    folder = out.parent
    if not folder.is_dir():
        raise GraphinvError(f"{out}: there is no folder {folder}; make it first: mkdir -p {shlex.quote(str(folder))}")
    if out.is_dir():
        raise GraphinvError(f"{out} is a folder; name the file to write")
    if not os.access(out if out.exists() else folder, os.W_OK):
        raise GraphinvError(f"{out} may not be written by you; name a file in a folder of yours")
    return out


def in_place(out: Path | None) -> str:
    """Words for the end of "wrote FILE", asked before it is written: whether one of that name was there."""
    return ", in place of the one that was there" if out is not None and out.is_file() else ""
