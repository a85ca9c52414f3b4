"""The one decorator through which kernels are compiled, and the disk cache that keeps what was compiled.

Bare ``numba.njit`` loses the function's type for strict checkers; this wrapper keeps it, never uses fast-math and
releases the interpreter lock so that :func:`potline.numerics.parallel.split` can run chunks side by side. A kernel
calls only kernels of its own file: numba's cache key does not see a change in another file.

The cache is numba's with three differences. A file that is damaged counts as absent: the kernel is compiled anew. The
name of a file of code says which source and signature it belongs to, and the code is written before the index that
points at it, so that a process killed between the two leaves no index pointing at other code. And where no place can
be written, kernels are compiled for this process alone, which is said once.
"""

from __future__ import annotations

__all__ = ["kernel"]

import hashlib
import os
import pickle
import warnings
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast

import numba
from numba.core import caching

P = ParamSpec("P")
R = TypeVar("R")
_numba: Any = caching  # without types
_IndexFile: type[Any] = _numba.IndexDataCacheFile
_FunctionCache: type[Any] = _numba.FunctionCache
_said: set[str] = set()


def kernel(function: Callable[P, R]) -> Callable[P, R]:
    """Compile ``function`` with numba: cached on disk, no fast-math, releasing the interpreter lock.

    The disk cache needs a function that stands in a file::

        @kernel
        def add(a: float, b: float) -> float:
            return a + b
    """
    # No kernel is called from C: without that entry they compile in 5 % less time. numba's types lack the option.
    compile_it = cast("Callable[..., Any]", numba.njit)
    options = {"fastmath": False, "nogil": True, "error_model": "numpy", "no_cfunc_wrapper": True}
    compiled = compile_it(**options)(function)
    try:
        compiled._cache = _Cache(function)
    except RuntimeError:  # numba found no place that can be written
        _say("no place to keep compiled code in was found")
    return compiled


class _Files(_IndexFile):
    """The files of one kernel: an index, and for each signature one of code with its checksum in front."""

    def save(self, key: Any, data: Any) -> None:
        stem, _ = os.path.splitext(self._index_name)
        asked = hashlib.sha256(repr((key, self._source_stamp)).encode()).hexdigest()[:16]
        name = f"{stem}.{asked}.nbc"
        self._save_data(name, data)
        self._save_index({**self._load_index(), key: name})

    def _load_index(self) -> dict[Any, str]:
        try:
            return _numba.IndexDataCacheFile._load_index(self)
        except Exception:  # unpickling damaged bytes may raise any
            return {}

    def _load_data(self, name: str) -> Any:
        with open(self._data_path(name), "rb") as file:
            digest, data = file.read(32), file.read()
        if hashlib.sha256(data).digest() != digest:
            raise FileNotFoundError(name)
        return pickle.loads(data)

    def _save_data(self, name: str, data: Any) -> None:
        text = self._dump(data)
        with self._open_for_write(self._data_path(name)) as file:
            file.write(hashlib.sha256(text).digest() + text)


class _Cache(_FunctionCache):
    """The cache of one kernel."""

    def __init__(self, function: Callable[..., Any]) -> None:
        _numba.FunctionCache.__init__(self, function)
        found = self._cache_file
        self._cache_file = _Files(found._cache_path, self._impl.filename_base, found._source_stamp)

    def save_overload(self, sig: Any, data: Any) -> None:
        try:
            _numba.FunctionCache.save_overload(self, sig, data)
        except OSError as error:
            self.disable()
            _say(f"compiled code could not be kept in {self.cache_path} ({(error.strerror or str(error)).lower()})")


def _say(what: str) -> None:
    if not _said:
        _said.add(what)
        warnings.warn(
            f"Potline: {what}, so each command compiles anew. Set NUMBA_CACHE_DIR to a folder that can be written.",
            RuntimeWarning,
            stacklevel=3,
        )
