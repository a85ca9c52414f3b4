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

__all__ = ["Priced", "priced_at", "terms_of"]

import dataclasses
import functools
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from potline.compiled import CompiledIndustry
from potline.errors import PotlineError
from potline.numerics.switching.options import loss_of_idling
from potline.numerics.ties import TIE, tied
from potline.shutdown.law import PriceLaw, law_of_price
from potline.shutdown.seen import seen
from potline.shutdown.terms import FEW, Terms, inputs_of, key_of, options_less, options_of, rows_for, solved_at

Floats = NDArray[np.float64]


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

    What makes the observed state hold (:mod:`potline.shutdown.seen`) is found here, at the industry's own price, and
    stays as it is where terms are changed: what is not explained is not explained away by another obstacle removed.

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
    gross = rows_for(compiled.gross_cash_cost_per_t(), draws)
    terms = Terms(
        plants=tuple(plant.name for plant in compiled.industry.plants),
        gross_cost=gross,
        support=rows_for(compiled.support_total_per_t(), draws),
        lump_sum=rows_for(compiled.lump_sum_per_t(), draws),
        lump_sum_pro_rata=compiled.plant("lump_sum_pro_rata")[0] > 0.0,
        not_explained=np.zeros_like(gross),
        restart_added=np.zeros_like(gross),
        volatility=rows_for(law.sigma[:, 0], draws),
        drift=rows_for(law.drift[:, 0], draws),
        kappa=rows_for(law.kappa[:, 0], draws),
        log_mean_price=rows_for(law.theta[:, 0], draws),
        discount_rate=rows_for(compiled.number("discount_rate"), draws),
        term_years=rows_for(np.asarray(term_years, dtype=np.float64), draws),
        **{name: rows_for(compiled.plant(f"{name}_per_t"), draws) for name in fields},
    )
    found = seen(terms, compiled)
    return dataclasses.replace(terms, not_explained=found.not_explained, restart_added=found.restart_added)


def priced_at(terms: Terms, price: ArrayLike) -> Priced:
    """Solve the options of every plant and draw, and value them at a price without tax, money/t; a number or [B].

    A part of a plant and, where its lump sum is lost only with all of it, the whole plant are solved apart. What is not
    explained is taken off the cost of running lines; idle ones restart without it.

    Raises:
        InputError: a price for ever is worth an infinite sum, or one beyond all others.
        PotlineError: no stopping price was found for a plant, or no value at so low or high a price.
    """
    at = rows_for(np.asarray(price, dtype=np.float64), terms.volatility.size)
    asked = _Asked(key=key_of((*inputs_of(terms), at)), terms=terms, price=at)
    kept = _priced(asked) if terms.gross_cost.size <= FEW else _priced.__wrapped__(asked)
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
    lumpy, years = terms.lumpy, terms.term_years[:, None]
    part_cost, less = terms.part_cost, terms.not_explained
    part = options_less(terms, part_cost, less)
    stop, loss = np.array(part.p_stop), np.array(loss_of_idling(part, at, years))
    loss_whole = loss.copy()
    if lumpy.any():
        whole = options_of(terms, (terms.whole_cost - less)[:, lumpy], lumpy)
        stop[:, lumpy], loss_whole[:, lumpy] = whole.p_stop, loss_of_idling(whole, at, years)
    _needs_values(terms, at[:, 0], loss_whole)
    restart = _restart(terms, part_cost, part.p_restart, at)
    paper = (tied(values, at[:, 0]) for values in (stop, restart, loss, loss_whole))
    return Priced(**dict(zip(("stop_price", "restart_price", "loss_part", "loss_whole"), paper, strict=True)))


def _restart(terms: Terms, cost: Floats, restart: Floats, price: Floats) -> Floats:
    """Return the price at which capacity that stands idle comes back: at the price itself where it ties with it."""
    less = terms.not_explained > 0.0
    if less.any():
        restart = np.where(less, solved_at(terms, cost, less).restart, restart)
    if not terms.restart_added.any():
        return restart
    later = restart + terms.restart_added
    return np.where((terms.restart_added > 0.0) & (np.abs(later - price) <= TIE * np.abs(price)), price, later)


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
