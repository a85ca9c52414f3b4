"""Agreements: whether owners agree a joint cut, what stands in the way, and what would bring it about."""

from potline.agreement.certificate import Certificate
from potline.agreement.division.answers import (
    Bargain,
    ByNash,
    ByNucleolus,
    ByShapley,
    Core,
    Division,
    MeetingDivision,
    Nucleolus,
    Payment,
    WeighedCoalition,
)
from potline.agreement.division.bargaining import nash_bargaining
from potline.agreement.division.core import core
from potline.agreement.division.game import (
    CoalitionGame,
    OutsidersAlone,
    OutsidersBelief,
    OutsidersTogether,
    OutsidersWorst,
    coalition_game,
)
from potline.agreement.division.meeting import divide_meeting
from potline.agreement.division.payments import CoalitionGains, deal_game, divide, payments
from potline.agreement.division.values import banzhaf, nucleolus, shapley
from potline.agreement.enforcement.collusion import collusion_under_noise
from potline.agreement.enforcement.deals import DealPayoffs
from potline.agreement.enforcement.incentives import critical_discount_factor, incentives
from potline.agreement.enforcement.kept import DelayedDetection, Enforcement, OverTime, Threat
from potline.agreement.enforcement.meeting import enforcement
from potline.agreement.enforcement.noise import Spell
from potline.agreement.enforcement.noisy import NoisyCollusion
from potline.agreement.enforcement.over_time import enforcement_over_time
from potline.agreement.enforcement.prices import price_deal
from potline.agreement.enforcement.quantities import quantity_deal
from potline.agreement.enforcement.stakes import CoalitionPatience
from potline.agreement.enforcement.strategies import GreenPorter, Grim, StickAndCarrot
from potline.agreement.enforcement.table import IncentiveRow, IncentiveTable
from potline.agreement.institutions.compared import compare_institutions
from potline.agreement.institutions.convene import convene
from potline.agreement.institutions.outcome import (
    ConditionalStockpile,
    Convened,
    Farsighted,
    InstitutionShare,
    Mandated,
    Sequential,
    Unanimity,
    Voluntary,
    VoluntaryWithTransfers,
)
from potline.agreement.institutions.share import institution_share
from potline.agreement.proposals.outcome import Condition, Conditional, Proposed, TriggerRange
from potline.agreement.proposals.plain import Announced, CapacityOffLine, CostOrder, Maintenance, Tabled
from potline.agreement.proposals.propose import propose
from potline.agreement.proposals.trigger import trigger_range
from potline.agreement.remedy.least import remedy
from potline.agreement.remedy.result import Measure, Remedy
from potline.agreement.table.question import everyone_at
from potline.agreement.verdict.attribution import attribution
from potline.agreement.verdict.bounded import TonnageBound, TonnageBounds
from potline.agreement.verdict.bounds import tonnage_bounds
from potline.agreement.verdict.held import TonnageInterval, TonnageSet, TonnagesThatHold
from potline.agreement.verdict.meeting import meeting
from potline.agreement.verdict.moved import (
    BoundaryPoint,
    MarginSensitivity,
    StabilityMap,
    Tornado,
    TornadoRow,
    TurningPoint,
)
from potline.agreement.verdict.moved_tonnages import TonnageMap, TonnageSensitivity, TonnageTornado, TonnageTornadoRow
from potline.agreement.verdict.obstacles import OBSTACLES, Attribution, Obstacle
from potline.agreement.verdict.result import (
    CoalitionTable,
    Examined,
    LoneCut,
    Margin,
    MeetingResult,
    OutsideMoney,
    OwnerRow,
    Pivot,
    TonnageSweep,
)
from potline.agreement.verdict.sensitivity import margin_sensitivity
from potline.agreement.verdict.share import agreement_share
from potline.agreement.verdict.shares import AgreementShare
from potline.agreement.verdict.stability_map import stability_map
from potline.agreement.verdict.tonnage_attribution import tonnage_attribution
from potline.agreement.verdict.tonnage_map import tonnage_map
from potline.agreement.verdict.tonnage_obstacles import TonnageAttribution, TonnageObstacle
from potline.agreement.verdict.tonnage_sensitivity import tonnage_sensitivity
from potline.agreement.verdict.tonnage_share import tonnage_share
from potline.agreement.verdict.tonnage_shares import TonnageShare
from potline.agreement.verdict.tonnage_tornado import tonnage_tornado
from potline.agreement.verdict.tonnages import tonnages_that_hold
from potline.agreement.verdict.tornado import tornado
from potline.agreement.verdict.turning import turning_points
from potline.agreement.verdict.unilateral import unilateral_cuts
from potline.agreement.verdict.unilateral_result import AnsweredDeal, AnsweredMember, UnilateralCut, UnilateralCuts
from potline.agreement.verdict.window import tonnages_by_month, tonnages_by_price
from potline.agreement.verdict.windows import TonnageWindow, WindowPoint

