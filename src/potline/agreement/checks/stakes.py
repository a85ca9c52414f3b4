"""The stakes of an incentive table, checked: those given, or those of an industry, by code of its own."""

from __future__ import annotations

__all__ = ["STAKES", "STICK", "check_stakes"]

import dataclasses
import math
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from potline.agreement.certificate import Gaps
from potline.agreement.checks.cartel import Terms, price_terms, quantity_terms, sellers_of
from potline.agreement.checks.threats import is_stick, stakes_of, under_stick
from potline.choices import Conduct
from potline.industry import Industry

if TYPE_CHECKING:
    from potline.agreement.enforcement.deals import DealPayoffs
    from potline.agreement.enforcement.strategies import StickAndCarrot
    from potline.agreement.enforcement.table import IncentiveTable

Floats = NDArray[np.float64]
STAKES, STICK = "stakes", "no better stick"
_STEP, _LEAST = 1e-6, 1e-6


def check_stakes(gaps: Gaps, name: str, result: IncentiveTable) -> None:
    """Check that a table is about the stakes asked about, under the name of a check; an industry's are computed."""
    asked, deal = result.stakes, result.deal
    stick = result.strategy if is_stick(result.strategy) else None
    if not isinstance(asked, Industry):
        _same(gaps, name, deal, asked)
        gaps.same(name, result.severity, math.nan)
        return
    sellers, price = sellers_of(asked), result.conduct == Conduct.PRICE
    quotas = result.quotas or ("capacity" if price else "cournot")
    understood = quotas in (("capacity", "equal") if price else ("cournot", "capacity", "efficient"))
    understood = understood and (price or result.conduct == Conduct.QUANTITY) and sellers is not None
    gaps.equal(name, understood, True)
    lists = (
        deal.owners, deal.coordinate_m, deal.defect_m, deal.punish_m, deal.stick_m, deal.stick_defect_m,
        deal.cheat_price_per_t,
    )  # fmt: skip
    gaps.equal(name, ({len(item) for item in lists}, deal.owners), ({len(asked.owners)}, asked.owners))
    if sellers is None or not understood or any(len(item) != len(asked.owners) for item in lists):
        return
    if price:
        gaps.equal(name, stick, None)
        terms = price_terms(sellers, quotas)
        carried = shirked = terms.punish
    else:
        terms, sticks = quantity_terms(sellers, quotas)
        carried = shirked = terms.punish
        if stick is not None:
            (carried,), (shirked,) = sticks(np.array([result.severity]))
            _severity(gaps, name, result, stick, sticks)
    if stick is None:
        gaps.same(name, result.severity, math.nan)
    _stakes(gaps, deal, terms, carried, shirked)
    steep = max(abs(terms.price), 1e-6 * abs(sellers.intercept))
    gaps.same(STAKES, [deal.price_per_t, *deal.cheat_price_per_t], [terms.price, *terms.cheat_price], steep)


def _stakes(gaps: Gaps, deal: DealPayoffs, terms: Terms, carried: Floats, shirked: Floats) -> None:
    """Check what each owner earns, by its turnover, or a thousandth of the largest owner's."""
    wanted = [
        (deal.coordinate_m, terms.coordinate), (deal.defect_m, terms.defect), (deal.punish_m, terms.punish),
        (deal.stick_m, carried), (deal.stick_defect_m, shirked),
    ]  # fmt: skip
    scale = np.max(np.abs([terms.turnover, *(found for _, found in wanted)]), axis=0)
    scale = np.maximum(scale, max(1e-3 * float(scale.max()), 1e-300))
    for said, found in wanted:
        gaps.same(STAKES, said, found, scale)
    for costs in (deal.restart_cost_m, deal.punisher_cost_m):
        gaps.same(STAKES, costs, np.zeros(scale.size))
    gaps.equal(STAKES, deal.idle_on_m, ())


def _severity(
    gaps: Gaps,
    name: str,
    result: IncentiveTable,
    strategy: StickAndCarrot,
    sticks: Callable[[Floats], tuple[Floats, Floats]],
) -> None:
    """Check how harsh a stick is: as asked, or so that no other keeps the deal a millionth above the group's rate."""
    if strategy.severity is not None:
        gaps.same(name, result.severity, strategy.severity)
        return
    gaps.add(STICK, 0.0)
    inside = 0.0 <= result.severity <= 1.0
    gaps.equal(name, inside, True)
    rate = result.critical_rate_per_year
    if rate == math.inf or not inside:
        return
    lag, unseen = result.lag_months / 12.0, round(result.lag_months / result.period_months)
    at = np.array([[rate * (1.0 + _STEP) if rate > 0.0 else _LEAST / lag]])
    near = result.severity * (1.0 + np.geomspace(1e-6, 0.1, 11)[:, None] * np.array([-1.0, 1.0])).ravel()
    tried = np.unique(np.clip(np.concatenate((np.linspace(0.0, 1.0, 33) ** 2, near)), 0.0, 1.0))
    plain = stakes_of(result.deal)
    gains: list[float] = []
    for carried, shirked in zip(*sticks(tried), strict=True):
        stakes = dataclasses.replace(plain, stick=carried, shirk=shirked)
        gain = under_stick(stakes, at, result.period_months / 12.0, unseen, strategy.periods)
        gains.append(float((gain / stakes.scale(at)).max()))
    gaps.most(STICK, -np.array(gains), 0.0)


def _same(gaps: Gaps, name: str, deal: DealPayoffs, asked: DealPayoffs) -> None:
    for field in dataclasses.fields(deal):
        said, wanted = getattr(deal, field.name), getattr(asked, field.name)
        if field.name == "owners":
            gaps.equal(name, said, wanted)
        else:
            gaps.same(name, said, wanted)
