"""``graphinv evaluate``: how well scores rank and how true they are, on arrivals after a day."""

import sys
from collections.abc import Sequence
from dataclasses import asdict
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from graphinv.cli_options import JsonOption, WorkspaceOption, out_option

if TYPE_CHECKING:
    from graphinv.evaluate.evaluation import Evaluation, Ranked
    from graphinv.evaluate.measures import Reliability
    from graphinv.evaluate.stories import Story
    from graphinv.opened import OpenedWorkspace

_DEMO_TRUTH = Path("demo-world") / "truth"


def evaluate(
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="Score arrivals after this day; 61 days before the end if not given.")
    ] = None,
    days: Annotated[int, typer.Option(min=1, max=1000, help="Arrivals of so many days after it.")] = 61,
    most: Annotated[int, typer.Option(min=100, help="Most arrivals to score.")] = 6_000,
    truth: Annotated[
        Path | None, typer.Option(help="Truth folder of a world; WORKSPACE/demo-world/truth if it is there.")
    ] = None,
    picture: Annotated[
        Path | None, out_option("Draw the reliability into this .svg or .html file.", "--picture")
    ] = None,
    json_: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Score the arrivals after a day by what was known on it, and compare with what became of them."""
    from graphinv import terminal
    from graphinv.opened import open_workspace

    if picture is not None and picture.suffix not in (".svg", ".html"):
        raise typer.BadParameter("name an .svg or .html file", param_hint="--picture")
    with open_workspace(workspace, create=False) as opened:
        found = _evaluated(opened, as_of, days, most, truth)
    if picture is not None:
        _draw(found, picture)
    terminal.print_json(asdict(found)) if json_ else _print(found)


def _evaluated(opened: "OpenedWorkspace", as_of: str | None, days: int, most: int, truth: Path | None) -> "Evaluation":
    from datetime import timedelta

    from graphinv.evaluate.evaluation import evaluate as run
    from graphinv.evaluate.truth import read_truth
    from graphinv.opened import parse_as_of

    beside = opened.folder.root / _DEMO_TRUTH
    folder = truth or (beside if beside.is_dir() else None)
    return run(
        opened,
        None if as_of is None else parse_as_of(as_of),
        truth=None if folder is None else read_truth(folder),
        most=most,
        after=timedelta(days=days),
        progress=_told if sys.stderr.isatty() else None,
    )


def _told(done: int, of: int) -> None:
    typer.echo(f"\r{done:,} of {of:,} arrivals scored", nl=done == of, err=True)


def _draw(found: "Evaluation", path: Path) -> None:
    from graphinv.evaluate.picture import picture_html, picture_svg

    path.write_text(picture_svg(found) if path.suffix == ".svg" else picture_html(found), encoding="utf-8")


def _print(found: "Evaluation") -> None:
    from graphinv import terminal
    from graphinv.evaluate.evaluation import ORACLE
    from graphinv.evaluate.measures import UNTOLD
    from graphinv.links.weights import weight_of

    typer.echo(f"arrivals after {found.as_of[:10]} until {found.until[:10]}; outcomes: {found.labels}")
    if not found.calibrated:
        typer.echo("the scores are not calibrated and only order")
    if found.held_out is not None:
        typer.echo(found.held_out.text())
    for note in found.notes:
        typer.echo(f"note: {note}")
    typer.echo("0.1%, 1%, 5%: the share in violation among so many with the highest scores")
    for name, ranked in (("all arrivals", found.everyone), ("newcomers", found.newcomers)):
        typer.echo(f"\n{name}")
        terminal.print_table(_RANKING, _ranking_rows(ranked))
        if ranked.closed is not None:
            typer.echo(f"of the way from the best baseline to the oracle (AUC): {ranked.closed:.2f}")
        elif ORACLE in ranked.by:
            typer.echo("the oracle knows ties alone and leaves no gap here: how much of it is closed cannot be read")
        if any(isnan(one.auc) for one in ranked.by.values()):
            typer.echo(f"{UNTOLD}: cannot be told without arrivals in violation and others")
    reliable = {"all arrivals": found.reliability, "newcomers": found.reliability_of_newcomers, **found.tiers}
    terminal.print_table(
        ("what was said and what was", "ECE", "by chance", "score", "arrivals", "said", "was"), _reliability(reliable)
    )
    typer.echo("by chance: the ECE of wholly true scores in the mean, and what it exceeds one time in twenty")
    terminal.print_table(
        ("band", "from", "promises", "precision held out", "nine times in ten between", "examined", "of parties",
         "as independent", "proof", "arrivals in or above", "was"),
        [(b.name, f"{b.floor:.3f}" if b.floor < 1.0 else "nobody", _share(b.promise) or "nothing",
          _share(b.precision),
          "" if b.low is None else f"{_share(b.low)} and {_share(b.high)}", b.examined, b.parties, f"{b.worth:.0f}",
          b.proof, f"{came.arrivals:,}", _share(came.was))
         for b, came in zip(found.bands, found.banded, strict=True)],
    )  # fmt: skip
    _print_stories("disguise (violations)", found.disguises)
    _print_stories("innocents", found.innocents)
    if found.strengths:
        rows = [
            (f"{s.low:.2f} to {s.high:.2f}", f"{s.links:,}", _share(s.said), _share(s.was)) for s in found.strengths
        ]
        terminal.print_table(("link strength", "links", "said", "same hands"), rows)
    terminal.print_table(
        ("two parties alone", "pairs", "table", "told", "share another, too"),
        [(weight_of(one.claim).phrase, f"{one.pairs:,}", _share(one.table), _share(one.told),
          _share(one.corroborated))
         for one in found.reliabilities],
    )  # fmt: skip


_RANKING = ("scorer", "arrivals", "violations", "AUC", "AP", "0.1%", "1%", "5%")


def _ranking_rows(ranked: "Ranked") -> list[tuple[object, ...]]:
    from graphinv.evaluate.measures import shown

    return [
        (name, f"{one.arrivals:,}", f"{one.violations:,.0f}", shown(one.auc), shown(one.average_precision),
         *(shown(share, 2) for share in one.precision))
        for name, one in ranked.by.items()
    ]  # fmt: skip


def _reliability(reliable: "dict[str, Reliability]") -> list[tuple[object, ...]]:
    from graphinv.evaluate.measures import shown

    return [
        (name if at == 0 else "", shown(told.ece, 4) if at == 0 else "",
         f"{shown(told.by_chance, 4)} to {shown(told.seldom_above, 4)}" if at == 0 else "",
         f"{one.low:.1f} to {one.high:.1f}", f"{one.arrivals:,}", f"{one.said:.3f}", f"{one.was:.3f}")
        for name, told in reliable.items() for at, one in enumerate(told.bins)
    ]  # fmt: skip


def _print_stories(what: str, stories: "Sequence[Story]") -> None:
    from graphinv import terminal

    if stories:
        rows = [(s.name, f"{s.arrivals:,}", _share(s.alarmed), _share(s.high), _share(s.opened)) for s in stories]
        terminal.print_table((what, "arrivals", "review or high", "high", "in the top 5%"), rows)


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"
