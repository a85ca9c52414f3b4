"""Mixed complementarity: markets of about 1,000 variables beside other codes, and a market of 103,160 variables.

The others read the conditions as formulas in text (:mod:`tests.oracles.reading`) and start where ours does: IPOPT on
smoothed Fischer-Burmeister equations, and quantecon's Lemke pivoting, by linearisations where a market is not linear.
Their clock covers the search alone, not the formulas nor their derivatives; ours is the whole call, at 1e-8. All
answers are compared before a time is given, and the fastest of those that solve a market is the peer. PATH takes part
where ``POTLINE_GAMS`` names a licensed program, with the time it reports for its solve, at its own tolerance of 1e-6.
The large market has 40 x 40 places, 60 months linked by stocks and duties in per cent of the price; it runs in a
process of its own, so that the peak of memory is its own.
"""

from __future__ import annotations

import pathlib
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

import numpy as np
from tests.numerics.complementarity import zoo as zoo
from tests.oracles import path
from tests.oracles.ipopt import Ipopt
from tests.oracles.judging import first_that_solves
from tests.oracles.lemke import Lemke
from tests.oracles.reading import Floats, Reading

from potline.numerics.complementarity.problem import solve_complementarity

SEEDS = range(3)
REPEATS = 5
RATIO_BAR = 5.0
MARKETS = {
    "asymmetric demand": lambda seed: zoo.asymmetric_demand(seed, 40, 20, 4),
    "ad valorem wedges": lambda seed: zoo.ad_valorem(seed, 30, 30),
    "ad valorem wedges, 11 months with stocks": lambda seed: zoo.ad_valorem(seed, 8, 8, 11, True),
    "alumina indexed to metal": lambda seed: zoo.indexed_alumina(seed, 24, 38, 24),
    "isoelastic Cournot": lambda seed: zoo.isoelastic_cournot(seed, 38, 24),
    "power in two stages": lambda seed: zoo.two_stage_power(seed, 20, 38, 24),
}
LARGE = """
import resource, sys, time
from tests.numerics.complementarity.zoo import ad_valorem
from potline.numerics.complementarity.problem import solve_complementarity
item = ad_valorem(0, 40, 40, 60, True)
begin = time.perf_counter()
found = solve_complementarity(item.problem, item.lower, item.upper, item.start)
seconds = time.perf_counter() - begin
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024.0**2 if sys.platform == "darwin" else 1024.0)
print(item.start.size, int(found.solved), found.residual, seconds, peak)
"""


def bars() -> list[dict[str, object]]:
    """Return the bars of complementarity."""
    return [*(_beside_others(name, make) for name, make in MARKETS.items()), *_large()]


def _beside_others(name: str, make: Callable[[int], zoo.Instance]) -> dict[str, object]:
    """Time a kind: the median of a few markets, and the middle one's fastest peer."""
    ours: list[float] = []
    theirs: dict[str, list[float]] = {}
    fastest: list[tuple[float, str]] = []
    unsolved: list[str] = []
    size = 0
    for seed in SEEDS:
        item = make(seed)
        size = item.start.size
        found = solve_complementarity(item.problem, item.lower, item.upper, item.start)
        assert found.solved, item.name
        assert found.residual <= 1e-8
        ours.append(_median_seconds(item))
        peers = _peers(item, found.point)
        for oracle, seconds in peers.items():
            theirs.setdefault(oracle, []).append(seconds)
        if peers:
            fastest.append(min((seconds, oracle) for oracle, seconds in peers.items()))
        else:
            unsolved.append(item.name)
    asked = f"{RATIO_BAR:g} times faster or more than the fastest other code, median of three markets"
    said = [f"{oracle} solves {len(each)}, {_ms(each):.0f} ms" for oracle, each in theirs.items()]
    said += [f"no other code solves {', '.join(unsolved)}"] if unsolved else []
    figure, other = _ms(ours), _ms([seconds for seconds, _ in fastest]) if fastest else None
    ratio = None if other is None else other / figure
    return {
        "name": f"complementarity, {size} variables: {name}",
        "group": "engine",
        "figure": figure,
        "unit": "ms",
        "peer": " or ".join(sorted({oracle for _, oracle in fastest})) or None,
        "peer_figure": other,
        "ratio": ratio,
        "bar": f"{asked} ({'; '.join(said)})",
        "holds": not unsolved and ratio is not None and ratio >= RATIO_BAR,
    }


def _ms(seconds: list[float]) -> float:
    return 1e3 * statistics.median(seconds)


def _median_seconds(item: zoo.Instance) -> float:
    runs: list[float] = []
    for _ in range(REPEATS):
        begin = time.perf_counter()
        solve_complementarity(item.problem, item.lower, item.upper, item.start)
        runs.append(time.perf_counter() - begin)
    return statistics.median(runs)


def _peers(item: zoo.Instance, answer: Floats) -> dict[str, float]:
    """Return the seconds of each other code that solves a market, by our residual; its answer must be ours."""
    read, seconds = Reading(item), {}
    for oracle in (Lemke(read), Ipopt(read)):
        begin = time.perf_counter()
        # One attempt: IPOPT's others take as long each.
        point = next(iter(oracle.answers(item.start)), None)
        took = time.perf_counter() - begin
        if point is not None and not isinstance(first_that_solves(item, [point]), str):
            assert np.abs(point - answer).max() <= 1e-5, (item.name, oracle.name)
            seconds[oracle.name] = took
    if path.why_absent() is None:
        found = path.solve([read], [item.start], convergence=1e-6)[0]
        if found.solved:
            assert np.abs(found.point - answer).max() <= 1e-5, (item.name, "PATH")
            seconds["PATH"] = found.seconds
    return seconds


def _large() -> list[dict[str, object]]:
    root = pathlib.Path(__file__).resolve().parents[1]
    command = [sys.executable, "-c", LARGE]
    run = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True, timeout=900)
    size, solved, residual, seconds, peak = (float(text) for text in run.stdout.split())
    common = {"group": "engine", "peer": None, "peer_figure": None, "ratio": None, "holds": bool(solved)}
    bar = f"solved at all (residual {residual:.0e})"
    return [
        {"name": f"complementarity, {size:.0f} variables", "figure": seconds, "unit": "s", "bar": bar, **common},
        {"name": f"complementarity, {size:.0f} variables", "figure": peak, "unit": "MB", "bar": bar, **common},
    ]
