"""``python -m tests.fuzzing COUNT``: so many mutations, in several processes; prints counts, kinds of error, failures.

Each failure is named by its number: ``python -m tests.fuzzing 1 --first NUMBER`` makes that mutation again. A process
that dies, or that the system ends after 40 s of processor on one mutation, is a failure of the mutation it was at; the
next ones go on in a new process.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.fuzzing.holding import Fuzzing, Outcome

ROOT = Path(__file__).resolve().parents[2]
SHOWN = 25


def worker(first: int, step: int, stop: int, every: int, meetings: int) -> None:
    """Make each so-manieth mutation and write what it came to, a line each."""
    with tempfile.TemporaryDirectory() as place:
        fuzzing = Fuzzing(Path(place), every=every, meetings=meetings, alone=True)
        fuzzing.warm()
        print(json.dumps("ready"), flush=True)
        for number in range(first, stop, step):
            print(json.dumps(dataclasses.asdict(fuzzing.one(number))), flush=True)


def _lines(first: int, step: int, stop: int, every: int, meetings: int) -> Iterator[Outcome]:
    """Yield outcomes of one worker after the other, each beginning after what ended the last."""
    started = False
    while first < stop:
        asked = [sys.executable, "-X", "faulthandler", "-W", "error", "-m", "tests.fuzzing", "0", "--worker",
                 *map(str, (first, step, stop, every, meetings))]  # fmt: skip
        with subprocess.Popen(asked, stdout=subprocess.PIPE, text=True, cwd=ROOT) as running:
            assert running.stdout is not None
            for line in running.stdout:
                if (told := json.loads(line)) == "ready":
                    started = True
                    continue
                first += step
                yield Outcome(**told)
        if first >= stop:
            return
        if not started:
            raise RuntimeError(f"no mutation could be made: exit code {running.returncode}")
        told = f"the process ended with exit code {running.returncode}"
        yield Outcome(number=first, done="", ended="failed", told=told, seconds=0.0)
        first += step


def fuzz(
    count: int,
    *,
    first: int = 0,
    processes: int = 1,
    every: int = 1,
    meetings: int = 1,
    tell: Callable[[str], None] = str,
) -> list[Outcome]:
    """Return what so many mutations came to, from the one numbered ``first`` on."""
    found: list[Outcome] = []
    problems: list[BaseException] = []
    began = time.monotonic()

    def gather(place: int) -> None:
        try:
            for outcome in _lines(first + place, processes, first + count, every, meetings):
                found.append(outcome)
                if outcome.ended == "failed":
                    tell(f"FAILED {outcome.number}: {outcome.done}: {outcome.told}")
                if len(found) % 1000 == 0:
                    tell(f"{len(found):,} of {count:,} after {time.monotonic() - began:,.0f} s")
        except BaseException as error:
            problems.append(error)

    threads = [threading.Thread(target=gather, args=(place,)) for place in range(processes)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if problems:
        raise problems[0]
    return sorted(found, key=lambda item: item.number)


def report(found: list[Outcome]) -> str:
    """Return counts, kinds of error by what was needed, the slowest, and the numbers of those that failed."""
    ended = Counter(item.ended for item in found)
    kinds = Counter(item.told for item in found if item.ended == "refused")
    slowest = max(found, key=lambda item: item.seconds)
    lines = [f"{len(found):,} mutations, {sum(item.seconds for item in found):,.0f} s of processor"]
    lines += [f"  {name}: {ended[name]:,}" for name in ("refused", "loaded", "answered", "failed")]
    lines.append(f"  slowest: {slowest.seconds:.1f} s, {slowest.number} ({slowest.done})")
    lines.append(f"{len(kinds):,} kinds of error; the most frequent:")
    lines += [f"  {count:,} needed {told}" for told, count in kinds.most_common(SHOWN)]
    failures = [item for item in found if item.ended == "failed"]
    lines += [f"FAILED {item.number}: {item.done}: {item.told}" for item in failures]
    return "\n".join(lines)


def main() -> int:
    """Run from the command line; 1 where a mutation failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzzing", description=__doc__)
    parser.add_argument("count", type=int)
    parser.add_argument("--first", type=int, default=0, help="number of the first mutation")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--every", type=int, default=1, help="answer each so-manieth of the cases that load")
    parser.add_argument("--meetings", type=int, default=1, help="and the meeting of each so-manieth of those")
    parser.add_argument("--worker", type=int, nargs=5, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.worker:
        worker(*asked.worker)
        return 0
    found = fuzz(
        asked.count,
        first=asked.first,
        processes=min(asked.processes, asked.count),
        every=asked.every,
        meetings=asked.meetings,
        tell=lambda text: print(text, flush=True),
    )
    print(report(found))
    return int(any(item.ended == "failed" for item in found))


if __name__ == "__main__":
    sys.exit(main())
