r"""The law of the price estimated from monthly prices.

With ``x`` the log price of n + 1 months: volatility is ``sqrt(12) sd(dx)`` and the drift of the price itself
``12 mean(dx) + volatility**2 / 2``. Mean reversion comes from ``dx = a + b x + e``: ``kappa = -12 log(1 + b)``, and
``b / se(b)`` is the Dickey-Fuller statistic, to be compared with the critical value and not with Student's.

Logs are taken of ratios, so that changes of a billionth keep their digits. What moves by no more than rounding does not
move: a price that stands still says nothing of a mean (nan), one that grows evenly has a kappa of 0.
"""

from __future__ import annotations

__all__ = ["PriceEstimate", "estimate_price_process"]

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated

import numpy as np
from numpy.typing import ArrayLike, NDArray

from potline.errors import InputError, Problem
from potline.industry import PriceProcess
from potline.reading import Array, Month, reads, refuse
from potline.showing import Shown
from potline.verification import Verified, verify

_WORKING = 1.5
_ROUNDING = 8.0 * float(np.finfo(np.float64).eps)  # of the log of a ratio of two prices, each in its last digit
_FARTHEST = 690.0  # log of a price that is still a number


@reads
def estimate_price_process(
    price_per_t: Annotated[ArrayLike, Array(dimensions=1)],
    *,
    months: Sequence[Month] | None = None,
    first: Month | None = None,
    last: Month | None = None,
    averages: bool = False,
) -> PriceEstimate:
    """Estimate the law of a price from its monthly nominal values.

    Args:
        price_per_t: one price a month, in order, without gaps.
        months: their months as ``YYYY-MM``; needed to cut with ``first`` and ``last``, both included.
        first, last: the months to use.
        averages: the prices are averages over each month. Changes of averages vary less than changes from date to
            date, by 2/3 of the variance (Working 1960, Econometrica 28, p. 916); True undoes that.

    Raises:
        InputError: fewer than 24 months, a price that is not above 0, months of another number than prices, or a gap.

    Examples:
        >>> rise = [100.0 * 1.01 ** month for month in range(0, 36)]
        >>> estimate = estimate_price_process(rise)
        >>> round(estimate.volatility, 9), round(estimate.drift, 6), estimate.process.kappa
        (0.0, 0.119404, 0.0)
    """
    price = np.asarray(price_per_t, dtype=np.float64).ravel()
    chosen = _chosen(price, months, first, last)
    price = price[chosen]
    x, changes = _log_ratio(price, price[0]), _log_ratio(price[1:], price[:-1])
    number = changes.size
    factor = _WORKING if averages else 1.0
    spread: NDArray[np.float64] = changes - changes.mean()
    variance = float(spread @ spread) / (number - 1)
    volatility = math.sqrt(12.0 * factor * variance)
    tails = float(np.mean(spread**4)) / variance**2 if float(np.ptp(changes)) > _ROUNDING else 3.0
    years = number / 12.0
    slope, slope_error, intercept = _reversion(x[:-1], changes)
    kappa = math.inf if slope <= -1.0 else 0.0 - 12.0 * math.log1p(slope)
    return PriceEstimate(
        months=number + 1,
        first=months[int(np.flatnonzero(chosen)[0])] if months is not None else "",
        last=months[int(np.flatnonzero(chosen)[-1])] if months is not None else "",
        volatility=volatility,
        volatility_error=0.5 * volatility * math.sqrt(max(tails - 1.0, 0.0) / number),
        drift=12.0 * float(changes.mean()) + 0.5 * volatility**2,
        drift_error=volatility / math.sqrt(years),
        kappa=kappa,
        kappa_error=math.inf if slope <= -1.0 else 12.0 * slope_error / (1.0 + slope),
        dickey_fuller=_statistic(slope, slope_error),
        dickey_fuller_critical=-2.8621 - 2.738 / number - 8.36 / number**2,
        log_mean=math.log(price[0]) - intercept / slope if slope != 0.0 else math.nan,
        price_per_t=tuple(price.tolist()),
        averages=averages,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceEstimate(Shown):
    """What monthly prices say about the law of the price; a year unless said, standard errors beside.

    Attributes:
        months: number used.
        first, last: the first and last, empty where no months were given.
        volatility, volatility_error: the error allows for fat tails.
        drift, drift_error: expected growth of the price.
        kappa, kappa_error: mean reversion as estimated (least squares, biased upwards in short series); nan where the
            price does not move before its last change.
        dickey_fuller, dickey_fuller_critical: statistic of a unit root and its 5% critical value (MacKinnon 2010,
            Queen's Economics Department Working Paper 1227, table 2); below the critical value a unit root is rejected.
            -inf where each change is what reversion makes of it, nan where no change is explained or left over.
        log_mean: long-run mean of the log price where it reverts.
        price_per_t, averages: the prices used, one a month, and whether they are averages over each.
    """

    months: int
    first: str
    last: str
    volatility: float
    volatility_error: float
    drift: float
    drift_error: float
    kappa: float
    kappa_error: float
    dickey_fuller: float
    dickey_fuller_critical: float
    log_mean: float
    price_per_t: tuple[float, ...] = field(repr=False)
    averages: bool

    @property
    def certificate(self) -> Verified:
        """What separate code finds of the estimate; checked when asked for."""
        return verify(self)

    @property
    def reverts(self) -> bool:
        """Whether a unit root is rejected at 5%."""
        return self.dickey_fuller < self.dickey_fuller_critical

    @property
    def half_life_years(self) -> float:
        """Years in which half of a gap closes at the estimated kappa; inf where kappa is not above 0, nan with it."""
        return math.log(2.0) / self.kappa if not self.kappa <= 0.0 else math.inf

    @property
    def process(self) -> PriceProcess:
        """The headline law: the estimated volatility, no drift and no mean reversion."""
        return PriceProcess(volatility=self.volatility)

    @property
    def reverting_process(self) -> PriceProcess:
        """The law with the estimated mean reversion; its mean log price is :attr:`log_mean`.

        Raises:
            InputError: the estimated kappa is not above 0, or so little above it that the mean is no price.
        """
        if not 0.0 < self.kappa < math.inf:
            found = f"an estimated mean reversion of {self.kappa:g} a year"
            raise refuse("reverting_process", found, "one above 0: no reverting law follows from it")
        log_mean = self.log_mean + 0.5 * self.volatility**2 / self.kappa
        if not abs(log_mean) <= _FARTHEST:
            found = f"a reversion of {self.kappa:.3g} a year to a price whose log is {log_mean:.3g}"
            raise refuse("reverting_process", found, "a mean within what a number holds", "Use `process`.")
        return PriceProcess(volatility=self.volatility, kappa=self.kappa, mean_price_per_t=math.exp(log_mean))

    def volatility_range(self, errors: float = 2.0) -> tuple[float, float]:
        """Return volatility less and plus a number of standard errors, never below 0."""
        wide = errors * self.volatility_error
        return max(0.0, self.volatility - wide), self.volatility + wide

    def kappa_range(self, errors: float = 2.0) -> tuple[float, float]:
        """Return kappa less and plus a number of standard errors, never below 0."""
        low, high = self.kappa - errors * self.kappa_error, self.kappa + errors * self.kappa_error
        return 0.0 if low < 0.0 else low, high


def _log_ratio(price: NDArray[np.float64], beside: NDArray[np.float64]) -> NDArray[np.float64]:
    with np.errstate(over="ignore", divide="ignore"):
        near = np.log1p((price - beside) / beside)
    return np.where(np.abs(near) < 0.5, near, np.log(price) - np.log(beside))


def _reversion(level: NDArray[np.float64], changes: NDArray[np.float64]) -> tuple[float, float, float]:
    """Return slope, its error and intercept of changes on levels; nan where levels do not move."""
    if float(np.ptp(level)) <= _ROUNDING:
        return math.nan, math.nan, math.nan
    if float(np.ptp(changes)) <= _ROUNDING:
        return 0.0, 0.0, float(changes.mean())
    centred, spread = level - level.mean(), changes - changes.mean()
    square = float(centred @ centred)
    slope = float(centred @ spread) / square
    intercept = float(changes.mean()) - slope * float(level.mean())
    rest = spread - slope * centred
    left = float(rest @ rest) if float(np.abs(rest).max()) > _ROUNDING else 0.0
    return slope, math.sqrt(left / (changes.size - 2) / square), intercept


def _statistic(slope: float, error: float) -> float:
    if error > 0.0 or math.isnan(error):
        return slope / error
    return math.copysign(math.inf, slope) if slope != 0.0 else math.nan


def _chosen(
    price: NDArray[np.float64], months: Sequence[str] | None, first: str | None, last: str | None
) -> NDArray[np.bool_]:
    chosen = np.ones(price.size, dtype=np.bool_)
    problems: list[Problem] = []
    if months is None and (first or last):
        problems.append(Problem(where="months", found="nothing", needed="the month of each price to cut the series by"))
    elif months is not None and len(months) != price.size:
        problems.append(Problem(where="months", found=f"{len(months)}", needed=f"{price.size}, one for each price"))
    elif months is not None:
        chosen = np.array([(first or "") <= month <= (last or "9999") for month in months], dtype=np.bool_)
        used = [month for month, use in zip(months, chosen, strict=True) if use]
        problems += _gaps(used)
    bad = np.flatnonzero(chosen & ~(price > 0.0))
    if bad.size:
        place = months[int(bad[0])] if months is not None else f"place {int(bad[0]) + 1}"
        problems.append(
            Problem(where=f"price of {place}", found=f"{price[bad[0]]:g}", needed="a price above 0 in every month used")
        )
    if int(chosen.sum()) < 24:
        problems.append(Problem(where="prices", found=f"{int(chosen.sum())} months", needed="24 months or more"))
    if problems:
        raise InputError(problems)
    return chosen


def _gaps(months: Sequence[str]) -> list[Problem]:
    for before, after in itertools.pairwise(months):
        year, month = int(before[:4]), int(before[5:7])
        expected = f"{year + month // 12:04d}-{month % 12 + 1:02d}"
        if after != expected:
            return [Problem(where="months", found=f"{after} after {before}", needed=f"{expected}, no month left out")]
    return []
