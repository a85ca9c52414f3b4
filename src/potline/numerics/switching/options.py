r"""Stopping and restarting under an uncertain price: thresholds and values of many plants at once.

Each tonne a year of capacity is running (flow ``p - c``), idle (``-h``) or closed (0, for good). Going idle costs E,
starting again R, closing X, from either mode. The price follows ``dp / p = (drift + kappa (theta - log p)) dt +
sigma dW`` and money is discounted at rho. The values solve

    min(rho V_run  - A V_run  - (p - c), V_run  - max(V_idle - E, -X)) = 0,
    min(rho V_idle - A V_idle + h,       V_idle - max(V_run  - R, -X)) = 0,

the limit of the monthly or daily chain as its step goes to 0. A plant stops at ``p_stop``, restarts at
``p_restart``, and, idle, closes for good at ``p_exit``. What is paid to or taken from a plant according to whether it
runs moves c and nothing else: with l a year lost while idle or closed, and g paid then, ``c = cash cost - l - g``.

Method. Where nothing is switched a value is a particular solution plus two fundamental solutions of the homogeneous
equation; smooth contact at the thresholds is solved by Newton (Dixit 1989, equations 11 to 14, extended to closing
and to mean reversion). No grid of prices enters without mean reversion, so the thresholds are exact to rounding.
:mod:`potline.numerics.switching.chains` solves the same on a Markov chain by policy iteration and shares no code.

Accuracy. Without mean reversion thresholds hold to rounding. With it they hold to about 1e-7: psi, phi and F are
tabulated from ``exp(-4)`` to ``exp(4)`` times the cost, beyond the price reverted to, twice as far down in logs as a
plant would close without reversion and, where reversion is fast, beyond the restart price without noise. A threshold
below that range counts as never (0), one above as never (inf); a value at a price beyond it is nan. That holds for a
sigma of 1e-3 to 5 and a kappa of at most 400 rho; losses over a term, which look beyond the range, to 3e-4 of them at a
sigma of 1 and to 1e-8 at 0.5. Callers keep to these bounds. A price of 0 or less stays where it is,
whatever the law: values at 0 are those of a constant price, which are their limits. A policy without idling is kept
only if no price at which it runs or closes would favour idling; otherwise the status is NOT_FOUND.

Regimes. ``LAY_UP``: goes idle at ``p_stop``. ``CLOSES``: idle never pays for a plant that runs; it closes for good at
``p_stop``. ``NEVER_STOPS``: ``p_stop`` is 0. A sigma of 1e-6 max(1, sqrt(2 kappa)) or less is none: with drift or
reversion the price is certain (:mod:`potline.numerics.switching.certain`); without either it stays, ``CONSTANT``, and
``p_stop = c - min(h + rho E, rho X)``, ``p_restart = c - min(h, rho X) + rho R``, and an idle plant closes below
``p_restart`` if ``rho X < h``, else never.
"""

from __future__ import annotations

__all__ = [
    "CLOSES",
    "CONSTANT",
    "INFINITE",
    "INVALID",
    "LAY_UP",
    "NEVER_STOPS",
    "NOT_FOUND",
    "SOLVED",
    "Options",
    "loss_of_idling",
    "option_values",
    "solve_thresholds",
]

from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from potline.numerics.parallel import split
from potline.numerics.switching import certain as certain
from potline.numerics.switching import kernels as kernels
from potline.numerics.switching.tables import tabulate

Floats = NDArray[np.float64]
Scalar = TypeVar("Scalar", np.float64, np.int64)

