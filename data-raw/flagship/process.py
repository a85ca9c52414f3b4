"""The law of the price from monthly means of LME aluminium times the exchange rate, never later than the case date.

With ``x = log(LME * FX)``: volatility is the standard deviation of monthly changes times ``sqrt(12)``. Mean reversion
is the regression ``dx = a + b x(-1) + e``, ``kappa = -12 log(1 + b)``, mean ``exp(-a / b)``.
"""

from __future__ import annotations

__all__ = ["Estimate", "cny_per_usd", "coal_usd", "estimate", "metal_usd"]

import math
from dataclasses import dataclass
from itertools import pairwise

from flagship.tables import read

FIRST, LAST = "2000-01", "2013-03"


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What the series say; a year, prices in CNY/t without tax."""

    months: int
    volatility: float
    volatility_low: float
    volatility_high: float
    drift: float
    drift_error: float
    kappa: float
    kappa_error: float
    t_statistic: float
    mean_price: float


def metal_usd() -> dict[str, float]:
    """Return LME aluminium by month, USD/t."""
    later = read("published/aluminium_and_coal_monthly_worldbank.csv")
    rows = read("published/aluminium_monthly_worldbank.csv")
    last = rows[-1]["month"]
    return {
        row["month"]: float(row["aluminium_usd_t"]) for row in (*rows, *(row for row in later if row["month"] > last))
    }


def coal_usd() -> dict[str, float]:
    """Return Australian coal by month, USD/t."""
    rows = read("published/aluminium_and_coal_monthly_worldbank.csv")
    return {row["month"]: float(row["coal_australia_usd_t"]) for row in rows}


def cny_per_usd() -> dict[str, float]:
    """Return the exchange rate by month."""
    names = ("fx_cny_per_usd_monthly", "fx_cny_per_usd_monthly_later")
    return {row["month"]: float(row["cny_per_usd"]) for name in names for row in read(f"published/{name}.csv")}


def estimate(last: str = LAST) -> Estimate:
    """Estimate the law of the price from months up to ``last``."""
    fx = cny_per_usd()
    logs = [math.log(price * fx[month]) for month, price in metal_usd().items() if FIRST <= month <= last]
    changes = [new - old for old, new in pairwise(logs)]
    count = len(changes)
    mean = math.fsum(changes) / count
    deviation = math.sqrt(math.fsum((change - mean) ** 2 for change in changes) / (count - 1))
    volatility = deviation * math.sqrt(12.0)
    old = logs[:-1]
    centre = math.fsum(old) / count
    spread = math.fsum((value - centre) ** 2 for value in old)
    slope = math.fsum((value - centre) * (change - mean) for value, change in zip(old, changes, strict=True)) / spread
    constant = mean - slope * centre
    rest = math.fsum((change - constant - slope * value) ** 2 for value, change in zip(old, changes, strict=True)) / (
        count - 2
    )
    slope_error = math.sqrt(rest / spread)
    return Estimate(
        months=count,
        volatility=volatility,
        volatility_low=volatility * (1.0 - 2.0 / math.sqrt(2.0 * count)),
        volatility_high=volatility * math.sqrt(1.5),
        drift=12.0 * mean + volatility**2 / 2.0,
        drift_error=volatility / math.sqrt(count / 12.0),
        kappa=-12.0 * math.log(1.0 + slope),
        kappa_error=12.0 * slope_error / (1.0 + slope),
        t_statistic=slope / slope_error,
        mean_price=math.exp(-constant / slope),
    )
