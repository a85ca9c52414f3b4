"""How sure: the share of the stated input ranges that agree, and which inputs move the margin."""

from __future__ import annotations

__all__ = ["influence_figure", "influences", "share_figure"]

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from potline.report.drawings import TileCell, tile_table
from potline.report.figure import Figure, chart, figure, layered
from potline.report.figures.meeting import BASELINE_WORDS, INSTITUTION_WORDS, LEAVING_WORDS
from potline.report.theme import CATEGORIES, GREY, INK, cut_mark
from potline.report.words import amount, listing, with_error

if TYPE_CHECKING:
    from potline.agreement import AgreementShare

_MOST = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Influence:
    """What one input does to the margin over the draws.

    Attributes:
        factor: name. fifths_m_per_year: average margin in each fifth of the draws, from where the input is lowest.
        error_m_per_year: standard error of such an average, pooled over the five.
    """

    factor: str
    fifths_m_per_year: tuple[float, ...]
    error_m_per_year: float

    @property
    def low_m_per_year(self) -> float:
        """Average margin where the input is in its lowest fifth."""
        return self.fifths_m_per_year[0]

    @property
    def high_m_per_year(self) -> float:
        """Average margin where the input is in its highest fifth."""
        return self.fifths_m_per_year[-1]

    @property
    def reach(self) -> float:
        """Largest average of a fifth less the smallest."""
        return max(self.fifths_m_per_year) - min(self.fifths_m_per_year)

    @property
    def turns(self) -> bool:
        """Whether the margin lies beyond both ends in between, by more than three standard errors of a difference."""
        ends = (self.low_m_per_year, self.high_m_per_year)
        between = self.fifths_m_per_year[1:-1]
        beyond = max(max(between) - max(ends), min(ends) - min(between))
        return beyond > 3.0 * math.sqrt(2.0) * self.error_m_per_year


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


def influences(share: AgreementShare) -> tuple[Influence, ...]:
    """Return what each input does to the headline's margin, most first; draws without a feasible group are left out."""
    margin = share.margin_m_per_year[:, 0, 0, 0]
    kept = np.isfinite(margin)
    fifth = int(kept.sum()) // 5
    if fifth < 1:
        return ()
    rows: list[Influence] = []
    for k, name in enumerate(share.factor_names):
        ordered = margin[kept][np.argsort(share.factors[kept, k], kind="stable")]
        edges = [round(place * ordered.size / 5) for place in range(6)]
        groups = [ordered[start:end] for start, end in pairwise(edges)]
        errors = [float(group.std(ddof=1)) / math.sqrt(group.size) if group.size > 1 else math.inf for group in groups]
        rows.append(
            Influence(
                factor=name,
                fifths_m_per_year=tuple(float(group.mean()) for group in groups),
                error_m_per_year=math.sqrt(sum(error**2 for error in errors) / len(errors)),
            )
        )
    return tuple(sorted(rows, key=lambda row: (-row.reach, row.factor)))


def influence_figure(share: AgreementShare, *, currency: str, source: str) -> Figure | None:
    """Draw the average margin where each input is in its lowest and its highest fifth of draws."""
    import altair as alt

    every = influences(share)
    found = every[:_MOST]
    if not found:
        return None
    middle = float(np.nanmean(share.margin_m_per_year[:, 0, 0, 0]))
    order = [item.factor for item in found]
    names = ("input in its lowest fifth", "input in its highest fifth")
    values = [
        {"factor": item.factor, "margin": value, "end": name}
        for item in found
        for name, value in zip(names, (item.low_m_per_year, item.high_m_per_year), strict=True)
    ]
    spans = [
        {
            "factor": item.factor,
            "low": min(item.fifths_m_per_year),
            "high": max(item.fifths_m_per_year),
        }
        for item in found
    ]
    y_axis = alt.Y("factor:N", sort=order, title=None, axis=alt.Axis(labelLimit=230, ticks=False, domain=False))
    scale = alt.Scale(zero=False, padding=14)
    ends_m = [value for item in found for value in item.fifths_m_per_year]
    title = f"Average margin, m {currency} a year{cut_mark(ends_m)}"
    colour = alt.Color(
        "end:N",
        scale=alt.Scale(domain=list(names), range=[CATEGORIES[1], CATEGORIES[0]]),
        legend=alt.Legend(title=None, symbolType="circle"),
    )
    bars = chart(spans).mark_rule(color=GREY, strokeWidth=4).encode(
        x=alt.X("low:Q", title=title, scale=scale), x2="high:Q", y=y_axis
    )  # fmt: skip
    ends = chart(values).mark_point(filled=True, size=85, opacity=1).encode(
        x=alt.X("margin:Q", title=title, scale=scale), y=y_axis, color=colour
    )  # fmt: skip
    line = chart([{"middle": middle}]).mark_rule(color=INK, strokeDash=[3, 3]).encode(x="middle:Q")
    quantiles = share.quantiles(0.05, 0.95)
    first = found[0]
    sentence = (
        f"Over the draws the margin runs from {amount(quantiles[0])} to {amount(quantiles[1])} m {currency} a year "
        f"(5th to 95th percentile). It moves most with {listing(order[:3])}: with {first.factor} in its lowest fifth "
        f"it averages {amount(first.low_m_per_year)}, in its highest {amount(first.high_m_per_year)}."
    )
    turning = [
        f"{item.factor} ({', '.join(amount(value) for value in item.fifths_m_per_year)} by fifths)"
        for item in every
        if item.turns
    ]
    if turning:
        sentence += f" Not monotone, so that its ends do not tell what it does in between: {listing(turning)}."
    if len(every) > len(found):
        sentence += f" Shown are the {len(found)} strongest of {len(every)} inputs."
    return figure(
        layered(line, bars, ends).properties(width=440, height=23 * len(found)),
        name="influences",
        title="Which inputs move the margin",
        subtitle=f"Voluntary deal, others keep their cut; bar: range of averages by fifths of an input; dashed: all "
        f"draws, {amount(middle)}",
        sentence=sentence,
        source=source,
        units=f"m {currency} a year",
        width=None,
        height=None,
    )
