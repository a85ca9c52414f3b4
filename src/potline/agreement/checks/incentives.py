"""The certificate of an incentive table: at every rate below those stated nobody gains by a deviation, above somebody.

Rates are tried just below and just above each claim, and over the whole range below it; no equation is solved for one.
"""

from __future__ import annotations

__all__ = ["verify_incentives"]

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from potline.agreement.certificate import Certificate, Gaps, gathered
from potline.agreement.checks.spells import BEST, CHANCE, VALUE, check_spell, most_kept
from potline.agreement.checks.stakes import STAKES, STICK, check_stakes
from potline.agreement.checks.threats import (
    Stakes,
    Triggers,
    is_grim,
    is_noisy,
    is_stick,
    stakes_of,
    triggers_of,
    under_grim,
    under_stick,
)

if TYPE_CHECKING:
    from potline.agreement.enforcement.deals import DealPayoffs
    from potline.agreement.enforcement.strategies import GreenPorter, Strategy
    from potline.agreement.enforcement.table import IncentiveRow, IncentiveTable

Floats = NDArray[np.float64]
Gain = Callable[[Stakes, Floats, Floats], Floats]

QUESTION, BELOW, ABOVE, FACTORS = "question", "gain below a critical rate", "loss above it", "factors"
SLACK, KEEPS, LAG = "slack", "who keeps the deal", "longest lag"
_STEP, _LEAST, _MOST = 1e-6, 1e-6, 1e3
_TOLD = (
    (
        QUESTION,
        0.0,
        "differences",
        "the deal and its members are those asked about; what a threat lacks is not a number",
    ),
    (STAKES, 1e-9, "of the turnover", "of an industry: where a tonne more, or a dearer one, stops paying, by halving"),
    (
        STICK,
        1e-12,
        "of the stakes",
        "harsher and milder sticks, each with a deviation that pays a millionth above the rate",
    ),
    (
        BELOW,
        1e-12,
        "of the stakes",
        "most that a deviation brings a millionth below a critical rate, and at lower rates",
    ),
    (ABOVE, 1e-12, "of the stakes", "most that a deviation loses a millionth above it"),
    (FACTORS, 1e-12, "", "of each critical rate by period, month and year; the group's is the lowest of its members'"),
    (SLACK, 1e-9, "of the stakes", "keeping less the best deviation, flows added up period by period"),
    (KEEPS, 0.0, "differences", "a slack of 0 or more, and some patience that is enough"),
    (LAG, 1e-12, "of the stakes", "a deviation pays nothing seen a millionth sooner, something seen as much later"),
    (CHANCE, 1e-9, "relative", "of a price below the trigger stated, by the error function"),
    (VALUE, 1e-9, "of the stakes", "of the deal with its spells, two linear equations solved"),
    (BEST, 1e-9, "of the stakes", "triggers from one end to the other, each with the shortest spell that is enough"),
)


def verify_incentives(result: IncentiveTable) -> Certificate:
    """Check a table of incentives, from its stakes, its strategy and its figures alone."""
    gaps = Gaps()
    if not _question(gaps, result):
        return gathered(gaps, "incentives", _TOLD)
    deal = result.deal
    stakes, strategy = stakes_of(deal), result.strategy
    years, lag = result.period_months / 12.0, result.lag_months / 12.0
    if is_noisy(strategy):
        _under_noise(gaps, result, strategy, stakes, triggers_of(deal, strategy), years)
    else:
        gain = _gain(strategy, years, round(result.lag_months / result.period_months))
        _rates(gaps, stakes, gain, _told(result), lag)
        _slack(gaps, stakes, gain, result, lag)
        gaps.equal(QUESTION, result.spell, None)
        lowest = [row.critical_rate_per_year for row in result.rows]
        wanted = math.nan if any(math.isnan(rate) for rate in lowest) else min(lowest)
        gaps.same(FACTORS, result.critical_rate_per_year, wanted)
    _upper_ends(gaps, stakes, result, lag)
    _lags(gaps, stakes, result)
    _transfers(gaps, stakes, result, lag)
    _told_twice(gaps, result, years)
    _keeps(gaps, result, deal)
    return gathered(gaps, "incentives", _TOLD)


