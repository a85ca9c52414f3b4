"""All coalitions of an industry: price, every member's profit, verdict and certificate, beside Clarabel in a loop."""

from __future__ import annotations

import pathlib
import statistics
import subprocess
import sys
import time

import numpy as np
from numpy.typing import NDArray

ROOT = pathlib.Path(__file__).resolve().parents[1]
OWNERS = 16
PLANTS = 80
SAMPLE = 96
SECONDS_BAR = 1.0
RATIO_BAR = 50.0
MEMORY_BAR_MB = 300.0
VIOLATION_BAR = 1e-9

MEASURED_RUN = """
import resource
from benchmarks.coalitions import drawn_market
from potline.textbook.cartels import market_stability
found = market_stability(drawn_market())
assert found.certificate.holds and found.size.size == 2**16
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def drawn_market():
    """Draw 16 owners and 80 plants: costs 9,000 to 16,000 money/t, 50 to 600 kt/year, nobody alike."""
    from potline.numerics.coalitions.table import coalition_market

    rng = np.random.default_rng(20130401)
    owner = np.concatenate([np.arange(OWNERS), rng.integers(0, OWNERS, PLANTS - OWNERS)])
    cost, capacity = rng.uniform(9_000.0, 16_000.0, PLANTS), rng.uniform(50.0, 600.0, PLANTS)
    return coalition_market(cost, capacity, owner, owners=OWNERS, intercept=60_000.0, slope=2.16)


def bars() -> list[dict[str, object]]:
    """Check the answers against Clarabel, then time both; measure the peak memory of a process of its own."""
    from potline.textbook.cartels import market_stability

    market = drawn_market()
    found = market_stability(market)
    count = 2**OWNERS
    assert found.size.size == count
    rows = np.random.default_rng(1).choice(count, SAMPLE, replace=False)
    _, prices = clarabel_loop(market, found.coalitions[rows], accuracy=1e-12)
    assert np.allclose(prices, found.price_per_t[rows], rtol=1e-7), "prices differ from the quadratic program"

    times = []
    for _ in range(5):
        start = time.perf_counter()
        market_stability(market)
        times.append(time.perf_counter() - start)
    loops = [clarabel_loop(market, found.coalitions[rows])[0] for _ in range(3)]
    seconds, loop_seconds = statistics.median(times), statistics.median(loops) / SAMPLE * count
    done = subprocess.run([sys.executable, "-c", MEASURED_RUN], capture_output=True, text=True, check=True, timeout=300)
    peak_mb = float(done.stdout) / 1024.0
    certificate, ratio = found.certificate, loop_seconds / seconds
    loop = f"Clarabel loop, {SAMPLE} coalitions scaled to {count}"
    name = "2^16 coalitions, 16 owners, 80 plants"
    near = f"{VIOLATION_BAR:g} or less"
    worst = max(certificate.checks, key=lambda row: row.value)
    return [
        bar(
            f"{name}, certified", seconds, "s", f"{SECONDS_BAR:g} s or less", seconds <= SECONDS_BAR, loop, loop_seconds
        ),
        bar(f"{name}, ratio to Clarabel", ratio, "times", f"{RATIO_BAR:g} or more", ratio >= RATIO_BAR),
        bar(f"{name}, peak of a process", peak_mb, "MB", f"under {MEMORY_BAR_MB:g} MB", peak_mb < MEMORY_BAR_MB),
        bar(f"{name}, worst of its checks ({worst.name})", worst.value, "relative", near, worst.value <= VIOLATION_BAR),
    ]


def clarabel_loop(market, coalitions: NDArray[np.bool_], accuracy: float | None = None):
    """Solve the potential QP of each coalition; return seconds (building the arrays not counted) and prices.

    ``min b/2 (sum q)^2 + b/2 sum_g q_g^2 + sum (c_j - a) q_j``, with total and units' outputs as variables so that
    the matrix stays sparse (six times faster for Clarabel than the dense form), in 1,000 kt and 10,000 money/t.
    """
    import clarabel
    from scipy import sparse

    settings = clarabel.DefaultSettings()
    settings.verbose = False
    if accuracy is not None:
        settings.tol_gap_abs = settings.tol_gap_rel = settings.tol_feas = accuracy
    intercept, slope = market.rules[0], market.rules[1]
    cost, capacity = market.plants[:, 0], market.plants[:, 1] / 1e3
    size = cost.size
    eye = sparse.identity(size)
    seconds, prices = 0.0, np.empty(coalitions.shape[0])
    for row, members in enumerate(coalitions):
        units = np.where(members, int(np.argmax(members)), np.arange(members.size))[market.owner]
        names, group = np.unique(units, return_inverse=True)
        extra = names.size + 1
        weight = np.concatenate([np.zeros(size), np.full(extra, slope / 10.0)])
        linear = np.concatenate([(cost - intercept) / 1e4, np.zeros(extra)])
        adds = sparse.coo_matrix((np.ones(size), (group, np.arange(size))), shape=(names.size, size))
        sums = sparse.vstack([adds, sparse.csr_matrix(np.ones((1, size)))])
        box = sparse.hstack([sparse.vstack([eye, -eye]), sparse.csr_matrix((2 * size, extra))])
        matrix = sparse.vstack([sparse.hstack([sums, -sparse.identity(extra)]), box], format="csc")
        limit = np.concatenate([np.zeros(extra), capacity, np.zeros(size)])
        cones = [clarabel.ZeroConeT(extra), clarabel.NonnegativeConeT(2 * size)]
        objective = sparse.diags(weight, format="csc")
        start = time.perf_counter()
        answer = clarabel.DefaultSolver(objective, linear, matrix, limit, cones, settings).solve()
        seconds += time.perf_counter() - start
        prices[row] = intercept - slope * 1e3 * np.sum(np.asarray(answer.x)[:size])
    return seconds, prices


def bar(
    name: str,
    figure: float,
    unit: str,
    text: str,
    holds: bool,
    peer: str | None = None,
    peer_figure: float | None = None,
) -> dict[str, object]:
    """Return one bar of the spine."""
    return {
        "name": name,
        "group": "spine",
        "figure": figure,
        "unit": unit,
        "peer": peer,
        "peer_figure": peer_figure,
        "ratio": peer_figure / figure if peer_figure is not None else None,
        "bar": text,
        "holds": bool(holds),
    }


if __name__ == "__main__":
    for result in bars():
        print(result)
