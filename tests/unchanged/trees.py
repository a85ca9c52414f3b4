"""Run the collection in a tree: a folder that holds ``src/potline``, a wheel, or a commit of this repository."""

from __future__ import annotations

import io
import os
import pathlib
import subprocess
import sys
import tarfile
import zipfile
from concurrent.futures import ThreadPoolExecutor

from tests.unchanged.outputs import CASES

ROOT = pathlib.Path(__file__).resolve().parents[2]
AT_ONCE = 2


def unpacked(tree: str, place: pathlib.Path) -> pathlib.Path:
    """Return the folder to import potline from; a wheel or a commit is unpacked into ``place``."""
    path = pathlib.Path(tree)
    if (path / "src" / "potline").is_dir():
        return path.resolve() / "src"
    if path.suffix == ".whl":
        with zipfile.ZipFile(path) as wheel:
            wheel.extractall(place)
        return place
    packed = subprocess.run(["git", "archive", tree, "src"], cwd=ROOT, capture_output=True, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(place, filter="data")
    return place / "src"


def outputs_of(source: pathlib.Path, place: pathlib.Path, *, everything: bool) -> dict[str, dict[str, str]]:
    """Return the outputs of every case, collected with the code in ``source``: case -> name -> text."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        jobs = {case: pool.submit(_collected, source, case, place / case, everything) for case in CASES}
        return {case: job.result() for case, job in jobs.items()}


def _collected(source: pathlib.Path, case: str, folder: pathlib.Path, everything: bool) -> dict[str, str]:
    one_thread = {"POTLINE_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    environment = {**os.environ, "PYTHONPATH": str(source), "COLUMNS": "160", **one_thread}
    command = [sys.executable, str(pathlib.Path(__file__).with_name("outputs.py")), case, str(folder)]
    command.append("everything" if everything else "stored")
    done = subprocess.run(command, cwd=folder.parent, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{case}: {done.stdout}{done.stderr}"
    used = pathlib.Path(done.stdout.splitlines()[0]).resolve()
    assert used.is_relative_to(source.resolve()), f"asked for {source}, ran {used}"
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes().decode("utf-8") for path in paths}
