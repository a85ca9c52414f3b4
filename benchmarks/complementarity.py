"""Mixed complementarity: markets of about 1,000 variables beside PATH, and a market of 103,160 variables.

PATH runs through GAMS with the demonstration licence that comes with ``gamspy_base`` (1,000 variables at most): set
``POTLINE_GAMS`` to the program, or install the package. Its figure is the time it reports for the solve, at its own
tolerance of 1e-6 and without a log; ours is the whole call, at 1e-8, from the same start. Both answers are compared
before a time is taken. The large market has 40 x 40 places, 60 months linked by stocks and duties in per cent of the
price; it runs in a process of its own, so that the peak of memory is its own.
"""

from __future__ import annotations

import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np
from tests.numerics import complementarity_zoo as zoo
from tests.numerics.path_oracle import find_gams, solve_by_path

from potline.numerics.complementarity import solve_complementarity

SEEDS = range(3)
REPEATS = 5
RATIO_BAR = 0.5
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
from tests.numerics.complementarity_zoo import ad_valorem
from potline.numerics.complementarity import solve_complementarity
item = ad_valorem(0, 40, 40, 60, True)
begin = time.perf_counter()
found = solve_complementarity(item.problem, item.lower, item.upper, item.start)
seconds = time.perf_counter() - begin
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024.0**2 if sys.platform == "darwin" else 1024.0)
print(item.start.size, int(found.solved), found.residual, seconds, peak)
"""


def bars() -> list[dict[str, object]]:
    """Return the bars of complementarity."""
    return [*_beside_path(), *_large()]


def _beside_path() -> list[dict[str, object]]:
    instances = {name: [make(seed) for seed in SEEDS] for name, make in MARKETS.items()}
    flat = [item for group in instances.values() for item in group]
    theirs: dict[str, list[float]] = {item.name + str(item.start.size): [] for item in flat}
    installed = find_gams() is not None
    if installed:
        for _ in range(3):
            with tempfile.TemporaryDirectory() as folder:
                answers = solve_by_path(flat, pathlib.Path(folder), convergence=1e-6)
            for item, answer in zip(flat, answers, strict=True):
                assert answer.solved, item.name
                ours = solve_complementarity(item.problem, item.lower, item.upper, item.start)
                assert np.abs(ours.point - answer.point).max() <= 1e-5, item.name
                theirs[item.name + str(item.start.size)].append(answer.seconds)
    result: list[dict[str, object]] = []
    for name, group in instances.items():
        times, peer = [], []
        for item in group:
            runs = []
            for _ in range(REPEATS):
                begin = time.perf_counter()
                found = solve_complementarity(item.problem, item.lower, item.upper, item.start)
                runs.append(time.perf_counter() - begin)
                assert found.solved
                assert found.residual <= 1e-8
            times.append(statistics.median(runs))
            if installed:
                peer.append(statistics.median(theirs[item.name + str(item.start.size)]))
        figure = 1e3 * statistics.median(times)
        peer_figure = 1e3 * statistics.median(peer) if peer else None
        ratio = peer_figure / figure if peer_figure is not None else None
        result.append(
            {
                "name": f"complementarity, {group[0].start.size} variables: {name}",
                "group": "engine",
                "figure": figure,
                "unit": "ms",
                "peer": "PATH" if installed else "PATH (not installed: set POTLINE_GAMS)",
                "peer_figure": peer_figure,
                "ratio": ratio,
                "bar": "at most 2 times PATH's own solve time, median of three markets",
                "holds": ratio is not None and ratio >= RATIO_BAR,
            }
        )
    return result


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
