"""Errors that say what was found, what is needed and what to try.

Every error a user can cause is a :class:`PotlineError`; the command line prints its text and leaves with
its exit code, never with a traceback.
"""

from __future__ import annotations

__all__ = ["CertificateFailed", "Infeasible", "InputError", "PotlineError", "Problem"]

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self


class PotlineError(Exception):
    """Any error with a message meant for the user.

    Examples:
        >>> PotlineError("found 3, need 4; add one").exit_code
        1
    """

    exit_code = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing wrong with an input: where it is, what was found, what is needed, what to try.

    Examples:
        >>> print(Problem(where="plants.csv row 12, column capacity_kt", found="-5",
        ...               needed="0 or more", hint="If the plant closed, set `capacity_kt` to 0."))
        plants.csv row 12, column capacity_kt: found -5; needed 0 or more. If the plant closed, set `capacity_kt` to 0.
    """

    where: str
    found: str
    needed: str
    hint: str = ""

    def __str__(self) -> str:
        text = f"{self.where}: found {self.found}; needed {self.needed}."
        return f"{text} {self.hint}" if self.hint else text


_LINES = 40


class InputError(PotlineError):
    """Bad input; holds every problem that was found, not only the first. Its text shows the first 40.

    Examples:
        >>> error = InputError([Problem(where="case.toml, key date", found="nothing", needed="a month YYYY-MM")])
        >>> error.exit_code, len(error.problems)
        (2, 1)
    """

    exit_code = 2

    def __init__(self, problems: Iterable[Problem] | str) -> None:
        self.problems: tuple[Problem, ...] = () if isinstance(problems, str) else tuple(problems)
        lines = [str(problem) for problem in self.problems[:_LINES]]
        if len(self.problems) > _LINES:
            lines.append(f"... and {len(self.problems) - _LINES:,} problems more; mend these first.")
        super().__init__(problems if isinstance(problems, str) else "\n".join(lines))


class Infeasible(PotlineError):
    """The question has no answer: no allocation satisfies what was asked.

    Attributes:
        proof: why none can exist, with a ``certificate`` of its own; None where none was found.
    """

    exit_code = 3
    proof: object | None = None

    def proven(self, proof: object | None) -> Self:
        """Return the error with its proof."""
        self.proof = proof
        return self


class CertificateFailed(PotlineError):
    """An answer was found but independent verification rejects it."""

    exit_code = 4
