"""An independent check of a meeting: prices, gains and slack again, by other means.

Nothing here is shared with the sweep. A market is cleared by bisection on the net fall of output with every idle line
asked anew whether it would restart; a gain is added up plant by plant. Checked are the coalitions that decide a margin,
64 others drawn by seed, and whether any owner would rather change its cut in the baseline without a deal.
"""

from __future__ import annotations

__all__ = ["MeetingCertificate", "certify", "clear", "idled_at", "idled_by_plant", "payoff", "restarted"]

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, cast

import numpy as np
from numpy.typing import NDArray

from potline.agreement.stakes import Stakes
from potline.numerics.joint_cut import Alone, Deals

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

TOLERANCE = 1e-9
REGRET_TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingCertificate:
    """Largest discrepancies between the sweep and a recomputation that shares no code with it.

    Attributes:
        price: of the price in a deal, relative. gain: of a member's gain in a deal or outside it, per tonne it runs and
            year, relative to the price.
        bound: most by which the recomputed test of one of them exceeds what no coalition is said to exceed, relative to
            the price and the running capacity of all at the table; 0 where none does.
        regret: largest gain of an owner from another cut in the baseline without a deal, relative to its revenue.
        coalitions: how many were recomputed.
    """

    price: float
    gain: float
    bound: float
    regret: float
    coalitions: int
    tolerance: float = TOLERANCE
    regret_tolerance: float = REGRET_TOLERANCE

    @property
    def holds(self) -> bool:
        """Whether all four are within their tolerances."""
        return max(self.price, self.gain, self.bound) <= self.tolerance and self.regret <= self.regret_tolerance


def certify(
    stakes: Stakes,
    attendees: NDArray[np.int64],
    least_cut_kt: float,
    found: Iterable[tuple[str, Alone | None, Deals]],
    *,
    baseline: Alone,
    stated_cut_kt: Floats,
    seed: int = 7,
    others: int = 64,
) -> MeetingCertificate:
    """Recompute the deciding coalitions of each table of one draw, 64 others, and the regret of the baseline.

    Args:
        stakes: one draw. attendees, least_cut_kt, stated_cut_kt: as in the question.
        found: (rule, baseline or None, table) for each table. baseline: cuts nobody would change alone.
        seed, others: which and how many other coalitions.
    """
    price = float(stakes.market.price_per_t[0])
    worst_price = worst_gain = worst_bound = 0.0
    count = 0
    rng = np.random.default_rng(seed)
    tables = list(found)
    for number, (rule, base, table) in enumerate(tables):
        feasible = np.flatnonzero(~np.isnan(table.cut_kt[0]))
        if feasible.size == 0:
            continue
        chosen = set(table.best_mask[table.best_mask >= 0].tolist())
        size = others // len(tables) + (number < others % len(tables))
        chosen |= set(table.mask[rng.choice(feasible, size=min(size, feasible.size), replace=False)].tolist())
        masks = np.array(sorted(chosen), dtype=np.int64)
        count += masks.size
        gaps = _check(stakes, attendees, least_cut_kt, stated_cut_kt, rule, base, table, masks)
        worst_price, worst_gain = max(worst_price, gaps[0] / price), max(worst_gain, gaps[1] / price)
        worst_bound = max(worst_bound, gaps[2] / price)
    return MeetingCertificate(
        price=float(worst_price),
        gain=float(worst_gain),
        bound=float(worst_bound),
        regret=regret_of(stakes, baseline.cut_kt[0]),
        coalitions=count,
    )


