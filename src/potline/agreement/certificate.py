"""What separate code found about an answer: named checks, each a number that must stay within its tolerance."""

from __future__ import annotations

__all__ = ["NOTHING", "Certificate", "Certified", "Gaps", "certified", "gathered", "registered"]

import dataclasses
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from potline.beside import made, promised
from potline.cases import Case
from potline.choices import OnFailure
from potline.errors import CertificateFailed, InputError, Problem
from potline.showing import Short
from potline.shutdown import explained
from potline.verification import Check, all_hold, verify


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate(Short):
    """All that was checked about one answer.

    Examples:
        >>> Certificate(checks=()).holds
        False
    """

    checks: tuple[Check, ...]

    @property
    def holds(self) -> bool:
        """Whether every check holds; nothing checked does not."""
        return all_hold(self.checks)

    def check(self, name: str) -> Check:
        """Return one check."""
        return next(check for check in self.checks if check.name == name)


NOTHING = Certificate(checks=())


class Certified(Protocol):
    """An answer with its certificate."""

    @property
    def certificate(self) -> Certificate:
        """What separate code found."""
        ...


Answer = TypeVar("Answer", bound=Certified)


def certified(
    answer: Answer, verifier: Callable[..., Certificate], check: OnFailure, what: str, **options: object
) -> Answer:
    """Return an answer with its certificate; where that does not hold, only if failures are to be reported.

    Within :func:`potline.beside.beside` another process makes the certificate, and it is looked at when the block ends.
    Counted from a state that nothing explains, more running than is taken, an answer is no verdict and is returned as
    it is, with what its certificate says.

    Args:
        answer: without a certificate.
        verifier: the separate code that looks at it, a function that stands in a module.
        check: what to do where it finds something wrong.
        what: the answer, in the words of the error.
        options: what else the verifier is told.

    Raises:
        CertificateFailed: the certificate does not hold.
    """
    found: Answer = dataclasses.replace(cast("Any", answer), certificate=made(verifier, answer, **options))
    return _held(found, check, what)


def _held(answer: Answer, check: OnFailure, what: str) -> Answer:
    case = getattr(answer, "case", None)
    if isinstance(case, Case) and not explained(case.industry):
        return answer
    if promised(answer.certificate, lambda: _held(answer, check, what)):
        return answer
    if check == OnFailure.RAISE and not answer.certificate.holds:
        found = "; ".join(
            f"{row.name}: found {row.value:.2g}, needed {row.tolerance:.2g} or less {row.unit}".rstrip()
            for row in answer.certificate.checks
            if not row.holds
        )
        raise CertificateFailed(
            f"{what} does not pass its check ({found or 'nothing was checked'}). "
            'Pass check="report" to look at the answer, and please report the case.'
        )
    return answer


def registered(kind: type[Answer], verifier: Callable[[Answer], Certificate]) -> None:
    """Let :func:`potline.verify` answer for a kind of result; its tolerances are fixed."""

    def verified(result: Answer, tolerance: object = None) -> Certificate:
        if tolerance is not None:
            raise InputError(
                [
                    Problem(
                        where="tolerance",
                        found=repr(tolerance),
                        needed=f"none for a {kind.__name__}",
                        hint="Each of its checks states its own; read `certificate.checks`.",
                    )
                ]
            )
        return verifier(result)

    verify.register(kind)(verified)


class Gaps:
    """The largest gap of each check of an answer, gathered as it is read; a number missing on one side is a gap."""

    def __init__(self) -> None:
        self.worst: dict[str, float] = {}

    def add(self, name: str, gap: ArrayLike) -> None:
        """Count gaps, nan as unbounded."""
        found = np.asarray(gap, dtype=np.float64)
        largest = float(np.where(np.isnan(found), np.inf, np.abs(found)).max(initial=0.0))
        self.worst[name] = max(self.worst.get(name, 0.0), largest)

    def same(self, name: str, said: ArrayLike, found: ArrayLike, scale: ArrayLike = 1.0) -> None:
        """Count the distance between what is said and what was found; both may be nan together."""
        a, b = np.asarray(said, dtype=np.float64), np.asarray(found, dtype=np.float64)
        if a.shape != b.shape:
            self.worst[name] = math.inf
            return
        alike = (a == b) | (np.isnan(a) & np.isnan(b))
        with np.errstate(invalid="ignore"):
            self.add(name, np.where(alike, 0.0, (a - b) / np.asarray(scale, dtype=np.float64)))

    def equal(self, name: str, said: object, found: object) -> None:
        """Count 1 where two things differ."""
        self.add(name, 0.0 if said == found else 1.0)

    def whole(self, name: str, values: ArrayLike) -> NDArray[np.int64]:
        """Return whole numbers as such; what is none is a gap, and -1."""
        found = np.asarray(values, dtype=np.float64)
        fine = np.isfinite(found) & (found == np.round(np.where(np.isfinite(found), found, 0.0)))
        self.add(name, np.where(fine, 0.0, 1.0))
        return np.where(fine, np.asarray(values) if np.asarray(values).dtype == np.int64 else found, -1).astype(
            np.int64
        )

    def most(self, name: str, value: ArrayLike, bound: ArrayLike, scale: ArrayLike = 1.0) -> None:
        """Count by how much a value exceeds its bound."""
        over = np.asarray(value, dtype=np.float64) - np.asarray(bound, dtype=np.float64)
        excess = np.asarray(over / np.asarray(scale, dtype=np.float64), dtype=np.float64)
        self.add(name, np.where(np.isnan(excess), np.nan, np.maximum(excess, 0.0)))


def gathered(gaps: Gaps, answer: str, told: Iterable[tuple[str, float, str, str]]) -> Certificate:
    """Return the certificate of the gaps found.

    Args:
        answer: what the checks are of, before their names.
        told: name, tolerance, unit and method of each in order; a gap under no name that is told is an error of the
            checker.
    """
    told = tuple(told)
    checks = tuple(
        Check(name=f"{answer}: {name}", value=gaps.worst[name], tolerance=tolerance, unit=unit, method=method)
        for name, tolerance, unit, method in told
        if name in gaps.worst
    )
    unknown = set(gaps.worst) - {name for name, _, _, _ in told}
    if unknown:
        raise KeyError(f"checks without a tolerance: {', '.join(sorted(unknown))}")
    return Certificate(checks=checks)