def _question(gaps: Gaps, result: IncentiveTable) -> bool:
    """Check what was asked; return whether it has an answer."""
    asked = (result.discount_rate, result.period_months, result.lag_months)
    if not (0.0 <= asked[0] < math.inf and all(0.0 < months < math.inf for months in asked[1:])):
        gaps.equal(QUESTION, asked, "a rate of 0 or more, and months above 0")
        return False
    check_stakes(gaps, QUESTION, result)
    deal, rows = result.deal, result.rows
    size, strategy = len(deal.owners), result.strategy
    said = [(row.owner, row.coordinate_m, row.defect_m, row.punish_m, row.restart_cost_m) for row in rows]
    wanted = list(zip(deal.owners, deal.coordinate_m, deal.defect_m, deal.punish_m, deal.restart_cost_m, strict=False))
    gaps.equal(QUESTION, said, wanted)
    lists = (deal.coordinate_m, deal.defect_m, deal.punish_m, deal.restart_cost_m, deal.stick_m, deal.punisher_cost_m)
    fine = size > 0 and len(rows) == size and all(len(item) == size for item in lists)
    fine = fine and bool(np.isfinite(np.array(lists)).all())
    if is_noisy(strategy) and fine:
        prices = (deal.price_per_t, *deal.cheat_price_per_t)
        fine = math.isnan(strategy.noise) or (len(prices) == size + 1 and all(price > 0.0 for price in prices))
        fine = fine and result.spell is not None and result.discount_rate > 0.0
    gaps.equal(QUESTION, fine, True)
    return fine


def _gain(strategy: Strategy, years: float, unseen: int) -> Gain:
    """Return what the best deviation brings, by stakes, rates [N, 1] and lags in years [N, 1]."""
    if is_grim(strategy):
        return under_grim
    periods = strategy.periods if is_stick(strategy) else 0

    def stick(stakes: Stakes, rate: Floats, lag: Floats) -> Floats:
        del lag
        return under_stick(stakes, rate, years, unseen, periods)

    return stick


def _told(result: IncentiveTable) -> Floats:
    return np.array([row.critical_rate_per_year for row in result.rows])


def _rates(gaps: Gaps, stakes: Stakes, gain: Gain, rates: Floats, lag: float) -> None:
    """Check critical rates, one a member: nobody gains below, everybody above; nan: everybody at any rate above 0."""
    lags = np.array([[lag]])
    least = _LEAST / lag
    for i, rate in enumerate(rates.tolist()):
        mine = stakes.only(i)

        def pays(at: Floats | list[float], mine: Stakes = mine) -> Floats:
            column = np.asarray(at, dtype=np.float64)[:, None]
            return (gain(mine, column, lags) / mine.scale(column))[:, 0]

        gaps.add(BELOW, 0.0)
        gaps.add(ABOVE, 0.0)
        if math.isnan(rate) or rate == 0.0:
            gaps.most(ABOVE, -pays([least]), 0.0)
            nobody = bool(mine.p[0] > mine.c[0]) or gain is not under_grim
            gaps.equal(QUESTION, math.isnan(rate), nobody)
            continue
        top = rate * (1.0 - _STEP) if math.isfinite(rate) else max(_MOST, _MOST / lag)
        gaps.most(BELOW, most_on(pays, min(least, top), top), 0.0)
        if math.isfinite(rate):
            gaps.most(ABOVE, -pays([rate * (1.0 + _STEP)]), 0.0)
            gaps.equal(QUESTION, rate > 0.0, True)


