"""What a plant pays and is paid, and the law of the price, as arrays: the terms on which its options are solved."""

from __future__ import annotations

__all__ = [
    "FEW",
    "Solved",
    "Terms",
    "inputs_of",
    "key_of",
    "options_less",
    "options_of",
    "rows_for",
    "solved_at",
    "solved_of_all",
    "thresholds_of",
]

import dataclasses
import functools
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from potline.errors import InputError, PotlineError, Problem
from potline.numerics.switching.options import INFINITE, SOLVED, Options, solve_thresholds

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Integers = NDArray[np.int64]
FEW = 4096
"""Plants and draws up to which answers are kept."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Terms:
    """What a plant pays and is paid: arrays [B, J] by plant, [B] for the price, money/t without tax.

    Attributes:
        plants: names [J].
        gross_cost, support, lump_sum, pressure, stop_cost, holding_cost, restart_cost, exit_cost: [B, J].
        lump_sum_pro_rata: [J].
        not_explained: what is taken off the cost of running lines so that they run at the price they were seen at.
        restart_added: what is added to the restart price of idle lines so that they stand idle at it; ``inf``: they do
            not come back within a term.
        volatility, drift, kappa, log_mean_price, discount_rate, term_years: the law of the price and the term, [B].
    """

    plants: tuple[str, ...]
    gross_cost: Floats
    support: Floats
    lump_sum: Floats
    lump_sum_pro_rata: Flags
    pressure: Floats
    stop_cost: Floats
    holding_cost: Floats
    restart_cost: Floats
    exit_cost: Floats
    not_explained: Floats
    restart_added: Floats
    volatility: Floats
    drift: Floats
    kappa: Floats
    log_mean_price: Floats
    discount_rate: Floats
    term_years: Floats

    @property
    def lumpy(self) -> Flags:
        """Which plants lose a lump sum only when all of them stops, [J]."""
        return np.asarray(((self.lump_sum != 0.0) & ~self.lump_sum_pro_rata).any(axis=0))

    @property
    def part_cost(self) -> Floats:
        """What running a part of a plant costs, as its switching counts it, before what is not explained."""
        base = self.gross_cost - self.support - self.pressure
        return np.where(self.lumpy, base, base - self.lump_sum)

    @property
    def whole_cost(self) -> Floats:
        """The same of all of a plant, whose lump sum is lost with it."""
        return self.gross_cost - self.support - self.pressure - self.lump_sum


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Solved:
    """Prices at which some plants switch, [B, J]; nan where none was asked for or found."""

    stop: Floats
    restart: Floats
    leave: Floats


def solved_at(terms: Terms, cost: Floats, asked: Flags) -> Solved:
    """Return the prices at which plants switch, for some plants of some draws.

    Args:
        terms: B draws.
        cost: running cost, [B, J].
        asked: which, [B, J].
    """
    blank = np.full(cost.shape, np.nan)
    stop, restart, leave = blank, blank.copy(), blank.copy()
    if asked.any():
        if (terms.kappa > 0.0).any():  # draws that share a law share a table of it
            rows, columns = np.flatnonzero(asked.any(axis=1)), np.flatnonzero(asked.any(axis=0))
            at, law = np.ix_(rows, columns), (rows[:, None],)
        else:
            at = law = np.nonzero(asked)
        found = _found(terms, cost, at, law)
        known = (found.status == SOLVED) & asked[at]
        for into, values in ((stop, found.p_stop), (restart, found.p_restart), (leave, found.p_exit)):
            into[at] = np.where(known, values, np.nan)
    return Solved(stop=stop, restart=restart, leave=leave)


def solved_of_all(terms: Terms, cost: Floats) -> Solved:
    """Return the same of all plants, which :func:`options_of` does not solve again if it is asked next."""
    found = _apart(terms, cost, np.ones(terms.lumpy.size, dtype=np.bool_))
    known = found.status == SOLVED
    stop, restart, leave = (np.where(known, item, np.nan) for item in (found.p_stop, found.p_restart, found.p_exit))
    return Solved(stop=stop, restart=restart, leave=leave)


def _found(
    terms: Terms, cost: Floats, at: tuple[NDArray[np.int64], ...], law: tuple[NDArray[np.int64], ...]
) -> Options:
    def by_draw(values: Floats) -> Floats:
        return values[law[0]]

    return solve_thresholds(
        cost[at],
        holding_cost=terms.holding_cost[at],
        stop_cost=terms.stop_cost[at],
        restart_cost=terms.restart_cost[at],
        exit_cost=terms.exit_cost[at],
        sigma=by_draw(terms.volatility),
        discount_rate=by_draw(terms.discount_rate),
        drift=by_draw(terms.drift),
        kappa=by_draw(terms.kappa),
        theta=by_draw(terms.log_mean_price),
    )


def options_of(terms: Terms, cost: Floats, chosen: Flags) -> Options:
    """Solve the options of chosen plants in every draw.

    Args:
        terms: B draws of J plants.
        cost: running cost of the chosen, [B, chosen].
        chosen: which plants, [J].

    Raises:
        InputError: a price for ever is worth an infinite sum.
        PotlineError: no stopping price was found for a plant.
    """
    return _said(_apart(terms, cost, chosen), terms, cost, chosen)


def thresholds_of(terms: Terms) -> Floats:
    """Return stopping, restart and exit price of every plant in every draw as costs are stated, [3, B, J].

    Raises:
        as :func:`options_of`.
    """
    found = options_of(terms, terms.whole_cost, np.ones(terms.lumpy.size, dtype=np.bool_))
    return np.stack([found.p_stop, found.p_restart, found.p_exit])


def options_less(terms: Terms, cost: Floats, less: Floats) -> Options:
    """Solve the options of all plants at a cost less something, most of them from those at the cost itself.

    Where those at the cost are what was solved last, only plants with less to pay are solved again.

    Raises:
        as :func:`options_of`.
    """
    every = np.ones(cost.shape[1], dtype=np.bool_)
    some = less > 0.0
    if not some.any() or cost.size <= FEW or (terms.kappa > 0.0).any():  # a law's table stands on all its plants
        return options_of(terms, cost - less, every)
    at = np.nonzero(some)
    found = _apart(terms, cost, every).replaced(some, _found(terms, cost - less, at, at))
    return _said(found, terms, cost - less, every)


def _said(options: Options, terms: Terms, cost: Floats, chosen: Flags) -> Options:
    """Return options of chosen plants if all are solved; say which is not."""
    if (options.status != SOLVED).any():
        row, column = np.argwhere(options.status != SOLVED)[0]
        name = str(np.array(terms.plants)[chosen][column])
        found = f"no stopping price at a cost of {cost[row, column]:g} a tonne (draw {row})"
        if not terms.discount_rate[row] > 0.0:
            needed = "a rate above 0: otherwise what comes later counts no less, and for ever is worth no number"
            raise InputError([Problem(where="discount_rate", found=f"{terms.discount_rate[row]:g}", needed=needed)])
        if options.status[row, column] != INFINITE:
            raise PotlineError(f"plant {name!r}: {found}. Look at `process` and at the plant's switching costs.")
        needed, hint = "a price that grows less than money is discounted", "Look at `process` and `discount_rate`."
        raise InputError([Problem(where=f"plant {name!r}", found=found, needed=needed, hint=hint)])
    return options


def _apart(terms: Terms, cost: Floats, chosen: Flags) -> Options:
    """Solve draws that differ once; what was asked last is kept, and more of what is small."""
    plants = (terms.holding_cost, terms.stop_cost, terms.restart_cost, terms.exit_cost)
    inputs = (cost, *(values[:, chosen] for values in plants), *(values[:, None] for values in _law(terms)))
    first, place = _distinct(inputs)
    apart = tuple(np.ascontiguousarray(values[first]) for values in inputs)
    thresholds = _Thresholds(key=key_of(apart), inputs=apart)
    few = first.size == 1 and cost.size <= FEW
    return (_solved(thresholds) if few else _solved_last(thresholds)).rows(place)


@dataclass(frozen=True, slots=True)
class _Thresholds:
    """What thresholds are asked: cost, the four costs of switching, and the law with its rate, [B, J] or [B, 1]."""

    key: bytes
    inputs: tuple[Floats, ...] = field(compare=False)


@functools.lru_cache(maxsize=64)
def _solved(asked: _Thresholds) -> Options:
    cost, holding, stop, restart, leave, sigma, drift, kappa, theta, rate = asked.inputs
    return solve_thresholds(
        cost,
        holding_cost=holding,
        stop_cost=stop,
        restart_cost=restart,
        exit_cost=leave,
        sigma=sigma,
        discount_rate=rate,
        drift=drift,
        kappa=kappa,
        theta=theta,
    )


_solved_last = functools.lru_cache(maxsize=1)(_solved.__wrapped__)


def _law(terms: Terms) -> tuple[Floats, ...]:
    return terms.volatility, terms.drift, terms.kappa, terms.log_mean_price, terms.discount_rate


def key_of(inputs: Sequence[NDArray[np.generic]]) -> bytes:
    """Return arrays as a key: equal where all numbers are, to the bit."""
    return b"".join((str([values.shape for values in inputs]).encode(), *(values.tobytes() for values in inputs)))


def _distinct(inputs: Sequence[Floats]) -> tuple[Integers, Integers]:
    """Return the first of draws alike in all inputs, [B, any], and for each draw its place among those."""
    found: dict[bytes, int] = {}
    rows = np.concatenate(inputs, axis=1)
    place = np.array([found.setdefault(row.tobytes(), len(found)) for row in rows], dtype=np.int64)
    return np.unique(place, return_index=True)[1], place


def inputs_of(terms: Terms) -> tuple[NDArray[np.generic], ...]:
    """Return all numbers of terms."""
    return tuple(getattr(terms, item.name) for item in dataclasses.fields(terms) if item.name != "plants")


def rows_for(values: Floats, draws: int) -> Floats:
    """Return values with one row a draw, one repeated for all."""
    return np.ascontiguousarray(np.broadcast_to(values, (draws, *values.shape[1:])), dtype=np.float64)
