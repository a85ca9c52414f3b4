r"""What a tonne costs its owner when it stands idle for a term, plant by plant and draw by draw.

With net cash cost c, lump sum l and pressure g a tonne, everything an owner forgoes or escapes by idling is in one
cost, ``c_part = c - g`` for a part of a plant (its lump sum is still paid) and ``c_whole = c - g - l`` for all of it;
where the lump sum is pro rata both are the second. The loss over the term is

    loss = V_run(p) - [-E - A(T) h + exp(-rho T) E max(V_idle(p_T), V_run(p_T) - R)]

with the values of :mod:`potline.numerics.switching.options` (``docs/model.md``, section 6).

What draws share is computed once, and what was asked lately is kept: a case is asked about again and again with most of
its terms as they were.
"""

from __future__ import annotations

__all__ = ["Priced", "Terms", "priced_at", "terms_of"]

import dataclasses
import functools
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from potline.compiled import CompiledIndustry
from potline.errors import InputError, PotlineError, Problem
from potline.numerics.switching.options import INFINITE, SOLVED, Options, loss_of_idling, solve_thresholds
from potline.numerics.ties import tied
from potline.shutdown.law import PriceLaw, law_of_price

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_FEW = 4096  # plants and draws: of more, nothing is kept


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Terms:
    """What a plant pays and is paid: arrays [B, J] by plant, [B] for the price, money/t without tax.

    Attributes:
        plants: names [J].
        gross_cost, support, lump_sum, pressure, stop_cost, holding_cost, restart_cost, exit_cost: [B, J].
        lump_sum_pro_rata: [J].
        volatility, drift, kappa, log_mean_price, discount_rate, term_years: the law of the price and the term, [B].
    """

    plants: tuple[str, ...]
    gross_cost: Floats
    support: Floats
    lump_sum: Floats
    lump_sum_pro_rata: NDArray[np.bool_]
    pressure: Floats
    stop_cost: Floats
    holding_cost: Floats
    restart_cost: Floats
    exit_cost: Floats
    volatility: Floats
    drift: Floats
    kappa: Floats
    log_mean_price: Floats
    discount_rate: Floats
    term_years: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Priced:
    """What the options of every plant come to at one price a draw, money/t, [B, J].

    Attributes:
        stop_price, restart_price: as the waterfall has them; idle capacity restarts as a part of its plant.
        loss_part, loss_whole: loss over the term per t idled, of a part of a plant and of all of it.

    What is equal on paper is equal (:func:`potline.numerics.ties.tied`).
    """

    stop_price: Floats
    restart_price: Floats
    loss_part: Floats
    loss_whole: Floats

    def rows(self, index: NDArray[np.int64]) -> Priced:
        """Return chosen rows, possibly repeated."""
        return Priced(**{field.name: getattr(self, field.name)[index] for field in dataclasses.fields(self)})


def terms_of(compiled: CompiledIndustry, term_years: ArrayLike) -> Terms:
    """Read the terms of every plant from a compiled industry; no price process means a constant price.

    Args:
        compiled: B draws.
        term_years: T; a number or [B].
    """
    draws = compiled.draws
    zero = np.zeros((draws, 1))
    law = PriceLaw(sigma=zero, drift=zero, kappa=zero, theta=zero, discount_rate=zero)
    if compiled.industry.process is not None:
        law = law_of_price(compiled)
    fields = ("pressure", "stop_cost", "holding_cost", "restart_cost", "exit_cost")
    return Terms(
        plants=tuple(plant.name for plant in compiled.industry.plants),
        gross_cost=_rows(compiled.gross_cash_cost_per_t(), draws),
        support=_rows(compiled.support_total_per_t(), draws),
        lump_sum=_rows(compiled.lump_sum_per_t(), draws),
        lump_sum_pro_rata=compiled.plant("lump_sum_pro_rata")[0] > 0.0,
        volatility=_rows(law.sigma[:, 0], draws),
        drift=_rows(law.drift[:, 0], draws),
        kappa=_rows(law.kappa[:, 0], draws),
        log_mean_price=_rows(law.theta[:, 0], draws),
        discount_rate=_rows(compiled.number("discount_rate"), draws),
        term_years=_rows(np.asarray(term_years, dtype=np.float64), draws),
        **{name: _rows(compiled.plant(f"{name}_per_t"), draws) for name in fields},
    )


