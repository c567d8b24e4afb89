"""The evaluation as a picture: reliability of every tier and of link strengths, as an SVG or a page that holds it."""

from collections.abc import Sequence
from html import escape

from graphinv.evaluate.evaluation import OURS, Evaluation
from graphinv.evaluate.measures import Bin, Reliability, shown

_SIDE, _MARGIN, _ACROSS = 220, 46, 3


def picture_svg(evaluation: Evaluation) -> str:
    """One plot for all arrivals, newcomers, every tier, and link strengths where truth tells; said against was."""
    plots: list[tuple[str, Sequence[tuple[float, float, int]]]] = [
        (_title(name, told), _points(told.bins))
        for name, told in (
            ("all arrivals", evaluation.reliability),
            ("newcomers", evaluation.reliability_of_newcomers),
            *evaluation.tiers.items(),
        )
    ]
    if evaluation.strengths:
        plots.append(("link strength: same hands", [(one.said, one.was, one.links) for one in evaluation.strengths]))
    cell = _SIDE + _MARGIN * 2
    rows = -(-len(plots) // _ACROSS)
    drawn = [
        f'<g transform="translate({at % _ACROSS * cell + _MARGIN},{at // _ACROSS * cell + _MARGIN})">'
        f"{_plot(title, points)}</g>"
        for at, (title, points) in enumerate(plots)
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_ACROSS * cell} {rows * cell}" '
        f'font-family="sans-serif" font-size="11"><rect width="100%" height="100%" fill="white"/>{"".join(drawn)}</svg>'
    )


def picture_html(evaluation: Evaluation) -> str:
    """The same as a page, with the ranking beside the baselines."""
    rows = "".join(
        f"<tr><td>{escape(name)}</td><td>{shown(evaluation.everyone.by[name].auc)}</td>"
        f"<td>{shown(evaluation.newcomers.by[name].auc)}</td></tr>"
        for name in evaluation.everyone.by
    )
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>graphinv evaluate</title>'
        f"<body style='font-family:sans-serif;max-width:1000px;margin:auto'>"
        f"<h1>How true the scores are</h1><p>Arrivals after {escape(evaluation.as_of)}, scored by what was known then; "
        f"outcomes: {escape(evaluation.labels)}.</p><table><tr><th>{OURS} and others</th><th>AUC, all</th>"
        f"<th>AUC, newcomers</th></tr>{rows}</table>{picture_svg(evaluation)}</body></html>"
    )


def _title(name: str, told: Reliability) -> str:
    return f"{name} (ECE {shown(told.ece)}, chance {shown(told.by_chance)})"


def _points(bins: Sequence[Bin]) -> list[tuple[float, float, int]]:
    return [(one.said, one.was, one.arrivals) for one in bins]


def _plot(title: str, points: Sequence[tuple[float, float, int]]) -> str:
    largest = max((count for _, _, count in points), default=1)
    marks = "".join(
        f'<circle cx="{said * _SIDE:.1f}" cy="{(1 - was) * _SIDE:.1f}" r="{3 + 7 * (count / largest) ** 0.5:.1f}" '
        f'fill="#1f5f8b" fill-opacity="0.65"><title>said {said:.3f}, was {was:.3f}, {count:,}</title></circle>'
        for said, was, count in points
    )
    return (
        f'<text x="0" y="-8" font-weight="bold">{escape(title)}</text>'
        f'<rect width="{_SIDE}" height="{_SIDE}" fill="none" stroke="#999"/>'
        f'<line x1="0" y1="{_SIDE}" x2="{_SIDE}" y2="0" stroke="#bbb" stroke-dasharray="4"/>{marks}'
        f'<text x="0" y="{_SIDE + 14}">0</text><text x="{_SIDE - 6}" y="{_SIDE + 14}">1</text>'
        f'<text x="{_SIDE / 2 - 10}" y="{_SIDE + 26}">said</text><text x="-30" y="{_SIDE / 2}">was</text>'
    )
