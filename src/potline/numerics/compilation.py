"""The one decorator through which kernels are compiled.

Bare ``numba.njit`` loses the function's type for strict checkers; this wrapper keeps it, switches the disk
cache on, never uses fast-math and releases the interpreter lock so that :func:`potline.numerics.parallel.split`
can run chunks side by side. A kernel calls only kernels of its own file: numba's cache key does not see a
change in another file.
"""

from __future__ import annotations

__all__ = ["kernel"]

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast

import numba

P = ParamSpec("P")
R = TypeVar("R")


def kernel(function: Callable[P, R]) -> Callable[P, R]:
    """Compile ``function`` with numba: cached on disk, no fast-math, releasing the interpreter lock.

    The disk cache needs a function that stands in a file::

        @kernel
        def add(a: float, b: float) -> float:
            return a + b
    """
    # No kernel is called from C: without that entry they compile in 5 % less time. numba's types lack the option.
    compile_it = cast("Callable[..., Any]", numba.njit)
    options = {"cache": True, "fastmath": False, "nogil": True, "error_model": "numpy", "no_cfunc_wrapper": True}
    return compile_it(**options)(function)
