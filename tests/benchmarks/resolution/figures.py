"""Figures and the tables that show them."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Row:
    """What one resolver reached in one case; measures by name, in the order of the table's columns."""

    case: str
    rival: str
    measures: dict[str, float]


@dataclass(frozen=True)
class Section:
    """One table."""

    title: str
    rows: tuple[Row, ...]

    def show(self) -> None:
        """Print it as wide as it is."""
        table = Table(title=self.title, title_justify="left", title_style="bold")
        columns = list(dict.fromkeys(name for row in self.rows for name in row.measures))
        for name in ("case", "resolver"):
            table.add_column(name)
        for name in columns:
            table.add_column(name, justify="right")
        for row in self.rows:
            table.add_row(row.case, row.rival, *(_shown(row.measures.get(name)) for name in columns))
        Console(width=160).print(table)


def write_json(path: Path, sections: Sequence[Section]) -> None:
    """All figures, unrounded."""
    path.write_text(json.dumps([asdict(section) for section in sections], indent=2))


def _shown(value: float | None) -> str:
    if value is None:
        return ""
    if value == int(value) and abs(value) >= 2:
        return f"{value:,.0f}"
    return f"{value:,.1f}" if abs(value) >= 10 else f"{value:.4f}"
