"""The one decorator through which kernels are compiled, and the disk cache that keeps what was compiled.

Bare ``numba.njit`` loses the function's type for strict checkers; this wrapper keeps it, never uses fast-math and
releases the interpreter lock so that :func:`potline.numerics.parallel.split` can run chunks side by side.

The cache is numba's with four differences. What was compiled is found again only if nothing it stands on has changed:
the files of all kernels it calls, directly or not, and the constants it reads; numba itself looks at the kernel's own
file alone. A file that is damaged counts as absent: the kernel is compiled anew. The name of a file of code says which
source and signature it belongs to, and the code is written before the index that points at it, so that a process killed
between the two leaves no index pointing at other code. And where no place can be written, kernels are compiled for this
process alone, which is said once.

Most kernels make no array. Those are compiled without counting references to the arrays they are handed: the counts
are atomic, threads contend for them, and they took an eighth of the main job.
"""

from __future__ import annotations

__all__ = ["inner", "kernel"]

import functools
import hashlib
import inspect
import math
import os
import pickle
import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from types import CodeType, ModuleType
from typing import Any, ParamSpec, TypeVar, cast

import numba
import numpy as np
from numba.core import caching, types
from numba.core import dispatcher as dispatching
from numpy.typing import NDArray

P = ParamSpec("P")
R = TypeVar("R")
_numba: Any = caching  # without types
_IndexFile: type[Any] = _numba.IndexDataCacheFile
_FunctionCache: type[Any] = _numba.FunctionCache
_Dispatcher: type[Any] = cast("Any", dispatching).Dispatcher
_unliteral: Callable[[Any], Any] = cast("Any", types).unliteral
_said: set[str] = set()
_NUMBERS = {"None", "tuple", "float", "int", "bool"}
_KNOWN = {name for name in vars(math) if name[0] != "_"} | {
    "math", "np", "range", "min", "max", "abs", "len", "float", "int", "bool", "shape", "size", "isnan", "sum",
}  # fmt: skip


def kernel(function: Callable[P, R]) -> Callable[P, R]:
    """Compile ``function`` with numba: cached on disk, no fast-math, releasing the interpreter lock.

    The disk cache needs a function that stands in a file::

        @kernel
        def add(a: float, b: float) -> float:
            return a + b
    """
    return _compiled(function, no_cpython_wrapper=False)


def inner(function: Callable[P, R]) -> Callable[P, R]:
    """Compile ``function`` as :func:`kernel` does, for other kernels alone.

    Without an entry from Python a kernel with many arrays compiles in a sixth less time. Called from Python it raises
    a TypeError.
    """
    compiled: Any = _compiled(function, no_cpython_wrapper=True)
    kind = cast("type[Any]", compiled.__class__)
    compiled.__class__ = type(kind.__name__, (kind,), {"__call__": _refuse})
    return compiled


def _refuse(compiled: Any, *_arguments: Any) -> Any:
    raise TypeError(f"{compiled.py_func.__qualname__} is called by kernels alone")


def _compiled(function: Callable[P, R], *, no_cpython_wrapper: bool) -> Callable[P, R]:
    # No kernel is called from C: without that entry they compile in 5 % less time. numba's types lack the option.
    compile_it = cast("Callable[..., Any]", numba.njit)
    options = {"fastmath": False, "nogil": True, "error_model": "numpy", "no_cfunc_wrapper": True}
    options["no_cpython_wrapper"] = no_cpython_wrapper
    counts = not makes_no_array(function)
    compiled = compile_it(**options, _nrt=counts)(function)
    compiled.get_call_template = _without_constants(compiled.get_call_template)
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
        if _checksum(name, data) != digest:
            raise FileNotFoundError(name)
        return pickle.loads(data)

    def _save_data(self, name: str, data: Any) -> None:
        text = self._dump(data)
        with self._open_for_write(self._data_path(name)) as file:
            file.write(_checksum(name, text) + text)


def _checksum(name: str, data: bytes) -> bytes:
    """Return a checksum of a file of code and of its name, so that no kernel takes the whole code of another."""
    return hashlib.sha256(name.encode() + b"\0" + data).digest()