def most_on(pays: Callable[[Floats], Floats], low: float, high: float) -> float:
    """Return the largest value between two positive numbers: on a grid of their logs that closes in."""
    best = -math.inf
    first, last = math.log(low), math.log(high)
    for _ in range(4):
        grid: Floats = np.exp(np.linspace(first, last, 201))
        found = pays(np.concatenate((grid, np.array([low, high]))))
        found = np.where(np.isnan(found), np.inf, found)
        best, k = max(best, float(found.max())), int(np.argmax(found[:-2]))
        first = math.log(float(grid[max(k - 1, 0)]))
        last = math.log(float(grid[min(k + 1, grid.size - 1)]))
    return best


def _slack(gaps: Gaps, stakes: Stakes, gain: Gain, result: IncentiveTable, lag: float) -> None:
    """Check the slack of each member at the rate asked about."""
    rate = np.array([[result.discount_rate]])
    said = np.array([row.slack_m_per_year for row in result.rows])
    gaps.same(SLACK, said, -gain(stakes, rate, np.array([[lag]]))[0], stakes.scale(rate)[0])


def _upper_ends(gaps: Gaps, stakes: Stakes, result: IncentiveTable, lag: float) -> None:
    """Check from which rate on the cost of a restart alone deters, where a member is tempted at lower ones."""
    lags, gain = np.array([[lag]]), under_grim
    for i, row in enumerate(result.rows):
        end, low, mine = row.deterred_above_rate, row.critical_rate_per_year, stakes.only(i)
        if not is_grim(result.strategy) or not math.isfinite(low):
            gaps.same(QUESTION, end, math.inf)
            continue

        def pays(at: Floats | list[float], mine: Stakes = mine) -> Floats:
            column = np.asarray(at, dtype=np.float64)[:, None]
            return (gain(mine, column, lags) / mine.scale(column))[:, 0]

        start = max(low * (1.0 + _STEP), _LEAST / lag)
        last = end * (1.0 - _STEP)
        if not math.isfinite(end):
            gaps.equal(QUESTION, end, math.inf)
            cost, most = float(mine.restart[0]), float(mine.d[0] - mine.p[0]) * lag
            last = max(
                _MOST, 2.0 * start, 2.0 * float(mine.d[0] - mine.c[0]) / cost if cost > max(0.0, 1e-15 * most) else 0.0
            )
        gaps.most(ABOVE, most_on(lambda at, pays=pays: -pays(at), start, max(start, last)), 0.0)
        if math.isfinite(end):
            gaps.equal(QUESTION, end > low, True)
            gaps.most(BELOW, most_on(pays, end * (1.0 + _STEP), 1e3 * end), 0.0)


def _lags(gaps: Gaps, stakes: Stakes, result: IncentiveTable) -> None:
    """Check for how long cheating may go unseen; not a number under other threats, or for who has less in the deal."""
    rate, gain = np.array([[result.discount_rate]]), under_grim
    for i, row in enumerate(result.rows):
        mine, lag = stakes.only(i), row.longest_lag_months / 12.0
        if not is_grim(result.strategy) or mine.c[0] < mine.p[0]:
            gaps.same(QUESTION, lag, math.nan)
            continue
        tried = [10.0**k for k in range(-6, 10)]
        if math.isfinite(lag):
            tried = [lag * (1.0 - _STEP), *(at for at in tried if at < lag)]
            gaps.most(LAG, -gain(mine, rate, np.array([[lag * (1.0 + _STEP)]])) / mine.scale(rate), 0.0)
            gaps.equal(QUESTION, lag >= 0.0, True)
        gaps.equal(QUESTION, math.isnan(lag), False)
        gaps.most(LAG, gain(mine, rate, np.array(tried)[:, None]) / mine.scale(rate), 0.0)


