"""How fast a case folder is read: plants by the thousand, and a table with more rows than any case may hold.

The folders are the starter case with its plants drawn from SEED: ten to a firm, every number of its own.
"""

from __future__ import annotations

import csv
import math
import pathlib
import resource
import subprocess
import sys
import tempfile
import time

import numpy as np

from potline.cases import check, load, new
from potline.cases.files import MOST_ROWS

SEED = 8
PROVINCES = ("Northland", "Southland")
PER_FIRM = 10
BARS_S = {10_000: 0.5, 100_000: 6.0}
CHECKED_BARS_S = {10_000: 3.0, 100_000: 10.0}
REFUSED_BAR_S = 1.0
Bar = dict[str, object]


def write_case(folder: pathlib.Path, plants: int) -> tuple[float, float]:
    """Write the starter case with so many plants more; return their capacity and the sum of their other costs."""
    new(folder)
    draw = np.random.default_rng(SEED)
    built = draw.integers(20, 900, plants)
    running, power, use, alumina, price, other, wear = (
        draw.uniform(low, high, plants)
        for low, high in ((0.5, 1), (0.03, 0.07), (13_000, 15_000), (1.9, 2), (330, 370), (300, 400), (50, 120))
    )
    rows = [
        [f"Plant {k}", f"Firm {k // PER_FIRM}", PROVINCES[k % 2], str(built[k]), f"{built[k] * running[k]:.1f}",
         ("grid", "captive")[k % 3 == 0], f"{power[k]:.4f}", f"{use[k]:.0f}", f"{alumina[k]:.3f}", f"{price[k]:.1f}",
         f"{other[k]:.2f}", f"{wear[k]:.2f}", ("high", "med", "low")[k % 3], "drawn, not data"]
        for k in range(plants)
    ]  # fmt: skip
    _append(folder / "plants.csv", rows)
    _append(folder / "firms.csv", [[firm, "", "", "", ""] for firm in dict.fromkeys(row[1] for row in rows)])
    return float(built.sum()), math.fsum(float(row[10]) for row in rows)


def _append(path: pathlib.Path, rows: list[list[str]]) -> None:
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def bars() -> list[Bar]:
    """Read folders of each size and see what was read; then one row too many, which is refused unread.

    Each is checked once more as a user does, by a process of its own.
    """
    found: list[Bar] = []
    with tempfile.TemporaryDirectory() as place:
        new(pathlib.Path(place) / "small")
        _checked(pathlib.Path(place) / "small", 0)  # compiles what is not yet compiled
        for plants, limit in BARS_S.items():
            folder = pathlib.Path(place) / str(plants)
            built, other = write_case(folder, plants)
            seconds: list[float] = []
            for _ in range(3 if plants < 50_000 else 1):
                start = time.process_time()
                case = load(folder)
                seconds.append(time.process_time() - start)
                drawn = case.industry.plants[-plants:]
                assert (drawn[0].name, drawn[-1].name) == ("Plant 0", f"Plant {plants - 1}")
                assert math.fsum(plant.capacity_kt for plant in drawn) == built
                assert math.isclose(math.fsum(plant.other_cost_per_t for plant in drawn), other)
                assert len(case.claims) > 8 * plants
                del case, drawn
            found.append(bar(f"{plants:,} rows read", min(seconds), limit))
            text, taken = _checked(folder, 0)
            assert f"is in order: {plants + 6} plants" in text, text
            found.append(bar(f"{plants:,} rows checked by a new process", taken, CHECKED_BARS_S[plants]))
        folder = pathlib.Path(place) / "beyond"
        write_case(folder, MOST_ROWS)
        start = time.process_time()
        problems = [str(problem) for problem in check(folder) if problem.where.startswith("plants.csv")]
        seconds = [time.process_time() - start]
        assert problems == [
            f"plants.csv row {MOST_ROWS + 1}: found more rows; needed at most {MOST_ROWS:,} rows. "
            "Split it, or add small ones up."
        ]
        found.append(bar(f"{MOST_ROWS + 1:,} rows refused", seconds[0], REFUSED_BAR_S))
        text, taken = _checked(folder, 2)
        assert text == f"{problems[0]}\n", text
        found.append(bar(f"{MOST_ROWS + 1:,} rows refused by a new process", taken, REFUSED_BAR_S))
    return found


def _checked(folder: pathlib.Path, code: int) -> tuple[str, float]:
    """Return what ``potline check`` says, and the seconds of processor that its process took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "potline", "check", str(folder)]
    ended = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert ended.returncode == code, ended.stdout
    return ended.stdout, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def bar(name: str, seconds: float, limit: float) -> Bar:
    """Return one bar."""
    return {
        "name": name,
        "group": "reading",
        "figure": seconds,
        "unit": "s of processor",
        "bar": f"{limit:g} s or less",
        "holds": seconds <= limit,
    }


if __name__ == "__main__":
    for result in bars():
        print(result)
