r"""Above which discount rate a member of a deal would rather cheat: a root in the rate, exact to rounding.

A member that earns c a year in the deal, d while it cheats unseen for a lag of l years and p ever after, and that pays
R once to cheat, gains nothing by cheating at the discount rate rho a year if

    f(rho) = c - (1 - exp(-rho l)) d - exp(-rho l) p + rho R >= 0.

For d > p, f is convex in rho: f < 0 on one interval of rates, whose ends are found. Without a cost the lower one is
``log((d - p)/(d - c))/l``, the factor over the lag ``(d - c)/(d - p)`` (Friedman 1971, Review of Economic Studies 38).
"""

from __future__ import annotations

__all__ = ["critical_rates", "longest_lag", "slack_at"]

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

ROUNDING = 1e-15


def critical_rates(
    coordinate: Floats, defect: Floats, punish: Floats, *, restart_cost: Floats, lag_years: float
) -> tuple[Floats, Floats]:
    """Find the open interval of discount rates at which cheating pays, for members in any number.

    Args:
        coordinate, defect, punish: c, d, p a year, any one shape.
        restart_cost: R, paid once, 0 or more; less than 1e-15 of what is at stake over the lag counts as 0.
        lag_years: how long cheating goes unseen, above 0.

    Returns:
        lower and upper end a year. (inf, inf): cheating never pays. Lower end nan: the deal brings less than its end,
        no patience makes the member keep it. Both ends are on the side where keeping is at least as good.

    Examples:
        A third of the monopoly profit against half of what all others leave, Cournot ever after (three equal firms).

        >>> low, high = critical_rates(np.array([1 / 12]), np.array([1 / 9]), np.array([1 / 16]),
        ...     restart_cost=np.zeros(1), lag_years=1.0)
        >>> round(float(np.exp(-low[0])), 12), high.tolist()
        (0.571428571429, [inf])
    """
    c, d, p, cost = _copies(coordinate, defect, punish, restart_cost)
    low, high = np.full(c.shape, np.inf), np.full(c.shape, np.inf)
    low[c < p] = np.nan
    tempted = (c >= p) & (d > c)
    free = tempted & (cost <= ROUNDING * (d - p) * lag_years)
    with np.errstate(divide="ignore"):
        low[free] = (np.log(d[free] - p[free]) - np.log(d[free] - c[free])) / lag_years
    low[free & (c == p)] = 0.0
    costly = np.flatnonzero(tempted & ~free)
    if costly.size:
        k = (d.flat[costly] - p.flat[costly]) * lag_years
        bottom = np.maximum((np.log(k) - np.log(cost.flat[costly])) / lag_years, 0.0)
        at = np.array([a.flat[costly] for a in (c, d, p, cost)])
        dips = slack_at(bottom, *at, lag_years=lag_years) < 0.0
        rows, at, bottom = costly[dips], at[:, dips], bottom[dips]
        top = np.maximum((at[1] - at[0]) / at[3], bottom)
        low.flat[rows] = _root(np.zeros(rows.size), bottom, at, lag_years)
        high.flat[rows] = _root(top * (1.0 + 1e-12), bottom, at, lag_years)
    return low, high


def slack_at(
    rate: Floats | float,
    coordinate: Floats,
    defect: Floats,
    punish: Floats,
    restart_cost: Floats,
    *,
    lag_years: float,
) -> Floats:
    """Return what keeping the deal brings beyond cheating, a year: f of the formula above.

    Examples:
        >>> slack_at(0.0, np.array([3.0]), np.array([5.0]), np.array([1.0]), np.zeros(1), lag_years=1.0).tolist()
        [2.0]
    """
    seen = np.exp(-np.asarray(rate) * lag_years)
    return coordinate - defect + seen * (defect - punish) + rate * restart_cost


def longest_lag(rate: float, coordinate: Floats, defect: Floats, punish: Floats, restart_cost: Floats) -> Floats:
    """Return the longest time in years that cheating may go unseen before it pays, at a discount rate.

    inf where cheating never pays, nan where no lag is short enough.

    Examples:
        >>> longest_lag(0.1, np.array([3.0]), np.array([5.0]), np.array([1.0]), np.zeros(1)).round(4).tolist()
        [6.9315]
    """
    c, d, p, cost = _copies(coordinate, defect, punish, restart_cost)
    result = np.full(c.shape, np.inf)
    short = d - c - rate * cost
    bound = (short > 0.0) & (d > p)
    if rate > 0.0:
        result[bound] = (np.log(d[bound] - p[bound]) - np.log(short[bound])) / rate
    result[(c < p) | (result < 0.0)] = np.nan
    return result


def _copies(*arrays: Floats) -> list[Floats]:
    """Return float copies of one shape."""
    return [np.array(array, dtype=np.float64) for array in np.broadcast_arrays(*arrays)]


def _root(keeps: Floats, cheats: Floats, at: Floats, lag_years: float) -> Floats:
    """Bisect between a rate at which members keep and one at which they cheat; return the side that keeps."""
    for _ in range(200):
        middle = 0.5 * (keeps + cheats)
        good = slack_at(middle, at[0], at[1], at[2], at[3], lag_years=lag_years) >= 0.0
        keeps, cheats = np.where(good, middle, keeps), np.where(good, cheats, middle)
    return keeps
