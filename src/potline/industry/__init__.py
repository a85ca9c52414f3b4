"""Nouns: frozen, hashable, keyword-only; no arrays and no answers."""

from potline.industry.chain import InputMarket, OreSource, Supplier, SupplyRoute
from potline.industry.change import Change, Path, parse_path, selector
from potline.industry.deal import Agreement, Efficient, JointCut, ProRata, Sharing, Stated
from potline.industry.industry import Industry, Project, policy_changes
from potline.industry.market import (
    Demand,
    ImportParity,
    IsoelasticDemand,
    LinearDemand,
    PriceProcess,
    Trade,
    Tranche,
)
from potline.industry.network import (
    Activity,
    Amount,
    CostStep,
    CrossTerm,
    FixedDemand,
    IsoelasticLocalDemand,
    LocalDemand,
    Network,
    Place,
    Product,
    Quota,
    Route,
    Stock,
)
from potline.industry.people import Firm, Government
from potline.industry.plant import ELECTRICITY, Input, Plant, SmoothCost, overfull
from potline.industry.policy import LumpSum, Policy, PowerSubsidy, StatePurchase

__all__ = [
    "ELECTRICITY",
    "Activity",
    "Agreement",
    "Amount",
    "Change",
    "CostStep",
    "CrossTerm",
    "Demand",
    "Efficient",
    "Firm",
    "FixedDemand",
    "Government",
    "ImportParity",
    "Industry",
    "Input",
    "InputMarket",
    "IsoelasticDemand",
    "IsoelasticLocalDemand",
    "JointCut",
    "LinearDemand",
    "LocalDemand",
    "LumpSum",
    "Network",
    "OreSource",
    "Path",
    "Place",
    "Plant",
    "Policy",
    "PowerSubsidy",
    "PriceProcess",
    "ProRata",
    "Product",
    "Project",
    "Quota",
    "Route",
    "Sharing",
    "SmoothCost",
    "StatePurchase",
    "Stated",
    "Stock",
    "Supplier",
    "SupplyRoute",
    "Trade",
    "Tranche",
    "overfull",
    "parse_path",
    "policy_changes",
    "selector",
]
