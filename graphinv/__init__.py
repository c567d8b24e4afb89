"""graphinv: hidden links between unknown importers and seized parties, with the evidence of every hop."""

from typing import TYPE_CHECKING

__version__ = "0.1.0"
__all__ = ["__version__", "open_workspace"]

if TYPE_CHECKING:
    from graphinv.opened import open_workspace


def __getattr__(name: str) -> object:
    """``open_workspace`` is imported when it is first asked for, so that ``graphinv --help`` stays quick."""
    if name == "open_workspace":
        from graphinv.opened import open_workspace

        return open_workspace
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
