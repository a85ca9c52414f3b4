"""The certificates of a meeting's deal over time: what keeping it, cheating and its end bring, added up plant by plant.

Who goes on idling once a deal has ended is not searched for: nobody of those stated, and nobody else, would rather do
otherwise. How patient each coalition must be is tried just below and just above what is stated.
"""

from __future__ import annotations

__all__ = ["verify_enforcement", "verify_over_time"]

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from potline.agreement.certificate import Certificate, Gaps, gathered
from potline.agreement.checks.baseline import ALONE, GROUP, SLOPE, OnBaseline, baseline_of
from potline.agreement.checks.coalitions import Table, every_mask, idling, reaching, table
from potline.agreement.checks.incentives import verify_incentives
from potline.agreement.checks.meeting import chosen_masks
from potline.agreement.checks.owners import by_plant, by_plant_at
from potline.agreement.checks.patience import ABOVE, BELOW, LISTED, check_patience, counted
from potline.agreement.checks.threats import is_noisy
from potline.choices import Baseline, Belief, Ending
from potline.verification import Check, rows_of

if TYPE_CHECKING:
    from potline.agreement.enforcement.deals import DealPayoffs
    from potline.agreement.enforcement.kept import Enforcement, OverTime
    from potline.agreement.enforcement.table import IncentiveTable

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

