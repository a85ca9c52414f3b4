"""How sure: the share of the stated input ranges that agree."""

from __future__ import annotations

__all__ = ["share_figure"]

from typing import TYPE_CHECKING

from potline.report.drawings import TileCell, tile_table
from potline.report.figure import Figure, figure
from potline.report.saying import called, say
from potline.report.words import set_text, with_error

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
                        row=set_text(f"{called('baseline', baseline)}: {called('leaving', leaving)}"),
                        column=called("institution_short", institution),
                        value=value,
                        text=with_error(value, error, bound),
                    )
                )
    head = (share.of(), share.error_of(), share.bound_of())
    best = max(cells, key=lambda cell: cell.value)
    sentence = say(
        "meeting.a_voluntary_deal_holds_in_2",
        with_error=with_error(*head),
        draws=share.draws,
        share_best=best.text,
        column=best.column,
        row=best.row,
    )
    return figure(
        tile_table(cells, reach=1.0, cell_width=150, cell_height=30),
        name="agreement_share",
        title=say("meeting.in_what_share_of_the"),
        subtitle=say(
            "meeting.draws_seed_one_standard_error", draws=share.draws, seed=share.seed, rule_words=rule_words
        ),
        sentence=sentence,
        source=source,
        units=say("meeting.of_draws"),
        width=None,
        height=None,
    )
