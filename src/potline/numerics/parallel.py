"""Run a lock-releasing kernel on contiguous chunks of an index range, one thread a core, the caller's among them."""

from __future__ import annotations

__all__ = ["split", "workers"]

import functools
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait


def workers() -> int:
    """Return the number of threads used: the cores of this process, or ``POTLINE_THREADS``."""
    asked = os.environ.get("POTLINE_THREADS", "")
    if asked.isdigit() and int(asked) > 0:
        return int(asked)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1)


def split(task: Callable[[int, int], None], count: int, threads: int | None = None, *, least: int = 1) -> None:
    """Call ``task(start, stop)`` on contiguous chunks that cover ``range(count)``.

    Each index is computed by the same code whatever the number of chunks, so the number of threads changes no
    result.

    Args:
        task: writes its own slice of preallocated arrays; releases the interpreter lock to run in parallel. It calls
            no ``split``, whose threads it would wait for.
        count: number of indices.
        threads: number of chunks; the cores of this process unless told otherwise.
        least: indices that are worth a chunk: handing one to another thread takes a tenth of a millisecond.

    Examples:
        >>> import numpy as np
        >>> out = np.zeros(5)
        >>> def square(start, stop):
        ...     out[start:stop] = np.arange(start, stop) ** 2
        >>> split(square, 5, threads=2)
        >>> out.tolist()
        [0.0, 1.0, 4.0, 9.0, 16.0]
    """
    number = max(1, min(threads or workers(), count // least))
    if number == 1:
        task(0, count)
        return
    edges = [count * part // number for part in range(number + 1)]
    pool = _others(number - 1)
    others = [pool.submit(task, edges[k], edges[k + 1]) for k in range(1, number)]
    try:
        task(edges[0], edges[1])
    finally:
        wait(others)
    for other in others:
        other.result()


@functools.cache
def _others(number: int) -> ThreadPoolExecutor:
    """Return threads that are kept: starting one takes longer than most chunks."""
    return ThreadPoolExecutor(number, thread_name_prefix="potline")


if hasattr(os, "register_at_fork"):  # a forked process has none of the threads
    os.register_at_fork(after_in_child=_others.cache_clear)
