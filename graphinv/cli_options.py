"""Options that commands of several groups share."""

import os
import shlex
from pathlib import Path
from typing import Annotated, Any

import typer

from graphinv.errors import GraphinvError
from graphinv.settings import DEFAULT_WORKSPACE

WorkspaceOption = Annotated[
    Path | None,
    typer.Option("--workspace", "-w", help=f"Workspace folder (or GRAPHINV_WORKSPACE; default ./{DEFAULT_WORKSPACE})."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, and nothing else, on standard output.")]


def out_option(help_: str, *names: str) -> Any:
    """An option that names a file to write, ``-o`` and ``--out`` if not named otherwise. A file that cannot be written
    is told before the command begins its work."""
    return typer.Option(*(names or ("-o", "--out")), help=help_, callback=_writable)


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
