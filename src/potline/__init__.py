"""Potline: who loses money, who stops, and whether producers will agree a joint cut.

The public vocabulary, imported only when used: ``import potline as pot`` is instant, ``pot.solve`` brings what it
needs.

Examples:
    >>> import potline as pot
    >>> duopoly = pot.Industry(
    ...     name="duopoly",
    ...     demand=pot.LinearDemand.from_line(intercept_per_t=10.0, slope_per_kt=1.0),
    ...     plants=(pot.Plant(name="A", firm="A", capacity_kt=9.0, other_cost_per_t=1.0),
    ...             pot.Plant(name="B", firm="B", capacity_kt=9.0, other_cost_per_t=1.0)))
    >>> round(pot.solve(duopoly, pot.Cournot()).price_per_t, 6)
    4.0
"""

from __future__ import annotations

import importlib
from typing import Any

from potline._version import __version__
from potline.showing import shown_by

_HOMES = {
    "potline.industry": (
        "Activity Amount Change CostStep CrossTerm Efficient Firm FixedDemand Government ImportParity Industry Input "
        "InputMarket IsoelasticDemand IsoelasticLocalDemand JointCut LinearDemand LocalDemand LumpSum Network "
        "OreSource Place Plant PowerSubsidy PriceProcess ProRata Product Project Quota RestOfWorld Route SmoothCost "
        "StatePurchase Stated Stock Supplier SupplyRoute Trade Tranche"
    ),
    "potline.choices": (
        "Baseline Belief Conduct CostMeasure Ending IdleBelow Institution Instrument Language OnFailure Party Rule "
        "StateStatus StopKind Valuation"
    ),
    "potline.sources": "Claim Claims Interval Source",
    "potline.frame": "Frame",
    "potline.errors": "CertificateFailed Infeasible InputError PotlineError Problem",
    "potline.cases": (
        "Case DocumentedStop ExtraColumn Factor InputRange Meeting MonthFact Outcome PlantNoise RecordEntry Series "
        "Upgrade case_frames case_from_frames load new shipped upgrade"
    ),
    "potline.lists": "DroppedRow ListGuess ListImport ListNote import_list",
    "potline.compiled": "CompiledIndustry DrawnChange compile_industry",
    "potline.costs": "CostCurve cost_curve",
    "potline.plausibility": "CaseWarning UsualRange check usual_ranges",
    "potline.shutdown": "ObservedState PriceEstimate StoppingPrices estimate_price_process stopping_prices",
    "potline.equilibrium": (
        "Accuracy Cartel CashCost ChainRelief ChainResult Competitive Conjectural Cournot InputMarketResult JointCap "
        "Leader LinesEquilibrium MarketEquilibrium NetworkEquilibrium ShortageProof Stage StopAndRestart Successive "
        "Sweep Tolerance chain chain_relief input_relief solve solve_input_market solve_lines"
    ),
    "potline.agreement": (
        "AgreementShare Announced Attribution Bargain ByNash ByNucleolus ByShapley CapacityOffLine "
        "CoalitionGains CoalitionGame Conditional ConditionalStockpile Convened Core CostOrder DealPayoffs Division "
        "Enforcement Farsighted GreenPorter Grim IncentiveTable InstitutionShare Maintenance Mandated "
        "MarginSensitivity MeetingDivision MeetingResult NoisyCollusion Nucleolus OutsidersAlone OutsidersTogether "
        "OutsidersWorst OverTime Payment Proposed Remedy Sequential StabilityMap "
        "StickAndCarrot Tabled TonnageAttribution TonnageBounds TonnageMap TonnageSensitivity TonnageShare "
        "TonnageTornado TonnageWindow TonnagesThatHold Tornado TriggerRange "
        "TurningPoint Unanimity UnilateralCuts Voluntary VoluntaryWithTransfers agreement_share attribution "
        "banzhaf coalition_game collusion_under_noise compare_institutions convene core critical_discount_factor "
        "deal_game divide divide_meeting enforcement enforcement_over_time incentives institution_share "
        "margin_sensitivity meeting nash_bargaining nucleolus payments price_deal propose quantity_deal remedy "
        "shapley stability_map tonnage_attribution tonnage_bounds tonnage_map tonnage_sensitivity tonnage_share "
        "tonnage_tornado tonnages_by_month tonnages_by_price tonnages_that_hold "
        "tornado trigger_range turning_points unilateral_cuts"
    ),
    "potline.textbook": "CartelStability PayoffSet RepeatedGame cartel_stability game_deal payoff_set",
    "potline.evidence": (
        "DocumentedStops Hindcast InputImports NoDealMarket Record documented_stops input_imports no_deal_market state"
    ),
    "potline.answers": "Answers hindcast record",
    "potline.report.briefing": "Brief",
    "potline.report.comparing": "CaseComparison",
    "potline.report.running": "RunResult",
    "potline.questions.verbs": "brief compare rerun run",
    "potline.verification": "Check verify",
}
shown_by("potline.questions.faces")
_HOME = {name: module for module, names in _HOMES.items() for name in names.split()}

__all__ = ["__version__", *_HOME]  # pyright: ignore[reportUnsupportedDunderAll]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'potline' has no attribute {name!r}")
    value = getattr(importlib.import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