QUESTION, STAKES, PRICES, GOES_ON = "question", "stakes", "prices", "who goes on idling"
BOUND, COUNT = "no group better placed", "groups counted"
_ALL, _OTHERS, _ROWS = 14, 64, 512
_TOLD = (
    (QUESTION, 0.0, "differences", "read again from the case; each table is of the same deal, rate and lag"),
    (STAKES, 1e-9, "of revenue", "in the deal, outside it and after it, plant by plant"),
    (PRICES, 1e-9, "relative", "of the deal, and when each member cheats, every idle line asked anew"),
    (GOES_ON, 1e-9, "of revenue", "most that a member gains who restarts or goes on otherwise than stated"),
    (BOUND, 1e-9, "of revenue", "most by which the worst placed of another group gains more: all up to 14 owners"),
    (COUNT, 0.0, "groups", "that reach the tonnage, and those in which nobody loses"),
    (LISTED, 0.0, "differences", "each group that is listed reaches the tonnage, once, the least patient need first"),
    (BELOW, 1e-9, "of revenue", "most that a member of a listed group gains by cheating at lower rates"),
    (ABOVE, 1e-9, "of revenue", "most that all its members lose by it a millionth above"),
    (GROUP, 1e-9, "relative", "cuts of the baseline are tonnes that can be idled"),
    (ALONE, 1e-12, "of revenue", "largest gain of an owner from any other cut"),
    (SLOPE, 1e-9, "of price", "largest gain a tonne from a little more or less"),
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Deal:
    """One coalition's deal as a checker adds it up; m members, million a year (one-off costs: million).

    Attributes:
        here, seats: the meeting, and the members' places at the table.
        gain, outside: in the deal, and outside it while the others keep it.
        stop, restart: paid once to idle, and to restart.
        price, cheats: in the deal and when each cheats.
        on, left: what going on alone brings beyond what is left to all, and what those who go on leave to each.
    """

    here: OnBaseline
    seats: list[int]
    gain: Floats
    outside: Floats
    stop: Floats
    restart: Floats
    price: float
    cheats: Floats
    on: Floats
    left: Floats


def verify_enforcement(result: Enforcement, *, parts: bool = True) -> Certificate:
    """Check whether a meeting's deal is kept.

    Args:
        result: with or without a certificate.
        parts: check its tables again, too; else what stands in their certificates counts.
    """
    gaps = Gaps()
    here = baseline_of(gaps, result.case, result.rule, result.baseline, result.baseline_cuts)
    gaps.equal(QUESTION, (result.case_name, result.least_cut_kt), (result.case.name, here.facts.least))
    gaps.equal(QUESTION, result.collapse in tuple(Ending), True)
    deal = _deal_of(gaps, here, result.coalition, result.idle_on, result.discount_rate)
    if deal is None:
        return gathered(gaps, "enforcement", _TOLD)
    strategy, months = result.running.strategy, result.running.period_months
    for item, idled in ((result.running, True), (result.signing, False)):
        said = (item.strategy, item.period_months, item.lag_months, item.discount_rate)
        gaps.equal(QUESTION, repr(said), repr((strategy, months, result.lag_months, result.discount_rate)))
        _stakes(gaps, deal, item.deal, meant=result.collapse == Ending.BEST_RESPONSE, idled=idled)
    found = _groups(gaps, here, result.coalition, result.named, {item.coalition for item in result.patience})
    costs = _costs(here, found)
    whole = found.mask.size == every_mask(here.facts.seat.size).size
    check_patience(gaps, here, found, costs, result.patience, result.lag_months / 12.0)
    _counted(gaps, here, found, costs[0], (result.willing, result.feasible), whole=whole)
    own = gathered(gaps, "enforcement", _TOLD)
    return Certificate(checks=(*own.checks, *_parts([result.running, result.signing], again=parts)))


def verify_over_time(result: OverTime, *, parts: bool = True) -> Certificate:
    """Check a meeting's deal over time: its threats, delays, and the groups that are counted.

    Args:
        result: with or without a certificate.
        parts: check its tables again, too; else what stands in their certificates counts.
    """
    gaps = Gaps()
    here = baseline_of(gaps, result.case, result.rule, Baseline.OBSERVED, ())
    gaps.equal(QUESTION, (result.case_name, result.least_cut_kt), (result.case.name, here.facts.least))
    gaps.equal(QUESTION, result.discount_rate, result.case.industry.discount_rate)
    deal = _deal_of(gaps, here, result.coalition, result.idle_on, result.discount_rate)
    if deal is None:
        return gathered(gaps, "over time", _TOLD)
    _threats(gaps, result)
    tables: list[IncentiveTable] = []
    for item, meant, idled, free in _tables(result):
        tables.append(item)
        gaps.equal(QUESTION, (item.period_months, item.discount_rate), (1.0, result.discount_rate))
        _stakes(gaps, deal, item.deal, meant=meant, idled=idled, free=free)
    lags = [item.lag_months for item in result.delays]
    gaps.equal(QUESTION, (bool(lags), lags), (True, sorted(lags)))
    moved = 1.0 - deal.cheats / deal.price
    gaps.same(PRICES, result.cheat_moves_price_share, float(moved.max()))
    found = _groups(gaps, here, result.coalition, result.named, set())
    whole = found.mask.size == every_mask(here.facts.seat.size).size
    _counted(gaps, here, found, _costs(here, found)[0], (result.willing, result.feasible), whole=whole)
    own = gathered(gaps, "over time", _TOLD)
    return Certificate(checks=(*own.checks, *_parts(tables, again=parts)))


def _threats(gaps: Gaps, result: OverTime) -> None:
    """Check which threats and delays are asked, and that each table is asked of its own."""
    kinds = [(type(item.strategy).__name__, item.meant) for item in result.threats]
    process, noisy = result.case.industry.process, result.discount_rate > 0.0
    wanted = [("Grim", False), ("Grim", True), ("StickAndCarrot", False)]
    wanted += [("GreenPorter", False)] if process is not None and noisy else []
    gaps.equal(QUESTION, kinds, wanted)
    for item in result.threats:
        if is_noisy(item.strategy):
            noise = math.nan if process is None else process.volatility / math.sqrt(12.0)
            gaps.same(PRICES, item.strategy.noise, noise)
        for one in (item.signing, item.running):
            gaps.equal(QUESTION, repr((one.strategy, one.lag_months)), repr((item.strategy, 1.0)))
    for delay in result.delays:
        for one in (delay.signing, delay.running, delay.running_free):
            gaps.equal(QUESTION, (type(one.strategy).__name__, one.lag_months), ("Grim", delay.lag_months))


def _tables(result: OverTime) -> Iterator[tuple[IncentiveTable, bool, bool, bool]]:
    """Yield each table, whether its end is that of those who restart where it pays, who idled, and at no cost."""
    for item in result.threats:
        yield item.signing, item.meant, False, False
        yield item.running, item.meant, True, False
    for delay in result.delays:
        yield delay.signing, False, False, False
        yield delay.running, False, True, False
        yield delay.running_free, False, True, True


def _deal_of(
    gaps: Gaps, here: OnBaseline, coalition: tuple[str, ...], idle_on: tuple[str, ...], rate: float
) -> _Deal | None:
    """Return a coalition's deal, and check who goes on idling when it ends; none where there is no such deal."""
    facts = here.facts
    mask = facts.mask_in_order(coalition)
    fine = mask > 0 and bool(reaching(facts, here.base, np.array([mask]))[0]) and rate >= 0.0
    going = facts.mask_in_order(idle_on) if idle_on else 0
    fine = fine and going >= 0 and going & ~mask == 0
    gaps.equal(QUESTION, fine, True)
    if not fine:
        return None
    found = table(facts, here.lines, here.base, {mask}, respread=False)
    seats = [k for k in range(facts.seat.size) if mask >> k & 1]
    plan, bits = found.cut[0], np.int64(1) << np.array(seats, dtype=np.int64)
    stop, restart = (np.zeros(len(seats)) for _ in range(2))
    for row, k in enumerate(seats):
        i = int(facts.seat[k])
        before = float(here.base.cut[i])
        done = by_plant(facts, i, before + plan[k]) - by_plant(facts, i, before)
        stop[row] = done @ facts.terms.stop_cost[0] * 1e-3
        restart[row] = max(0.0, float(done @ facts.terms.restart_cost[0]) * 1e-3)
    alone = np.concatenate([np.int64(going) | bits, np.int64(going) & ~bits, np.int64(mask) & ~bits])
    asked = np.where((alone[:, None] >> np.arange(facts.seat.size)) & 1 == 1, plan, 0.0)
    ends = table(facts, here.lines, here.base, alone, asked=asked)
    count, rows = len(seats), np.arange(len(seats))
    on, left = ends.gain[rows, seats] + stop / facts.annuity, ends.gain[count + rows, seats]
    prefers = on - left + rate * restart
    goes = (np.int64(going) & bits) != 0
    gaps.most(GOES_ON, np.where(goes, -prefers, prefers), 0.0, facts.scale_m)
    return _Deal(
        here=here,
        seats=seats,
        gain=found.gain[0, seats],
        outside=found.leave[0, seats, Belief.KEEP.place],
        stop=stop,
        restart=restart,
        price=facts.price + float(found.rise[0]),
        cheats=facts.price + ends.rise[2 * count :],
        on=on - left,
        left=left,
    )


def _stakes(gaps: Gaps, deal: _Deal, said: DealPayoffs, *, meant: bool, idled: bool, free: bool = False) -> None:
    """Check the stakes of a table."""
    facts = deal.here.facts
    end = deal.left if meant else np.zeros_like(deal.left)
    keeps = deal.gain + deal.stop / facts.annuity if idled else deal.gain
    pays = deal.restart if idled and not free else np.zeros_like(deal.restart)
    gaps.equal(QUESTION, said.owners, tuple(facts.seats[k] for k in deal.seats))
    for values, found in (
        (said.coordinate_m, keeps),
        (said.defect_m, deal.outside),
        (said.punish_m, end),
        (said.restart_cost_m, pays),
        (said.punisher_cost_m, deal.restart),
        (said.idle_on_m, deal.on + end),
        (said.stick_m, end),
        (said.stick_defect_m, end),
    ):
        gaps.same(STAKES, values, found, facts.scale_m)
    gaps.same(PRICES, said.price_per_t, deal.price, deal.price)
    gaps.same(PRICES, said.cheat_price_per_t, deal.cheats, deal.price)


def _groups(
    gaps: Gaps, here: OnBaseline, coalition: tuple[str, ...], named: bool, listed: set[tuple[str, ...]]
) -> Table:
    """Return groups evaluated: all of few owners, else those listed and some drawn.

    Of the group that is looked at, unless it was named, the worst placed gains most.
    """
    facts = here.facts
    mask, few = facts.mask_in_order(coalition), facts.seat.size <= _ALL
    wanted = {mask, *(facts.mask_in_order(names) for names in listed)} - {-1}
    masks = chosen_masks(facts, wanted, _OTHERS, everyone=few)
    parts = [
        table(facts, here.lines, here.base, masks[start : start + _ROWS], respread=False, leaving=bool(listed))
        for start in range(0, masks.size, _ROWS)
    ]
    found = Table(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in Table.__slots__})
    if not named:
        worst = np.where(found.inside, found.gain, np.inf).min(axis=1)
        worst = np.where(found.reached & idling(facts, found), worst, -np.inf)
        gaps.most(BOUND, worst, worst[found.row(mask)], facts.scale_m)
    return found