def priced_at(terms: Terms, price: ArrayLike) -> Priced:
    """Solve the options of every plant and draw, and value them at a price without tax, money/t; a number or [B].

    A part of a plant and, where its lump sum is lost only with all of it, the whole plant are solved apart.

    Raises:
        InputError: a price for ever is worth an infinite sum, or one beyond all others.
        PotlineError: no stopping price was found for a plant, or no value at so low or high a price.
    """
    at = _rows(np.asarray(price, dtype=np.float64), terms.volatility.size)
    asked = _Asked(key=_key((*_inputs(terms), at)), terms=terms, price=at)
    kept = _priced(asked) if terms.gross_cost.size <= _FEW else _priced.__wrapped__(asked)
    return kept.rows(np.arange(at.size))


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked, as a key of what is kept: equal where all numbers are, to the bit."""

    key: bytes
    terms: Terms = field(compare=False)
    price: Floats = field(compare=False)


@functools.lru_cache(maxsize=64)
def _priced(asked: _Asked) -> Priced:
    terms, at = asked.terms, asked.price[:, None]
    base = terms.gross_cost - terms.support - terms.pressure
    lumpy: NDArray[np.bool_] = ((terms.lump_sum != 0.0) & ~terms.lump_sum_pro_rata).any(axis=0)
    years = terms.term_years[:, None]
    part = _options(terms, np.where(lumpy, base, base - terms.lump_sum), np.ones(lumpy.size, dtype=np.bool_))
    stop, loss = np.array(part.p_stop), np.array(loss_of_idling(part, at, years))
    loss_whole = loss.copy()
    if lumpy.any():
        whole = _options(terms, (base - terms.lump_sum)[:, lumpy], lumpy)
        stop[:, lumpy], loss_whole[:, lumpy] = whole.p_stop, loss_of_idling(whole, at, years)
    _needs_values(terms, at[:, 0], loss_whole)
    paper = (tied(values, at[:, 0]) for values in (stop, part.p_restart, loss, loss_whole))
    return Priced(**dict(zip(("stop_price", "restart_price", "loss_part", "loss_whole"), paper, strict=True)))


def _needs_values(terms: Terms, price: Floats, loss: Floats) -> None:
    """Raise where a price is so far from costs and from the price reverted to, or moves so much, that no value is."""
    if np.isnan(loss).any():
        row, column = np.argwhere(np.isnan(loss))[0]
        raise PotlineError(
            f"plant {terms.plants[column]!r} (draw {row}): found a price of {price[row]:g} a tonne while the price "
            f"reverts to {np.exp(terms.log_mean_price[row]):g}; needed one within 7 times that, or within 50 times a "
            "plant's cost. Look at `price_per_t`, `process.mean_price_per_t` and their units."
            if terms.kappa[row] > 0.0
            else f"plant {terms.plants[column]!r} (draw {row}): found a volatility of {terms.volatility[row]:g} a year "
            f"over a term of {terms.term_years[row]:g} years; needed less of either: its expected value overflows."
        )


def _options(terms: Terms, cost: Floats, chosen: NDArray[np.bool_]) -> Options:
    plants = (terms.holding_cost, terms.stop_cost, terms.restart_cost, terms.exit_cost)
    inputs = (cost, *(values[:, chosen] for values in plants), *(values[:, None] for values in _law(terms)))
    first, place = _distinct(inputs)
    apart = tuple(np.ascontiguousarray(values[first]) for values in inputs)
    thresholds = _Thresholds(key=_key(apart), inputs=apart)
    few = first.size == 1 and cost.size <= _FEW
    options = (_solved(thresholds) if few else _solved.__wrapped__(thresholds)).rows(place)
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


def _law(terms: Terms) -> tuple[Floats, ...]:
    return terms.volatility, terms.drift, terms.kappa, terms.log_mean_price, terms.discount_rate


def _inputs(terms: Terms) -> tuple[NDArray[np.generic], ...]:
    return tuple(getattr(terms, item.name) for item in dataclasses.fields(terms) if item.name != "plants")


def _key(inputs: Sequence[NDArray[np.generic]]) -> bytes:
    return b"".join((str([values.shape for values in inputs]).encode(), *(values.tobytes() for values in inputs)))


def _distinct(inputs: Sequence[Floats]) -> tuple[Integers, Integers]:
    """Return the first of draws alike in all inputs, [B, any], and for each draw its place among those."""
    found: dict[bytes, int] = {}
    rows = np.concatenate(inputs, axis=1)
    place = np.array([found.setdefault(row.tobytes(), len(found)) for row in rows], dtype=np.int64)
    return np.unique(place, return_index=True)[1], place


def _rows(values: Floats, draws: int) -> Floats:
    return np.ascontiguousarray(np.broadcast_to(values, (draws, *values.shape[1:])), dtype=np.float64)
