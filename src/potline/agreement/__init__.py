"""Agreements: whether owners agree a joint cut, what stands in the way, and which cartels are stable."""

from potline.agreement.attribution import OBSTACLES, Attribution, Obstacle, attribution
from potline.agreement.cartels import CartelStability, cartel_stability
from potline.agreement.checks import Certificate
from potline.agreement.division import Nucleolus, NucleolusCertificate, banzhaf, nucleolus, shapley
from potline.agreement.division_bargaining import Bargain, nash_bargaining
from potline.agreement.division_core import Core, CoreCertificate, WeighedCoalition, core
from potline.agreement.division_game import (
    Belief,
    CoalitionGame,
    OutsidersAlone,
    OutsidersTogether,
    OutsidersWorst,
    coalition_game,
)
from potline.agreement.division_meeting import MeetingDivision, divide_meeting
from potline.agreement.division_payments import (
    ByNash,
    ByNucleolus,
    ByShapley,
    CoalitionGains,
    Division,
    Payment,
    deal_game,
    divide,
    payments,
)
from potline.agreement.enforcement import critical_discount_factor, incentives
from potline.agreement.enforcement_deals import DealPayoffs, price_deal, quantity_deal
from potline.agreement.enforcement_games import PayoffSet, RepeatedGame, game_deal, payoff_set
from potline.agreement.enforcement_meeting import Enforcement, enforcement
from potline.agreement.enforcement_noise import NoisyCollusion, Spell, collusion_under_noise
from potline.agreement.enforcement_over_time import DelayedDetection, OverTime, Threat, enforcement_over_time
from potline.agreement.enforcement_stakes import CoalitionPatience
from potline.agreement.enforcement_strategies import GreenPorter, Grim, StickAndCarrot
from potline.agreement.enforcement_table import EnforcementCertificate, IncentiveRow, IncentiveTable
from potline.agreement.institutions import (
    ConditionalStockpile,
    Convened,
    Farsighted,
    Mandated,
    Sequential,
    Unanimity,
    Voluntary,
    VoluntaryWithTransfers,
    convene,
)
from potline.agreement.institutions_compared import compare_institutions
from potline.agreement.meeting import meeting
from potline.agreement.proposals import (
    Announced,
    CapacityOffLine,
    CostOrder,
    Maintenance,
    Proposed,
    Tabled,
    propose,
)
from potline.agreement.proposals_conditional import Condition, Conditional
from potline.agreement.proposals_trigger import TriggerRange, trigger_range
from potline.agreement.remedy import remedy
from potline.agreement.remedy_result import Measure, Remedy
from potline.agreement.result import (
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
from potline.agreement.sensitivity import MarginSensitivity, margin_sensitivity
from potline.agreement.share import AgreementShare, agreement_share
from potline.agreement.share_institutions import InstitutionShare, institution_share
from potline.agreement.stability_map import BoundaryPoint, StabilityMap, stability_map
from potline.agreement.tornado import Tornado, TornadoRow, tornado
from potline.agreement.turning import TurningPoint, turning_points

__all__ = [
    "OBSTACLES",
    "AgreementShare",
    "Announced",
    "Attribution",
    "Bargain",
    "Belief",
    "BoundaryPoint",
    "ByNash",
    "ByNucleolus",
    "ByShapley",
    "CapacityOffLine",
    "CartelStability",
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
    "CoreCertificate",
    "CostOrder",
    "DealPayoffs",
    "DelayedDetection",
    "Division",
    "Enforcement",
    "EnforcementCertificate",
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
    "NucleolusCertificate",
    "Obstacle",
    "OutsideMoney",
    "OutsidersAlone",
    "OutsidersTogether",
    "OutsidersWorst",
    "OverTime",
    "OwnerRow",
    "Payment",
    "PayoffSet",
    "Pivot",
    "Proposed",
    "Remedy",
    "RepeatedGame",
    "Sequential",
    "Spell",
    "StabilityMap",
    "StickAndCarrot",
    "Tabled",
    "Threat",
    "TonnageSweep",
    "Tornado",
    "TornadoRow",
    "TriggerRange",
    "TurningPoint",
    "Unanimity",
    "Voluntary",
    "VoluntaryWithTransfers",
    "WeighedCoalition",
    "agreement_share",
    "attribution",
    "banzhaf",
    "cartel_stability",
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
    "game_deal",
    "incentives",
    "institution_share",
    "margin_sensitivity",
    "meeting",
    "nash_bargaining",
    "nucleolus",
    "payments",
    "payoff_set",
    "price_deal",
    "propose",
    "quantity_deal",
    "remedy",
    "shapley",
    "stability_map",
    "tornado",
    "trigger_range",
    "turning_points",
]