LAY_UP, CLOSES, NEVER_STOPS, CONSTANT = 0, 1, 2, 3
SOLVED, NOT_FOUND, INFINITE, INVALID = 0, 1, 2, 3
_CELLS = 1024
_CHUNK = 128
_MARGIN = 4.0
_FAST = 2.0
_NODES = np.ascontiguousarray(np.stack(np.polynomial.legendre.leggauss(28)))
_FEW_NODES = np.ascontiguousarray(np.stack(np.polynomial.legendre.leggauss(10)))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Options:
    """Thresholds of plants and all that is needed to value them; arrays of the common shape of the inputs.

    Attributes:
        p_stop: stopping price, money/t; 0 where a plant never stops.
        p_restart: restart price, money/t; inf where an idle plant never restarts, 0 where it does at any price.
        p_exit: price at which an idle plant closes for good, money/t; 0 where it never does.
        regime: LAY_UP, CLOSES, NEVER_STOPS or CONSTANT.
        status: SOLVED, NOT_FOUND (no threshold within the range), INFINITE (drift of rho or more, or reversion so slow
            that a price for ever is worth a billion times what it would be if it stayed) or INVALID.
        plants, which, laws, tables, coefficients: inputs and solution as the kernels hold them.
    """

    p_stop: Floats
    p_restart: Floats
    p_exit: Floats
    regime: NDArray[np.int64]
    status: NDArray[np.int64]
    plants: Floats
    which: NDArray[np.int64]
    laws: Floats
    tables: Floats
    coefficients: Floats

    def rows(self, index: NDArray[np.int64]) -> Options:
        """Return options [B, J] of chosen rows, possibly repeated."""
        draws, plants = self.p_stop.shape
        if index.tolist() == list(range(draws)):
            return self
        cells = np.arange(draws * plants, dtype=np.int64).reshape(draws, plants)[index].ravel()
        return Options(
            p_stop=_read_only(self.p_stop[index]),
            p_restart=_read_only(self.p_restart[index]),
            p_exit=_read_only(self.p_exit[index]),
            regime=_read_only(self.regime[index]),
            status=_read_only(self.status[index]),
            plants=np.ascontiguousarray(self.plants[:, cells]),
            which=self.which[cells],
            laws=self.laws,
            tables=self.tables,
            coefficients=self.coefficients[cells],
        )

    def replaced(self, cells: NDArray[np.bool_], others: Options) -> Options:
        """Return options [B, J] with others, in the order of the cells, in place of some; no law has a table."""

        def put(name: str) -> NDArray[Any]:
            both = getattr(self, name).copy()
            both[cells] = getattr(others, name)
            return _read_only(both)

        plants, coefficients = self.plants.copy(), self.coefficients.copy()
        plants[:, cells.ravel()], coefficients[cells.ravel()] = others.plants, others.coefficients
        names = ("p_stop", "p_restart", "p_exit", "regime", "status")
        return replace(self, plants=plants, coefficients=coefficients, **{name: put(name) for name in names})


