"""How sure: the share of the stated input ranges that agree."""

from __future__ import annotations

__all__ = ["share_figure"]

from typing import TYPE_CHECKING

from potline.report.drawings import TileCell, tile_table
from potline.report.figure import Figure, figure
from potline.report.figures.meeting import BASELINE_WORDS, INSTITUTION_WORDS, LEAVING_WORDS
from potline.report.words import with_error

if TYPE_CHECKING:
    from potline.agreement import AgreementShare


def share_figure(share: AgreementShare, *, rule_words: str, source: str) -> Figure:
    """Draw the share of draws with an agreement by institution, baseline and leaving rule."""
    cells: list[TileCell] = []
    for b, baseline in enumerate(share.baselines):
        for way, leaving in enumerate(share.leaving):
            for k, institution in enumerate(share.institutions):
                value, error, bound = (float(item[b, way, k]) for item in (share.share, share.error, share.bound))
                cells.append(
                    TileCell(
                        row=f"{BASELINE_WORDS[baseline]}: {LEAVING_WORDS[leaving]}",
                        column=INSTITUTION_WORDS[institution],
                        value=value,
                        text=with_error(value, error, bound),
                    )
                )
    head = (share.of(), share.error_of(), float(share.bound[0, 0, 0]))
    best = max(cells, key=lambda cell: cell.value)
    sentence = (
        f"A voluntary deal holds in {with_error(*head)} of {share.draws:,} draws over the stated ranges of the "
        f"inputs; the most any set of rules reaches is {best.text} ({best.column}, {best.row})."
    )
    return figure(
        tile_table(cells, reach=1.0, cell_width=150, cell_height=30),
        name="agreement_share",
        title="In what share of the stated input ranges does an agreement exist?",
        subtitle=f"{share.draws:,} draws, seed {share.seed}; ± one standard error; sharing: {rule_words}",
        sentence=sentence,
        source=source,
        units="% of draws",
        width=None,
        height=None,
    )
