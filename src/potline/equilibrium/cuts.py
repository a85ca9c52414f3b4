"""Which lines a recorded joint cut takes out of the market."""

from __future__ import annotations

__all__ = ["price_scale", "withdrawn_kt"]

import math

from potline.equilibrium.concepts import Avoidable, CashCost
from potline.errors import InputError, Problem
from potline.industry import Efficient, Industry, JointCut, ProRata
from potline.numerics.ties import tied
from potline.text import apart


def withdrawn_kt(industry: Industry, avoidable: Avoidable) -> tuple[tuple[float, float], ...]:
    """Return the running and the idle capacity that agreements take from each plant, kt/year.

    A signatory idles its running lines of highest avoidable cost first, plants at one cost in equal shares of what
    they run; it restarts nothing while the cut lasts. Whole lines are the business of the agreement itself.

    Raises:
        InputError: the last agreement leaves its cuts to be optimised, or asks for more than a signatory runs.

    Examples:
        >>> from potline.industry import JointCut, LinearDemand, Plant
        >>> two = Industry(name="two", demand=LinearDemand.from_line(intercept_per_t=10.0, slope_per_kt=1.0), plants=(
        ...     Plant(name="old", firm="A", capacity_kt=3.0, other_cost_per_t=2.0),
        ...     Plant(name="new", firm="A", capacity_kt=7.0, other_cost_per_t=1.0)))
        >>> cut = JointCut(signatories=("A",), rule=ProRata(share_of_running=0.4))
        >>> withdrawn_kt(two.under(cut), CashCost())
        ((3.0, 0.0), (1.0, 0.0))
    """
    result = [(0.0, 0.0) for _ in industry.plants]
    if not industry.agreements:
        return tuple(result)
    cut = industry.agreements[-1]
    asked = _asked_kt(industry, cut)
    owners, able = industry.plant_owners, industry.restartable_kt
    for owner, cut_kt in asked.items():
        mine = [j for j, name in enumerate(owners) if name == owner]
        running = sum(industry.plants[j].running_kt for j in mine)
        _within(cut_kt, running, f"agreement, cut of {owner!r}", "it runs")
        left = min(cut_kt, running)
        paper = tied([_stop_per_t(industry, avoidable, j) for j in mine], price_scale(industry))
        costs = dict(zip(mine, paper.tolist(), strict=True))
        for cost in sorted(set(costs.values()), reverse=True):
            alike = [j for j in mine if costs[j] == cost]
            size = sum(industry.plants[j].running_kt for j in alike)
            share = left / size if size > 0.0 and left < size * (1.0 - 1e-12) else 1.0
            for j in alike:
                result[j] = (share * industry.plants[j].running_kt, able[j])
            left = max(0.0, left - size)
    return tuple(result)


def price_scale(industry: Industry) -> float:
    """Return the price by which costs that are equal on paper are told, money/t."""
    given = industry.price_per_t
    return given if given > 0.0 and math.isfinite(given) else industry.demand.price_per_t


def _asked_kt(industry: Industry, cut: JointCut) -> dict[str, float]:
    known = {*industry.owners, *(firm.name for firm in industry.firms), *(plant.firm for plant in industry.plants)}
    unknown = [name for name in cut.signatories if name not in known]
    if unknown:
        hint = f"Owners: {', '.join(industry.owners[:12])}."
        needed = "firms of the industry"
        raise InputError(
            [Problem(where="agreement, signatories", found=repr(n), needed=needed, hint=hint) for n in unknown]
        )
    signatories = dict.fromkeys(industry.owner(name) for name in cut.signatories)
    running: dict[str, float] = dict.fromkeys(signatories, 0.0)
    for plant, owner in zip(industry.plants, industry.plant_owners, strict=True):
        if owner in running:
            running[owner] += plant.running_kt
    endless = [
        Problem(where="agreement, signatories", found=f"unlimited capacity of {owner!r}", needed="a finite capacity_kt")
        for owner, kt in running.items()
        if math.isinf(kt)
    ]
    if endless:
        raise InputError(endless)
    if isinstance(cut.rule, Efficient):
        where, needed = "agreement.rule", "cuts that are stated: ProRata or Stated"
        hint = "The cuts that maximise the members' gain are found by the meeting, not by one market."
        raise InputError([Problem(where=where, found="Efficient", needed=needed, hint=hint)])
    if isinstance(cut.rule, ProRata):
        share, total = cut.rule.share_of_running, sum(running.values())
        if math.isnan(share):
            _within(cut.rule.total_kt, total, "agreement, cut of all signatories", "they run")
            share = cut.rule.total_kt / total if total > 0.0 else 0.0
        return {owner: share * running[owner] for owner in signatories}
    asked = dict.fromkeys(signatories, 0.0)
    for name, cut_kt in cut.rule.cuts_kt:
        owner = industry.owner(name)
        asked[owner] = asked.get(owner, 0.0) + cut_kt
    return asked


def _within(cut_kt: float, running_kt: float, where: str, whose: str) -> None:
    """Refuse a cut of more than runs."""
    if cut_kt > running_kt * (1.0 + 1e-12) or not cut_kt >= 0.0:
        found, most = apart(cut_kt, running_kt)
        needed = f"between 0 and the {most} kt/year {whose}"
        raise InputError([Problem(where=where, found=f"{found} kt/year", needed=needed)])


def _stop_per_t(industry: Industry, avoidable: Avoidable, j: int) -> float:
    if isinstance(avoidable, CashCost):
        return industry.plants[j].net_cash_cost_per_t(industry.own_inputs)
    return avoidable.stop_per_t[j]
