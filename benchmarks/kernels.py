"""Compilation of every kernel from nothing: the examples of the numerical modules call them all, each once.

The figure is processor time, so that a busy machine changes it little; a kernel that no example calls is an error. A
kernel compiled for two signatures is named: the examples ask each for one kind of work.

``python -m benchmarks.kernels`` prints the seconds of each kernel, those of the kernels it calls apart.
"""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys
import tempfile

BAR_S = 12.0

MEASURED = """
import doctest, importlib, json, pkgutil, time
from numba.core import event
from numba.core.dispatcher import Dispatcher
import potline.numerics

class Clock(event.Listener):
    def __init__(self):
        self.own, self.waiting = {}, []

    def turn(self):
        now = time.process_time()
        if self.waiting:
            name = self.waiting[-1]
            self.own[name] = self.own.get(name, 0.0) + now - self.since
        self.since = now

    def on_start(self, event):
        self.turn()
        function = event.data["dispatcher"].py_func
        self.waiting.append(f"{function.__module__}.{function.__qualname__}")

    def on_end(self, event):
        self.turn()
        self.waiting.pop()

clock = Clock()
event.register("numba:compile", clock)
found = pkgutil.walk_packages(potline.numerics.__path__, "potline.numerics.")
modules = [importlib.import_module(item.name) for item in found]
for module in modules:
    assert doctest.testmod(module).failed == 0
kernels = {item for module in modules for item in vars(module).values() if isinstance(item, Dispatcher)}
idle = sorted(item.py_func.__qualname__ for item in kernels if not item.signatures)
assert not idle, f"no example calls {idle}"
twice = sorted(item.py_func.__qualname__ for item in kernels if len(item.signatures) > 1)
print(json.dumps([len(kernels), twice, clock.own]))
"""


def compilation(python: pathlib.Path) -> tuple[int, float, list[str]]:
    """Compile every kernel in a new process from an empty cache; return number, seconds and those compiled twice."""
    count, twice, own = compiled(python)
    return count, sum(own.values()), twice


def compiled(python: pathlib.Path) -> tuple[int, list[str], dict[str, float]]:
    """Compile every kernel; return their number, those compiled twice, and the seconds of each."""
    with tempfile.TemporaryDirectory() as cache:
        environment = {**os.environ, "NUMBA_CACHE_DIR": cache, "POTLINE_THREADS": "1"}
        command = [str(python), "-c", MEASURED]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=900, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    count, twice, own = json.loads(done.stdout)
    return count, twice, own


if __name__ == "__main__":
    number, _, seconds = compiled(pathlib.Path(sys.executable))
    print(f"{sum(seconds.values()):6.2f} s of processor, {number} kernels")
    for kernel in sorted(seconds, key=lambda name: -seconds[name]):
        print(f"{seconds[kernel]:6.2f} {kernel}")
