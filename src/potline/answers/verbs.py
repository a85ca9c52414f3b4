"""The two verbs that read many results of one case: its record, and its meeting beside what happened."""

from __future__ import annotations

__all__ = ["hindcast", "record"]

from typing import TYPE_CHECKING

from potline.answers.results import Answers
from potline.cases import Case
from potline.reading import DrawsOrNone, Seed, reads

if TYPE_CHECKING:
    from potline.evidence import Hindcast, Record


@reads
def record(case: Case, *, draws: DrawsOrNone = 32, seed: Seed = 7) -> Record:
    """Set every entry of the case's record beside the model's number.

    Args:
        case: a case with a record; what no entry needs is not computed.
        draws: over the stated ranges, for the share of them in which a line would agree; 0 for none.
        seed: of the draws.

    Examples:
        >>> from potline.cases.parts import RecordEntry
        >>> from potline.industry import Industry, LinearDemand, Plant
        >>> entry = RecordEntry(id="R1", quote="They can make 10 kt.", value=10.0, low=10.0, high=10.0,
        ...                     unit="kt/year", quantity="capacity_kt")
        >>> small = Case(name="small", record=(entry,), industry=Industry(
        ...     name="small", demand=LinearDemand(price_per_t=1.0, quantity_kt=9.0, elasticity=1.0),
        ...     plants=(Plant(name="A", firm="A", capacity_kt=9.8),)))
        >>> line = record(small).lines[0]
        >>> line.model, line.status, round(line.gap, 6)
        (9.8, 'agrees', -0.2)
    """
    from potline.evidence import compare

    return compare(Answers(case, draws=0, spread_draws=0), draws=draws, seed=seed)


@reads
def hindcast(case: Case, *, draws: DrawsOrNone = 0, seed: Seed = 7) -> Hindcast:
    """Set a meeting of the past beside what happened.

    Args:
        case: a case with a meeting, a price process and an outcome.
        draws: for the share of ranges, none unless asked for.
        seed: of the draws.

    Raises:
        InputError: the case has no outcome, no meeting or no price process.

    Examples:
        >>> from potline.cases import Meeting, Outcome
        >>> from potline.industry import Industry, LinearDemand, Plant, PriceProcess
        >>> twins = Industry(name="twins", price_per_t=10.0, process=PriceProcess(volatility=0.2),
        ...     demand=LinearDemand(price_per_t=10.0, quantity_kt=200.0, elasticity=0.5),
        ...     plants=tuple(Plant(name=n, firm=n, capacity_kt=100.0, other_cost_per_t=9.5) for n in "AB"))
        >>> case = Case(name="twins", industry=twins, outcome=Outcome(decision="none"),
        ...     meeting=Meeting(date="", firms=("A", "B"), owners=("A", "B"), least_cut_kt=100.0))
        >>> found = hindcast(case)
        >>> found.comparison("agreed").agrees, found.differ
        (True, ())
    """
    from potline.evidence import look_back

    return look_back(Answers(case, draws=draws, seed=seed, spread_draws=0))