def solve_thresholds(
    running_cost: ArrayLike,
    *,
    holding_cost: ArrayLike = 0.0,
    stop_cost: ArrayLike = 0.0,
    restart_cost: ArrayLike = 0.0,
    exit_cost: ArrayLike = np.inf,
    sigma: ArrayLike,
    discount_rate: ArrayLike,
    drift: ArrayLike = 0.0,
    kappa: ArrayLike = 0.0,
    theta: ArrayLike = 0.0,
    threads: int | None = None,
) -> Options:
    r"""Find the stopping, restart and exit price of every plant.

    Inputs broadcast against each other; plants that share sigma, discount_rate, drift, kappa and theta by
    broadcasting share one table of fundamental solutions.

    Args:
        running_cost: c, cash cost less what is lost or paid when not running, money/t.
        holding_cost: h, money/t a year while idle.
        stop_cost, restart_cost, exit_cost: E, R, X, money per t/y of capacity; ``E + R >= 0``; R and X may be inf.
        sigma, drift, kappa: a year.
        discount_rate: rho a year, continuous, above drift where kappa is 0.
        theta: log of the price reverted to; used where kappa is above 0.
        threads: chunks solved side by side; changes no result.

    Returns:
        An :class:`Options`; look at its ``status`` where inputs may be extreme.

    Source:
        Dixit (1989), Journal of Political Economy 97, p. 620-638; Dixit and Pindyck (1994), chapter 7.

    Examples:
        >>> dixit = solve_thresholds(1.0, restart_cost=4.0, sigma=0.1, discount_rate=0.025)
        >>> round(float(dixit.p_restart), 6), round(float(dixit.p_stop), 6)
        (1.466679, 0.765732)
        >>> reverting = solve_thresholds(1.0, restart_cost=4.0, sigma=0.1, discount_rate=0.025, kappa=0.2)
        >>> bool(reverting.p_restart > dixit.p_restart)  # a high price that fades pays a restart back more slowly
        True
    """
    law_inputs = np.broadcast_arrays(
        *(np.asarray(item, dtype=np.float64) for item in (sigma, drift, kappa, theta, discount_rate))
    )
    plant_inputs = [
        np.asarray(item, dtype=np.float64) for item in (running_cost, holding_cost, stop_cost, restart_cost, exit_cost)
    ]
    shape = np.broadcast_shapes(law_inputs[0].shape, *(item.shape for item in plant_inputs))
    plants = np.ascontiguousarray(np.stack([np.broadcast_to(item, shape).ravel() for item in plant_inputs]))
    count = plants.shape[1]
    laws = np.zeros((law_inputs[0].size, kernels.LAW))
    for column, item in enumerate(law_inputs):
        laws[:, column] = item.ravel()
    moves = (laws[:, 1] != 0.0) | (laws[:, 2] > 0.0)
    # Reversion leaves the log price a deviation of sigma / sqrt(2 kappa).
    none = kernels.TINY * np.maximum(1.0, np.sqrt(2.0 * np.maximum(laws[:, 2], 0.0)))
    laws[:, kernels.CERTAIN] = moves & (laws[:, 0] <= none)
    index = np.arange(laws.shape[0], dtype=np.int64).reshape(law_inputs[0].shape)
    which = _own(np.broadcast_to(index, shape).ravel())
    tables = _tabulated(laws, plants, which, threads)
    coefficients = np.zeros((count, kernels.COEFFICIENTS))
    prices = np.empty((count, 3))
    known = bool(laws[:, kernels.CERTAIN].any())

    def solve(start: int, stop: int) -> None:
        kernels.thresholds(plants, which, laws, tables, coefficients, prices, start, stop)
        if known:
            certain.thresholds_certain(plants, which, laws, _NODES, coefficients, prices, start, stop)

    split(solve, count, threads, least=_CHUNK)
    stopping, restarting, leaving = (_read_only(np.ascontiguousarray(prices[:, k]).reshape(shape)) for k in range(3))
    return Options(
        p_stop=stopping,
        p_restart=restarting,
        p_exit=leaving,
        regime=_read_only(coefficients[:, 3].astype(np.int64).reshape(shape)),
        status=_read_only(coefficients[:, 4].astype(np.int64).reshape(shape)),
        plants=plants,
        which=which,
        laws=laws,
        tables=tables,
        coefficients=coefficients,
    )


def option_values(options: Options, price: ArrayLike, *, threads: int | None = None) -> tuple[Floats, Floats]:
    """Return the value of each plant running and idle, money per t/y of capacity.

    Args:
        options: solved plants of shape S.
        price: money/t; of shape S, or S + (m,) for m prices a plant, or whatever broadcasts to S.
        threads: chunks computed side by side; changes no result.

    Examples:
        >>> still = solve_thresholds(10.0, holding_cost=1.0, sigma=0.0, discount_rate=0.1)
        >>> [float(value) for value in option_values(still, 8.0)]
        [-10.0, -10.0]
    """
    shape = options.p_stop.shape
    asked = np.asarray(price, dtype=np.float64)
    full = asked.shape if asked.ndim == len(shape) + 1 else shape
    count = options.plants.shape[1]
    at = _own(np.broadcast_to(asked, full).reshape(count, -1))
    running, idle = np.empty_like(at), np.empty_like(at)
    known = bool(options.laws[:, kernels.CERTAIN].any())

    def value(start: int, stop: int) -> None:
        kernels.values(
            options.plants, options.which, options.laws, options.tables, options.coefficients, at, running, idle,
            start, stop,
        )  # fmt: skip
        if known:
            certain.values_certain(
                options.plants,
                options.which,
                options.laws,
                _NODES,
                options.coefficients,
                at,
                running,
                idle,
                start,
                stop,
            )

    split(value, count, threads, least=_CHUNK)
    return _read_only(running.reshape(full)), _read_only(idle.reshape(full))


