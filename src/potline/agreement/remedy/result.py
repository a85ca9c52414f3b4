"""What it would take: typed answers. Money in millions a year unless said; costs to the public, below 0 if it saves."""

from __future__ import annotations

__all__ = ["INSTRUMENTS", "FrontierPoint", "Instrument", "Measure", "Payment", "Remedy"]

import math
from dataclasses import dataclass, field

from potline.agreement.certificate import NOTHING, Certificate
from potline.agreement.verdict.result import Margin
from potline.cases import Case
from potline.choices import Baseline, Belief, Institution, Rule, Tested
from potline.reading import one_of, refuse


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """A lever that a state, or the owners themselves, could move.

    Attributes:
        name, unit: of its level.
        words: what it is.
        public: whether the state pays for it or saves by it.
    """

    name: str
    unit: str
    words: str
    public: bool


INSTRUMENTS = (
    Instrument(
        name="transfer", unit="million a year", words="money from outside, to each who lacks what it lacks", public=True
    ),
    Instrument(
        name="compensation", unit="money/t a year", words="paid to members on each tonne idled in the deal", public=True
    ),
    Instrument(
        name="stockpile quota",
        unit="kt bought per kt idled",
        words="the state buys the product of members in proportion to what they idle, at the price plus a stated "
        "premium, and holds it off the market for the term",
        public=True,
    ),
    Instrument(
        name="stockpile premium",
        unit="money/t",
        words="the state buys of members a kt for each kt idled and holds it; the level is the premium over the price",
        public=True,
    ),
    Instrument(
        name="switching cost paid",
        unit="share",
        words="the state pays members this share of stopping, of holding over the term and, in advance, of restarting",
        public=True,
    ),
    Instrument(name="support removed", unit="share", words="support per tonne falls by this share", public=True),
    Instrument(name="lump sums removed", unit="share", words="lump sums fall by this share", public=True),
    Instrument(name="pressure removed", unit="share", words="pressure not to idle falls by this share", public=False),
    Instrument(name="penalty", unit="million a year", words="what a member that leaves must pay", public=False),
    Instrument(name="longer term", unit="years", words="the deal is made for this long", public=False),
    Instrument(name="lower discount rate", unit="a year", words="owners discount at no more than this", public=False),
    Instrument(
        name="import ceiling lifted",
        unit="money/t",
        words="a diagnostic: import parity stands this much higher",
        public=False,
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """Who pays whom, million a year."""

    payer: str
    payee: str
    m_per_year: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """The least level of one instrument that makes an agreement, and what it costs.

    Attributes:
        instrument, unit, institution, baseline, leaving, rule: the question.
        suffices: whether some level tried makes the margin 0 or more.
        level: the least such level, nan where none is; 0 (or the case's own term or rate) where an agreement exists
            without it.
        largest_tried: the far end of what was tried.
        monotone: whether on 33 levels from none to the far end the margin never turns negative again; where it does,
            the level is that of the first crossing.
        coalition, cut_kt: who agrees, and what they idle.
        public_cost_m_per_year: nan where none suffices; 0 where nobody but the owners pays.
        outlay_m_per_year: what the state lays out where it gets the product for it, else the same.
        payments: who pays whom at the level; for a penalty what each must be bound by, payable to nobody in the deal.
        margin_m_per_year, margin_below_m_per_year: at the level, and at ``level_below``, a hair short of it; nan where
            none is needed.
        baseline_cuts: what owners idle without a deal at the level, kt/year; empty for the observed baseline.
    """

    instrument: str
    unit: str
    institution: Tested
    baseline: Baseline
    leaving: Belief
    rule: Rule
    suffices: bool
    level: float
    largest_tried: float
    monotone: bool
    coalition: tuple[str, ...] = ()
    cut_kt: float = math.nan
    public_cost_m_per_year: float = math.nan
    outlay_m_per_year: float = math.nan
    payments: tuple[Payment, ...] = ()
    margin_m_per_year: float = math.nan
    margin_below_m_per_year: float = math.nan
    level_below: float = math.nan
    baseline_cuts: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontierPoint:
    """What a tonnage costs the public by one instrument under one institution; nan cost where none suffices."""

    least_cut_kt: float
    institution: Tested
    instrument: str
    level: float
    public_cost_m_per_year: float
    coalition: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """What it would take for the owners of a case to agree.

    Attributes:
        case, case_name, currency, rule, least_cut_kt, term_years, premium_per_t, changes, version: the question; the
            premium is that of the stockpile quota.
        margins: without any instrument.
        measures: one an instrument and margin.
        frontier: cost against tonnage, for baseline ``observed`` and leaving rule ``keep``.
        certificate: what separate code found.
    """

    case: Case = field(repr=False)
    case_name: str
    currency: str
    rule: Rule
    least_cut_kt: float
    term_years: float
    premium_per_t: float
    changes: tuple[str, ...]
    version: str
    margins: tuple[Margin, ...]
    measures: tuple[Measure, ...]
    frontier: tuple[FrontierPoint, ...]
    certificate: Certificate = NOTHING

    def measure(
        self,
        instrument: str,
        institution: Tested = Institution.VOLUNTARY,
        baseline: Baseline = Baseline.OBSERVED,
        leaving: Belief = Belief.KEEP,
    ) -> Measure:
        """Return one measure; the headline's unless told otherwise."""
        wanted = (instrument, institution, baseline, leaving)
        for item in self.measures:
            if (item.instrument, item.institution, item.baseline, item.leaving) == wanted:
                return item
        one_of("Remedy.measure, instrument", instrument, [item.name for item in INSTRUMENTS], "an instrument")
        found = f"{instrument}, {institution}, {baseline}, {leaving}"
        hint = "Ask `remedy` with every=True for all baselines and ways of leaving."
        raise refuse("Remedy.measure", found, "a measure that was computed", hint)

    def cheapest(
        self,
        institution: Tested = Institution.VOLUNTARY,
        baseline: Baseline = Baseline.OBSERVED,
        leaving: Belief = Belief.KEEP,
    ) -> Measure | None:
        """Return the measure that pays out least of those by which the state pays; None where none suffices."""
        paid = {item.name for item in INSTRUMENTS[:5]}
        found = [
            item
            for item in self.measures
            if (item.institution, item.baseline, item.leaving) == (institution, baseline, leaving)
            and item.suffices
            and item.instrument in paid
        ]
        return min(found, key=lambda item: item.public_cost_m_per_year, default=None)