def _costs(here: OnBaseline, found: Table) -> tuple[Floats, Floats]:
    """Return what each member of each group pays once to idle, and to restart, million, [C, n]."""
    facts = here.facts
    stop, restart = (np.zeros(found.cut.shape) for _ in range(2))
    for k, i in enumerate(facts.seat.tolist()):
        before = float(here.base.cut[i])
        plans = by_plant_at(facts, i, before + found.cut[:, k]) - by_plant(facts, i, before)
        stop[:, k] = plans @ facts.terms.stop_cost[0] * 1e-3
        restart[:, k] = plans @ facts.terms.restart_cost[0] * 1e-3
    return np.where(found.inside, stop, 0.0), np.where(found.inside, restart, 0.0)


def _counted(gaps: Gaps, here: OnBaseline, found: Table, stop: Floats, said: tuple[int, int], *, whole: bool) -> None:
    """Check in how many groups nobody loses, at least of those evaluated, and how many reach the tonnage."""
    willing, feasible = said
    masks = every_mask(here.facts.seat.size)
    gaps.equal(COUNT, feasible, int(reaching(here.facts, here.base, masks).sum()))
    least, most = counted(here, found, stop)
    gaps.equal(COUNT, bool(least <= willing <= (most if whole else feasible)), True)


def _parts(tables: list[IncentiveTable], *, again: bool) -> tuple[Check, ...]:
    """Return the checks of the tables, the worst of each; those of every table in full, anew or as they stand."""
    certificates = [verify_incentives(item) if again else item.certificate for item in tables]
    return rows_of(tuple(_Held(item) for item in certificates))


@dataclass(frozen=True, slots=True)
class _Held:
    certificate: Certificate
