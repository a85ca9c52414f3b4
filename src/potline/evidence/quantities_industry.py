"""Quantities of the record that follow from the case alone: capacity, concentration, power, support."""

from __future__ import annotations

__all__ = ["INDUSTRY"]


from potline.cases import Case
from potline.evidence.known import Known, NotComputed
from potline.evidence.quantity import number_of, table, weighted
from potline.industry import ELECTRICITY, LumpSum, Plant, PowerSubsidy, StatePurchase

SEVERAL = "several firms"
EAST = ("East coast", "Shandong")


def capacity_kt(answers: Known, where: str) -> float:
    """Built capacity of all plants, or of the region in brackets, kt/year."""
    return sum(plant.capacity_kt for plant in _plants(answers, where))


def running_kt(answers: Known, where: str) -> float:
    """Running capacity at the case's date, of all plants or of the region in brackets, kt/year."""
    return sum(plant.running_kt for plant in _plants(answers, where))


def utilisation_share(answers: Known, where: str) -> float:
    """Running over built capacity at the case's date."""
    return running_kt(answers, where) / capacity_kt(answers, where)


def price_per_t(answers: Known, _: str) -> float:
    """Price of the product at the case's date."""
    return number_of(answers.case.industry.price_per_t, "price_per_t")


def projects_kt(answers: Known, _: str) -> float:
    """Capacity under construction, kt/year."""
    return sum(project.capacity_kt for project in answers.case.industry.projects)


def captive_capacity_share(answers: Known, _: str) -> float:
    """Share of capacity on captive power."""
    return weighted(_plants(answers, ""), lambda plant: float(plant.power_source == "captive"), _capacity)


def weighted_power_use_kwh_per_t(answers: Known, where: str) -> float:
    """Power used per t, average weighted by capacity, kWh/t."""
    return weighted(_plants(answers, where), lambda plant: plant.power_use_kwh_per_t, _capacity)


def weighted_power_price_per_kwh(answers: Known, where: str) -> float:
    """Power price, average weighted by capacity, with value-added tax as power prices are quoted."""
    industry = answers.case.industry
    return industry.with_vat(weighted(_plants(answers, where), _power_price, _capacity))


def power_gap_henan_over_xinjiang_per_kwh(answers: Known, _: str) -> float:
    """Average power price with tax of Henan's plants less that of Xinjiang's captive plants, weighted by capacity."""
    return weighted_power_price_per_kwh(answers, "Henan") - _western_power(answers)


def power_gap_east_over_west_per_kwh(answers: Known, _: str) -> float:
    """Average power price with tax of the grid plants of East coast and Shandong less Xinjiang's captive plants."""
    industry = answers.case.industry
    east = [item for item in industry.plants if item.government in EAST and item.power_source == "grid"]
    return industry.with_vat(weighted(east, _power_price, _capacity)) - _western_power(answers)


def top_10_capacity_share(answers: Known, _: str) -> float:
    """Share of capacity of the ten largest firms; rows that hold several firms are not among the ten."""
    return sum(sorted(_firm_shares(answers.case).values(), reverse=True)[:10])


def hhi_points(answers: Known, _: str) -> float:
    """Herfindahl index of capacity, firms apart from their owners, rows of several firms counted as dust, points."""
    return sum((100.0 * share) ** 2 for share in _firm_shares(answers.case).values())


def attendee_firm_count(answers: Known, _: str) -> float:
    """Number of firms present at the meeting."""
    return float(len(_present(answers)))


def attendee_capacity_share(answers: Known, _: str) -> float:
    """Share of capacity of the firms present at the meeting."""
    present = set(_present(answers))
    return weighted(_plants(answers, ""), lambda plant: float(plant.firm in present), _capacity)


def jobs_per_kt(answers: Known, _: str) -> float:
    """Jobs per kt/year of running capacity, average over regions weighted by running capacity."""
    return weighted(_plants(answers, ""), lambda plant: _jobs(answers.case, plant), _running)


def pressure_per_t(answers: Known, _: str) -> float:
    """Pressure of governments on a tonne idled, average weighted by running capacity, money per t a year (assumed)."""
    return weighted(_plants(answers, ""), lambda plant: plant.pressure_per_t, _running)


def switching_cost_per_t(answers: Known, _: str) -> float:
    """Stop, restart and one year's holding cost, average weighted by running capacity, money per t/year (assumed)."""
    return weighted(
        _plants(answers, ""),
        lambda plant: plant.stop_cost_per_t + plant.restart_cost_per_t + plant.holding_cost_per_t,
        _running,
    )


