"""What a benchmark promises, and how it ends when that does not hold."""

import sys
from collections.abc import Iterable
from typing import NoReturn


def end_with(bounds: Iterable[tuple[str, bool]]) -> NoReturn:
    """Print every bound and whether it held; ends the process, with status 1 when one was missed."""
    told = list(bounds)
    for line, held in told:
        print(f"{'held  ' if held else 'MISSED'} {line}")
    sys.exit(not all(held for _, held in told))
