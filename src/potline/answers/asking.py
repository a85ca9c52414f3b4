"""What one case asks: its settings, and which questions apply to it.

:class:`~potline.answers.results.Answers` adds the answers; whether the state holds is here, since others rest on it.
"""

from __future__ import annotations

__all__ = [
    "NO_ANSWER",
    "SPREAD_DRAWS",
    "A",
    "Asking",
    "Flexibility",
    "Progress",
    "computed_once",
    "quiet",
    "there",
]

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from potline.cases import Case
from potline.cases.limits import MOST_DIVIDED, MOST_GONE_THROUGH, MOST_PLANTS_HELD, MOST_RANGED, MOST_SPREAD
from potline.errors import CertificateFailed, Infeasible
from potline.reading import DrawsOrNone, Seed, reads
from potline.showing import Shown

NO_ANSWER = CertificateFailed, Infeasible, ArithmeticError
"""What leaves one question of a run without an answer, and stops no other. Bad input stops the run."""

if TYPE_CHECKING:
    from potline.shutdown import ObservedState

    computed_once = property
else:

    class computed_once(cached_property):
        """A result that is computed when it is first read; one that cannot be had raises the same error each time."""

        def __get__(self, instance: Any, owner: Any = None) -> Any:
            if instance is None:
                return self
            refused = instance.refused.get(self.attrname)
            if refused is not None:
                raise refused
            try:
                return super().__get__(instance, owner)
            except NO_ANSWER as error:
                instance.refused[self.attrname] = error
                raise


A = TypeVar("A")
Progress = Callable[[str, float], None]

SPREAD_DRAWS = 64


def quiet(words: str, share: float) -> None:
    """Say nothing of progress."""
    del words, share


def there(found: A | None) -> A:
    """Return a result of a question that the case asks.

    Raises:
        LookupError: it is not there, so the case does not ask.
    """
    if found is None:
        raise LookupError("found no result; needed a case that asks the question")
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Flexibility:
    """Per cent of price per per cent of running capacity withdrawn, with the import ceiling lifted and in place."""

    ceiling_lifted: float
    at_parity: float


class Asking(Shown):
    """A case, its settings, and what it asks.

    Attributes:
        refused: why a result cannot be had, by its name.
        unanswered: why a question of a list has no answer, by the question's name.
    """

    @reads(name="Answers")
    def __init__(
        self,
        case: Case,
        *,
        draws: DrawsOrNone = 1024,
        seed: Seed = 7,
        spread_draws: DrawsOrNone = SPREAD_DRAWS,
        progress: Progress = quiet,
    ) -> None:
        self.case = case
        self.draws, self.seed, self._spread_draws = draws, seed, spread_draws
        owners = len(case.meeting.owners) if case.meeting is not None else 0
        self.spread_draws = min(spread_draws, max(8, spread_draws >> max(0, owners - MOST_SPREAD)))
        self.tell = progress
        self._asked: dict[str, Any] = {}
        self.refused: dict[str, Exception] = {}
        self.unanswered: dict[str, Exception] = {}

    @property
    def meets(self) -> bool:
        """Whether the case asks what its meeting comes to."""
        return self.case.meeting is not None and self.case.industry.process is not None

    @property
    def owners_at_table(self) -> int:
        """Number of owners at the table; 0 without a meeting."""
        return len(self.case.meeting.owners) if self.case.meeting is not None and self.meets else 0

    @property
    def priced(self) -> bool:
        """Whether there are plants, and a price of the date, to test their state by."""
        industry = self.case.industry
        return bool(industry.plants) and 0.0 < industry.price_per_t < math.inf

    @property
    def holds(self) -> bool:
        """Whether it is asked which tonnages hold: a meeting of twenty owners at most, in an industry of 300 plants."""
        few = len(self.case.industry.plants) <= MOST_PLANTS_HELD
        return few and 0 < self.owners_at_table <= MOST_GONE_THROUGH

    @property
    def divides(self) -> bool:
        """Whether institutions, enforcement and division are asked: a meeting of fourteen owners at most."""
        return 0 < self.owners_at_table <= MOST_DIVIDED

    @property
    def ranged(self) -> bool:
        """Whether it is asked what the margin hangs on: a meeting of ten owners at most."""
        return 0 < self.owners_at_table <= MOST_RANGED

    @property
    def _factors(self) -> bool:
        return any(item.high > item.low for item in self.case.factors)

    @property
    def reachable(self) -> bool:
        """Whether those present run as much as the least cut, so that what it does to markets can be asked."""
        meeting, industry = self.case.meeting, self.case.industry
        if meeting is None:
            return False
        present = set(meeting.owners)
        owned = zip(industry.plants, industry.plant_owners, strict=True)
        running = sum(plant.running_kt for plant, owner in owned if owner in present)
        return meeting.least_cut_kt <= running

    @computed_once
    def state(self) -> ObservedState | None:
        """Whether the state of the lines holds at the price of the date; None without a price or plants to test it by.

        Where the case has a meeting also the share of draws in which some line is not explained.
        """
        if self.observed is None or not (self.meets and self.draws):
            return self.observed
        from potline.evidence import state

        return state(self.case, draws=self.draws, seed=self.seed)

    @computed_once
    def observed(self) -> ObservedState | None:
        """The same at central values alone."""
        if not self.priced:
            return None
        from potline.shutdown import observed_state

        return observed_state(self.case.industry)
