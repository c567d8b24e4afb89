"""``graphinv resolve``: why two are one party, which pairs to look at, and judging them."""

import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.text import Text

from graphinv.cli_options import JsonOption, WorkspaceOption

if TYPE_CHECKING:  # what is needed to answer is imported by the command that answers
    from graphinv.judging import Judged
    from graphinv.resolve.explanation import PairExplanation
    from graphinv.reviewing import Side

resolve_app = typer.Typer(
    help="Who is who: why two are one party, which pairs to look at, and your judgements.", no_args_is_help=True
)

LeftArgument = Annotated[
    str, typer.Argument(metavar="A", help="Id of a record (importers:..., shipments:X1#consignee) or of a party.")
]
RightArgument = Annotated[str, typer.Argument(metavar="B", help="The other one.")]
WhyOption = Annotated[str, typer.Option("--why", help="What the judgement rests on.")]
WhoOption = Annotated[str | None, typer.Option("--who", help="Who judges; default: your login name.")]
LaterOption = Annotated[
    bool, typer.Option("--later", help="Only keep it: the graph follows with the next load or judgement.")
]


@resolve_app.command("why")
def why_command(
    left: LeftArgument, right: RightArgument, json_: JsonOption = False, workspace: WorkspaceOption = None
) -> None:
    """Why these two are one party, or two: every comparison with its weight in bits, the sum, and what decided."""
    from graphinv import terminal
    from graphinv.opened import open_workspace
    from graphinv.reviewing import why

    with open_workspace(workspace, create=False) as opened:
        found = why(opened, left, right)
    if json_:
        terminal.print_json({**vars(found), "told": found.told})
        return
    _print_sides(found.left, found.right)
    _print_explanation(found.explanation)
    terminal.stdout().print(Text(found.told, style="bold"))


@resolve_app.command("review")
def review_command(
    limit: Annotated[int, typer.Option(min=1, max=500, help="How many pairs.")] = 10,
    json_: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Uncertain pairs that nobody judged, the most informative first, with all weights."""
    from graphinv import terminal
    from graphinv.opened import open_workspace
    from graphinv.reviewing import review

    with open_workspace(workspace, create=False) as opened:
        found = review(opened, limit)
    if json_:
        terminal.print_json(found)
        return
    out = terminal.stdout()
    for number, doubt in enumerate(found, start=1):
        state = "one party now" if doubt.one_party else "two parties now"
        head = f"{number}. probability {doubt.explanation.probability:.2f}, {state}; a verdict would change "
        out.print(Text(f"{head}{doubt.changes:,} pairs", style="bold"))
        _print_sides(doubt.left, doubt.right)
        _print_explanation(doubt.explanation)
        out.print()
    if not found:
        out.print("no pair is uncertain")


@resolve_app.command("judge")
def judge_command(
    left: LeftArgument,
    right: RightArgument,
    verdict: Annotated[Literal["same", "different"], typer.Argument()],
    why: WhyOption,
    who: WhoOption = None,
    later: LaterOption = False,
    json_: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Judge two records or parties: it goes before the match model and outlives reloads and rebuilds."""
    from graphinv.judging import judge
    from graphinv.opened import open_workspace
    from graphinv.resolve.judgements import Decision, Verdict

    decision = Decision(left, right, Verdict(verdict), who or getpass.getuser(), why)
    with open_workspace(workspace, create=False) as opened:
        found = judge(opened, decision, apply=not later)
    _print_judged(found, "judged", json_=json_)


@resolve_app.command("undo")
def undo_command(
    judgement: Annotated[str, typer.Argument(metavar="ID", help="Id of the judgement.")],
    why: WhyOption,
    who: WhoOption = None,
    later: LaterOption = False,
    json_: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Withdraw a judgement: it is kept, counts no more, and the pair is the match model's again."""
    from graphinv.judging import withdraw
    from graphinv.opened import open_workspace

    with open_workspace(workspace, create=False) as opened:
        found = withdraw(opened, judgement, who or getpass.getuser(), why, apply=not later)
    _print_judged(found, "withdrawn", json_=json_)


@resolve_app.command("judgements")
def judgements_command(
    withdrawn: Annotated[bool, typer.Option("--withdrawn", help="Also withdrawn and superseded ones.")] = False,
    json_: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """List judgements with who, why and when."""
    from graphinv import terminal
    from graphinv.judging import judgements_of
    from graphinv.opened import open_workspace

    with open_workspace(workspace, create=False) as opened:
        store = judgements_of(opened)
        found = store.all() if withdrawn else store.current()
    if json_:
        terminal.print_json(found)
        return
    rows = [
        (one.id, one.left, one.right, one.verdict.value, one.who, f"{one.judged_at:%Y-%m-%d}", one.why,
         f"withdrawn by {one.withdrawn_by}: {one.withdrawn_why}" if one.withdrawn_by else "")
        for one in found
    ]  # fmt: skip
    terminal.print_table(("id", "left", "right", "verdict", "who", "day", "why", ""), rows)


@resolve_app.command("export-splink")
def export_splink_command(
    out: Annotated[Path, typer.Option("-o", "--out", file_okay=False, help="Folder to write into.")],
    workspace: WorkspaceOption = None,
) -> None:
    """Write the trained match model as Splink settings, and all parties as the table that they run over."""
    from graphinv.opened import open_workspace
    from graphinv.reviewing import export_splink

    with open_workspace(workspace, create=False) as opened:
        parties = export_splink(opened, out)
    typer.echo(f"wrote {out / 'settings.json'} and {out / 'records.parquet'} ({parties:,} parties)")


def _print_sides(left: "Side", right: "Side") -> None:
    from graphinv import terminal

    rows = [
        (name, side.caption, side.id, side.standing or "", side.entity, side.identities)
        for name, side in (("A", left), ("B", right))
    ]
    terminal.print_table(("", "caption", "identity", "standing", "entity", "identities"), rows)


def _print_explanation(explanation: "PairExplanation") -> None:
    from graphinv import terminal

    rows: list[tuple[object, ...]] = [
        (row.comparison.replace("_", " "), row.level.replace("_", " "), row.left_value, row.right_value,
         f"{row.bits:+.2f}", row.note)
        for row in explanation.rows
    ]  # fmt: skip
    rows.append(("prior", "", "", "", f"{explanation.prior_bits:+.2f}", "two parties taken at random"))
    told = f"probability {explanation.probability:.4f}"
    rows.append(("total", "", "", "", f"{explanation.total_bits:+.2f}", told))
    terminal.print_table(("comparison", "level", "A", "B", "bits", ""), rows)


def _print_judged(found: "Judged", word: str, *, json_: bool) -> None:
    from graphinv import terminal

    if json_:
        terminal.print_json({**vars(found), "told": found.told})
        return
    replaced = f", in place of {', '.join(found.superseded)}" if found.superseded else ""
    typer.echo(f"{found.judgement.id} {word}{replaced}")
    if found.moved:
        terminal.print_table(
            ("identity", "entity before", "entity now"), [(one.id, one.before, one.after) for one in found.moved]
        )
    typer.echo(found.told)
