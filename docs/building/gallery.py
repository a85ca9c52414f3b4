"""The gallery: the figures of the flagship's run, drawn when the site is built and kept nowhere."""

from __future__ import annotations

__all__ = ["write_gallery"]

from pathlib import Path

from docs.building.picture import CASE

import potline
from potline.answers import Answers
from potline.questions import listed
from potline.report.contents import each_figure
from potline.report.figure import standalone, svg
from potline.report.listed import asked

# Few draws: the gallery shows what there is to see, not an answer to rely on.
DRAWS = 16


def write_gallery(place: Path, *, case: str = CASE, drawn: bool = True) -> int:
    """Write the gallery's page with every figure of a run, question by question.

    Args:
        place: the folder of the pages.
        case: a shipped case, or the place of one.
        drawn: False leaves the figures out and says so, for a build that is quick.

    Returns:
        How many figures there are.
    """
    lines = ["# Gallery", ""]
    count, said = 0, ""
    if drawn:
        (place / "figures").mkdir()
        lines += [
            f"Every figure that `potline run {case}` draws, under the question that it answers, with the sentence it",
            f"supports; here with {DRAWS} draws over the stated ranges where a run makes 1,024.",
            "",
        ]
        answers = Answers(potline.load(case), draws=DRAWS)
        for item in asked(listed(), answers):
            figures = list(each_figure(answers, [item]))
            lines += [f"## {item.about[:1].upper()}{item.about[1:]}", ""] if figures else []
            for figure in figures:
                (place / "figures" / f"{figure.name}.svg").write_text(standalone(svg(figure)), encoding="utf-8")
                lines += ["```{image} figures/" + f"{figure.name}.svg", f":alt: {figure.title}", "```", ""]
                if figure.sentence != said:  # views of one answer share their sentence
                    lines += [_plain(figure.sentence), ""]
                said = figure.sentence
            count += len(figures)
    else:
        lines += [f"This build has no figures. `make docs` draws those of `{case}`.", ""]
    (place / "gallery.md").write_text("\n".join(lines), encoding="utf-8", newline="\n")
    return count


def _plain(sentence: str) -> str:
    """Return a sentence whose signs mean nothing to Markdown."""
    return "".join(f"\\{sign}" if sign in "\\`*_[]<>$#" else sign for sign in sentence)
