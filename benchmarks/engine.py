"""The market engine: spatial equilibrium of 50 x 50 places over 60 months, beside PIQP and beside linopy with HiGHS.

Places of origin sell along rising lines, places of destination buy along falling ones, every pair is joined by a route
of its own freight. Once the months stand alone, once goods can be stored at destinations from month to month (demand is
seasonal, so stocks are used). Three clocks: arrays to answer beside PIQP's setup and solve (its matrices are written
before the clock starts); a declared network to a certified result, beside linopy building and HiGHS solving the same
program; the peak memory of a process that does the latter.
"""

from __future__ import annotations

import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from potline.equilibrium.concepts import Competitive
from potline.equilibrium.network import compile_network, solve_network
from potline.industry.network import Activity, Amount, LocalDemand, Network, Place, Product, Route, Stock
from potline.numerics.convex.program import ConvexProgram
from potline.numerics.convex.solve import solve_convex

Floats = NDArray[np.float64]

PLACES, MONTHS = 50, 60
STORING = 40.0
PIQP_BAR, LINOPY_BAR, MEMORY_BAR_MB, GAP_BAR = 2.0, 10.0, 300.0, 1e-6
LINOPY = pathlib.Path(__file__).with_name("engine_linopy.py")

# VmHWM belongs to the new process; ru_maxrss of a child starts from the size of the process that started it.
MEASURED_RUN = """
from benchmarks.engine import Market
from potline.equilibrium.network import solve_network
result = solve_network(Market.drawn().network())
assert result.certificate.holds and result.certificate.gap <= 1e-6
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


@dataclass(frozen=True, eq=False)
class Market:
    """Lines and freights: ``ask + rise x`` (months, origins), ``bid - fall q`` (months, destinations), freight."""

    ask: Floats
    rise: Floats
    bid: Floats
    fall: Floats
    freight: Floats

    @classmethod
    def drawn(cls, places: int = PLACES, months: int = MONTHS, seed: int = 1) -> Market:
        """Draw places on a square of 1,000 money/t across, prices of some 10,000, demand with a season."""
        rng = np.random.default_rng(seed)
        origin, destination = rng.uniform(0.0, 1000.0, (2, places, 2))
        distance = np.hypot(*(origin[:, None] - destination[None]).transpose(2, 0, 1))
        season = 1.0 + 0.15 * np.sin(2.0 * np.pi * np.arange(months) / 12.0)[:, None]
        ones = np.ones((months, 1))
        return cls(
            ask=rng.uniform(8_000.0, 12_000.0, places) + 200.0 * rng.normal(size=(months, places)),
            rise=ones * rng.uniform(5.0, 20.0, places),
            bid=season * rng.uniform(20_000.0, 30_000.0, places) + 300.0 * rng.normal(size=(months, places)),
            fall=ones * rng.uniform(20.0, 60.0, places),
            freight=np.broadcast_to(distance + 50.0 * rng.uniform(size=distance.shape), (months, *distance.shape)),
        )

    def network(self, storing: float | None = None) -> Network:
        """Declare it, noun by noun; goods can be stored at destinations at a cost a month."""
        months, origins, destinations = self.freight.shape
        makers, buyers = [f"origin {i}" for i in range(origins)], [f"destination {j}" for j in range(destinations)]
        return Network(
            name="spatial",
            products=(Product(name="metal"),),
            places=tuple(Place(name=name) for name in (*makers, *buyers)),
            periods=months,
            activities=tuple(
                Activity(
                    name=name,
                    place=name,
                    outputs=(Amount(product="metal"),),
                    cost_per_t=tuple(self.ask[:, i].tolist()),
                    cost_slope=float(self.rise[0, i]),
                )
                for i, name in enumerate(makers)
            ),
            demands=tuple(
                LocalDemand(
                    product="metal",
                    place=name,
                    intercept_per_t=tuple(self.bid[:, j].tolist()),
                    slope_per_kt=float(self.fall[0, j]),
                )
                for j, name in enumerate(buyers)
            ),
            routes=tuple(
                Route(product="metal", origin=a, destination=b, freight_per_t=float(self.freight[0, i, j]))
                for i, a in enumerate(makers)
                for j, b in enumerate(buyers)
            ),
            stocks=()
            if storing is None
            else tuple(Stock(product="metal", place=name, cost_per_t=storing) for name in buyers),
        )


def piqp_ready(program: ConvexProgram) -> Callable[[], float]:
    """Return a function that sets PIQP up, solves, and returns the objective; its matrices are ready."""
    import piqp

    money, amount = 1e4, 1e2
    hessian = sparse.csc_matrix(program.quadratic * (amount / money))
    linear, right = program.linear / money, program.right / amount
    matrix, low = sparse.csc_matrix(program.matrix), np.zeros(program.linear.size)

    def run() -> float:
        solver = piqp.SparseSolver()
        solver.settings.eps_abs = solver.settings.eps_rel = 1e-6
        solver.setup(hessian, linear, matrix, right, x_l=low)
        status = solver.solve()
        assert str(status).endswith("PIQP_SOLVED"), status
        return float(solver.result.info.primal_obj) * money * amount

    return run


def linopy_run(market: Market) -> dict[str, float] | str:
    """Return linopy's seconds (building and solving) and objective, or why it was not run."""
    python = os.environ.get("POTLINE_LINOPY_PYTHON", sys.executable)
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "market.npz")
        np.savez(path, **{name: getattr(market, name) for name in ("ask", "rise", "bid", "fall", "freight")})
        for solver in ("hipo",):
            try:
                done = subprocess.run(
                    [python, str(LINOPY), str(path), solver], capture_output=True, text=True, timeout=120, check=False
                )
            except (OSError, subprocess.TimeoutExpired) as problem:
                return f"not run: {type(problem).__name__}"
            if "No module named 'linopy'" in done.stderr:
                return "not run: linopy is not installed (set POTLINE_LINOPY_PYTHON)"
            line = done.stdout.strip().splitlines()[-1] if done.returncode == 0 and done.stdout.strip() else ""
            if line.startswith("{") and '"ok"' in line:
                return json.loads(line)
    return "not run: HiGHS's interior point gave no answer"


