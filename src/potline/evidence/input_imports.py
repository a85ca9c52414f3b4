"""Imports of the input by the step model against customs, month by month.

A month's imports were bought ``lag`` months earlier: the FOB price and freight of that month, at the exchange rate of
the month of landing, give the parity. Suppliers stand at the case's costs, their capacity scaled to the published
total of the time; plants run at the published output of the time. Nothing is fitted. Only months whose FOB price
was published, and for which customs is known, are scored; elsewhere FOB is a derived range and the row says so.

What the step model cannot do: cargoes under contract and the mix of qualities come in while a landed tonne costs more
than a domestic one, so that it says none or a great deal where customs shows a few hundred thousand tonnes a month.
"""

from __future__ import annotations

__all__ = ["InputImports", "InputMonth", "input_imports", "priced_abroad"]

import math
from dataclasses import dataclass, field
from typing import Annotated, Literal

from potline.cases import Case
from potline.cases.parts import Series
from potline.equilibrium.input_market import InputMarketResult, solve_input_market
from potline.errors import InputError
from potline.reading import Month, Within, reads, refuse
from potline.showing import Shown
from potline.units import MONTHS_PER_YEAR
from potline.verification import Verified, verify

FOB = "fob_usd_per_t"
FOB_DERIVED = "fob_derived_usd_per_t"
FREIGHT = "freight_usd_per_t"
EXCHANGE_RATE = "per_usd"
CUSTOMS = "imports_kt_per_month"
OUTPUT = "output_kt_per_year"
CAPACITY = "capacity_kt_per_year"
"""Series of a case; before each stands the input, the product for output, or the currency for the exchange rate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InputMonth:
    """One month of landing; prices without tax unless the name says so, imports in kt a month.

    Attributes:
        month: month of landing.
        fob_month: month of the price abroad.
        fob_usd_per_t, fob_low, fob_high: price abroad and its range.
        fob_standing: ``observed`` or ``derived``.
        parity_with_vat_per_t: what a landed tonne cost, with value-added tax.
        price_per_t: domestic price of the model, money/t.
        price_with_vat_per_t: the same as quoted.
        product_output_kt, input_capacity_kt: a year, at the time.
        output_from, capacity_from: month of the fact.
        imports_kt: of the model.
        imports_low, imports_high: over the range of FOB.
        customs_kt, customs_low, customs_high: nan where not known.
        scored: FOB observed and customs known.
    """

    month: str
    fob_month: str
    fob_usd_per_t: float
    fob_low: float
    fob_high: float
    fob_standing: Literal["observed", "derived"]
    parity_with_vat_per_t: float
    price_per_t: float
    price_with_vat_per_t: float
    product_output_kt: float
    output_from: str
    input_capacity_kt: float
    capacity_from: str
    imports_kt: float
    imports_low: float
    imports_high: float
    customs_kt: float
    customs_low: float
    customs_high: float
    scored: bool

    @property
    def error_kt(self) -> float:
        """Model less customs, kt in the month; nan where customs is not known."""
        return self.imports_kt - self.customs_kt

    @property
    def gap_with_vat_per_t(self) -> float:
        """Domestic price of the model less landed parity, as quoted."""
        return self.price_with_vat_per_t - self.parity_with_vat_per_t


@dataclass(frozen=True, slots=True, kw_only=True)
class InputImports(Shown):
    """The months, the lag in months, and the error over the scored ones.

    Attributes:
        case, first, last: the question.
        lag_months: between the price abroad and landing.
        lag_given: asked for, and not the case's.
        months: those with a price abroad.
    """

    case: Case = field(repr=False)
    first: str
    last: str
    lag_given: bool
    lag_months: int
    months: tuple[InputMonth, ...]

    @property
    def certificate(self) -> Verified:
        """What separate code finds of every month; checked when asked for."""
        return verify(self)

    @property
    def scored(self) -> tuple[InputMonth, ...]:
        """The scored months."""
        return tuple(month for month in self.months if month.scored)

    @property
    def mean_error_kt(self) -> float:
        """Mean of model less customs over the scored months, kt a month; nan where none is scored."""
        return _mean([month.error_kt for month in self.scored])

    @property
    def mean_absolute_error_kt(self) -> float:
        """Mean size of the error over the scored months, kt a month."""
        return _mean([abs(month.error_kt) for month in self.scored])

    @property
    def mean_customs_kt(self) -> float:
        """Mean of customs over the scored months, kt a month: the error of a model that says none ever come in."""
        return _mean([month.customs_kt for month in self.scored])

    def month(self, name: str) -> InputMonth:
        """Return one month."""
        found = next((month for month in self.months if month.month == name), None)
        if found is None:
            needed = f"a month with a price abroad {self.lag_months} months before it"
            raise refuse("InputImports.month", repr(name), needed)
        return found


@reads
def input_imports(
    case: Case,
    *,
    first: Month = "2011-01",
    last: Month = "2013-06",
    lag_months: Annotated[int, Within(low=0)] | None = None,
) -> InputImports:
    """Compare the step model's imports of the input with customs.

    Args:
        case: a case with the series ``INPUT_fob_usd_per_t`` and ``INPUT_imports_kt_per_month``, INPUT being what it
            calls its input; where it has them, ``INPUT_fob_derived_usd_per_t``, ``INPUT_freight_usd_per_t``,
            ``INPUT_capacity_kt_per_year``, ``PRODUCT_output_kt_per_year`` and ``CURRENCY_per_usd``. Of freight,
            capacity and output the nearest dated fact is used, else the case's own.
        first, last: first and last month of landing.
        lag_months: months between the price abroad and landing; the case's ``input_market.lag_months`` unless given,
            else 2 (six to eight weeks).

    Raises:
        InputError: the case has no input market, or no series of prices abroad.
    """
    if not priced_abroad(case):
        raise InputError(
            f"case {case.name!r}: found no input market with parity and series {_called(case, FOB)!r}; needed all "
            "three to compare imports with customs."
        )
    given = lag_months is not None
    if lag_months is None:
        lag_months = next((round(claim.value) for claim in case.claims if claim.path == "input_market.lag_months"), 2)
    rows = [
        _month(case, month, _shifted(month, -lag_months))
        for month in _months(first, last)
        if _at(case, FOB, _shifted(month, -lag_months)) or _at(case, FOB_DERIVED, _shifted(month, -lag_months))
    ]
    return InputImports(case=case, first=first, last=last, lag_given=given, lag_months=lag_months, months=tuple(rows))


def priced_abroad(case: Case) -> bool:
    """Return whether a case has what imports are compared by: a market with import parity, and prices abroad."""
    market = case.industry.input_market
    return market is not None and market.parity is not None and _series(case, FOB) is not None


def _month(case: Case, month: str, bought: str) -> InputMonth:
    industry = case.industry
    market = industry.input_market
    assert market is not None
    assert market.parity is not None
    observed = _at(case, FOB, bought)
    fob, fob_low, fob_high = observed or _at(case, FOB_DERIVED, bought) or (math.nan, math.nan, math.nan)
    running = sum(plant.running_kt for plant in industry.plants)
    built = sum(supplier.capacity_kt for supplier in market.suppliers)
    output, output_from = _nearest(case, OUTPUT, month, running)
    capacity, capacity_from = _nearest(case, CAPACITY, month, built)
    freight, _ = _nearest(case, FREIGHT, bought, market.parity.freight_usd_per_t)
    rate = _at(case, EXCHANGE_RATE, month)

    def cleared(price_abroad: float) -> InputMarketResult:
        return solve_input_market(
            industry,
            output_kt=output,
            fob_usd_per_t=price_abroad,
            freight_usd_per_t=freight,
            exchange_rate=rate[0] if rate else None,
            capacity_share=capacity / built if built > 0.0 else 1.0,
        )

    central, low, high = cleared(fob), cleared(fob_low), cleared(fob_high)
    customs = _at(case, CUSTOMS, month)
    known = customs or (math.nan, math.nan, math.nan)
    return InputMonth(
        month=month,
        fob_month=bought,
        fob_usd_per_t=fob,
        fob_low=fob_low,
        fob_high=fob_high,
        fob_standing="observed" if observed else "derived",
        parity_with_vat_per_t=industry.with_vat(central.parity_per_t),
        price_per_t=central.price_per_t,
        price_with_vat_per_t=industry.with_vat(central.price_per_t),
        product_output_kt=output,
        output_from=output_from,
        input_capacity_kt=capacity,
        capacity_from=capacity_from,
        imports_kt=central.imports_kt / MONTHS_PER_YEAR,
        imports_low=high.imports_kt / MONTHS_PER_YEAR,
        imports_high=low.imports_kt / MONTHS_PER_YEAR,
        customs_kt=known[0],
        customs_low=known[1],
        customs_high=known[2],
        scored=observed is not None and customs is not None,
    )


def _called(case: Case, what: str) -> str:
    """Return the name of a series: what it tells, after the input, the product or the currency that it tells of."""
    market = case.industry.input_market
    of = {OUTPUT: case.industry.product, EXCHANGE_RATE: case.currency.lower()}
    return "_".join((*of.get(what, market.product if market else "").split(), what))


def _series(case: Case, what: str) -> Series | None:
    name = _called(case, what)
    return next((series for series in case.series if series.name == name), None)


def _at(case: Case, what: str, month: str) -> tuple[float, float, float] | None:
    series = _series(case, what)
    if series is None or month not in series.months:
        return None
    place = series.months.index(month)
    return series.values[place], series.lows[place], series.highs[place]


def _nearest(case: Case, what: str, month: str, otherwise: float) -> tuple[float, str]:
    """Return the fact nearest in time (the earlier of two) and its month, else the case's own."""
    series = _series(case, what)
    if series is None or not series.months:
        return otherwise, f"{case.date} (case)"
    here = _number(month)
    place = min(range(len(series.months)), key=lambda k: (abs(_number(series.months[k]) - here), series.months[k]))
    return series.values[place], series.months[place]


def _number(month: str) -> int:
    year, part = month.split("-")
    return MONTHS_PER_YEAR * int(year) + int(part) - 1


def _shifted(month: str, by: int) -> str:
    number = _number(month) + by
    return f"{number // MONTHS_PER_YEAR:04d}-{number % MONTHS_PER_YEAR + 1:02d}"


def _months(first: str, last: str) -> list[str]:
    return [_shifted(first, k) for k in range(_number(last) - _number(first) + 1)]


def _mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else math.nan