def clear(
    stakes: Stakes, withdrawn: Floats, free: Flags, bought: Floats | None = None
) -> tuple[Floats, Floats, Floats]:
    """Clear N markets by bisection: net fall of output, price rise and fall of the shared input's price, [N].

    Args:
        stakes: one draw. withdrawn: kt withdrawn, [N]. free: plants whose idle capacity may restart, [N, J].
        bought: metal taken off the market, kt [N]: supply falls by it, output and the use of the input do not.
    """
    market, plants = stakes.market, stakes.plants
    some = plants.idle_kt[0] > 0.0
    idle = np.where(free, plants.idle_kt[0], 0.0)[:, some]
    need = np.maximum(plants.restart_price_per_t[0] - market.price_per_t[0], 0.0)[some]
    use = plants.relief_use[0, some]
    stock = np.zeros_like(withdrawn) if bought is None else bought
    withdrawn = withdrawn + stock

    def met(fall: Floats, relief: Floats) -> Flags:
        restarts = _rise(stakes, fall)[:, None] + use * relief[:, None] >= need
        return fall + np.where(restarts, idle, 0.0).sum(axis=1) >= withdrawn

    low, high = np.zeros_like(withdrawn), withdrawn.copy()
    at_once = met(low, _relief(stakes, low - stock, "left"))
    for _ in range(64):
        middle = 0.5 * (low + high)
        enough = met(middle, _relief(stakes, middle - stock, "left"))
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
        if not (high - low > 1e-15 * withdrawn).any():
            break
    fall = np.where(at_once, 0.0, high)
    steps = market.relief_output_fall_kt[0]
    for step in np.unique(steps[1:][np.diff(steps) == 0.0]):
        fall = np.where(np.abs(fall - stock - step) <= 1e-10 * max(step, 1.0), step + stock, fall)
    output = np.where(stock > 0.0, np.round(fall - stock, 9), fall)
    less, more = _relief(stakes, output, "left"), _relief(stakes, output, "right")
    on_step = (more > less) & ~met(fall, less)
    low, high = less.copy(), np.where(on_step, more, less)
    for _ in range(64 if on_step.any() else 0):
        middle = 0.5 * (low + high)
        enough = met(fall, middle)
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return fall, _rise(stakes, fall), np.where(on_step, high, less)


def idled_by_plant(stakes: Stakes, owner: int, wanted_kt: float) -> Floats:
    """Return what an owner idles of each plant, dearest first and by whole potlines, kt/year [J]."""
    return idled_at(stakes, owner, np.array([wanted_kt]))[0]


def idled_at(stakes: Stakes, owner: int, wanted_kt: Floats) -> Floats:
    """Return the same for several tonnages, kt/year [N, J]."""
    plants = stakes.plants
    result = np.zeros((wanted_kt.size, plants.owner.size))
    left = np.array(wanted_kt, dtype=np.float64)
    for j in np.argsort(-plants.stop_price_per_t[0], kind="stable").tolist():
        if plants.owner[j] != owner:
            continue
        running, unit = plants.running_kt[0, j], plants.potline_kt[j]
        part = left if unit <= 0.0 else np.ceil(left / unit - 1e-9) * unit
        part = np.where(part >= running * (1.0 - 1e-9), running, part)
        result[:, j] = np.where(left > 1e-9 * wanted_kt, part, 0.0)
        left = left - result[:, j]
    return result


def payoff(stakes: Stakes, owner: int, idled: Floats, rise: Floats, relief: Floats) -> Floats:
    """Return an owner's payoff over the term, thousand, at market effects [N]; ``idled`` by plant, [J]."""
    plants = stakes.plants
    mine = plants.owner == owner
    whole = mine & (idled >= plants.running_kt[0]) & (plants.running_kt[0] > 0.0)
    loss = cast("Floats", np.where(whole, plants.loss_whole_per_t[0], plants.loss_part_per_t[0]))
    runs = np.where(mine, plants.running_kt[0] - idled, 0.0)
    margin = runs.sum() * rise + (runs @ plants.relief_use[0]) * relief
    return stakes.market.annuity[0] * margin - float(idled[mine] @ loss[mine])


def regret_of(stakes: Stakes, cut_kt: Floats) -> float:
    """Return the largest gain of an owner from another cut, relative to its revenue over the term."""
    plants, market = stakes.plants, stakes.market
    worst = 0.0
    total = float(cut_kt.sum())
    for owner in range(cut_kt.size):
        running = float(plants.running_kt[0, plants.owner == owner].sum())
        if running <= 0.0:
            continue
        others = total - float(cut_kt[owner])
        full = idled_by_plant(stakes, owner, running)
        mine = full[np.argsort(-plants.stop_price_per_t[0], kind="stable")]
        ends = np.cumsum(mine[mine > 0.0])
        near = _kinks(stakes, others, running)
        other = np.concatenate([[0.0], ends, ends * (1.0 - 1e-7), near, np.linspace(0.0, running, 33)])
        tried = np.append(other, cut_kt[owner])
        idled = [idled_by_plant(stakes, owner, float(x)) for x in tried]
        withdrawn = others + np.array([plan.sum() for plan in idled])
        _, rise, relief = clear(stakes, withdrawn, np.ones((tried.size, plants.owner.size), dtype=np.bool_))
        values = np.array([float(payoff(stakes, owner, plan, rise[k], relief[k])) for k, plan in enumerate(idled)])
        scale = market.annuity[0] * market.price_per_t[0] * running
        worst = max(worst, float(values.max() - values[-1]) / scale)
    return worst


