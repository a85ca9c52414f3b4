"""Who loses money, and how much: the industry's cost curve."""

from potline.costs.checks import verify_curve
from potline.costs.curve import CostCurve, cost_curve
from potline.costs.groups import CostGroup, UnderWater

__all__ = ["CostCurve", "CostGroup", "UnderWater", "cost_curve", "verify_curve"]
