"""Stopping and restart prices of 1,000 different plants, beside a plain NumPy batch of policy iterations.

Every plant has its own costs, volatility and discount rate. The peer puts each plant's price on its own grid of 401
log prices and solves the gain from running over idling between its two bounds, all plants at once: one tridiagonal
sweep for each policy, thresholds read off the grid as vertices of parabolas. The reference of both is a chain of
12,001 nodes solved by policy iteration, for plants drawn by seed; the certificate of every plant is checked as well.
"""

from __future__ import annotations

import statistics
import time

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
PLANTS = 1000
SAMPLE = 6
NODES = 401
SECONDS_BAR = 0.1
ERROR_BAR = 1e-5


def drawn_plants() -> dict[str, Floats]:
    """Draw 1,000 plants, nobody alike: money/t, and shares a year."""
    rng = np.random.default_rng(20130401)
    ranges = {
        "running_cost": (9_000.0, 16_000.0),
        "holding_cost": (200.0, 900.0),
        "stop_cost": (50.0, 600.0),
        "restart_cost": (200.0, 2_500.0),
        "sigma": (0.12, 0.30),
        "discount_rate": (0.06, 0.14),
    }
    return {name: rng.uniform(*ends, PLANTS) for name, ends in ranges.items()}


def numpy_batch(
    running_cost: Floats, holding_cost: Floats, stop_cost: Floats, restart_cost: Floats, sigma: Floats,
    discount_rate: Floats, nodes: int = NODES,
) -> tuple[Floats, Floats, int]:  # fmt: skip
    """Return stopping and restart prices by policy iteration on (nodes, plants) arrays, and the policies tried."""
    width = 2.6
    offset = np.linspace(-width, width, nodes)[:, None]
    step = offset[1, 0] - offset[0, 0]
    centre = np.log(running_cost - holding_cost)
    margin = np.exp(centre + offset) - (running_cost - holding_cost)
    up = 0.5 * sigma**2 / step**2 - 0.25 * sigma**2 / step
    down = 0.5 * sigma**2 / step**2 + 0.25 * sigma**2 / step
    middle = discount_rate + up + down
    gain = np.clip(margin / discount_rate, -stop_cost, restart_cost)
    state = np.where(gain <= -stop_cost, -1, np.where(gain >= restart_cost, 1, 0))
    state[0], state[-1] = -1, 1
    carry, right = np.empty_like(margin), np.empty_like(margin)
    turn = 0
    while turn < 2000:
        turn += 1
        fixed = np.where(state < 0, -stop_cost, restart_cost)
        free = state == 0
        carry[0], right[0] = 0.0, fixed[0]
        for i in range(1, nodes):
            pivot = middle - down * carry[i - 1]
            carry[i] = np.where(free[i], up / pivot, 0.0)
            right[i] = np.where(free[i], (margin[i] + down * right[i - 1]) / pivot, fixed[i])
        gain[-1] = right[-1]
        for i in range(nodes - 2, -1, -1):
            gain[i] = right[i] + carry[i] * gain[i + 1]
        wait = np.zeros_like(gain)
        wait[1:-1] = margin[1:-1] + up * gain[2:] + down * gain[:-2] - middle * gain[1:-1]
        slack = 1e-9 * running_cost
        new = state.copy()
        new[free & (gain < -stop_cost - slack)] = -1
        new[free & (gain > restart_cost + slack)] = 1
        new[(state == -1) & (wait > slack)] = 0
        new[(state == 1) & (wait < -slack)] = 0
        new[0], new[-1] = -1, 1
        if np.array_equal(new, state):
            break
        state = new
    plant = np.arange(margin.shape[1])
    low = np.argmax(state > -1, axis=0) - 1
    high = nodes - np.argmax(state[::-1] < 1, axis=0)
    stop = _vertex(gain[low + 1, plant] + stop_cost, gain[low + 2, plant] + stop_cost)
    start = _vertex(restart_cost - gain[high - 1, plant], restart_cost - gain[high - 2, plant])
    return (
        np.exp(centre + offset[low, 0] + step * stop),
        np.exp(centre + offset[high, 0] - step * start),
        turn,
    )


def _vertex(first: Floats, second: Floats) -> Floats:
    return 0.5 * (second - 4.0 * first) / (second - 2.0 * first)


def fine_grid(plant: dict[str, float]) -> tuple[float, float]:
    """Return stopping and restart price of one plant on a chain of 12,001 nodes."""
    from potline.numerics.switching.chains import chain_thresholds, price_chain, switch_on_chain

    chain = price_chain(plant["running_cost"] / 6.0, plant["running_cost"] * 6.0, 12_001, sigma=plant["sigma"])
    price = np.exp(chain.log_price)
    costs = [[0.0, plant["stop_cost"]], [plant["restart_cost"], 0.0]]
    flows = [price - plant["running_cost"], 0.0 * price - plant["holding_cost"]]
    found = chain_thresholds(chain, switch_on_chain(chain, flows, costs, plant["discount_rate"]), costs)
    return float(found[0, 1]), float(found[1, 0])


def bars() -> list[dict[str, object]]:
    """Check thresholds against the fine grid and the certificate, then time kernel and peer."""
    from potline.numerics.switching.options import SOLVED, solve_thresholds
    from potline.shutdown import verify_switching

    plants = drawn_plants()
    options = solve_thresholds(**plants)
    assert np.all(options.status == SOLVED)
    nothing = np.zeros(PLANTS)
    certificate = verify_switching(
        **plants,
        exit_cost=nothing + np.inf,
        drift=nothing,
        kappa=nothing,
        theta=nothing,
        thresholds=np.stack([options.p_stop, options.p_restart, options.p_exit], axis=1),
    )
    assert certificate.holds
    rows = np.random.default_rng(7).choice(PLANTS, SAMPLE, replace=False)
    worst = 0.0
    for row in rows:
        stop, restart = fine_grid({name: float(values[row]) for name, values in plants.items()})
        worst = max(worst, abs(stop / options.p_stop[row] - 1.0), abs(restart / options.p_restart[row] - 1.0))
    assert worst < ERROR_BAR, f"the fine grid differs by {worst:.1e}"
    stop, restart, _ = numpy_batch(**plants)
    peer_error = float(max(np.abs(stop / options.p_stop - 1.0).max(), np.abs(restart / options.p_restart - 1.0).max()))
    assert peer_error < 5e-3

    ours, theirs = _times(lambda: solve_thresholds(**plants), 9), _times(lambda: numpy_batch(**plants), 3)
    figure, peer = statistics.median(ours), statistics.median(theirs)
    return [
        {
            "name": "stopping and restart prices of 1,000 plants",
            "group": "spine",
            "figure": figure,
            "unit": "s",
            "peer": f"NumPy policy iteration, {NODES} nodes (within {peer_error:.0e} of ours)",
            "peer_figure": peer,
            "ratio": peer / figure,
            "bar": f"at most {SECONDS_BAR} s; within {worst:.0e} of a grid of 12,001 nodes; "
            f"certificate {certificate.worst_per_t:.0e} money/t",
            "holds": figure <= SECONDS_BAR,
        }
    ]


def _times(run, count: int) -> list[float]:
    times = []
    for _ in range(count):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return times
