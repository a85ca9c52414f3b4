"""Ask every oracle that is there, keep what solves by our residual, and count: an empty oracle is no pass."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from tests.oracles import path, siconos
from tests.oracles.ipopt import Ipopt
from tests.oracles.judging import Asked, first_that_solves
from tests.oracles.lemke import Lemke
from tests.oracles.reading import Floats, Reading
from tests.peers import peer

SHARE = 0.95  # of the problems must be solved by one oracle or more

# Printed at the end of the run by tests/conftest.py.
COUNTS: list[str] = []


@dataclass(slots=True, eq=False)
class Tally:
    """How many problems each oracle was asked and solved, and which ones none solved."""

    what: str
    asked: dict[str, int] = field(default_factory=dict)
    solved: dict[str, int] = field(default_factory=dict)
    absent: dict[str, str] = field(default_factory=dict)
    problems: int = 0
    unsolved: list[str] = field(default_factory=list)

    def add(self, name: str, by: dict[str, bool | str]) -> None:
        """Count one problem: whether each oracle solved it, or why that one was not asked."""
        self.problems += 1
        for oracle, how in by.items():
            if isinstance(how, str):
                self.absent[oracle] = how
            else:
                self.asked[oracle] = self.asked.get(oracle, 0) + 1
                self.solved[oracle] = self.solved.get(oracle, 0) + how
        if not any(how is True for how in by.values()):
            self.unsolved.append(name)

    def line(self) -> str:
        """Return the count in one line."""
        parts = [f"{oracle} {self.solved[oracle]} of {count} asked" for oracle, count in self.asked.items()]
        parts += [f"{oracle} not asked ({why})" for oracle, why in self.absent.items()]
        return f"{self.what}: {self.problems - len(self.unsolved)} of {self.problems} solved; " + "; ".join(parts)

    def require(self) -> None:
        """Print the count at the end of the run; fail where too few problems have an answer of somebody else's."""
        COUNTS.append(self.line())
        needed = math.ceil(SHARE * self.problems)
        assert self.problems > 0, f"{self.what}: nothing was asked"
        assert self.problems - len(self.unsolved) >= needed, (
            f"{self.line()}. At least {needed} must be solved by one or more; first not: {', '.join(self.unsolved[:5])}"
        )


def ask(
    items: Sequence[Asked], starts: Sequence[Sequence[Floats]], all_there: bool = True
) -> list[dict[str, Floats | str]]:
    """Return for each problem and oracle the first point that solves it, "" where none does, or why it was not asked.

    Without ``all_there`` only those from the lock are asked, and IPOPT what Lemke leaves.

    Raises:
        tests.oracles.path.Refused: PATH is named and refuses.
    """
    need_those_of_the_lock()
    reads = [Reading(item) for item in items]
    found: list[dict[str, Floats | str]] = [{} for _ in items]
    for item, read, own, by in zip(items, reads, starts, found, strict=True):
        by[Lemke.name] = first_that_solves(item, _one_by_one(Lemke(read).answers, own))
        if all_there or isinstance(by[Lemke.name], str):
            by[Ipopt.name] = first_that_solves(item, _one_by_one(Ipopt(read).answers, own))
    for oracle, absent, answers in (
        ("Siconos", siconos.why_absent, siconos.answers),
        ("PATH", path.why_absent, path.answers),
    ):
        points = (absent() or answers(reads, starts)) if all_there else "so many"
        for k, (item, by) in enumerate(zip(items, found, strict=True)):
            by[oracle] = points if isinstance(points, str) else first_that_solves(item, points[k])
    return found


def need_those_of_the_lock() -> None:
    """Skip the test where one is not installed, or fail it where all are called for."""
    for module in ("casadi", "quantecon.optimize"):
        peer(module)


def was_solved(answer: Floats | str) -> bool | str:
    """Return whether an oracle's answer solves, or why the oracle was not asked."""
    return (answer or False) if isinstance(answer, str) else True


def _one_by_one(answers: Callable[[Floats], Iterable[Floats]], starts: Sequence[Floats]) -> Iterable[Floats]:
    return itertools.chain.from_iterable(answers(start) for start in starts)
