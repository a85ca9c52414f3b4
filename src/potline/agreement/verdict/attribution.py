r"""Why no agreement: the margin with each obstacle removed, averaged over the order of removal.

Eight obstacles: free riding (a member's slack is not tested), switching cost (E = h = R = 0), waiting value (the price
never moves), support per tonne (s = 0), lump sums (l = 0), pressure (g = 0), import ceiling (none), input relief (the
shared input keeps its price). m(R) is the margin of the voluntary institution with the obstacles R removed; what
obstacle k costs is its Shapley value, the average of m(R + k) - m(R). The eight sum to m(all) - m(none) whatever the
order. In the first column the price and the running lines are held; in the second the market without a deal is
cleared again under each removal.
"""

from __future__ import annotations

__all__ = ["attribution"]

import math

import numpy as np
from numpy.typing import NDArray

from potline.agreement.certificate import NOTHING, certified, registered
from potline.agreement.checks.obstacles import verify_attribution
from potline.agreement.table.draws import draw_case
from potline.agreement.table.question import Question, question_of
from potline.agreement.table.removed import Removals, cleared_games, held_games, shapley
from potline.agreement.table.stakes import Stakes, draws_of, needs_bound
from potline.agreement.verdict.obstacles import OBSTACLES, Attribution, Obstacle
from potline.cases import Case
from potline.choices import Belief, Institution, OnFailure, Rule
from potline.compiled import compile_industry, frozen
from potline.numerics.joint_cut.deals import PARTICIPATION, deals
from potline.reading import DrawsOrNone, Seed, reads

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_DRAWS_AT_ONCE = 4
_BOUNDLESS = 1e9  # times the revenue of a year: a margin that no price stands behind


@reads
def attribution(
    case: Case,
    *,
    draws: DrawsOrNone = 0,
    seed: Seed = 7,
    rule: Rule | None = None,
    leaving: Belief = Belief.KEEP,
    check: OnFailure = OnFailure.RAISE,
) -> Attribution:
    """Attribute the margin of a case's meeting to its obstacles, exactly at central values.

    Institution voluntary, baseline observed, the case's sharing rule unless told otherwise.

    Args:
        case: a case with a meeting.
        draws: draws for the spread of the first column, none unless asked for.
        seed: of the draws.
        rule: ``pro_rata``, ``efficient`` or ``stated``.
        leaving: what those who stay do when one leaves; the headline's ``keep`` unless told otherwise.
        check: ``raise`` where the certificate fails, or ``report``.

    Returns:
        an :class:`Attribution`; contributions are nan where a removal leaves no coalition that reaches the tonnage, or
        no price: isoelastic demand without a ceiling, where all that is demanded may be cut.

    Raises:
        InputError: the case has no meeting, none of its firms runs a plant, or demand leaves a cut without an optimum.
        CertificateFailed: recomputation rejects the answer.
    """
    asked = question_of(case, rule)
    compiled = compile_industry(case.industry)
    which = Removals.of(compiled, np.array([asked.term_years]))
    least = np.full(which.removed.shape[0], asked.least_cut_kt)
    games = held_games(compiled, np.array([asked.term_years]), which)
    needs_bound(games, asked.attendees, asked.rule, rows=1)
    held, held_mask = (array[0] for array in _margins(asked, games, which, least, leaving))
    cleared_stakes = cleared_games(compiled, np.array([asked.term_years]), which)
    cleared, cleared_mask = (array[0] for array in _margins(asked, cleared_stakes, which, least, leaving))
    held_parts, cleared_parts = shapley(held[None])[0], shapley(cleared[None])[0]
    low = high = np.full(8, math.nan)
    spread, groups = np.empty((0, 256)), np.empty((0, 256), dtype=np.int64)
    if draws > 0:
        spread, groups = _spread(case, asked, draws, seed, leaving)
    by_draw = shapley(spread)
    if draws > 0:
        low, high = np.percentile(by_draw, [5.0, 95.0], axis=0)
    gaps = [abs(float(p.sum() - (m[-1] - m[0]))) for p, m in ((held_parts, held), (cleared_parts, cleared))]
    result = Attribution(
        obstacles=tuple(
            Obstacle(
                name=name,
                held_m_per_year=float(held_parts[k]),
                cleared_m_per_year=float(cleared_parts[k]),
                held_low_m_per_year=float(low[k]),
                held_high_m_per_year=float(high[k]),
            )
            for k, name in enumerate(OBSTACLES)
        ),
        margin_m_per_year=float(held[0]),
        freed_m_per_year=float(held[-1]),
        cleared_margin_m_per_year=float(cleared[0]),
        cleared_freed_m_per_year=float(cleared[-1]),
        cleared_price_per_t=float(cleared_stakes.market.price_per_t[0]),
        largest_gap_m_per_year=max(gaps),
        enough=_enough(held),
        case=case,
        rule=asked.rule,
        leaving=leaving,
        draws=spread.shape[0],
        seed=seed,
        held_margins=frozen(held),
        cleared_margins=frozen(cleared),
        held_mask=frozen(held_mask),
        cleared_mask=frozen(cleared_mask),
        by_draw_m_per_year=frozen(by_draw),
        ends_m_per_year=frozen(spread[:, [0, -1]]),
        ends_mask=frozen(groups[:, [0, -1]]),
        certificate=NOTHING,
    )
    return certified(result, verify_attribution, check, f"the attribution of {case.name!r}")


