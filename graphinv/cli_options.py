"""Options that commands of several groups share."""

from pathlib import Path
from typing import Annotated

import typer

from graphinv.settings import DEFAULT_WORKSPACE

WorkspaceOption = Annotated[
    Path | None,
    typer.Option("--workspace", "-w", help=f"Workspace folder (or GRAPHINV_WORKSPACE; default ./{DEFAULT_WORKSPACE})."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, and nothing else, on standard output.")]
