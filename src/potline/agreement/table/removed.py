"""The meeting with obstacles removed: each set of removals a game, the market held or cleared again.

Obstacles 1 to 7, in the order of :data:`potline.agreement.verdict.obstacles.OBSTACLES`; 0, free riding, changes which
test is passed and not the game.
"""

from __future__ import annotations

__all__ = ["Removals", "cleared_games", "held_games", "shapley"]

import dataclasses
import math

import numpy as np
from numpy.typing import NDArray

from potline.agreement.table.market_again import clear_again
from potline.agreement.table.stakes import Stakes, draws_of, stakes
from potline.compiled import CompiledIndustry
from potline.shutdown import Terms, priced_at, terms_of

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

_TERMS = 5  # obstacles 1 to 5 change the options; 6 and 7 only the market


def shapley(values: Floats) -> Floats:
    """Return the Shapley value of each of n players from the values of all 2 ** n sets, shape (rows, 2 ** n).

    Examples:
        >>> shapley(np.array([[0.0, 1.0, 2.0, 5.0]])).tolist()
        [[2.0, 3.0]]
    """
    players = values.shape[1].bit_length() - 1
    sets = np.arange(values.shape[1], dtype=np.int64)
    size = np.array([int(mask).bit_count() for mask in sets])
    result = np.empty((values.shape[0], players))
    for k in range(players):
        without = sets[(sets >> k) & 1 == 0]
        weight = np.array([1.0 / (players * math.comb(players - 1, int(s))) for s in size[without]])
        result[:, k] = (values[:, without | (1 << k)] - values[:, without]) @ weight
    return result


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Removals:
    """The games in which obstacles 1 to 7 are removed, each once: what is nowhere in the way makes no game of its own.

    Attributes:
        removed: which obstacles are, [G, 7].
        place: which of the G each of the 128 sets of removals is.
        options: which of the games with the same options, obstacles 1 to 5, comes first, [G].
    """

    removed: Flags
    place: Integers
    options: Integers

    @staticmethod
    def of(compiled: CompiledIndustry, term_years: Floats) -> Removals:
        """Return the games of an industry's draws."""
        terms = terms_of(compiled, term_years)
        costs = (terms.stop_cost, terms.holding_cost, terms.restart_cost)
        there = (
            any(values.any() for values in costs) or bool(np.isfinite(terms.exit_cost).any()),
            any(values.any() for values in (terms.volatility, terms.drift, terms.kappa)),
            terms.support.any(),
            terms.lump_sum.any(),
            terms.pressure.any(),
            (np.isfinite(compiled.ceiling_per_t()) & (compiled.import_slope_kt_per_price() > 0.0)).any(),
            compiled.industry.input_market is not None,
        )
        bits = sum(1 << k for k, one in enumerate(there) if one)
        games, place = np.unique(np.arange(128, dtype=np.int64) & bits, return_inverse=True)
        removed = ((games[:, None] >> np.arange(7)) & 1).astype(np.bool_)
        _, first, same = np.unique(games % 2**_TERMS, return_index=True, return_inverse=True)
        return Removals(removed, place, first[same])


def _without(terms: Terms, removed: Flags) -> Terms:
    """Return terms with obstacles removed row by row; rows of ``terms`` and of ``removed`` correspond."""
    switching, waiting, support, lump, pressure = (removed[:, k] for k in range(_TERMS))

    def kept(values: Floats, gone: Flags) -> Floats:
        return np.where(gone[:, None], 0.0, values)

    return dataclasses.replace(
        terms,
        support=kept(terms.support, support),
        lump_sum=kept(terms.lump_sum, lump),
        pressure=kept(terms.pressure, pressure),
        stop_cost=kept(terms.stop_cost, switching),
        holding_cost=kept(terms.holding_cost, switching),
        restart_cost=kept(terms.restart_cost, switching),
        exit_cost=np.where(switching[:, None], np.inf, terms.exit_cost),
        **{name: np.where(waiting, 0.0, getattr(terms, name)) for name in ("volatility", "drift", "kappa")},
    )


def _repeated(terms: Terms, index: NDArray[np.int64]) -> Terms:
    fields = {field.name: getattr(terms, field.name) for field in dataclasses.fields(terms)}
    shared = ("plants", "lump_sum_pro_rata")
    return Terms(**{name: value if name in shared else value[index] for name, value in fields.items()})


def held_games(compiled: CompiledIndustry, term_years: Floats, games: Removals) -> Stakes:
    """Return the games of every draw, draw by draw, at the observed price and state."""
    terms = terms_of(compiled, term_years)
    draws, count = terms.volatility.size, games.removed.shape[0]
    apart, place = np.unique(games.options, return_inverse=True)
    few = _repeated(terms, np.repeat(np.arange(draws), apart.size))
    price = np.array(np.broadcast_to(compiled.number("price_per_t"), (draws,)))
    priced = priced_at(_without(few, np.tile(games.removed[apart, :_TERMS], (draws, 1))), np.repeat(price, apart.size))
    row = np.repeat(np.arange(draws), count)
    every = draws_of(compiled, row)
    return stakes(
        every,
        _repeated(terms, row),
        priced.rows(row * apart.size + np.tile(place, draws)),
        ceiling_per_t=np.where(np.tile(games.removed[:, 5], draws), np.inf, every.ceiling_per_t()),
        relieved=np.where(np.tile(games.removed[:, 6], draws), 0.0, 1.0),
    )


def cleared_games(compiled: CompiledIndustry, term_years: Floats, games: Removals) -> Stakes:
    """Return the games at central values, each at the price and state of its own market without a deal."""
    removed = games.removed
    row = np.zeros(removed.shape[0], dtype=np.int64)
    terms = _without(_repeated(terms_of(compiled, term_years), row), removed)
    ceiling = np.where(removed[:, 5], np.inf, compiled.ceiling_per_t())
    first = priced_at(terms, np.broadcast_to(compiled.number("price_per_t"), row.shape))
    state = clear_again(compiled, first.stop_price, first.restart_price, ceiling)
    return stakes(
        compiled,
        terms,
        priced_at(terms, state.price_per_t),
        price_per_t=state.price_per_t,
        running_kt=state.running_kt,
        idle_kt=state.idle_kt,
        ceiling_per_t=ceiling,
        relieved=np.where(removed[:, 6], 0.0, 1.0),
    )
