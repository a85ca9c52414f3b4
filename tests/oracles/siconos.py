"""Siconos, where the system's own python3 imports it (Debian: python3-siconos): it runs as a process of that Python."""

from __future__ import annotations

import functools
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
from collections.abc import Sequence

import numpy as np
from tests.oracles.reading import Floats, Reading

CHILD = pathlib.Path(__file__).with_name("siconos_child.py")
SECONDS = 900


@functools.cache
def why_absent() -> str | None:
    """Return why Siconos cannot be asked, or None."""
    python = _python()
    if python is None:
        return "the system has no python3"
    done = subprocess.run([python, "-I", "-c", "import siconos.numerics"], capture_output=True, check=False, timeout=60)
    return None if done.returncode == 0 else f"{python} does not import siconos"


def answers(reads: Sequence[Reading], starts: Sequence[Sequence[Floats]]) -> list[list[Floats]] | str:
    """Return the points for each problem, or why there are none at all."""
    stated = [
        {
            **{key: getattr(read, key).tolist() for key in ("lower", "upper", "unit", "weight")},
            "rows": read.rows,
            "starts": [start.tolist() for start in own],
        }
        for read, own in zip(reads, starts, strict=True)
    ]
    python = _python()
    assert python is not None
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder, "answers.json")
        try:
            done = subprocess.run(
                [python, "-I", str(CHILD), str(out)], input=json.dumps(stated), capture_output=True, text=True,
                check=False, timeout=SECONDS,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return f"it did not end in {SECONDS} seconds"
        if done.returncode != 0:
            return f"it ended with {done.returncode}: {(done.stderr.strip().splitlines() or [''])[-1]}"
        return [[np.array(point) for point in points] for points in json.loads(out.read_text(encoding="utf-8"))]


def _python() -> str | None:
    return shutil.which("python3", path=os.defpath)
