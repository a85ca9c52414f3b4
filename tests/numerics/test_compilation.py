"""The disk cache of kernels: damaged files are compiled anew, a kill leaves no stale code, no place is no failure."""

from __future__ import annotations

import importlib
import importlib.util
import math
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba
import numpy as np
import pytest
from numpy.typing import NDArray

from potline.numerics import compilation
from potline.numerics.compilation import inner, kernel

Floats = NDArray[np.float64]
FACTOR = 2.0

SOURCE = """
from potline.numerics.compilation import kernel

@kernel
def scaled(value: float) -> float:
    return FACTOR * value
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(compilation, "_said", set())
    return tmp_path


def imported(folder: Path, factor: float = 3.0) -> Any:
    """Import the module of one kernel afresh, as a new process would."""
    file = folder / "one_kernel.py"
    file.write_text(SOURCE.replace("FACTOR", str(factor)), encoding="utf-8")
    Path(importlib.util.cache_from_source(str(file))).unlink(missing_ok=True)  # bytecode of the same second and size
    spec = importlib.util.spec_from_file_location("one_kernel", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["one_kernel"] = module
    spec.loader.exec_module(module)
    return module.scaled


def hits(scaled: Any) -> int:
    return sum(scaled.stats.cache_hits.values())


def test_a_kernel_is_kept_and_found_again(place: Path) -> None:
    assert imported(place)(2.0) == 6.0
    again = imported(place)
    assert (again(2.0), hits(again)) == (6.0, 1)
    assert {file.suffix for file in (place / "cache").rglob("*") if file.is_file()} == {".nbi", ".nbc"}


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "emptied": lambda _: b"",
    "cut to 1 byte": lambda data: data[:1],
    "cut in half": lambda data: data[: len(data) // 2],
    "cut by one byte": lambda data: data[:-1],
    "zeros": lambda data: bytes(len(data)),
    "another text": lambda _: b"hello",
}


@pytest.mark.parametrize("suffix", [".nbi", ".nbc"])
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_is_compiled_anew(place: Path, suffix: str, damage: str) -> None:
    assert imported(place)(2.0) == 6.0
    (file,) = (place / "cache").rglob(f"*{suffix}")
    file.write_bytes(DAMAGES[damage](file.read_bytes()))
    mended = imported(place)
    assert (mended(2.0), hits(mended)) == (6.0, 0)
    again = imported(place)
    assert (again(2.0), hits(again)) == (6.0, 1)


def test_one_byte_changed_inside_the_code_is_compiled_anew(place: Path) -> None:
    assert imported(place)(2.0) == 6.0
    (file,) = (place / "cache").rglob("*.nbc")
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 0xFF
    file.write_bytes(bytes(data))
    mended = imported(place)
    assert (mended(2.0), hits(mended)) == (6.0, 0)


def test_the_whole_code_of_another_kernel_is_not_taken(place: Path) -> None:
    assert imported(place)(2.0) == 6.0
    (file,) = (place / "cache").rglob("*.nbc")
    assert imported(place)(2) == 6.0
    (other,) = set((place / "cache").rglob("*.nbc")) - {file}
    file.write_bytes(other.read_bytes())
    mended = imported(place)
    assert (mended(2.0), hits(mended)) == (6.0, 0)


@pytest.mark.parametrize("step", ["_save_data", "_save_index"])
def test_a_kill_between_index_and_code_leaves_no_stale_answer(
    place: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    assert imported(place)(2.0) == 6.0

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(compilation._Files, step, killed)  # pyright: ignore[reportPrivateUsage]
        with pytest.raises(KeyboardInterrupt):
            imported(place, 5.0)(2.0)
    assert imported(place, 5.0)(2.0) == 10.0


def test_no_place_to_keep_code_is_said_once_and_kernels_run(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numba.config, "CACHE_LOCATOR_CLASSES", "IPythonCacheLocator")
    with pytest.warns(RuntimeWarning) as caught:
        first, second = imported(place), imported(place)
    assert (first(2.0), second(2.0)) == (6.0, 6.0)
    assert [str(item.message) for item in caught] == [
        "Potline: no place to keep compiled code in was found, so each command compiles anew. "
        "Set NUMBA_CACHE_DIR to a folder that can be written."
    ]


def test_a_full_disk_is_said_once_and_kernels_run(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(compilation._Files, "_save_data", full)  # pyright: ignore[reportPrivateUsage]
    scaled = imported(place)
    with pytest.warns(RuntimeWarning) as caught:
        assert scaled(2.0) == 6.0
    assert scaled(3) == 9.0
    (said,) = (str(item.message) for item in caught)
    assert said.startswith(f"Potline: compiled code could not be kept in {place / 'cache'}")
    assert said.endswith(
        "(no space left on device), so each command compiles anew. Set NUMBA_CACHE_DIR to a folder that can be written."
    )


CALLEE = """
from potline.numerics.compilation import kernel

