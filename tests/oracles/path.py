"""PATH through GAMS, where somebody names a licensed program: ``POTLINE_GAMS=/path/to/gams``.

Nobody names one: PATH is not asked, and the count says so. One is named and refuses: a failure, in its own words.
"""

from __future__ import annotations

import os
import pathlib
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from tests.oracles.reading import Floats, Reading

LICENSING = 7  # GAMS's solver status where a licence forbids the solve


class Refused(Exception):
    """A named GAMS that cannot be run, or that solves nothing: its own words."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Answer:
    point: Floats
    solved: bool
    seconds: float


def why_absent() -> str | None:
    """Return why PATH is not asked, or None: a program is named."""
    return None if os.environ.get("POTLINE_GAMS") else "POTLINE_GAMS names no program"


def answers(reads: Sequence[Reading], starts: Sequence[Sequence[Floats]]) -> list[list[Floats]]:
    """Return the points for each problem, from each of its starts.

    Raises:
        Refused: the program that is named does not run, or has no licence for these problems.
    """
    flat = [(read, start) for read, own in zip(reads, starts, strict=True) for start in own]
    points = iter(solve([read for read, _ in flat], [start for _, start in flat]))
    return [[np.clip(next(points).point, read.lower, read.upper) for _ in own]
            for read, own in zip(reads, starts, strict=True)]  # fmt: skip


def solve(reads: Sequence[Reading], starts: Sequence[Floats], convergence: float = 1e-9) -> list[Answer]:
    """Solve all in one run of GAMS, each from its start."""
    parts = ["option limrow=0, limcol=0, solprint=off, mcp=path, sysout=off;", "file out /answers.txt/; put out;"]
    parts.append("out.nd=12; out.nw=30; out.nr=2; out.lw=0; scalar sm, mm, tm; out.nj=2; out.pw=120;")
    parts += [_model(number, read, start) for number, (read, start) in enumerate(zip(reads, starts, strict=True))]
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "run.gms").write_text("\n".join(parts), encoding="utf-8")
        (folder / "path.opt").write_text(f"convergence_tolerance {convergence:g}\noutput no\n", encoding="utf-8")
        _run(folder)
        found = folder / "answers.txt"
        if not found.exists():
            raise Refused(f"{os.environ['POTLINE_GAMS']} wrote no answers")
        numbers = [float(text) for text in found.read_text(encoding="utf-8").split()]
    result, at = [], 0
    for read in reads:
        solver, model, seconds = numbers[at : at + 3]
        if solver == LICENSING:
            raise Refused(f"{os.environ['POTLINE_GAMS']} has no licence for {read.name}, {read.size} variables")
        point = np.array(numbers[at + 3 : at + 3 + read.size])
        result.append(Answer(point=point, solved=solver == 1 and model in (1, 2), seconds=seconds))
        at += 3 + read.size
    return result


def _run(folder: pathlib.Path) -> None:
    program = os.environ["POTLINE_GAMS"]
    try:
        done = subprocess.run(
            [program, "run.gms", "lo=3", f"curDir={folder}", "optfile=1"], cwd=folder, check=False, timeout=600,
            capture_output=True, text=True, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise Refused(f"POTLINE_GAMS names {program}, which does not run: {problem}") from problem
    if done.returncode != 0:
        said = " ".join((done.stdout + done.stderr).split())
        raise Refused(f"{program} ended with {done.returncode}: {said[-400:] or 'it says nothing'}")


def _model(number: int, read: Reading, start: Floats) -> str:
    # Names are per model, so that models of different sizes do not meet.
    tag = f"m{number}_"

    def own(text: str) -> str:
        return text.replace("x", tag + "x")

    lines = [f"variables {_split(', '.join(f'{tag}x{i + 1}' for i in range(read.size)))};"]
    lines.append(f"equations {_split(', '.join(f'{tag}e{i + 1}' for i in range(read.size)))};")
    lines += [f"{tag}e{i + 1}.. {_split(own(row))} =n= 0;" for i, row in enumerate(read.rows)]
    for i in range(read.size):
        name = f"{tag}x{i + 1}"
        if np.isfinite(read.lower[i]):
            lines.append(f"{name}.lo={float(read.lower[i])!r};")
        if np.isfinite(read.upper[i]):
            lines.append(f"{name}.up={float(read.upper[i])!r};")
        lines.append(f"{name}.l={float(start[i])!r};")
    pairs = ", ".join(f"{tag}e{i + 1}.{tag}x{i + 1}" for i in range(read.size))
    lines.append(f"model {tag} /{_split(pairs)}/; {tag}.optfile=1;")
    lines.append(f"solve {tag} using mcp; sm={tag}.solvestat; mm={tag}.modelstat; tm={tag}.resusd;")
    lines.append("put sm / mm / tm /;")
    lines += [f"put {tag}x{i + 1}.l /;" for i in range(read.size)]
    return "\n".join(lines)


def _split(text: str, width: int = 4000) -> str:
    """Break a long line at spaces; GAMS takes 80,000 characters a line."""
    words, lines, now = text.split(" "), [], ""
    for word in words:
        if len(now) + len(word) > width:
            lines.append(now)
            now = ""
        now += word + " "
    return "\n".join([*lines, now])
