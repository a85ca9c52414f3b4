"""How soon an answer stands on the screen: new processes on a terminal, beside the wheel of the starting commit.

Runs of both wheels alternate; figures are medians of REPEATS. Warm: compiled kernels are kept from a run before; cold:
an empty cache. Memory is sampled in runs of its own.
"""

from __future__ import annotations

import dataclasses
import json
import pathlib
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence

from benchmarks import kernels, steel
from benchmarks.processes import STARTING_COMMIT, Ended, environment_of, measured

CASE = "china-aluminium-2013"
VERDICTS = {"old": r"No agreement\. No group of the 7 owners present", "new": r"At most 160 kt/year\."}
STEEL_VERDICT = r"No agreement\. No group of the 8 owners present can idle 20\.0 Mt/year"
REPEATS, MEMORY_REPEATS = 5, 3
FIRST_WORDS_BAR_S = {"warm": 2.5, "cold": 9.0}
RUN_BAR, RUN_BAR_BESIDE, PROCESSOR_BAR = 0.5, 0.6, 0.8
MEMORY_BAR_MB = 450.0
STEEL_BAR_S = 5.0
HELP_BAR_S = 0.1
PEER = f"the wheel of {STARTING_COMMIT}"
Bar = dict[str, object]


@dataclasses.dataclass(frozen=True, slots=True)
class Wheel:
    """A wheel in an environment of its own, with a cache of kernels that stays."""

    python: pathlib.Path
    place: pathlib.Path

    def run(self, *arguments: str, words: str = "", cold: bool = False, memory: bool = False) -> Ended:
        """Run ``potline`` with arguments, from an empty cache of kernels if ``cold``."""
        with tempfile.TemporaryDirectory(dir=self.place) as folder:
            cache = folder if cold else str(self.place / "cache")
            command = [str(self.python), "-m", "potline", *(item.replace("OUT", f"{folder}/out") for item in arguments)]
            ended = measured(command, words=words, environment={"NUMBA_CACHE_DIR": cache}, memory=memory)
            if "run" in arguments:
                held = json.loads(pathlib.Path(folder, "out", "manifest.json").read_text(encoding="utf-8"))
                assert all(item["holds"] for item in held["certificates"])
        return ended


def bars() -> Iterator[Bar]:
    """Measure every row beside the starting commit's wheel."""
    with tempfile.TemporaryDirectory() as folder:
        place = pathlib.Path(folder)
        both = [
            Wheel(environment_of(commit, place / name), place / name)
            for name, commit in (("old", STARTING_COMMIT), ("new", ""))
        ]
        yield help_bar(both)
        yield steel_bar(both)
        yield from run_bars(both)
        yield memory_bar(both)
        yield compilation_bar(both)


def alternated(both: Sequence[Wheel], task: Callable[[Wheel], Ended], repeats: int = REPEATS) -> list[list[Ended]]:
    """Return what each wheel's runs gave, one of each in turn."""
    found: list[list[Ended]] = [[] for _ in both]
    for _ in range(repeats):
        for wheel, ended in zip(both, found, strict=True):
            ended.append(task(wheel))
    return found


def run_bars(both: Sequence[Wheel]) -> Iterator[Bar]:
    """Time the main job: first words of the verdict, all of it, processor seconds; warm and cold."""
    asked = ("run", CASE, "--out", "OUT")
    for wheel in both:
        wheel.run(*asked)
    for state in ("warm", "cold"):
        old, new = alternated(
            both, lambda wheel, cold=state == "cold": wheel.run(*asked, words=VERDICTS[wheel.place.name], cold=cold)
        )
        verdicts = {verdict_of(ended) for ended in new}
        assert len(verdicts) == 1, "runs of one question gave several verdicts"
        first_old, first = median(old, "first_words_s"), median(new, "first_words_s")
        limit = FIRST_WORDS_BAR_S[state]
        yield bar(f"run, {state}, first words", first, first_old, f"{limit:g} s or less", first <= limit)
        seconds_old, seconds = median(old, "seconds"), median(new, "seconds")
        processor_old, processor = median(old, "processor_s"), median(new, "processor_s")
        share, busy = seconds / seconds_old, processor / processor_old
        text = f"{RUN_BAR:g} of its time, or {RUN_BAR_BESIDE:g} with {PROCESSOR_BAR:g} of its processor seconds"
        text += f" (is {share:.2f}; processor {processor:.1f} of {processor_old:.1f} s, {busy:.2f})"
        holds = share <= RUN_BAR or (share <= RUN_BAR_BESIDE and busy <= PROCESSOR_BAR)
        yield bar(f"run, {state}, whole", seconds, seconds_old, text, holds)