FACTOR = {factor}

@kernel
def scaled(value: float) -> float:
    return {weight} * value
"""

BETWEEN = """
import callee
from potline.numerics.compilation import kernel

@kernel
def shifted(value: float) -> float:
    return callee.scaled(value) + 1.0
"""

CALLER = """
from callee import FACTOR
from between import shifted
from potline.numerics.compilation import kernel

@kernel
def answer(value: float) -> float:
    return FACTOR * shifted(value)
"""


def answer_of(folder: Path, monkeypatch: pytest.MonkeyPatch, *, factor: float, weight: float) -> tuple[float, int]:
    """Return what a kernel gives that calls others in two other files, and whether it was found compiled."""
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    for name, text in (
        ("callee", CALLEE.format(factor=factor, weight=weight)),
        ("between", BETWEEN),
        ("caller", CALLER),
    ):
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
        sys.modules.pop(name, None)
    importlib.invalidate_caches()
    answer = importlib.import_module("caller").answer
    return answer(2.0), hits(answer)


def test_a_change_in_the_file_of_a_kernel_that_is_called_is_seen(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert answer_of(place, monkeypatch, factor=10.0, weight=3.0) == (70.0, 0)
    assert answer_of(place, monkeypatch, factor=10.0, weight=3.0) == (70.0, 1)
    assert answer_of(place, monkeypatch, factor=10.0, weight=4.5) == (100.0, 0), "two files away"
    assert answer_of(place, monkeypatch, factor=11.0, weight=4.5) == (110.0, 0), "a constant of another file"
    assert answer_of(place, monkeypatch, factor=11.0, weight=4.5) == (110.0, 1)


def test_numba_alone_would_not_see_it(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reason for the key: without it the answer is that of the file before it was changed."""
    monkeypatch.setattr(compilation, "stands_on", lambda _: "")
    assert answer_of(place, monkeypatch, factor=10.0, weight=3.0) == (70.0, 0)
    assert answer_of(place, monkeypatch, factor=10.0, weight=4.5) == (70.0, 1)


@kernel
def first_of(values: Floats) -> float:
    return values[0] if values.shape[0] > 0 else math.nan


@kernel
def doubled(values: Floats, out: Floats) -> None:
    for k in range(values.size):
        out[k] = FACTOR * max(values[k], first_of(values))


@kernel
def made(count: int) -> float:
    return np.zeros(count)[0]


@kernel
def made_below(count: int) -> float:
    return made(count)


@kernel
def part_of(values: Floats) -> Floats:
    return values[1:]


@kernel
def added(values: Floats) -> float:
    return (values + values)[0]


def counts_references(function: Any) -> bool:
    return function.targetoptions["_nrt"]


def test_references_are_counted_only_where_an_array_is_made_or_returned() -> None:
    assert [counts_references(item) for item in (first_of, doubled)] == [False, False]
    assert [counts_references(item) for item in (made, made_below, part_of)] == [True, True, True]


def test_a_kernel_that_counts_none_answers_and_holds_nothing() -> None:
    values, out = np.array([2.0, 5.0]), np.zeros(2)
    doubled(values, out)
    held = [sys.getrefcount(item) for item in (values, out)]
    for _ in range(50):
        doubled(values, out)
    assert [sys.getrefcount(item) for item in (values, out)] == held
    assert out.tolist() == [4.0, 10.0]
    values = np.append(values, 1.0)
    assert (made_below(3), part_of(values)[0]) == (0.0, 5.0)


def test_an_array_that_only_a_sum_makes_is_refused_and_not_lost() -> None:
    assert not counts_references(added)
    with pytest.raises(numba.core.errors.NumbaError, match="NRT required but not enabled"):
        added(np.ones(2))


def moved(value: float, up: bool, steps: int) -> float:
    return value + steps if up else value - steps


def moved_both_ways(value: float, steps: int) -> float:
    return moved(moved(moved(value, True, 1), False, 3), value > 0.0, steps)


def test_a_kernel_called_with_constants_is_compiled_once(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not list(place.iterdir())
    step: Any = kernel(moved)
    monkeypatch.setitem(globals(), "moved", step)
    steps: Any = kernel(moved_both_ways)
    assert steps(10.0, 7) == 15.0
    assert [len(item.signatures) for item in (step, steps)] == [1, 1]


def test_an_inner_kernel_serves_kernels_and_refuses_python(monkeypatch: pytest.MonkeyPatch) -> None:
    step: Any = inner(moved)
    monkeypatch.setitem(globals(), "moved", step)
    assert kernel(moved_both_ways)(10.0, 7) == 15.0
    with pytest.raises(TypeError, match=r"^moved is called by kernels alone$"):
        step(1.0, True, 1)
