r"""What a tonne costs its owner when it stands idle for a term, plant by plant and draw by draw.

``loss = V_run(p) - [-E - A(T) (h + g + l) + exp(-rho T) E max(V_idle(p_T), V_run(p_T) - R)]`` with
``A(T) = (1 - exp(-rho T)) / rho`` (``docs/model.md``, section 6). With l lost and g paid by a plant that does not run,
every value carries ``-(l + g) / rho``: once in full in V_run, once discounted at the end of the term, and the term
itself costs ``A(T) (l + g)``. These cancel, so the loss depends on ``c - l - g`` alone.
"""

from __future__ import annotations

__all__ = ["IdlingLosses", "idling_losses"]

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from potline.compiled import CompiledIndustry
from potline.errors import CertificateFailed
from potline.numerics.switching import SOLVED, Options, loss_of_idling, solve_thresholds
from potline.shutdown.law import law_of_price

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class IdlingLosses:
    """Thresholds and losses, arrays [B, J], money/t (thresholds) and money per t/y of capacity idled (losses).

    Attributes:
        p_stop, p_restart, p_exit: thresholds.
        loss: of standing idle for the term instead of running as the plant would.
        loss_without_volatility: the same if the price stayed where it is for ever.
    """

    p_stop: Floats
    p_restart: Floats
    p_exit: Floats
    loss: Floats
    loss_without_volatility: Floats

    @property
    def waiting(self) -> Floats:
        """The part of the loss that is the value of waiting; below 0 where volatility makes idling cheaper."""
        return self.loss - self.loss_without_volatility


def idling_losses(
    compiled: CompiledIndustry,
    *,
    years: ArrayLike,
    price_per_t: ArrayLike | None = None,
    support: bool = True,
    lump_sums: bool = True,
    pressure: bool = True,
    switching_costs: bool = True,
    volatility: bool = True,
) -> IdlingLosses:
    """Return stopping and restart prices and the loss of idling of every plant in every draw.

    Args:
        compiled: B draws of J plants.
        years: the term T; a number or [B].
        price_per_t: the price now, without tax; the industry's unless given; a number or [B].
        support, lump_sums, pressure, switching_costs, volatility: False leaves that obstacle out: support per tonne,
            lump sums, g, the costs of switching (E = h = R = 0, no exit), or the price's movement.

    Raises:
        InputError: the industry has no price process.
        CertificateFailed: a threshold was not found, or a value is infinite (drift at or above the discount rate).
    """
    law = law_of_price(compiled)
    shape = (compiled.draws, len(compiled.owner_index))
    cost = compiled.gross_cash_cost_per_t()
    cost = cost - compiled.support_total_per_t() if support else cost
    cost = cost - compiled.lump_sum_per_t() if lump_sums else cost
    cost = cost - compiled.plant("pressure_per_t") if pressure else cost
    zero = np.zeros(shape)
    holding, stopping, restarting = (
        compiled.plant(name) if switching_costs else zero
        for name in ("holding_cost_per_t", "stop_cost_per_t", "restart_cost_per_t")
    )
    closing = compiled.plant("exit_cost_per_t") if switching_costs else zero + np.inf
    price = np.asarray(compiled.number("price_per_t") if price_per_t is None else price_per_t, dtype=np.float64)
    term = np.asarray(years, dtype=np.float64)
    price, term = (item.reshape(item.shape + (1,) * item.ndim) for item in (price, term))

    def solved(sigma: Floats) -> Options:
        options = solve_thresholds(
            np.broadcast_to(cost, shape),
            holding_cost=holding,
            stop_cost=stopping,
            restart_cost=restarting,
            exit_cost=closing,
            sigma=sigma,
            drift=law.drift,
            kappa=law.kappa,
            theta=law.theta,
            discount_rate=law.discount_rate,
        )
        if np.any(options.status != SOLVED):
            raise CertificateFailed(
                f"{int(np.sum(options.status != SOLVED))} of {options.status.size} stopping prices were not found; "
                "the price process drifts at or above the discount rate, or an input is not a number"
            )
        return options

    moving, still = solved(law.sigma), solved(0.0 * law.sigma)
    loss, flat = (loss_of_idling(options, price, term) for options in (moving, still))
    chosen = moving if volatility else still
    return IdlingLosses(
        p_stop=chosen.p_stop,
        p_restart=chosen.p_restart,
        p_exit=chosen.p_exit,
        loss=loss if volatility else flat,
        loss_without_volatility=flat,
    )
