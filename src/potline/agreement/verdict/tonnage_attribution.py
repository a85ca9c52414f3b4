r"""Why no larger cut: K*, the largest tonnage that holds, with each obstacle removed, averaged over the order.

The obstacles are those of :func:`potline.attribution`, and so are the games. K*(R) is the upper end of the tonnages
that hold with the obstacles R removed, 0 where none does. Without free riding each member compares with no deal at all,
which is what it expects where the deal ends when it leaves (``collapse``): one look at a game answers with free riding
and without. What obstacle k costs is its Shapley value, the average of K*(R + k) - K*(R); the eight sum to
K*(all) - K*(none) whatever the order.
"""

from __future__ import annotations

__all__ = ["tonnage_attribution"]


import numpy as np
from numpy.typing import NDArray

from potline._version import __version__
from potline.agreement.certificate import certified, registered
from potline.agreement.checks.tonnage_obstacles import verify_tonnage_attribution
from potline.agreement.table.question import Question, question_of
from potline.agreement.table.removed import Removals, cleared_games, held_games, shapley
from potline.agreement.table.sets_at import asked_rows, joined, k_stars_of
from potline.agreement.table.stakes import Stakes, boundless, needs_bound
from potline.agreement.verdict.obstacles import OBSTACLES
from potline.agreement.verdict.tonnage_obstacles import TonnageAttribution, TonnageObstacle
from potline.cases import Case
from potline.choices import Belief, Institution, OnFailure, Rule
from potline.compiled import compile_industry, frozen
from potline.numerics.joint_cut.tonnages import tonnages
from potline.reading import reads

Floats = NDArray[np.float64]


@reads
def tonnage_attribution(
    case: Case,
    *,
    rule: Rule | None = None,
    leaving: Belief = Belief.REOPTIMISE,
    check: OnFailure = OnFailure.RAISE,
) -> TonnageAttribution:
    """Attribute the largest tonnage that holds to the obstacles in its way, exactly, at central values.

    Institution voluntary, baseline observed, the case's sharing rule unless told otherwise.

    Args:
        case: a case with a meeting of at most 20 owners.
        rule: ``pro_rata``, ``efficient`` or ``stated``.
        leaving: what those who stay do when one leaves; the headline's ``reoptimise`` unless told otherwise.
        check: ``raise`` where the certificate fails, or ``report``.

    Returns:
        a :class:`TonnageAttribution`, kt/year; contributions are nan where demand is isoelastic and bounds no cut once
        the import ceiling is gone.

    Raises:
        InputError: the case has no meeting, none of its firms runs a plant, or demand leaves a cut without an optimum.
        CertificateFailed: recomputation rejects the answer.

    Examples:
        Three owners of 100 kt, slope 0.1 a kt, and 5 lost on each tonne: pairs hold up to 100 kt. Were nobody free to
        ride, each would compare with no deal, and 250 kt would hold.

        >>> from potline.cases import Case, Meeting
        >>> from potline.industry import Industry, LinearDemand, Plant, PriceProcess
        >>> three = Industry(name="three", price_per_t=100.0, process=PriceProcess(volatility=0.0),
        ...     demand=LinearDemand(price_per_t=100.0, quantity_kt=1000.0, elasticity=1.0),
        ...     plants=tuple(Plant(name=n, firm=n, capacity_kt=100.0, other_cost_per_t=95.0) for n in "ABC"))
        >>> case = Case(name="three", industry=three,
        ...     meeting=Meeting(date="", firms=tuple("ABC"), owners=tuple("ABC"), least_cut_kt=10.0))
        >>> found = tonnage_attribution(case)
        >>> [round(kt, 6) for kt in (found.k_star_kt, found.freed_kt, found.obstacles[0].held_kt)]
        [100.0, 250.0, 150.0]
    """
    asked = question_of(case, rule)
    compiled, term_years = compile_industry(case.industry), np.array([asked.term_years])
    which = Removals.of(compiled, term_years)
    held_stakes = held_games(compiled, term_years, which)
    needs_bound(held_stakes, asked.attendees, asked.rule, rows=1)
    held, held_interval = _sets(asked, held_stakes, which, leaving)
    cleared, cleared_interval = _sets(asked, cleared_games(compiled, term_years, which), which, leaving)
    parts = shapley(np.stack([held, cleared]))
    gaps = [abs(float(mine.sum() - (k[-1] - k[0]))) for mine, k in zip(parts, (held, cleared), strict=True)]
    result = TonnageAttribution(
        case=case,
        rule=asked.rule,
        leaving=leaving,
        version=__version__,
        obstacles=tuple(
            TonnageObstacle(name=name, held_kt=float(parts[0, k]), cleared_kt=float(parts[1, k]))
            for k, name in enumerate(OBSTACLES)
        ),
        largest_gap_kt=max(gaps),
        held_kt=frozen(held),
        cleared_kt=frozen(cleared),
        held_interval=frozen(held_interval),
        cleared_interval=frozen(cleared_interval),
    )
    return certified(result, verify_tonnage_attribution, check, f"the attribution of K* of {case.name!r}")


def _sets(asked: Question, games: Stakes, which: Removals, leaving: Belief) -> tuple[Floats, Floats]:
    """Return K* of each set of removals, bit 0 free riding, [256], and the tonnages that hold there, [256, N, 4]."""
    found = tonnages(asked_rows(games, asked, None), beliefs=[leaving.place]).interval
    both = [found[which.place, way.place, Institution.VOLUNTARY.place] for way in (leaving, Belief.COLLAPSE)]
    interval = joined([np.stack(both, axis=1).reshape(256, -1, 4)])
    free = np.repeat(boundless(games, asked.attendees, asked.rule)[which.place], 2)
    interval[free] = np.nan
    return np.where(free, np.nan, k_stars_of(interval)), interval


registered(TonnageAttribution, verify_tonnage_attribution)
