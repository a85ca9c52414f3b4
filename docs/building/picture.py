"""The picture with which README begins: ``python -m docs.building.picture`` makes it from the shipped flagship."""

from __future__ import annotations

__all__ = ["PICTURE", "picture"]

from docs.building.navigation import ROOT

import potline
from potline.report.figure import svg, with_source
from potline.report.figures.costs import cost_curve_figures

CASE = "china-aluminium-2013"
PICTURE = ROOT / "docs/pictures/cost-curve.svg"


def picture() -> str:
    """Return the flagship's cost curve as SVG with its source line, without the font that a run's files carry."""
    case = potline.load(CASE)
    drawn = cost_curve_figures(potline.cost_curve(case.industry), source=f"Potline, case {CASE}, a reconstruction")[0]
    return with_source(svg(drawn), drawn.source) + "\n"


if __name__ == "__main__":
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_text(picture(), encoding="utf-8", newline="\n")
