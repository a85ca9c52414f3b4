"""The one decorator through which kernels are compiled.

Bare ``numba.njit`` loses the function's type for strict checkers; this wrapper keeps it, switches the disk
cache on, never uses fast-math and releases the interpreter lock so that :func:`potline.numerics.parallel.split`
can run chunks side by side. A kernel calls only kernels of its own file: numba's cache key does not see a
change in another file.
"""

from __future__ import annotations

__all__ = ["kernel"]

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

import numba

P = ParamSpec("P")
R = TypeVar("R")


def kernel(function: Callable[P, R]) -> Callable[P, R]:
    """Compile ``function`` with numba: cached on disk, no fast-math, releasing the interpreter lock.

    Examples:
        >>> @kernel
        ... def add(a: float, b: float) -> float:
        ...     return a + b
        >>> add(1.0, 2.0)
        3.0
    """
    compiled = numba.njit(cache=True, fastmath=False, nogil=True, error_model="numpy")(function)
    return cast("Callable[P, R]", compiled)
