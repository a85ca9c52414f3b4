"""Spoil every figure that an answer states, one after the other, and say which check of its certificate notices.

``spoil(result)`` walks all fields of a result: numbers, arrays, names, results inside results. Fields that state the
question are left out by name. Each number is raised by 1 %, lowered by 20 % and made nan (a 0, and what is rounding of
one beside other numbers, is raised by 1 % of what stands beside it, an inf or nan becomes a number); each flag is
turned; each array and each list of names is reversed, and its two most different entries change places.
``assert_caught`` fails for a spoil that no check notices and that is not listed, with its reason, as an answer that is
right as well, and for one listed that is noticed: a new field without a check fails the test.
"""

from __future__ import annotations

import dataclasses
import fnmatch
import math
from collections.abc import Callable, Iterator, Mapping

import numpy as np

from potline.verification import failed, verify

MOST = 6
ROUNDING = 1e-13  # of the largest number beside: which last bits a machine has decides no spoil


@dataclasses.dataclass(frozen=True)
class Spoiled:
    """One spoil: where, how, and the checks that notice it."""

    path: str
    how: str
    noticed: tuple[str, ...]

    @property
    def name(self) -> str:
        return f"{self.path} {self.how}"


def spoil(
    result: object,
    *,
    question: tuple[str, ...],
    only: tuple[str, ...] = (),
    check: Callable[[object], object] = verify,
    most: int = MOST,
) -> list[Spoiled]:
    """Spoil every figure in turn.

    Args:
        result: an answer whose certificate holds.
        question: fields, by path, that state the question. only: fields to spoil, all others unless given.
        check: from a result to its certificate. most: places of an array or a tuple to spoil, both ends included.
    """
    certificate = check(result)
    assert certificate.holds, [item for item in certificate.checks if not item.holds]
    found = []
    for path, how, wrong in _spoils(result, "", {"certificate", "version", *question}, most):
        if only and not path.startswith(only):
            continue
        seen = check(wrong)
        assert seen.holds == (not failed(seen.checks))
        found.append(Spoiled(path, how, failed(seen.checks)))
    return found


def assert_caught(found: list[Spoiled], right: Mapping[str, str] = {}) -> None:
    """Assert that every spoil is noticed but those listed, by pattern with a reason, as right answers too."""
    assert found
    missed = [item.name for item in found if not item.noticed]
    unlisted = [name for name in missed if not any(fnmatch.fnmatchcase(name, _exact(pattern)) for pattern in right)]
    assert not unlisted, f"no check notices: {unlisted}"
    stale = [pattern for pattern in right if not fnmatch.filter(missed, _exact(pattern))]
    assert not stale, f"listed as right too, but noticed or never tried: {stale}"


def table(found: list[Spoiled]) -> dict[str, set[str]]:
    """Return each figure with the checks that noticed its spoils."""
    rows: dict[str, set[str]] = {}
    for item in found:
        rows.setdefault(item.path.split("[")[0], set()).update(item.noticed)
    return rows


def _exact(pattern: str) -> str:
    """Take brackets of a pattern literally."""
    return pattern.replace("[", "[[]")


def _spoils(value: object, path: str, skip: set[str], most: int) -> Iterator[tuple[str, str, object]]:
    if isinstance(value, bool | np.bool_):
        yield path, "turned", not value
    elif isinstance(value, int | float | np.number):
        yield from ((path, how, kind) for how, kind in _numbers(float(value), abs(float(value))))
    elif isinstance(value, np.ndarray):
        yield from _arrays(value, path, most)
    elif isinstance(value, tuple) and value:
        yield from _tuples(value, path, skip, most)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            name = f"{path}.{field.name}" if path else field.name
            if name in skip or field.name in ("certificate", "version"):
                continue
            for place, how, wrong in _spoils(getattr(value, field.name), name, skip, most):
                yield place, how, _replaced(value, field.name, wrong)


def _replaced(value: object, name: str, wrong: object) -> object:
    """Replace a field, also where the noun would refuse it."""
    result = object.__new__(type(value))
    for field in dataclasses.fields(value):
        object.__setattr__(result, field.name, getattr(value, field.name))
    object.__setattr__(result, name, wrong)
    return result


def _numbers(number: float, beside: float) -> list[tuple[str, float]]:
    """Return wrong values for a number; ``beside``: the size of what stands beside it."""
    beside = beside if math.isfinite(beside) and beside > 0.0 else 1.0
    if not math.isfinite(number):
        return [("made a number", beside), *([("made nan", math.nan)] if not math.isnan(number) else [])]
    wrong = [("raised by 1 %", 1.01 * number), ("lowered by 20 %", 0.8 * number)]
    if abs(number) <= ROUNDING * beside:
        wrong = [("made 1 % of its neighbours", 0.01 * beside)]
    return [*wrong, ("made nan", math.nan)]


def _arrays(array: np.ndarray, path: str, most: int) -> Iterator[tuple[str, str, np.ndarray]]:
    flat = array.ravel()
    if flat.dtype == np.bool_:
        for place in _places(flat.size, most):
            wrong = flat.copy()
            wrong[place] = not wrong[place]
            yield f"{path}{_index(array, place)}", "turned", wrong.reshape(array.shape)
        return
    finite = np.abs(flat[np.isfinite(flat)])
    beside = float(finite.max()) if finite.size else 1.0
    for place in _places(flat.size, most):
        for how, number in _numbers(float(flat[place]), beside):
            wrong = flat.astype(np.float64)
            wrong[place] = number
            yield f"{path}{_index(array, place)}", how, wrong.reshape(array.shape)
    for axis in range(array.ndim):
        turned = np.flip(array, axis)
        if not np.array_equal(turned, array, equal_nan=True):
            yield path, f"reversed along {axis}", turned.copy()
    known = np.flatnonzero(np.isfinite(flat))
    if known.size > 1 and np.ptp(flat[known]) > 0.0:
        wrong = flat.copy()
        least, most = known[np.argmin(flat[known])], known[np.argmax(flat[known])]
        wrong[[least, most]] = wrong[[most, least]]
        yield path, "least and most swapped", wrong.reshape(array.shape)


def _places(size: int, most: int) -> list[int]:
    """Return the places to spoil: all of a few, else some spread evenly, both ends included."""
    return sorted(set(np.linspace(0, size - 1, min(size, most)).round().astype(int).tolist())) if size else []


def _index(array: np.ndarray, place: int) -> str:
    return "[" + ",".join(str(k) for k in np.unravel_index(place, array.shape)) + "]"


def _tuples(value: tuple, path: str, skip: set[str], most: int) -> Iterator[tuple[str, str, tuple]]:
    if len(value) > 1 and value[::-1] != value and not any(isinstance(item, tuple) for item in value):
        yield path, "reversed", value[::-1]
    if all(isinstance(item, str) for item in value):
        return
    beside = max((abs(x) for x in value if isinstance(x, int | float) and math.isfinite(x)), default=1.0)
    for place in _places(len(value), most):
        here = f"{path}[{place}]"
        if isinstance(value[place], int | float) and not isinstance(value[place], bool):
            wrong = [(here, how, number) for how, number in _numbers(float(value[place]), beside)]
        else:
            wrong = list(_spoils(value[place], here, skip, most))
        for name, how, item in wrong:
            yield name, how, (*value[:place], item, *value[place + 1 :])
