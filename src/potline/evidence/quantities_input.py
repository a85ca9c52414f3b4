"""Quantities of the record that follow from the market of the shared input."""

from __future__ import annotations

__all__ = ["INPUT"]

from potline.equilibrium.input_market import InputMarketResult, solve_input_market
from potline.errors import InputError
from potline.evidence.input_imports import InputMonth
from potline.evidence.known import Known, NotComputed, needed
from potline.evidence.quantity import dated_table, months_of, table


def input_price_per_t(answers: Known, month: str) -> float:
    """Domestic price of the input in the step model, at the price abroad of the month in brackets."""
    return _quoted(answers, month).price_per_t if month else _market(answers).price_per_t


def input_import_parity_per_t(answers: Known, month: str) -> float:
    """Landed cost of the input at the price abroad, freight and exchange rate of the month in brackets."""
    return _parity(answers, _quoted(answers, month)) if month else _market(answers).parity_per_t


def input_parity_gap_per_t(answers: Known, month: str) -> float:
    """Landed cost of the input less the domestic price of the step model: above 0 where a domestic tonne is cheaper."""
    return input_import_parity_per_t(answers, month) - input_price_per_t(answers, month)


def input_use_per_kt(answers: Known, _: str) -> float:
    """Use of the input per kt of the product by running plants, kt."""
    market = answers.case.industry.input_market
    other = market.other_use_kt if market else 0.0
    found = _market(answers)
    return (found.demand_kt - other) / found.product_output_kt


def input_output_kt(answers: Known, _: str) -> float:
    """Output of the suppliers in a year at the case's date, kt."""
    return float(_market(answers).output_kt.sum())


def supplier_operating_share(answers: Known, province: str) -> float:
    """Output over capacity of the suppliers, all or of the province in brackets."""
    if not province:
        return _market(answers).average_operating_rate
    found = [group.operating_rate for group in _market(answers).by_province() if group.government == province]
    if not found:
        raise NotComputed("no_supplier_in", place=province)
    return found[0]


def input_imports_kt(answers: Known, period: str) -> float:
    """Imports of the input in the step model over the period in brackets, by month of landing, kt."""
    try:
        return sum(
            needed(answers.imports, "no_imports_by_month").month(month).imports_kt for month in months_of(period)
        )
    except InputError as error:
        raise NotComputed("refused", said=str(error)) from None


def input_imports_kt_month(answers: Known, period: str) -> float:
    """Imports of the input in the step model in the month in brackets, by month of landing, kt."""
    return input_imports_kt(answers, period)


def input_imports_kt_quarter(answers: Known, period: str) -> float:
    """Imports of the input in the step model in the quarter in brackets, by month of landing, kt."""
    return input_imports_kt(answers, period)


def input_imports_change_share(answers: Known, period: str) -> float:
    """Change of the step model's imports over the same period a year before, share."""
    year, rest = period[:4], period[4:]
    before = input_imports_kt(answers, f"{int(year) - 1}{rest}")
    if before <= 0.0:
        raise NotComputed("no_imports_before", period=f"{int(year) - 1}{rest}")
    return input_imports_kt(answers, period) / before - 1.0


def input_imports_months_above_200kt(answers: Known, _: str, period: str) -> float:
    """Months in a row before the entry's period with imports of 200 kt or more in the step model."""
    count = 0
    for month in reversed(
        [item for item in needed(answers.imports, "no_imports_by_month").months if item.month < months_of(period)[0]]
    ):
        if month.imports_kt < 200.0:
            break
        count += 1
    return float(count)


def input_imports_change_per_kt_cut(answers: Known, _: str) -> float:
    """Change of imports of the input per kt of the product when output falls by the meeting's least cut, kt."""
    meeting = answers.case.meeting
    if meeting is None:
        raise NotComputed("no_meeting")
    now = _market(answers)
    less = solve_input_market(answers.case.industry, output_kt=now.product_output_kt - meeting.least_cut_kt)
    return (less.imports_kt - now.imports_kt) / meeting.least_cut_kt


def _market(answers: Known) -> InputMarketResult:
    return needed(answers.input_market, "no_input_market")


def _quoted(answers: Known, month: str) -> InputMonth:
    try:
        return needed(answers.quotes, "no_prices_abroad").month(month)
    except InputError as error:
        raise NotComputed("refused", said=str(error)) from None


def _parity(answers: Known, month: InputMonth) -> float:
    return month.parity_with_vat_per_t / (1.0 + answers.case.industry.vat_rate)


_INPUTS = table(input_import_parity_per_t, input_use_per_kt, basis="input")
INPUT = (
    _INPUTS
    | dated_table(input_imports_months_above_200kt)
    | table(
        input_price_per_t,
        input_parity_gap_per_t,
        input_output_kt,
        supplier_operating_share,
        input_imports_kt,
        input_imports_kt_month,
        input_imports_kt_quarter,
        input_imports_change_share,
        input_imports_change_per_kt_cut,
    )
)