def supported_kt(answers: Known, _: str) -> float:
    """Running capacity with support per kWh or per t in force at the case's date, kt/year; lump sums apart."""
    return sum(plant.running_kt for plant in _plants(answers, "") if plant.support_total_per_t > 0.0)


def henan_2012_support_per_t(answers: Known, _: str) -> float:
    """Henan's cut of the power price in 2012 times its plants' average power use, money/t (support carries no tax)."""
    policies = (*answers.case.other_policies, *answers.case.industry.policies)
    found = [item for item in policies if isinstance(item, PowerSubsidy) and item.government == "Henan"]
    if not found:
        raise NotComputed("no_power_subsidy", place="Henan")
    return found[0].support_per_kwh * weighted_power_use_kwh_per_t(answers, "Henan")


def state_purchase_kt(answers: Known, _: str) -> float:
    """Product bought by the state at the case's date, kt."""
    return sum(item.quantity_kt for item in answers.case.industry.policies if isinstance(item, StatePurchase))


def wanfang_lump_sum_m_per_quarter(answers: Known, _: str) -> float:
    """Lump sum of Jiaozuo Wanfang in the case, a quarter of the year's, million."""
    return sum(item.money_m_per_year for item in _lump_sums(answers.case, "Wanfang")) / 4.0


def wanfang_lump_sum_per_t(answers: Known, _: str) -> float:
    """Lump sum of Jiaozuo Wanfang per t of its running capacity."""
    mine = [plant for plant in answers.case.industry.plants if "Wanfang" in plant.firm]
    return 1000.0 * 4.0 * wanfang_lump_sum_m_per_quarter(answers, "") / sum(plant.running_kt for plant in mine)


def _plants(answers: Known, where: str) -> list[Plant]:
    if any(letter.isdigit() for letter in where):
        raise NotComputed("another_date", date=answers.case.date, asked=where)
    found = [plant for plant in answers.case.industry.plants if not where or plant.government == where]
    if not found:
        raise NotComputed("no_plant_in", place=where)
    return found


def _capacity(plant: Plant) -> float:
    return plant.capacity_kt


def _running(plant: Plant) -> float:
    return plant.running_kt


def _power_price(plant: Plant) -> float:
    electricity = plant.input(ELECTRICITY)
    if electricity is None:
        raise NotComputed("no_power_price", plant=plant.name)
    return electricity.price_per_unit


def _western_power(answers: Known) -> float:
    industry = answers.case.industry
    west = [item for item in industry.plants if item.government == "Xinjiang" and item.power_source == "captive"]
    return industry.with_vat(weighted(west, _power_price, _capacity))


def _jobs(case: Case, plant: Plant) -> float:
    found = [item.jobs_per_kt for item in case.industry.governments if item.name == plant.government]
    return found[0] if found else 0.0


def _present(answers: Known) -> tuple[str, ...]:
    if answers.case.meeting is None:
        raise NotComputed("no_meeting")
    return answers.case.meeting.firms


def _firm_shares(case: Case) -> dict[str, float]:
    total = sum(plant.capacity_kt for plant in case.industry.plants)
    several = {firm.name for firm in case.industry.firms if firm.kind == SEVERAL}
    shares: dict[str, float] = {}
    for plant in case.industry.plants:
        if plant.firm not in several:
            shares[plant.firm] = shares.get(plant.firm, 0.0) + plant.capacity_kt / total
    return shares


def _lump_sums(case: Case, word: str) -> list[LumpSum]:
    found = [item for item in case.industry.policies if isinstance(item, LumpSum) and word in item.firm]
    if not found:
        raise NotComputed("no_lump_sum", firm=word)
    return found


INDUSTRY = table(
    capacity_kt,
    running_kt,
    utilisation_share,
    price_per_t,
    projects_kt,
    captive_capacity_share,
    weighted_power_use_kwh_per_t,
    weighted_power_price_per_kwh,
    power_gap_henan_over_xinjiang_per_kwh,
    power_gap_east_over_west_per_kwh,
    top_10_capacity_share,
    hhi_points,
    attendee_firm_count,
    attendee_capacity_share,
    jobs_per_kt,
    pressure_per_t,
    switching_cost_per_t,
    supported_kt,
    henan_2012_support_per_t,
    state_purchase_kt,
    wanfang_lump_sum_m_per_quarter,
    wanfang_lump_sum_per_t,
    basis="input",
)