def bars() -> list[dict[str, object]]:
    """Assert that all find the same objective, then time them."""
    market = Market.drawn()
    size = f"{PLACES} x {PLACES} places x {MONTHS} months"
    found: list[dict[str, object]] = []
    for storing, words in ((None, "months apart"), (STORING, "months linked by stocks")):
        network = market.network(storing)
        result = solve_network(network)
        assert result.certificate.holds, result.certificate
        assert result.certificate.gap <= GAP_BAR
        program = compile_network(network, Competitive()).program
        peer = piqp_ready(program)
        value = -1000.0 * result.potential_m
        assert abs(peer() - value) <= 1e-6 * abs(value)
        ours, theirs = median_seconds(lambda p=program: solve_convex(p), 9), median_seconds(peer, 5)
        ratio = theirs / ours
        asked = f"{PIQP_BAR:g} times faster or more" if storing is None else "solved; timed beside PIQP"
        asked += f", gap {GAP_BAR:g} or less (found {result.certificate.gap:.0e})"
        found.append(
            bar(f"{size}, {words}", ours, "s", asked, storing is not None or ratio >= PIQP_BAR, "PIQP", theirs)
        )
        if storing is not None:
            assert result.stock_kt.sum() > 0.0
            continue
        whole = median_seconds(lambda n=network: solve_network(n), 9)
        found.append(beside_linopy(f"{size}, declared to certified", whole, value, linopy_run(market)))
        warm = dear(network)
        first = solve_network(warm, start=result)
        assert first.certificate.holds
        again = median_seconds(lambda n=warm, r=result: solve_network(n, start=r), 9)
        cold = median_seconds(lambda n=warm: solve_network(n), 5)
        found.append(
            bar(f"{size}, from its neighbour", again, "s", "no slower than from nothing", again <= cold, "cold", cold)
        )
    if not pathlib.Path("/proc/self/status").exists():
        return found
    done = subprocess.run([sys.executable, "-c", MEASURED_RUN], capture_output=True, text=True, check=True, timeout=300)
    peak = float(done.stdout) / 1024.0
    asked = f"{MEMORY_BAR_MB:g} MB or less"
    found.append(bar(f"{size}, peak of a process", peak, "MB", asked, peak <= MEMORY_BAR_MB))
    return found


def beside_linopy(name: str, whole: float, value: float, other: dict[str, float] | str) -> dict[str, object]:
    """Return the bar of the whole way; a peer that was not run misses it, with the reason."""
    asked = f"{LINOPY_BAR:g} times faster or more than linopy with HiGHS's interior point, building included"
    if isinstance(other, str):
        return bar(name, whole, "s", f"{asked} ({other})", False)
    assert abs(other["objective"] - value) <= 1e-5 * abs(value)
    holds = other["seconds"] / whole >= LINOPY_BAR
    return bar(name, whole, "s", asked, holds, "linopy + HiGHS", other["seconds"])


def dear(network: Network) -> Network:
    """Return the neighbouring scenario: freight 5 money/t dearer on every second route."""
    import dataclasses

    return dataclasses.replace(
        network,
        routes=tuple(
            dataclasses.replace(route, freight_per_t=route.freight_per_t + 5.0 * (k % 2))  # type: ignore[operator]
            for k, route in enumerate(network.routes)
        ),
    )


def growth() -> list[tuple[int, int, float, float, float]]:
    """Return rows (places on each side, months, seconds months apart, linked by stocks, PIQP linked)."""
    rows: list[tuple[int, int, float, float, float]] = []
    for places, months in (
        (50, 15),
        (50, 30),
        (50, 60),
        (50, 120),
        (50, 240),
        (12, 60),
        (25, 60),
        (100, 60),
        (200, 60),
    ):
        market = Market.drawn(places, months)
        apart, linked = (compile_network(market.network(s), Competitive()).program for s in (None, STORING))
        peer = median_seconds(piqp_ready(linked), 3) if places * places * months <= 700_000 else float("nan")
        seconds = [median_seconds(lambda p=program: solve_convex(p), 3) for program in (apart, linked)]
        rows.append((places, months, seconds[0], seconds[1], peer))
    return rows


def median_seconds(run: Callable[[], object], times: int) -> float:
    """Return the median wall time of a function after one run that is not counted."""
    run()
    seconds: list[float] = []
    for _ in range(times):
        begin = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - begin)
    return statistics.median(seconds)


def bar(
    name: str, figure: float, unit: str, asked: str, holds: bool, peer: str | None = None, other: float | None = None
) -> dict[str, object]:
    """Return one bar."""
    return {
        "name": name,
        "group": "engine",
        "figure": figure,
        "unit": unit,
        "peer": peer,
        "peer_figure": other,
        "ratio": None if other is None else other / figure,
        "bar": asked,
        "holds": holds,
    }


if __name__ == "__main__":
    for row in growth():
        print("| {} x {} | {} | {:.3f} | {:.3f} | {:.3f} |".format(row[0], *row), flush=True)