def _check(
    stakes: Stakes,
    attendees: NDArray[np.int64],
    least_cut_kt: float,
    stated_cut_kt: Floats,
    rule: str,
    base: Alone | None,
    table: Deals,
    masks: NDArray[np.int64],
) -> tuple[float, float, float]:
    plants = stakes.plants
    annuity = float(stakes.market.annuity[0])
    owners = int(plants.owner.max()) + 1
    before = np.zeros(owners) if base is None else base.cut_kt[0]
    total = float(before.sum())
    everybody = np.ones((1, plants.owner.size), dtype=np.bool_)
    _, rise0, relief0 = clear(stakes, np.array([total]), everybody)
    kept = restarted(stakes, total)
    capacity = np.array([plants.running_kt[0, plants.owner == i].sum() for i in range(owners)]) - before
    withdrawn: list[float] = []
    free: list[Flags] = []
    where: list[tuple[int, int]] = []
    plans: dict[tuple[int, int], Floats] = {}
    for mask in masks.tolist():
        seats = [k for k in range(attendees.size) if mask >> k & 1]
        members = attendees[seats]
        if rule == "pro_rata":
            wanted = least_cut_kt * capacity[members] / capacity[members].sum()
        elif rule == "stated":
            wanted = np.minimum(stated_cut_kt[seats], capacity[members])
        else:
            wanted = table.member_cut_kt[0, table.row(mask), seats]
        for k, i, extra in zip(seats, members.tolist(), wanted.tolist(), strict=True):
            plans[mask, k] = idled_by_plant(stakes, i, float(before[i]) + extra)
        added = {i: float(plans[mask, k].sum() - before[i]) for k, i in zip(seats, members.tolist(), strict=True)}
        for gone in (-1, *seats):
            stays = [i for k, i in zip(seats, members.tolist(), strict=True) if k != gone]
            inside = np.isin(plants.owner, stays)
            withdrawn.append(total + sum(added[i] for i in stays) - float(kept[inside].sum()))
            free.append(~inside)
            where.append((mask, gone))
    _, rise, relief = clear(stakes, np.array(withdrawn), np.stack(free))
    row = {key: number for number, key in enumerate(where)}
    gap_price = gap_gain = 0.0
    tests: dict[int, list[list[float]]] = {}
    for (mask, k), plan in plans.items():
        i = int(attendees[k])
        start = payoff(stakes, i, idled_by_plant(stakes, i, float(before[i])), rise0, relief0)[0]
        here, out = row[mask, -1], row[mask, k]
        gain = payoff(stakes, i, plan, rise[here : here + 1], relief[here : here + 1])[0] - start
        quiet = idled_by_plant(stakes, i, float(before[i]))
        left = payoff(stakes, i, quiet, rise[out : out + 1], relief[out : out + 1])[0] - start
        unit = annuity * (float(plants.running_kt[0, plants.owner == i].sum()) or 1.0)
        at, again = table.row(mask), table.row(mask ^ (1 << k))
        gap_price = max(gap_price, abs(float(table.price_rise_per_t[0, at] - rise[here])))
        gap_gain = max(gap_gain, abs(float(table.gain_m[0, at, k]) * 1e3 - gain) / unit)
        gap_gain = max(gap_gain, abs(float(table.outside_gain_m[0, at, k, 0]) * 1e3 - left) / unit)
        again_gain = float(table.outside_gain_m[0, at, k, 1]) * 1e3
        if again >= 0:
            again_gain = 0.0
            if table.reached(again):
                effects = float(table.price_rise_per_t[0, again]), float(table.relief_per_t[0, again])
                again_gain = float(payoff(stakes, i, quiet, np.array(effects[:1]), np.array(effects[1:]))[0] - start)
            gap_gain = max(gap_gain, abs(float(table.outside_gain_m[0, at, k, 1]) * 1e3 - again_gain) / unit)
        tests.setdefault(mask, []).append([gain - max(0.0, value) for value in (left, again_gain, 0.0)])
    everyone = annuity * float(plants.running_kt[0, np.isin(plants.owner, attendees)].sum())
    return gap_price, gap_gain, _excess(tests, table, annuity) / everyone


