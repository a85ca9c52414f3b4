"""The certificates of a run, in one list: what separate code found about each answer."""

from __future__ import annotations

__all__ = ["certificates_of"]

import math

import numpy as np

from potline.report.answers import Answers
from potline.report.manifest import Certificate

_SUM_TOLERANCE = 1e-6


def certificates_of(answers: Answers) -> tuple[Certificate, ...]:
    """Return what was checked, how, and whether it holds."""
    found: list[Certificate] = []
    if answers.stops is not None:
        switching = answers.stops.certificate
        fall = answers.stops.waterfall
        gap = float(np.abs(fall.gross_per_t - fall.components_per_t.sum(axis=0) - fall.p_stop_per_t).max())
        found += [
            Certificate(
                name="stopping and restart prices",
                value=float(np.max(switching.bound_per_t / switching.scale_per_t)),
                tolerance=switching.tolerance,
                holds=switching.holds,
                unit="of value",
                method="most that following the prices can give away, from the equation the values must satisfy",
            ),
            Certificate(
                name="waterfall sums",
                value=gap,
                tolerance=_SUM_TOLERANCE,
                holds=gap <= _SUM_TOLERANCE,
                unit=f"{answers.case.currency}/t",
                method="gross cash cost less five components against the stopping price, worst plant",
            ),
        ]
    if answers.market is not None:
        market = answers.market.observed.market.certificate
        found += [
            Certificate(
                name="market without a deal: optimality",
                value=market.kkt,
                tolerance=market.tolerance.kkt,
                holds=market.kkt <= market.tolerance.kkt,
                unit="of price",
                method="largest violation of any block's conditions, capacity and balance",
            ),
            Certificate(
                name="market without a deal: unilateral gain",
                value=market.gain,
                tolerance=market.tolerance.gain,
                holds=market.gain <= market.tolerance.gain,
                unit="of revenue",
                method=f"largest gain of any owner over all breakpoints; uniqueness {market.uniqueness}",
            ),
        ]
    if answers.chain is not None:
        network = answers.chain.equilibrium.certificate
        found.append(
            Certificate(
                name="chain in space",
                value=max(network.residual, network.gap or 0.0),
                tolerance=min(network.tolerance.residual, network.tolerance.gap),
                holds=network.holds,
                method="balance, bounds and complementarity of every activity, way and buyer; gap to the dual",
            )
        )
    if answers.alumina is not None:
        chain = answers.alumina.certificate
        found.append(
            Certificate(
                name="alumina market",
                value=chain.largest_violation,
                tolerance=chain.tolerance,
                holds=chain.holds,
                method="balance and complementarity of every step",
            )
        )
    if answers.meeting is not None:
        checked = answers.meeting.certificate
        gap = answers.meeting.obstacles.largest_gap_m_per_year
        how = f"{checked.coalitions} groups recomputed by bisection and plant-by-plant sums"
        found += [
            Certificate(
                name="meeting: price",
                value=float(checked.price),
                tolerance=checked.tolerance,
                holds=bool(checked.price <= checked.tolerance),
                unit="of price",
                method=how,
            ),
            Certificate(
                name="meeting: gains",
                value=float(checked.gain),
                tolerance=checked.tolerance,
                holds=bool(checked.gain <= checked.tolerance),
                unit="of price",
                method=how,
            ),
            Certificate(
                name="meeting: best cuts alone",
                value=float(checked.regret),
                tolerance=checked.regret_tolerance,
                holds=bool(checked.regret <= checked.regret_tolerance),
                unit="of revenue",
                method="largest gain of an owner from any other cut",
            ),
        ]
        if not math.isnan(answers.meeting.margin_m_per_year):
            found.append(
                Certificate(
                    name="obstacles sum",
                    value=gap,
                    tolerance=_SUM_TOLERANCE,
                    holds=bool(gap <= _SUM_TOLERANCE),
                    unit=f"m {answers.case.currency}/year",
                    method="eight contributions against the difference of the two margins they join",
                )
            )
        share = answers.meeting.share
        if share is not None:
            found.append(
                Certificate(
                    name="draws: best cuts alone",
                    value=share.largest_regret,
                    tolerance=checked.regret_tolerance,
                    holds=share.largest_regret <= checked.regret_tolerance or share.settled < 1.0,
                    unit="of revenue",
                    method=f"largest over all draws; at rest in {100.0 * share.settled:.1f} % of them",
                )
            )
    return tuple(found)
