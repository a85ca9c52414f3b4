"""The certificates of a run, in one list: what separate code found about each answer."""

from __future__ import annotations

__all__ = ["certificates_of"]

import math

import numpy as np

from potline.report.answers import Answers
from potline.report.deals import DealAnswers
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
        obstacles = answers.meeting.obstacles
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
                name="meeting: no group better",
                value=float(checked.bound),
                tolerance=checked.tolerance,
                holds=bool(checked.bound <= checked.tolerance),
                unit="of price",
                method=f"most by which one of {checked.coalitions} recomputed groups exceeds what none should exceed",
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
        if obstacles is not None and not math.isnan(answers.meeting.margin_m_per_year):
            gap = obstacles.largest_gap_m_per_year
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
        found += _deal(answers.deal, answers.case.currency) if answers.deal is not None else []
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


def _deal(deal: DealAnswers, currency: str) -> list[Certificate]:
    """Return what was checked about the deal over time, its division and the remedy."""
    found: list[Certificate] = []
    if deal.over_time is not None:
        tables = [table for threat in deal.over_time.threats for table in (threat.signing, threat.running)]
        checks = [table.certificate for table in tables if table.certificate.checked]
        if checks:
            found.append(
                Certificate(
                    name="deal over time: critical patience",
                    value=max(0.0, *(item.gain_below for item in checks)),
                    tolerance=checks[0].tolerance,
                    holds=all(item.holds for item in checks),
                    unit="of the stakes",
                    method="one-shot deviations, state by state, just below and above each critical rate",
                )
            )
    cores = [item for item in (deal.division.core, deal.division.core_with_lone_cuts) if item is not None]
    if cores:
        checked = [item.certificate for item in cores]
        found.append(
            Certificate(
                name="division: core",
                value=max(max(item.weights_error, item.value_error, item.point_error) for item in checked),
                tolerance=checked[0].tolerance,
                holds=all(item.holds for item in checked),
                unit="of the largest worth",
                method="balanced weights, what they prove, and the points named, added up anew over every group",
            )
        )
    if deal.remedy is not None:
        gaps = [item.gap_m_per_year for item in deal.remedy.measures if item.suffices]
        found.append(
            Certificate(
                name="remedy: levels",
                value=max(gaps, default=0.0),
                tolerance=deal.remedy.tolerance_m_per_year,
                holds=deal.remedy.certified,
                unit=f"m {currency}/year",
                method="the group, those without one member and 16 others played again without the sweep at each level",
            )
        )
    return found
