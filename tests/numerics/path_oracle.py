"""PATH through GAMS, where it is installed: ``POTLINE_GAMS`` names the program, or gamspy_base is importable.

The demonstration licence that comes with it takes up to 1,000 variables and works without a network.
"""

from __future__ import annotations

import importlib.util
import os
import pathlib
import shutil
import subprocess
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Answer:
    point: Floats
    solved: bool
    seconds: float


def find_gams() -> str | None:
    """Return the path of the GAMS program, or None."""
    named = os.environ.get("POTLINE_GAMS")
    if named:
        return named if pathlib.Path(named).exists() else None
    spec = importlib.util.find_spec("gamspy_base")
    if spec is not None and spec.origin is not None:
        inside = pathlib.Path(spec.origin).parent / "gams"
        return str(inside) if inside.exists() else None
    return shutil.which("gams")


def solve_by_path(instances, folder: pathlib.Path, convergence: float = 1e-9, start=None) -> list[Answer]:
    """Solve all instances in one run of GAMS; instances need name, rows(), lower, upper and start."""
    program = find_gams()
    assert program is not None
    parts = ["option limrow=0, limcol=0, solprint=off, mcp=path, sysout=off;", "file out /answers.txt/; put out;"]
    parts.append("out.nd=12; out.nw=30; out.nr=2; out.lw=0; scalar sm, mm, tm; out.nj=2; out.pw=120;")
    for number, item in enumerate(instances):
        parts.append(_model(number, item, item.start if start is None else start[number]))
    (folder / "run.gms").write_text("\n".join(parts), encoding="utf-8")
    (folder / "path.opt").write_text(f"convergence_tolerance {convergence:g}\noutput no\n", encoding="utf-8")
    subprocess.run(
        [program, "run.gms", "lo=2", f"curDir={folder}", "optfile=1"], cwd=folder, check=True, timeout=600,
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    numbers = [float(text) for text in (folder / "answers.txt").read_text().split()]
    answers, at = [], 0
    for item in instances:
        size = item.start.size
        solver, model, seconds = numbers[at : at + 3]
        point = np.array(numbers[at + 3 : at + 3 + size])
        answers.append(Answer(point=point, solved=solver == 1 and model in (1, 2), seconds=seconds))
        at += 3 + size
    return answers


def _model(number: int, item, start: Floats) -> str:
    size = item.start.size
    # Names are per model, so that models of different sizes do not meet.
    tag = f"m{number}_"

    def own(text: str) -> str:
        return text.replace("x", tag + "x")

    lines = [f"variables {_split(', '.join(f'{tag}x{i + 1}' for i in range(size)))};"]
    lines.append(f"equations {_split(', '.join(f'{tag}e{i + 1}' for i in range(size)))};")
    lines += [f"{tag}e{i + 1}.. {_split(own(row))} =n= 0;" for i, row in enumerate(item.rows())]
    for i in range(size):
        name = f"{tag}x{i + 1}"
        if np.isfinite(item.lower[i]):
            lines.append(f"{name}.lo={float(item.lower[i])!r};")
        if np.isfinite(item.upper[i]):
            lines.append(f"{name}.up={float(item.upper[i])!r};")
        lines.append(f"{name}.l={float(start[i])!r};")
    pairs = ", ".join(f"{tag}e{i + 1}.{tag}x{i + 1}" for i in range(size))
    lines.append(f"model {tag} /{_split(pairs)}/; {tag}.optfile=1;")
    lines.append(f"solve {tag} using mcp; sm={tag}.solvestat; mm={tag}.modelstat; tm={tag}.resusd;")
    lines.append("put sm / mm / tm /;")
    lines += [f"put {tag}x{i + 1}.l /;" for i in range(size)]
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