def _transfers(gaps: Gaps, stakes: Stakes, result: IncentiveTable, lag: float) -> None:
    """Check what side payments would bring: the members' sums are those of one."""
    if not is_grim(result.strategy):
        found = (result.with_transfers_rate_per_year, result.with_transfers_factor, result.transfers_slack_m_per_year)
        gaps.same(QUESTION, found, [math.nan] * 3)
        return
    whole = Stakes(**{name: np.array([math.fsum(getattr(stakes, name))]) for name in Stakes.__slots__})
    _rates(gaps, whole, under_grim, np.array([result.with_transfers_rate_per_year]), lag)
    rate = np.array([[result.discount_rate]])
    slack = -under_grim(whole, rate, np.array([[lag]]))[0, 0]
    gaps.same(SLACK, result.transfers_slack_m_per_year, slack, float(stakes.scale(rate).sum()))


def _told_twice(gaps: Gaps, result: IncentiveTable, years: float) -> None:
    """Check the factors of each rate."""
    told: list[IncentiveRow | IncentiveTable] = [*result.rows, result]
    for item in told:
        rate = item.critical_rate_per_year
        factors = (item.critical_factor, item.monthly_factor, item.yearly_factor)
        gaps.same(FACTORS, factors, [math.exp(-rate * years), math.exp(-rate / 12.0), math.exp(-rate)])
    if is_grim(result.strategy):
        gaps.same(FACTORS, result.with_transfers_factor, math.exp(-result.with_transfers_rate_per_year * years))


def _keeps(gaps: Gaps, result: IncentiveTable, deal: DealPayoffs) -> None:
    """Check who keeps the deal, and what giving it up would bring once all others have."""
    allowed = -1e-12 * max(abs(value) for value in (*deal.coordinate_m, *deal.defect_m))
    for i, row in enumerate(result.rows):
        patient = not math.isnan(row.critical_rate_per_year)
        gaps.equal(KEEPS, row.keeps, bool(row.slack_m_per_year >= allowed) and patient)
        wanted = math.nan
        if deal.idle_on_m:
            wanted = deal.punish_m[i] - deal.idle_on_m[i] - result.discount_rate * deal.punisher_cost_m[i]
        scale = max(abs(deal.coordinate_m[i]), abs(deal.defect_m[i]), abs(deal.punish_m[i]), 1e-300)
        gaps.same(SLACK, row.punishing_pays_m_per_year, wanted, scale)


def _under_noise(
    gaps: Gaps, result: IncentiveTable, strategy: GreenPorter, stakes: Stakes, triggers: Triggers, years: float
) -> None:
    """Check the spell, the slack under it, and critical rates: of each member's best trigger, and of the group's."""
    check_spell(gaps, (SLACK, QUESTION), result, strategy, stakes, triggers, years)
    members = [(row.critical_rate_per_year, i) for i, row in enumerate(result.rows)]
    rates = [rate for rate, _ in members]
    everyone = -1
    if not any(math.isfinite(rate) for rate in rates):
        lowest = math.nan if any(math.isnan(rate) for rate in rates) else min(rates)
        gaps.same(FACTORS, result.critical_rate_per_year, lowest)
    else:
        members.append((result.critical_rate_per_year, everyone))
    for rate, i in members:
        mine, told = (stakes, triggers) if i == everyone else (stakes.only(i), triggers.only(i))

        def least(at: Floats | list[float], mine: Stakes = mine, told: Triggers = told) -> Floats:
            return most_kept(mine, told, strategy, np.asarray(at, dtype=np.float64), years)

        gaps.add(BELOW, 0.0)
        gaps.add(ABOVE, 0.0)
        if not rate > 0.0:
            gaps.equal(QUESTION, math.isnan(rate), True)
            gaps.most(ABOVE, least([_LEAST / years]), 0.0)
            continue
        top = rate * (1.0 - _STEP) if math.isfinite(rate) else _MOST
        low = min(_LEAST / years, top)
        gaps.most(BELOW, -least(np.geomspace(low, top, 9)), 0.0)
        if math.isfinite(rate):
            gaps.most(ABOVE, least([rate * (1.0 + _STEP)]), 0.0)
