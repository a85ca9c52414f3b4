"""What separate code found about an answer: named checks, each a number that must stay within its tolerance."""

from __future__ import annotations

__all__ = ["NOTHING", "Certificate", "Certified", "Check", "Gaps", "certified", "gathered"]

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, Protocol, TypeVar

import numpy as np
from numpy.typing import ArrayLike

from potline.errors import CertificateFailed


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was checked.

    Attributes:
        name: what was checked. value: largest violation found. tolerance: what it must not exceed. unit: of both.
        method: how it was checked.

    Examples:
        >>> Check(name="sum", value=0.0, tolerance=1e-9).holds, Check(name="sum", value=math.nan, tolerance=1.0).holds
        (True, False)
    """

    name: str
    value: float
    tolerance: float
    unit: str = "relative"
    method: str = ""

    @property
    def holds(self) -> bool:
        """Whether the value is within the tolerance; not a number is not."""
        return self.value <= self.tolerance


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """All that was checked about one answer.

    Examples:
        >>> Certificate(checks=()).holds
        False
    """

    checks: tuple[Check, ...]

    @property
    def holds(self) -> bool:
        """Whether every check holds; nothing checked does not."""
        return bool(self.checks) and all(check.holds for check in self.checks)

    def check(self, name: str) -> Check:
        """Return one check."""
        return next(check for check in self.checks if check.name == name)

    @property
    def failed(self) -> str:
        """The checks that do not hold, in words."""
        return "; ".join(
            f"{check.name}: found {check.value:.2g}, needed {check.tolerance:.2g} or less ({check.unit})"
            for check in self.checks
            if not check.holds
        )


NOTHING = Certificate(checks=())


class Certified(Protocol):
    """An answer with its certificate."""

    @property
    def certificate(self) -> Certificate:
        """What separate code found."""
        ...


Answer = TypeVar("Answer", bound=Certified)


def certified(answer: Answer, check: Literal["raise", "report"], what: str) -> Answer:
    """Return an answer; where its certificate does not hold, only if failures are to be reported.

    Raises:
        CertificateFailed: the certificate does not hold.
    """
    if check == "raise" and not answer.certificate.holds:
        raise CertificateFailed(
            f"{what} does not pass its check: {answer.certificate.failed or 'nothing was checked'}. "
            'Pass check="report" to look at the answer, and please report the case.'
        )
    return answer


class Gaps:
    """The largest gap of each check of an answer, gathered as it is read; a number missing on one side is a gap."""

    def __init__(self) -> None:
        self.worst: dict[str, float] = {}

    def add(self, name: str, gap: ArrayLike) -> None:
        """Count gaps, nan as unbounded."""
        found = np.asarray(gap, dtype=np.float64)
        largest = float(np.where(np.isnan(found), np.inf, np.abs(found)).max(initial=0.0))
        self.worst[name] = max(self.worst.get(name, 0.0), largest)

    def same(self, name: str, said: ArrayLike, found: ArrayLike, scale: float = 1.0) -> None:
        """Count the distance between what is said and what was found; both may be nan together."""
        a, b = np.asarray(said, dtype=np.float64), np.asarray(found, dtype=np.float64)
        if a.shape != b.shape:
            self.worst[name] = math.inf
            return
        alike = (a == b) | (np.isnan(a) & np.isnan(b))
        with np.errstate(invalid="ignore"):
            self.add(name, np.where(alike, 0.0, (a - b) / scale))

    def equal(self, name: str, said: object, found: object) -> None:
        """Count 1 where two things differ."""
        self.add(name, 0.0 if said == found else 1.0)

    def most(self, name: str, value: ArrayLike, bound: ArrayLike, scale: float = 1.0) -> None:
        """Count by how much a value exceeds its bound."""
        excess = (np.asarray(value, dtype=np.float64) - np.asarray(bound, dtype=np.float64)) / scale
        self.add(name, np.where(np.isnan(excess), np.nan, np.maximum(excess, 0.0)))


def gathered(gaps: Gaps, told: Iterable[tuple[str, float, str, str]]) -> Certificate:
    """Return the certificate of the gaps found; ``told``: name, tolerance, unit and method of each in order.

    What was found under no name that is told does not get lost: it is an error of the checker.
    """
    checks = tuple(
        Check(name=name, value=gaps.worst[name], tolerance=tolerance, unit=unit, method=method)
        for name, tolerance, unit, method in told
        if name in gaps.worst
    )
    unknown = set(gaps.worst) - {check.name for check in checks}
    if unknown:
        raise KeyError(f"checks without a tolerance: {', '.join(sorted(unknown))}")
    return Certificate(checks=checks)
