"""Whole processes as a user starts them: wall and processor seconds, first words on the screen, memory of all."""

from __future__ import annotations

import dataclasses
import os
import pathlib
import pty
import re
import subprocess
import sys
import sysconfig
import time
from collections.abc import Mapping

ROOT = pathlib.Path(__file__).resolve().parents[1]
STARTING_COMMIT = "482483e"
SAMPLES_A_SECOND = 20
_PSS = re.compile(rb"^Pss:\s+(\d+) kB", re.MULTILINE)


@dataclasses.dataclass(frozen=True, slots=True)
class Ended:
    """A process that ended well.

    Attributes:
        seconds, first_words_s: wall time of all, and until the words asked for stood on the screen.
        processor_s: of the process and of all it started. peak_mb: most proportional set size of all at once.
        text: all that it printed.
    """

    seconds: float
    first_words_s: float
    processor_s: float
    peak_mb: float
    text: str


def measured(
    command: list[str], *, words: str = "", environment: Mapping[str, str] | None = None, memory: bool = False
) -> Ended:
    """Run a command on a terminal of its own; with ``memory`` its processes are sampled, which costs time.

    Args:
        command: what to run. words: a pattern; the time until it is on the screen is taken.
        environment: added to this process's. memory: sample the memory 20 times a second.
    """
    start = time.perf_counter()
    child, screen = pty.fork()
    if child == 0:
        os.environ.update({"COLUMNS": "120", **(environment or {})})
        os.execvp(command[0], command)
    seen, first, peak, due = b"", float("nan"), 0.0, 0.0
    pattern = re.compile(words.encode())
    os.set_blocking(screen, False)
    while True:
        try:
            part = os.read(screen, 65536)
        except BlockingIOError:
            part = None
        except OSError:  # the screen of a process that ended
            break
        if part == b"":
            break
        now = time.perf_counter()
        if part:
            seen += part
            if first != first and words and pattern.search(seen):
                first = now - start
            continue
        if memory and now >= due:
            peak, due = max(peak, together_mb(child)), now + 1.0 / SAMPLES_A_SECOND
        time.sleep(0.002)
    _, status, used = os.wait4(child, 0)
    seconds = time.perf_counter() - start
    os.close(screen)
    text = seen.decode("utf-8", "replace").replace("\r\n", "\n")
    assert os.waitstatus_to_exitcode(status) == 0, f"{command}: {text[-2000:]}"
    return Ended(seconds, first, used.ru_utime + used.ru_stime, peak, text)


def together_mb(root: int) -> float:
    """Return the sum of the proportional set sizes of a process and of all that it started, MB."""
    parents: dict[int, list[int]] = {}
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            try:
                fields = pathlib.Path(entry.path, "stat").read_bytes().rsplit(b")", 1)[1].split()
            except OSError:  # ended meanwhile
                continue
            parents.setdefault(int(fields[1]), []).append(int(entry.name))
    total, waiting = 0.0, [root]
    while waiting:
        process = waiting.pop()
        waiting += parents.get(process, [])
        try:
            found = _PSS.search(pathlib.Path(f"/proc/{process}/smaps_rollup").read_bytes())
        except OSError:
            continue
        total += int(found.group(1)) / 1024.0 if found else 0.0
    return total


def environment_of(commit: str, place: pathlib.Path) -> pathlib.Path:
    """Build the wheel of a commit ('' for the files as they are) into an environment; return its Python.

    The environment has that wheel and, besides, the very packages of the one that runs this.
    """
    source, wheels = place / "source", place / "wheels"
    source.mkdir(parents=True)
    if commit:
        packed = subprocess.run(["git", "archive", commit], cwd=ROOT, capture_output=True, check=True).stdout
        subprocess.run(["tar", "x", "-C", str(source)], input=packed, check=True)
    else:
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
        copied = ["tar", "c", "--null", "--no-recursion", "-T", "-"]
        packed = subprocess.run(copied, cwd=ROOT, input=listed, capture_output=True, check=True).stdout
        subprocess.run(["tar", "x", "-C", str(source)], input=packed, check=True)
    quiet = ["--quiet", "--disable-pip-version-check", "--no-deps"]
    pip = [sys.executable, "-m", "pip"]
    subprocess.run([*pip, "wheel", *quiet, "--no-build-isolation", "-w", wheels, source], check=True)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", place / "venv"], check=True)
    python = place / "venv" / "bin" / "python"
    site = pathlib.Path(
        subprocess.run(
            [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
            capture_output=True, text=True, check=True,
        ).stdout.strip()
    )  # fmt: skip
    wheel = next(wheels.glob("potline-*.whl"))
    subprocess.run([*pip, "install", *quiet, "--target", site, wheel], check=True)
    (site / "shared.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    where = subprocess.run(
        [python, "-c", "import potline; print(potline.__file__)"], capture_output=True, text=True, check=True
    ).stdout
    assert where.startswith(str(site)), where
    subprocess.run([python, "-m", "compileall", "-q", site], check=True)
    return python