def _excess(tests: dict[int, list[list[float]]], table: Deals, annuity: float) -> float:
    """Return by how much the recomputed voluntary and transfers scores exceed their bounds, thousand over the term."""
    worst = 0.0
    for members in tests.values():
        value = np.array(members)
        scores = np.stack([value.min(axis=0), value.sum(axis=0)], axis=1)
        worst = max(worst, float((scores - table.upper_m[0, :, :2] * 1e3 * annuity).max()))
    return worst


def restarted(stakes: Stakes, withdrawn: float) -> Floats:
    """Return what each plant restarts when all may, kt/year [J]: those that need least first."""
    plants = stakes.plants
    fall, rise, relief = clear(stakes, np.array([withdrawn]), np.ones((1, plants.owner.size), dtype=np.bool_))
    price = float(stakes.market.price_per_t[0])
    need = np.maximum(plants.restart_price_per_t[0] - price, 0.0)
    lead = rise[0] + plants.relief_use[0] * relief[0] - need
    close = 1e-7 * price
    certain = np.where(lead > close, plants.idle_kt[0], 0.0)
    marginal = np.where(np.abs(lead) <= close, plants.idle_kt[0], 0.0)
    left = withdrawn - float(fall[0]) - certain.sum()
    share = min(max(left / marginal.sum(), 0.0), 1.0) if marginal.sum() > 0.0 else 0.0
    return certain + share * marginal


def _kinks(stakes: Stakes, others: float, room: float) -> Floats:
    """Return cuts near which the price's answer changes: where the ceiling, a step or a restart is reached."""
    market = stakes.market
    points = list(market.relief_output_fall_kt[0])
    p0, q0, elasticity = (float(x[0]) for x in (market.price_per_t, market.quantity_kt, market.elasticity))
    top = float(market.ceiling_per_t[0])
    if np.isfinite(top):
        share = 1.0 - (top / p0) ** -elasticity if market.isoelastic else (top / p0 - 1.0) * elasticity
        points.append(q0 * share)
    near = np.array(points)[:, None] - others + np.array([-1e-6, 0.0, 1e-6])
    return near[(near > 0.0) & (near < room)]


def _rise(stakes: Stakes, fall: Floats) -> Floats:
    market = stakes.market
    p0, q0, elasticity = market.price_per_t[0], market.quantity_kt[0], market.elasticity[0]
    if market.isoelastic:
        price = p0 * np.maximum((q0 - fall) / q0, 1e-9) ** (-1.0 / elasticity)
    else:
        price = p0 + p0 / (elasticity * q0) * np.minimum(fall, q0)
    return np.minimum(price, max(market.ceiling_per_t[0], p0)) - p0


def _relief(stakes: Stakes, fall: Floats, side: Literal["left", "right"]) -> Floats:
    fall = np.maximum(fall, 0.0)
    x, y = stakes.market.relief_output_fall_kt[0], stakes.market.relief_per_t[0]
    if x.size == 0:
        return np.zeros_like(fall)
    k = (
        np.searchsorted(x, fall * (1.0 - 1e-12), side="left")
        if side == "left"
        else np.searchsorted(x, fall, side="right")
    )
    low, high = np.maximum(k - 1, 0), np.minimum(k, x.size - 1)
    width = x[high] - x[low]
    part = np.where(width > 0.0, (fall - x[low]) / np.where(width > 0.0, width, 1.0), 1.0)
    return y[low] + np.minimum(np.maximum(part, 0.0), 1.0) * (y[high] - y[low])