class _Cache(_FunctionCache):
    """The cache of one kernel."""

    def __init__(self, function: Callable[..., Any]) -> None:
        _numba.FunctionCache.__init__(self, function)
        found = self._cache_file
        self._cache_file = _Files(found._cache_path, self._impl.filename_base, found._source_stamp)

    def _index_key(self, sig: Any, codegen: Any) -> Any:
        # asked for when the kernel is first called, when all that it names is there
        return (*_numba.FunctionCache._index_key(self, sig, codegen), stands_on(self._py_func))

    def save_overload(self, sig: Any, data: Any) -> None:
        try:
            _numba.FunctionCache.save_overload(self, sig, data)
        except OSError as error:
            self.disable()
            _say(f"compiled code could not be kept in {self.cache_path} ({(error.strerror or str(error)).lower()})")


def _without_constants(template: Callable[..., Any]) -> Callable[..., Any]:
    """Ask for a kernel by the types of its arguments alone: for each constant it would be compiled again."""

    def asked(args: tuple[Any, ...], kws: Mapping[str, Any]) -> Any:
        return template(tuple(map(_unliteral, args)), {name: _unliteral(kind) for name, kind in kws.items()})

    return asked


def makes_no_array(function: Callable[..., Any]) -> bool:
    """Return whether all that a kernel names is known to make no array, and what it returns is none.

    A name is known where it is that of a number or an array outside, of a kernel above that makes none, or in _KNOWN.
    """
    if not set(re.findall(r"\w+", str(function.__annotations__.get("return")))) <= _NUMBERS:
        return False
    own: dict[str, Any] = function.__globals__
    for name in set(_names(function.__code__)) - _KNOWN:
        value: Any = own.get(name)
        bare = _is_kernel(value) and not value.targetoptions["_nrt"]
        if not bare and not isinstance(value, (bool, int, float, np.generic, np.ndarray)):
            return False
    return True


def stands_on(function: Callable[..., Any]) -> str:
    """Return a hash of what a compiled kernel holds from outside its code: the kernels it calls and its constants."""
    return hashlib.sha256("\n".join(sorted(_held(function, set()))).encode()).hexdigest()


def _held(function: Callable[..., Any], seen: set[Callable[..., Any]]) -> Iterator[str]:
    """Yield the file of a function, the constants it reads, and the same of every kernel it calls."""
    if function in seen:
        return
    seen.add(function)
    file = inspect.getfile(function)
    if os.path.exists(file):  # not inside an archive
        yield f"{function.__qualname__}: {_file_hash(file, os.stat(file).st_mtime_ns)}"
    names = set(_names(function.__code__))
    own: dict[str, Any] = function.__globals__
    spaces = [own, *(vars(item) for name, item in own.items() if name in names and isinstance(item, ModuleType))]
    for space in spaces:
        for name in names & space.keys():
            value: Any = space[name]
            if _is_kernel(value):
                yield from _held(value.py_func, seen)
            elif space is own and isinstance(value, (bool, int, float, complex, str, bytes, tuple, np.generic)):
                yield f"{name} = {value!r}"
            elif space is own and isinstance(value, np.ndarray):
                array = cast("NDArray[Any]", value)
                yield f"{name} = {array.dtype} {array.shape} {array.tobytes().hex()}"


def _is_kernel(value: Any) -> bool:
    return isinstance(value, _Dispatcher)


def _names(code: CodeType) -> Iterator[str]:
    """Yield the names a function and those inside it read."""
    yield from code.co_names
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _names(inner)


@functools.cache
def _file_hash(file: str, _changed_ns: int) -> str:
    with open(file, "rb") as text:
        return hashlib.sha256(text.read()).hexdigest()


def _say(what: str) -> None:
    if not _said:
        _said.add(what)
        warnings.warn(
            f"Potline: {what}, so each command compiles anew. Set NUMBA_CACHE_DIR to a folder that can be written.",
            RuntimeWarning,
            stacklevel=3,
        )