def verdict_of(ended: Ended) -> str:
    """Return the line of the verdict."""
    return next(line for line in ended.text.splitlines() if "No agreement." in line)


def memory_bar(both: Sequence[Wheel]) -> Bar:
    """Sample the memory of all processes of the main job together."""
    asked = ("run", CASE, "--out", "OUT")
    old, new = alternated(
        both, lambda wheel: wheel.run(*asked, words=VERDICTS[wheel.place.name], memory=True), MEMORY_REPEATS
    )
    peak_old, peak = median(old, "peak_mb"), median(new, "peak_mb")
    text = f"{MEMORY_BAR_MB:g} MB or less"
    return bar("run, peak memory of all processes", peak, peak_old, text, peak <= MEMORY_BAR_MB, "MB")


def compilation_bar(both: Sequence[Wheel]) -> Bar:
    """Compile every kernel from an empty cache."""
    (_, old, _), (count, new, twice) = (kernels.compilation(wheel.python) for wheel in both)
    text = f"{kernels.BAR_S:g} s or less, none twice for the same work" + (
        f" (twice: {', '.join(twice)})" if twice else ""
    )
    holds = new <= kernels.BAR_S and not twice
    return bar(f"compilation of all {count} kernels, empty cache", new, old, text, holds, "s of processor")


def steel_bar(both: Sequence[Wheel]) -> Bar:
    """Time the meeting of eight among 748 owners of 913 plants."""
    for wheel, schema in zip(both, (1, 2), strict=True):
        steel.write_case(wheel.place / "steel", schema)
        wheel.run("meeting", str(wheel.place / "steel"))
    old, new = alternated(both, lambda wheel: wheel.run("meeting", str(wheel.place / "steel"), words=STEEL_VERDICT))
    for ended in new:
        assert ended.first_words_s == ended.first_words_s, f"another verdict: {ended.text[:300]}"
    seconds_old, seconds = median(old, "seconds"), median(new, "seconds")
    name = f"meeting of {steel.AT_THE_TABLE} among {steel.OWNERS} owners of {steel.PLANTS} plants"
    return bar(name, seconds, seconds_old, f"{STEEL_BAR_S:g} s or less", seconds <= STEEL_BAR_S)


def help_bar(both: Sequence[Wheel]) -> Bar:
    """Time ``potline --help``."""
    old, new = alternated(both, lambda wheel: wheel.run("--help", words="meeting"), 3 * REPEATS)
    assert all("run" in ended.text and ended.first_words_s > 0.0 for ended in new)
    seconds_old, seconds = median(old, "seconds"), median(new, "seconds")
    return bar("--help", seconds, seconds_old, f"{HELP_BAR_S:g} s or less", seconds <= HELP_BAR_S)


def median(ended: Sequence[Ended], figure: str) -> float:
    """Return the median of a figure; not a number where it was not seen."""
    return statistics.median(getattr(item, figure) for item in ended)


def bar(name: str, figure: float, peer_figure: float, text: str, holds: bool, unit: str = "s") -> Bar:
    """Return one bar; the ratio is what the starting commit took for each of ours."""
    return {
        "name": f"potline {name}" if unit != "s of processor" else name,
        "group": "startup",
        "figure": figure,
        "unit": unit,
        "peer": PEER,
        "peer_figure": peer_figure,
        "ratio": peer_figure / figure,
        "bar": text,
        "holds": bool(holds),
    }


if __name__ == "__main__":
    for result in bars():
        print(result, file=sys.stdout, flush=True)
