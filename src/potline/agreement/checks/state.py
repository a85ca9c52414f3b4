"""The certificate of a state over draws: some of them tested again, each from its nouns. What carries no verdict."""

from __future__ import annotations

__all__ = ["told", "verify_state_share"]

from potline.agreement.certificate import Gaps, gathered
from potline.agreement.checks.points import at_draw, drawn, some_rows
from potline.cases import Case
from potline.industry import Industry, IsoelasticDemand, StatePurchase
from potline.shutdown import StateShare, observed_state, verify_state
from potline.verification import Check

_LOOKED_AT = 6
_QUESTION, _DRAWS = "question", "tonnes"
_TOLD = (
    (_QUESTION, 0.0, "differences", "the industry tested, shapes, and that the draws can be drawn again"),
    (_DRAWS, 1e-6, "relative", "some draws tested again, one at a time, each from its nouns"),
)


def told(case: Case, verdict: str) -> str:
    """Return the verdict that may be told: none where more runs than buyers, stores and exports take by 2 %."""
    industry = case.industry
    demand, price = industry.demand, industry.price_per_t
    if price <= industry.trade.export_floor_per_t * (1.0 + 1e-9):
        return verdict
    share = price / demand.price_per_t
    share = (
        share**-demand.elasticity if isinstance(demand, IsoelasticDemand) else 1.0 - demand.elasticity * (share - 1.0)
    )
    stored = sum(policy.quantity_kt for policy in industry.policies if isinstance(policy, StatePurchase))
    taken = max(share, 0.0) * demand.quantity_kt + stored
    return "no verdict" if sum(plant.running_kt for plant in industry.plants) > 1.02 * taken else verdict


def verify_state_share(industry: Industry, share: StateShare) -> tuple[Check, ...]:
    """Return checks of what is said of draws: those with least and most that is not explained, and others by seed.

    Args:
        industry: that was tested at central values.
        share: what is said.
    """
    gaps, case, count = Gaps(), share.case, share.draws
    said = (share.not_explained_kt, share.not_explained_per_t, share.below_restart_kt)
    gaps.equal(_QUESTION, (case.industry, [one.shape for one in said]), (industry, [(count,)] * 3))
    found = drawn(gaps, _QUESTION, case, count, share.seed)
    if found is not None and not any(gaps.worst.values()):
        values, error = found
        for row in some_rows(count, _LOOKED_AT, -share.not_explained_kt - 1e-3 * share.below_restart_kt, count):
            there = observed_state(at_draw(case, values[row], error[row]).industry)
            gaps.equal(_QUESTION, verify_state(there).holds, True)
            again = (there.not_explained_kt, there.mean_not_explained_per_t, there.below_restart_kt)
            size = float(there.running_kt.sum()) or 1.0
            for one, figure, scale in zip(said, again, (size, industry.price_per_t, size), strict=True):
                gaps.same(_DRAWS, one[row], figure, scale)
    return gathered(gaps, "state, draws", _TOLD).checks