__all__ = [
    "OBSTACLES",
    "AgreementShare",
    "Announced",
    "AnsweredDeal",
    "AnsweredMember",
    "Attribution",
    "Bargain",
    "BoundaryPoint",
    "ByNash",
    "ByNucleolus",
    "ByShapley",
    "CapacityOffLine",
    "Certificate",
    "CoalitionGains",
    "CoalitionGame",
    "CoalitionPatience",
    "CoalitionTable",
    "Condition",
    "Conditional",
    "ConditionalStockpile",
    "Convened",
    "Core",
    "CostOrder",
    "DealPayoffs",
    "DelayedDetection",
    "Division",
    "Enforcement",
    "Examined",
    "Farsighted",
    "GreenPorter",
    "Grim",
    "IncentiveRow",
    "IncentiveTable",
    "InstitutionShare",
    "LoneCut",
    "Maintenance",
    "Mandated",
    "Margin",
    "MarginSensitivity",
    "Measure",
    "MeetingDivision",
    "MeetingResult",
    "NoisyCollusion",
    "Nucleolus",
    "Obstacle",
    "OutsideMoney",
    "OutsidersAlone",
    "OutsidersBelief",
    "OutsidersTogether",
    "OutsidersWorst",
    "OverTime",
    "OwnerRow",
    "Payment",
    "Pivot",
    "Proposed",
    "Remedy",
    "Sequential",
    "Spell",
    "StabilityMap",
    "StickAndCarrot",
    "Tabled",
    "Threat",
    "TonnageAttribution",
    "TonnageBound",
    "TonnageBounds",
    "TonnageInterval",
    "TonnageMap",
    "TonnageObstacle",
    "TonnageSensitivity",
    "TonnageSet",
    "TonnageShare",
    "TonnageSweep",
    "TonnageTornado",
    "TonnageTornadoRow",
    "TonnageWindow",
    "TonnagesThatHold",
    "Tornado",
    "TornadoRow",
    "TriggerRange",
    "TurningPoint",
    "Unanimity",
    "UnilateralCut",
    "UnilateralCuts",
    "Voluntary",
    "VoluntaryWithTransfers",
    "WeighedCoalition",
    "WindowPoint",
    "agreement_share",
    "attribution",
    "banzhaf",
    "coalition_game",
    "collusion_under_noise",
    "compare_institutions",
    "convene",
    "core",
    "critical_discount_factor",
    "deal_game",
    "divide",
    "divide_meeting",
    "enforcement",
    "enforcement_over_time",
    "everyone_at",
    "incentives",
    "institution_share",
    "margin_sensitivity",
    "meeting",
    "nash_bargaining",
    "nucleolus",
    "payments",
    "price_deal",
    "propose",
    "quantity_deal",
    "remedy",
    "shapley",
    "stability_map",
    "tonnage_attribution",
    "tonnage_bounds",
    "tonnage_map",
    "tonnage_sensitivity",
    "tonnage_share",
    "tonnage_tornado",
    "tonnages_by_month",
    "tonnages_by_price",
    "tonnages_that_hold",
    "tornado",
    "trigger_range",
    "turning_points",
    "unilateral_cuts",
]
