"""Compilation of every kernel from nothing: the examples of the numerical modules call them all, each once.

The figure is processor time, so that a busy machine changes it little; a kernel that no example calls is an error. A
kernel compiled for two signatures is named: the examples ask each for one kind of work.
"""

from __future__ import annotations

import os
import pathlib
import subprocess
import tempfile

BAR_S = 12.0

MEASURED = """
import doctest, importlib, pkgutil, time
from numba.core import event
from numba.core.dispatcher import Dispatcher
import potline.numerics

class Clock(event.Listener):
    depth = 0
    seconds = 0.0

    def on_start(self, event):
        self.depth += 1
        if self.depth == 1:
            self.start = time.process_time()

    def on_end(self, event):
        self.depth -= 1
        if self.depth == 0:
            self.seconds += time.process_time() - self.start

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
print(len(kernels), clock.seconds, *twice)
"""


def compilation(python: pathlib.Path) -> tuple[int, float, list[str]]:
    """Compile every kernel in a new process from an empty cache; return number, seconds and those compiled twice."""
    with tempfile.TemporaryDirectory() as cache:
        environment = {**os.environ, "NUMBA_CACHE_DIR": cache, "POTLINE_THREADS": "1"}
        command = [str(python), "-c", MEASURED]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    count, seconds, *twice = done.stdout.split()
    return int(count), float(seconds), twice
