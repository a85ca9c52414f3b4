"""Quantities of the record that follow from the market of alumina."""

from __future__ import annotations

__all__ = ["ALUMINA"]

from potline.equilibrium.alumina import alumina_market
from potline.errors import InputError
from potline.evidence.alumina_imports import AluminaMonth
from potline.evidence.known import Known, NotComputed, needed
from potline.evidence.quantity import dated_table, months_of, table


def alumina_price_per_t(answers: Known, month: str) -> float:
    """Domestic price of alumina in the step model, at the price abroad of the month in brackets."""
    return _quoted(answers, month).price_per_t if month else needed(answers.alumina, "market of alumina").price_per_t


def alumina_import_parity_per_t(answers: Known, month: str) -> float:
    """Landed cost of alumina at the price abroad, freight and exchange rate of the month in brackets."""
    return (
        _parity(answers, _quoted(answers, month))
        if month
        else needed(answers.alumina, "market of alumina").parity_per_t
    )


def alumina_parity_gap_per_t(answers: Known, month: str) -> float:
    """Landed cost of alumina less the domestic price of the step model: above 0 where a domestic tonne is cheaper."""
    return alumina_import_parity_per_t(answers, month) - alumina_price_per_t(answers, month)


def alumina_price_south_per_t(answers: Known, _: str) -> float:
    """Price of alumina in the chain in Guangxi and Guizhou, mean by output of their refineries."""
    if answers.chain is None:
        raise NotComputed("the step model has one domestic price, delivered; it holds no southern market")
    return answers.chain.mean_input_price_per_t("Guangxi", "Guizhou")


def alumina_demand_per_kt_metal(answers: Known, _: str) -> float:
    """Alumina used per kt of metal by running plants, kt."""
    market = answers.case.industry.alumina
    other = market.other_use_kt if market else 0.0
    found = needed(answers.alumina, "market of alumina")
    return (found.demand_kt - other) / found.smelter_output_kt


def alumina_output_kt(answers: Known, _: str) -> float:
    """Output of the refineries in a year at the case's date, kt."""
    return float(needed(answers.alumina, "market of alumina").output_kt.sum())


def refinery_operating_share(answers: Known, province: str) -> float:
    """Output over capacity of the refineries, all or of the province in brackets."""
    if not province:
        return needed(answers.alumina, "market of alumina").average_operating_rate
    found = [
        group.operating_rate
        for group in needed(answers.alumina, "market of alumina").by_province()
        if group.government == province
    ]
    if not found:
        raise NotComputed(f"no refinery in {province!r}")
    return found[0]


def alumina_imports_kt(answers: Known, period: str) -> float:
    """Imports of alumina in the step model over the period in brackets, by month of landing, kt."""
    try:
        return sum(needed(answers.imports, "imports by month").month(month).imports_kt for month in months_of(period))
    except InputError as error:
        raise NotComputed(str(error)) from None


def alumina_imports_kt_month(answers: Known, period: str) -> float:
    """Imports of alumina in the step model in the month in brackets, by month of landing, kt."""
    return alumina_imports_kt(answers, period)


def alumina_imports_kt_quarter(answers: Known, period: str) -> float:
    """Imports of alumina in the step model in the quarter in brackets, by month of landing, kt."""
    return alumina_imports_kt(answers, period)


def alumina_imports_change_share(answers: Known, period: str) -> float:
    """Change of the step model's imports over the same period a year before, share."""
    year, rest = period[:4], period[4:]
    before = alumina_imports_kt(answers, f"{int(year) - 1}{rest}")
    if before <= 0.0:
        raise NotComputed(f"the step model imports nothing in {int(year) - 1}{rest}, so that a change has no share")
    return alumina_imports_kt(answers, period) / before - 1.0


def alumina_imports_months_above_200kt(answers: Known, _: str, period: str) -> float:
    """Months in a row before the entry's period with imports of 200 kt or more in the step model."""
    count = 0
    for month in reversed(
        [item for item in needed(answers.imports, "imports by month").months if item.month < months_of(period)[0]]
    ):
        if month.imports_kt < 200.0:
            break
        count += 1
    return float(count)


def alumina_imports_change_per_kt_metal_cut(answers: Known, _: str) -> float:
    """Change of alumina imports per kt of metal when output falls by the meeting's least cut, kt."""
    meeting = answers.case.meeting
    if meeting is None:
        raise NotComputed("the case has no meeting")
    now = needed(answers.alumina, "market of alumina")
    less = alumina_market(answers.case.industry, output_kt=now.smelter_output_kt - meeting.least_cut_kt)
    return (less.imports_kt - now.imports_kt) / meeting.least_cut_kt


def _quoted(answers: Known, month: str) -> AluminaMonth:
    try:
        return needed(answers.quotes, "prices abroad by month").month(month)
    except InputError as error:
        raise NotComputed(str(error)) from None


def _parity(answers: Known, month: AluminaMonth) -> float:
    return month.parity_with_vat_per_t / (1.0 + answers.case.industry.vat_rate)


_INPUTS = table(alumina_import_parity_per_t, alumina_demand_per_kt_metal, basis="input")
ALUMINA = (
    _INPUTS
    | dated_table(alumina_imports_months_above_200kt)
    | table(
        alumina_price_per_t,
        alumina_parity_gap_per_t,
        alumina_price_south_per_t,
        alumina_output_kt,
        refinery_operating_share,
        alumina_imports_kt,
        alumina_imports_kt_month,
        alumina_imports_kt_quarter,
        alumina_imports_change_share,
        alumina_imports_change_per_kt_metal_cut,
    )
)