def loss_of_idling(options: Options, price: ArrayLike, years: ArrayLike, *, threads: int | None = None) -> Floats:
    r"""Return what each plant loses by standing idle for a term instead of running as it would, money per t/y.

    ``loss = V_run(p) - [-E - A(T) h + exp(-rho T) E max(V_idle(p_T), V_run(p_T) - R)]`` with
    ``A(T) = (1 - exp(-rho T)) / rho``. The expectation is Gauss-Legendre over the normal law of log p_T, split at the
    thresholds: exact to about 1e-10 of the values.
    Counting l and g takes ``(l + g) / rho`` from each value and adds ``(l + g) A(T)`` to the cost of the term; since
    ``1 - exp(-rho T) = rho A(T)`` both leave the loss unchanged. For waiting's share, take from it the loss of the
    same plants solved with ``sigma = 0``.

    Args:
        options: solved plants of shape S.
        price: p, money/t, broadcasts to S.
        years: T, broadcasts to S.
        threads: chunks computed side by side; changes no result.

    Examples:
        >>> still = solve_thresholds(10.0, holding_cost=1.0, stop_cost=2.0, restart_cost=3.0, sigma=0.0,
        ...                          discount_rate=0.1)
        >>> annuity = (1 - np.exp(-0.1)) / 0.1
        >>> bool(np.isclose(loss_of_idling(still, 12.0, 1.0), annuity * (12 - 10 + 1) + 2 + 3 * np.exp(-0.1)))
        True
        >>> sure = solve_thresholds(10.0, exit_cost=50.0, sigma=0.0, drift=[0.05, -0.05], discount_rate=0.1)
        >>> rate = np.array([0.05, 0.15])  # what a price that rises or falls for certain brings in the year, less cost
        >>> bool(np.allclose(loss_of_idling(sure, 12.0, 1.0), 12 * -np.expm1(-rate) / rate - 10 * annuity))
        True
    """
    shape = options.p_stop.shape
    count = options.plants.shape[1]
    at = _own(np.broadcast_to(np.asarray(price, dtype=np.float64), shape).reshape(count, 1))
    term = _own(np.broadcast_to(np.asarray(years, dtype=np.float64), shape).ravel())
    running, idle = np.empty_like(at), np.empty_like(at)
    expected = np.empty(count)

    at_column = _own(at[:, 0])
    known = bool(options.laws[:, kernels.CERTAIN].any())

    def value_at_price(start: int, stop: int) -> None:
        held = (options.plants, options.which, options.laws, options.tables, options.coefficients)
        kernels.values(*held, at, running, idle, start, stop)
        kernels.expect_idle(*held, at_column, term, _NODES, expected, start, stop)
        if known:
            held = (options.plants, options.which, options.laws, _NODES, options.coefficients)
            certain.values_certain(*held, at, running, idle, start, stop)
            certain.expect_idle_certain(*held, at_column, term, expected, start, stop)

    split(value_at_price, count, threads, least=_CHUNK)
    rho = options.laws[options.which, 4]
    _, holding, stopping, _, _ = options.plants
    kept = np.exp(-rho * term)
    loss = (
        running[:, 0] + stopping - np.expm1(-rho * term) / np.where(rho > 0.0, rho, np.nan) * holding - kept * expected
    )
    return _read_only(loss.reshape(shape))


def _tabulated(laws: Floats, plants: Floats, which: NDArray[np.int64], threads: int | None) -> Floats:
    """Fill the roots of ``laws`` and return tables for those that revert, one empty table if none does."""
    sigma, drift, _, _, rho = laws[:, :5].T
    with np.errstate(invalid="ignore", divide="ignore"):
        trend = drift - 0.5 * sigma**2
        root = np.sqrt(trend**2 + 2.0 * rho * sigma**2)
        laws[:, 5] = np.where(trend > 0.0, 2.0 * rho / (trend + root), (root - trend) / sigma**2)
        laws[:, 6] = np.where(trend < 0.0, -2.0 * rho / (root - trend), -(root + trend) / sigma**2)
    moving = (laws[:, 2] > 0.0) & (sigma > 0.0) & (laws[:, kernels.CERTAIN] == 0.0)
    if not moving.any():
        return np.zeros((1, kernels.BASIS_ROWS, 9))
    low, high = _range_of_prices(laws, plants, which)
    tables = np.zeros((laws.shape[0], kernels.BASIS_ROWS, _CELLS + 1))

    def fill(start: int, stop: int) -> None:
        tabulate(laws, low, high, _FEW_NODES, tables, start, stop)

    split(fill, laws.shape[0], threads)
    return tables


