"""What independent code says about an answer: rows of what was looked at, and the public verb ``verify``.

A verifier is given an answer alone. It reads the question that the answer remembers by its own code, looks at every
figure that the answer states, and returns a certificate. What is not a number fails, and so does a certificate in
which nothing was looked at.
"""

from __future__ import annotations

__all__ = ["ANSWERED", "Check", "Checked", "Verified", "all_hold", "failed", "rows_of", "verify", "worst"]

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import singledispatch
from typing import Any, Protocol, cast

from potline.errors import PotlineError
from potline.reading import found_as, listed, reads, refuse
from potline.showing import Short

ANSWERED, STANDS, WHOLE = "the answer stands", "the question stands", "the answer is whole"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that independent code looked at: how far it is off, and how far it may be.

    Attributes:
        name: what was looked at.
        value: how far the worst of it is off, 0 or more; not a number fails.
        tolerance: how far it may be off.
        unit: of both; empty for a share.
        method: how it was looked at.

    Examples:
        >>> close = Check(name="balance", value=1e-12, tolerance=1e-9)
        >>> close.holds, Check(name="balance", value=float("nan"), tolerance=1e-9).holds
        (True, False)
    """

    name: str
    value: float
    tolerance: float
    unit: str = ""
    method: str = ""

    @property
    def holds(self) -> bool:
        """Whether the value is a number within the tolerance."""
        return bool(self.value <= self.tolerance)


class Verified(Protocol):
    """A certificate: rows of what was looked at, and whether all of them hold."""

    @property
    def checks(self) -> tuple[Check, ...]:
        """What was looked at."""
        ...

    @property
    def holds(self) -> bool:
        """Whether something was looked at and all of it holds."""
        ...


@dataclass(frozen=True, slots=True)
class Checked(Short):
    """A certificate that is its rows and nothing else.

    Examples:
        >>> Checked((Check(name="balance", value=0.0, tolerance=1e-9),)).holds, Checked(()).holds
        (True, False)
    """

    checks: tuple[Check, ...]

    @property
    def holds(self) -> bool:
        """Whether something was looked at and all of it holds."""
        return all_hold(self.checks)

    @property
    def words(self) -> str:
        """What does not hold, by how much, and what is allowed."""
        wrong = (f"{row.name} {row.value:.2g} (allowed {row.tolerance:g})" for row in self.checks if not row.holds)
        return ", ".join(wrong) or ("all holds" if self.checks else "nothing was looked at")


def all_hold(checks: Iterable[Check]) -> bool:
    """Return whether there is a check at all and every check holds.

    Examples:
        >>> all_hold([]), all_hold([Check(name="balance", value=0.0, tolerance=0.0)])
        (False, True)
    """
    rows = tuple(checks)
    return bool(rows) and all(row.holds for row in rows)


def failed(checks: Iterable[Check]) -> tuple[str, ...]:
    """Return the names of the checks that do not hold.

    Examples:
        >>> failed([Check(name="balance", value=2.0, tolerance=1.0), Check(name="profit", value=0.0, tolerance=1.0)])
        ('balance',)
    """
    return tuple(row.name for row in checks if not row.holds)


class Verifier(Protocol):
    """The verb ``verify``, which learns the kinds of answers from their modules."""

    @property
    def register(self) -> Callable[..., Any]:
        """Learn a kind of answer: a decorator of what verifies it, or called with the kind."""
        ...

    @property
    def registry(self) -> Mapping[Any, Callable[..., Any]]:
        """What is known, by kind."""
        ...

    def __call__(self, result: Any, tolerance: Any = None) -> Any:
        """Check an answer again."""
        ...


def rows_of(answer: object) -> tuple[Check, ...]:
    """Return what the certificate of an answer looked at; of several answers, the worst of each check.

    Args:
        answer: what a verb returned, several of them in a tuple, or what has no certificate, which gives no row.

    Examples:
        >>> fine, off = Check(name="balance", value=0.0, tolerance=1.0), Check(name="balance", value=2.0, tolerance=1.0)
        >>> one, other = Certified(Checked((fine,))), Certified(Checked((off,)))
        >>> rows_of((one, other)) == (off,), rows_of(None)
        (True, ())
        >>> none, some = Check(name="names", value=0.0, tolerance=0.0), Check(name="names", value=1.0, tolerance=0.0)
        >>> rows_of((Certified(Checked((none,))), Certified(Checked((some,))))) == (some,)
        True
    """
    if isinstance(answer, tuple):
        found: dict[str, Check] = {}
        for item in cast("tuple[object, ...]", answer):
            for row in rows_of(item):
                if _worse(row, found.setdefault(row.name, row)):
                    found[row.name] = row
        return tuple(found.values())
    certificate = getattr(answer, "certificate", None)
    return tuple(certificate.checks) if certificate is not None else ()


def _worse(row: Check, before: Check) -> bool:
    """Return whether a row is further off than another; one that fails is, also where nothing may be off at all."""
    if row.holds != before.holds:
        return before.holds
    if row.tolerance == before.tolerance:
        return not row.value <= before.value
    return not row.value * before.tolerance <= before.value * row.tolerance


@dataclass(frozen=True, slots=True)
class Certified:
    """Anything with a certificate."""

    certificate: Verified


def worst(gaps: Iterable[float]) -> float:
    """Return the largest of some gaps, 0 where there is none, and not a number where one is none.

    Examples:
        >>> worst([]), worst([1.0, 3.0]), worst([1.0, float("nan"), 3.0])
        (0.0, 3.0, nan)
    """
    largest = 0.0
    for gap in gaps:
        if not gap <= largest:
            largest = gap
        if largest != largest:
            return largest
    return largest


@singledispatch
def _verified(result: Any, tolerance: Any = None) -> Any:  # noqa: ARG001
    known = listed(sorted(kind.__name__ for kind in _verified.registry if kind is not object))
    hint = "Pass what a verb returned, not what it was asked."
    raise refuse("verify, result", found_as(result), f"an answer that can be verified: {known}", hint)


@reads(name="verify")
def _verify(result: Any, tolerance: Any = None) -> Any:
    """Check an answer again, from the question that it remembers and the numbers that it states.

    Args:
        result: an answer of :func:`potline.solve`, :func:`potline.stopping_prices` or another verb whose answer has a
            ``certificate``.
        tolerance: what the certificate must meet, of the kind that the verb takes; that of the answer unless given.

    Returns:
        the certificate, with ``checks`` and ``holds``; where the question that the answer remembers cannot be asked,
        or what it states is cut short, it fails and says why.

    Raises:
        InputError: nothing that carries a certificate.

    Examples:
        >>> import dataclasses, potline as pot
        >>> one = pot.Industry(name="one", demand=pot.LinearDemand.from_line(intercept_per_t=10.0, slope_per_kt=1.0),
        ...     plants=(pot.Plant(name="A", firm="A", capacity_kt=3.0, other_cost_per_t=1.0),))
        >>> found = pot.solve(one)
        >>> pot.verify(found).holds, pot.verify(dataclasses.replace(found, price_per_t=8.0)).holds
        (True, False)
    """
    try:
        return _verified(result) if tolerance is None else _verified(result, tolerance)
    except PotlineError as error:
        if _verified.dispatch(type(result)) is _verified.dispatch(object):
            raise
        if tolerance is not None and _verify(result).checks[0].name != STANDS:
            raise  # the tolerance is what cannot be read
        told = f"the question that the answer remembers cannot be asked: {error}"
        return Checked((Check(name=STANDS, value=math.inf, tolerance=0.0, method=told),))
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        told = f"what the answer states is cut short or of another kind: {type(error).__name__}, {error}"
        return Checked((Check(name=WHOLE, value=math.inf, tolerance=0.0, method=told),))


vars(_verify).update(register=_verified.register, registry=_verified.registry)
_verify.__name__ = _verify.__qualname__ = "verify"
verify: Verifier = cast(Verifier, _verify)
