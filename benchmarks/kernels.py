"""Compilation of every kernel from nothing: the examples of the numerical modules call them all, each once.

The figure is processor time, so that a busy machine does not change it; a kernel that no example calls is an error.
"""

from __future__ import annotations

import os
import subprocess
import sys
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
print(len(kernels), clock.seconds)
"""


def bars() -> list[dict[str, object]]:
    """Compile every kernel in a new process with an empty cache."""
    with tempfile.TemporaryDirectory() as cache:
        environment = {**os.environ, "NUMBA_CACHE_DIR": cache, "POTLINE_THREADS": "1"}
        command = [sys.executable, "-c", MEASURED]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    count, seconds = done.stdout.split()
    return [
        {
            "name": f"compilation of all {count} kernels, empty cache",
            "group": "spine",
            "figure": float(seconds),
            "unit": "s of processor",
            "peer": None,
            "peer_figure": None,
            "ratio": None,
            "bar": f"{BAR_S:g} s or less",
            "holds": float(seconds) <= BAR_S,
        }
    ]
