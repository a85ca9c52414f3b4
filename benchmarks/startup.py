"""Start-up and the whole main job, as a user meets them: new processes, cold and warm compilation caches."""

from __future__ import annotations

import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

CASE = "china-aluminium-2013"
HELP_BAR_S = 0.2
COLD_BAR_S = 20.0
WARM_BAR_S = 8.0
MEMORY_BAR_MB = 500.0

MEASURED_RUN = """
import resource, sys
from potline.cli import command
try:
    command.main(sys.argv[1:], standalone_mode=True)
except SystemExit as leave:
    code = leave.code or 0
# the process that draws lives beside this one: both count
peaks = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
print("PEAK_KB", sum(peaks), file=sys.stderr)
sys.exit(code)
"""


def bars() -> list[dict[str, object]]:
    """Measure ``--help``, a cold run, warm runs and the peak memory of a run."""
    return [help_bar(), *run_bars()]


def help_bar() -> dict[str, object]:
    """Time ``potline --help`` beside an empty Python process."""
    text = subprocess.run(
        [sys.executable, "-m", "potline", "--help"], capture_output=True, text=True, check=True
    ).stdout
    assert "run" in text
    assert "meeting" in text
    ours = median_seconds([sys.executable, "-m", "potline", "--help"])
    bare = median_seconds([sys.executable, "-c", "pass"])
    return bar(
        "potline --help", ours, "s", "an empty Python process", bare, f"{HELP_BAR_S} s or less", ours <= HELP_BAR_S
    )


def run_bars() -> list[dict[str, object]]:
    """Time the main job with an empty compilation cache, then with a full one."""
    with tempfile.TemporaryDirectory() as folder:
        place = pathlib.Path(folder)
        cold, peak, manifest = one_run(place, "cold")
        warm = [one_run(place, f"warm{number}") for number in range(3)]
        for _, _, again in warm:
            assert again["files"] == manifest["files"], "two runs with the same seed wrote different files"
        warm_s = statistics.median(seconds for seconds, _, _ in warm)
        peak_mb = max(peak, *(found for _, found, _ in warm)) / 1024.0
    return [
        bar("potline run, cold", cold, "s", None, None, f"{COLD_BAR_S:g} s or less", cold <= COLD_BAR_S),
        bar("potline run, warm", warm_s, "s", None, None, f"{WARM_BAR_S:g} s or less", warm_s <= WARM_BAR_S),
        bar(
            "potline run, peak memory",
            peak_mb,
            "MB",
            None,
            None,
            f"{MEMORY_BAR_MB:g} MB or less",
            peak_mb <= MEMORY_BAR_MB,
        ),
    ]


def one_run(place: pathlib.Path, name: str) -> tuple[float, float, dict[str, dict[str, str]]]:
    """Run the main job in a new process; return seconds, peak kB and the manifest."""
    out = place / name
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(place / "cache")}
    command = [sys.executable, "-c", MEASURED_RUN, "run", CASE, "--out", str(out), "--quiet"]
    start = time.perf_counter()
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=True)
    seconds = time.perf_counter() - start
    assert "agree" in done.stdout.lower(), done.stdout
    peak = float(done.stderr.rsplit("PEAK_KB", 1)[1])
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    files = {name: digest for name, digest in manifest["files_sha256"].items() if name.endswith((".csv", ".json"))}
    return seconds, peak, {"files": files}


def median_seconds(command: list[str], repeats: int = 7) -> float:
    """Return the median wall time of a command."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        subprocess.run(command, capture_output=True, check=True, timeout=60)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def bar(
    name: str, figure: float, unit: str, peer: str | None, peer_figure: float | None, text: str, holds: bool
) -> dict[str, object]:
    """Return one bar of the spine."""
    ratio = peer_figure / figure if peer_figure is not None else None
    return {
        "name": name,
        "group": "spine",
        "figure": figure,
        "unit": unit,
        "peer": peer,
        "peer_figure": peer_figure,
        "ratio": ratio,
        "bar": text,
        "holds": holds,
    }
