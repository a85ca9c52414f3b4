"""What it would take: typed answers. Money in millions a year unless said; costs to the public, below 0 if it saves."""

from __future__ import annotations

__all__ = ["BY_THE_TONNE", "STOCKPILES", "UNITS", "FrontierPoint", "Measure", "Payment", "Remedy"]

import math
from dataclasses import dataclass, field

import numpy as np

from potline.agreement.certificate import NOTHING, Certificate
from potline.agreement.verdict.result import Margin
from potline.cases import Case
from potline.choices import Baseline, Belief, Institution, Instrument, Party, Rule, Tested
from potline.numerics.ties import tied
from potline.reading import one_of, refuse
from potline.showing import Short, Shown

UNITS = {
    Instrument.TRANSFER: "million a year",
    Instrument.COMPENSATION: "money/t a year",
    Instrument.STOCKPILE_QUOTA: "kt bought per kt idled",
    Instrument.STOCKPILE_PREMIUM: "money/t",
    Instrument.SWITCHING_COST_PAID: "share",
    Instrument.SUPPORT_REMOVED: "share",
    Instrument.LUMP_SUMS_REMOVED: "share",
    Instrument.PRESSURE_REMOVED: "share",
    Instrument.PENALTY: "million a year",
    Instrument.LONGER_TERM: "years",
    Instrument.LOWER_DISCOUNT_RATE: "a year",
    Instrument.IMPORT_CEILING_LIFTED: "money/t",
}
"""The unit of each instrument's level."""

STOCKPILES = (Instrument.STOCKPILE_QUOTA, Instrument.STOCKPILE_PREMIUM)
BY_THE_TONNE = (Instrument.COMPENSATION, Instrument.STOCKPILE_PREMIUM, Instrument.SWITCHING_COST_PAID)
"""Instruments that pay a member by the tonne, so that a unit of the level adds the same to its gain at any level."""

_PAID = (Instrument.TRANSFER, *STOCKPILES, Instrument.COMPENSATION, Instrument.SWITCHING_COST_PAID)


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """Who pays whom, million a year: owners by name, and who stands beside them."""

    payer: str | Party
    payee: str | Party
    m_per_year: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure(Short):
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

    instrument: Instrument
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
    instrument: Instrument
    level: float
    public_cost_m_per_year: float
    coalition: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy(Shown):
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
        instrument: Instrument,
        institution: Tested = Institution.VOLUNTARY,
        baseline: Baseline = Baseline.OBSERVED,
        leaving: Belief = Belief.KEEP,
    ) -> Measure:
        """Return one measure; the headline's unless told otherwise."""
        wanted = (instrument, institution, baseline, leaving)
        for item in self.measures:
            if (item.instrument, item.institution, item.baseline, item.leaving) == wanted:
                return item
        one_of("Remedy.measure, instrument", instrument, tuple(Instrument), "an instrument")
        if instrument not in {item.instrument for item in self.measures}:
            needed = "an instrument that has something to move in this case"
            hint = (
                "What no plant pays or is paid, a ceiling that is not there and a rate as low as can be are left out."
            )
            raise refuse("Remedy.measure, instrument", repr(instrument), needed, hint)
        found = f"{instrument}, {institution}, {baseline}, {leaving}"
        hint = "Ask `remedy` with every=True for all baselines and ways of leaving."
        raise refuse("Remedy.measure", found, "a measure that was computed", hint)

    def cheapest(
        self,
        institution: Tested = Institution.VOLUNTARY,
        baseline: Baseline = Baseline.OBSERVED,
        leaving: Belief = Belief.KEEP,
    ) -> Measure | None:
        """Return the measure that pays out least of those by which the state pays; None where none suffices.

        Of measures that pay the same but for rounding it is the first in the order of ``Instrument``.
        """
        found = [
            item
            for item in self.measures
            if (item.institution, item.baseline, item.leaving) == (institution, baseline, leaving)
            and item.suffices
            and item.instrument in _PAID
        ]
        if not found:
            return None
        found.sort(key=lambda item: list(Instrument).index(item.instrument))
        return found[int(np.argmin(tied([item.public_cost_m_per_year for item in found])))]