def _range_of_prices(laws: Floats, plants: Floats, which: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Return the log prices between which each law is tabulated: about every cost, and as far as any plant looks."""
    cost, holding, restarting = plants[0], plants[1], plants[3]
    number, rho = laws.shape[0], laws[which, 4]
    switching: Floats = rho * np.where(np.isfinite(plants[2:4]), np.abs(plants[2:4]), 0.0).sum(axis=0)
    rest: Floats = laws[which, 3]
    with np.errstate(invalid="ignore", divide="ignore"):
        centre: Floats = np.log(np.maximum(cost, 1e-3 * (np.abs(cost) + holding + switching)))
        restart: Floats = np.log(np.maximum(cost - holding + rho * restarting, 0.0))
    centre = np.where(np.isfinite(centre), centre, rest)
    restart = np.where(np.isfinite(restart), restart, rest)
    low, high = np.full(number, np.inf), np.full(number, -np.inf)
    np.minimum.at(low, which, np.minimum(centre - np.maximum(_MARGIN, _exits(laws, plants, which)), rest - 2.0))
    restart = np.maximum(restart + 2.0, _restarts(laws, plants, which))
    np.maximum.at(high, which, np.maximum(np.maximum(centre + _MARGIN, restart), rest + 2.0))
    return low, high


def _exits(laws: Floats, plants: Floats, which: NDArray[np.int64]) -> Floats:
    """Return how far below its cost, in logs, a plant may close for good: twice as far as without reversion."""
    far = np.zeros(which.size)
    cost, holding, _, _, closing = plants
    sigma, drift, kappa, _, rho = laws[which, :5].T
    leaves = np.isfinite(closing) & (rho * np.where(np.isfinite(closing), closing, 0.0) < holding)
    some = np.flatnonzero((kappa > 0.0) & (rho > np.maximum(drift, 0.0)) & leaves & (cost > 0.0))
    if some.size:
        c, h, e, r, x = plants[:, some]
        free = solve_thresholds(
            c, holding_cost=h, stop_cost=e, restart_cost=r, exit_cost=x, sigma=sigma[some], drift=drift[some],
            discount_rate=rho[some], threads=1,
        )  # fmt: skip
        known = (free.status == SOLVED) & (free.p_exit > 0.0)
        far[some[known]] = 2.0 * np.log(c[known] / free.p_exit[known])
    return far


def _restarts(laws: Floats, plants: Floats, which: NDArray[np.int64]) -> Floats:
    """Return log prices above those at which plants restart where reversion is fast and a high price fades soon."""
    top = np.full(which.size, -np.inf)
    _, drift, kappa, theta, rho = laws[which, :5].T
    some = np.flatnonzero(kappa > _FAST)
    if some.size:
        c, h, e, r, x = plants[:, some]
        still = solve_thresholds(
            c, holding_cost=h, stop_cost=e, restart_cost=r, exit_cost=x, sigma=0.0, drift=drift[some],
            kappa=kappa[some], theta=theta[some], discount_rate=rho[some], threads=1,
        )  # fmt: skip
        known = (still.status == SOLVED) & (still.p_restart > 0.0) & np.isfinite(still.p_restart)
        top[some[known]] = np.log(still.p_restart[known]) + 2.0
    return top


def _own(array: NDArray[Scalar]) -> NDArray[Scalar]:
    """Return a contiguous copy: a read-only view would make numba compile each kernel a second time."""
    return np.array(array, order="C")


def _read_only(array: NDArray[Scalar]) -> NDArray[Scalar]:
    array.flags.writeable = False
    return array
