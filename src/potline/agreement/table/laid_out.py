"""A meeting as it stands, laid out once: who sits there, what idling costs, what is cut without a deal.

Every question of a meeting reads the same one: its verdict, institutions, proposals, remedy, enforcement and division.
"""

from __future__ import annotations

__all__ = ["Cuts", "LaidOut", "lay_out"]

import dataclasses
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from potline.agreement.table.games import Games, games_of
from potline.agreement.table.question import Question, question_of
from potline.agreement.table.stakes import Stakes, needs_bound, stakes
from potline.cases import Case
from potline.cases.limits import MOST_GONE_THROUGH
from potline.choices import Baseline, Rule
from potline.compiled import CompiledIndustry, compile_industry
from potline.numerics.joint_cut.deals import Alone, Deals, alone, deals
from potline.shutdown import Priced, Terms, priced_at, terms_of

Cuts = tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LaidOut:
    """A meeting of one draw.

    Attributes:
        case, question: what is asked.
        compiled, terms, priced, here: the industry as arrays, what its options rest on and come to, and the stakes.
        nash: the cuts that no owner would change alone, and each owner's best cut if nobody else cuts.
    """

    case: Case
    question: Question
    compiled: CompiledIndustry
    terms: Terms
    priced: Priced
    here: Stakes
    nash: Alone
    tables: dict[Baseline, Deals] = dataclasses.field(default_factory=dict[Baseline, Deals], repr=False)

    def base(self, baseline: Baseline) -> Alone | None:
        """Return the cuts of a baseline; None where it is what is observed."""
        return self.nash if baseline == Baseline.NASH else None

    @property
    def running_kt(self) -> NDArray[np.float64]:
        """What each owner at the table runs, kt/year."""
        plants = self.here.plants
        by_owner = np.zeros(len(self.compiled.owners))
        np.add.at(by_owner, plants.owner, plants.running_kt[0])
        return by_owner[self.question.attendees]

    def cuts(self, baseline: Baseline) -> Cuts:
        """Return what owners idle without a deal, kt/year; nothing where the baseline is what is observed."""
        return () if baseline == Baseline.OBSERVED else self.here.cuts_of(self.nash)

    def table(self, baseline: Baseline) -> Deals:
        """Return every coalition on a baseline, scored once."""
        if baseline not in self.tables:
            self.tables[baseline] = deals(
                self.here.arrangement,
                self.question.attendees,
                np.array([self.question.least_cut_kt]),
                rule=self.question.rule.place,
                stated_cut_kt=self.question.stated_cut_kt,
                baseline=self.base(baseline),
                table=True,
            )
        return self.tables[baseline]

    def games(self, baseline: Baseline) -> Games:
        """Return what every coalition that reaches the tonnage brings its members on a baseline."""
        return games_of(self.here, self.question, self.table(baseline), self.base(baseline))

    def asking(self, least_cut_kt: float) -> LaidOut:
        """Return the same meeting asked for another tonnage."""
        question = dataclasses.replace(self.question, least_cut_kt=least_cut_kt)
        return dataclasses.replace(self, question=question, tables={})


def lay_out(
    case: Case,
    rule: Rule | None = None,
    *,
    question: Question | None = None,
    compiled: CompiledIndustry | None = None,
    most: int = MOST_GONE_THROUGH,
) -> LaidOut:
    """Lay out the meeting of a case.

    Args:
        case: a case with a meeting.
        rule: how a cut is shared, the case's unless told otherwise.
        question: the case's own unless told otherwise.
        compiled: one draw of the industry; its central values unless given.
        most: owners that can be dealt with.

    Raises:
        InputError: no meeting, or one that cannot be held.
    """
    asked = question_of(case, rule, most=most) if question is None else question
    industry = compile_industry(case.industry) if compiled is None else compiled
    terms = terms_of(industry, np.array([asked.term_years]))
    priced = priced_at(terms, np.ascontiguousarray(industry.number("price_per_t")))
    here = stakes(industry, terms, priced)
    needs_bound(here, asked.attendees, Rule.EFFICIENT)
    nash = alone(here.arrangement, solo=True)
    return LaidOut(case=case, question=asked, compiled=industry, terms=terms, priced=priced, here=here, nash=nash)
