"""Quantities of the record that follow from costs and from stopping prices."""

from __future__ import annotations

__all__ = ["COSTS"]

import numpy as np

from potline.evidence.known import Known, NotComputed, needed
from potline.evidence.quantities_industry import wanfang_lump_sum_m_per_quarter
from potline.evidence.quantity import dated_table, price_in, table, weighted
from potline.industry import ELECTRICITY, Plant


def weighted_cash_cost_per_t(answers: Known, _: str) -> float:
    """Net cash cost, average weighted by capacity; with tax, the quoted price at which it breaks even."""
    return answers.net.mean_per_t


def weighted_full_cost_per_t(answers: Known, _: str) -> float:
    """Full cost, average weighted by capacity; with tax, the quoted price at which it breaks even."""
    return answers.full.mean_per_t


def cash_cost_percentile_per_t(answers: Known, percent: str) -> float:
    """Net cash cost at or below which the per cent of capacity in brackets stands."""
    return answers.net.percentile(float(percent) / 100.0)


def share_capacity_under_water_cash(answers: Known, _: str) -> float:
    """Share of capacity whose net cash cost is above the price."""
    return answers.net.under_water().capacity_share


def share_capacity_under_water_full(answers: Known, _: str) -> float:
    """Share of capacity whose full cost is above the price."""
    return answers.full.under_water().capacity_share


def share_firms_under_water_cash(answers: Known, _: str) -> float:
    """Share of firms whose running plants together do not earn their cash cost."""
    return answers.net.under_water().firms_share


def share_firms_under_water_full(answers: Known, _: str) -> float:
    """Share of firms whose running plants together do not earn their full cost, lump sums apart."""
    return answers.full.under_water().firms_share


def running_below_cash_cost_kt(answers: Known, _: str) -> float:
    """Running capacity whose net cash cost is above the price, kt/year."""
    return answers.net.under_water().running_kt


def cost_premium_henan_over_xinjiang_per_t(answers: Known, _: str) -> float:
    """Average net cash cost of Henan's plants less Xinjiang's, weighted by capacity."""
    groups = {group.name: group.cost_per_t for group in answers.net.by("province")}
    missing = {"Henan", "Xinjiang"} - groups.keys()
    if missing:
        raise NotComputed("no_plant_there", places=", ".join(sorted(missing)))
    return groups["Henan"] - groups["Xinjiang"]


def unit_result_full_per_t(answers: Known, firm: str, period: str) -> float:
    """Price of the entry's period less full cost of the firm in brackets, by capacity, lump sums apart."""
    group = next((item for item in answers.full.by("firm") if item.name == firm), None)
    if group is None:
        raise NotComputed("no_plant_of", firm=firm)
    return price_in(answers.case, period) - group.cost_per_t


def wanfang_profit_before_support_m_per_quarter(answers: Known, _: str, period: str) -> float:
    """Price of the entry's period less full cost, times a quarter of Jiaozuo Wanfang's running capacity, million."""
    group = next((item for item in answers.full.by("firm") if "Wanfang" in item.name), None)
    if group is None:
        raise NotComputed("no_plant_of", firm="Wanfang")
    return (price_in(answers.case, period) - group.cost_per_t) * group.running_kt / 4000.0


def wanfang_profit_m_per_quarter(answers: Known, _: str, period: str) -> float:
    """The same with its lump sum, million."""
    before = wanfang_profit_before_support_m_per_quarter(answers, "", period)
    return before + wanfang_lump_sum_m_per_quarter(answers, "")


def electricity_share_of_cash_cost(answers: Known, _: str) -> float:
    """Cost of electricity over net cash cost, both averaged over capacity."""
    industry = answers.case.industry

    def power(plant: Plant) -> float:
        item = plant.input(ELECTRICITY)
        return item.cost_per_t(industry.own_inputs) if item else 0.0

    return weighted(industry.plants, power, lambda plant: plant.capacity_kt) / answers.net.mean_per_t


def restart_over_stop_share(answers: Known, _: str) -> float:
    """Restart price over stopping price, less 1: average over plants with both, weighted by running capacity."""
    stops = needed(answers.stops, "no_price_process")
    both = (stops.p_stop_per_t > 0.0) & np.isfinite(stops.p_restart_per_t)
    running = np.array([plant.running_kt for plant in answers.case.industry.plants])[both]
    if running.sum() <= 0.0:
        raise NotComputed("nothing_stops_and_restarts")
    ratio = stops.p_restart_per_t[both] / stops.p_stop_per_t[both] - 1.0
    return float((ratio * running).sum() / running.sum())


def restart_supply_kt_below_price_plus_10_percent(answers: Known, _: str) -> float:
    """Idle capacity whose restart price lies at or below 110 per cent of the price, kt/year."""
    industry = answers.case.industry
    idle = np.array([plant.idle_kt for plant in industry.plants])
    return float(idle[needed(answers.stops, "no_price_process").p_restart_per_t <= 1.1 * industry.price_per_t].sum())


COSTS = dated_table(
    unit_result_full_per_t, wanfang_profit_before_support_m_per_quarter, wanfang_profit_m_per_quarter
) | table(
    weighted_cash_cost_per_t,
    weighted_full_cost_per_t,
    cash_cost_percentile_per_t,
    share_capacity_under_water_cash,
    share_capacity_under_water_full,
    share_firms_under_water_cash,
    share_firms_under_water_full,
    running_below_cash_cost_kt,
    cost_premium_henan_over_xinjiang_per_t,
    electricity_share_of_cash_cost,
    restart_over_stop_share,
    restart_supply_kt_below_price_plus_10_percent,
)
