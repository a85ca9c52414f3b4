"""Nouns: frozen, hashable, keyword-only; no arrays and no answers."""

from potline.industry.chain import InputMarket, Refinery
from potline.industry.change import Change, Path, parse_path
from potline.industry.deal import Agreement, Efficient, JointCut, ProRata, Rule, Stated
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
from potline.industry.people import Firm, Government
from potline.industry.plant import ELECTRICITY, Input, Plant, SmoothCost
from potline.industry.policy import LumpSum, Policy, PowerSubsidy, StatePurchase

__all__ = [
    "ELECTRICITY",
    "Agreement",
    "Change",
    "Demand",
    "Efficient",
    "Firm",
    "Government",
    "ImportParity",
    "Industry",
    "Input",
    "InputMarket",
    "IsoelasticDemand",
    "JointCut",
    "LinearDemand",
    "LumpSum",
    "Path",
    "Plant",
    "Policy",
    "PowerSubsidy",
    "PriceProcess",
    "ProRata",
    "Project",
    "Refinery",
    "Rule",
    "SmoothCost",
    "StatePurchase",
    "Stated",
    "Trade",
    "Tranche",
    "parse_path",
    "policy_changes",
]
