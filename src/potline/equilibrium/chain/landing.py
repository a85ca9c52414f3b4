"""Prices abroad at the month a cargo was bought: parity with the landing lag of the routes."""

from __future__ import annotations

__all__ = ["landed_in"]

import dataclasses

from potline.cases import Case
from potline.errors import InputError, Problem
from potline.industry import ImportParity, Industry
from potline.industry.chain import ABROAD
from potline.units import MONTHS_PER_YEAR


def landed_in(case: Case, month: str) -> Industry:
    """Return the industry of a case with the parities of cargoes that land in a month.

    FOB is that of ``lag_months`` (rounded) before; a series ``..._derived_...`` fills months without a published price.

    Raises:
        InputError: the series lack a month that is needed.
    """
    industry, market = case.industry, case.industry.input_market
    if market is None:
        return industry
    problems: list[Problem] = []
    rate_name = f"{case.currency.lower()}_per_usd"

    def parity(old: ImportParity | None, product: str, names: tuple[str, ...]) -> ImportParity | None:
        lags = [item.lag_months for item in market.routes if (item.product, item.origin) == (product, ABROAD)]
        bought = _shifted(month, -round(max(lags, default=0.0)))
        if old is None:
            return None
        fob, rate = _value(case, names, bought), _value(case, (rate_name,), month)
        for name, at, value in ((names[0], bought, fob), (rate_name, month, rate)):
            if value is None:
                problems.append(
                    Problem(
                        where=f"landing {month}",
                        found=f"no {at} in series {name!r}",
                        needed="the price abroad when the cargo was bought and the exchange rate when it lands",
                    )
                )
        if fob is None or rate is None:
            return old
        return dataclasses.replace(old, fob_usd_per_t=fob, exchange_rate=rate)

    input_names = (f"{market.product}_fob_usd_per_t", f"{market.product}_fob_derived_usd_per_t")
    mine = parity(market.parity, market.product, input_names)
    quoted = f"{'_'.join(industry.product.split())}_usd_per_t"  # after the name of the exchange, where there is one
    quoted = next((item.name for item in case.series if item.name.endswith(quoted)), quoted)
    own = parity(industry.trade.parity, industry.product, (quoted,))
    if problems:
        raise InputError(problems)
    return dataclasses.replace(
        industry,
        input_market=dataclasses.replace(market, parity=mine),
        trade=dataclasses.replace(industry.trade, parity=own),
    )


def _value(case: Case, names: tuple[str, ...], month: str) -> float | None:
    for series in case.series:
        if series.name in names and month in series.months:
            return series.values[series.months.index(month)]
    return None


def _shifted(month: str, by: int) -> str:
    year, part = month.split("-")
    number = MONTHS_PER_YEAR * int(year) + int(part) - 1 + by
    return f"{number // MONTHS_PER_YEAR:04d}-{number % MONTHS_PER_YEAR + 1:02d}"