def _enough(margins: Floats) -> tuple[str, ...]:
    agreed = np.flatnonzero(margins >= 0.0)
    if agreed.size == 0 or agreed[0] == 0:
        return ()
    best = min(agreed.tolist(), key=lambda mask: (mask.bit_count(), -float(margins[mask])))
    return tuple(name for k, name in enumerate(OBSTACLES) if best >> k & 1)


def _margins(
    asked: Question, held: Stakes, games: Removals, least_cut_kt: Floats, leaving: Belief
) -> tuple[Floats, Integers]:
    """Return the margin of each set of removals, bit 0 free riding, and its coalition, [draws, 256]; nan and -1."""
    found = deals(
        held.arrangement,
        asked.attendees,
        least_cut_kt,
        rule=asked.rule.place,
        stated_cut_kt=asked.stated_cut_kt,
        anew=leaving == Belief.REOPTIMISE,
    )
    pair = [Institution.VOLUNTARY.place, PARTICIPATION]
    most = _BOUNDLESS * 1e-3 * held.market.price_per_t * held.market.quantity_kt
    mask = found.best_mask[:, leaving.place][:, pair]
    mask = np.where(np.abs(found.best_m[:, leaving.place][:, pair]) < most[:, None], mask, -1)
    margin = np.where(mask >= 0, found.best_m[:, leaving.place][:, pair], np.nan)
    count = games.removed.shape[0]
    margin, mask = (values.reshape(-1, count, 2)[:, games.place].reshape(-1, 256) for values in (margin, mask))
    return margin, mask


def _spread(case: Case, asked: Question, draws: int, seed: int, leaving: Belief) -> tuple[Floats, Integers]:
    """Return margins and coalitions of every draw's games, a few draws at a time: each brings up to 128 games."""
    drawn = draw_case(case, draws, seed)
    which = Removals.of(drawn.compiled, drawn.term_years)
    count = which.removed.shape[0]
    parts: list[tuple[Floats, Integers]] = []
    for first in range(0, drawn.term_years.size, _DRAWS_AT_ONCE):
        row = np.arange(first, min(first + _DRAWS_AT_ONCE, drawn.term_years.size))
        games = held_games(draws_of(drawn.compiled, row), drawn.term_years[row], which)
        parts.append(_margins(asked, games, which, np.repeat(drawn.least_cut_kt[row], count), leaving))
    margins, masks = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    return margins, masks


registered(Attribution, verify_attribution)
